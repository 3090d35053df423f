"""What the words of candidates say, against values worked out by hand for three stretches.

``otto | natto | natto bone vein leg bone leg``, ``| vein | vein salt`` and ``| salt | leg``: lengths 9, 5
and 4, mean 6. A stem or gram in one stretch of three has the rarity ln(1 + 2.5 / 1.5) = ln(8 / 3), one in
two ln(1 + 1.5 / 2.5) = ln(1.6).
"""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.forward import ForwardIndex
from search_api.lexical_features import CandidateText, WeightedStems, mixed, passage_bm25
from tests.indexer.small_stretches import PAIRS, passage, rows, source, write_forward

BONE, LEG, NATTO, OTTO, SALT, VEIN = range(6)
IN_ONE, IN_TWO = math.log(8 / 3), math.log(1.6)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ForwardIndex:
    return write_forward(tmp_path_factory.mktemp("small") / "forward", PAIRS)


@pytest.fixture(scope="module")
def text(small: ForwardIndex) -> CandidateText:
    return CandidateText(small, rows(0, 1, 2))


def weighted(stems: dict[int, float]) -> WeightedStems:
    return WeightedStems(rows(*stems), np.array(list(stems.values()), dtype=np.float64))


# BM25 over stems: k1 = 1.2, b = 0.6, so the norms are 1.56, 1.08 and 0.96


def test_bm25_weighs_the_title_three_times_and_a_question_by_its_weights(text: CandidateText) -> None:
    # natto is 3 + 1 in the first; vein is 1 in the first and 3 + 1 in the second
    first = IN_ONE * 4 * 2.2 / 5.56 + 2 * IN_TWO * 2.2 / 2.56
    second = 2 * IN_TWO * 4 * 2.2 / 5.08
    assert text.bm25(weighted({NATTO: 1, VEIN: 2})) == pytest.approx([first, second, 0], rel=1e-6)


def test_a_name_counts_half(text: CandidateText) -> None:
    assert text.bm25(weighted({OTTO: 1})) == pytest.approx([IN_ONE * 0.5 * 2.2 / 2.06, 0, 0], rel=1e-6)


def test_a_heading_counts_like_a_title(text: CandidateText) -> None:
    expected = [0, IN_TWO * 2.2 / 2.08, IN_TWO * 3 * 2.2 / 3.96]
    assert text.bm25(weighted({SALT: 1})) == pytest.approx(expected, rel=1e-6)


# BM25 over 4-grams: k1 = 0.9, b = 0.5; lengths 30.5, 15 and 11, mean 56.5 / 3


def test_gram_bm25_finds_a_stem_by_its_beginning(text: CandidateText) -> None:
    # salty is _sal salt alty lty_; the first two are in salt, 1 in the second and 3 in the third
    second, third = 0.9 * (0.5 + 22.5 / 56.5), 0.9 * (0.5 + 16.5 / 56.5)
    expected = [0, 2 * IN_TWO * 1.9 / (1 + second), 2 * IN_TWO * 3 * 1.9 / (3 + third)]
    assert text.gram_bm25(["salty"]) == pytest.approx(expected, rel=1e-6)


def test_gram_bm25_adds_up_all_stems_that_hold_a_gram(text: CandidateText) -> None:
    # _ott and otto are in the name at 0.5; tto_ is in natto besides, at 3 + 1
    norm = 0.9 * (0.5 + 45.75 / 56.5)
    first = IN_ONE * (2 * 0.5 * 1.9 / (0.5 + norm) + 4.5 * 1.9 / (4.5 + norm))
    assert text.gram_bm25(["otto"]) == pytest.approx([first, 0, 0], rel=1e-6)
    assert text.gram_bm25(["otto", "otto"]) == pytest.approx([2 * first, 0, 0], rel=1e-6)


def test_a_question_whose_grams_are_all_unknown_scores_0(text: CandidateText) -> None:
    assert text.gram_bm25(["zzz", "q"]).tolist() == [0, 0, 0]
    assert text.gram_bm25([]).tolist() == [0, 0, 0]


# Bigrams: k1 = 0.9, b = 0.5, so the norms are 1.125, 0.825 and 0.75


def test_a_pair_counts_where_its_stems_are_neighbours_in_order(text: CandidateText) -> None:
    first = (IN_ONE + IN_TWO) / 2 * 1.9 / 2.125
    assert text.bigram_bm25([BONE, LEG]) == pytest.approx([first, 0, 0], rel=1e-6)
    assert text.bigram_bm25([LEG, NATTO]).tolist() == [0, 0, 0]


def test_a_pair_counts_what_its_first_stem_counts_and_a_repeated_pair_once(text: CandidateText) -> None:
    second = IN_TWO * 3 * 1.9 / 3.825
    assert text.bigram_bm25([VEIN, VEIN]) == pytest.approx([0, second, 0], rel=1e-6)
    assert text.bigram_bm25([VEIN, VEIN, VEIN]) == pytest.approx([0, second, 0], rel=1e-6)


def test_the_end_of_a_stretch_and_the_begin_of_the_next_are_no_pair(text: CandidateText) -> None:
    assert text.bigram_bm25([SALT, SALT]).tolist() == [0, 0, 0]
    assert text.bigram_bm25([LEG, VEIN]).tolist() == [0, 0, 0]


@pytest.mark.parametrize("ids", [[], [LEG], [-1, -1], [BONE, -1, LEG], [-1, LEG]])
def test_unknown_stems_make_no_pair(text: CandidateText, ids: list[int]) -> None:
    assert text.bigram_bm25(ids).tolist() == [0, 0, 0]


# Feedback


def test_feedback_gives_the_likeliest_stems_and_leaves_names_out(text: CandidateText) -> None:
    # of 60: natto 45 * 4/9 = 20, vein 45/9 + 15 * 4/5 = 17, bone and leg 45 * 2/9 = 10, salt 15/5 = 3
    whole = text.feedback(np.array([0.75, 0.25, 0]), 10)
    assert whole.ids.tolist() == [NATTO, VEIN, BONE, LEG, SALT]
    assert whole.weights == pytest.approx([20 / 60, 17 / 60, 10 / 60, 10 / 60, 3 / 60], rel=1e-6)


def test_feedback_of_three_stems_decides_a_draw_by_number_and_sums_to_1(text: CandidateText) -> None:
    best = text.feedback(np.array([0.75, 0.25, 0]), 3)
    assert best.ids.tolist() == [NATTO, VEIN, BONE]
    assert best.weights == pytest.approx([20 / 47, 17 / 47, 10 / 47], rel=1e-6)


def test_feedback_from_no_stretch_gives_nothing(text: CandidateText) -> None:
    assert len(text.feedback(np.zeros(3), 5).ids) == 0


def test_mixed_weightings_have_their_shares_of_1() -> None:
    both = mixed(weighted({BONE: 1, NATTO: 3}), weighted({NATTO: 2, VEIN: 2}), 0.7)
    assert both.ids.tolist() == [BONE, NATTO, VEIN]
    assert both.weights == pytest.approx([0.3 * 0.25, 0.3 * 0.75 + 0.7 * 0.5, 0.7 * 0.5])


# Passages


def test_passages_are_scored_by_their_own_text_alone(small: ForwardIndex) -> None:
    # lengths 4, 4, 2 and 1, mean 2.75; vein is once in each of the first three
    long, short = 1.2 * (0.4 + 2.4 / 2.75), 1.2 * (0.4 + 1.2 / 2.75)
    expected = [IN_TWO * 2.2 / (1 + long)] * 2 + [IN_TWO * 2.2 / (1 + short), 0]
    assert passage_bm25(small, rows(0, 1, 2, 3), weighted({VEIN: 1})) == pytest.approx(expected, rel=1e-6)
    assert passage_bm25(small, rows(3, 0, 1, 2), weighted({VEIN: 1})) == pytest.approx(
        [0, *expected[:3]], rel=1e-6
    )


# The edges and the order


def test_a_question_without_known_stems_scores_0(small: ForwardIndex, text: CandidateText) -> None:
    assert text.bm25(weighted({})).tolist() == [0, 0, 0]
    assert passage_bm25(small, rows(0, 3), weighted({})).tolist() == [0, 0]


def test_no_candidates_have_no_scores(small: ForwardIndex) -> None:
    none = CandidateText(small, rows())
    question = weighted({NATTO: 1})
    assert [len(none.bm25(question)), len(none.gram_bm25(["natto"])), len(none.bigram_bm25([2, 3]))] == [
        0
    ] * 3
    assert len(passage_bm25(small, rows(), question)) == 0


def test_a_stretch_without_stems_scores_0(tmp_path: Path) -> None:
    mute = source("mute", "...")
    text = CandidateText(write_forward(tmp_path / "f", [(mute, passage(mute, 0, 3)), *PAIRS]), rows(0))
    assert text.bm25(weighted({NATTO: 1})).tolist() == [0]
    assert text.gram_bm25(["natto"]).tolist() == [0]
    assert text.bigram_bm25([BONE, LEG]).tolist() == [0]
    assert len(text.feedback(np.ones(1), 5).ids) == 0


@given(st.permutations([0, 1, 2]), st.integers(1, 3), st.sets(st.integers(0, 5)))
def test_a_stretch_scores_the_same_whichever_candidates_are_beside_it(
    small: ForwardIndex, text: CandidateText, order: list[int], count: int, stems: set[int]
) -> None:
    chosen = order[:count]
    question = weighted(dict.fromkeys(sorted(stems), 1.0))
    some = CandidateText(small, rows(*chosen))
    for one, all_three in (
        (some.bm25(question), text.bm25(question)),
        (some.gram_bm25(["natto", "leg"]), text.gram_bm25(["natto", "leg"])),
        (some.bigram_bm25([BONE, LEG]), text.bigram_bm25([BONE, LEG])),
    ):
        assert one == pytest.approx(all_three[chosen], rel=1e-12)
