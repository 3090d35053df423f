"""The facets of an answer and the neighbours of a source, as documents of the API."""

from typing import Annotated, Literal

from pydantic import Field

from corpus.records import Source
from search_api.answers import FacetsDocument, FacetValueDocument, SimilarAnswer, YearsDocument
from search_api.documents import source_summary
from search_api.facets import FacetValue, facets_of, near_sources
from search_api.queries import FileRequest, SearchQuery
from search_api.search import Searcher
from search_api.similar import SimilarSource

MAX_SIMILAR = 50


class SimilarRequest(FileRequest):
    """What the neighbours of a source may be asked for with."""

    limit: Annotated[int, Field(ge=1, le=MAX_SIMILAR, description="Sources in the answer.")] = 5
    kind: Annotated[Literal["article", "study"] | None, Field(description="What a source is.")] = None


def similar_document(
    source: Source, found: list[SimilarSource], searcher: Searcher, style: str
) -> SimilarAnswer:
    """A source and those most like it."""
    return {
        "index_version": searcher.manifest.index_version,
        "source": source_summary(source, searcher, style),
        "similar": [
            {"cosine": one.cosine, "source": source_summary(one.source, searcher, style)} for one in found
        ],
    }


def facets_document(query: SearchQuery, searcher: Searcher) -> FacetsDocument:
    """How many of the sources nearest to a question are of each kind, design, journal, standing and year."""
    found = facets_of(near_sources(searcher, query), query)
    years: list[YearsDocument] = [
        {"first": one.first, "last": one.last, "count": one.count, "chosen": one.chosen}
        for one in found.years
    ]
    return {
        "sources": found.sources,
        "kind": _values(found.kinds),
        "study_type": _values(found.designs),
        "container": _values(found.containers),
        "integrity": _values(found.standings),
        "years": years,
    }


def _values(values: tuple[FacetValue, ...]) -> list[FacetValueDocument]:
    return [{"value": one.value, "count": one.count, "chosen": one.chosen} for one in values]
