"""The sources most like a source: nearest by the mean of its own passages' vectors."""

from dataclasses import dataclass

import numpy as np

from corpus.records import Source
from indexer.lexical import LexicalFilter
from search_api.search import Searcher

#: Passages looked at for each source wanted; several may be of one source.
_DEPTH_PER_SOURCE = 12


@dataclass(frozen=True, slots=True)
class SimilarSource:
    """A source with the cosine of its nearest passage."""

    source: Source
    cosine: float


def similar_to(
    searcher: Searcher, source: Source, most: int = 5, kind: str | None = None
) -> list[SimilarSource]:
    """The sources nearest to a source, best first, draws by id; empty where it has no passage."""
    library = searcher.library
    own = library.holdings.passage_rows(source.source_id)
    if not own:
        return []
    mean = searcher.vectors.vectors(np.array(own)).mean(axis=0)
    mean /= max(float(np.linalg.norm(mean)), 1e-9)
    allowed = np.ones(len(library.passage_sources), dtype=np.bool_)
    if kind:
        allowed = library.source_mask(kind=kind)[library.passage_sources]
    allowed[own] = False
    where = LexicalFilter(kind=kind)
    rows, cosines = searcher.vectors.search(mean, most * _DEPTH_PER_SOURCE, allowed, where)
    nearest: dict[int, float] = {}
    for row, cosine in zip(rows, cosines, strict=True):
        nearest.setdefault(int(library.passage_sources[row]), float(cosine))
    found = [SimilarSource(library.source_at(row), round(c, 4)) for row, c in nearest.items()]
    return sorted(found, key=lambda s: (-s.cosine, s.source.source_id))[:most]
