"""ETags: an answer is named by what decides it, so that asking again for the same costs no search.

The same request on the same index and retrieval version has the same answer, so its name is a digest of
the three, and is known before anything is searched. It is weak, for ``took_ms`` differs. ``Cache-Control:
no-cache`` lets an answer be kept but not used unasked: a study may be retracted in the next generation.
"""

import hashlib
from importlib import metadata

from flask import Flask, Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from search_api.api import searcher
from search_api.openapi.operation import Operation, operation_of


def register(app: Flask) -> None:
    """Name the answers of every route that is described as cached, and answer 304 to who has them."""
    app.before_request(_unchanged)
    app.after_request(_named)


def _unchanged() -> Response | None:
    """304 where the caller has the answer already, None where it has to be made."""
    operation = _cached_operation()
    if operation is None or not request.if_none_match:
        return None
    tag = _tag(operation)
    if not request.if_none_match.contains_weak(tag) or request.if_none_match.star_tag:
        return None
    return Response(status=304)


def _named(response: AnyResponse) -> AnyResponse:
    operation = _cached_operation()
    if operation is not None and response.status_code in (200, 304):
        response.set_etag(_tag(operation), weak=True)
        response.headers["Cache-Control"] = "no-cache"
        response.vary.add("Accept")
    elif request.path.startswith("/v1/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _cached_operation() -> Operation | None:
    if request.endpoint is None or request.method not in ("GET", "HEAD"):
        return None
    operation = operation_of(current_app.view_functions[request.endpoint])
    return operation if operation is not None and operation.cached else None


def _tag(operation: Operation) -> str:
    parts = [metadata.version("footnote"), current_app.config["FOOTNOTE"].style]
    if operation.needs_index:
        using = searcher()
        parts += [using.manifest.index_version, using.retrieval_version]
    parts += [request.full_path, request.headers.get("Accept", "")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
