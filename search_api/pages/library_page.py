"""The library as a whole: what is indexed, by design, journal, year and subject; its standing; a map."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from corpus.records import Source
from search_api.api import searcher
from search_api.pages.blueprint import blueprint
from search_api.pages.map_view import Window, map_view
from search_api.pages.wording import DESIGN_NOT_RECORDED
from search_api.search import Searcher

_STANDINGS_SHOWN = 100
_JOURNALS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its count, and its length as a share of the longest."""

    words: str
    count: int
    length: float


@dataclass(frozen=True, slots=True)
class Doubted:
    """A source with a marked standing, and how many sources of the library mention it."""

    source: Source
    citing: int


@blueprint.get("/library")
def library_page() -> Response:
    """What is indexed, its standing, and a map; ``x``, ``y`` and ``zoom`` choose a part of the map."""
    window = Window.of(request.args)
    using = searcher()
    holdings = using.library.holdings
    page = render_template(
        "library.html",
        manifest=using.manifest,
        megabytes=sum(size for size, _ in using.manifest.files.values()) / 1e6,
        designs=bars(
            [(DESIGN_NOT_RECORDED if v == "unknown" else v, n) for v, n in holdings.tally("design", "study")]
        ),
        years=years(using),
        journals=bars([(v, n) for v, n in holdings.tally("container") if v][:_JOURNALS_SHOWN]),
        statuses=dict(holdings.tally("status")),
        doubted=doubted(using),
        view=map_view(using, window),
        window=window,
    )
    return make_response(page)


@blueprint.get("/passages/<passage_id>")
def passage_page(passage_id: str) -> Response:
    """The short address of a passage: leads to it in its source."""
    passage = searcher().library.passage(passage_id)
    return redirect(
        url_for(
            "pages.source_page",
            identifier=passage.source_id,
            passage=passage_id,
            _anchor=f"p-{passage_id}",
        )
    )


def bars(counted: Sequence[tuple[str | int | None, int]]) -> list[Bar]:
    """Counts as bars; what has no value is left out."""
    kept = [(str(value), count) for value, count in counted if value is not None]
    longest = max((count for _, count in kept), default=1)
    return [Bar(words, count, count / longest) for words, count in kept]


def years(using: Searcher) -> list[Bar]:
    """The studies of every year from the first to the last, empty years too."""
    counts = {int(year): n for year, n in using.library.holdings.tally("year", "study") if year is not None}
    if not counts:
        return []
    most = max(counts.values())
    return [
        Bar(str(year), counts.get(year, 0), counts.get(year, 0) / most)
        for year in range(min(counts), max(counts) + 1)
    ]


def doubted(using: Searcher) -> list[Doubted]:
    """The sources with a marked standing, the gravest first."""
    library = using.library
    sources = [library.source_at(row) for row in library.holdings.with_standing(_STANDINGS_SHOWN)]
    return [Doubted(source, len(library.cited_by(source.source_id))) for source in sources]
