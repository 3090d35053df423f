"""Pages of other origins may read the API where the operator says so, and nowhere else."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from corpus.errors import ParameterError
from search_api.app import create_app
from search_api.cross_origin import origins_of
from search_api.settings import Settings

_ORIGIN = "https://example.org"
_ADDRESS = "/v1/index"


def _client(starter_index: Path, cors: str) -> FlaskClient:
    return create_app(Settings(index=starter_index, cors=cors)).test_client()


def _cors(headers: object) -> set[str]:
    return {name for name in dict(headers) if name.startswith("Access-Control-")}  # type: ignore[call-overload]


def test_off_is_the_default(client: FlaskClient) -> None:
    response = client.get(_ADDRESS, headers={"Origin": _ORIGIN})
    assert not _cors(response.headers)
    assert "Origin" not in response.vary


def test_a_listed_origin_may_read_and_is_told_so(starter_index: Path) -> None:
    client = _client(starter_index, f"https://other.example, {_ORIGIN}/")
    response = client.get(_ADDRESS, headers={"Origin": _ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == _ORIGIN
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]
    assert "Origin" in response.vary
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org.evil.test",
        "http://example.org",
        "https://EXAMPLE.org",
        "null",
        "https://a.example.org",
    ],
)
def test_an_origin_that_is_not_listed_may_not(starter_index: Path, origin: str) -> None:
    response = _client(starter_index, _ORIGIN).get(_ADDRESS, headers={"Origin": origin})
    assert not _cors(response.headers)
    assert "Origin" in response.vary


def test_a_star_allows_every_origin_alike(starter_index: Path) -> None:
    response = _client(starter_index, "*").get(_ADDRESS, headers={"Origin": "https://any.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Origin" not in response.vary


def test_a_browser_may_ask_first_and_hears_that_it_may_read_only(starter_index: Path) -> None:
    client = _client(starter_index, _ORIGIN)
    headers = {"Origin": _ORIGIN, "Access-Control-Request-Method": "POST"}
    response = client.options("/v1/search", headers=headers)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "GET, POST, HEAD"
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_problems_can_be_read_too_and_pages_cannot(starter_index: Path) -> None:
    client = _client(starter_index, _ORIGIN)
    problem = client.get("/v1/search?query=", headers={"Origin": _ORIGIN})
    assert (problem.status_code, problem.headers["Access-Control-Allow-Origin"]) == (400, _ORIGIN)
    assert not _cors(client.get("/docs", headers={"Origin": _ORIGIN}).headers)


@pytest.mark.parametrize(
    "setting",
    ["example.org", "https://*.example.org", "https://example.org/path", "ftp://example.org", "https://"],
)
def test_a_setting_that_is_no_origin_is_refused_at_the_start(setting: str) -> None:
    with pytest.raises(ParameterError, match="is no origin"):
        origins_of(setting)
