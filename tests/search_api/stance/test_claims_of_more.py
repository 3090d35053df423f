"""What a record does not support although it goes the claimed way."""

import pytest

from benchmarks.record_stance import drafts, starter_studies
from search_api.stance.record import finding_stance

TOGETHER = "Rivaroxaban plus vitamin K2 lowered strokes versus warfarin."
HIP = "MK-7 slowed bone loss at the lumbar spine, but not the total hip, in 244 healthy women."
STIFF = "MK-7 did not change pulse wave velocity versus placebo."


def test_an_effect_of_two_things_together_is_not_one_of_either() -> None:
    assert finding_stance("Rivaroxaban plus vitamin K2 lowered strokes.", TOGETHER).stance == "supports"
    assert finding_stance("Vitamin K2 lowered strokes.", TOGETHER).stance == "not judged"
    assert finding_stance("Rivaroxaban lowered strokes.", TOGETHER).stance == "not judged"


def test_no_effect_at_one_site_is_not_no_effect() -> None:
    assert finding_stance("MK-7 does not slow bone loss at the hip.", HIP).stance == "supports"
    assert finding_stance("MK-7 has no effect on bone loss.", HIP).stance != "supports"


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("MK-7 has no effect on arterial stiffness.", "supports"),
        ("Vitamin K2 has no effect on arterial stiffness.", "supports"),
        ("Vitamin K has no effect on arterial stiffness.", "not judged"),
        ("Vitamin K repeatedly failed to change pulse wave velocity.", "not judged"),
        ("In pooled trials MK-7 did not change pulse wave velocity.", "not judged"),
    ],
)
def test_a_null_result_denies_no_more_than_what_was_looked_at(claim: str, stance: str) -> None:
    assert finding_stance(claim, STIFF, design="RCT").stance == stance


def test_no_rise_without_controls_is_not_no_effect() -> None:
    finding = "With MK-4 and no control arm, pulse wave velocity was unchanged."
    assert finding_stance("MK-4 has no effect on pulse wave velocity.", finding).stance == "not judged"
    assert finding_stance("Pulse wave velocity did not change on MK-4.", finding).stance == "supports"


def test_equal_to_another_treatment_is_not_denied_by_a_rise() -> None:
    finding = "MK-4 raised bone density."
    claim = "MK-4 was no better than alfacalcidol for bone density."
    assert finding_stance(claim, finding).stance == "not judged"


def test_a_link_is_held_to_be_one_that_raises() -> None:
    assert finding_stance("Smoking is linked to strokes.", "Smoking raised strokes.").stance == "supports"
    assert finding_stance("Smoking is linked to strokes.", "Smoking lowered strokes.").stance == "not judged"


def test_who_was_seen_is_asked_of_the_study_and_not_of_the_statement() -> None:
    finding = "In 80 Dutch women, MK-7 lowered calcification; pain was unchanged with MK-7."
    assert finding_stance("Pain was unchanged with MK-7 in Dutch women.", finding).stance == "supports"
    assert finding_stance("Pain was unchanged with MK-7 in Danish women.", finding).stance == "not judged"


@pytest.mark.parametrize(("half", "supported", "contradicted"), [("tune", 28, 16), ("test", 21, 14)])
def test_of_the_sentences_of_drafts_none_is_judged_wrongly(
    half: str, supported: int, contradicted: int
) -> None:
    given_verdicts = drafts(starter_studies(), half)
    right = {"supports: supports", "contradicts: contradicts"}
    assert {name for name in given_verdicts if not name.endswith("not judged")} == right
    assert given_verdicts["supports: supports"] >= supported
    assert given_verdicts["contradicts: contradicts"] >= contradicted
