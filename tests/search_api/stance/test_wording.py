"""Idioms of direction put into plain words, and back to what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.stance.findings import statements_in
from search_api.stance.wording import plain_wording


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Those who ate the most menaquinone were less likely to have strokes.", "lower"),
        ("Smokers were more likely to develop strokes.", "higher"),
        ("Zinc left the number of strokes unchanged.", "no effect"),
        ("Zinc intake had no bearing on strokes.", "no effect"),
        ("Zinc did nothing to prevent strokes.", "no effect"),
        ("Zinc has not been shown to prevent strokes.", "no effect"),
        ("Zinc is unlikely to prevent strokes.", "no effect"),
        ("Zinc doesn't reduce strokes.", "no effect"),
        ("Zinc didn’t reduce cramps any more than placebo did.", "no effect"),
        ("Zinc worked no better than a dummy pill against cramps.", "no effect"),
        ("Zinc is useless in migraine.", "no effect"),
        ("Zinc offers no protection against strokes.", "no effect"),
        ("Zinc brought down the number of strokes.", "lower"),
        ("Zinc brought the number of strokes down.", "lower"),
        ("Zinc makes migraine less severe.", "lower"),
        ("Exercise put off the onset of claudication.", "lower"),
        ("Blood pressure kept climbing on zinc.", "higher"),
        ("The higher the zinc intake, the fewer strokes.", "lower"),
        ("Exercise helped people with PAD walk farther.", "higher"),
        ("Zinc is effective against cramps.", "better"),
    ],
)
def test_an_idiom_says_its_direction(written: str, said: str) -> None:
    assert [one.said for one in statements_in(written, hedged=True)] == [said]


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("Adults given zinc averaged 0.96 cramps a week against 3.63 on placebo.", ["lower"]),
        ("Adults given zinc averaged 4.1 cramps a week against 3.63 on placebo.", ["higher"]),
        ("Adults given zinc averaged 3.6 cramps a week against 3.6 on placebo.", ["no effect"]),
        ("Smokers and others showed arterial calcification in 30.2% versus 20.9% (P=0.002).", ["higher"]),
        ("Smokers and others showed arterial calcification in 30.2% versus 29.9% (P=0.72).", []),
        ("Zinc lowered strokes (HR 0.9, P=0.30).", []),
        ("Zinc lowered strokes (HR 0.9, P<0.05).", ["lower"]),
        ("Zinc lowered strokes (HR 0.9, 95% CI 0.7-1.2; P=0.01).", []),
        ("Zinc did not lower strokes (P=0.30).", ["no effect"]),
    ],
)
def test_figures_decide_what_a_finding_says(finding: str, said: list[str]) -> None:
    assert [one.said for one in statements_in(finding)] == said


def test_what_figures_are_said_of_is_quoted_as_it_was_written() -> None:
    finding = "Adults given zinc averaged 0.96 nocturnal cramps a week against 3.63 on placebo."
    (statement,) = statements_in(finding)
    assert finding[statement.start : statement.end] == "nocturnal cramps"


def test_a_sentence_without_idioms_stays_as_it_is() -> None:
    sentence = "Zinc lowered strokes by 12%."
    plain = plain_wording(sentence)
    assert plain.text == sentence
    assert plain.span(0, 4) == (0, 4)


_PHRASES = (
    "were less likely to|left|unchanged|did nothing for|people with PAD|walk farther|,|.|the higher|fewer"
    "|averaged 3|4.5|against|on placebo|no better than|zinc|strokes"
)
_WORDS = st.sampled_from(sorted(_PHRASES.split("|")))


@given(st.lists(_WORDS, max_size=30).map(" ".join))
def test_every_span_of_the_plain_wording_lies_in_the_sentence(sentence: str) -> None:
    plain = plain_wording(sentence)
    assert len(plain.origin) == len(plain.text)
    assert all(0 <= place < len(sentence) for place in plain.origin)
    for statement in statements_in(sentence):
        assert 0 <= statement.start <= statement.end <= len(sentence)
