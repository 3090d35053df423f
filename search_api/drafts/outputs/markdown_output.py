"""A cited draft as Markdown: with printed citations and the list, or with Pandoc's keys."""

import re

from search_api.drafts.outputs.documents import BibliographyForm, OutputDocument
from search_api.drafts.outputs.insertion import (
    is_raised,
    list_title,
    named_by_key,
    places,
    printed,
    with_insertions,
    works_of,
)
from search_api.drafts.records import CitedDraft
from search_api.exports.formats import FORMATS, export
from search_api.exports.keys import citation_keys
from search_api.reference_list import ReferenceList

_MEDIA_TYPE = "text/markdown; charset=utf-8"
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")


def markdown(cited: CitedDraft, style: str) -> OutputDocument:
    """The draft with citations in a style and the reference list below."""
    where = places(cited)
    listed = printed(where, style)
    insertions = []
    for number, (place, citation) in enumerate(zip(where, listed.citations, strict=True), start=1):
        if listed.kind == "note":
            insertions.append((place.behind, f"[^footnote-{number}]"))
        elif is_raised(citation):
            insertions.append((place.behind, citation.html))
        else:
            insertions.append((place.before, f" {escaped(citation.text)}"))
    text = with_insertions(cited.draft.text, insertions)
    return OutputDocument(text + _list(cited, listed), _MEDIA_TYPE, "md")


def pandoc(cited: CitedDraft, bibliography: BibliographyForm) -> OutputDocument:
    """The draft with citation keys for Pandoc or Quarto, and the bibliography file beside it."""
    where = places(cited)
    works = works_of(where, named_by_key(cited))
    keys = citation_keys(works)
    insertions = []
    for place in where:
        named = "; ".join(f"@{key_form(keys[source.source_id])}" for source in place.sources)
        insertions.append((place.before, f" [{named}]"))
    text = with_insertions(cited.draft.text, insertions)
    form = FORMATS[bibliography]
    beside = {form.suffix: export(works, form, "")}
    return OutputDocument(text, _MEDIA_TYPE, "md", beside)


def key_form(key: str) -> str:
    """A key as Pandoc reads it: in braces where it holds more than letters, digits and single signs."""
    return key if re.fullmatch(r"\w+(?:[:.#$%&+?<>~/-]\w+)*", key) else "{" + key + "}"


def _list(cited: CitedDraft, listed: ReferenceList) -> str:
    """The list, or the notes of a note style, below the text."""
    if not listed.citations:
        return ""
    text = cited.draft.text
    gap = "" if text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    lines = []
    if listed.kind == "note":
        lines += [f"[^footnote-{n}]: {escaped(c.text)}" for n, c in enumerate(listed.citations, start=1)]
    if listed.entries:
        lines += [f"## {list_title(cited)}", *(escaped(entry.line) for entry in listed.entries)]
    return gap + "\n\n".join(lines) + "\n"


def escaped(text: str) -> str:
    r"""Printed words as Markdown that shows them: ``*`` and its like are escaped.

    A line that begins with a number and a full stop would start a list, which would number it anew.
    """
    return re.sub(r"^(\d+)\.(?=\s)", r"\1\\.", _SPECIAL.sub(r"\\\1", text))
