"""What the client raises where the service does not answer a request."""

from typing import cast

import httpx

from corpus.errors import FootnoteError
from search_api.answers import FaultDocument, ProblemDocument


class ServiceError(FootnoteError):
    """The service refused a request; ``status`` is its HTTP status, ``errors`` names each parameter at fault.

    ``retry_after`` is the time in seconds after which to try again, where the service gave one.
    """

    def __init__(
        self, request: str, status: int, problem: ProblemDocument, retry_after: float | None = None
    ) -> None:
        self.status = status
        self.problem = problem
        self.errors: list[FaultDocument] = problem.get("errors", [])
        self.retry_after = retry_after
        remedy = self.errors[0]["remedy"] if self.errors else "see its status"
        super().__init__(request, f"{status} {problem['title']}: {problem['detail']}", remedy)


def problem_in(response: httpx.Response) -> ProblemDocument:
    """The problem document of a refusal; one made of its status where something else answered."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if (
        isinstance(found, dict)
        and isinstance(found.get("detail"), str)
        and isinstance(found.get("title"), str)
    ):
        return cast("ProblemDocument", found)
    title = response.reason_phrase or "unknown status"
    detail = "the answer is not the service's own"
    return {"type": "about:blank", "title": title, "status": response.status_code, "detail": detail}
