"""Answers with some fields only."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search_api.sparse import ALWAYS, field_names

_ASKED = {"query": "Does vitamin K2 help bone?", "limit": 5, "kind": "article"}


def _results(client: FlaskClient, **asked: Any) -> list[dict[str, Any]]:
    response = client.get("/v1/search", query_string={**_ASKED, **asked})
    assert response.status_code == 200, response.text
    results: list[dict[str, Any]] = response.get_json()["results"]
    return results


@pytest.fixture(scope="module")
def whole(client: FlaskClient) -> list[dict[str, Any]]:
    return _results(client)


def test_only_the_fields_asked_for_come_and_they_are_those_of_the_whole(
    client: FlaskClient, whole: list[dict[str, Any]]
) -> None:
    found = _results(client, fields="passage.text,source.citation,cites.source.id")
    assert found == [
        {
            "rank": result["rank"],
            "warnings": result["warnings"],
            "passage": {"text": result["passage"]["text"]},
            "source": {"citation": result["source"]["citation"]},
            "cites": [{"source": {"id": cited["source"]["id"]}} for cited in result["cites"]],
        }
        for result in whole
    ]
    assert any(result["cites"] for result in found)


def test_a_retracted_study_comes_with_its_warning_whatever_is_asked_for(client: FlaskClient) -> None:
    (first,) = _results(
        client, query="Sato menatetrenone Parkinson fractures", kind="study", limit=1, fields="passage.text"
    )
    assert first["warnings"][0].startswith("RETRACTED")
    assert list(first) == ["rank", "warnings", "passage"]


@pytest.mark.parametrize(
    "fields", ["passage,passage.text", "passage.text,passage", ["passage.text", "passage"]]
)
def test_a_whole_named_besides_its_part_stays_whole(
    client: FlaskClient, whole: list[dict[str, Any]], fields: Any
) -> None:
    assert [r["passage"] for r in _results(client, fields=fields)] == [r["passage"] for r in whole]


def test_a_post_takes_a_list(client: FlaskClient) -> None:
    answer = client.post("/v1/search", json={**_ASKED, "fields": ["score"]}).get_json()
    assert {tuple(result) for result in answer["results"]} == {("rank", "warnings", "score")}


@pytest.mark.parametrize("name", ["passage.txt", "nothing", "passage.", ".", "passage.text.more"])
def test_an_unknown_field_is_refused_with_the_nearest(client: FlaskClient, name: str) -> None:
    response = client.get("/v1/search", query_string={**_ASKED, "fields": name})
    assert response.status_code == 400
    (fault,) = response.get_json()["errors"]
    assert fault["field"] == "fields"
    assert "is no field of a result" in fault["rule"]
    if name == "passage.txt":
        assert "passage.text" in fault["remedy"]


@given(names=st.lists(st.sampled_from(field_names()), min_size=1, max_size=6))
def test_every_mixture_of_fields_is_a_part_of_the_whole(
    client: FlaskClient, whole: list[dict[str, Any]], names: list[str]
) -> None:
    for sparse, full in zip(_results(client, fields=names), whole, strict=True):
        assert _is_part(sparse, full)
        assert set(sparse) == {name.split(".")[0] for name in names} | set(ALWAYS)


def _is_part(part: Any, full: Any) -> bool:
    if isinstance(full, dict):
        return all(name in full and _is_part(value, full[name]) for name, value in part.items())
    if isinstance(full, list):
        return len(part) == len(full) and all(map(_is_part, part, full))
    return bool(part == full)
