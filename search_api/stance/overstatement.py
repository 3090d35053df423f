"""Whether a claim says more than a finding of the same direction: a size, a certainty, a reversal.

"Slowed" does not support "reverses", and a fall of 86 % does not support one of 45 %.
"""

import re

_FIGURE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|per ?cent\b|times\b|-?fold\b)", re.IGNORECASE)
_STRONG = tuple(
    re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for words in (
        "revers|regress",
        "cure(?:s|d)?\\b|curing|eliminat|abolish|eradicat",
        "stop(?:s|ped)?\\b|halt",
        "doubl|twice|twofold",
        "tripl|threefold",
        "halv|half",
        "proven|proves?\\b|guarante|always|never",
    )
)
#: Two figures are one where they differ by no more than this share of the greater.
_ROUNDED = 0.05


def claims_more(claim: str, finding: str) -> bool:
    """Whether a claim gives a figure or uses a strong word that the finding does not have."""
    figures = [float(match.group(1)) for match in _FIGURE.finditer(finding)]
    for match in _FIGURE.finditer(claim):
        if not any(_alike(float(match.group(1)), figure) for figure in figures):
            return True
    return any(word.search(claim) and not word.search(finding) for word in _STRONG)


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= _ROUNDED * max(one, other)
