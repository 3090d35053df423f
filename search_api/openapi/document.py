"""The OpenAPI 3.1 document: every route, its parameters, answers and problems.

Nothing of it is written by hand. Addresses come from Flask's map, parameters and bodies from the pydantic
models that check them, answers from the typed dictionaries that the views return; JSON Schema 2020-12,
which pydantic emits, is the dialect of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1).
"""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from importlib import metadata
from typing import Any

from flask import Flask
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from search_api.access import scope_of
from search_api.answers import AnswerDocument, HitDocument, ProblemDocument
from search_api.exports.formats import FORMATS
from search_api.openapi.operation import Operation, operation_of
from search_api.openapi.parts import allow_parts

Document = dict[str, Any]

_SCHEMAS = "#/components/schemas/{model}"
_PROBLEMS: dict[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "A parameter is out of its rule; `errors` names it.",
    HTTPStatus.UNAUTHORIZED: "A key is demanded here, and none that is known was sent.",
    HTTPStatus.FORBIDDEN: "The key lacks the scope `admin`.",
    HTTPStatus.NOT_FOUND: "Nothing of that id.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than is read.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of a type that is not read here.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "No reader makes a source of the file; `detail` has its reason.",
    HTTPStatus.TOO_MANY_REQUESTS: "More requests than the limit; `Retry-After` says when to ask again.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too much is asked, or the index cannot be used; try again later.",
}
_TAGS = {
    "search": "Questions, answered with quotable passages.",
    "records": "Passages and sources by their ids.",
    "writing": "For drafts and reference lists.",
    "library": "Changes of the library, for keys with the scope `admin`.",
    "operations": "For whoever runs the service.",
}


def openapi_document(app: Flask) -> Document:
    """The document of an application's described routes."""
    operations = list(_operations(app))
    schemas = _Schemas([operation for *_, operation in operations])
    paths: dict[str, Document] = {}
    for path, method, view, operation in operations:
        paths.setdefault(path, {})[method] = _operation(path, method, view, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Footnote",
            "version": metadata.version("footnote"),
            "description": "Answers a question with the passages that answer it and the studies behind them, "
            "each with a citation that can be checked.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": meaning} for name, meaning in _TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        # Keys are demanded on any address but loopback, so that none is an alternative.
        "security": [{}, {"key": []}],
    }


def _operations(app: Flask) -> Iterator[tuple[str, str, Callable[..., Any], Operation]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        operation = operation_of(view)
        if operation is not None:
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield path, method.lower(), view, operation


class _Schemas:
    """The JSON Schemas of every model that the operations name, made together so that each has one name."""

    def __init__(self, operations: list[Operation]) -> None:
        wanted: dict[tuple[Any, JsonSchemaMode], TypeAdapter[Any]] = {}
        for operation in operations:
            for model in filter(None, (operation.parameters, operation.body)):
                wanted[model, "validation"] = TypeAdapter(model)
            if operation.answer is not None:
                wanted[operation.answer, "serialization"] = TypeAdapter(operation.answer)
        wanted[ProblemDocument, "serialization"] = TypeAdapter(ProblemDocument)
        inputs = [(model, mode, adapter) for (model, mode), adapter in wanted.items()]
        self._found, definitions = TypeAdapter.json_schemas(inputs, ref_template=_SCHEMAS)
        components: Document = definitions.get("$defs", {})
        allow_parts(components, AnswerDocument.__name__, "results", HitDocument.__name__)
        self.components = dict(sorted(components.items()))

    def of(self, model: Any, mode: JsonSchemaMode = "serialization") -> Document:
        """The schema of a model, a reference where it is a component."""
        return dict(self._found[model, mode])

    def properties(self, model: Any) -> tuple[Document, list[str]]:
        """The properties of a request model and the names of those that are required."""
        schema = self.of(model, "validation")
        whole = self.components[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
        return whole["properties"], whole.get("required", [])


def _operation(
    path: str, method: str, view: Callable[..., Any], operation: Operation, schemas: _Schemas
) -> Document:
    lines = (view.__doc__ or "").strip().splitlines()
    document: Document = {
        "operationId": view.__name__,
        "summary": lines[0] if lines else view.__name__,
        "tags": [operation.tag],
        "parameters": [*_of_path(path, operation), *_of_query(operation, schemas), *_of_job(operation)],
        "responses": _responses(path, view, operation, schemas),
    }
    if operation.body is not None:
        document["requestBody"] = _body(operation, schemas)
    if operation.upload is not None:
        document["requestBody"] = _upload(operation.upload)
    return document


def _of_path(path: str, operation: Operation) -> list[Document]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": operation.path.get(name, ""),
            "schema": {"type": "string", "minLength": 1},
        }
        for name in re.findall(r"{(\w+)}", path)
    ]


def _of_query(operation: Operation, schemas: _Schemas) -> list[Document]:
    if operation.parameters is None:
        return []
    properties, required = schemas.properties(operation.parameters)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": schema.get("description", ""),
            "schema": _without_null(schema),
        }
        for name, schema in properties.items()
    ]


def _of_job(operation: Operation) -> list[Document]:
    """The header by which a caller that asks twice gets one job."""
    meaning = "A name that the caller gives the request: sent again with it, the request is done once."
    schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    header = {"name": "Idempotency-Key", "in": "header", "required": False, "description": meaning}
    return [{**header, "schema": schema}] if operation.job else []


def _upload(field: str) -> Document:
    file = {"type": "string", "format": "source-file", "contentMediaType": "application/octet-stream"}
    form = {"type": "object", "properties": {field: file}, "required": [field], "additionalProperties": False}
    contents = {"application/octet-stream": file, "multipart/form-data": form}
    return {"required": True, "content": {name: {"schema": schema} for name, schema in contents.items()}}


def _without_null(schema: Document) -> Document:
    """The schema of a parameter in an address, which is given or not, but never null."""
    kept = {name: value for name, value in schema.items() if name not in ("title", "description")}
    if "anyOf" in kept:
        choices = [choice for choice in kept.pop("anyOf") if choice.get("type") != "null"]
        kept |= choices[0] if len(choices) == 1 else {"anyOf": choices}
    if kept.get("default", ...) is None:
        del kept["default"]
    return kept


def _body(operation: Operation, schemas: _Schemas) -> Document:
    content = {"application/json": {"schema": schemas.of(operation.body, "validation")}}
    if operation.form is not None:
        content["multipart/form-data"] = {"schema": _form(operation, operation.form, schemas)}
    return {"required": True, "content": content}


def _form(operation: Operation, file_field: str, schemas: _Schemas) -> Document:
    """The fields of a form: those of the JSON body, the file's name coming with the file."""
    properties, required = schemas.properties(operation.body)
    fields = {name: _without_null(schema) for name, schema in properties.items() if name != "name"}
    file = {name: properties[file_field][name] for name in ("format", "description")}
    return {
        "type": "object",
        "properties": fields | {file_field: {"type": "string", "contentMediaType": "text/plain", **file}},
        "required": required,
        "additionalProperties": False,
    }


def _responses(path: str, view: Callable[..., Any], operation: Operation, schemas: _Schemas) -> Document:
    content = (
        {"application/json": {"schema": schemas.of(operation.answer)}} if operation.answer is not None else {}
    )
    if operation.exports:
        content |= {form.media_type: {"schema": _file(form.media_type)} for form in FORMATS.values()}
    answer: Document = {"description": "The answer.", "content": content}
    responses: Document = {"202" if operation.job else "200": answer}
    if operation.job:
        header = {"description": "The job.", "required": True, "schema": {"type": "string"}}
        answer |= {"description": "It will be done.", "headers": {"Location": header}}
    if operation.cached:
        answer["headers"] = {
            name: {"description": meaning, "required": True, "schema": {"type": "string"}}
            for name, meaning in (
                ("ETag", "The version of this answer."),
                ("Cache-Control", "How to keep it."),
            )
        }
        responses["304"] = {"description": "What `If-None-Match` names is still the answer."}
    if "{" in path:
        responses["308"] = {"description": "The address of that id without doubled slashes."}
    for status in sorted(_refusals(path, view, operation)):
        problem = {"application/problem+json": {"schema": schemas.of(ProblemDocument)}}
        responses[str(int(status))] = {"description": _PROBLEMS[status], "content": problem}
    return responses


def _file(media_type: str) -> Document:
    if media_type.endswith("json"):
        return {"type": "array", "items": {"type": "object"}}
    return {"type": "string"}


def _refusals(path: str, view: Callable[..., Any], operation: Operation) -> set[HTTPStatus]:
    found = set(operation.refuses)
    if operation.parameters is not None or operation.body is not None:
        found.add(HTTPStatus.BAD_REQUEST)
    if "{" in path:
        found.add(HTTPStatus.NOT_FOUND)
    if operation.body is not None:
        found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    if operation.upload is not None:
        found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
    if scope_of(view) == "admin":
        found.add(HTTPStatus.FORBIDDEN)
    if path.startswith("/v1/"):
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
    if operation.needs_index or scope_of(view) == "admin":
        found.add(HTTPStatus.SERVICE_UNAVAILABLE)
    return found
