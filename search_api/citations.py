"""Sources -> formatted citations, one by one, through citeproc-py and the CSL styles that ship with it.

Two things no style may lose: an author list that the record cuts ends in "et al.", and a retracted
work says RETRACTED. Both are put into the item before formatting, the first as a sentinel author
whose rendering is then replaced, the second in front of the title (and checked afterwards, for
styles that print no title). And one thing no style may add: that a work is a preprint or ahead of
print because our record has no volume; the record's gap is ours. Whole lists, with citations in the text:
`search_api.reference_list`.
"""

import re
from typing import Any

from corpus.records import Source
from search_api.styling.cited_works import Cite, WorkVariables, work_variables
from search_api.styling.finishing import SENTINEL, finished_entry
from search_api.styling.manuals import item_by_manual
from search_api.styling.marked_text import Marked, plain
from search_api.styling.styles import ALIASES, LOCK, LoadedStyle, loaded_style, style_name, unusable

__all__ = ["ALIASES", "DEFAULT_STYLE", "RETRACTED", "CitationFormatter", "format_citation", "style_name"]

DEFAULT_STYLE = "apa"
RETRACTED = "RETRACTED"

#: What citeproc-py raises where it cannot process a style.
STYLE_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_LABEL = re.compile(r"^\s*\[?retracted(?: article)?\]?\s*[:.]?\s*", re.IGNORECASE)


class CitationFormatter:
    """Formats sources one by one and remembers what it formatted; for the life of one generation."""

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str], str] = {}

    def format(self, source: Source, style: str = DEFAULT_STYLE) -> str:
        """The bibliography entry of a source in plain text; ``style`` is a name or alias."""
        resolved = style_name(style)
        key = (source.source_id, resolved)
        if key not in self._cache:
            self._cache[key] = format_citation(source, resolved)
        return self._cache[key]


def format_citation(source: Source, style: str) -> str:
    """The bibliography entry of a source; ``style`` is the name of a CSL style.

    Raises `UnknownStyleError` where citeproc-py cannot process the style.
    """
    return plain(marked_citation(source, style))


def marked_citation(source: Source, style: str) -> Marked:
    """The bibliography entry with its italics as marks."""
    with LOCK:
        try:
            loaded = loaded_style(style)
            if not loaded.has_bibliography:
                raise unusable(style, "that style has notes only, no reference list")
            return printed_entry(loaded, source, cite_of(loaded, cited_work(loaded, source)))
        except STYLE_FAULTS as error:
            raise unusable(style, "citeproc-py cannot process that style") from error


def cited_work(style: LoadedStyle, source: Source) -> WorkVariables:
    """The variables of a source as the style prints them."""
    item = item_by_manual(citable_item(source), style.name, style.is_english)
    if style.kind == "label":
        item["citation-label"] = label_of(source)
    return work_variables(item)


def label_of(source: Source) -> str:
    """The label of a work in styles that cite by one: ``Gele04``, ``SaHo02``, ``GVGS04`` (by citeproc-js)."""
    people = [str(a.get("family") or a.get("literal") or "") for a in source.csl.get("author") or []]
    letters = {0: source.title.split()[0][:4] if source.title else "", 1: "".join(p[:4] for p in people)}
    letters[2] = "".join(person[:2] for person in people)
    name = letters.get(len(people)) or "".join(person[:1] for person in people[:4])
    return f"{name}{str(source.year or '')[-2:]}"


def cite_of(style: LoadedStyle, work: WorkVariables, **place: Any) -> Cite:
    """A work at a place; the language decides on capitals in titles."""
    language = work.get("language") or style.root.get("default-locale") or "en"
    return Cite(work, language=str(language)[:2], **place)


def printed_entry(style: LoadedStyle, source: Source, cite: Cite) -> Marked:
    """A source as an entry of the list; raises `UnknownStyleError` where the style prints nothing for it."""
    printed = style.entry(cite)
    text = finished_entry(printed, style, cite.numbered) if printed else Marked()
    if not text:
        raise unusable(style.name, f"that style prints nothing for {source.source_id}")
    if source.integrity.status == "retracted" and RETRACTED not in text:
        return Marked(f"{RETRACTED}. {text}")
    return text


def citable_item(source: Source) -> dict[str, Any]:
    """The CSL item as it is cited: RETRACTED in front of the title, a cut author list marked."""
    item = {k: v for k, v in source.csl.items() if not (isinstance(v, str) and not v)}
    item["id"] = "item"
    if source.integrity.status == "retracted":
        item["title"] = f"{RETRACTED}: {_LABEL.sub('', source.title)}"
    if not source.authors_complete and (authors := item.get("author")):
        item["author"] = [*authors, {"family": SENTINEL}]
    return item
