"""Who is answered: keys, scopes, limits; what a refusal says and what it never says."""

import logging
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from corpus.errors import ParameterError
from search_api.access import admin_only
from search_api.app import create_app
from search_api.keys import make_key, revoke_key
from search_api.settings import Settings

_QUESTION = "/v1/search?query=leg+cramps&limit=1"


def _client(index: Path, folder: Path, **settings: Any) -> FlaskClient:
    chosen = {"access": "keys", "keys": folder / "keys.json"} | settings
    app = create_app(Settings(index=index, **chosen))

    @app.put("/changed")
    @admin_only
    def _changed() -> str:
        return "changed"

    return app.test_client()


@pytest.fixture
def key(tmp_path: Path) -> str:
    return make_key(tmp_path / "keys.json", "reader", ("search",))[0]


@pytest.fixture
def admin_key(tmp_path: Path) -> str:
    return make_key(tmp_path / "keys.json", "keeper", ("admin",))[0]


@pytest.fixture
def guarded(starter_index: Path, tmp_path: Path) -> FlaskClient:
    return _client(starter_index, tmp_path)


def test_a_key_is_taken_as_bearer_as_header_and_as_password(guarded: FlaskClient, key: str) -> None:
    assert guarded.get(_QUESTION, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert guarded.get(_QUESTION, headers={"X-API-Key": key}).status_code == 200
    assert guarded.get("/", auth=("anybody", key)).status_code == 200


@pytest.mark.parametrize("address", [_QUESTION, "/", "/metrics", "/v1/index", "/no/such/page"])
def test_without_a_key_nothing_is_answered_but_health(guarded: FlaskClient, address: str) -> None:
    answer = guarded.get(address)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    expected = "Bearer" if address.startswith(("/v1", "/metrics")) else "Basic"
    assert answer.headers["WWW-Authenticate"] == f'{expected} realm="Footnote"'


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/static/footnote.css"])
def test_health_routes_and_looks_stay_open(guarded: FlaskClient, address: str) -> None:
    with guarded.get(address) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic " + "A" * 100_000},
        {"Authorization": "Digest username=x"},
        {"X-API-Key": "fn_" + "a" * 1_000_000},
    ],
)
def test_a_key_that_is_none_is_refused_and_never_repeated(
    guarded: FlaskClient, header: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = guarded.get(_QUESTION, headers=header)
    assert answer.status_code == 401
    given = next(iter(header.values())).split()[-1]
    if given != "Bearer":
        assert given not in answer.get_data(as_text=True) + caplog.text


def test_a_revoked_key_is_refused_by_the_next_request(guarded: FlaskClient, key: str, tmp_path: Path) -> None:
    assert guarded.get(_QUESTION, headers={"X-API-Key": key}).status_code == 200
    revoke_key(tmp_path / "keys.json", key.split("_")[1])
    assert guarded.get(_QUESTION, headers={"X-API-Key": key}).status_code == 401


def test_the_log_has_the_id_of_a_key_and_never_the_key(
    guarded: FlaskClient, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        guarded.get(_QUESTION, headers={"X-API-Key": key})
    (record,) = [r for r in caplog.records if r.name == "footnote.request"]
    assert record.__dict__["key"] == key.split("_")[1]
    assert key.rsplit("_", 1)[1] not in caplog.text + repr([r.__dict__ for r in caplog.records])


def test_what_changes_the_library_needs_an_admin(guarded: FlaskClient, key: str, admin_key: str) -> None:
    refused = guarded.put("/changed", headers={"X-API-Key": key})
    assert refused.status_code == 403
    assert "lacks the scope admin" in refused.get_json()["detail"]
    assert guarded.put("/changed", headers={"X-API-Key": admin_key}).status_code == 200
    assert guarded.get(_QUESTION, headers={"X-API-Key": admin_key}).status_code == 200


def test_on_loopback_anybody_may_ask_and_only_an_admin_may_change(
    starter_index: Path, tmp_path: Path, admin_key: str
) -> None:
    client = _client(starter_index, tmp_path, access="auto")
    assert client.get(_QUESTION).status_code == 200
    assert client.put("/changed").status_code == 401
    assert client.put("/changed", headers={"X-API-Key": admin_key}).status_code == 200


def test_a_damaged_file_of_keys_refuses_everybody_and_says_nothing_of_the_disk(
    guarded: FlaskClient, key: str, tmp_path: Path
) -> None:
    (tmp_path / "keys.json").write_text("{")
    answer = guarded.get(_QUESTION, headers={"X-API-Key": key})
    assert answer.status_code == 503
    assert "keys" not in answer.get_data(as_text=True)


def test_the_limit_is_per_key_and_told_in_headers(starter_index: Path, tmp_path: Path, key: str) -> None:
    client = _client(starter_index, tmp_path, limit="2 per minute")
    first = client.get("/v1/index", headers={"X-API-Key": key})
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("2", "1")
    assert client.get(_QUESTION, headers={"X-API-Key": key}).status_code == 200
    refused = client.get(_QUESTION, headers={"X-API-Key": key})
    assert refused.status_code == 429
    assert refused.content_type == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit-Remaining"] == "0"
    other, _ = make_key(tmp_path / "keys.json", "other", ("search",))
    assert client.get(_QUESTION, headers={"X-API-Key": other}).status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0])
def test_a_clock_that_jumps_locks_nobody_out(
    starter_index: Path, tmp_path: Path, key: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _client(starter_index, tmp_path, limit="2 per minute")
    asked = [client.get("/v1/index", headers={"X-API-Key": key}) for _ in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    wall = time.time
    monkeypatch.setattr(time, "time", lambda: wall() + seconds)
    after = [client.get("/v1/index", headers={"X-API-Key": key}) for _ in range(3)]
    assert [answer.status_code for answer in after] == [200, 200, 429]
    assert 1 <= int(after[2].headers["Retry-After"]) <= 61


def test_those_without_a_key_share_the_limit_of_their_address(starter_index: Path, tmp_path: Path) -> None:
    client = _client(starter_index, tmp_path, limit="2 per minute")
    codes = [client.get("/v1/index", headers={"X-API-Key": f"fn_{n}"}).status_code for n in range(3)]
    assert codes == [401, 401, 429]
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/v1/index", environ_base=elsewhere).status_code == 401


def test_addresses_of_one_network_of_ipv6_count_as_one(starter_index: Path, tmp_path: Path) -> None:
    client = _client(starter_index, tmp_path, limit="1 per minute")
    codes = [
        client.get("/v1/index", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    ]
    assert codes == [401, 429, 401]


def test_a_forwarded_address_is_believed_only_behind_a_trusted_proxy(
    starter_index: Path, tmp_path: Path
) -> None:
    for proxies, codes in ((0, [401, 429]), (1, [401, 401])):
        client = _client(starter_index, tmp_path, limit="1 per minute", proxies=proxies)
        got = [
            client.get("/v1/index", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in (1, 2)
        ]
        assert got == codes


def test_a_limit_or_a_store_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ParameterError, match="600 per minute"):
        create_app(Settings(limit="many"))
    with pytest.raises(ParameterError) as caught:
        create_app(Settings(limit_store="nowhere://user:password@host"))
    assert "password" not in str(caught.value)
