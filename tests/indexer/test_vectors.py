"""The vector leg against NumPy comparing every row: the same rows but for draws, the same scores."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.errors import IndexDamagedError
from indexer import vectors
from indexer.encoder import Vectors
from indexer.stored_vectors import widened
from indexer.vectors import VectorIndex

DIM = 32
ROWS = 500
Mask = npt.NDArray[np.bool_]


def unit(rng: np.random.Generator, rows: int) -> Vectors:
    drawn = rng.normal(size=(rows, DIM)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def stored() -> npt.NDArray[np.float16]:
    """500 vectors, the last hundred equal to the first, so that there are draws."""
    rng = np.random.default_rng(20261122)
    distinct = unit(rng, ROWS - 100)
    return np.concatenate([distinct, distinct[:100]]).astype(np.float16)


@pytest.fixture(scope="module")
def index(stored: npt.NDArray[np.float16], tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    path = tmp_path_factory.mktemp("vectors") / vectors.FILE
    vectors.write(stored, DIM, path)
    return VectorIndex(path)


def assert_exact(
    index: VectorIndex, stored: npt.NDArray[np.float16], query: Vectors, depth: int, allowed: Mask | None
) -> None:
    """The rows found are a top of the allowed rows, as NumPy ranks them, draws decided either way."""
    rows, scores = index.search(query, depth, allowed)
    cosines = stored.astype(np.float32) @ query
    mask = np.ones(len(stored), dtype=np.bool_) if allowed is None else allowed
    expected = np.sort(cosines[mask])[::-1][:depth]
    assert len(rows) == min(depth, int(mask.sum()))
    assert len(set(rows.tolist())) == len(rows)
    assert mask[rows].all()
    np.testing.assert_allclose(scores, expected, atol=1e-6)
    np.testing.assert_allclose(scores, cosines[rows], atol=1e-6)


seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(1, ROWS + 50))
def test_the_rows_found_are_the_exact_top(
    index: VectorIndex, stored: npt.NDArray[np.float16], seed: int, depth: int
) -> None:
    assert_exact(index, stored, unit(np.random.default_rng(seed), 1)[0], depth, None)


@given(seeds, st.integers(1, 60), st.integers(0, ROWS))
@example(1, 10, 1)
@example(1, 10, 0)
@example(1, 10, ROWS)
def test_the_top_under_a_filter_is_the_top_of_the_rows_that_pass_it(
    index: VectorIndex, stored: npt.NDArray[np.float16], seed: int, depth: int, passing: int
) -> None:
    rng = np.random.default_rng(seed)
    allowed = np.zeros(ROWS, dtype=np.bool_)
    allowed[rng.permutation(ROWS)[:passing]] = True
    assert_exact(index, stored, unit(rng, 1)[0], depth, allowed)


@pytest.mark.parametrize("row", [0, 1, 7, 8, 63, 255, 256, ROWS - 1])
def test_a_filter_that_keeps_one_row_finds_that_row(index: VectorIndex, row: int) -> None:
    allowed = np.zeros(ROWS, dtype=np.bool_)
    allowed[row] = True
    rows, _ = index.search(unit(np.random.default_rng(row), 1)[0], 10, allowed)
    assert rows.tolist() == [row]


def test_a_filter_that_keeps_no_row_finds_nothing(index: VectorIndex) -> None:
    rows, scores = index.search(unit(np.random.default_rng(3), 1)[0], 10, np.zeros(ROWS, dtype=np.bool_))
    assert len(rows) == len(scores) == 0


def test_a_filter_shorter_than_the_index_lets_no_row_beyond_it_pass(index: VectorIndex) -> None:
    rows, _ = index.search(unit(np.random.default_rng(4), 1)[0], ROWS, np.ones(16, dtype=np.bool_))
    assert sorted(rows.tolist()) == list(range(16))


def test_scores_come_in_the_order_of_the_rows_asked_for(
    index: VectorIndex, stored: npt.NDArray[np.float16]
) -> None:
    query = unit(np.random.default_rng(5), 1)[0]
    rows = np.array([499, 3, 99, 3, 0], dtype=np.int64)
    scores = index.scores(query, rows)
    np.testing.assert_allclose(scores, stored[rows].astype(np.float32) @ query, atol=1e-6)
    assert scores.dtype == np.float32


def test_every_finite_half_is_widened_exactly() -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = halves[np.isfinite(halves)].reshape(1, -1)
    assert (widened(finite).view(np.uint32) == finite.astype(np.float32).view(np.uint32)).all()


def test_scores_and_search_give_a_row_the_same_cosine(index: VectorIndex) -> None:
    query = unit(np.random.default_rng(6), 1)[0]
    rows, scores = index.search(query, 50)
    np.testing.assert_allclose(index.scores(query, rows), scores, atol=1e-6)


def test_no_rows_have_no_scores(index: VectorIndex) -> None:
    assert len(index.scores(unit(np.random.default_rng(7), 1)[0], np.zeros(0, dtype=np.int64))) == 0


def test_equal_vectors_keep_a_row_each(index: VectorIndex, stored: npt.NDArray[np.float16]) -> None:
    query = stored[42].astype(np.float32)
    rows, _ = index.search(query, 2)
    assert len(index) == ROWS
    assert sorted(rows.tolist()) == [42, ROWS - 100 + 42]


def test_an_index_without_passages_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / vectors.FILE
    vectors.write(np.zeros((0, DIM), dtype=np.float16), DIM, path)
    empty = VectorIndex(path)
    query = unit(np.random.default_rng(8), 1)[0]
    assert len(empty) == 0
    assert len(empty.search(query, 10)[0]) == 0
    assert len(empty.search(query, 10, np.zeros(0, dtype=np.bool_))[0]) == 0


@pytest.mark.parametrize("kept", [0, 1, 30, 100, 20_000])
def test_a_cut_file_is_reported_as_damaged(
    stored: npt.NDArray[np.float16], tmp_path: Path, kept: int
) -> None:
    path = tmp_path / vectors.FILE
    vectors.write(stored, DIM, path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexDamagedError, match=r"not readable vectors.*footnote rollback"):
        VectorIndex(path)


def test_a_missing_file_is_reported_as_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError):
        VectorIndex(tmp_path / vectors.FILE)


@pytest.mark.parametrize("rows", [1, ROWS])
def test_a_disk_that_refuses_the_last_byte_is_not_passed_over(
    stored: npt.NDArray[np.float16], rows: int
) -> None:
    """FAISS alone only prints that closing the file failed."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="No space left"):
        vectors.write(stored[:rows], DIM, full)
