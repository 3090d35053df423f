"""Sources as files over HTTP: by name, by ``Accept``, from a search, a list of ids, a reference list."""

import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search_api.exports.formats import FORMATS

_SATO = "doi:10.1016/s8756-3282(02)00783-4"
_SOURCE = f"/v1/sources/{quote(_SATO)}"
_BEGINNINGS = {
    "csl-json": '[\n {\n  "id": "sato2002pd"',
    "bibtex": "@article{sato2002pd,",
    "ris": "TY  - JOUR\nAU  - Sato, Y.",
    "medline": "PMID- 12110423",
    "csv": "Key,Title,Authors,",
    "text": "Sato, Y., Honda, Y., Kaji, M., et al. (2002). RETRACTED: Amelioration",
    "html": '<ul class="references">\n<li id="ref-sato2002pd">Sato, Y.',
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_source_comes_in_each_format_by_its_name(client: FlaskClient, name: str) -> None:
    response = client.get(f"{_SOURCE}?format={name}")
    assert response.status_code == 200
    assert response.mimetype == FORMATS[name].media_type
    assert response.get_data(as_text=True).startswith(_BEGINNINGS[name])
    assert f"filename=sato2002pd.{FORMATS[name].suffix}" in response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("application/x-bibtex", "application/x-bibtex"),
        ("text/x-bibtex, */*;q=0.5", "application/x-bibtex"),
        ("application/vnd.citationstyles.csl+json", "application/vnd.citationstyles.csl+json"),
        ("application/x-research-info-systems;q=0.5, text/csv;q=0.9", "text/csv"),
        ("application/json, application/x-bibtex;q=0.5", "application/json"),
        ("application/x-bibtex;q=0", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_what_is_accepted_first_is_sent(client: FlaskClient, accept: str, mimetype: str) -> None:
    response = client.get(_SOURCE, headers={"Accept": accept})
    assert response.mimetype == mimetype
    assert "Accept" in response.headers["Vary"]


def test_accept_may_name_the_style(client: FlaskClient) -> None:
    response = client.get(_SOURCE, headers={"Accept": "text/x-bibliography; style=nlm-citation-sequence"})
    assert response.get_data(as_text=True).startswith("1. Sato Y, Honda Y, Kaji M, et al. RETRACTED: ")


def test_a_format_in_the_address_goes_before_accept(client: FlaskClient) -> None:
    accept = {"Accept": "application/x-bibtex"}
    assert client.get(f"{_SOURCE}?format=ris", headers=accept).mimetype == FORMATS["ris"].media_type
    assert client.get(f"{_SOURCE}?format=json", headers=accept).mimetype == "application/json"


def test_the_results_of_a_search_are_a_list_of_sources_in_their_order(client: FlaskClient) -> None:
    asked = {"query": "night cramps and magnesium", "limit": 5, "kind": "study"}
    results = client.get("/v1/search", query_string=asked).get_json()["results"]
    in_order = list(dict.fromkeys(result["source"]["doi"].casefold() for result in results))
    by_address = client.get("/v1/search", query_string={**asked, "format": "csl-json"})
    by_body = client.post("/v1/search", json={**asked, "format": "csl-json"})
    by_accept = client.post("/v1/search", json=asked, headers={"Accept": FORMATS["csl-json"].media_type})
    for response in (by_address, by_body, by_accept):
        assert [item["DOI"].casefold() for item in json.loads(response.data)] == in_order


def test_the_references_of_an_article_are_listed_with_what_they_name(client: FlaskClient) -> None:
    document = client.get("/v1/sources/nocturnal-leg-cramps/references?style=vancouver").get_json()
    assert document["source"]["id"] == "article:nocturnal-leg-cramps"
    first = document["references"][0]
    assert (first["label"], first["key"]) == ("1", "tan2024")
    assert first["source"]["citation"].startswith("Tan J, Zhu R")
    assert len(document["references"]) == 8


def test_a_reference_list_comes_as_a_file_as_well(client: FlaskClient) -> None:
    address = "/v1/sources/nocturnal-leg-cramps/references?format=text&style=ama"
    lines = client.get(address).get_data(as_text=True).splitlines()
    assert [line.partition(" ")[0] for line in lines] == [f"{n}." for n in range(1, 9)]


def test_an_identifier_may_hold_a_slash_and_still_have_references(client: FlaskClient) -> None:
    assert client.get(f"{_SOURCE}/references").get_json()["references"] == []


def _export(client: FlaskClient, **asked: object) -> TestResponse:
    return client.post("/v1/export", json=asked)


def test_a_list_of_ids_is_written_with_unique_keys(client: FlaskClient) -> None:
    response = _export(client, ids=["kakkos2018", _SATO, "pmid:12110423"], format="bibtex")
    assert response.headers["Content-Disposition"] == "attachment; filename=footnote.bib"
    entries = [line for line in response.get_data(as_text=True).splitlines() if line.startswith("@")]
    assert entries == ["@article{kakkos2018,", "@article{sato2002pd,"]


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        ({"ids": []}, ["ids"]),
        ({}, ["ids"]),
        ({"ids": ["nope", "kakkos2018", "neither"]}, ["ids", "ids"]),
        ({"ids": ["kakkos2018"], "format": "endnote"}, ["format"]),
        ({"ids": ["kakkos2018"], "style": "vancuver"}, ["style"]),
        ({"ids": ["kakkos2018"], "limit": 3}, ["limit"]),
        ({"ids": ["kakkos2018"] * 1001}, ["ids"]),
        ({"ids": "kakkos2018"}, ["ids"]),
    ],
)
def test_what_cannot_be_exported_is_named(
    client: FlaskClient, asked: dict[str, object], faults: list[str]
) -> None:
    response = client.post("/v1/export", json=asked)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert [error["field"] for error in response.get_json()["errors"]] == faults


def test_a_body_that_is_no_object_is_refused(client: FlaskClient) -> None:
    assert client.post("/v1/export", json=["kakkos2018"]).status_code == 400


@pytest.mark.parametrize("address", [f"{_SOURCE}?format=endnote", f"{_SOURCE}?formt=ris"])
def test_an_unknown_format_or_parameter_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400
