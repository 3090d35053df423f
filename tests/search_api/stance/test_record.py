"""Whether a claim says what a study's record says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.record_stance import pairs, sentences, starter_studies
from corpus.records import Integrity, Source, Study
from search_api.stance.record import NOT_JUDGED, finding_stance, record_stance

NULL_TRIAL = (
    "In 304 men, MK-7 did not significantly slow coronary calcification over two years versus placebo."
)
COHORT = "In 2987 Norwegians followed 11 years, the top quartile of vitamin K2 intake had lower CHD risk."


def _study(finding: str | None, design: str = "RCT", status: str = "none-known") -> Source:
    return Source(
        "doi:10.1/x",
        "study",
        {"title": "A trial"},
        "",
        (),
        study=Study(design=design, finding=finding),
        integrity=Integrity(status=status),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("MK-7 slows coronary calcification.", "contradicts"),
        ("Vitamin K2 reduces coronary calcification in men.", "contradicts"),
        ("MK-7 does not slow coronary calcification.", "supports"),
        ("MK-7 accelerates coronary calcification.", "not judged"),
        ("MK-7 slows valve calcification.", "not judged"),
        ("MK-4 slows coronary calcification.", "not judged"),
        ("Vitamin K1 slows coronary calcification.", "not judged"),
        ("MK-7 slows coronary calcification in women.", "not judged"),
        ("MK-7 is sold in capsules.", "not judged"),
        ("Does MK-7 matter?", "not judged"),
        ("", "not judged"),
    ],
)
def test_a_null_trial_contradicts_the_effect_it_looked_for_and_nothing_else(claim: str, stance: str) -> None:
    assert record_stance(claim, _study(NULL_TRIAL)).stance == stance


def test_the_verdict_names_the_words_it_rests_on() -> None:
    verdict = record_stance("MK-7 slows coronary calcification.", _study(NULL_TRIAL))
    assert NULL_TRIAL[verdict.start : verdict.end] == "coronary calcification"


def test_confidence_is_the_share_of_the_claims_concepts_that_the_record_names() -> None:
    assert record_stance("MK-7 slows coronary calcification.", _study(NULL_TRIAL)).confidence == 1
    wider = record_stance("Vitamin K2 slows coronary calcification.", _study(NULL_TRIAL))
    assert wider.confidence == pytest.approx(2 / 3)


@pytest.mark.parametrize("status", ["retracted", "concern"])
def test_a_study_that_must_not_be_trusted_supports_and_contradicts_nothing(status: str) -> None:
    assert (
        record_stance("MK-7 slows coronary calcification.", _study(NULL_TRIAL, status=status)) == NOT_JUDGED
    )


def test_a_source_without_a_recorded_finding_is_not_judged() -> None:
    assert record_stance("MK-7 slows coronary calcification.", _study(None)) == NOT_JUDGED
    assert record_stance("MK-7 slows calcification.", replace(_study(None), study=None)) == NOT_JUDGED


def test_a_cohort_says_nothing_of_a_supplement_and_a_trial_nothing_of_a_diet() -> None:
    assert finding_stance("Vitamin K2 intake goes with lower CHD risk.", COHORT).stance == "supports"
    assert finding_stance("Vitamin K2 supplements lower CHD risk.", COHORT).stance == "not judged"
    assert (
        finding_stance("A high MK-7 intake slows coronary calcification", NULL_TRIAL).stance == "not judged"
    )


def test_an_experiment_in_animals_says_nothing_of_a_claim_that_names_none() -> None:
    finding = "In rats a diet rich in vitamin K cut arterial calcium by half."
    assert finding_stance("Vitamin K reduces arterial calcification.", finding).stance == "not judged"
    assert finding_stance("Vitamin K reduces arterial calcification in rats.", finding).stance == "supports"


def test_a_contrast_is_not_what_acted() -> None:
    finding = "Vitamin K1 slowed coronary calcification, in contrast with several MK-7 trials."
    assert finding_stance("Vitamin K1 slows coronary calcification.", finding).stance == "supports"
    assert finding_stance("MK-7 slows coronary calcification.", finding).stance == "not judged"


def test_death_from_one_cause_is_not_death() -> None:
    finding = "High vitamin K2 intake went with lower CHD mortality."
    assert (
        finding_stance("High vitamin K2 intake goes with lower CHD mortality.", finding).stance == "supports"
    )
    assert finding_stance("High vitamin K2 intake goes with lower mortality.", finding).stance == "not judged"


def test_the_second_of_two_treatments_put_first_is_a_contradiction() -> None:
    finding = "Quality of life was better with laser ablation than with foam sclerotherapy."
    laser, foam = "Laser ablation gives better quality of life", "Foam gives better quality of life"
    assert finding_stance(f"{laser} than foam.", finding).stance == "supports"
    assert finding_stance(f"{foam} than laser ablation.", finding).stance == "contradicts"


def test_who_did_not_lower_something_has_not_denied_that_it_rose() -> None:
    finding = "Antioxidants did not prevent deaths."
    assert finding_stance("Antioxidants prevent deaths.", finding).stance == "contradicts"
    assert finding_stance("Antioxidants increase deaths.", finding).stance == "not judged"


def test_no_effect_on_a_part_does_not_support_no_effect_on_the_whole() -> None:
    claim = "MK-7 has no effect on vascular calcification."
    assert finding_stance(claim, NULL_TRIAL).stance == "not judged"


def test_a_rise_without_controls_does_not_contradict_a_slowing() -> None:
    finding = "With MK-4 and no control arm, coronary calcium rose 14%."
    assert finding_stance("MK-4 slows coronary calcification.", finding) == NOT_JUDGED


def test_no_difference_from_another_treatment_is_not_no_effect() -> None:
    finding = "MK-4 raised bone density, not different from alfacalcidol."
    assert finding_stance("MK-4 raises bone density.", finding).stance == "supports"
    assert finding_stance("MK-4 has no effect on bone density.", finding).stance == "contradicts"


def test_half_a_claim_is_not_supported() -> None:
    finding = "Exercise lowered pain."
    assert finding_stance("Exercise lowers pain.", finding).stance == "supports"
    assert finding_stance("Exercise lowers pain and improves sleep.", finding).stance == "not judged"


def test_improvement_is_resolved_by_what_is_better_for_people() -> None:
    finding = "MK-7 lowered pulse wave velocity."
    assert finding_stance("MK-7 improves stiffness.", finding).stance == "supports"
    assert finding_stance("MK-7 improves pulse wave velocity.", finding).stance == "supports"
    assert finding_stance("MK-7 worsens pulse wave velocity.", finding).stance == "contradicts"


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_claim_and_finding_give_a_verdict_that_stands_in_the_finding(claim: str, finding: str) -> None:
    verdict = finding_stance(claim, finding)
    assert verdict.stance in ("supports", "contradicts", "not judged")
    assert 0 <= verdict.confidence <= 1
    if verdict.start is not None and verdict.end is not None:
        assert 0 <= verdict.start <= verdict.end <= len(finding)


def test_of_the_claims_kept_apart_no_study_is_said_to_hold_the_other_view() -> None:
    given_verdicts = pairs(starter_studies(), "test")
    wrong = {
        name: count
        for name, count in given_verdicts.items()
        if name.split(": ")[1] not in ("not judged", name.split(": ")[0])
    }
    assert not wrong
    assert given_verdicts["supports: supports"] >= 20
    assert given_verdicts["contradicts: contradicts"] >= 30


def test_every_verdict_on_the_sentences_of_a_draft_was_read_by_a_person() -> None:
    counted = sentences(starter_studies())
    assert counted.get("unread", 0) == 0
    assert counted["wrong"] <= 3
    assert counted["right"] >= 60
