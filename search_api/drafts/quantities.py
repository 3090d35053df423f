"""The numbers that a claim states, against those of a study's record.

A number is compared with numbers of its own kind: a hazard ratio with ratios, patients with patients. One
that the record does not have beside others of its kind contradicts the record; where the record has none of
that kind, nothing can be said. "43% lower" and "RR 0.57" are the same.
"""

import re
from dataclasses import dataclass
from typing import Literal

from corpus.normalising import search_form

QuantityKind = Literal["ratio", "percent", "people", "dose", "duration", "trials", "year"]

_N = r"(?<![\w.,-])(\d{1,3}(?:[,\u2009\u00a0]\d{3})+(?:\.\d+)?|\d*\.\d+|\d+)"
_PEOPLE = (
    r"(?:[a-z-]+ ){0,4}?(?:adults|patients|participants|people|persons|women|men|subjects|individuals|"
    r"children|volunteers|infants|americans|danes|norwegians|completers)"
)
_RULES: tuple[tuple[QuantityKind, str], ...] = (
    (
        "ratio",
        r"(?:\b(?:HR|RR|OR|IRR)|\b(?:hazard|risk|odds|rate) ratio|relative risk)(?: of|:|,| was| is|=|\s)+"
        + _N,
    ),
    ("percent", _N + r" ?(?:%|per ?cent\b|percent\b)(?! ?(?:CI\b|confidence))"),
    ("people", rf"{_N} (?={_PEOPLE}\b)"),
    ("dose", _N + r" ?(?:mg|ug|g|IU|ml|micrograms?|milligrams?|grams?)\b"),
    ("duration", _N + r"[ -]?(?:years?|months?|weeks?|days?|hours?)\b"),
    ("trials", _N + r" (?=(?:[a-z-]+ ){0,3}?(?:trials|studies|cohorts|articles)\b)"),
    ("year", r"(?<![\w.,-])((?:19|20)\d\d)(?![\w.,-]?\d)"),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _RULES)
_APPROXIMATELY = re.compile(
    r"(?:about|around|nearly|almost|some|roughly|over|more than|approximately|~)\s*$", re.I
)
#: Rounded numbers may differ from the exact ones by this share.
_ROUNDED = 0.06
_UNITS = re.compile(
    r"(?:mg|ug|g|IU|ml|micrograms?|milligrams?|grams?|years?|months?|weeks?|days?|hours?)\b", re.I
)
_IN_BASE: dict[str, float] = {
    **{"ug": 1.0, "microgram": 1.0, "mg": 1e3, "milligram": 1e3, "g": 1e6, "gram": 1e6},
    **{"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0},
}
_SPELLED = "one two three four five six seven eight nine ten eleven twelve"
_WORDS = {word: number for number, word in enumerate(_SPELLED.split(), start=1)}
_WORD_NUMBER = re.compile(
    rf"\b({'|'.join(_WORDS)})\b(?=[ -](?:years?|months?|weeks?|days?|trials|studies|cohorts)\b)", re.I
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text: its kind, its value in the kind's base unit, and how it is written."""

    kind: QuantityKind
    value: float
    written: str
    rounded: bool = False

    @property
    def decimals(self) -> int:
        """Places behind the point as written: a record's 0.427 is a claim's 0.43."""
        match = re.search(r"\.(\d+)", self.written)
        return len(match.group(1)) if match else 0


@dataclass(frozen=True, slots=True)
class NumberDifference:
    """A number of a claim that the record has not, with the record's numbers of that kind."""

    kind: QuantityKind
    claimed: str
    recorded: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {self.claimed} claimed, {', '.join(self.recorded)} recorded"


def quantities_in(text: str) -> list[Quantity]:
    """The numbers of a text that have a kind, in order of kind.

    >>> [(q.kind, q.value) for q in quantities_in("RR 0.43 in 4,807 adults over three years")]
    [('ratio', 0.43), ('people', 4807.0), ('duration', 1095.0)]
    """
    plain = search_form(text)
    plain = _WORD_NUMBER.sub(lambda match: str(_WORDS[match.group().casefold()]), plain)
    found = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            value = float(re.sub(r"[^\d.]", "", match.group(1)))
            unit = _UNITS.search(plain, match.end(1), match.end())
            factor = _IN_BASE.get(unit.group().casefold().rstrip("s"), 1.0) if unit else 1.0
            rounded = _APPROXIMATELY.search(plain[: match.start(1)]) is not None
            found.append(Quantity(kind, value * factor, match.group().strip(), rounded))
    return found


def differences(claim: str, record: str) -> tuple[NumberDifference, ...]:
    """The numbers of a claim that contradict a record; none where all fit or cannot be compared."""
    claimed = quantities_in(claim)
    if not claimed:
        return ()
    recorded = quantities_in(record)
    found = []
    for quantity in claimed:
        alike = [other for other in recorded if other.kind == quantity.kind]
        if quantity.kind == "percent":
            alike += _complements(recorded)
        if alike and not any(_fits(quantity, other) for other in alike):
            written = tuple(dict.fromkeys(other.written for other in alike))
            found.append(NumberDifference(quantity.kind, quantity.written, written))
    return tuple(found)


def _complements(recorded: list[Quantity]) -> list[Quantity]:
    """What a ratio says in per cent: 0.57 is 43% lower, 1.19 is 19% higher."""
    return [
        Quantity("percent", round(abs(1 - q.value) * 100, 1), q.written)
        for q in recorded
        if q.kind == "ratio"
    ]


def _fits(claimed: Quantity, recorded: Quantity) -> bool:
    if claimed.rounded or claimed.kind in ("people", "duration"):
        near = _ROUNDED if claimed.rounded or claimed.kind == "duration" else 0.0
        return abs(claimed.value - recorded.value) <= near * max(claimed.value, recorded.value)
    return abs(claimed.value - recorded.value) < 1e-9 or claimed.value == round(
        recorded.value, claimed.decimals
    )
