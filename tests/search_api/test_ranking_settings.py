"""Settings of ranking: a short record, switched by name=value, nothing accepted in silence."""

import pytest

from corpus.errors import ParameterError
from search_api.queries import query_from
from search_api.ranking_settings import Ranking
from search_api.search import Searcher


def test_without_assignments_the_tuned_values_hold() -> None:
    assert Ranking.from_assignments([]) == Ranking()
    assert (Ranking().dense_weight, Ranking().depth) == (0.65, 300)


def test_an_assignment_changes_its_setting_and_no_other() -> None:
    assert Ranking.from_assignments(["dense_weight=0.25"]) == Ranking(dense_weight=0.25)
    assert Ranking.from_assignments([" depth = 50 ", "dense_weight=1"]) == Ranking(dense_weight=1.0, depth=50)


def test_of_two_assignments_to_one_name_the_last_counts() -> None:
    assert Ranking.from_assignments(["depth=50", "depth=60"]).depth == 60


@pytest.mark.parametrize("given", ["weight=1", "=1", "", "dense_weight_=1", "Depth=3"])
def test_an_unknown_name_is_refused_with_the_names_there_are(given: str) -> None:
    with pytest.raises(ParameterError, match=r"no setting of that name; use dense_weight, lexical_weight"):
        Ranking.from_assignments([given])


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("dense_weight=heavy", "dense_weight=heavy: must be a number"),
        ("dense_weight", "dense_weight=: must be a number"),
        ("dense_weight=1.01", "dense_weight=1.01: must be 0 to 1"),
        ("dense_weight=-0.1", "must be 0 to 1"),
        ("dense_weight=nan", "must be 0 to 1"),
        ("depth=1.5", "depth=1.5: must be a whole number"),
        ("depth=0", "must be at least 1"),
    ],
)
def test_a_value_out_of_its_rule_is_refused(given: str, rule: str) -> None:
    with pytest.raises(ParameterError, match=rule):
        Ranking.from_assignments([given])


def test_the_fast_profile_takes_fewer_candidates_and_leaves_steps_out() -> None:
    fast = Ranking.of_profile("fast")
    assert fast.depth < Ranking().depth
    assert (fast.expansion_terms, fast.neighbour_weight) == (0, 0.0)
    assert Ranking.of_profile("default") == Ranking()
    with pytest.raises(ParameterError, match="no profile of that name; use default or fast"):
        Ranking.of_profile("faster")


def test_a_search_obeys_the_settings_it_is_given(searcher: Searcher) -> None:
    query = query_from({"query": "Does magnesium prevent night cramps?", "limit": 30})
    alone = Ranking(lexical_weight=0.0, gram_weight=0.0, feedback=0)
    usual = searcher.search(query)
    whole = searcher.search(query, alone)
    assert [h.passage.passage_id for h in whole.hits] != [h.passage.passage_id for h in usual.hits]
    best = whole.hits[0]
    assert best.scores["dense"] == max(hit.scores["dense"] for hit in whole.hits)


def test_encoding_and_ranking_are_timed_apart_within_the_whole(searcher: Searcher) -> None:
    answer = searcher.search(query_from({"query": "Does magnesium prevent night cramps?"}))
    assert answer.encoding_ms > 0
    assert answer.ranking_ms > 0
    assert answer.encoding_ms + answer.ranking_ms <= answer.took_ms + 0.02
