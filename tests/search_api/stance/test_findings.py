"""Which way a finding goes, and of what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.record_stance import directions, starter_studies
from search_api.stance.findings import Statement, direction_of, statements_in


def _said(text: str) -> list[tuple[str, str]]:
    return [(one.said, text[one.start : one.end]) for one in statements_in(text)]


def _only(text: str, *, hedged: bool = False) -> Statement:
    (statement,) = statements_in(text, hedged=hedged)
    return statement


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("Iron lowered ferritin need by a third.", [("lower", "ferritin need")]),
        ("Cocoa lengthened six-minute walking by 42 m.", [("higher", "six-minute walking")]),
        ("Horse chestnut beat placebo for leg pain.", [("better", "leg pain")]),
        ("Smoking worsened wound closure.", [("worse", "wound closure")]),
        ("Strokes were rarer with rivaroxaban than with warfarin.", [("lower", "Strokes")]),
        ("Triglycerides fell in the treated group.", [("lower", "Triglycerides")]),
    ],
)
def test_a_direction_is_said_of_its_outcome(finding: str, said: list[tuple[str, str]]) -> None:
    assert _said(finding) == said


@pytest.mark.parametrize(
    "finding",
    [
        "MK-7 did not reduce calcification.",
        "MK-7 failed to reduce calcification.",
        "MK-7 had no significant effect on calcification.",
        "MK-7 reduced calcification no more than placebo.",
        "MK-7 barely changed calcification.",
        "Neither dose of MK-7 changed calcification.",
        "MK-7 changed neither calcification nor distensibility.",
        "MK-7 was not associated with calcification.",
        "Calcification was unchanged with MK-7.",
        "MK-7 was no better than placebo for calcification.",
    ],
)
def test_a_null_result_is_no_effect_whatever_its_verb(finding: str) -> None:
    assert direction_of(finding) == "no effect"


def test_each_clause_speaks_for_itself() -> None:
    finding = "Vitamin K lowered dp-ucMGP by 44.7% but did not significantly change vascular stiffness."
    assert _said(finding) == [("lower", "dp-ucMGP"), ("no effect", "vascular stiffness")]
    assert direction_of(finding) == "mixed"


def test_a_denial_without_a_verb_takes_the_outcome_before_it() -> None:
    finding = "K2 intake went with lower CHD risk, while K1 intake showed no association."
    first, second = statements_in(finding)
    assert second.said == "no effect"
    assert second.outcome == first.outcome == {"chd"}
    assert second.around.about == {"k1"}


def test_a_denied_site_keeps_what_happens_there() -> None:
    finding = "MK-7 slowed bone loss at the lumbar spine, but not the total hip."
    assert statements_in(finding)[1].outcome == {"bone density", "loss", "hip"}


def test_less_of_what_acts_is_noted() -> None:
    assert _only("Low phylloquinone went with more deaths.").less
    assert not _only("High phylloquinone went with more deaths.").less
    assert not _only("In women with low vitamin K status MK-7 lowered dp-ucMGP.").less


def test_a_comparative_of_the_subject_is_not_its_direction() -> None:
    assert _said("Higher dp-ucMGP went with less calcification.") == [("lower", "calcification")]


def test_a_verb_with_its_noun_is_one_direction() -> None:
    assert _said("Exercise led to a reduction in pain.") == [("lower", "pain")]


def test_a_link_that_is_told_its_direction_is_said_once() -> None:
    finding = "A higher intake of K1 is associated with lower mortality."
    assert _said(finding) == [("lower", "mortality")]


def test_an_inverse_association_goes_down() -> None:
    assert _only("Birth weight is inversely associated with cancer.").direction == "lower"


@pytest.mark.parametrize(
    "finding",
    [
        "Protocol of a trial of whether MK-7 slows calcification.",
        "Review of how vitamin K reduces calcification.",
        "RETRACTED: claimed that folate cut hip fractures.",
        "MK-4 cut fractures, but the authors warned readers of problematic trials.",
        "",
    ],
)
def test_what_reports_no_result_of_its_own_states_no_direction(finding: str) -> None:
    assert direction_of(finding) == "not stated"


def test_a_hedge_states_nothing_in_a_finding_and_something_in_a_claim() -> None:
    assert statements_in("MK-7 may reduce calcification.") == ()
    assert _only("MK-7 may reduce calcification.", hedged=True).direction == "lower"


def test_a_direction_whose_own_interval_includes_no_effect_is_not_taken() -> None:
    assert statements_in("MK-7 lowered mortality (HR 0.92, 95% CI 0.80-1.06).") == ()
    assert statements_in("MK-7 lowered mortality (HR 0.82, 95% CI 0.70-0.96).")
    assert statements_in("MK-7 lowered pressure (2.1 mmHg, 95% CI -0.4 to 4.6).") == ()


def test_what_moved_without_controls_is_a_trend() -> None:
    assert _only("With MK-4 and no control arm, coronary calcium rose 14%.").trend
    assert not _only("PAD prevalence fell across rising vitamin D quartiles.").trend


def test_the_controls_own_course_is_not_a_finding() -> None:
    assert statements_in("Cramps in the placebo arm rose from a baseline of 2.71.") == ()


def test_a_text_longer_than_a_sentence_is_not_read_as_one() -> None:
    assert statements_in("MK-7 reduced pain. " * 200) == ()


@given(st.text(alphabet="abn MK-7(),.;:%'αreducedlowrtha", max_size=300) | st.text(max_size=300))
def test_whatever_is_written_is_read_without_an_error(text: str) -> None:
    for statement in statements_in(text, hedged=True):
        assert 0 <= statement.start <= statement.end <= len(text)
        assert statement.outcome


def test_the_findings_of_the_starter_library_are_read_as_a_person_read_them() -> None:
    counted = directions(starter_studies(), "test")
    assert counted["right"] / (counted["right"] + counted["wrong"]) >= 0.9
    assert counted["right"] / (counted["right"] + counted["missed"]) >= 0.85
