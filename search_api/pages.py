"""The web pages, rendered on the server; they need no script."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from corpus.errors import ParameterError
from corpus.records import SearchHit, Source
from search_api.api import parameters_of_address, searcher, style_or_default
from search_api.printing import mark_of
from search_api.queries import query_from

blueprint = Blueprint("pages", __name__)

_STANDING = {
    "retracted": "Retracted",
    "concern": "Expression of concern",
    "corrected": "Corrected",
    "republished": "Republished",
}


@blueprint.get("/")
def search_page() -> Response:
    """One field; below it the passages that answer, each with its source and what stands behind it."""
    given = {name: value for name, value in request.args.items() if value != ""}
    using = searcher()
    context: dict[str, Any] = {"given": given, "counts": using.manifest.counts, "answer": None, "fault": None}
    status = 200
    if given:
        try:
            query = query_from({k: v for k, v in parameters_of_address().items() if v != ""})
            context["style"] = style_or_default(query.style)
            context["answer"] = using.search(query)
        except ParameterError as error:
            context["fault"] = error
            status = 400
    return make_response(
        render_template(
            "search.html",
            citations=using.citations,
            evidence=evidence_of,
            marked=marked,
            mark_of=mark_of,
            **context,
        ),
        status,
    )


def evidence_of(source: Source) -> str:
    """What kind of evidence a source is, in a few words: design and sample size, or "article"."""
    if source.study is None:
        return "article"
    design = source.study.design if source.study.design != "unknown" else "study, design not recorded"
    return f"{design}, {source.study.sample_size}" if source.study.sample_size else design


def standing_of(source: Source) -> str | None:
    """The word for a standing that must be seen, None where none is known."""
    return _STANDING.get(source.integrity.status)


def marked(hit: SearchHit) -> list[tuple[str, bool]]:
    """The passage in pieces, each with whether it is the sentence that answers."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for span in hit.highlights:
        pieces += [
            (hit.passage.text[at : span.start], False),
            (hit.passage.text[span.start : span.end], True),
        ]
        at = span.end
    pieces.append((hit.passage.text[at:], False))
    return [(text, is_answer) for text, is_answer in pieces if text]
