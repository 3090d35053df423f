"""The confidence of a result: on a scale of its own, whatever else was found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.background import Background
from search_api.confidence import confidences, word_shares
from search_api.queries import query_from
from search_api.search import SearchAnswer, Searcher

BACKGROUND = Background(0.0, 0.9)
COSINES = st.floats(-1, 1)
SHARES = st.floats(0, 1)


def _ask(searcher: Searcher, question: str, **given: object) -> SearchAnswer:
    return searcher.search(query_from({"query": question, **given}))


def _one(cosine: float, share: float, background: Background = BACKGROUND) -> float:
    return float(confidences(background, np.array([cosine]), np.array([share]))[0])


@given(COSINES, COSINES, SHARES, SHARES)
def test_it_is_0_to_1_and_grows_with_the_cosine_and_with_the_words(
    a: float, b: float, x: float, y: float
) -> None:
    (low, high), (few, many) = sorted((a, b)), sorted((x, y))
    assert 0 <= _one(low, few) <= _one(high, few) <= _one(high, many) <= 1


@given(COSINES, SHARES, st.floats(0.1, 10), st.floats(-1, 1))
def test_a_model_that_stretches_and_moves_its_cosines_gives_the_same(
    cosine: float, share: float, factor: float, shift: float
) -> None:
    other = Background(BACKGROUND.foreign * factor + shift, BACKGROUND.own * factor + shift)
    assert _one(cosine * factor + shift, share, other) == pytest.approx(_one(cosine, share), abs=1e-9)


def test_values_worked_out_by_hand() -> None:
    # 0.6 lies at 2/3: 3.5933 + 0.4 * 5.72 - 7.51 = -1.6287; 1 / (1 + e^1.6287) = 0.1640
    assert _one(0.6, 0.4) == pytest.approx(0.1640, abs=1e-4)
    assert _one(0.0, 0.0) == pytest.approx(0.00055, abs=1e-5)


def test_the_share_of_words_is_0_to_1_and_a_word_nobody_has_lowers_it(searcher: Searcher) -> None:
    rows = np.arange(len(searcher.library.passage_ids))
    known = word_shares(searcher.forward, ["magnesium", "cramp"], rows)
    with_unknown = word_shares(searcher.forward, ["magnesium", "cramp", "zzzz"], rows)
    assert known.min() >= 0 and 0.3 < known.max() <= 1  # noqa: PT018
    assert (with_unknown <= known).all()
    assert with_unknown.max() < known.max()


def test_without_known_words_or_rows_the_share_is_0(searcher: Searcher) -> None:
    assert word_shares(searcher.forward, ["zzzz"], np.arange(3)).tolist() == [0, 0, 0]
    assert word_shares(searcher.forward, ["cramp"], np.arange(0)).tolist() == []


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
