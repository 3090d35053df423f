"""Where stretches begin, and the vectors of whole stretches."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import IndexDamagedError
from corpus.records import SourceKind
from indexer import stretches
from indexer.stretches import WHOLE_STUDY_PASSAGES, StretchVectors, stretch_starts
from tests.indexer.small_stretches import PAIRS, Pairs, passage, rows, source


def _pairs(name: str, kind: SourceKind, sections: list[tuple[str, ...]]) -> Pairs:
    of = source(name, "x" * len(sections), kind=kind)
    return [(of, passage(of, i, i + 1, section)) for i, section in enumerate(sections)]


def test_each_of_three_sources_is_a_stretch() -> None:
    assert stretch_starts(PAIRS) == [0, 2, 3]


def test_without_passages_there_is_no_stretch() -> None:
    assert stretch_starts([]) == []


def test_an_article_has_a_stretch_for_each_main_section() -> None:
    sections = [(), (), ("A",), ("A", "a1"), ("A", "a2"), ("B", "a2"), ("A",)]
    assert stretch_starts(_pairs("one", "article", sections)) == [0, 2, 5, 6]


def test_two_sources_are_parted_also_where_their_sections_have_one_name() -> None:
    pairs = _pairs("one", "article", [("A",)] * 2) + _pairs("two", "article", [("A",)] * 2)
    assert stretch_starts(pairs) == [0, 2]


@pytest.mark.parametrize(
    ("passages", "expected"), [(WHOLE_STUDY_PASSAGES, [0]), (WHOLE_STUDY_PASSAGES + 1, [0, 3])]
)
def test_a_study_is_whole_up_to_sixteen_passages(passages: int, expected: list[int]) -> None:
    sections: list[tuple[str, ...]] = [("A",)] * 3 + [("B",)] * (passages - 3)
    assert stretch_starts(_pairs("one", "study", sections)) == expected


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans(), st.integers(1, 3)), max_size=8))
def test_a_stretch_never_holds_two_sources(shapes: list[tuple[int, bool, int]]) -> None:
    pairs: Pairs = []
    for number, (count, study, heads) in enumerate(shapes):
        sections: list[tuple[str, ...]] = [(str(i % heads),) for i in range(count)]
        pairs += _pairs(str(number), "study" if study else "article", sections)
    starts = stretch_starts(pairs)
    assert starts == sorted(set(starts))
    firsts = [i for i, (of, _) in enumerate(pairs) if i == 0 or pairs[i - 1][0] is not of]
    assert set(firsts) <= set(starts)


def test_the_vector_of_a_stretch_is_the_mean_of_its_passages_at_unit_length(tmp_path: Path) -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1], [0.6, -0.8]], dtype=np.float16)
    stretches.write(vectors, rows(0, 2, 3), tmp_path / stretches.FILE)
    means = StretchVectors(tmp_path / stretches.FILE)
    # (1.6, 0.8) has the length 0.8 * sqrt(5)
    expected = [[0.6, -0.8], [2 / 5**0.5, 1 / 5**0.5]]
    found = means.of(rows(2, 0))
    assert found == pytest.approx(np.array(expected), abs=1e-3)
    assert found.dtype == np.float32


def test_vectors_that_cancel_out_have_the_mean_0(tmp_path: Path) -> None:
    stretches.write(np.array([[1, 0], [-1, 0]], dtype=np.float16), rows(0), tmp_path / stretches.FILE)
    assert StretchVectors(tmp_path / stretches.FILE).of(rows(0)).tolist() == [[0, 0]]


def test_an_index_without_stretches_has_no_vectors(tmp_path: Path) -> None:
    stretches.write(np.zeros((0, 4), dtype=np.float16), rows(), tmp_path / stretches.FILE)
    assert StretchVectors(tmp_path / stretches.FILE).of(rows()).shape == (0, 4)


@pytest.mark.parametrize("kept", [None, 0, 5, 40, 130])
def test_a_missing_or_cut_file_is_reported_as_damage(tmp_path: Path, kept: int | None) -> None:
    path = tmp_path / stretches.FILE
    stretches.write(np.eye(4, dtype=np.float16), rows(0, 2), path)
    path.write_bytes(path.read_bytes()[:kept])
    if kept is None:
        path.unlink()
    with pytest.raises(IndexDamagedError, match="not readable vectors; run footnote verify"):
        StretchVectors(path)
