"""The reading list's page, and the citation style that is remembered."""

import io
from typing import Any

import pytest
from docx import Document
from flask.testing import FlaskClient
from lxml import html

from search_api.pages.list_page import MOST, named_sources
from search_api.search import Searcher

_BROWSER = {"Accept": "text/html"}
_ROTTERDAM, _SATO = "doi:10.1093/jn/134.11.3100", "doi:10.1001/jama.293.9.1082"


def _page(response: Any) -> Any:
    assert response.status_code == 200
    return html.fromstring(response.get_data(as_text=True))


def test_sources_come_in_the_order_given_each_once(client: FlaskClient, searcher: Searcher) -> None:
    page = _page(client.get(f"/list?id={_SATO}&id={_ROTTERDAM}&id=geleijnse2004&id=gone"))
    expected = [searcher.library.source(one) for one in (_SATO, _ROTTERDAM)]
    assert [h.text_content() for h in page.xpath("//li//h2")] == [source.title for source in expected]
    assert [p.text_content() for p in page.xpath("//p[@data-citation]")] == [
        searcher.citations.format(source, "apa") for source in expected
    ]
    assert "No longer in this library: gone." in page.xpath("//*[@role='status']")[0].text_content()
    assert page.xpath("//ol/li[1]/@class") == ["retracted"]


def test_a_form_gives_the_same_list_as_the_address(client: FlaskClient) -> None:
    by_form = client.post("/list", data={"id": [_SATO, _ROTTERDAM]})
    assert by_form.get_data() == client.get(f"/list?id={_SATO}&id={_ROTTERDAM}").get_data()


def test_an_empty_list_says_how_to_fill_it(client: FlaskClient) -> None:
    assert "Nothing is kept yet" in _page(client.get("/list")).xpath("//main")[0].text_content()


def test_a_list_beyond_all_measure_is_refused(client: FlaskClient) -> None:
    ids = [f"x{n}" for n in range(MOST + 1)]
    response = client.post("/list", data={"id": ids}, headers=_BROWSER)
    assert response.status_code == 400
    assert "a list holds at most" in response.get_data(as_text=True)


def test_what_names_nothing_is_told_apart(searcher: Searcher) -> None:
    sources, missing = named_sources(searcher, ["nope", _SATO, "nor this"])
    assert [source.source_id for source in sources] == [_SATO]
    assert missing == ["nope", "nor this"]


def test_a_style_once_given_is_remembered_on_every_page(client: FlaskClient) -> None:
    with client.application.test_client() as reader:
        assert "style=vancouver" in reader.get("/?query=warfarin&style=vancouver").headers["Set-Cookie"]
        for path in (f"/sources/{_ROTTERDAM}", f"/list?id={_ROTTERDAM}"):
            response = reader.get(path)
            assert "Geleijnse JM, Vermeer C" in response.get_data(as_text=True)
            assert "Cookie" in response.vary
        assert "Geleijnse, J. M." in reader.get(f"/sources/{_ROTTERDAM}?style=apa").get_data(as_text=True)
        assert "Geleijnse, J. M." in reader.get(f"/sources/{_ROTTERDAM}").get_data(as_text=True)


def test_a_remembered_style_that_is_none_is_forgotten_in_silence(client: FlaskClient) -> None:
    with client.application.test_client() as reader:
        reader.set_cookie("style", "no-such-style")
        assert "Geleijnse, J. M." in reader.get(f"/sources/{_ROTTERDAM}").get_data(as_text=True)


def test_a_style_that_is_none_is_not_remembered(client: FlaskClient) -> None:
    response = client.get("/?query=warfarin&style=no-such-style", headers=_BROWSER)
    assert response.status_code == 400
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("bibtex", "@article{"), ("ris", "TY  - JOUR"), ("csl-json", "[\n"), ("text", "Geleijnse, J. M.")],
)
def test_the_list_is_exported_in_each_form(client: FlaskClient, form: str, beginning: str) -> None:
    response = client.post("/list/export", data={"id": [_ROTTERDAM], "format": form, "style": "apa"})
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    assert text.startswith(beginning)
    assert "134" in text


def test_the_list_in_word_has_the_entries_of_the_style_with_their_italics(client: FlaskClient) -> None:
    data = {"id": [_ROTTERDAM, _SATO], "format": "word", "style": "apa"}
    response = client.post("/list/export", data=data)
    assert ".docx" in response.headers["Content-Disposition"]
    paragraphs = Document(io.BytesIO(response.get_data())).paragraphs
    as_text = client.post("/list/export", data={**data, "format": "text"}).get_data(as_text=True)
    assert [p.text for p in paragraphs[1:]] == as_text.splitlines()
    assert "The Journal of Nutrition" in next(r.text for r in paragraphs[1].runs if r.font.italic)
    assert "RETRACTED" in paragraphs[2].text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"id": _SATO, "format": "odt"}, "no form of that name"),
        ({"id": "gone", "format": "ris"}, "names no source of this library"),
        ({"id": _SATO, "format": "ris", "colour": "red"}, "no parameter of that name"),
    ],
)
def test_an_export_that_cannot_be_is_refused_with_a_page(
    client: FlaskClient, data: dict[str, str], said: str
) -> None:
    response = client.post("/list/export", data=data, headers=_BROWSER)
    assert response.status_code == 400
    assert said in response.get_data(as_text=True)
