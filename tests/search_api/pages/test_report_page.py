"""The report's page: what the report found, a section each, with links to where it stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from search_api.app import create_app
from search_api.pages import report_page
from search_api.propagation.reporting import library_report
from search_api.search import Searcher
from search_api.settings import Settings
from tests.search_api.propagation.shaky_library import shaky_library


def _main(client: FlaskClient) -> Any:
    response = client.get("/report")
    assert response.status_code == 200
    return html.fromstring(response.get_data(as_text=True)).xpath("//main")[0]


def test_the_counts_of_the_page_are_those_of_the_report(client: FlaskClient, searcher: Searcher) -> None:
    text = _main(client).text_content()
    counts = library_report(searcher.library).counts
    assert f"{counts['leaned_on_studies']} studies, cited in {counts['leaning_places']} sentences" in text
    assert f"{counts['uncited_claims']} sentences of articles that seem to state a fact" in text


def test_every_link_of_the_page_leads_somewhere(client: FlaskClient) -> None:
    links = set(_main(client).xpath(".//a/@href"))
    assert len(links) > 20
    for link in links:
        assert client.get(link).status_code == 200, link


def test_the_page_of_the_library_leads_to_the_report(client: FlaskClient) -> None:
    assert 'href="/report"' in client.get("/library").get_data(as_text=True)


def test_an_unknown_parameter_is_refused(client: FlaskClient) -> None:
    assert client.get("/report?limit=3", headers={"Accept": "text/html"}).status_code == 400


@pytest.fixture
def shaky_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, searcher: Searcher) -> Iterator[Any]:
    """The page of a library in which everything is amiss; only the library differs from the real one."""
    library = shaky_library(tmp_path / "library.sqlite")

    class Using:
        manifest = searcher.manifest

    Using.library = library  # type: ignore[attr-defined]
    monkeypatch.setattr(report_page, "searcher", Using)
    app: Flask = create_app(Settings())
    yield _main(app.test_client())
    library.close()


def test_a_sentence_that_does_not_say_so_is_marked(shaky_page: Any) -> None:
    marked = [quote.text_content() for quote in shaky_page.xpath(".//blockquote[strong]")]
    assert marked[0] == "Does not say so. One trial found fewer fractures [1]."
    assert len(marked) == 2


def test_all_that_is_amiss_stands_in_its_section(shaky_page: Any) -> None:
    sections = {s.xpath("./h2")[0].text_content(): s.text_content() for s in shaky_page.xpath("./section")}
    assert "Further reading: only in the reference list" in sections[next(iter(sections))]
    assert "Walking loads the hip." in sections["Claims without a citation"]
    assert "A work that is not here. 1999." in sections["References that resolve to nothing"]
    assert "Sound 2005" in sections["Studies that nothing here cites"]
