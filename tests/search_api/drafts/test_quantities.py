"""The numbers of a claim against those of a record; each pair written by hand."""

import pytest

from search_api.drafts.quantities import differences, quantities_in

_RECORD = "In 4,807 adults followed 10 years, 180 µg/day lowered the risk (HR 0.57, 95% CI 0.43-0.76)."


@pytest.mark.parametrize(
    "claim",
    [
        "The risk was 43% lower.",
        "The hazard ratio was 0.57.",
        "It was seen in 4807 adults.",
        "Adults were followed for ten years.",
        "At 0.18 mg a day the risk fell.",
        "About 4800 adults took part.",
        "The risk fell.",
        "It took 12 trials to see it.",
    ],
)
def test_a_number_that_the_record_has_or_cannot_be_compared_is_no_difference(claim: str) -> None:
    assert differences(claim, _RECORD) == ()


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("The risk was 48% lower.", "percent"),
        ("The hazard ratio was 0.75.", "ratio"),
        ("It was seen in 4708 adults.", "people"),
        ("Adults were followed for 20 years.", "duration"),
        ("At 180 mg a day the risk fell.", "dose"),
    ],
)
def test_another_number_of_the_same_kind_is_a_difference(claim: str, kind: str) -> None:
    (found,) = differences(claim, _RECORD)
    assert found.kind == kind


def test_a_confidence_level_is_no_percentage() -> None:
    assert [q.kind for q in quantities_in("95% CI 0.4 to 0.6")] == []
