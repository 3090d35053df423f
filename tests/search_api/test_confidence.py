"""The confidence of a result: on a scale of its own, whatever else was found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.background import Background
from search_api.confidence import confidences
from search_api.queries import query_from
from search_api.search import SearchAnswer, Searcher

BACKGROUND = Background(0.0, 0.9)
COSINES = st.floats(-1, 1)


def _ask(searcher: Searcher, question: str, **given: object) -> SearchAnswer:
    return searcher.search(query_from({"query": question, **given}))


def _one(cosine: float, background: Background = BACKGROUND) -> float:
    return float(confidences(background, np.array([cosine]))[0])


@given(COSINES, COSINES)
def test_it_is_0_to_1_and_grows_with_the_cosine(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0 <= _one(low) <= _one(high) <= 1


@given(COSINES, st.floats(0.1, 10), st.floats(-1, 1))
def test_a_model_that_stretches_and_moves_its_cosines_gives_the_same(
    cosine: float, factor: float, shift: float
) -> None:
    other = Background(BACKGROUND.foreign * factor + shift, BACKGROUND.own * factor + shift)
    assert _one(cosine * factor + shift, other) == pytest.approx(_one(cosine), abs=1e-9)


def test_values_worked_out_by_hand() -> None:
    # 0.6 lies at 2/3: 5.1533 - 5.54 = -0.3867; 1 / (1 + e^0.3867) = 0.4045
    assert _one(0.6) == pytest.approx(0.4045, abs=1e-4)
    assert _one(0.0) == pytest.approx(0.00391, abs=1e-5)


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_every_hit_has_one_and_it_does_not_depend_on_how_many_are_shown(
    searcher: Searcher, mode: str
) -> None:
    question = "Does magnesium prevent night cramps?"
    few, many = (_ask(searcher, question, mode=mode, limit=limit) for limit in (3, 30))
    seen = {hit.passage.passage_id: hit.confidence for hit in many.hits}
    assert all(0 < value < 1 for value in seen.values())
    for hit in few.hits:
        assert hit.confidence == pytest.approx(seen[hit.passage.passage_id], abs=2e-4)


def test_a_foreign_question_has_no_sure_result(searcher: Searcher) -> None:
    asked = _ask(searcher, "Does magnesium prevent night cramps?").hits[0].confidence
    foreign = _ask(searcher, "How do I change the tyre of a bicycle?", max_per_source=1).hits
    assert max(hit.confidence for hit in foreign) < 0.05 < 0.3 < asked
