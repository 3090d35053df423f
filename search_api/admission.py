"""How many requests are worked on at once, and how many may wait; the next are told to come back.

More work at once than the cores can do makes every answer slower and none more. A request that would have
to wait behind many others is refused in a fraction of a millisecond, so that what was accepted is answered in
time. Health routes and metrics pass, since an operator wants to see an overloaded server.
"""

import json
import threading
import time
from collections.abc import Iterable

from search_api.metrics import Metrics
from search_api.request_log import Environ, StartResponse, Wsgi

_PASS = {"/healthz", "/readyz", "/metrics"}
_LONGEST_WAIT = 5.0
_RETRY_AFTER = "1"


class Admission:
    """WSGI: lets ``working`` requests in at once and ``waiting`` wait for their turn."""

    def __init__(self, app: Wsgi, working: int, waiting: int, metrics: Metrics) -> None:
        self._app = app
        self._working = working
        self._waiting = waiting
        self._metrics = metrics
        self._turn = threading.Condition()
        self._inside = 0
        self._queued = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request, or 503 with ``Retry-After``."""
        if environ.get("PATH_INFO") in _PASS:
            return self._app(environ, start_response)
        if not self._enter():
            self._metrics.overloaded()
            return _refusal(environ, start_response)
        try:
            return self._app(environ, start_response)
        finally:
            self._leave()

    def _enter(self) -> bool:
        with self._turn:
            if self._inside < self._working:
                self._inside += 1
                return True
            if self._queued >= self._waiting:
                return False
            self._queued += 1
            try:
                return self._wait()
            finally:
                self._queued -= 1

    def _wait(self) -> bool:
        """Wait for a turn, with the lock held; false where it did not come in time."""
        until = time.monotonic() + _LONGEST_WAIT
        while self._inside >= self._working:
            if not self._turn.wait(until - time.monotonic()):
                return False
        self._inside += 1
        return True

    def _leave(self) -> None:
        with self._turn:
            self._inside -= 1
            self._turn.notify()


def _refusal(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    document = {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "Too many requests wait already; come back in a second.",
    }
    body = json.dumps(document).encode()
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Retry-After", _RETRY_AFTER),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response("503 Service Unavailable", headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]
