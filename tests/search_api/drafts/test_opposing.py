"""Where a passage seems to go another way than a claim; each pair written by hand."""

import pytest

from indexer.lexical import stems
from search_api.drafts.opposing import may_oppose


def _opposes(claim: str, passage: str) -> bool:
    return may_oppose(claim, dict.fromkeys(stems(claim), 1.0), passage)


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Magnesium prevents cramps.", "Magnesium did not prevent cramps."),
        ("Magnesium does not prevent cramps.", "Magnesium prevented cramps."),
        ("Smoking lowers the risk of clots.", "Smoking raised the risk of clots."),
        ("Zinc shortens colds.", "Zinc lowered fever, but it failed to shorten colds."),
    ],
)
def test_a_denial_or_the_other_direction_is_seen(claim: str, passage: str) -> None:
    assert _opposes(claim, passage)


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Magnesium prevents cramps.", "Magnesium prevented cramps."),
        ("Stretching cut cramps.", "Stretching cut cramps by 1.2 against no stretching."),
        ("Zinc shortens colds.", "Zinc shortened colds, but fever was not changed."),
        ("Smoking raises the risk of clots.", "Trains run on time."),
    ],
)
def test_what_goes_the_same_way_or_is_about_something_else_is_let_pass(claim: str, passage: str) -> None:
    assert not _opposes(claim, passage)
