"""Near sources: by the mean of their own passages, never themselves."""

import pytest

from corpus.records import Source
from search_api.search import Searcher
from search_api.similar import similar_to

_CRAMPS = "article:nocturnal-leg-cramps"


def test_near_sources_are_distinct_ordered_and_not_the_source_itself(searcher: Searcher) -> None:
    source = searcher.library.source(_CRAMPS)
    near = similar_to(searcher, source, most=6)
    ids = [one.source.source_id for one in near]
    assert len(ids) == len(set(ids)) == 6
    assert _CRAMPS not in ids
    assert [one.cosine for one in near] == sorted((one.cosine for one in near), reverse=True)
    assert all(-1 <= one.cosine <= 1 for one in near)
    assert any("cramps" in one.source.title.casefold() for one in near[:3])


@pytest.mark.parametrize("kind", ["article", "study"])
def test_only_one_kind_is_given_where_it_is_asked_for(searcher: Searcher, kind: str) -> None:
    near = similar_to(searcher, searcher.library.source(_CRAMPS), kind=kind)
    assert {one.source.kind for one in near} == {kind}


def test_a_source_without_passages_has_nothing_near(searcher: Searcher) -> None:
    assert similar_to(searcher, Source("article:none", "article", {}, "", ())) == []
