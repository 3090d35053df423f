"""The simulation of a fan-out against cases worked out by hand."""

import numpy as np
import pytest

from benchmarks.fan_out import FanOut, answered, least_given, merged_recall, split_recall

_STEADY = np.array([0.002])


def cluster(shards: int, hedge_after: float | None = None, load: float = 0.001) -> FanOut:
    """Machines that hardly ever have a queue, without network and merging."""
    return FanOut(shards, 2, load, hedge_after, network=0.0, merge=0.0)


def test_without_a_queue_a_question_takes_as_long_as_a_shard() -> None:
    taken, twice = answered(cluster(8), _STEADY, 500, seed=1)
    assert np.median(taken) == pytest.approx(0.002)
    assert twice == 0


def test_network_and_merging_are_added() -> None:
    taken, _ = answered(FanOut(10, 2, 0.001, None, network=0.005, merge=0.001), _STEADY, 50, seed=1)
    assert np.median(taken) == pytest.approx(0.002 + 0.005 + 0.010)


def test_the_slowest_of_many_shards_decides() -> None:
    """One call in a hundred is slow: of 100 shards one is for 1 - 0.99**100 = 63 % of the questions."""
    service = np.array([0.001] * 99 + [0.100])
    one, _ = answered(cluster(1), service, 20_000, seed=1)
    many, _ = answered(cluster(100), service, 5_000, seed=1)
    assert np.mean(one > 0.05) == pytest.approx(0.01, abs=0.004)
    assert np.mean(many > 0.05) == pytest.approx(0.634, abs=0.03)


def test_a_second_call_is_as_rare_as_what_it_waits_for_and_cuts_the_tail() -> None:
    """A question stays slow where a slow call's second call is slow too: 1 - (1 - 0.01**2)**100 = 1 %."""
    service = np.array([0.001] * 99 + [0.100])
    many, twice = answered(cluster(100, hedge_after=0.002), service, 5_000, seed=1)
    assert twice == pytest.approx(0.01, abs=0.003)
    assert np.mean(many > 0.05) == pytest.approx(0.01, abs=0.01)


def test_machines_that_are_busy_make_questions_wait() -> None:
    """A queue with one server, fixed service and Poisson arrivals waits rho / (2 (1 - rho)) services."""
    busy = FanOut(1, 1, 0.5, None, network=0.0, merge=0.0)
    taken, _ = answered(busy, _STEADY, 60_000, seed=1)
    assert taken.mean() == pytest.approx(0.002 * (1 + 0.5 / (2 * 0.5)), rel=0.05)


def test_one_replica_is_never_asked_twice() -> None:
    taken, twice = answered(FanOut(4, 1, 0.3, 0.0001), np.array([0.001]), 100, seed=1)
    assert twice == 0
    assert len(taken) == 100


def test_merging_all_candidates_loses_nothing() -> None:
    assert merged_recall(16, 10, 10, 200, seed=1) == 1.0


def test_of_two_results_in_two_shards_one_candidate_each_finds_three_quarters() -> None:
    """Both lie in one shard half of the time, and then one is lost."""
    assert merged_recall(2, 2, 1, 200_000, seed=1) == pytest.approx(0.75, abs=0.005)


def test_a_real_split_is_counted_question_by_question() -> None:
    shard_of = np.array([0, 0, 1, 1, 1])
    best = np.array([[0, 2], [2, 3]])
    assert split_recall(best, shard_of, given=1) == 0.75
    assert split_recall(best, shard_of, given=2) == 1.0


def test_the_fewest_candidates_reach_the_recall_and_one_less_does_not() -> None:
    least = least_given(8, 50, 0.99)
    assert merged_recall(8, 50, least, 4_000, seed=3) >= 0.985
    assert merged_recall(8, 50, least - 1, 4_000, seed=3) < 0.99
