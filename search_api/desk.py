"""The writer's desk over HTTP: drafts cited, reference lists checked."""

import json
import time
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from corpus.decoding import Undecodable, decoded
from corpus.errors import ParameterError
from corpus.reference_lists import read_reference_list
from search_api.api import object_of_body, searcher, style_or_default
from search_api.check_answers import CheckAnswer
from search_api.check_report import check_document
from search_api.checking import check_references
from search_api.cite_answers import CiteAnswer
from search_api.desk_requests import CheckRequest, CiteOptions, CiteRequest
from search_api.drafts.citing import cite_draft
from search_api.drafts.outputs.documents import output_document
from search_api.drafts.reading import read_draft, read_text
from search_api.drafts.records import Draft
from search_api.drafts.report import cited_document, output_part
from search_api.openapi.operation import Operation, described
from search_api.queries import validated

blueprint = Blueprint("desk", __name__, url_prefix="/v1")


@blueprint.before_request
def _allow_whole_drafts() -> None:
    """A draft may be larger than a question."""
    request.max_content_length = current_app.config["FOOTNOTE"].max_draft_bytes
    request.max_form_memory_size = request.max_content_length


@blueprint.post("/check")
@described(Operation(CheckAnswer, "writing", body=CheckRequest, form="references"))
def check() -> Response:
    """Check the reference list of a JSON object, or of a form's file, against the library."""
    parameters = _form("references") if request.files else _fields('send {"references": "..."}')
    asked = validated(CheckRequest, parameters, strict=request.is_json)
    style = style_or_default(asked.style)
    text = asked.references if isinstance(asked.references, str) else json.dumps(asked.references)
    references = read_reference_list(text, asked.name)
    using = searcher()
    checked = check_references(references.entries, using.library)
    return jsonify(check_document(checked, references, using, style))


@blueprint.post("/cite")
@described(Operation(CiteAnswer, "writing", body=CiteRequest, form="draft"))
def cite() -> Response:
    """Find sources for the claims of a draft: text in a JSON object, or a form's file."""
    draft, original, options = _draft_of_form() if request.files else _draft_of_body()
    style = style_or_default(options.style)
    using = searcher()
    began = time.perf_counter()
    cited = cite_draft(draft, using, options.suggestions, options.unjudged)
    document = cited_document(cited, using, style, round((time.perf_counter() - began) * 1000, 2))
    if options.wants_output:
        made = output_document(cited, options.output_format(), style, original, options.bibliography)
        document["output"] = output_part(made)
    return jsonify(document)


def _draft_of_body() -> tuple[Draft, None, CiteOptions]:
    asked = validated(CiteRequest, _fields('send {"draft": "..."}'), strict=request.is_json)
    return read_text(asked.draft, asked.name), None, asked


def _draft_of_form() -> tuple[Draft, bytes, CiteOptions]:
    """The draft of a form's file, which may be a .docx."""
    _only_file("draft")
    if len(request.files) != 1 or "draft" in request.form:
        raise ParameterError("draft", str(len(request.files)), "one draft at a time", "send one file")
    options = validated(CiteOptions, dict(request.form))
    file = request.files["draft"]
    data = file.read()
    return read_draft(data, file.filename or ""), data, options


def _fields(remedy: str) -> dict[str, Any]:
    """What a form gives without a file, else the JSON object of the body."""
    return dict(request.form) if request.form else object_of_body(remedy)


def _form(file_field: str) -> dict[str, Any]:
    """The fields of a form whose file is text; raises `ParameterError` where it is none."""
    _only_file(file_field)
    file = request.files[file_field]
    text = decoded(file.read())
    if isinstance(text, Undecodable):
        raise ParameterError(file_field, file.filename or "", f"is {text.reason}", "give a text file")
    return {**request.form, file_field: text.text, "name": file.filename or ""}


def _only_file(file_field: str) -> None:
    for name, file in request.files.items():
        if name != file_field:
            raise ParameterError(name, file.filename or "", "no file field of that name", f"use {file_field}")
