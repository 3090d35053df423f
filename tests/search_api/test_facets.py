"""Facets: counted over distinct sources, each with every filter but its own."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Integrity, Source, Study
from search_api.facets import DEPTH, Facets, FacetValue, facets_of, near_sources, passes, unfiltered
from search_api.queries import SearchQuery
from search_api.search import Searcher


def _study(
    name: str, design: str = "RCT", year: int | None = 2010, container: str | None = None, status: Any = None
) -> Source:
    csl = {"container-title": container} | ({"issued": {"date-parts": [[year]]}} if year else {})
    integrity = Integrity(status or "none-known")
    return Source(f"doi:10.1/{name}", "study", csl, "", (), study=Study(design), integrity=integrity)


def _article(name: str, year: int = 2026) -> Source:
    return Source(f"article:{name}", "article", {"issued": {"date-parts": [[year]]}}, "", ())


_SOURCES = (
    _study("a", "RCT", 2001, "Bone"),
    _study("b", "RCT", 2003, "Bone", "retracted"),
    _study("c", "cohort", 2004, "JAMA"),
    _study("d", "cohort", 2011, "JAMA", "corrected"),
    _study("e", "unknown", None),
    _article("f"),
)


def _facets(**filters: Any) -> Facets:
    return facets_of(_SOURCES, SearchQuery(query="bones", **filters))


def _counts(values: tuple[FacetValue, ...]) -> dict[str, int]:
    return {value.value: value.count for value in values}


def test_without_filters_every_source_counts_once_in_each_facet() -> None:
    facets = facets_of([*_SOURCES, *_SOURCES], SearchQuery(query="bones"))
    assert facets.sources == 6
    assert _counts(facets.kinds) == {"study": 5, "article": 1}
    assert _counts(facets.designs) == {"RCT": 2, "cohort": 2, "unknown": 1}
    assert _counts(facets.containers) == {"Bone": 2, "JAMA": 2}
    assert _counts(facets.standings) == {"flag": 6, "exclude": 5, "only": 2}


def test_a_facet_is_counted_with_every_filter_but_its_own() -> None:
    facets = _facets(study_type=("rct",), year_to=2009)
    assert _counts(facets.designs) == {"RCT": 2, "cohort": 1}
    assert [value.chosen for value in facets.designs] == [True, False]
    assert _counts(facets.containers) == {"Bone": 2}
    assert sum(years.count for years in facets.years) == 2
    assert _counts(_facets(integrity="only").standings) == {"flag": 6, "exclude": 5, "only": 2}
    assert _counts(_facets(integrity="only").designs) == {"RCT": 1, "cohort": 1}


def test_a_chosen_value_that_no_source_has_stays_to_be_taken_off() -> None:
    (value,) = (v for v in _facets(container="Lancet").containers if v.chosen)
    assert (value.value, value.count) == ("Lancet", 0)


def test_journals_beyond_the_eighth_are_left_out_unless_chosen() -> None:
    sources = [_study(f"{n}", container=f"Journal {n}") for n in range(12)]
    facets = facets_of(sources, SearchQuery(query="bones", container="Journal 9"))
    assert len(facets.containers) == 9
    assert [v.value for v in facets.containers if v.chosen] == ["Journal 9"]


def test_years_fill_bins_without_gaps_up_to_the_edges() -> None:
    facets = facets_of([_study("a", year=1990), _study("b", year=2026)], SearchQuery(query="bones"))
    bins = facets.years
    assert (bins[0].first, bins[-1].last) == (1990, 2026)
    assert all(one.last + 1 == after.first for one, after in pairwise(bins))
    assert sum(one.count for one in bins) == 2
    assert len(bins) <= 24


def test_years_that_are_chosen_are_told_from_the_rest() -> None:
    facets = _facets(year_from=2003, year_to=2004, kind="study")
    assert [one.first for one in facets.years if one.chosen] == [2003, 2004]


@given(years=st.lists(st.integers(1000, 3000), max_size=30))
def test_whatever_the_years_each_is_in_exactly_one_bin(years: list[int]) -> None:
    sources = [_study(f"{n}", year=year) for n, year in enumerate(years)]
    bins = facets_of(sources, SearchQuery(query="bones")).years
    assert sum(one.count for one in bins) == len(years)
    for year in years:
        assert sum(one.first <= year <= one.last for one in bins) == 1
    assert len(bins) <= 24


@pytest.mark.parametrize(
    "filters",
    [
        {"kind": "study"},
        {"study_type": ("rct", "Cohort")},
        {"year_from": 2010, "year_to": 2015},
        {"container": "nutrients"},
        {"integrity": "only"},
        {"integrity": "exclude", "kind": "study", "year_to": 2014},
    ],
)
def test_a_source_passes_here_where_it_passes_in_the_library(
    searcher: Searcher, filters: dict[str, Any]
) -> None:
    where = SearchQuery(query="bones", **filters).source_filter()
    library = searcher.library
    mask = library.source_mask(
        where.kind, where.study_types, where.year_from, where.year_to, where.container, where.statuses
    )
    assert 0 < mask.sum() < len(mask)
    assert [passes(library.source_at(row), where) for row in range(len(mask))] == mask.tolist()


def test_what_is_near_does_not_depend_on_the_filters(searcher: Searcher) -> None:
    query = SearchQuery(query="vitamin K and fractures", limit=DEPTH)
    hits = searcher.search(query).hits
    expected = list(dict.fromkeys(hit.source.source_id for hit in hits))
    for filters in ({}, {"kind": "article"}, {"integrity": "only", "year_to": 2015}):
        near = near_sources(searcher, query.model_copy(update=filters))
        assert [source.source_id for source in near] == expected


def test_the_question_without_filters_keeps_what_is_asked_and_how() -> None:
    query = SearchQuery(query="bones", kind="study", year_to=2000, mode="lexical", limit=5, integrity="only")
    bare = unfiltered(query)
    assert bare.source_filter().is_empty()
    assert (bare.query, bare.mode, bare.limit) == ("bones", "lexical", DEPTH)
    assert unfiltered(query.model_copy(update={"limit": 100})).limit == 100
