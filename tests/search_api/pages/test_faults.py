"""When something is amiss a reader gets a page, a program a document; both say what to do."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

from search_api.app import create_app
from search_api.settings import Settings

_BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/problem+json", ""])
def test_programs_get_a_document(client: FlaskClient, accept: str) -> None:
    response = client.get("/sources/nope", headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (404, "application/problem+json")


def test_the_api_answers_with_documents_also_to_browsers(client: FlaskClient) -> None:
    assert client.get("/v1/sources/nope", headers=_BROWSER).content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("article:nocturnal-leg-cramp", "Leg cramps at night: what has been tested"),
        ("10.1093/jn/134.11.3101", "Dietary intake of menaquinone is associated with a reduced risk"),
        ("vitamin K after retractions in bone", "Vitamin K and bone: the evidence after the retractions"),
    ],
)
def test_an_unknown_source_is_met_with_what_may_have_been_meant(
    client: FlaskClient, asked: str, near: str
) -> None:
    response = client.get(f"/sources/{asked}", headers=_BROWSER)
    assert response.status_code == 404
    page = html.fromstring(response.get_data(as_text=True))
    assert asked in page.xpath("//main")[0].text_content()
    assert near in page.xpath("//ul[@class='near']/li[1]")[0].text_content()


@pytest.mark.parametrize("asked", ["the", "%00", "x" * 3000, "<script>alert(1)</script>", "' OR 1=1 --", "٪"])
def test_any_identifier_is_only_text(client: FlaskClient, asked: str) -> None:
    response = client.get(f"/sources/{asked}", headers=_BROWSER)
    assert response.status_code == 404
    assert "<script>alert" not in response.get_data(as_text=True)


def test_an_unknown_address_is_a_page_with_a_field_to_ask(client: FlaskClient) -> None:
    response = client.get("/no/such/page", headers=_BROWSER)
    page = html.fromstring(response.get_data(as_text=True))
    assert (response.status_code, page.xpath("//h1")[0].text_content()) == (404, "No such page")
    assert page.xpath("//form[@role='search']//input[@name='query']")


@pytest.mark.parametrize("path", ["/sources/geleijnse2004?nope=1", "/library?nope=1", "/list?nope=1"])
def test_an_unknown_parameter_is_named(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=_BROWSER)
    assert response.status_code == 400
    assert "nope: no parameter of that name" in response.get_data(as_text=True)


def test_a_method_that_is_not_allowed_says_which_are(client: FlaskClient) -> None:
    response = client.post("/library", headers=_BROWSER)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_without_an_index_every_page_says_so_and_no_path_is_told(tmp_path: Path) -> None:
    client = create_app(Settings(index=tmp_path / "none")).test_client()
    for path in ("/", "/library", "/sources/x", "/list"):
        response = client.get(path, headers=_BROWSER)
        assert response.status_code == 503
        text = response.get_data(as_text=True)
        assert "The index cannot be used at the moment" in text
        assert str(tmp_path) not in text


def test_an_unforeseen_error_is_a_page_that_tells_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.pages.list_page.named_sources", lambda *_: 1 / 0)
    response = client.get("/list", headers=_BROWSER)
    assert response.status_code == 500
    assert "Something went wrong here" in response.get_data(as_text=True)
    assert "ZeroDivision" not in response.get_data(as_text=True)
