"""Two runs compared: means, the randomisation test against values worked out by hand, what changed most."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_rel

from search_api.comparison import Change, changed_most, compared, randomisation_p


def _values(*numbers: float) -> dict[str, dict[str, float]]:
    return {f"q{place}": {"m": number} for place, number in enumerate(numbers, start=1)}


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        # Eight sign patterns. All of one sign: only it and its mirror are as far out. 2/8
        ([0.1, 0.2, 0.3], 0.25),
        # The sums in size: 6, 4, 2, 0, 0, 2, 4, 6. With 0.1 turned, 4 of 8 are as far out.
        ([-0.1, 0.2, 0.3], 0.5),
        ([-0.2, 0.1, 0.3], 0.75),
        # A draw has the same sum under either sign: 2/4 of what is left.
        ([0.0, 0.2, 0.3], 0.5),
        ([0.2, -0.2], 1.0),
        ([0.0, 0.0, 0.0], 1.0),
        ([0.7], 1.0),
        # 2 of 2^10
        ([0.1] * 10, 2 / 1024),
    ],
)
def test_p_is_the_share_of_sign_patterns_at_least_as_far_out(differences: list[float], p: float) -> None:
    assert randomisation_p(np.array(differences)) == pytest.approx(p)


@given(st.lists(st.sampled_from([-0.5, -0.1, 0.0, 0.3, 0.4]), min_size=2, max_size=9))
def test_p_is_a_share_and_the_same_whichever_run_comes_first(differences: list[float]) -> None:
    values = np.array(differences)
    assert 0 < randomisation_p(values) <= 1
    assert randomisation_p(values) == pytest.approx(randomisation_p(-values))


def test_on_many_queries_the_test_agrees_with_students_t_and_is_the_same_each_time() -> None:
    drawn = np.random.default_rng(3)
    before = drawn.uniform(0, 1, 300)
    after = before + drawn.normal(0.006, 0.1, 300)
    p = randomisation_p(after - before)
    assert p == pytest.approx(ttest_rel(after, before).pvalue, abs=0.01)
    assert 0.005 < p < 0.2
    assert randomisation_p(after - before) == p


def test_means_and_the_queries_that_went_up_or_down_are_counted() -> None:
    (difference,) = compared(_values(0.5, 0.5, 0.2, 1.0), _values(1.0, 0.25, 0.2, 1.0), ["m"])
    assert (difference.measure, difference.queries) == ("m", 4)
    assert (difference.before, difference.after) == pytest.approx((0.55, 0.6125))
    assert difference.mean == pytest.approx(0.0625)
    assert (difference.better, difference.worse) == (1, 1)


def test_the_largest_changes_come_first_in_either_direction_and_what_did_not_change_is_left_out() -> None:
    before, after = _values(0.5, 0.5, 0.2, 0.0, 0.3), _values(0.6, 0.0, 0.2, 0.5, 0.9)
    changes = changed_most(before, after, "m", most=3)
    assert changes == (Change("q5", 0.3, 0.9), Change("q2", 0.5, 0.0), Change("q4", 0.0, 0.5))
    assert [change.by for change in changes] == pytest.approx([0.6, -0.5, 0.5])
    assert len(changed_most(before, after, "m")) == 4
