"""Cursors: how far an answer went, for asking what comes after it.

A cursor is text for the service alone: the place in the ranked list, the index and retrieval version that
made the list, and a digest of the question with its filters. A list made by another version, or for
another question, is another list, and going on in it would skip results or repeat them; so both are
refused. The checksum is there for accidents, not against forgers: a forged cursor gets a later page of a
question that anybody may ask.
"""

import base64
import binascii
import hashlib
import json

from corpus.errors import ParameterError
from search_api.queries import SearchQuery
from search_api.search import SearchAnswer, Searcher

_CHECKSUM_BYTES = 6
_QUESTION_CHARACTERS = 16


def next_cursor(answer: SearchAnswer, searcher: Searcher) -> str | None:
    """The cursor for what comes after an answer, None where that was all."""
    if answer.next_offset is None:
        return None
    fields = [answer.next_offset, answer.index_version, searcher.retrieval_version, _digest(answer.query)]
    payload = json.dumps(fields, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_checksum(payload) + payload).decode().rstrip("=")


def offset_of(cursor: str | None, query: SearchQuery, searcher: Searcher) -> int:
    """How many results come before the page that a cursor asks for, 0 without one.

    Raises `ParameterError` where it was changed, or is of another index, retrieval version or question.
    """
    if cursor is None:
        return 0
    offset, index_version, retrieval_version, question = _fields(cursor)
    if index_version != searcher.manifest.index_version:
        now = searcher.manifest.index_version
        raise _refused(cursor, f"is of index {index_version}, and {now} answers now", _ANEW)
    if retrieval_version != searcher.retrieval_version:
        now = searcher.retrieval_version
        raise _refused(cursor, f"is of retrieval version {retrieval_version}, and {now} answers now", _ANEW)
    if question != _digest(query):
        raise _refused(cursor, "is of another question or other filters", "send those that it was given for")
    return offset


_ANEW = "ask again without it"


def _fields(cursor: str) -> tuple[int, str, str, str]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        payload = raw[_CHECKSUM_BYTES:]
        if raw[:_CHECKSUM_BYTES] != _checksum(payload):
            raise ValueError("checksum")
        offset, index_version, retrieval_version, question = json.loads(payload)
    except (binascii.Error, ValueError) as error:
        rule = "is no cursor of this service, or was changed"
        raise _refused(cursor, rule, "send next_cursor as it was given") from error
    return int(offset), str(index_version), str(retrieval_version), str(question)


def _refused(cursor: str, rule: str, remedy: str) -> ParameterError:
    shown = cursor if len(cursor) <= 60 else cursor[:57] + "..."
    return ParameterError("cursor", shown, rule, remedy)


def _checksum(payload: bytes) -> bytes:
    return hashlib.sha256(b"footnote cursor" + payload).digest()[:_CHECKSUM_BYTES]


def _digest(query: SearchQuery) -> str:
    """What decides the list and its pages: every parameter of a search but how its results are shown."""
    asked = {name: getattr(query, name) for name in SearchQuery.model_fields if name != "style"}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:_QUESTION_CHARACTERS]
