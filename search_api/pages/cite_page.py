"""Citing a draft: its sentences coloured by what was found, suggestions to accept or reject, and the result.

Nothing is kept on the server: the page carries the draft along, and what was accepted is a list of
``start-end:source`` values, the span of a sentence or clause and the source to cite behind it.
"""

import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath

from flask import make_response, render_template, request
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from corpus.errors import NotFoundError, ParameterError
from corpus.records import Source
from search_api.api import searcher
from search_api.citations import ALIASES
from search_api.drafts.citing import cite_draft
from search_api.drafts.claims import sentences
from search_api.drafts.outputs.documents import OutputDocument, OutputFormat, output_document
from search_api.drafts.reading import read_draft, read_text
from search_api.drafts.records import CitedDraft, CitedSentence, Draft, Insertion, Outcome
from search_api.pages.blueprint import blueprint
from search_api.pages.chosen_style import chosen_style, remembering
from search_api.pages.desk_words import Gravity
from search_api.pages.draft_layout import draft_rows, numbered
from search_api.pages.draft_words import OUTCOMES
from search_api.pages.submitted import Submitted, allow_whole_drafts, as_field, refuse_unknown, submitted
from search_api.search import Searcher

#: The forms of the draft with citations, as they are offered.
FORMS: dict[OutputFormat, str] = {
    "markdown": "Text, Markdown",
    "docx": "Word",
    "html": "Web page",
    "pandoc": "Markdown for Pandoc",
    "latex": "LaTeX",
}
_ASKED = ("draft", "name", "file", "style")
_MADE = ("draft", "name", "original", "accept", "format", "style")
#: The name of the bibliography beside the draft, as LaTeX refers to it.
_BIBLIOGRAPHY = "references"
_PLACE = re.compile(r"(?P<start>\d{1,9})-(?P<end>\d{1,9}):(?P<source>.+)")
_AGAIN = "look the draft up again"


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """An outcome with how many claims came to it."""

    gravity: Gravity
    words: str
    count: int


@blueprint.get("/cite")
def cite_page() -> Response:
    """The form; an address does not hold a draft."""
    return _page(Submitted(""))


@blueprint.post("/cite")
def cited_page() -> Response:
    """The draft with what was found for each of its claims."""
    allow_whole_drafts()
    refuse_unknown(_ASKED)
    given = Submitted("")
    try:
        given = submitted("draft", binary=True)
        draft = draft_of(given)
    except ParameterError as error:
        return _page(given, fault=error)
    return _page(given, cite_draft(draft, searcher()))


@blueprint.post("/cite/output")
def draft_file() -> Response:
    """The draft with the accepted citations as a file, with its bibliography where the form wants one."""
    allow_whole_drafts()
    refuse_unknown(_MADE)
    form = request.form.get("format", "markdown")
    chosen = next((name for name in FORMS if name == form), None)
    if chosen is None:
        raise ParameterError("format", form, "no form of that name", f"use one of {', '.join(FORMS)}")
    given = submitted("draft", binary=True)
    cited = accepted(draft_of(given), request.form.getlist("accept"), searcher())
    style = chosen_style(request.form.get("style"))
    made = output_document(cited, chosen, style, given.data, name=_BIBLIOGRAPHY)
    return remembering(_file(made, PurePath(given.name).stem or "draft"), request.form.get("style"))


def draft_of(given: Submitted) -> Draft:
    """The draft of a form; raises `ParameterError` where it is empty, too long or cannot be read."""
    return read_text(given.text, given.name) if given.data is None else read_draft(given.data, given.name)


def accepted(draft: Draft, values: list[str], using: Searcher) -> CitedDraft:
    """The draft with the sources that were accepted; raises `ParameterError` for one that cannot be cited."""
    wanted: dict[tuple[int, int], dict[str, Source]] = {}
    for value in values:
        place = _PLACE.fullmatch(value)
        rule = "names no place and source of this library"
        if place is None:
            raise ParameterError("accept", value[:100], rule, _AGAIN)
        try:
            source = using.library.source(place["source"])
        except NotFoundError as error:
            raise ParameterError("accept", value[:100], rule, _AGAIN) from error
        wanted.setdefault((int(place["start"]), int(place["end"])), {})[source.source_id] = source
    cited = []
    for sentence in sentences(draft):
        parts = ((part.start, part.end) for part in sentence.parts)
        spans = dict.fromkeys([(sentence.start, sentence.end), *parts])
        insertions = [Insertion(*span, tuple(wanted.pop(span).values())) for span in spans if span in wanted]
        cited.append(CitedSentence(sentence, insert=tuple(sorted(insertions, key=lambda i: i.end))))
    if wanted:
        raise ParameterError("accept", str(min(wanted)), "is a place where no sentence stands", _AGAIN)
    return CitedDraft(draft, tuple(cited))


def counts_of(cited: CitedDraft) -> list[OutcomeCount]:
    """The outcomes that claims came to, in the order of the table."""
    counts: Counter[Outcome] = Counter(s.finding.outcome for s in cited.sentences if s.finding)
    return [OutcomeCount(*words, counts[name]) for name, words in OUTCOMES.items() if counts[name]]


def _page(given: Submitted, cited: CitedDraft | None = None, fault: ParameterError | None = None) -> Response:
    style = chosen_style(request.form.get("style"))
    told = numbered(cited) if cited else ()
    page = render_template(
        "cite.html",
        given=given,
        original=as_field(given.data) if given.data is not None else None,
        cited=cited,
        told=told,
        rows=draft_rows(cited.draft, told) if cited else [],
        counts=counts_of(cited) if cited else [],
        fault=fault,
        citations=searcher().citations,
        forms=FORMS,
        style=style,
        styles=ALIASES,
    )
    return remembering(make_response(page, 400 if fault else 200), request.form.get("style"))


def _file(made: OutputDocument, stem: str) -> Response:
    """The document to be saved; with files beside it, all of them in one archive."""
    content = made.content.encode() if isinstance(made.content, str) else made.content
    name, media_type = f"{stem}.{made.suffix}", made.media_type
    if made.beside:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
            for suffix, text in made.beside.items():
                archive.writestr(f"{_BIBLIOGRAPHY}.{suffix}", text)
        content, name, media_type = packed.getvalue(), f"{stem}.zip", "application/zip"
    headers = Headers()
    headers.add("Content-Disposition", "attachment", filename=name)
    return Response(content, content_type=media_type, headers=headers)
