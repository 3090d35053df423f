"""A source's page: record, standing, who cites it, what is near, the passage asked for."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from corpus.records import Integrity, Source
from search_api.pages.source_page import citing_places, identifiers_of, notice_address
from search_api.search import Searcher

_ROTTERDAM = "doi:10.1093/jn/134.11.3100"
_SATO = "doi:10.1001/jama.293.9.1082"
_CRAMPS = "article:nocturnal-leg-cramps"
_BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def _page(client: FlaskClient, identifier: str, status: int = 200, **parameters: str) -> Any:
    response = client.get(f"/sources/{identifier}", query_string=parameters, headers=_BROWSER)
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    return html.fromstring(response.get_data(as_text=True))


def _text(page: Any, path: str) -> str:
    return " ".join(element.text_content().strip() for element in page.xpath(path))


@pytest.mark.parametrize("name", [_ROTTERDAM, "10.1093/jn/134.11.3100", "15514282", "geleijnse2004"])
def test_any_identifier_leads_to_the_page(client: FlaskClient, name: str) -> None:
    assert "Rotterdam Study" in _text(_page(client, name), "//h1")


def test_a_study_shows_what_its_record_says(client: FlaskClient, searcher: Searcher) -> None:
    source = searcher.library.source(_ROTTERDAM)
    assert source.study is not None
    page = _page(client, _ROTTERDAM)
    record = _text(page, "//section[@class='record']")
    assert source.study.design in record
    assert source.study.sample_size
    assert source.study.sample_size in record
    assert source.study.finding
    assert source.study.finding in record
    assert _text(page, "//*[@data-words]") == "Summary of the study's record, not the authors' words"
    assert source.text[source.blocks[1].start : source.blocks[1].end] in _text(page, "//div[@class='text']")


def test_a_retraction_stands_above_the_title_with_where_it_is_recorded(client: FlaskClient) -> None:
    page = _page(client, _SATO)
    (notice,) = page.xpath("//*[@role='note']")
    assert "RETRACTED: this publication was retracted" in notice.text_content()
    assert "CSL-JSON record" in notice.text_content()
    shown = page.xpath("//main")[0].text_content()
    assert shown.index("RETRACTED") < shown.index("Effect of Folate")


def test_a_source_of_no_known_standing_has_no_notice(client: FlaskClient) -> None:
    assert not _page(client, _ROTTERDAM).xpath("//*[@role='note']")


def test_who_cites_it_is_shown_with_the_citing_sentence(client: FlaskClient, searcher: Searcher) -> None:
    places = citing_places(searcher, searcher.library.source(_SATO))
    assert len(places) == len(searcher.library.cited_by(_SATO)) > 0
    for place in places:
        assert place.sentence in place.source.text
        assert place.passage is not None
        assert _SATO in place.passage.cites
    links = _page(client, _SATO).xpath("//section[@class='cited-by']//a/@href")
    assert links == [
        f"/sources/{p.source.source_id}?passage={p.passage.passage_id}#p-{p.passage.passage_id}"
        for p in places
        if p.passage
    ]


def test_the_passage_asked_for_is_marked_whole(client: FlaskClient, searcher: Searcher) -> None:
    library = searcher.library
    for row in library.holdings.passage_rows(_CRAMPS):
        (passage,) = library.passages([row])
        page = _page(client, _CRAMPS, passage=passage.passage_id)
        marked = "".join(mark.text_content() for mark in page.xpath("//div[@class='text']//mark"))
        if passage.kind == "table-row":
            assert marked
            continue
        assert "".join(marked.split()) == "".join(passage.text.split())
        assert page.xpath(f"//*[@id='p-{passage.passage_id}']")


def test_a_passage_of_another_text_is_said_to_be_missing(client: FlaskClient) -> None:
    page = _page(client, _CRAMPS, passage="0" * 20)
    assert "is not in this text" in _text(page, "//*[@role='status' and contains(@class, 'weak')]")
    assert not page.xpath("//mark")


def test_the_short_address_of_a_passage_leads_to_it(client: FlaskClient, searcher: Searcher) -> None:
    (passage,) = searcher.library.passages([0])
    response = client.get(f"/passages/{passage.passage_id}")
    assert response.status_code == 302
    name = passage.passage_id
    assert response.location == f"/sources/{passage.source_id}?passage={name}#p-{name}"
    assert client.get("/passages/nope", headers=_BROWSER).status_code == 404


def test_citations_in_the_text_are_links_with_their_standing(client: FlaskClient) -> None:
    page = _page(client, "article:vitamin-k-bone-after-retractions")
    retracted = page.xpath("//a[contains(@class, 'mention') and contains(@class, 'retracted')]")
    assert retracted
    assert all("Retracted" in link.get("title") for link in retracted)


def test_no_name_occurs_twice_in_a_page(client: FlaskClient, searcher: Searcher) -> None:
    for source in searcher.library.sources():
        ids = _page(client, source.source_id).xpath("//@id")
        assert len(ids) == len(set(ids)), source.source_id


@pytest.mark.parametrize(
    ("csl", "listed"),
    [
        ({}, []),
        (
            {"DOI": "10.1002/(SICI)1<5::AID>3.0", "PMID": "123", "PMCID": "pmc77"},
            [
                "https://doi.org/10.1002/(SICI)1%3C5::AID%3E3.0",
                "https://pubmed.ncbi.nlm.nih.gov/123/",
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC77/",
            ],
        ),
    ],
)
def test_identifiers_are_links_to_what_they_stand_for(csl: dict[str, str], listed: list[str]) -> None:
    assert [one.address for one in identifiers_of(Source("x", "study", csl, "", ()))] == listed


@pytest.mark.parametrize(
    ("notice", "address"),
    [
        (None, None),
        ("10.1001/jama.1", "https://doi.org/10.1001/jama.1"),
        ("pmid:123", "https://pubmed.ncbi.nlm.nih.gov/123/"),
    ],
)
def test_a_notice_is_a_link_to_where_it_is_read(notice: str | None, address: str | None) -> None:
    source = Source("x", "study", {}, "", (), integrity=Integrity("retracted", notice=notice))
    assert notice_address(source) == address
