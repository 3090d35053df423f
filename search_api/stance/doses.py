"""How much was given: the doses that a text names, in micrograms.

A record that tells of two doses says of each its own thing, and none of a third.
"""

import re

_DOSE = re.compile(
    r"(?<![\d.])(\d+(?:,\d{3})*(?:\.\d+)?)\s*(ug|µg|μg|mcg|mg|g|micrograms?|milligrams?|grams?)\b"
)


def doses_in(text: str) -> frozenset[float]:
    """The doses of a text in micrograms."""
    return frozenset(
        round(float(match[1].replace(",", "")) * _micrograms(match[2]), 6) for match in _DOSE.finditer(text)
    )


def _micrograms(unit: str) -> float:
    if unit.startswith(("u", "µ", "μ", "mc", "microg")):
        return 1.0
    return 1e3 if unit.startswith("m") else 1e6


def of_another_dose(claimed: frozenset[float], found: frozenset[float]) -> bool:
    """Whether a claim and a statement both name doses, and none of them is the same."""
    return bool(claimed and found) and not claimed & found
