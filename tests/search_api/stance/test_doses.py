"""How much was given."""

import pytest

from search_api.stance.doses import doses_in, of_another_dose
from search_api.stance.record import finding_stance

TWO_DOSES = "Vitamin K1 supplements lowered the INR at 150 ug/day, while 100 ug/day did not change the INR."


@pytest.mark.parametrize(
    ("text", "micrograms"),
    [
        ("180 ug/day MK-7", {180}),
        ("180 µg, 0.18 mg and 180 micrograms", {180}),
        ("4.4 g fish oil", {4_400_000}),
        ("1,000 mg a day", {1_000_000}),
        ("MK-7 for 12 months in 244 women", set()),
        ("", set()),
    ],
)
def test_doses_are_told_in_micrograms(text: str, micrograms: set[float]) -> None:
    assert doses_in(text) == micrograms


def test_doses_differ_only_where_both_are_named() -> None:
    assert of_another_dose(frozenset({90.0}), frozenset({180.0}))
    assert not of_another_dose(frozenset({180.0}), frozenset({180.0, 360.0}))
    assert not of_another_dose(frozenset(), frozenset({180.0}))
    assert not of_another_dose(frozenset({90.0}), frozenset())


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("Vitamin K1 at 150 ug a day lowers the INR.", "supports"),
        ("At 100 µg a day vitamin K1 does not change the INR.", "supports"),
        ("At 150 µg a day vitamin K1 does not change the INR.", "contradicts"),
        ("Vitamin K1 at 50 ug a day lowers the INR.", "not judged"),
        ("Vitamin K1 lowers the INR.", "not judged"),
    ],
)
def test_what_is_said_of_one_dose_is_not_said_of_another(claim: str, stance: str) -> None:
    assert finding_stance(claim, TWO_DOSES).stance == stance
