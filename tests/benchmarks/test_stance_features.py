"""The numbers that the classifier of stance was given, and the thresholds it is compared with."""

import numpy as np
import pytest

from benchmarks.stance_features import WORD_FEATURES, antonyms, vector_features, word_features
from benchmarks.train_stance import _macro, _threshold


def _of(name: str, claim: str, text: str) -> float:
    return float(word_features(claim, [text], 0)[WORD_FEATURES.index(name)])


@pytest.mark.parametrize(
    ("name", "claim", "text"),
    [
        ("text_negated", "K2 helps.", "K2 does not help."),
        ("negation_differs", "K2 helps.", "K2 does not help."),
        ("text_null", "K2 lowers pain.", "There was no significant difference in pain."),
        ("null_differs", "K2 lowers pain.", "There was no significant difference in pain."),
        ("opposite_direction", "K2 lowers pain.", "K2 increased pain."),
        ("same_direction", "K2 lowers pain.", "K2 reduced pain."),
        ("text_hedged", "K2 lowers pain.", "K2 may possibly lower pain."),
        ("claim_certain", "K2 always cures pain.", "K2 lowers pain."),
        ("text_compares", "K2 lowers pain.", "Pain was lower than on placebo."),
        ("figures_shared", "It lasts 14 days.", "It lasted 14 days."),
        ("figures_other", "It lasts 14 days.", "It lasted 20 days."),
        ("statement_agrees", "K2 lowers pain.", "K2 reduced pain."),
        ("statement_opposes", "K2 lowers pain.", "K2 did not reduce pain."),
        ("rule_supports", "K2 lowers pain.", "K2 reduced pain."),
        ("rule_contradicts", "K2 lowers pain.", "K2 did not reduce pain."),
    ],
)
def test_a_word_feature_sees_what_it_is_named_for(name: str, claim: str, text: str) -> None:
    assert _of(name, claim, text) > 0
    assert _of(name, "The sky is blue.", "The sky is blue.") == 0


def test_there_is_a_name_for_every_word_feature() -> None:
    assert word_features("a claim", ["a text"], 0).shape == (len(WORD_FEATURES),)


def test_antonyms_count_where_either_side_stands_alone() -> None:
    assert antonyms("The drug is safe.", "The drug was toxic.") == 1
    assert antonyms("The drug is safe.", "The drug was safe, not toxic.") == 0


def test_vector_features_begin_with_the_cosines() -> None:
    claim = np.array([1, 0], dtype=np.float32)
    sentences = np.array([[0, 1], [1, 0]], dtype=np.float32)
    best, mean, least, spread, *rest = vector_features(claim, sentences)
    assert (best, mean, least, spread) == (1, 0.5, 0, 1)
    assert len(rest) == 4


def test_macro_f1_is_that_of_the_table() -> None:
    assert _macro(np.diag([3.0, 4.0, 5.0])) == 1
    assert _macro(np.array([[0.0, 2, 0], [0, 2, 0], [0, 2, 0]])) == pytest.approx(0.5 / 3)


def test_a_threshold_is_the_lowest_that_keeps_the_precision() -> None:
    scores = np.linspace(1, 0, 101)
    assert _threshold(scores, scores > 0.5) == pytest.approx(1 - 61 / 100, abs=0.015)
    assert _threshold(scores, scores < 0.1) is None
