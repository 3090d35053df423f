"""Answers to repeated questions, kept as bytes for as long as one generation is live.

What is kept is the finished document, since formatting citations and writing JSON cost as much as the search.
The key is everything an answer to ``/v1/search`` depends on: parameters or body, what is accepted, index and
retrieval version. ``took_ms`` of a kept answer is that of the search that made it.
"""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request

from corpus.errors import IndexStateError
from search_api.live import LiveSearcher
from search_api.metrics import Metrics

_PATH = "/v1/search"
_LARGEST_BODY = 20_000
_KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Link", "ETag", "Cache-Control")


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    headers: tuple[tuple[str, str], ...]


class AnswerCache:
    """The latest answers of one version of the index, at most ``limit`` bytes; safe from several threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._version = ""
        self._answers: OrderedDict[bytes, _Kept] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, version: str, key: bytes) -> _Kept | None:
        """The answer kept for a question under this version; those of another version are forgotten."""
        with self._lock:
            if version != self._version:
                self._answers.clear()
                self._bytes, self._version = 0, version
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, version: str, key: bytes, kept: _Kept) -> None:
        """Keep an answer, unless another version is live by now; the least recently asked for make room."""
        size = len(kept.body)
        with self._lock:
            if version != self._version or key in self._answers or size > self._limit // 8:
                return
            self._answers[key] = kept
            self._bytes += size
            while self._bytes > self._limit:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= len(dropped.body)


def register(app: Flask) -> None:
    """Answer repeated searches of the application from memory; to be called after all other hooks."""
    limit = app.config["FOOTNOTE"].cache_bytes
    if limit:
        app.extensions["footnote.answers"] = AnswerCache(limit)
        app.before_request(_kept_answer)
        app.after_request(_keep)


def _kept_answer() -> Response | None:
    if request.path != _PATH or request.method not in ("GET", "POST"):
        return None
    if (request.content_length or 0) > _LARGEST_BODY or (request.method == "POST" and not request.is_json):
        return None
    if request.headers.get("Transfer-Encoding"):
        return None
    version = _version()
    if version is None:
        return None
    cache: AnswerCache = current_app.extensions["footnote.answers"]
    key = _key()
    kept = cache.get(version, key)
    metrics: Metrics = current_app.extensions["footnote.metrics"]
    metrics.cached(kept is not None)
    if kept is None:
        g.answer_key = (version, key)
        return None
    response = Response(kept.body, headers=list(kept.headers))
    response.vary.add("Accept")
    return response


def _keep(response: Response) -> Response:
    version, key = g.pop("answer_key", (None, b""))
    if (
        version is not None
        and response.status_code == 200
        and not response.is_streamed
        and version == _version()
    ):
        headers = tuple((k, v) for k, v in response.headers if k in _KEPT_HEADERS)
        cache: AnswerCache = current_app.extensions["footnote.answers"]
        cache.put(version, key, _Kept(response.get_data(), headers))
    return response


def _version() -> str | None:
    """The version that answers now; None where there is none to answer."""
    live: LiveSearcher = current_app.extensions["footnote.live"]
    try:
        using = live.get()
    except IndexStateError:
        return None
    return f"{using.manifest.index_version} {using.retrieval_version}"


def _key() -> bytes:
    parts = (
        request.method.encode(),
        request.query_string,
        request.headers.get("Accept", "").encode(),
        request.get_data(),
    )
    return hashlib.sha256(b"".join(len(part).to_bytes(4) + part for part in parts)).digest()
