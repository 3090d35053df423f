"""A library -> the report on it."""

from collections.abc import Iterator, Sequence

from corpus.records import Source
from indexer.library import Library
from search_api.propagation.leaning import leanings
from search_api.propagation.records import LibraryReport, UnresolvedReference
from search_api.propagation.uncited_claims import uncited_claims


def library_report(library: Library) -> LibraryReport:
    """Everything that is found in a library; reads its articles whole."""
    graph = library.citation_graph
    articles = map(library.source_at, graph.articles())
    claims = tuple(claim for article in articles for claim in uncited_claims(article))
    return LibraryReport(leanings(library), claims, graph.unresolved(), graph.uncited_studies())


def unresolved_references(library: Library, at: Sequence[tuple[int, int]]) -> Iterator[UnresolvedReference]:
    """The references of some rows and positions."""
    for row, position in at:
        source = library.source_at(row)
        yield UnresolvedReference(source, source.references[position])


def uncited_studies(library: Library, rows: Sequence[int]) -> Iterator[Source]:
    """The studies of some rows."""
    return map(library.source_at, rows)
