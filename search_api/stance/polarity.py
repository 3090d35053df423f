"""What turns a word of direction round or takes it back: a denial, a lack of what acts, a hedge."""

import re

from search_api.stance.clauses import Clause
from search_api.stance.directions import Cue

_NOT = re.compile(
    r"(?:\b(?:not|never|cannot|without|fail(?:s|ed)? to|barely|hardly|scarcely)|n't)(?:\s+[\w-]+){0,3}\s*$",
    re.IGNORECASE,
)
_NO = re.compile(r"\b(?:no|nor|little|lack of|non-significant)(?:\s+[\w-]+){0,3}\s*$", re.IGNORECASE)
_NEITHER = re.compile(r"\bneither\b", re.IGNORECASE)
_LOW = re.compile(
    r"\b(?:low|lower|lowest|below|deficien\w+|lack\w*|insufficien\w+|poor|inadequate|less|bottom)\b",
    re.IGNORECASE,
)
_HIGH = re.compile(
    r"\b(?:high|higher|highest|top|rising|more|greater|each|every|extra|above|rich)\b", re.IGNORECASE
)
_WITHDRAWN = re.compile(
    r"\b(?:deficien\w+|lack(?:s|ing)?|insufficien\w+|withdraw\w+|stopping)\b", re.IGNORECASE
)
_LITTLE_OF_IT = re.compile(r"\s*(?:an? )?(?:low|lower|poor|inadequate|insufficient)\s", re.IGNORECASE)
#: "More common in those with the lowest levels".
_SEEN_WITH_LESS = re.compile(
    r"\s+(?:in|among|with)\s+(?:(?!than\b|high)[\w-]+\s+){0,5}?(?:low|lower|lowest|poor|deficient|insufficient)\b"
    r"(?! dose)",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:given|took|taking|received|receiving|assigned|supplement\w*|placebo)\b", re.IGNORECASE
)
_HEDGE = re.compile(
    r"\b(?:whether|may|might|could|hints?|tends? to|tended to|claim(?:s|ed)|arguing|suggest\w*)\b",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"CI\s+(-?\d+(?:\.\d+)?)\s*(?:-|to)\s*(-?\d+(?:\.\d+)?)")
#: A P value that is not told as "less than"; above this an effect is not told from chance.
_CHANCE = re.compile(r"\bP\s*[=>]\s*(0?\.\d+)")
_SIGNIFICANT = 0.05
_RATIO = re.compile(r"\b(?:HR|RR|OR|ratio)\b")


def is_negated(clause: Clause, cue: Cue, previous: int) -> bool:
    """Whether a cue is denied; ``previous`` is the end of the cue before it."""
    words = clause.words
    ahead = words[min(previous, cue.start) : cue.start]
    return bool(
        clause.control == "no more"
        or _NOT.search(ahead)
        or _NO.search(ahead)
        or _NEITHER.search(words, clause.leading, cue.start)
        or _NEITHER.match(words, cue.end + 1)
    )


def is_of_less(clause: Clause, cue: Cue) -> bool:
    """Whether the outcome goes with less of what acts: with a low intake, with a deficiency."""
    subject = clause.words[clause.leading : cue.start]
    if not cue.tied and _SEEN_WITH_LESS.match(clause.words, cue.end) and not _GIVEN.search(clause.words):
        return True
    if not cue.tied:
        return (_WITHDRAWN.search(subject) or _LITTLE_OF_IT.match(subject)) is not None
    low, high = _LOW.search(subject), _HIGH.search(subject)
    return low is not None and (high is None or low.start() < high.start())


def is_hedged(clause: Clause, cue: Cue, previous: int) -> bool:
    """Whether the record itself says that it is not sure of this."""
    return _HEDGE.search(clause.words, previous, cue.start) is not None


def includes_nothing(behind: str) -> bool:
    """Whether the first interval behind a cue includes no effect; without one, whether P is large."""
    interval = _INTERVAL.search(behind)
    if interval is None:
        chance = _CHANCE.search(behind)
        return chance is not None and float(chance.group(1)) > _SIGNIFICANT
    low, high = float(interval.group(1)), float(interval.group(2))
    nothing = 1.0 if _RATIO.search(behind, 0, interval.start()) else 0.0
    return low < nothing < high
