"""A library looked at as a whole: counts, standings, neighbours in the alphabet."""

from collections.abc import Iterator

import pytest

from indexer.generation import LIBRARY_FILE
from indexer.library import Library
from tests.indexer.small_index import ARTICLE_ID, CRAMPS_ID, GLA_ID, SmallIndex


@pytest.fixture
def library(light_index: SmallIndex) -> Iterator[Library]:
    opened = Library(light_index.live().path / LIBRARY_FILE)
    yield opened
    opened.close()


def test_sources_are_counted_by_column_most_first(library: Library) -> None:
    assert library.holdings.tally("kind") == [("study", 2), ("article", 1)]
    assert library.holdings.tally("design", "study") == [("RCT", 1), ("cohort", 1)]
    assert dict(library.holdings.tally("year")) == {2004: 1, 2010: 1, 2024: 1}


def test_a_column_that_is_none_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="use one of kind"):
        library.holdings.tally("text; DROP TABLE sources")  # type: ignore[arg-type]


def test_passages_of_a_source_come_in_order_of_its_text(library: Library) -> None:
    rows = library.holdings.passage_rows(ARTICLE_ID)
    passages = library.passages(rows)
    assert {passage.source_id for passage in passages} == {ARTICLE_ID}
    assert [p.start for p in passages] == sorted(p.start for p in passages)
    total = sum(len(library.holdings.passage_rows(one)) for one in (ARTICLE_ID, GLA_ID, CRAMPS_ID))
    assert total == len(library.passage_sources)
    assert library.holdings.passage_rows("nope") == []


def test_neighbouring_aliases_surround_a_name_that_is_not_there(library: Library) -> None:
    near = library.holdings.neighbouring_aliases("doi:10.5555/gla.2004.2")
    assert GLA_ID in near
    assert library.holdings.neighbouring_aliases("zzz", each_side=1) != []


def test_no_standing_is_marked_where_none_is_known(library: Library) -> None:
    assert library.holdings.with_standing(10) == []
