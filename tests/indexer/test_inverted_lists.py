"""The kind of vector index that does not compare every row: what it finds, what it says of itself, damage."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.errors import IndexDamagedError, ParameterError
from indexer import inverted_lists, vectors
from indexer.encoder import Vectors
from indexer.stored_vectors import StoredVectors
from indexer.vectors import VectorIndex

DIM = 48
ROWS = 12_000
TOPICS = 40
Mask = npt.NDArray[np.bool_]


def unit(drawn: npt.NDArray[np.floating]) -> Vectors:
    return np.asarray(drawn / np.linalg.norm(drawn, axis=-1, keepdims=True), dtype=np.float32)


def near(rng: np.random.Generator, centres: Vectors, rows: int, spread: float) -> Vectors:
    chosen = centres[rng.integers(len(centres), size=rows)]
    return unit(chosen + spread * rng.normal(size=(rows, DIM)) / DIM**0.5)


class Large:
    """A folder with an index of the second kind, what it was made of and what was said of it."""

    def __init__(self, folder: Path) -> None:
        rng = np.random.default_rng(20261122)
        self.folder = folder
        self.centres = unit(rng.normal(size=(TOPICS, DIM)))
        self.stored = near(rng, self.centres, ROWS, 0.7).astype(np.float16)
        vectors.write(self.stored, DIM, folder / vectors.FILE)
        self.described = vectors.arrange(folder, "ivf", lambda: {"titles": self.questions(64, 1)})
        self.index = VectorIndex(folder / vectors.FILE, self.described)

    def questions(self, count: int, seed: int) -> Vectors:
        return near(np.random.default_rng(seed), self.centres, count, 0.9)

    def recall(self, questions: Vectors, allowed: Mask | None = None, depth: int = 10) -> float:
        """The share of the true top that is found, over all questions; NumPy says what is true."""
        exact = self.stored.astype(np.float32)
        passing = np.arange(ROWS) if allowed is None else np.flatnonzero(allowed)
        found = wanted = 0
        for question in questions:
            rows, scores = self.index.search(question, depth, allowed)
            cosines = exact[passing] @ question
            top = np.sort(cosines)[::-1][:depth]
            assert len(rows) == len(set(rows.tolist())) == len(top)
            assert np.isin(rows, passing).all()
            np.testing.assert_allclose(scores, exact[rows] @ question, atol=1e-5)
            assert (np.diff(scores) <= 0).all()
            found += int((scores >= top[-1] - 1e-5).sum()) if len(top) else 0
            wanted += len(top)
        return found / wanted if wanted else 1.0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    """Its filters go through the lists from 300 rows on, as they do from 50,000 in an index of a million."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "COMPARED_ROWS", 300)
        yield Large(tmp_path_factory.mktemp("large"))


def test_the_build_says_which_kind_it_made_and_what_it_measured(large: Large) -> None:
    said = large.described
    assert (said["asked"], said["kind"], said["codes"], said["values"]) == ("ivf", "ivf", "sq8", "float16")
    assert said["lists"] == round(4 * ROWS**0.5) == 438
    assert 1 <= said["probes"] < said["lists"]
    assert said["compared"] in (10, 20, 40, 80, 160)
    assert said["recall_at_10"] >= 0.98
    assert said["recall_measured_on"] == {"passages": 256, "titles": 64}


def test_questions_that_the_build_never_saw_find_98_in_100_of_their_true_first_ten(large: Large) -> None:
    assert large.recall(large.questions(200, 2)) >= 0.98


def test_fewer_probes_would_not_hold_the_recall(large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else looking at lists would be no choice at all, and the tests above say nothing."""
    monkeypatch.setattr(inverted_lists, "ROWS_FOR_A_RESULT", 0)
    few = VectorIndex(large.folder / vectors.FILE, large.described | {"probes": 1})
    whole, large.index = large.index, few
    try:
        assert large.recall(large.questions(50, 3)) < 0.9
    finally:
        large.index = whole


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0), st.sampled_from(["anywhere", "far", "near"]))
@example(1, 0.01, "anywhere")
@example(2, 0.3, "anywhere")
@example(3, 0.3, "far")
@example(4, 0.0, "anywhere")
@example(5, 1.0, "anywhere")
@settings(max_examples=30)
def test_a_filter_keeps_the_recall_whatever_it_keeps(
    large: Large, seed: int, share: float, where: str
) -> None:
    """Also a filter that follows the subject: one that keeps the rows farthest from the question."""
    questions = large.questions(40, seed)
    likeness = large.stored.astype(np.float32) @ questions[0]
    order = {
        "anywhere": np.random.default_rng(seed).permutation(ROWS),
        "far": np.argsort(likeness),
        "near": np.argsort(-likeness),
    }[where]
    allowed = np.zeros(ROWS, dtype=np.bool_)
    allowed[order[: int(share * ROWS)]] = True
    assert large.recall(questions, allowed) >= 0.96  # seen over many: 0.98 and more


def test_a_filter_that_keeps_few_rows_is_searched_exactly(large: Large) -> None:
    allowed = np.zeros(ROWS, dtype=np.bool_)
    allowed[::40] = True
    assert large.recall(large.questions(20, 4), allowed, 50) == 1


def test_more_results_look_at_more_rows(large: Large) -> None:
    """Ranking asks for 300: the lists that hold the first ten do not hold these."""
    assert large.recall(large.questions(50, 8), depth=300) >= 0.95


def test_a_depth_beyond_what_the_probed_lists_hold_finds_as_much_as_is_there(large: Large) -> None:
    rows, _ = large.index.search(large.questions(1, 5)[0], ROWS + 5)
    assert sorted(rows.tolist()) == list(range(ROWS))


def test_the_same_question_has_the_same_answer_in_any_thread(large: Large) -> None:
    questions = large.questions(40, 6)
    alone = [large.index.search(question, 20)[0].tolist() for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda q: large.index.search(q, 20)[0].tolist(), questions))
    assert together == alone


def test_vectors_and_scores_are_those_that_were_stored(large: Large) -> None:
    rows = np.array([ROWS - 1, 5, 5, 0], dtype=np.int64)
    question = large.questions(1, 7)[0]
    assert (large.index.vectors(rows) == large.stored[rows].astype(np.float32)).all()
    np.testing.assert_allclose(
        large.index.scores(question, rows), large.stored[rows].astype(np.float32) @ question, atol=1e-6
    )


def test_the_same_vectors_make_the_same_files(large: Large, tmp_path: Path) -> None:
    vectors.write(large.stored, DIM, tmp_path / vectors.FILE)
    assert vectors.arrange(tmp_path, "ivf", lambda: {"titles": large.questions(64, 1)}) == large.described
    for made in (tmp_path / inverted_lists.FOLDER).iterdir():
        assert made.read_bytes() == (large.folder / inverted_lists.FOLDER / made.name).read_bytes()


@pytest.mark.parametrize("rows", [0, 1, 2, 9, 30, 200])
def test_a_small_library_can_be_given_lists_as_well(tmp_path: Path, rows: int) -> None:
    stored = unit(np.random.default_rng(rows).normal(size=(rows, DIM))).astype(np.float16)
    vectors.write(stored, DIM, tmp_path / vectors.FILE)
    described = vectors.arrange(tmp_path, "ivf")
    index = VectorIndex(tmp_path / vectors.FILE, described)
    question = unit(np.random.default_rng(1).normal(size=DIM))
    assert sorted(index.search(question, 500)[0].tolist()) == list(range(rows))
    assert described["kind"] == ("ivf" if rows else "flat")


@pytest.mark.parametrize(("rows", "kind"), [(10, "flat"), (11, "ivf")])
def test_auto_compares_every_row_up_to_a_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, kind: str
) -> None:
    monkeypatch.setattr(vectors, "FLAT_PASSAGES", 10)
    stored = unit(np.random.default_rng(1).normal(size=(rows, DIM))).astype(np.float16)
    vectors.write(stored, DIM, tmp_path / vectors.FILE)
    assert vectors.arrange(tmp_path)["kind"] == kind
    assert (tmp_path / inverted_lists.FOLDER).exists() == (kind == "ivf")


def test_a_kind_that_is_none_is_refused(tmp_path: Path) -> None:
    vectors.write(np.zeros((1, DIM), dtype=np.float16), DIM, tmp_path / vectors.FILE)
    with pytest.raises(ParameterError, match="use auto, flat, ivf"):
        vectors.arrange(tmp_path, "hnsw")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["lists.faiss", "rows.npy", "begins.npy"])
@pytest.mark.parametrize("kept", [None, 0, 10, 100])
def test_lists_that_are_missing_or_cut_are_reported_as_damaged(
    large: Large, tmp_path: Path, name: str, kept: int | None
) -> None:
    shutil.copytree(large.folder, tmp_path / "copy")
    path = tmp_path / "copy" / inverted_lists.FOLDER / name
    content = path.read_bytes()
    path.unlink()
    if kept is not None:
        path.write_bytes(content[:kept])
    with pytest.raises(IndexDamagedError, match=r"not readable inverted lists.*footnote rollback"):
        VectorIndex(tmp_path / "copy" / vectors.FILE, large.described)


def test_lists_of_other_vectors_are_reported_as_damaged(large: Large, tmp_path: Path) -> None:
    shutil.copytree(large.folder, tmp_path / "copy")
    vectors.write(large.stored[:-1], DIM, tmp_path / "copy" / vectors.FILE)
    with pytest.raises(IndexDamagedError, match="its inverted lists hold other rows"):
        VectorIndex(tmp_path / "copy" / vectors.FILE, large.described)


def test_opening_reads_neither_vectors_nor_lists_into_memory(large: Large) -> None:
    """Both lie in mapped files: what was opened owns no copy of them."""
    stored = StoredVectors(large.folder / vectors.FILE)
    assert not stored.matrix.flags.owndata
    assert not stored._flat._index.codes.is_owned
    lists = inverted_lists.InvertedLists(large.folder / inverted_lists.FOLDER, 1)
    assert not lists._rows.flags.owndata
