"""The HTTP API, version 1: its routes, the shape of what they answer, and what every answer carries."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from search_api.app import create_app, open_index
from search_api.cursors import next_cursor
from search_api.documents import answer_document
from search_api.queries import query_from
from search_api.search import Searcher
from search_api.settings import Settings

_QUESTION = "Did a cohort study link menaquinone intake to coronary heart disease?"
_GELEIJNSE = "doi:10.1093/jn/134.11.3100"


def _search(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    response = client.get("/v1/search", query_string={"query": _QUESTION, **parameters})
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


def _without_time(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "took_ms"}


def test_a_search_answers_with_the_fields_of_the_design(client: FlaskClient) -> None:
    document = _search(client)
    assert set(document) == {
        "query",
        "index_version",
        "retrieval_version",
        "took_ms",
        "adequate",
        "next_cursor",
        "results",
    }
    result = document["results"][0]
    assert set(result) == {
        *("rank", "score", "confidence", "scores", "passage", "source", "cites", "warnings")
    }
    assert set(result["passage"]) == {
        "id",
        "text",
        "kind",
        "section",
        "start",
        "end",
        "sha256",
        "prefix",
        "suffix",
        "highlights",
    }
    designed = {"id", "kind", "title", "authors", "year", "container", "doi", "pmid", "url", "study"}
    assert designed | {"integrity", "citation"} <= set(result["source"])


def test_the_question_about_menaquinone_is_answered_with_the_rotterdam_study(client: FlaskClient) -> None:
    first = _search(client)["results"][:3]
    found = {r["source"]["id"] for r in first} | {c["source"]["id"] for r in first for c in r["cites"]}
    assert _GELEIJNSE in found


def test_a_retraction_reaches_the_caller_before_the_finding(client: FlaskClient) -> None:
    first = _search(client, query="Sato menatetrenone Parkinson fractures")["results"][0]
    assert first["source"]["integrity"]["status"] == "retracted"
    assert first["warnings"][0].startswith("RETRACTED")
    assert "RETRACTED" in first["source"]["citation"]
    names = list(first)
    assert names.index("warnings") < names.index("passage")


def test_the_api_gives_the_document_of_the_searcher(client: FlaskClient, searcher: Searcher) -> None:
    answer = searcher.search(query_from({"query": _QUESTION}))
    expected = answer_document(answer, searcher, "apa", next_cursor(answer, searcher))
    assert _without_time(_search(client)) == json.loads(json.dumps(_without_time(expected)))


def test_post_and_get_give_the_same_answer(client: FlaskClient) -> None:
    asked = {"limit": 5, "kind": "study", "study_type": ["RCT", "cohort"], "style": "vancouver"}
    posted = client.post("/v1/search", json={"query": _QUESTION, **asked}).get_json()
    assert _without_time(posted) == _without_time(_search(client, **asked))


def test_the_same_address_gives_the_same_answer_twice(client: FlaskClient) -> None:
    assert _without_time(_search(client)) == _without_time(_search(client))


@pytest.mark.parametrize("address", ["study_type=RCT&study_type=cohort", "study_type=RCT,cohort"])
def test_study_type_may_be_repeated_or_joined_by_commas(client: FlaskClient, address: str) -> None:
    results = client.get(f"/v1/search?query=vitamin+K&limit=30&{address}").get_json()["results"]
    assert {result["source"]["study"]["design"] for result in results} == {"RCT", "cohort"}


@pytest.mark.parametrize(
    ("style", "begin"),
    [
        ("apa", "Geleijnse, J. M., Vermeer, C., Grobbee"),
        ("vancouver", "Geleijnse JM, Vermeer C, Grobbee DE"),
        ("mla", "Geleijnse, Johanna M., et al. “"),
    ],
)
def test_citations_come_in_the_style_asked_for(client: FlaskClient, style: str, begin: str) -> None:
    results = _search(client, style=style, kind="study")["results"]
    (citation,) = {r["source"]["citation"] for r in results if r["source"]["id"] == _GELEIJNSE}
    assert citation.startswith(begin)


def test_the_style_of_the_settings_is_used_where_none_is_asked_for(starter_index: Path) -> None:
    client = create_app(Settings(index=starter_index, style="vancouver")).test_client()
    source = client.get(f"/v1/sources/{_GELEIJNSE}").get_json()["source"]
    assert source["citation"].startswith("Geleijnse JM, Vermeer C")


def test_letters_of_every_script_are_sent_as_they_are(client: FlaskClient) -> None:
    response = client.get("/v1/search", query_string={"query": "α-lipoic acid µg"})
    assert "α-lipoic acid µg" in response.get_data(as_text=True)


def test_every_quote_can_be_checked_against_its_source(client: FlaskClient) -> None:
    for result in _search(client, limit=10)["results"]:
        passage = result["passage"]
        source = client.get(f"/v1/sources/{quote(result['source']['id'])}").get_json()["source"]
        assert source["text"][passage["start"] : passage["end"]] == passage["text"]
        assert hashlib.sha256(passage["text"].encode()).hexdigest() == passage["sha256"]
        assert hashlib.sha256(source["text"].encode()).hexdigest() == source["text_sha256"]
        around = passage["prefix"] + passage["text"] + passage["suffix"]
        assert around in source["text"]


def test_a_passage_is_given_by_its_id_as_it_was_found(client: FlaskClient) -> None:
    for result in _search(client, kind="article", limit=5)["results"]:
        document = client.get(f"/v1/passages/{result['passage']['id']}").get_json()
        found = {name: value for name, value in result["passage"].items() if name != "highlights"}
        assert document["passage"] == found
        assert document["source"] == result["source"]
        assert [c["id"] for c in document["cites"]] == [c["source"]["id"] for c in result["cites"]]


@pytest.mark.parametrize(
    "identifier",
    [
        "doi:10.1093/jn/134.11.3100",
        "10.1093/jn/134.11.3100",
        "10.1093/JN/134.11.3100",
        "https://doi.org/10.1093/jn/134.11.3100",
        quote("https://doi.org/10.1093/jn/134.11.3100", safe=""),
        "pmid:15514282",
        "15514282",
        "geleijnse2004",
    ],
)
def test_a_source_is_given_by_any_identifier(client: FlaskClient, identifier: str) -> None:
    response = client.get(f"/v1/sources/{identifier}", follow_redirects=True)
    assert response.get_json()["source"]["id"] == _GELEIJNSE


def test_a_doi_with_brackets_in_it_is_an_identifier_too(client: FlaskClient) -> None:
    source = client.get("/v1/sources/10.1016/S8756-3282(02)00783-4").get_json()["source"]
    assert source["key"] == "sato2002pd"
    assert "article:vitamin-k-bone-after-retractions" in source["cited_by"]


def test_the_index_says_what_is_searched(client: FlaskClient, searcher: Searcher) -> None:
    document = client.get("/v1/index").get_json()
    assert document["index_version"] == searcher.manifest.index_version == _search(client)["index_version"]
    assert document["counts"]["studies"] >= 90
    assert document["parameters"]["dim"] == 384


def test_the_process_is_alive_and_ready(client: FlaskClient, searcher: Searcher) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz").get_json()
    assert ready == {"status": "ready", "index_version": searcher.manifest.index_version}


def test_without_an_index_the_process_is_alive_and_not_ready(tmp_path: Path) -> None:
    client = create_app(Settings(index=tmp_path / "secret-place")).test_client()
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content_type == "application/problem+json"
    assert "secret-place" not in response.get_data(as_text=True)


def test_opening_the_index_at_once_fails_where_there_is_none(tmp_path: Path) -> None:
    from corpus.errors import IndexMissingError

    with pytest.raises(IndexMissingError):
        open_index(create_app(Settings(index=tmp_path)))


def test_an_application_with_a_default_style_that_is_none_is_not_made(starter_index: Path) -> None:
    from corpus.errors import UnknownStyleError

    with pytest.raises(UnknownStyleError):
        create_app(Settings(index=starter_index, style="no-such-style"))


@pytest.mark.parametrize(
    "address",
    ["/", "/?query=cramps", "/v1/search?query=cramps", "/v1/search", "/v1/index", "/nowhere", "/healthz"],
)
def test_every_answer_forbids_foreign_content_and_guessing(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_head_is_answered_without_a_body(client: FlaskClient) -> None:
    response = client.head("/v1/search", query_string={"query": "leg cramps"})
    assert response.status_code == 200
    assert response.data == b""
