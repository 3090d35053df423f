"""What the sources nearest to a question are: how many of each kind, design, year, journal, standing.

Counted over the sources of the nearest passages (`DEPTH`), not over the whole match: the dense leg finds
every passage more or less near, so the whole match of any question is the whole library. A facet is
counted with all filters applied but its own, so that it shows what choosing another value would give.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from corpus.records import Source
from indexer.lexical import LexicalFilter
from search_api.queries import SearchQuery
from search_api.search import Searcher

#: Passages whose sources are counted.
DEPTH = 50
_JOURNALS = 8
_MOST_BINS = 24
_WIDTHS = (1, 2, 5, 10, 20, 50, 100, 500)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that a filter can take, how many sources have it, and whether it is chosen."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class YearBin:
    """Some years, first and last, and how many sources are of them."""

    first: int
    last: int
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets of an answer; ``sources`` is how many were counted before any filter."""

    sources: int
    kinds: tuple[FacetValue, ...]
    designs: tuple[FacetValue, ...]
    containers: tuple[FacetValue, ...]
    standings: tuple[FacetValue, ...]
    years: tuple[YearBin, ...]


def unfiltered(query: SearchQuery) -> SearchQuery:
    """The same question without filters, as deep as facets are counted."""
    none = {"kind": None, "study_type": (), "year_from": None, "year_to": None, "container": None}
    return query.model_copy(update={**none, "integrity": "flag", "limit": max(DEPTH, query.limit)})


def near_sources(using: Searcher, query: SearchQuery) -> list[Source]:
    """The sources of the passages nearest to a question, its filters left aside."""
    library = using.library
    rows = library.passage_sources[using.rank(unfiltered(query)).rows]
    return [library.source_at(int(row)) for row in dict.fromkeys(rows.tolist())]


def facets_of(sources: Iterable[Source], query: SearchQuery) -> Facets:
    """The facets of the sources near a question; ``sources`` may name one more than once."""
    distinct = list({source.source_id: source for source in sources}.values())
    where = query.source_filter()
    kind, container = _listed(where.kind), _listed(where.container)
    return Facets(
        sources=len(distinct),
        kinds=_values(_passing(distinct, replace(where, kind=None)), lambda s: s.kind, kind),
        designs=_values(_passing(distinct, replace(where, study_types=())), _design, where.study_types),
        containers=_values(
            _passing(distinct, replace(where, container=None)), _container, container, _JOURNALS
        ),
        standings=_standings(_passing(distinct, replace(where, statuses=())), query),
        years=_bins(_passing(distinct, replace(where, year_from=None, year_to=None)), where),
    )


def passes(source: Source, where: LexicalFilter) -> bool:
    """Whether a source satisfies a filter, as both legs would judge it."""
    return (
        (not where.kind or source.kind == where.kind)
        and (not where.study_types or _folded(_design(source)) in map(_folded, where.study_types))
        and (where.year_from is None or (source.year is not None and source.year >= where.year_from))
        and (where.year_to is None or (source.year is not None and source.year <= where.year_to))
        and (not where.container or _folded(_container(source)) == _folded(where.container))
        and (not where.statuses or source.integrity.status in where.statuses)
    )


def _passing(sources: Sequence[Source], where: LexicalFilter) -> list[Source]:
    return [source for source in sources if passes(source, where)]


def _values(
    sources: Iterable[Source],
    value_of: Callable[[Source], str | None],
    chosen: Sequence[str],
    most: int | None = None,
) -> tuple[FacetValue, ...]:
    """The values by count, then by name; what is chosen stays in the list, even with a count of 0."""
    counts = Counter(value for source in sources if (value := value_of(source)))
    wanted = {_folded(value) for value in chosen}
    held = {_folded(value) for value in counts}
    counts.update({value: 0 for value in chosen if _folded(value) not in held})
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold()))
    kept = [
        (v, n) for place, (v, n) in enumerate(ordered) if most is None or place < most or _folded(v) in wanted
    ]
    return tuple(FacetValue(value, count, _folded(value) in wanted) for value, count in kept)


def _standings(sources: Sequence[Source], query: SearchQuery) -> tuple[FacetValue, ...]:
    """The three values of ``integrity``, each with what it would leave."""
    found = []
    for value in ("flag", "exclude", "only"):
        statuses = query.model_copy(update={"integrity": value}).source_filter().statuses
        left = _passing(sources, LexicalFilter(statuses=statuses))
        found.append(FacetValue(value, len(left), value == query.integrity))
    return tuple(found)


def _bins(sources: Iterable[Source], where: LexicalFilter) -> tuple[YearBin, ...]:
    """Years in equal bins without gaps, as narrow as leaves at most `_MOST_BINS`."""
    years = Counter(source.year for source in sources if source.year is not None)
    if not years:
        return ()
    first, last = min(years), max(years)
    width = next((w for w in _WIDTHS if last // w - first // w < _MOST_BINS), _WIDTHS[-1])
    lowest = where.year_from if where.year_from is not None else first
    highest = where.year_to if where.year_to is not None else last
    return tuple(
        YearBin(
            first=max(start, first),
            last=min(start + width - 1, last),
            count=sum(years[year] for year in range(start, start + width)),
            chosen=lowest <= start + width - 1 and start <= highest,
        )
        for start in range(first - first % width, last + 1, width)
    )


def _design(source: Source) -> str | None:
    return source.study.design if source.study else None


def _container(source: Source) -> str | None:
    container = source.csl.get("container-title")
    return str(container) if container else None


def _listed(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _folded(value: str | None) -> str | None:
    return value.casefold() if value is not None else None
