"""The description of the API for programs (``/openapi.json``) and for people (``/docs``)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from search_api.openapi.document import Document, openapi_document
from search_api.openapi.operation import Operation, described

blueprint = Blueprint("openapi", __name__)

_EXTENSION = "footnote.openapi"


@blueprint.get("/openapi.json")
@described(Operation(dict[str, Any], "operations", needs_index=False, cached=True))
def description() -> Response:
    """The description of the API: OpenAPI 3.1."""
    return jsonify(_document())


@blueprint.get("/docs")
def documentation() -> AnyResponse:
    """The description as a page, rendered here: it loads nothing from elsewhere and needs no script."""
    document = _document()
    return make_response(
        render_template(
            "docs.html",
            api=document,
            schemas=document["components"]["schemas"],
            type_of=type_of,
            example_of=example_of,
        )
    )


def type_of(schema: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """A schema in a few words, in pieces: each its text and, for a component, the component's name."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[1]
        return [(name, name)]
    if "anyOf" in schema:
        pieces: list[tuple[str, str | None]] = []
        for choice in schema["anyOf"]:
            pieces += [*([(" or ", None)] if pieces else []), *type_of(choice)]
        return pieces
    if "enum" in schema:
        return [(", ".join(map(str, schema["enum"])), None)]
    if "const" in schema:
        return [(str(schema["const"]), None)]
    if schema.get("type") == "array":
        return [("list of ", None), *type_of(schema.get("items", {}))]
    if "additionalProperties" in schema and schema["additionalProperties"] is not False:
        inner = schema["additionalProperties"]
        return [("object of ", None), *type_of(inner if isinstance(inner, dict) else {})]
    return [(_bounded(schema), None)]


def _bounded(schema: Mapping[str, Any]) -> str:
    name = str(schema.get("type", "anything"))
    if "minimum" in schema and "maximum" in schema:
        return f"{name}, {schema['minimum']} to {schema['maximum']}"
    if "maxLength" in schema:
        return f"{name}, at most {schema['maxLength']} characters"
    return name


_BODIES = {
    "/v1/search": '{"query": "night cramps", "limit": 1}',
    "/v1/search/batch": '{"queries": [{"query": "night cramps"}, {"query": "warfarin"}]}',
    "/v1/export": '{"ids": ["kakkos2018"], "format": "ris"}',
    "/v1/check": '{"references": "..."}',
}


def example_of(path: str, method: str) -> str:
    """A ``curl`` call of a route."""
    address = f"http://127.0.0.1:8000{path}"
    if method == "put":
        return f"curl -T new.ris '{address}?name=new.ris'"
    if method == "delete":
        return f"curl -X DELETE '{address}'"
    if method == "get":
        shown = address + ("?query=night+cramps" if path == "/v1/search" else "")
        return f"curl '{shown}'"
    body = _BODIES.get(path, "{}")
    return f"curl {address} -H 'Content-Type: application/json' -d '{body}'"


def _document() -> Document:
    extensions = current_app.extensions
    if _EXTENSION not in extensions:
        extensions[_EXTENSION] = openapi_document(current_app)
    document: Document = extensions[_EXTENSION]
    return document
