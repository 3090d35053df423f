"""How something came to act: was it given, was it eaten, was it measured in the blood, or merely seen.

A trial of a supplement says nothing of what people eat, a cohort nothing of what a supplement does, and
a level in plasma is neither. Where a claim speaks of one and a record of another, neither supports nor
contradicts the other.
"""

import re
from functools import lru_cache
from typing import Literal

Exposure = Literal["given", "eaten", "level", "seen"]

_WORDS: tuple[tuple[Exposure, re.Pattern[str]], ...] = (
    (
        "given",
        re.compile(
            r"\b(?:trials?|randomi[sz]\w+|placebo|supplement\w*|tablets?|capsules?|pills?)\b", re.IGNORECASE
        ),
    ),
    ("level", re.compile(r"\b(?:plasma|serum|circulating|concentrations?|blood levels?)\b", re.IGNORECASE)),
    ("eaten", re.compile(r"\b(?:intake|dietary|eat|eats|eating|ate|eaten|consum\w+)\b", re.IGNORECASE)),
    (
        "seen",
        re.compile(
            r"\b(?:levels?|users?|use|quartile|quintile|tertile|top (?:third|fifth)"
            r"|(?<!with )(?<!to )(?:high|higher|low)(?! dose)(?= [\w-]+))\b",
            re.IGNORECASE,
        ),
    ),
)
_TIED = re.compile(
    r"\b(?:associat\w+|correlat\w+|linked|tied|related|unrelated|went with|followed (?:about |almost )?\d)\b",
    re.IGNORECASE,
)
_OF_DESIGN: dict[str, Exposure] = {
    "RCT": "given",
    "non-randomised trial": "given",
    "animal": "given",
    "cohort": "seen",
    "case-control": "seen",
    "cross-sectional": "seen",
}


def claimed_exposure(claim: str, *, causal: bool) -> Exposure | None:
    """How a claim says that something acts; one that only says it acts (``causal``) means something given."""
    observed = [kind for kind, words in _WORDS[1:] if words.search(claim)]
    if observed:
        return observed[0]
    return "given" if causal or _WORDS[0][1].search(claim) else None


@lru_cache(maxsize=4096)
def recorded_exposure(finding: str, design: str = "unknown") -> Exposure | None:
    """How a record's finding was come by, from its words, else from the design of the study."""
    if _OF_DESIGN.get(design) == "given" or (design not in _OF_DESIGN and _WORDS[0][1].search(finding)):
        return "given"
    observed = [kind for kind, words in _WORDS[1:] if words.search(finding)]
    if observed:
        return observed[0]
    return "seen" if _TIED.search(finding) else _OF_DESIGN.get(design)


def may_speak_of(recorded: Exposure | None, claimed: Exposure | None) -> bool:
    """Whether a record of one kind of exposure speaks of a claim about another."""
    return (
        recorded == claimed
        or None in (recorded, claimed)
        or ("seen" in (recorded, claimed) and "given" not in (recorded, claimed))
    )
