"""When to ask again: after 429 and 503, and where the connection broke, at most a few times, later each time.

Asking twice does no harm: most calls only read, and a change carries an ``Idempotency-Key``. The wait is
drawn at random under a bound that doubles (full jitter,
https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/), so that many clients
that were refused together do not come back together; ``Retry-After`` goes before it.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

RETRIED_STATUSES = frozenset({429, 503})
#: How long to wait before a job is looked at again.
POLL_SECONDS = 0.5
RETRIED_FAULTS = (httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how long to wait; times in seconds.

    ``most_wait`` is the longest ``Retry-After`` that is waited for: a longer one is raised at once.
    """

    most: int = 3
    first_wait: float = 0.25
    most_wait: float = 30.0

    def wait(self, attempt: int, response: httpx.Response | None) -> float | None:
        """Seconds to wait after the attempt of that number (from 0), None where it was the last.

        ``response`` is what was answered, None where the connection broke.
        """
        if attempt >= self.most:
            return None
        if response is not None and response.status_code not in RETRIED_STATUSES:
            return None
        asked = retry_after(response)
        if asked is not None:
            return asked if asked <= self.most_wait else None
        bound = min(self.first_wait * float(2**attempt), self.most_wait)
        return random.uniform(0, bound)  # noqa: S311 - a wait is no secret


def retry_after(response: httpx.Response | None) -> float | None:
    """The seconds that ``Retry-After`` asks to wait, as a number or a date; None where it does not."""
    text = response.headers.get("Retry-After") if response is not None else None
    if text is None:
        return None
    if text.strip().isascii() and text.strip().isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
