"""When the client asks again, how long it waits, and when it gives up."""

import asyncio
import socket
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.client import AsyncClient, Client, ServiceError
from search_api.client.retrying import Retries, retry_after
from tests.search_api.client.conftest import served

_QUICK = Retries(first_wait=0.01)


class _Scripted:
    """An application that gives the answers of a list in turn, then 200."""

    def __init__(self, answers: Iterable[tuple[int, dict[str, str]]]) -> None:
        self._answers = list(answers)
        self.times: list[float] = []

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.times.append(time.monotonic())
        status, headers = self._answers.pop(0) if self._answers else (200, {})
        body = b'{"generation": "000001"}' if status == 200 else b'{"title": "No", "detail": "not now"}'
        start_response(f"{status} Said", [("Content-Length", str(len(body))), *headers.items()])
        return [body]


@pytest.mark.parametrize("status", [429, 503])
def test_what_is_refused_for_now_is_asked_again(status: int) -> None:
    application = _Scripted([(status, {}), (status, {})])
    with served(application) as address, Client(address, retries=_QUICK) as library:
        assert library.index()["generation"] == "000001"
    assert len(application.times) == 3


def test_retry_after_is_waited_for() -> None:
    application = _Scripted([(503, {"Retry-After": "1"})])
    with served(application) as address, Client(address, retries=_QUICK) as library:
        library.index()
    assert 1.0 <= application.times[1] - application.times[0] < 5


def test_the_awaited_client_asks_again_too() -> None:
    application = _Scripted([(429, {"Retry-After": "0"}), (503, {})])

    async def ask(address: str) -> Any:
        async with AsyncClient(address, retries=_QUICK) as library:
            return await library.index()

    with served(application) as address:
        assert asyncio.run(ask(address))["generation"] == "000001"
    assert len(application.times) == 3


def test_after_the_last_attempt_the_refusal_is_raised_with_its_time() -> None:
    application = _Scripted([(503, {"Retry-After": "0"})] * 9)
    with (
        served(application) as address,
        Client(address, retries=Retries(most=2)) as library,
        pytest.raises(ServiceError, match="not now") as raised,
    ):
        library.index()
    assert (raised.value.status, raised.value.retry_after) == (503, 0.0)
    assert len(application.times) == 3


@pytest.mark.parametrize(
    ("status", "headers"), [(400, {}), (404, {}), (500, {}), (503, {"Retry-After": "3600"})]
)
def test_what_asking_again_does_not_mend_is_raised_at_once(status: int, headers: dict[str, str]) -> None:
    application = _Scripted([(status, headers)] * 3)
    with (
        served(application) as address,
        Client(address, retries=_QUICK) as library,
        pytest.raises(ServiceError) as raised,
    ):
        library.index()
    assert raised.value.status == status
    assert len(application.times) == 1


def test_where_nobody_listens_the_connection_error_is_raised_in_the_end() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Client(f"http://127.0.0.1:{port}", retries=_QUICK) as library, pytest.raises(httpx.ConnectError):
        library.index()


def test_an_answer_that_is_not_the_services_own_is_a_refusal_all_the_same() -> None:
    def proxy(environ: Any, start_response: Any) -> list[bytes]:
        start_response("502 Bad Gateway", [("Content-Length", "6")])
        return [b"<html>"]

    with served(proxy) as address, Client(address) as library, pytest.raises(ServiceError) as raised:
        library.index()
    assert raised.value.status == 502


@given(attempt=st.integers(0, 40), first=st.floats(0.001, 10), most=st.floats(0.1, 60))
def test_a_wait_is_never_longer_than_the_longest(attempt: int, first: float, most: float) -> None:
    wait = Retries(most=50, first_wait=first, most_wait=most).wait(attempt, None)
    assert wait is not None
    assert 0 <= wait <= min(most, first * 2**attempt)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7.0), (" 0 ", 0.0), (None, None), ("soon", None), ("-3", None), ("²", None), ("1.5", None)],
)
def test_retry_after_in_seconds(text: str | None, seconds: float | None) -> None:
    headers = {} if text is None else {"Retry-After": text.encode()}
    assert retry_after(httpx.Response(503, headers=headers)) == seconds


def test_retry_after_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    found = retry_after(httpx.Response(503, headers={"Retry-After": later}))
    assert found is not None
    assert 15 < found <= 20
    gone = format_datetime(datetime.now(UTC) - timedelta(days=2), usegmt=True)
    assert retry_after(httpx.Response(503, headers={"Retry-After": gone})) == 0.0
