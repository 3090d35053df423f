"""Two ranked lists become one: normalised, weighted, draws decided by passage id."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from search_api import fusion

_FINITE = st.floats(-1000, 1000, allow_nan=False, width=32)
_SCORES = st.lists(_FINITE, min_size=1, max_size=40).map(lambda values: np.array(values, dtype=np.float32))


def test_min_max_moves_the_lowest_score_to_0_and_the_highest_to_1() -> None:
    assert fusion.min_max(np.array([2.0, 4.0, 3.0])).tolist() == [0.0, 1.0, 0.5]


@pytest.mark.parametrize(("equal", "expected"), [(7.5, 1.0), (0.0, 0.0), (-1.0, 0.0)])
def test_scores_that_are_all_equal_count_fully_where_positive_and_else_not(
    equal: float, expected: float
) -> None:
    assert fusion.min_max(np.full(3, equal)).tolist() == [expected] * 3


def test_min_max_of_nothing_is_nothing() -> None:
    assert fusion.min_max(np.zeros(0)).tolist() == []


@given(_SCORES)
def test_min_max_stays_within_0_and_1_and_keeps_the_order(scores: np.ndarray) -> None:
    normal = fusion.min_max(scores)
    assert np.all((normal >= 0) & (normal <= 1))
    order = np.argsort(scores, kind="stable")
    assert np.all(np.diff(normal[order]) >= 0)


@given(_SCORES, st.floats(0.5, 100), st.floats(-100, 100))
def test_min_max_does_not_depend_on_the_scale_of_the_scores(
    scores: np.ndarray, factor: float, shift: float
) -> None:
    wide = scores.astype(np.float64)
    if np.ptp(wide) < 0.01:
        return  # what is nearly equal may become equal
    assert fusion.min_max(wide * factor + shift) == pytest.approx(fusion.min_max(wide), abs=1e-6)


def test_a_weight_of_0_6_counts_six_parts_dense_and_four_parts_lexical() -> None:
    dense = np.array([0.2, 0.8, 0.5])
    lexical = np.array([10.0, 0.0, 5.0])
    # normalised: dense 0, 1, 0.5; lexical 1, 0, 0.5
    assert fusion.weighted_sum([(0.6, dense), (0.4, lexical)]) == pytest.approx([0.4, 0.6, 0.5])


@pytest.mark.parametrize(("weight", "best"), [(1.0, 1), (0.0, 0)])
def test_a_weight_of_one_or_zero_leaves_a_single_leg(weight: float, best: int) -> None:
    fused = fusion.weighted_sum([(weight, np.array([0.1, 0.9])), (1 - weight, np.array([5.0, 1.0]))])
    assert fused.tolist() == [1.0 if place == best else 0.0 for place in range(2)]


@given(st.integers(1, 30).flatmap(lambda n: st.tuples(*[arrays.arrays(np.float64, n, elements=_FINITE)] * 2)))
def test_the_fused_score_lies_between_0_and_1_and_its_inputs_stay_as_they_were(
    legs: tuple[np.ndarray, np.ndarray],
) -> None:
    dense, lexical = legs
    before = dense.copy(), lexical.copy()
    fused = fusion.weighted_sum([(0.65, dense), (0.25, lexical)])
    assert np.all((fused >= 0) & (fused <= 1 + 1e-12))
    assert np.array_equal(dense, before[0])
    assert np.array_equal(lexical, before[1])


def test_a_row_that_a_leg_did_not_find_has_score_0_there() -> None:
    rows = np.array([1, 4, 7, 9])
    found = np.array([7, 1])
    assert fusion.scores_at(rows, found, np.array([3.0, 2.0])).tolist() == [2.0, 0.0, 3.0, 0.0]


@given(st.sets(st.integers(0, 60), max_size=20), st.dictionaries(st.integers(0, 60), _FINITE, max_size=20))
def test_every_row_gets_its_own_score(rows: set[int], scores: dict[int, float]) -> None:
    found = np.array(list(scores), dtype=np.int64)
    values = np.array(list(scores.values()), dtype=np.float64)
    asked = np.array(sorted(rows), dtype=np.int64)
    expected = [scores.get(int(row), 0.0) for row in asked]
    assert fusion.scores_at(asked, found, values).tolist() == expected


def test_draws_are_in_order_of_passage_id() -> None:
    ids = np.array([b"cc", b"aa", b"bb", b"dd"])
    scores = np.array([0.5, 0.5, 0.9, 0.5])
    assert fusion.ranked(np.array([10, 11, 12, 13]), scores, ids).tolist() == [2, 1, 0, 3]


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5]), st.integers(0, 999)), unique_by=lambda t: t[1]))
def test_ranks_sort_by_score_downwards_then_by_id(items: list[tuple[float, int]]) -> None:
    scores = np.array([score for score, _ in items], dtype=np.float64)
    ids = np.array([f"{number:04d}" for _, number in items], dtype="S20")
    order = fusion.ranked(np.arange(len(items)), scores, ids)
    expected = sorted(range(len(items)), key=lambda i: (-items[i][0], items[i][1]))
    assert order.tolist() == expected
