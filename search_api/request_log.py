"""Around every request: an id that comes in or is made, a line in the log, a count in the metrics."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, g, request

from search_api.logs import request_id
from search_api.metrics import Metrics

_LOG = logging.getLogger("footnote.request")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_QUIET = {"/healthz", "/readyz", "/metrics"}

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]


class RequestLog:
    """WSGI: gives every request an id, and tells log and metrics how it ended."""

    def __init__(self, app: Wsgi, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request; the id goes back as ``X-Request-Id``."""
        began = time.perf_counter()
        current = identified(environ.get("HTTP_X_REQUEST_ID"))
        token = request_id.set(current)
        seen: dict[str, Any] = {"status": 500, "bytes": None}

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            seen["status"] = int(status[:3])
            seen["bytes"] = next((v for k, v in headers if k.casefold() == "content-length"), None)
            return start_response(status, [*headers, ("X-Request-Id", current)], *rest)

        try:
            return self._app(environ, started)
        finally:
            self._tell(environ, seen, time.perf_counter() - began)
            request_id.reset(token)

    def _tell(self, environ: Environ, seen: dict[str, Any], seconds: float) -> None:
        route = environ.get("footnote.route", "none")
        method = environ.get("REQUEST_METHOD", "")
        self._metrics.request(route, method, seen["status"], seconds)
        if environ.get("PATH_INFO") in _QUIET:
            return
        fields = {
            "method": method[:16],
            "path": repr(environ.get("PATH_INFO", "")[:200])[1:-1],
            "status": seen["status"],
            "ms": round(seconds * 1000, 1),
            "bytes": seen["bytes"],
            "address": environ.get("footnote.address", environ.get("REMOTE_ADDR")),
            "key": environ.get("footnote.key"),
        }
        _LOG.info("answered", extra={name: value for name, value in fields.items() if value is not None})


def identified(given: str | None) -> str:
    """The id of a request: as given where that is plain and short, else a new one."""
    return given if given and _ID.fullmatch(given) else uuid.uuid4().hex


def register(app: Flask) -> None:
    """Let Flask tell what only it knows: the route, the address behind proxies, the key's id."""
    app.before_request(_tell_route)
    app.after_request(_tell_key)


def _tell_route() -> None:
    request.environ["footnote.route"] = request.url_rule.rule if request.url_rule else "none"
    request.environ["footnote.address"] = request.remote_addr


def _tell_key(response: Any) -> Any:
    if g.get("key_id"):
        request.environ["footnote.key"] = g.key_id
    return response
