"""The library changed over HTTP: what is accepted, what is refused at once, who may."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.job_work import work_off
from indexer.jobs import JobQueue
from search_api.app import create_app
from search_api.keys import make_key
from search_api.settings import Settings
from tests.search_api.test_openapi import check_answer

_RECORD = json.dumps(
    {"id": "n", "DOI": "10.1000/n", "type": "article-journal", "title": "Zinc lozenges for the common cold"}
)


@pytest.fixture(scope="module")
def index(starter_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(starter_index, tmp_path_factory.mktemp("changed") / "index"))


@pytest.fixture
def settings(index: Path, tmp_path: Path) -> Settings:
    shutil.rmtree(index / "jobs", ignore_errors=True)
    return Settings(index=index, keys=tmp_path / "keys.json", max_source_bytes=100_000)


@pytest.fixture
def admin(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def _accepted(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 202, response.get_data(as_text=True)
    document: dict[str, Any] = response.get_json()
    assert response.headers["Location"] == f"/v1/jobs/{document['id']}"
    return document


def test_a_source_is_put_found_and_deleted(admin: FlaskClient, index: Path) -> None:
    job = _accepted(admin.put("/v1/sources?name=zinc.json", data=_RECORD))
    assert (job["kind"], job["state"], job["subject"]) == ("put", "queued", "zinc.json")
    assert (job["outcome"], job["problem"], job["started"]) == (None, None, None)
    assert admin.get("/v1/sources/10.1000/n").status_code == 404
    work_off(JobQueue(index), index, 3600)
    answer = admin.get(f"/v1/jobs/{job['id']}")
    check_answer(admin.get("/openapi.json").get_json(), "/v1/jobs/{job_id}", "get", answer)
    done = answer.get_json()
    assert (done["state"], done["outcome"]["added"]) == ("done", ["doi:10.1000/n"])
    assert admin.get("/v1/index").get_json()["index_version"] == done["outcome"]["index_version"]
    assert admin.get("/v1/search?query=zinc+lozenges&limit=1").get_json()["results"]
    gone = _accepted(admin.delete("/v1/sources/10.1000/n"))
    assert (gone["kind"], gone["subject"]) == ("delete", "doi:10.1000/n")
    work_off(JobQueue(index), index, 3600)
    assert admin.get(f"/v1/jobs/{gone['id']}").get_json()["outcome"]["removed"] == ["doi:10.1000/n"]
    assert admin.get("/v1/sources/10.1000/n").status_code == 404
    assert admin.delete("/v1/sources/10.1000/n").status_code == 404


def test_a_file_comes_as_the_body_or_in_a_form_with_or_without_a_name(
    admin: FlaskClient, index: Path
) -> None:
    form = {"file": (io.BytesIO(_RECORD.encode()), "folder/zinc.json")}
    jobs = [
        admin.put("/v1/sources", data=_RECORD),
        admin.put("/v1/sources", data=_RECORD, content_type="application/x-www-form-urlencoded"),
        admin.put("/v1/sources", data=form, content_type="multipart/form-data"),
    ]
    subjects = [_accepted(job)["subject"] for job in jobs]
    assert subjects[0] == subjects[1]
    assert subjects[0].startswith("put-")
    assert subjects[2] == "zinc.json"
    queue = JobQueue(index)
    assert {queue.body(job).read_text() for job in queue.waiting()} == {_RECORD}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\x00\x01\x02" * 50, "Footnote reads"),
        (b"neither a record nor an article", "no reader knows"),
        (b"<svg><path/></svg>", "XML of a kind"),
        (b'[{"id": "x", "type": "article-journal"}]', "title"),
        (b"PK\x03\x04 broken", "zip"),
    ],
    ids=["binary", "no format", "foreign XML", "a record without a title", "a broken archive"],
)
def test_what_no_reader_reads_is_refused_at_once_with_its_reason(
    admin: FlaskClient, index: Path, body: bytes, words: str
) -> None:
    response = admin.put("/v1/sources?name=a.bin", data=body)
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    detail = response.get_json()["detail"]
    assert words in detail
    assert detail.startswith("a.bin")
    assert str(index) not in detail
    assert JobQueue(index).all() == []
    assert list((index / "jobs" / "bodies").iterdir()) == []


@pytest.mark.parametrize("name", ["..", "/", ".hidden", "a\x00b", "x" * 200, "a\nb"])
def test_a_name_that_is_none_is_refused(admin: FlaskClient, name: str) -> None:
    response = admin.put("/v1/sources", query_string={"name": name}, data=_RECORD)
    assert response.status_code == 400
    assert response.get_json()["errors"][0]["field"] == "name"


def test_a_body_that_is_empty_or_too_large_or_no_form_of_one_file_is_refused(admin: FlaskClient) -> None:
    assert admin.put("/v1/sources").status_code == 400
    assert admin.put("/v1/sources", data=b"x" * 100_001).status_code == 413
    large = {"file": (io.BytesIO(b"x" * 100_001), "a.txt")}
    assert admin.put("/v1/sources", data=large, content_type="multipart/form-data").status_code == 413
    for form in ({"other": (io.BytesIO(b"x"), "a")}, {"file": "text"}, {}):
        assert admin.put("/v1/sources", data=form, content_type="multipart/form-data").status_code == 400


def test_the_same_key_of_a_request_gives_the_same_job(admin: FlaskClient, index: Path) -> None:
    once = {"Idempotency-Key": "7f3"}
    first = _accepted(admin.put("/v1/sources?name=a.json", data=_RECORD, headers=once))
    assert _accepted(admin.put("/v1/sources?name=a.json", data=_RECORD, headers=once))["id"] == first["id"]
    other = admin.put("/v1/sources?name=b.json", data=_RECORD, headers=once)
    assert other.status_code == 400
    assert other.get_json()["errors"][0]["field"] == "Idempotency-Key"
    assert admin.put("/v1/sources", data=_RECORD, headers={"Idempotency-Key": "a b"}).status_code == 400
    gone = {"Idempotency-Key": "8"}
    deleted = _accepted(admin.delete("/v1/sources/kakkos2018", headers=gone))
    assert _accepted(admin.delete("/v1/sources/kakkos2018", headers=gone))["id"] == deleted["id"]
    assert admin.delete("/v1/sources/geleijnse2004", headers=gone).status_code == 400
    assert len(JobQueue(index).all()) == 2


def test_a_job_that_failed_says_why(admin: FlaskClient, index: Path) -> None:
    job = _accepted(admin.put("/v1/sources?name=zinc.json", data=_RECORD))
    queue = JobQueue(index)
    queue.finish(queue.job(job["id"]), "failed", {"detail": "zinc.json: for a reason"})
    answer = admin.get(f"/v1/jobs/{job['id']}")
    check_answer(admin.get("/openapi.json").get_json(), "/v1/jobs/{job_id}", "get", answer)
    failed = answer.get_json()
    assert (failed["state"], failed["outcome"]) == ("failed", None)
    assert failed["problem"]["detail"] == "zinc.json: for a reason"


def test_jobs_are_counted_by_state(admin: FlaskClient) -> None:
    _accepted(admin.put("/v1/sources", data=_RECORD))
    text = admin.get("/metrics").get_data(as_text=True)
    assert 'footnote_jobs{state="queued"} 1.0' in text
    assert 'footnote_jobs{state="failed"} 0.0' in text


# Who may


def _codes(client: FlaskClient, **given: Any) -> set[int]:
    """The statuses of the three routes for one caller."""
    put = client.put("/v1/sources", data=_RECORD, **given)
    asked = client.get("/v1/jobs/none", **given)
    return {put.status_code, asked.status_code, client.delete("/v1/sources/kakkos2018", **given).status_code}


def test_where_no_key_was_ever_made_the_own_machine_may_change(admin: FlaskClient) -> None:
    assert _codes(admin) == {202, 404}
    assert _codes(admin, base_url="http://127.0.0.1:8000") == {202, 404}
    assert _codes(admin, base_url="http://[::1]:8000", headers={"Origin": "http://[::1]:8000"}) == {202, 404}


@pytest.mark.parametrize(
    "given",
    [
        {"headers": {"Origin": "https://example.org"}},
        {"headers": {"Origin": "null"}},
        {"base_url": "http://rebound.example:8000"},
        {"base_url": "http://rebound.example:8000", "headers": {"Origin": "http://rebound.example:8000"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
    ],
    ids=["page", "sandboxed page", "rebound name", "page of a rebound name", "proxy", "other machine"],
)
def test_pages_of_other_sites_and_what_comes_through_a_proxy_may_not(
    admin: FlaskClient, index: Path, given: dict[str, Any]
) -> None:
    assert _codes(admin, **given) == {401}
    assert JobQueue(index).all() == []


def test_as_soon_as_there_is_a_key_only_an_admin_may(admin: FlaskClient, settings: Settings) -> None:
    reader, _ = make_key(settings.keys, "reader", ("search",))
    assert _codes(admin) == {401}
    assert _codes(admin, headers={"Authorization": f"Bearer {reader}"}) == {403}
    keeper, _ = make_key(settings.keys, "keeper", ("admin",))
    assert _codes(admin, headers={"Authorization": f"Bearer {keeper}"}) == {202, 404}


@pytest.mark.parametrize(
    "given", [{"access": "open"}, {"access": "keys"}, {"host": "0.0.0.0"}, {"proxies": 1}]
)
def test_a_server_that_others_may_reach_demands_an_admin_always(
    index: Path, tmp_path: Path, given: dict[str, Any]
) -> None:
    client = create_app(Settings(index=index, keys=tmp_path / "none.json", **given)).test_client()
    assert _codes(client) == {401}


def test_the_job_of_one_key_is_not_anothers(admin: FlaskClient, settings: Settings) -> None:
    keys = [make_key(settings.keys, name, ("admin",))[0] for name in ("one", "two")]
    jobs = [
        _accepted(
            admin.put("/v1/sources", data=_RECORD, headers={"X-API-Key": key, "Idempotency-Key": "same"})
        )
        for key in keys
    ]
    assert jobs[0]["id"] != jobs[1]["id"]
