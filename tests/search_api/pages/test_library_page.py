"""The library's page: counts that agree with the library, standing, a map with windows that stay on it."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from corpus.errors import ParameterError
from search_api.pages.library_page import bars, years
from search_api.pages.map_view import CLOSEST, DRAWN, HEIGHT, WIDTH, Window, map_view
from search_api.search import Searcher


def _page(client: FlaskClient, **parameters: Any) -> Any:
    return html.fromstring(client.get("/library", query_string=parameters).get_data(as_text=True))


def test_the_counts_are_those_of_the_library(client: FlaskClient, searcher: Searcher) -> None:
    text = _page(client).xpath("//main")[0].text_content()
    counts = searcher.manifest.counts
    assert (
        f"{counts['articles']} articles and {counts['studies']} studies in {counts['passages']} passages"
        in text
    )
    assert searcher.manifest.index_version in text
    assert searcher.manifest.parameters["model"] in text


def test_every_marked_source_is_listed_the_retracted_first(client: FlaskClient, searcher: Searcher) -> None:
    listed = _page(client).xpath("//ul[@class='doubted']/li")
    marked = [s for s in searcher.library.sources() if s.integrity.status != "none-known"]
    assert {li.xpath("./a/@href")[0] for li in listed} == {f"/sources/{s.source_id}" for s in marked}
    statuses = [li.get("class") for li in listed]
    assert statuses == sorted(statuses, key=["retracted", "concern", "corrected", "republished"].index)


def test_years_leave_none_out(searcher: Searcher) -> None:
    found = years(searcher)
    numbers = [int(bar.words) for bar in found]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    assert sum(bar.count for bar in found) == searcher.manifest.counts["studies"]
    assert max(bar.length for bar in found) == 1


def test_bars_leave_out_what_has_no_value() -> None:
    assert [(b.words, b.count, b.length) for b in bars([("a", 4), (None, 9), ("b", 1)])] == [
        ("a", 4, 1.0),
        ("b", 1, 0.25),
    ]
    assert bars([]) == []


def test_the_map_draws_a_share_of_the_whole_and_more_of_a_part(searcher: Searcher) -> None:
    whole = map_view(searcher, Window())
    assert len(whole.dots) == DRAWN < whole.held == len(searcher.library.passage_sources)
    for dot in whole.dots:
        assert 0 < dot.x < WIDTH
        assert 0 < dot.y < HEIGHT
        assert dot.passage.source_id == dot.source.source_id
    part = map_view(searcher, Window(0.5, 0.5, 4).inside())
    assert len(part.dots) == part.held < whole.held


def test_nine_cells_lead_closer_to_where_they_are(searcher: Searcher) -> None:
    cells = map_view(searcher, Window()).cells
    assert len(cells) == 9
    assert {cell.window.zoom for cell in cells} == {2}
    assert cells[0].window == Window(0.25, 0.25, 2)
    assert cells[8].window == Window(0.75, 0.75, 2)
    assert map_view(searcher, Window(0.5, 0.5, CLOSEST)).cells == ()


def test_the_dots_of_the_page_lead_to_passages(client: FlaskClient) -> None:
    links = _page(client, zoom=4).xpath("//*[@data-map]//*[local-name()='circle']/../@href")
    assert links
    assert client.get(links[0]).status_code == 302


@given(x=st.floats(0, 1), y=st.floats(0, 1), zoom=st.sampled_from([1, 2, 4, 8, 16]))
def test_no_way_leads_off_the_map(x: float, y: float, zoom: int) -> None:
    window = Window(x, y, zoom).inside()
    steps = [window.moved(r, d) for r in (-0.5, 0, 0.5) for d in (-0.5, 0, 0.5)]
    for one in (window, window.nearer(), window.farther(), *steps):
        half = 0.5 / one.zoom - 1e-3
        assert half <= one.x <= 1 - half
        assert half <= one.y <= 1 - half
        assert 1 <= one.zoom <= CLOSEST


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"x": "2"}, "x"),
        ({"y": "nan"}, "y"),
        ({"zoom": "0"}, "zoom"),
        ({"zoom": "9e9"}, "zoom"),
        ({"z": "1"}, "z"),
        ({"x": "<b>"}, "x"),
    ],
)
def test_a_window_that_is_none_is_refused(given_: dict[str, str], field: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Window.of(given_)
    assert caught.value.field == field


def test_empty_parameters_mean_the_whole() -> None:
    assert Window.of({"x": "", "y": "", "zoom": ""}) == Window()
