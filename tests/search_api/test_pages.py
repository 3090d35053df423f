"""The web page as a server without script renders it."""

from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from corpus.records import Integrity, Passage, SearchHit, Source, Span, Study
from search_api.pages import evidence_of, marked, standing_of
from search_api.queries import query_from
from search_api.search import Searcher

_QUESTION = "Does magnesium prevent night cramps?"


def _page(client: FlaskClient, status: int = 200, **parameters: str) -> Any:
    response = client.get("/", query_string=parameters)
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    return html.fromstring(response.get_data(as_text=True))


def _texts(page: Any, selector: str) -> list[str]:
    return [element.text_content().strip() for element in page.xpath(selector)]


def _by_class(name: str) -> str:
    return f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"


def test_the_first_page_asks_for_a_question_and_offers_some_that_are_answered(client: FlaskClient) -> None:
    page = _page(client)
    assert page.xpath("//form[@method='get']//input[@name='query']")
    assert page.xpath("//label[@for='query']")
    links = page.xpath(f"{_by_class('examples')}//a/@href")
    assert len(links) == 3
    for link in links:
        answered = html.fromstring(client.get(link).get_data(as_text=True))
        assert answered.xpath("//blockquote")
        assert not answered.xpath(_by_class("weak"))


def test_the_first_page_counts_what_is_searched(client: FlaskClient, searcher: Searcher) -> None:
    counts = searcher.manifest.counts
    text = _page(client).xpath("//main")[0].text_content()
    assert f"{counts['articles']} articles and {counts['studies']} studies" in text


def test_every_hit_is_shown_in_order_with_its_quote_title_and_citation(
    client: FlaskClient, searcher: Searcher
) -> None:
    page = _page(client, query=_QUESTION)
    hits = searcher.search(query_from({"query": _QUESTION})).hits
    assert [e.text_content() for e in page.xpath("//blockquote")] == [hit.passage.text for hit in hits]
    assert _texts(page, "//article/h2") == [hit.source.title for hit in hits]
    assert _texts(page, f"//article/{_by_class('citation')[2:]}") == [
        searcher.citations.format(hit.source, "apa") for hit in hits
    ]


def test_the_answering_sentence_is_marked(client: FlaskClient, searcher: Searcher) -> None:
    hits = searcher.search(query_from({"query": _QUESTION})).hits
    expected = [h.passage.text[s.start : s.end] for h in hits for s in h.highlights]
    assert expected
    assert [e.text_content() for e in _page(client, query=_QUESTION).xpath("//mark")] == expected


def test_a_retraction_stands_before_the_quote_and_in_words(client: FlaskClient) -> None:
    page = _page(client, query="Sato menatetrenone Parkinson fractures")
    first = page.xpath("//ol/li")[0]
    assert first.get("class") == "retracted"
    assert _texts(first, f".{_by_class('standing')}")[0] == "Retracted"
    shown = first.text_content()
    assert shown.index("RETRACTED: this publication was retracted") < shown.index("claimed that")


def test_the_studies_behind_a_passage_are_listed_with_links(client: FlaskClient, searcher: Searcher) -> None:
    asked = "retracted trial of vitamin K in Parkinson disease"
    page = _page(client, query=asked, kind="article")
    hits = searcher.search(query_from({"query": asked, "kind": "article"})).hits
    with_cites = [hit for hit in hits if hit.cites]
    details = page.xpath("//details")
    assert len(details) == len(with_cites) > 0
    for element, hit in zip(details, with_cites, strict=True):
        assert element.xpath(".//a/@href") == [c.source.url for c in hit.cites]
        (summary,) = _texts(element, "./summary")
        noun = "study" if len(hit.cites) == 1 else "studies"
        assert summary == f"{len(hit.cites)} {noun} behind this passage"


def test_the_style_asked_for_is_used(client: FlaskClient) -> None:
    page = _page(client, query="menaquinone and coronary heart disease", style="vancouver", kind="study")
    assert any(t.startswith("Geleijnse JM, Vermeer C") for t in _texts(page, _by_class("citation")))


def test_an_inadequate_answer_says_so_before_the_results(client: FlaskClient) -> None:
    page = _page(client, query="How do I change the oil of a motorcycle?")
    (note,) = page.xpath(_by_class("weak"))
    assert "Nothing adequate found" in note.text_content()
    assert note.getnext().get("class") == "results"


def test_an_answer_without_hits_says_so(client: FlaskClient) -> None:
    page = _page(client, query="vitamin K", year_to="1001")
    assert _texts(page, _by_class("weak")) == ["Nothing found."]
    assert not page.xpath("//blockquote")


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"query": "the of"}, "query"),
        ({"query": "cramps", "limit": "0"}, "limit"),
        ({"query": "cramps", "limit": "abc"}, "limit"),
        ({"query": "x" * 2001}, "query"),
        ({"query": "cramps", "nope": "1"}, "nope"),
        ({"query": "cramps", "study_type": "horoscope"}, "study_type"),
        ({"query": "cramps", "style": "no-such-style"}, "style"),
        ({"query": "cramps", "year_from": "2020", "year_to": "2010"}, "year_from"),
    ],
)
def test_a_fault_is_told_on_the_page_with_the_field_above(
    client: FlaskClient, parameters: dict[str, str], field: str
) -> None:
    page = _page(client, 400, **parameters)
    (fault,) = page.xpath("//*[@role='alert']")
    assert fault.xpath("./strong")[0].text_content() == field
    assert page.xpath("//input[@name='query']")[0].get("value") == parameters.get("query", "")
    assert not page.xpath("//blockquote")


def test_a_parameter_given_twice_is_told_on_the_page(client: FlaskClient) -> None:
    response = client.get("/?query=cramps&limit=1&limit=2")
    assert response.status_code == 400
    assert 'role="alert"' in response.get_data(as_text=True)


def test_two_study_types_are_both_searched(client: FlaskClient) -> None:
    response = client.get("/?query=vitamin+K&study_type=RCT&study_type=cohort&limit=30")
    page = html.fromstring(response.get_data(as_text=True))
    evidence = _texts(page, f"//article/{_by_class('evidence')[2:]}")
    assert {text.split(",")[0].split()[-1] for text in evidence} == {"RCT", "cohort"}


def test_empty_fields_of_the_form_count_as_not_given(client: FlaskClient) -> None:
    assert _page(client, query="").xpath(_by_class("examples"))
    assert _page(client, query="leg cramps", limit="", kind="").xpath("//blockquote")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


@pytest.mark.parametrize("status", [200, 400])
def test_what_a_visitor_types_never_becomes_markup(client: FlaskClient, status: int) -> None:
    typed = '"><script>alert(1)</script><img src=x onerror=alert(1)> cramps'
    parameters = {"query": typed} | ({"limit": "<b>0</b>"} if status == 400 else {})
    response = client.get("/", query_string=parameters)
    assert response.status_code == status
    tags = _Tags()
    tags.feed(response.get_data(as_text=True))
    assert not tags.seen & {"script", "img", "b"}
    page = html.fromstring(response.get_data(as_text=True))
    assert page.xpath("//input[@name='query']")[0].get("value") == typed


def test_the_page_needs_no_script_and_loads_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = _page(client, query=_QUESTION)
    assert not page.xpath("//script | //*[@style] | //style | //*[@onclick]")
    loaded = page.xpath("//link/@href | //img/@src")
    assert loaded
    for address in loaded:
        assert address.startswith("/static/")
        response = client.get(address)
        assert response.status_code == 200
        response.close()


def test_the_page_has_a_language_a_title_and_one_main_heading(client: FlaskClient) -> None:
    page = _page(client, query=_QUESTION)
    assert page.xpath("/html/@lang") == ["en"]
    assert _texts(page, "//title") == [f"{_QUESTION} - Footnote"]
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1


def _hit(text: str, *spans: Span) -> SearchHit:
    source = Source("article:x", "article", {"title": "X"}, text, ())
    passage = Passage("p", "article:x", 0, len(text), text, (), "paragraph")
    return SearchHit(1, 1.0, 0.5, {}, passage, source, (), spans, ())


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ((), [("One. Two. Three.", False)]),
        ((Span(5, 9),), [("One. ", False), ("Two.", True), (" Three.", False)]),
        ((Span(0, 4),), [("One.", True), (" Two. Three.", False)]),
        ((Span(10, 16),), [("One. Two. ", False), ("Three.", True)]),
        ((Span(0, 4), Span(5, 9)), [("One.", True), (" ", False), ("Two.", True), (" Three.", False)]),
    ],
)
def test_a_quote_is_cut_at_its_highlights_and_nothing_is_lost(
    spans: tuple[Span, ...], pieces: list[tuple[str, bool]]
) -> None:
    assert marked(_hit("One. Two. Three.", *spans)) == pieces


@pytest.mark.parametrize(
    ("study", "words"),
    [
        (None, "article"),
        (Study("RCT", "86 patients"), "RCT, 86 patients"),
        (Study("RCT"), "RCT"),
        (Study(), "study, design not recorded"),
        (Study(sample_size="12 women"), "study, design not recorded, 12 women"),
    ],
)
def test_the_kind_of_evidence_is_told_in_words(study: Study | None, words: str) -> None:
    assert evidence_of(Source("x", "study" if study else "article", {}, "", (), study=study)) == words


def test_only_a_standing_that_must_be_seen_has_a_word() -> None:
    def shown(status: Any) -> str | None:
        return standing_of(Source("x", "study", {}, "", (), integrity=Integrity(status)))

    assert shown("none-known") is None
    assert [shown(s) for s in ("retracted", "concern", "corrected", "republished")] == [
        "Retracted",
        "Expression of concern",
        "Corrected",
        "Republished",
    ]
