"""The search page: one field; below it the passages that answer, with what stands behind each.

The address holds the whole search, so that it can be shared, kept and gone back to.
"""

from dataclasses import dataclass
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from corpus.errors import ParameterError
from corpus.records import SearchHit
from search_api.api import parameters_of_address, searcher
from search_api.citations import ALIASES
from search_api.facets import DEPTH, Facets, facets_of, near_sources
from search_api.pages.blueprint import blueprint
from search_api.pages.chosen_style import chosen_style, remembering
from search_api.pages.evidence_plot import EvidencePlot, evidence_plot
from search_api.pages.examples import example_questions
from search_api.queries import MAX_LIMIT, SearchQuery, query_from
from search_api.search import SearchAnswer, Searcher

#: Parameters that narrow a search; the rest says what is asked and how the answer is shown.
FILTERS = ("kind", "study_type", "year_from", "year_to", "container", "integrity")


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as the page shows it: the hits asked for, facets and plot, whether more can be shown."""

    answer: SearchAnswer
    hits: tuple[SearchHit, ...]
    facets: Facets
    plot: EvidencePlot | None
    more: int | None


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: its words, and the address without it."""

    words: str
    address: str


@blueprint.get("/")
def search_page() -> Response:
    """One field; below it the passages that answer, each with its source and what stands behind it."""
    given = {name: value for name, value in parameters_given().items() if value not in ("", [])}
    using = searcher()
    context: dict[str, Any] = {"shown": None, "fault": None, "query": None, "chips": []}
    status = 200
    if given:
        try:
            query = query_from({k: v for k, v in parameters_of_address().items() if v not in ("", [])})
            context["style"] = chosen_style(query.style)
            context |= {"shown": shown(using, query), "query": query, "chips": chips(query, given)}
        except ParameterError as error:
            context |= {"fault": error, "without": address(given, **{error.field: None})}
            status = 400
    else:
        context["examples"] = example_questions(using)
    page = render_template(
        "search.html",
        given=given,
        counts=using.manifest.counts,
        citations=using.citations,
        styles=ALIASES,
        filters={name: value for name, value in given.items() if name in FILTERS},
        to=lambda **changes: address(given, **changes),
        **context,
    )
    style = given.get("style")
    return remembering(make_response(page, status), style if isinstance(style, str) else None)


def shown(using: Searcher, query: SearchQuery) -> Shown:
    """The answer with its facets; where something is filtered, what is near is ranked besides."""
    deep = using.search(query.model_copy(update={"limit": max(DEPTH, query.limit)}))
    near = (
        [hit.source for hit in deep.hits] if query.source_filter().is_empty() else near_sources(using, query)
    )
    hits = deep.hits[: query.limit]
    more = min(2 * query.limit if query.limit < 20 else DEPTH, MAX_LIMIT)
    return Shown(
        answer=deep,
        hits=hits,
        facets=facets_of(near, query),
        plot=evidence_plot(hits),
        more=more if len(deep.hits) > query.limit and more > query.limit else None,
    )


def parameters_given() -> dict[str, Any]:
    """What the address gives, lists only where more than one value was given."""
    return {
        name: values if len(values := request.args.getlist(name)) > 1 else values[0] for name in request.args
    }


def address(given: dict[str, Any], **changes: Any) -> str:
    """The address of the search with some parameters changed; None and an empty list take one away."""
    merged = {name: value for name, value in {**given, **changes}.items() if value not in (None, "", [], ())}
    return url_for("pages.search_page", **merged)


def toggled(chosen: tuple[str, ...], value: str) -> list[str]:
    """The designs chosen with one put in or taken out."""
    kept = [design for design in chosen if design.casefold() != value.casefold()]
    return kept if len(kept) < len(chosen) else [*chosen, value]


def chips(query: SearchQuery, given: dict[str, Any]) -> list[Chip]:
    """The filters that are on, each with the address that takes it off."""
    found = []
    if query.kind:
        found.append(Chip({"article": "articles", "study": "studies"}[query.kind], address(given, kind=None)))
    found += [
        Chip(design, address(given, study_type=toggled(query.study_type, design)))
        for design in query.study_type
    ]
    if query.year_from is not None or query.year_to is not None:
        found.append(Chip(_years(query), address(given, year_from=None, year_to=None)))
    if query.container:
        found.append(Chip(query.container, address(given, container=None)))
    if query.integrity != "flag":
        words = {"exclude": "without retracted or doubted", "only": "only marked standing"}[query.integrity]
        found.append(Chip(words, address(given, integrity=None)))
    return found


def _years(query: SearchQuery) -> str:
    if query.year_from == query.year_to:
        return str(query.year_from)
    if query.year_from is None:
        return f"until {query.year_to}"
    if query.year_to is None:
        return f"since {query.year_from}"
    return f"{query.year_from} to {query.year_to}"
