"""The HTTP API, version 1: search, passages, sources, the index."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import BadRequest

from corpus.errors import ParameterError
from search_api import answers
from search_api.answering import answered, document_of
from search_api.citations import style_name
from search_api.citing_sources import cited_by_document, citing_sources
from search_api.documents import (
    index_document,
    passage_document,
    source_document,
    source_summary,
)
from search_api.export_list import found_sources
from search_api.live import LiveSearcher
from search_api.negotiation import Negotiated, exported, negotiated
from search_api.neighbours import SimilarRequest, similar_document
from search_api.openapi.operation import Operation, described
from search_api.queries import (
    FileRequest,
    NoParameters,
    SearchRequest,
    StyleRequest,
    validated,
)
from search_api.search import Searcher
from search_api.similar import similar_to

blueprint = Blueprint("api", __name__, url_prefix="/v1")

#: What stands in an address for a source.
IDENTIFIER = {"identifier": "DOI, PMID, PMCID, citation key or id."}


def searcher() -> Searcher:
    """The searcher to use for this request, the same from its begin to its end."""
    if "searcher" not in g:
        live: LiveSearcher = current_app.extensions["footnote.live"]
        g.searcher = live.get()
    held: Searcher = g.searcher
    return held


def style_or_default(name: str | None) -> str:
    """The CSL style for this request; raises `UnknownStyleError`."""
    return style_name(name or current_app.config["FOOTNOTE"].style)


@blueprint.get("/search")
@described(Operation(answers.AnswerDocument, "search", parameters=SearchRequest, exports=True, cached=True))
def search_by_address() -> Response:
    """Answer the question in the address."""
    return _search(validated(SearchRequest, parameters_of_address()))


@blueprint.post("/search")
@described(Operation(answers.AnswerDocument, "search", body=SearchRequest, exports=True))
def search_by_body() -> Response:
    """Answer the question in a JSON object with the names of the GET parameters."""
    return _search(validated(SearchRequest, object_of_body('send {"query": "..."}'), strict=True))


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


def _search(query: SearchRequest) -> Response:
    wanted = negotiated(query.format, query.style)
    style = style_or_default(wanted.style if wanted else query.style)
    using = searcher()
    answer = answered(query, using)
    if wanted:
        response = exported(found_sources(answer), wanted.form, style)
    else:
        response = jsonify(document_of(answer, query, using, style))
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
    if name in ("study_type", "fields"):
        return values
    if len(values) > 1:
        raise ParameterError(name, ", ".join(values), "is given more than once", "give it once")
    return values[0]


@blueprint.get("/passages/<passage_id>")
@described(
    Operation(
        answers.PassageAnswer,
        "records",
        parameters=StyleRequest,
        cached=True,
        path={"passage_id": "The id of a passage, as a search gave it."},
    )
)
def passage(passage_id: str) -> Response:
    """One passage with its source."""
    style = style_or_default(validated(StyleRequest, parameters_of_address()).style)
    using = searcher()
    found = using.library.passage(passage_id)
    source = using.library.source(found.source_id)
    cites = using.cites_of(source, found.start, found.end)
    document: answers.PassageAnswer = {
        "index_version": using.manifest.index_version,
        "passage": passage_document(found, source),
        "source": source_summary(source, using, style),
        "cites": [source_summary(cited.source, using, style) for cited in cites],
    }
    return jsonify(document)


@blueprint.get("/sources/<path:identifier>")
@described(
    Operation(
        answers.SourceAnswer, "records", parameters=FileRequest, exports=True, cached=True, path=IDENTIFIER
    )
)
def source(identifier: str) -> Response:
    """One source by any identifier: DOI, PMID, PMCID, citation key or id; as JSON or as a file."""
    wanted, style = export_asked_for()
    using = searcher()
    found = using.library.source(identifier)
    if wanted:
        response = exported([found], wanted.form, style)
    else:
        document: answers.SourceAnswer = {
            "index_version": using.manifest.index_version,
            "source": source_document(found, using, style),
        }
        response = jsonify(document)
    response.vary.add("Accept")
    return response


@blueprint.get("/sources/<path:identifier>/cited-by")
@described(
    Operation(
        answers.CitedByAnswer, "records", parameters=FileRequest, exports=True, cached=True, path=IDENTIFIER
    )
)
def cited_by(identifier: str) -> Response:
    """The sources of the library that cite a source, each with the places; or these sources as a file."""
    wanted, style = export_asked_for()
    using = searcher()
    cited = using.library.source(identifier)
    if wanted:
        response = exported(citing_sources(cited, using), wanted.form, style)
    else:
        response = jsonify(cited_by_document(cited, using, style))
    response.vary.add("Accept")
    return response


@blueprint.get("/sources/<path:identifier>/similar")
@described(
    Operation(
        answers.SimilarAnswer,
        "records",
        parameters=SimilarRequest,
        exports=True,
        cached=True,
        path=IDENTIFIER,
    )
)
def similar(identifier: str) -> Response:
    """The sources most like a source, best first; or these sources as a file."""
    asked = validated(SimilarRequest, parameters_of_address())
    wanted = negotiated(asked.format, asked.style)
    style = style_or_default(wanted.style if wanted else asked.style)
    using = searcher()
    source = using.library.source(identifier)
    found = similar_to(using, source, asked.limit, asked.kind)
    if wanted:
        response = exported([one.source for one in found], wanted.form, style)
    else:
        response = jsonify(similar_document(source, found, using, style))
    response.vary.add("Accept")
    return response


def export_asked_for() -> tuple[Negotiated | None, str]:
    """The export that the address or ``Accept`` asks for, None for JSON; and the CSL style."""
    asked = validated(FileRequest, parameters_of_address())
    wanted = negotiated(asked.format, asked.style)
    return wanted, style_or_default(wanted.style if wanted else asked.style)


@blueprint.get("/index")
@described(Operation(answers.IndexDocument, "operations", parameters=NoParameters, cached=True))
def index() -> Response:
    """Generation, fingerprint, counts and versions of what is searched."""
    validated(NoParameters, parameters_of_address())
    return jsonify(index_document(searcher()))
