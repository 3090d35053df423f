"""Claims that say more than a finding of the same direction."""

import pytest

from search_api.stance.overstatement import claims_more


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("K2 reverses calcification.", "K2 slowed calcification."),
        ("Iron cures restless legs.", "Iron lowered restless legs severity."),
        ("K1 lowers dp-ucMGP by 45%.", "K1 cut dp-ucMGP by 86%."),
        ("Exercise doubles walking distance.", "Exercise lengthened walking by 36 m."),
        ("Magnesium is a proven remedy.", "Magnesium eased cramps."),
    ],
)
def test_a_size_or_a_strong_word_that_the_finding_lacks_is_more(claim: str, finding: str) -> None:
    assert claims_more(claim, finding)


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("K lowers dp-ucMGP by about 45 per cent.", "K lowered dp-ucMGP by 44.7%."),
        ("K2 halves the index.", "K2 cut the index by half."),
        ("K2 slows calcification.", "K2 slowed calcification by 9%."),
        ("MK-7 reduces pain in 2 trials.", "MK-7 reduced pain."),
    ],
)
def test_as_much_or_less_is_not(claim: str, finding: str) -> None:
    assert not claims_more(claim, finding)
