"""Cursors: pages that together are the list, refused where the list is another."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ParameterError
from search_api.cursors import next_cursor, offset_of
from search_api.queries import query_from
from search_api.search import Searcher
from tests.search_api.command_line import run

_QUESTION = "vitamin K2 and bone"


def _pages(client: FlaskClient, **asked: Any) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        parameters = {"query": _QUESTION, **asked} | ({"cursor": cursor} if cursor else {})
        response = client.get("/v1/search", query_string=parameters)
        assert response.status_code == 200, response.text
        document = response.get_json()
        yield document
        cursor = document["next_cursor"]
        if cursor is None:
            return


def _fault(client: FlaskClient, **asked: Any) -> dict[str, str]:
    response = client.get("/v1/search", query_string={"query": _QUESTION, **asked})
    assert response.status_code == 400
    (fault,) = response.get_json()["errors"]
    return fault


def _results(documents: Any) -> list[dict[str, Any]]:
    return [result for document in documents for result in document["results"]]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_pages_put_together_are_the_list_asked_for_at_once(client: FlaskClient, mode: str) -> None:
    asked = {"mode": mode, "study_type": "RCT", "max_per_source": 1}
    whole = _results(_pages(client, limit=70, **asked))
    assert len(whole) >= 14
    assert _results(_pages(client, limit=7, **asked)) == whole
    assert [result["rank"] for result in whole] == list(range(1, len(whole) + 1))


def test_no_passage_comes_twice_and_the_last_page_says_so(client: FlaskClient) -> None:
    documents = list(_pages(client, limit=50, max_per_source=20))
    ids = [result["passage"]["id"] for result in _results(documents)]
    assert len(ids) == len(set(ids)) > 100
    assert documents[-1]["next_cursor"] is None


def test_a_page_is_as_adequate_as_the_first(client: FlaskClient) -> None:
    assert {document["adequate"] for document in _pages(client, limit=50)} == {True}


def test_a_cursor_goes_on_where_a_post_left_off(client: FlaskClient) -> None:
    asked = {"query": _QUESTION, "limit": 3}
    first = client.post("/v1/search", json=asked).get_json()
    second = client.post("/v1/search", json={**asked, "cursor": first["next_cursor"]}).get_json()
    assert [result["rank"] for result in second["results"]] == [4, 5, 6]


@pytest.fixture(scope="module")
def cursor(client: FlaskClient) -> str:
    answer = client.get("/v1/search", query_string={"query": _QUESTION}).get_json()
    return str(answer["next_cursor"])


@given(data=st.data())
def test_a_cursor_with_any_character_changed_is_refused(
    client: FlaskClient, cursor: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(cursor) - 2))
    other = data.draw(st.sampled_from("abcXYZ019-_").filter(lambda letter: letter != cursor[place]))
    changed = cursor[:place] + other + cursor[place + 1 :]
    assert _fault(client, cursor=changed)["rule"] == "is no cursor of this service, or was changed"


@pytest.mark.parametrize("given", ["x", "", "é", "AAAA", "a" * 5000, "MTIz"])
def test_what_is_no_cursor_is_refused(client: FlaskClient, given: str) -> None:
    fault = _fault(client, cursor=given)
    assert (fault["field"], fault["remedy"]) == ("cursor", "send next_cursor as it was given")


@pytest.mark.parametrize(
    "other",
    [{"query": "leg cramps"}, {"limit": "5"}, {"kind": "study"}, {"mode": "dense"}, {"year_to": "2020"}],
)
def test_a_cursor_is_for_the_question_that_it_was_given_for(
    client: FlaskClient, cursor: str, other: dict[str, str]
) -> None:
    assert _fault(client, cursor=cursor, **other)["rule"] == "is of another question or other filters"


def test_the_style_and_the_fields_of_a_later_page_may_differ(client: FlaskClient, cursor: str) -> None:
    asked = {"query": _QUESTION, "cursor": cursor, "style": "vancouver", "fields": "source.citation"}
    assert client.get("/v1/search", query_string=asked).get_json()["results"][0]["rank"] == 11


class _Other:
    """A searcher of another generation or retrieval version, as far as cursors look at it."""

    def __init__(self, searcher: Searcher, name: str, retrieval_version: str) -> None:
        self.manifest = replace(searcher.manifest, name=name)
        self.retrieval_version = retrieval_version


def test_a_cursor_of_an_index_that_is_no_longer_live_is_refused_and_both_are_named(
    searcher: Searcher,
) -> None:
    query = query_from({"query": _QUESTION})
    text = next_cursor(searcher.search(query), searcher)
    assert offset_of(text, query, searcher) == 10
    for name, version, rule in (
        ("000002", searcher.retrieval_version, "is of index 000001-.*, and 000002-.* answers now"),
        (searcher.manifest.name, "9", "is of retrieval version .*, and 9 answers now"),
    ):
        later: Any = _Other(searcher, name, version)
        with pytest.raises(ParameterError, match=rule) as raised:
            offset_of(text, query, later)
        assert raised.value.remedy == "ask again without it"


def test_the_command_line_takes_cursor_fields_and_facets_as_the_api_does(
    client: FlaskClient,
    cursor: str,
    starter_index: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = ("--cursor", cursor, "--fields", "source.title", "--facets", "--json")
    done = run(monkeypatch, capsys, ("search", _QUESTION, "--index", starter_index, *shown))
    asked = {"query": _QUESTION, "cursor": cursor, "fields": "source.title", "facets": "true"}
    expected = client.get("/v1/search", query_string=asked).get_json()
    found = json.loads(done.out)
    assert {**found, "took_ms": 0} == {**expected, "took_ms": 0}
