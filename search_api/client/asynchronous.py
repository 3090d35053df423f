"""The client that is awaited."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
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


class AsyncClient:
    """A service at an address, such as ``http://127.0.0.1:8000``; to be used with ``async with``, or closed.

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
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._retries = retries or Retries()
        self._http = httpx.AsyncClient(**calls.settings(address, key, timeout), transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def search(self, query: str, **asked: Unpack[SearchParameters]) -> AnswerDocument:
        """The passages that answer a question."""
        return await self._send(calls.search(query, asked))

    async def results(self, query: str, **asked: Unpack[SearchParameters]) -> AsyncIterator[HitDocument]:
        """All results of a question, one after the other, asking for the next page when one is used up."""
        following: SearchParameters = asked
        while True:
            answer = await self.search(query, **following)
            for result in answer["results"]:
                yield result
            if answer["next_cursor"] is None:
                return
            following = {**following, "cursor": answer["next_cursor"]}

    async def batch(
        self, queries: Iterable[str | Mapping[str, Any]], **asked: Unpack[SearchParameters]
    ) -> BatchDocument:
        """The answers to up to 100 questions, each a text or its parameters; ``asked`` is for all of them."""
        return await self._send(calls.batch(queries, asked))

    async def passage(self, passage_id: str, style: str | None = None) -> PassageAnswer:
        """One passage with its source."""
        return await self._send(calls.passage(passage_id, style))

    async def source(self, identifier: str, style: str | None = None) -> SourceAnswer:
        """One source by DOI, PMID, PMCID, citation key or id."""
        return await self._send(calls.source(identifier, style))

    async def references(self, identifier: str, style: str | None = None) -> ReferencesAnswer:
        """The reference list of a source."""
        return await self._send(calls.references(identifier, style))

    async def cited_by(self, identifier: str, style: str | None = None) -> CitedByAnswer:
        """Who cites a source in this library, and where."""
        return await self._send(calls.cited_by(identifier, style))

    async def similar(
        self,
        identifier: str,
        limit: int = 5,
        kind: Literal["article", "study"] | None = None,
        style: str | None = None,
    ) -> SimilarAnswer:
        """The sources most like a source, best first."""
        return await self._send(calls.similar(identifier, limit, kind, style))

    async def export(self, ids: Sequence[str], form: str = "csl-json", style: str | None = None) -> str:
        """Sources as the text of a file."""
        return await self._send(calls.export(ids, form, style))

    async def check(
        self, references: str | Sequence[Mapping[str, Any]], style: str | None = None
    ) -> "CheckAnswer":
        """The verdicts on a reference list: its text in any format, or CSL-JSON items."""
        return cast("CheckAnswer", await self._send(calls.check(references, style)))

    async def cite(self, draft: str, style: str | None = None, suggestions: int = 3) -> "CiteAnswer":
        """Sources for the claims of a draft, sentence by sentence."""
        return cast("CiteAnswer", await self._send(calls.cite(draft, style, suggestions)))

    async def index(self) -> IndexDocument:
        """What is searched: generation, counts, versions."""
        return await self._send(calls.index())

    async def put(self, content: bytes, name: str | None = None) -> JobDocument:
        """Put a file of any format that Footnote reads into the library; the job that does it."""
        return await self._send(calls.put(content, name))

    async def delete(self, identifier: str) -> JobDocument:
        """Take a source out of the library; the job that does it."""
        return await self._send(calls.delete(identifier))

    async def job(self, job_id: str) -> JobDocument:
        """How far a change of the library is."""
        return await self._send(calls.job(job_id))

    async def finished(self, job_id: str, seconds: float = 600.0) -> JobDocument:
        """A job once it is done or failed; raises `TimeoutError` where it is not after so many seconds."""
        until = time.monotonic() + seconds
        while (found := await self.job(job_id))["state"] not in ("done", "failed"):
            if time.monotonic() > until:
                raise TimeoutError(f"job {job_id} is {found['state']} after {seconds:g} s")
            await asyncio.sleep(POLL_SECONDS)
        return found

    async def _send(self, call: Call[Answer]) -> Answer:
        for attempt in count():
            response: httpx.Response | None = None
            try:
                response = await self._http.request(**call.arguments())
            except RETRIED_FAULTS:
                wait = self._retries.wait(attempt, None)
                if wait is None:
                    raise
            else:
                wait = self._retries.wait(attempt, response)
                if wait is None:
                    return cast("Answer", call.answer(response))
            await asyncio.sleep(wait)
        raise AssertionError("unreachable")
