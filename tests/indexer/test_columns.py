"""Columns of the library: what SQLite holds, damage. Filters are tested against both legs in test_library."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import IndexDamagedError
from indexer import columns
from indexer.columns import Columns, ColumnWriter

words = st.none() | st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
given_sources = st.tuples(
    st.sampled_from(["article", "study"]),
    words,
    st.none() | st.integers(1000, 2100),
    words,
    st.just("corrected"),
)


def written(folder: Path, sources: list[tuple[str, str | None, int | None, str | None, str]]) -> Columns:
    writer = ColumnWriter()
    for row, source in enumerate(sources):
        writer.add_source(*source)
        writer.add_passage(f"{row:020x}", row, row, row + 5)
    writer.close(folder)
    return Columns(folder)


@given(st.lists(given_sources, max_size=6))
def test_passages_have_what_was_written_and_sources_their_designs(
    tmp_path_factory: pytest.TempPathFactory,
    sources: list[tuple[str, str | None, int | None, str | None, str]],
) -> None:
    held = written(tmp_path_factory.mktemp("columns"), sources)
    count = len(sources)
    assert held.passage_ids.tolist() == [f"{row:020x}".encode() for row in range(count)]
    assert held.passage_sources.tolist() == list(range(count))
    assert held.passage_ends.tolist() == [row + 5 for row in range(count)]
    assert list(held.designs()) == sorted({source[1] for source in sources if source[1] is not None})
    assert held.source_mask().tolist() == [True] * count


def test_a_source_without_a_year_passes_no_filter_by_year(tmp_path: Path) -> None:
    held = written(
        tmp_path, [("study", None, None, None, "none-known"), ("study", None, 2004, None, "none-known")]
    )
    assert held.source_mask(year_to=2010).tolist() == [False, True]
    assert held.source_mask(year_from=1000).tolist() == [False, True]


@pytest.mark.parametrize(
    "name", ["passage_ids.npy", "passage_ends.npy", "source_year.npy", "source_kind.npy"]
)
@pytest.mark.parametrize("kept", [None, 0, 40, 129])
def test_a_column_that_is_missing_or_cut_is_reported_as_damaged(
    tmp_path: Path, name: str, kept: int | None
) -> None:
    written(tmp_path / "c", [("study", "RCT", 2004, "Legs", "none-known")] * 3)
    path = tmp_path / "c" / name
    content = path.read_bytes()
    path.unlink()
    if kept is not None:
        path.write_bytes(content[:kept])
    with pytest.raises(IndexDamagedError, match="not a readable column of the library; run footnote verify"):
        Columns(tmp_path / "c")


@pytest.mark.parametrize("content", [None, "", "[]", '{"kind": 3}'])
def test_values_that_are_missing_or_broken_are_reported_as_damaged(
    tmp_path: Path, content: str | None
) -> None:
    written(tmp_path / "c", [("study", "RCT", 2004, "Legs", "none-known")])
    path = tmp_path / "c" / "values.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    with pytest.raises(IndexDamagedError):
        Columns(tmp_path / "c")


def test_columns_are_mapped_and_not_read(tmp_path: Path) -> None:
    held = written(tmp_path, [("study", "RCT", 2004, "Legs", "none-known")])
    assert not held.passage_ids.flags.owndata
    assert isinstance(held.passage_sources, np.ndarray)
    assert columns.FOLDER == "columns"
