"""What reports a result and what tells a plan, on sentences as abstracts have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api import manner
from search_api.manner import plans, reports


@pytest.mark.parametrize(
    "sentence",
    [
        "The aim was to compare two doses.",
        "We investigated the effect of menaquinone on bone.",
        "Ninety-four adults were randomised to magnesium or placebo.",
        "To determine whether exercise lengthens walking distance.",
    ],
)
def test_an_aim_or_a_method_is_a_plan(sentence: str) -> None:
    assert plans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Cramps were found to be as frequent on placebo.",
        "The risk was lower (RR 0.43).",
        "In conclusion, the vitamin did not help.",
        "Intake was associated with mortality.",
    ],
)
def test_a_finding_or_a_figure_is_reported(sentence: str) -> None:
    assert reports(sentence)
    assert not plans(sentence)


def test_a_plain_statement_is_neither() -> None:
    assert not plans("Vitamin K is fat-soluble.")
    assert not reports("Vitamin K is fat-soluble.")


words = st.sampled_from(
    [
        *(
            "Aims",
            "aimless",
            "hypothesised",
            "to compare",
            "we studied",
            "re-tested",
            "randomized to",
            "To test",
        ),
        *(
            "showed",
            "reshown",
            "led",
            "lead",
            "bleed",
            "P<",
            "p =",
            "identified",
            "result",
            "thus",
            "the",
            "ſhow",
        ),
    ]
)


@given(st.lists(words, max_size=4).map(" ".join))
def test_looking_for_parts_first_changes_no_answer(sentence: str) -> None:
    assert plans(sentence) == (manner._PLANNING.search(sentence) is not None)
    assert reports(sentence) == (manner._REPORTING.search(sentence) is not None)
