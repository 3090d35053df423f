"""ETags: an answer is named by index, retrieval version and request, and is not made again for who has it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.manifest import Manifest
from search_api.app import create_app
from search_api.live import LiveSearcher
from search_api.search import Searcher
from search_api.settings import Settings

_ADDRESSES = [
    "/v1/search?query=leg+cramps&limit=1",
    "/v1/sources/geleijnse2004",
    "/v1/sources/nocturnal-leg-cramps/references",
    "/v1/sources/sato2002pd/cited-by",
    "/v1/index",
    "/openapi.json",
]


@pytest.mark.parametrize("address", _ADDRESSES)
def test_who_has_the_answer_is_told_so_without_a_body(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Accept" in first.vary
    second = client.get(address, headers={"If-None-Match": f'"other", {tag}'})
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == tag
    assert second.headers["Cache-Control"] == "no-cache"
    assert "Accept" in second.vary


def test_what_is_unchanged_is_not_searched_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get(_ADDRESSES[0]).headers["ETag"]

    def fails(*_: Any, **__: Any) -> None:
        raise AssertionError("searched")

    monkeypatch.setattr(Searcher, "search", fails)
    assert client.get(_ADDRESSES[0], headers={"If-None-Match": tag}).status_code == 304


def test_another_request_has_another_name(client: FlaskClient) -> None:
    requests: list[tuple[str, dict[str, str]]] = [
        ("/v1/search?query=leg+cramps", {}),
        ("/v1/search?query=leg+cramps&limit=1", {}),
        ("/v1/search?query=leg+cramps&style=ama", {}),
        ("/v1/search?query=leg+cramps", {"Accept": "application/x-bibtex"}),
        ("/v1/search?query=leg+pain", {}),
        ("/v1/index", {}),
    ]
    tags = [client.get(address, headers=headers).headers["ETag"] for address, headers in requests]
    assert len(set(tags)) == len(requests)


def test_another_generation_or_retrieval_version_or_default_style_changes_the_name(
    client: FlaskClient, starter_index: Path, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get(_ADDRESSES[0]).headers["ETag"]
    for settings in (Settings(starter_index, profile="fast"), Settings(starter_index, style="ama")):
        other = create_app(settings).test_client()
        response = other.get(_ADDRESSES[0], headers={"If-None-Match": tag})
        assert response.status_code == 200
        assert response.headers["ETag"] != tag

    class Later:
        def __getattr__(self, name: str) -> Any:
            return getattr(searcher, name)

        @property
        def manifest(self) -> Manifest:
            return replace(searcher.manifest, name="000002")

    monkeypatch.setattr(LiveSearcher, "get", lambda self: Later())
    response = client.get(_ADDRESSES[0], headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response.headers["ETag"] != tag


@pytest.mark.parametrize("tag", ["*", '"other"', 'W/"other"', "broken"])
def test_who_has_something_else_gets_the_answer(client: FlaskClient, tag: str) -> None:
    assert client.get(_ADDRESSES[0], headers={"If-None-Match": tag}).status_code == 200


def test_head_has_the_name_too(client: FlaskClient) -> None:
    head, get = client.head(_ADDRESSES[0]), client.get(_ADDRESSES[0])
    assert head.headers["ETag"] == get.headers["ETag"]


def test_errors_and_answers_to_a_post_are_not_kept(client: FlaskClient) -> None:
    for response in (
        client.get("/v1/search?query="),
        client.get("/v1/sources/nothing"),
        client.post("/v1/search", json={"query": "leg cramps", "limit": 1}),
    ):
        assert "ETag" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
