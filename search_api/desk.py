"""The writer's desk over HTTP: reference lists checked."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from corpus.decoding import Undecodable, decoded
from corpus.errors import ParameterError
from corpus.reference_lists import read_reference_list
from search_api.api import object_of_body, searcher, style_or_default
from search_api.check_report import check_document
from search_api.checking import check_references
from search_api.desk_requests import CheckRequest
from search_api.queries import validated

blueprint = Blueprint("desk", __name__, url_prefix="/v1")


@blueprint.before_request
def _allow_whole_drafts() -> None:
    """A draft may be larger than a question."""
    request.max_content_length = current_app.config["FOOTNOTE"].max_draft_bytes


@blueprint.post("/check")
def check() -> Response:
    """Check the reference list of a JSON object, or of a form's file, against the library."""
    parameters = _form("references") if request.files else object_of_body('send {"references": "..."}')
    asked = validated(CheckRequest, parameters)
    style = style_or_default(asked.style)
    text = asked.references if isinstance(asked.references, str) else json.dumps(asked.references)
    references = read_reference_list(text, asked.name)
    using = searcher()
    checked = check_references(references.entries, using.library)
    return jsonify(check_document(checked, references, using, style))


def _form(file_field: str) -> dict[str, Any]:
    """The fields of a form whose file is text; raises `ParameterError` where it is none."""
    parameters: dict[str, Any] = dict(request.form)
    for name, file in request.files.items():
        if name != file_field:
            raise ParameterError(name, file.filename or "", "no file field of that name", f"use {file_field}")
        text = decoded(file.read())
        if isinstance(text, Undecodable):
            raise ParameterError(name, file.filename or "", f"is {text.reason}", "give a text file")
        parameters |= {name: text.text, "name": file.filename or ""}
    return parameters
