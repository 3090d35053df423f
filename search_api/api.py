"""The HTTP API, version 1: search, passages, sources, the index."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import BadRequest

from corpus.errors import ParameterError
from search_api.citations import style_name
from search_api.documents import (
    answer_document,
    index_document,
    passage_document,
    source_document,
    source_summary,
)
from search_api.export_list import found_sources
from search_api.live import LiveSearcher
from search_api.negotiation import Negotiated, exported, negotiated
from search_api.queries import SearchRequest, validated
from search_api.search import Searcher

blueprint = Blueprint("api", __name__, url_prefix="/v1")


def searcher() -> Searcher:
    """The searcher to use for this request."""
    live: LiveSearcher = current_app.extensions["footnote.live"]
    return live.get()


def style_or_default(name: str | None) -> str:
    """The CSL style for this request; raises `UnknownStyleError`."""
    return style_name(name or current_app.config["FOOTNOTE"].style)


@blueprint.get("/search")
def search_by_address() -> Response:
    """Answer the question in the address."""
    return _search(parameters_of_address())


@blueprint.post("/search")
def search_by_body() -> Response:
    """Answer the question in a JSON object with the names of the GET parameters."""
    return _search(object_of_body('send {"query": "..."}'))


def object_of_body(remedy: str) -> dict[str, Any]:
    """The JSON object of the body; raises `ParameterError` where there is none, or parameters elsewhere."""
    body = _body(remedy)
    if not isinstance(body, dict):
        raise ParameterError("body", type(body).__name__, "must be a JSON object", remedy)
    if request.args:
        name = next(iter(request.args))
        raise ParameterError(
            name, request.args[name], "POST takes its parameters in the body", "move it there"
        )
    return body


def _search(parameters: dict[str, Any]) -> Response:
    query = validated(SearchRequest, parameters)
    wanted = negotiated(query.format, query.style)
    style = style_or_default(wanted.style if wanted else query.style)
    using = searcher()
    answer = using.search(query)
    if wanted:
        response = exported(found_sources(answer), wanted.form, style)
    else:
        response = jsonify(answer_document(answer, using, style))
    response.vary.add("Accept")
    return response


def parameters_of_address() -> dict[str, Any]:
    """What the address asks for; raises `ParameterError` where a single value is given twice."""
    return {name: _one_or_list(name) for name in request.args}


def _body(remedy: str) -> Any:
    """The JSON of the body; raises `ParameterError` where it is none, or holds half a character."""
    try:
        body = request.get_json()
        json.dumps(body, ensure_ascii=False).encode()
    except (BadRequest, RecursionError, UnicodeEncodeError) as error:
        begin = request.get_data(as_text=True)[:60]
        raise ParameterError("body", begin, "is not valid JSON text", remedy) from error
    return body


def _one_or_list(name: str) -> str | list[str]:
    values = request.args.getlist(name)
    if name == "study_type":
        return values
    if len(values) > 1:
        raise ParameterError(name, ", ".join(values), "is given more than once", "give it once")
    return values[0]


@blueprint.get("/passages/<passage_id>")
def passage(passage_id: str) -> Response:
    """One passage with its source."""
    style = _only_style()
    using = searcher()
    found = using.library.passage(passage_id)
    source = using.library.source(found.source_id)
    cites = using.cites_of(source, found.start, found.end)
    return jsonify(
        {
            "index_version": using.manifest.index_version,
            "passage": passage_document(found, source),
            "source": source_summary(source, using, style),
            "cites": [source_summary(cited.source, using, style) for cited in cites],
        }
    )


@blueprint.get("/sources/<path:identifier>")
def source(identifier: str) -> Response:
    """One source by any identifier: DOI, PMID, PMCID, citation key or id; as JSON or as a file."""
    wanted, style = export_asked_for()
    using = searcher()
    found = using.library.source(identifier)
    if wanted:
        response = exported([found], wanted.form, style)
    else:
        version = using.manifest.index_version
        response = jsonify({"index_version": version, "source": source_document(found, using, style)})
    response.vary.add("Accept")
    return response


def export_asked_for() -> tuple[Negotiated | None, str]:
    """The export that the address or ``Accept`` asks for, None for JSON; and the CSL style."""
    _refuse_unknown(("style", "format"))
    given = request.args.get("style")
    wanted = negotiated(request.args.get("format"), given)
    return wanted, style_or_default(wanted.style if wanted else given)


@blueprint.get("/index")
def index() -> Response:
    """Generation, fingerprint, counts and versions of what is searched."""
    _refuse_unknown(())
    return jsonify(index_document(searcher()))


def _only_style() -> str:
    _refuse_unknown(("style",))
    return style_or_default(request.args.get("style"))


def _refuse_unknown(known: tuple[str, ...]) -> None:
    for name in request.args:
        if name not in known:
            remedy = f"use {', '.join(known)}" if known else "leave it out"
            raise ParameterError(name, request.args[name], "no parameter of that name", remedy)
