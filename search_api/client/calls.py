"""The requests of the API, made once for the client that waits and the one that does not."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from search_api.answers import (
    AnswerDocument,
    BatchDocument,
    CitedByAnswer,
    IndexDocument,
    JobDocument,
    PassageAnswer,
    ReferencesAnswer,
    SimilarAnswer,
    SourceAnswer,
)
from search_api.client.faults import ServiceError, problem_in
from search_api.client.parameters import SearchParameters
from search_api.client.retrying import retry_after

#: The type of what a call answers.
Answer = TypeVar("Answer")

_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Call(Generic[Answer]):
    """A request whose answer is an ``Answer``; ``text`` is whether that is a file and no document."""

    method: str
    path: str
    parameters: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    text: bool = False
    content: bytes | None = None
    headers: Mapping[str, str] | None = None

    def arguments(self) -> dict[str, Any]:
        """The arguments of httpx's ``request``."""
        return {
            "method": self.method,
            "url": self.path,
            "params": self.parameters,
            "json": self.body,
            "content": self.content,
            "headers": self.headers,
        }

    def answer(self, response: httpx.Response) -> Any:
        """What was answered; raises `ServiceError` where that is a refusal."""
        if response.is_success:
            return response.text if self.text else response.json()
        request = f"{self.method} {self.path}"
        raise ServiceError(request, response.status_code, problem_in(response), retry_after(response))


def settings(address: str, key: str | None, timeout: float | None) -> dict[str, Any]:
    """The arguments of httpx's clients."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    seconds = _TIMEOUT_SECONDS if timeout is None else timeout
    return {"base_url": address, "headers": headers, "timeout": seconds, "follow_redirects": True}


def search(query: str, asked: SearchParameters) -> Call[AnswerDocument]:
    """Passages for a question; by POST, for a claim may be longer than an address."""
    return Call("POST", "/v1/search", body=_listed({"query": query, **asked}))


def batch(queries: Iterable[str | Mapping[str, Any]], asked: SearchParameters) -> Call[BatchDocument]:
    """Up to 100 questions; ``asked`` is for those that do not say otherwise."""
    items = [_listed({**asked, **(q if isinstance(q, Mapping) else {"query": q})}) for q in queries]
    return Call("POST", "/v1/search/batch", body={"queries": items})


def passage(passage_id: str, style: str | None) -> Call[PassageAnswer]:
    """One passage."""
    return Call("GET", f"/v1/passages/{_quoted(passage_id)}", _given(style=style))


def source(identifier: str, style: str | None) -> Call[SourceAnswer]:
    """One source."""
    return Call("GET", f"/v1/sources/{_quoted(identifier)}", _given(style=style))


def references(identifier: str, style: str | None) -> Call[ReferencesAnswer]:
    """The reference list of a source."""
    return Call("GET", f"/v1/sources/{_quoted(identifier)}/references", _given(style=style))


def cited_by(identifier: str, style: str | None) -> Call[CitedByAnswer]:
    """Who cites a source."""
    return Call("GET", f"/v1/sources/{_quoted(identifier)}/cited-by", _given(style=style))


def similar(identifier: str, limit: int, kind: str | None, style: str | None) -> Call[SimilarAnswer]:
    """The sources most like a source."""
    parameters = {"limit": limit, **_given(kind=kind, style=style)}
    return Call("GET", f"/v1/sources/{_quoted(identifier)}/similar", parameters)


def export(ids: Sequence[str], form: str, style: str | None) -> Call[str]:
    """Sources as a file."""
    body = {"ids": list(ids), "format": form, **_given(style=style)}
    return Call("POST", "/v1/export", body=body, text=True)


def check(references: str | Sequence[Mapping[str, Any]], style: str | None) -> Call[Any]:
    """The verdicts on a reference list."""
    given = references if isinstance(references, str) else list(references)
    return Call("POST", "/v1/check", body={"references": given, **_given(style=style)})


def cite(draft: str, style: str | None, suggestions: int) -> Call[Any]:
    """Sources for the claims of a draft."""
    return Call("POST", "/v1/cite", body={"draft": draft, "suggestions": suggestions, **_given(style=style)})


def index() -> Call[IndexDocument]:
    """What is searched."""
    return Call("GET", "/v1/index")


def put(content: bytes, name: str | None) -> Call[JobDocument]:
    """A file for the library; asked again after a broken connection it is one job all the same."""
    headers = {"Content-Type": "application/octet-stream", **_once()}
    return Call("PUT", "/v1/sources", _given(name=name), content=content, headers=headers)


def delete(identifier: str) -> Call[JobDocument]:
    """A source that is to leave the library."""
    return Call("DELETE", f"/v1/sources/{_quoted(identifier)}", headers=_once())


def job(job_id: str) -> Call[JobDocument]:
    """How far a change is."""
    return Call("GET", f"/v1/jobs/{_quoted(job_id)}")


def _once() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _listed(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Tuples and other sequences as lists, None left out."""
    return {
        name: list(value) if isinstance(value, tuple | set) else value
        for name, value in asked.items()
        if value is not None
    }


def _quoted(identifier: str) -> str:
    return quote(identifier, safe="")
