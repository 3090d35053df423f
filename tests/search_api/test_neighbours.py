"""The facets of an answer and the neighbours of a source, over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from search_api.search import Searcher
from search_api.similar import similar_to


def _answer(client: FlaskClient, **asked: Any) -> dict[str, Any]:
    response = client.get("/v1/search", query_string={"query": "vitamin K2 and bone", **asked})
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.get_json()
    return document


def test_facets_come_only_where_they_are_asked_for(client: FlaskClient) -> None:
    assert "facets" not in _answer(client)
    assert set(_answer(client, facets="true")["facets"]) == {
        "sources",
        "kind",
        "study_type",
        "container",
        "integrity",
        "years",
    }


def test_a_facet_counts_what_choosing_its_value_would_leave(client: FlaskClient) -> None:
    facets = _answer(client, facets="true", kind="study")["facets"]
    kinds = {one["value"]: one for one in facets["kind"]}
    assert kinds["study"]["chosen"]
    assert not kinds["article"]["chosen"]
    assert kinds["study"]["count"] + kinds["article"]["count"] == facets["sources"]
    assert sum(one["count"] for one in facets["study_type"]) == kinds["study"]["count"]


def test_the_facets_of_a_later_page_are_those_of_the_first(client: FlaskClient) -> None:
    first = _answer(client, facets="true", limit=5)
    second = _answer(client, facets="true", limit=5, cursor=first["next_cursor"])
    assert first["facets"] == second["facets"]


def test_a_post_takes_a_boolean_and_nothing_like_it(client: FlaskClient) -> None:
    asked = {"query": "leg cramps", "limit": 1}
    assert "facets" in client.post("/v1/search", json={**asked, "facets": True}).get_json()
    assert client.post("/v1/search", json={**asked, "facets": "yes"}).status_code == 400


def test_the_neighbours_are_those_of_the_library_without_the_source_itself(
    client: FlaskClient, searcher: Searcher
) -> None:
    document = client.get("/v1/sources/sato2002pd/similar?limit=7&kind=study").get_json()
    own = document["source"]["id"]
    found = [(one["source"]["id"], one["cosine"]) for one in document["similar"]]
    expected = similar_to(searcher, searcher.library.source(own), 7, "study")
    assert found == [(one.source.source_id, one.cosine) for one in expected]
    assert len(found) == 7
    assert own not in dict(found)
    assert {one["source"]["kind"] for one in document["similar"]} == {"study"}


def test_the_neighbours_come_as_a_file(client: FlaskClient) -> None:
    response = client.get("/v1/sources/sato2002pd/similar?limit=3&format=ris")
    assert response.text.count("TY  - ") == 3


@pytest.mark.parametrize(("name", "value"), [("limit", "0"), ("limit", "51"), ("kind", "book"), ("x", "1")])
def test_a_value_out_of_its_rule_is_refused(client: FlaskClient, name: str, value: str) -> None:
    response = client.get("/v1/sources/sato2002pd/similar", query_string={name: value})
    assert response.status_code == 400
    assert [fault["field"] for fault in response.get_json()["errors"]] == [name]
