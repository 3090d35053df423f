"""The client that waits for each answer."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import httpx
from typing_extensions import Unpack

from search_api.answers import (
    AnswerDocument,
    BatchDocument,
    CitedByAnswer,
    HitDocument,
    IndexDocument,
    JobDocument,
    PassageAnswer,
    ReferencesAnswer,
    SimilarAnswer,
    SourceAnswer,
)
from search_api.client import calls
from search_api.client.calls import Answer, Call
from search_api.client.parameters import SearchParameters
from search_api.client.retrying import POLL_SECONDS, RETRIED_FAULTS, Retries

if TYPE_CHECKING:
    from search_api.check_answers import CheckAnswer
    from search_api.cite_answers import CiteAnswer


class Client:
    """A service at an address, such as ``http://127.0.0.1:8000``; to be used with ``with``, or closed.

    ``key`` is sent where the service demands one; ``timeout`` is in seconds. Calls wait and ask again as
    ``retries`` says, then raise `ServiceError` for what the service refuses and ``httpx.TransportError``
    where none answers. ``transport`` is httpx's, for tests and proxies.
    """

    def __init__(
        self,
        address: str,
        key: str | None = None,
        timeout: float | None = None,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._retries = retries or Retries()
        self._http = httpx.Client(**calls.settings(address, key, timeout), transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def search(self, query: str, **asked: Unpack[SearchParameters]) -> AnswerDocument:
        """The passages that answer a question."""
        return self._send(calls.search(query, asked))

    def results(self, query: str, **asked: Unpack[SearchParameters]) -> Iterator[HitDocument]:
        """All results of a question, one after the other, asking for the next page when one is used up."""
        following: SearchParameters = asked
        while True:
            answer = self.search(query, **following)
            yield from answer["results"]
            if answer["next_cursor"] is None:
                return
            following = {**following, "cursor": answer["next_cursor"]}

    def batch(
        self, queries: Iterable[str | Mapping[str, Any]], **asked: Unpack[SearchParameters]
    ) -> BatchDocument:
        """The answers to up to 100 questions, each a text or its parameters; ``asked`` is for all of them."""
        return self._send(calls.batch(queries, asked))

    def passage(self, passage_id: str, style: str | None = None) -> PassageAnswer:
        """One passage with its source."""
        return self._send(calls.passage(passage_id, style))

    def source(self, identifier: str, style: str | None = None) -> SourceAnswer:
        """One source by DOI, PMID, PMCID, citation key or id."""
        return self._send(calls.source(identifier, style))

    def references(self, identifier: str, style: str | None = None) -> ReferencesAnswer:
        """The reference list of a source."""
        return self._send(calls.references(identifier, style))

    def cited_by(self, identifier: str, style: str | None = None) -> CitedByAnswer:
        """Who cites a source in this library, and where."""
        return self._send(calls.cited_by(identifier, style))

    def similar(
        self,
        identifier: str,
        limit: int = 5,
        kind: Literal["article", "study"] | None = None,
        style: str | None = None,
    ) -> SimilarAnswer:
        """The sources most like a source, best first."""
        return self._send(calls.similar(identifier, limit, kind, style))

    def export(self, ids: Sequence[str], form: str = "csl-json", style: str | None = None) -> str:
        """Sources as the text of a file."""
        return self._send(calls.export(ids, form, style))

    def check(self, references: str | Sequence[Mapping[str, Any]], style: str | None = None) -> "CheckAnswer":
        """The verdicts on a reference list: its text in any format, or CSL-JSON items."""
        return cast("CheckAnswer", self._send(calls.check(references, style)))

    def cite(self, draft: str, style: str | None = None, suggestions: int = 3) -> "CiteAnswer":
        """Sources for the claims of a draft, sentence by sentence."""
        return cast("CiteAnswer", self._send(calls.cite(draft, style, suggestions)))

    def index(self) -> IndexDocument:
        """What is searched: generation, counts, versions."""
        return self._send(calls.index())

    def put(self, content: bytes, name: str | None = None) -> JobDocument:
        """Put a file of any format that Footnote reads into the library; the job that does it."""
        return self._send(calls.put(content, name))

    def delete(self, identifier: str) -> JobDocument:
        """Take a source out of the library; the job that does it."""
        return self._send(calls.delete(identifier))

    def job(self, job_id: str) -> JobDocument:
        """How far a change of the library is."""
        return self._send(calls.job(job_id))

    def finished(self, job_id: str, seconds: float = 600.0) -> JobDocument:
        """A job once it is done or failed; raises `TimeoutError` where it is not after so many seconds."""
        until = time.monotonic() + seconds
        while (found := self.job(job_id))["state"] not in ("done", "failed"):
            if time.monotonic() > until:
                raise TimeoutError(f"job {job_id} is {found['state']} after {seconds:g} s")
            time.sleep(POLL_SECONDS)
        return found

    def _send(self, call: Call[Answer]) -> Answer:
        for attempt in count():
            response: httpx.Response | None = None
            try:
                response = self._http.request(**call.arguments())
            except RETRIED_FAULTS:
                wait = self._retries.wait(attempt, None)
                if wait is None:
                    raise
            else:
                wait = self._retries.wait(attempt, response)
                if wait is None:
                    return cast("Answer", call.answer(response))
            time.sleep(wait)
        raise AssertionError("unreachable")
