"""Request ids, lines of the log, metrics, the cache of answers and the refusal under load."""

import json
import logging
import re
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.admission import Admission
from search_api.answer_cache import AnswerCache, _Kept
from search_api.app import create_app
from search_api.logs import JsonLines, TextLines, request_id
from search_api.metrics import Metrics
from search_api.request_log import identified
from search_api.settings import Settings
from tests.search_api.test_live import index, small  # noqa: F401 - fixtures


@pytest.fixture
def client(starter_index: Path) -> FlaskClient:
    """An application of its own, since its counts are compared."""
    return create_app(Settings(index=starter_index)).test_client()


def _count(client: FlaskClient, name: str) -> float:
    """The value of a measure, labels included in its name; 0 where it was never counted."""
    found = re.search(
        rf"^{re.escape(name)} (\S+)$", client.get("/metrics").get_data(as_text=True), re.MULTILINE
    )
    return float(found[1]) if found else 0.0


def test_a_request_id_comes_back_and_one_is_made_where_none_came(client: FlaskClient) -> None:
    given = client.get("/healthz", headers={"X-Request-Id": "abc-1.2_Z"})
    assert given.headers.getlist("X-Request-Id") == ["abc-1.2_Z"]
    assert re.fullmatch("[0-9a-f]{32}", client.get("/healthz").headers["X-Request-Id"])


@pytest.mark.parametrize("given", ["", "a b", "a\r\nSet-Cookie: x", "é", "x" * 65, '"', "\u0661"])
def test_a_request_id_that_is_not_plain_is_replaced(given: str) -> None:
    assert re.fullmatch("[0-9a-f]{32}", identified(given))


def test_a_line_of_the_log_has_the_path_and_never_the_question(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "footnote.request"):
        client.get("/v1/search?query=my+private+illness", headers={"X-Request-Id": "r1"})
    (record,) = caplog.records
    assert record.__dict__["path"] == "/v1/search"
    assert record.__dict__["status"] == 200
    assert "illness" not in repr(record.__dict__)


def test_json_lines_are_one_object_with_the_id_of_the_request() -> None:
    token = request_id.set("r9")
    try:
        record = logging.makeLogRecord({"name": "footnote.x", "msg": "two\nlines", "status": 200})
        line = JsonLines().format(record)
        text = TextLines().format(logging.makeLogRecord({"name": "footnote.x", "msg": "told", "status": 200}))
    finally:
        request_id.reset(token)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["message"], told["request_id"], told["status"]) == ("two\nlines", "r9", 200)
    assert text.endswith("footnote.x: told status=200 request=r9")


def test_searches_are_counted_by_stage_and_requests_by_status(client: FlaskClient) -> None:
    client.get("/v1/search?query=natto")
    client.get("/v1/search?query=natto&limit=0")
    client.get("/nowhere/secret")
    for stage in ("encode", "rank", "hydrate"):
        assert _count(client, f'footnote_stage_seconds_count{{stage="{stage}"}}') == 1
    assert _count(client, "footnote_candidates_count") == 1
    assert _count(client, 'footnote_requests_total{method="GET",route="/v1/search",status="400"}') == 1
    assert _count(client, 'footnote_requests_total{method="GET",route="none",status="404"}') == 1
    assert _count(client, "footnote_generation") == 1
    assert "secret" not in client.get("/metrics").get_data(as_text=True)


def test_a_repeated_question_is_answered_from_memory_with_the_same_bytes(client: FlaskClient) -> None:
    first = client.get("/v1/search?query=leg+cramps&limit=2")
    again = client.get("/v1/search?query=leg+cramps&limit=2")
    assert again.data == first.data
    assert again.content_type == first.content_type
    assert again.headers["Vary"] == first.headers["Vary"]
    assert _count(client, 'footnote_cache_total{outcome="hit"}') == 1
    assert _count(client, "footnote_candidates_count") == 1


def test_another_question_form_body_or_limit_is_not_the_same(client: FlaskClient) -> None:
    answers = {
        client.get("/v1/search?query=leg+cramps&limit=2").data,
        client.get("/v1/search?query=leg+cramps&limit=1").data,
        client.get("/v1/search?query=leg+cramps&limit=2", headers={"Accept": "application/x-bibtex"}).data,
        client.post("/v1/search", json={"query": "natto", "limit": 1}).data,
        client.post("/v1/search", json={"query": "cheese", "limit": 1}).data,
    }
    assert len(answers) == 5
    assert _count(client, 'footnote_cache_total{outcome="hit"}') == 0


def test_a_refused_question_is_not_kept(client: FlaskClient) -> None:
    assert client.get("/v1/search?query=x&limit=0").status_code == 400
    assert client.get("/v1/search?query=x&limit=0").status_code == 400
    assert _count(client, 'footnote_cache_total{outcome="hit"}') == 0


def test_a_publish_and_a_rollback_forget_what_was_kept(index: Path) -> None:  # noqa: F811
    client = create_app(Settings(index=index)).test_client()
    ask = "/v1/search?query=zinc"
    before = client.get(ask).get_json()
    record = index.parent / "new.json"
    record.write_text(json.dumps({"id": "n", "DOI": "10.1000/n", "type": "article-journal", "title": "Zinc"}))
    build(index, [record])
    assert client.get(ask).get_json()["index_version"] != before["index_version"]
    IndexDirectory(index).rollback()
    assert client.get(ask).get_json()["index_version"] == before["index_version"]


def test_the_cache_keeps_no_more_bytes_than_it_may_and_nothing_of_another_version() -> None:
    cache = AnswerCache(800)
    assert cache.get("1", b"a") is None
    for name in range(30):
        cache.put("1", bytes([name]), _Kept(b"x" * 90, ()))
    assert len(cache) == 8
    assert cache.get("1", bytes([29])) is not None
    assert cache.get("1", bytes([0])) is None
    cache.put("1", b"large", _Kept(b"x" * 101, ()))
    assert cache.get("1", b"large") is None
    cache.put("0", b"late", _Kept(b"x", ()))
    assert cache.get("1", b"late") is None
    assert cache.get("2", bytes([29])) is None
    assert len(cache) == 0


def _called(app: Any, path: str = "/v1/search") -> tuple[str, dict[str, str]]:
    seen: list[Any] = []
    b"".join(app({"PATH_INFO": path}, lambda status, headers: seen.append((status, dict(headers)))))
    status, headers = seen[0]
    return status, headers


def test_beyond_those_that_work_and_wait_a_request_is_refused_quickly_and_later_ones_are_answered() -> None:
    released = threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/healthz":
            released.wait(20)
        start_response("200 OK", [])
        return [b"done"]

    app = Admission(slow, working=2, waiting=1, metrics=Metrics())
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(_called(app)[0])) for _ in range(3)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 10
    while app._queued < 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    began = time.perf_counter()
    status, headers = _called(app)
    assert time.perf_counter() - began < 0.5
    assert status == "503 Service Unavailable"
    assert headers["Retry-After"] == "1"
    assert _called(app, "/healthz")[0] == "200 OK"
    released.set()
    for thread in threads:
        thread.join()
    assert got == ["200 OK"] * 3
    assert _called(app)[0] == "200 OK"


def test_a_request_that_fails_gives_its_turn_back() -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise ZeroDivisionError

    app = Admission(broken, working=1, waiting=0, metrics=Metrics())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            _called(app)
