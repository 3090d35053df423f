"""Ranking over real stores: values worked out by hand for three stretches, properties over drawn ones."""

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ParameterError
from indexer import lexical, stretches, vectors
from indexer.lexical import LexicalFilter, LexicalIndex, LexicalWriter
from indexer.stretches import StretchVectors
from indexer.vectors import VectorIndex
from search_api.ranking import Ranked, Ranker
from search_api.ranking_settings import Ranking
from tests.indexer.small_stretches import PAIRS, Pairs, passage, source, write_forward

WORDS = ("bone", "leg", "natto", "salt", "vein", "artery", "cramp", "night", "stocking", "walk")
DIM = 8
MODES = st.sampled_from(["hybrid", "dense", "lexical"])
DENSE_ALONE = {"dense_weight": 1.0, "lexical_weight": 0.0, "gram_weight": 0.0, "expansion_terms": 0}


@dataclass(frozen=True)
class Stored:
    """A ranker over stores on disk, with what they were made of."""

    ranker: Ranker
    pairs: Pairs
    vectors: npt.NDArray[np.float16]
    stretch_of: npt.NDArray[np.int64]

    def rank(
        self, words: str, vector: npt.ArrayLike, ranking: Ranking | None = None, **given: object
    ) -> Ranked:
        """The ranking of a question."""
        question = self.ranker.question(words, np.asarray(vector, dtype=np.float32))
        return self.ranker.rank(question, ranking or Ranking(), **given)  # type: ignore[arg-type]

    def years(self) -> npt.NDArray[np.int64]:
        """The year of each passage's source, 0 where it has none."""
        return np.array([of.year or 0 for of, _ in self.pairs], dtype=np.int64)


def store(folder: Path, pairs: Pairs, matrix: npt.NDArray[np.floating]) -> Stored:
    """Write all stores of a generation that ranking reads."""
    folder.mkdir()
    halves = matrix.astype(np.float16)
    starts = stretches.stretch_starts(pairs)
    forward = write_forward(folder / "forward", pairs, starts)
    vectors.write(halves, halves.shape[1], folder / vectors.FILE)
    stretches.write(halves, np.array(starts, dtype=np.int64), folder / stretches.FILE)
    (folder / lexical.FOLDER).mkdir()
    writer = LexicalWriter(folder / lexical.FOLDER)
    for row, (of, part) in enumerate(pairs):
        writer.add(row, part, of)
    writer.close()
    ranker = Ranker(
        VectorIndex(folder / vectors.FILE),
        LexicalIndex(folder / lexical.FOLDER),
        forward,
        StretchVectors(folder / stretches.FILE),
    )
    return Stored(ranker, pairs, halves, forward.stretches_of(np.arange(len(pairs))))


def unit(rng: np.random.Generator, rows: int) -> npt.NDArray[np.float32]:
    drawn = rng.normal(size=(rows, DIM)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """The three stretches; the first has the passages (1, 0) and (0.6, 0.8)."""
    matrix = np.array([[1, 0], [0.6, 0.8], [0, 1], [0.6, -0.8]])
    return store(tmp_path_factory.mktemp("three") / "stores", PAIRS, matrix)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Sixty sources of overlapping passages, words and vectors drawn by lot, some of them twice."""
    rng = np.random.default_rng(20261122)
    pairs: Pairs = []
    for number in range(60):
        sentences = [" ".join(rng.choice(WORDS, 4)) + "." for _ in range(int(rng.integers(2, 7)))]
        text = " ".join(sentences)
        ends = np.cumsum([len(s) + 1 for s in sentences]) - 1
        begins = [0, *(ends[:-1] + 1)]
        of = source(f"s{number:02d}", text, title=str(rng.choice(WORDS)), year=2000 + number % 7)
        spans = pairwise(range(len(sentences)))
        pairs += [(of, passage(of, int(begins[first]), int(ends[last]))) for first, last in spans]
    matrix = unit(rng, len(pairs))
    matrix[10:20] = matrix[:10]
    return store(tmp_path_factory.mktemp("drawn") / "stores", pairs, matrix)


QUESTIONS = st.tuples(
    st.lists(st.sampled_from([*WORDS, "zinc", "zyx", "?"]), max_size=6).map(" ".join),
    st.integers(0, 2**32 - 1).map(lambda seed: unit(np.random.default_rng(seed), 1)[0]),
)


# By hand


def test_a_passage_has_its_stretch_s_score_less_what_it_falls_behind(three: Stored) -> None:
    # Cosines of the best passage and of the mean: 1 + 0.894427, 0 + 0 and 0.6 + 0.6.
    found = three.rank("leg", [1, 0], Ranking(**DENSE_ALONE, feedback=0))
    assert found.rows.tolist() == [0, 1, 3, 2]
    assert found.fused == pytest.approx([1, 1 - 0.4 / 1.894427, 1.2 / 1.894427, 0], abs=2e-3)
    assert found.dense == pytest.approx([1, 0.6, 0.6, 0], abs=1e-3)


def test_the_nearest_candidate_shares_its_score_with_who_is_behind(three: Stored) -> None:
    # The nearest of each by the mean: the second of the first, the first of the others; their scores 0, 1, 1.
    asked = Ranking(
        **DENSE_ALONE, feedback=1, feedback_share=0.0, bigram_weight=0.0, neighbours=1, neighbour_weight=0.5
    )
    found = three.rank("leg", [1, 0], asked)
    third = 1.2 / 1.894427
    assert found.rows.tolist() == [0, 3, 1, 2]
    assert found.fused == pytest.approx([1, third + 0.5 * (1 - third), 0.788854, 0.5], abs=2e-3)


def test_the_question_moves_to_the_best_passages_by_a_softmax_of_their_scores(three: Stored) -> None:
    # Scores 0.790893, 1 and 0; shares at temperature 1 0.447913 and 0.552087; the question moves from (0, 1)
    # to (0.143028, 0.989719), where the stretches have 1.448136, 1.979438 and -1.411917.
    asked = Ranking(
        **DENSE_ALONE, feedback=2, feedback_temperature=1.0, bigram_weight=0.0, neighbour_weight=0.0
    )
    found = three.rank("leg", [0, 1], asked)
    assert found.rows.tolist() == [2, 1, 0, 3]
    assert found.fused == pytest.approx([1, 0.843336, 0.626738, 0], abs=2e-3)


def test_words_fed_back_from_the_best_stretch_order_those_without_the_question_s_word(three: Stored) -> None:
    words = {"dense_weight": 0.0, "lexical_weight": 1.0, "gram_weight": 0.0, "bigram_weight": 0.0}
    plain = three.rank("natto", [0, 1], Ranking(**words, neighbour_weight=0.0, expansion_terms=0))
    assert dict(zip(plain.rows.tolist(), plain.fused.tolist(), strict=True)) == {0: 1, 1: 0, 2: 0, 3: 0}
    # The first stretch gives natto 4/9, bone 2/9, leg 2/9 and vein 1/9, of which the question takes 0.7.
    one, two = math.log(8 / 3), math.log(1.6)
    first = (
        one * (0.3 + 2.8 / 9) * 8.8 / 5.56 + (one + two) * 1.4 / 9 * 4.4 / 3.56 + two * 0.7 / 9 * 2.2 / 2.56
    )
    second = two * 0.7 / 9 * 8.8 / 5.08
    third = two * 1.4 / 9 * 2.2 / 1.96
    fed = three.rank("natto", [0, 1], Ranking(**words, neighbour_weight=0.0, feedback=1))
    assert fed.rows.tolist()[:2] == [0, 3]
    assert fed.fused[1] == pytest.approx((third - second) / (first - second), rel=1e-5)


# One stretch, nothing, unknown words


def test_a_stretch_that_is_alone_keeps_its_passages_apart(three: Stored) -> None:
    allowed = np.array([True, True, False, False])
    found = three.rank("?", [1, 0], Ranking(), allowed=allowed)
    assert found.rows.tolist() == [0, 1]
    # 0.65 times 0.4 behind on a scale that is 0.5 wide at least
    assert found.fused == pytest.approx([1, 1 - 0.65 * 0.4 / 0.5], abs=2e-3)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_a_filter_that_leaves_nothing_finds_nothing(drawn: Stored, mode: str) -> None:
    none = np.zeros(len(drawn.pairs), dtype=np.bool_)
    found = drawn.rank(
        "natto", drawn.vectors[0], mode=mode, where=LexicalFilter(year_from=3000), allowed=none
    )
    assert [len(part) for part in (found.rows, found.fused, found.dense, found.lexical)] == [0] * 4


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_an_index_without_passages_finds_nothing(tmp_path: Path, mode: str) -> None:
    empty = store(tmp_path / "stores", [], np.zeros((0, DIM)))
    assert len(empty.rank("natto leg", np.ones(DIM) / DIM**0.5, mode=mode).rows) == 0


@pytest.mark.parametrize("words", ["natto leg", "zinc", "?"])
@pytest.mark.parametrize("text", ["Natto.", "..."])
def test_an_index_of_one_passage_finds_it(tmp_path: Path, text: str, words: str) -> None:
    of = source("one", text)
    single = store(tmp_path / "stores", [(of, passage(of, 0, len(text)))], np.eye(1, DIM))
    found = single.rank(words, np.eye(1, DIM)[0])
    assert (found.rows.tolist(), found.fused.tolist()) == ([0], [1.0])


@pytest.mark.parametrize("words", ["zinc zyx", "?", ""])
def test_a_question_of_unknown_words_is_ranked_by_vectors(drawn: Stored, words: str) -> None:
    alone = Ranking(lexical_weight=0.0, gram_weight=0.0, feedback=0)
    orders = [
        list(dict.fromkeys(drawn.stretch_of[drawn.rank(words, drawn.vectors[33], ranking).rows].tolist()))
        for ranking in (Ranking(feedback=0), alone)
    ]
    assert orders[0] == orders[1]
    assert len(orders[0]) == 60


def test_weights_that_are_all_0_are_refused() -> None:
    with pytest.raises(ParameterError, match="one must be above 0"):
        Ranking(dense_weight=0.0, lexical_weight=0.0, gram_weight=0.0)


# Properties


@given(
    QUESTIONS, st.sampled_from([Ranking(), Ranking.of_profile("fast"), Ranking(depth=3), Ranking(feedback=1)])
)
@settings(max_examples=40)
def test_the_best_passage_of_the_best_stretch_has_score_1(
    drawn: Stored, question: tuple[str, npt.NDArray[np.float32]], ranking: Ranking
) -> None:
    found = drawn.rank(*question, ranking)
    assert found.fused[0] == 1
    assert np.all(np.diff(found.fused) <= 0)
    assert found.fused[-1] >= 0
    assert len(set(found.rows.tolist())) == len(found.rows)


@given(QUESTIONS)
@settings(max_examples=40)
def test_the_same_question_gives_the_same_order_to_the_last_bit(
    drawn: Stored, question: tuple[str, npt.NDArray[np.float32]]
) -> None:
    one, other = drawn.rank(*question), drawn.rank(*question)
    for part in ("rows", "fused", "dense", "lexical"):
        assert getattr(one, part).tobytes() == getattr(other, part).tobytes()


@given(QUESTIONS, MODES, st.integers(1998, 2008))
@settings(max_examples=40)
def test_a_filter_lets_no_other_source_in(
    drawn: Stored, question: tuple[str, npt.NDArray[np.float32]], mode: str, year: int
) -> None:
    allowed = drawn.years() >= year
    found = drawn.rank(*question, mode=mode, where=LexicalFilter(year_from=year), allowed=allowed)
    assert allowed[found.rows].all()


@given(QUESTIONS, st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_a_filter_that_parts_a_stretch_lets_its_other_passages_stay_out(
    drawn: Stored, question: tuple[str, npt.NDArray[np.float32]], seed: int
) -> None:
    allowed = np.random.default_rng(seed).random(len(drawn.pairs)) < 0.3
    found = drawn.rank(*question, allowed=allowed)
    assert allowed[found.rows].all()


@given(QUESTIONS)
@settings(max_examples=40)
def test_no_passage_exceeds_the_best_of_its_stretch_and_all_of_a_stretch_come(
    drawn: Stored, question: tuple[str, npt.NDArray[np.float32]]
) -> None:
    found = drawn.rank(*question, Ranking(depth=5))
    reached = {int(drawn.stretch_of[row]) for row in found.rows}
    assert sorted(found.rows.tolist()) == [
        row for row, stretch in enumerate(drawn.stretch_of.tolist()) if stretch in reached
    ]
    assert found.dense == pytest.approx(drawn.vectors[found.rows].astype(np.float32) @ question[1], abs=1e-5)
