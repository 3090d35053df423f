"""Whether a claim says more than a finding of the same direction: a size, a certainty, a reversal.

"Slowed" does not support "reverses", and a fall of 86 % does not support one of 45 %.
"""

import re

from search_api.stance.concepts import covers, names_in

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
        "repeatedly|consistently|time and again",
        "on (?:its|their) own\\b|by (?:itself|themselves)\\b",
    )
)
_POOLED = re.compile(r"\b(?:pool(?:ed|ing)|meta-analys[ei]s|systematic reviews?)\b", re.IGNORECASE)
_TOGETHER = re.compile(
    r"(?P<one>(?:vitamin )?[\w-]+) (?:plus|combined with|together with|added to) "
    r"(?P<other>(?:vitamin )?[\w-]+)",
    re.IGNORECASE,
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


def asks_another_design(claim: str, design: str) -> bool:
    """Whether a claim says that studies were pooled, and the record is one study."""
    return _POOLED.search(claim) is not None and design not in (
        "meta-analysis",
        "systematic review",
        "unknown",
    )


def is_half_of(acting: frozenset[str], finding: str) -> bool:
    """Whether of two things that a finding tells of only together ("A plus B") a claim names one."""
    for match in _TOGETHER.finditer(finding):
        halves = names_in(match.group("one")), names_in(match.group("other"))
        named = [any(covers(name, want) for name in half for want in acting) for half in halves]
        elsewhere = names_in(finding[: match.start()] + " ; " + finding[match.end() :])
        if any(named) and not all(named) and not halves[named.index(True)] <= elsewhere:
            return True
    return False


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= _ROUNDED * max(one, other)
