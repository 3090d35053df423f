"""Words that say which way something goes: lower, higher, better, worse, no effect, linked.

`governing_cues` finds them in one clause; what they are of is found in `outcomes`, what the clause
then says in `findings`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Direction = Literal["lower", "higher", "better", "worse", "no effect", "linked"]
CueKind = Literal["verb", "moved", "adjective", "noun"]

_OPPOSITE: dict[Direction, Direction] = {
    "lower": "higher",
    "higher": "lower",
    "better": "worse",
    "worse": "better",
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A word of direction at ``clause[start:end]``.

    ``verb``: its object follows; ``moved``: a verb whose subject moves (``fell``); ``adjective``: a
    comparative; ``noun``: what it is of follows behind ``in``, ``of`` or ``on``. ``tied`` where the
    clause ties two things together ("went with", "had") instead of saying that one does the other.
    """

    direction: Direction
    kind: CueKind
    start: int
    end: int
    tied: bool = False

    @property
    def moves_alone(self) -> bool:
        """Whether it says that something rose or fell, and not what made it."""
        return self.kind == "moved" and self.direction in ("lower", "higher")


def opposite(direction: Direction) -> Direction:
    """The other way; no effect and a link have none and stay."""
    return _OPPOSITE.get(direction, direction)


def _verbs(*stems: str) -> str:
    """Forms of regular verbs: ``reduc`` stands for reduce, reduces, reduced and reducing."""
    return "|".join(rf"{stem}(?:e|es|s|ed|ing)?" for stem in stems)


_PATTERNS: tuple[tuple[Direction, CueKind, str], ...] = (
    (
        "lower",
        "verb",
        _verbs("reduc", "lower", "decreas", "slow", "prevent", "inhibit", "suppress", "attenuat", "diminish")
        + "|"
        + _verbs(
            "lessen", "halv", "restrain", "delay", "alleviat", "reliev", "eas", "mitigat", "curb", "block"
        )
        + "|"
        + _verbs("shorten", "weaken", "blunt", "dampen", "shrink", "revers", "halt", "retard", "ameliorat")
        + r"|inhibitors?|cut(?:s|ting)?|stops?|stopped|protect(?:s|ed|ing)? (?:against|from)",
    ),
    (
        "higher",
        "verb",
        _verbs("increas", "rais", "elevat", "enhanc", "boost", "augment", "lengthen", "prolong", "promot")
        + "|"
        + _verbs("accelerat", "doubl", "tripl", "induc", "trigger", "stimulat", "speed")
        + r"|(?<!any )(?<!all )(?<!of )(?<!the )caus(?:e|es|ed|ing)|(?:lead|leads|led|leading) to",
    ),
    (
        "better",
        "verb",
        _verbs("improv", "restor", "preserv", "heal")
        + r"|help(?:s|ed)?(?: against| with)?|(?:beat|beats) \w+ (?:for|in|against)"
        r"|(?:met|meets?|reach(?:es|ed)?)(?= (?:its|the|their)\b)",
    ),
    ("worse", "verb", _verbs("worsen", "aggravat", "impair", "harm", "deteriorat")),
    ("no effect", "verb", r"miss(?:es|ed)?(?= (?:its|the|their)\b)"),
    ("linked", "verb", _verbs("chang", "affect", "alter", "influenc", "interfer")),
    ("lower", "moved", r"fell|fallen|dropped|declined|falls with"),
    ("higher", "moved", r"rose|risen|rises? (?=with|across)|grew"),
    (
        "no effect",
        "moved",
        r"(?:the )?same(?= with| in| as|$)|unchanged"
        r"|(?:similar|identical|comparable)(?= (?:with|in|between|among|as|for|across|whether)\b|$)",
    ),
    ("no effect", "noun", r"unrelated"),
    ("lower", "noun", r"(?:negative(?:ly)?|inverse(?:ly)?) (?:associat|correlat|relat|link)\w+"),
    ("higher", "noun", r"positive(?:ly)? (?:associat|correlat|relat|link)\w+"),
    ("linked", "moved", _verbs("differ")),
    (
        "linked",
        "noun",
        r"effects?|differences?|associations?|correlations?|relations?|relationships?|links?|impact|influence"
        r"|associated|correlated?|correlates|linked|related|tied|different|trend",
    ),
    ("better", "noun", r"benefits?|improvements?"),
    ("lower", "noun", r"reductions?|decreases?|declines?"),
    ("higher", "noun", r"increases?|rises?"),
    (
        "lower",
        "adjective",
        r"less (?:frequent(?:ly)?|common(?:ly)?|often)|fewer|less|rarer|smaller|slower|weaker|shorter|milder",
    ),
    (
        "higher",
        "adjective",
        r"commoner|more (?:frequent(?:ly)?|common(?:ly)?|often)|higher|more|greater|larger|longer",
    ),
    ("better", "adjective", r"better"),
    ("worse", "adjective", r"worse"),
)
_CUE = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<p{i}>{words})" for i, (_, _, words) in enumerate(_PATTERNS))
    + r")(?![\w-])",
    re.IGNORECASE,
)
#: Where ``more`` and its like count or compare, and say nothing of an outcome.
_COUNTS = re.compile(r"more|less|fewer|higher|greater", re.IGNORECASE)
_COUNTED = re.compile(r"(?:\d|\bor)\s+$", re.IGNORECASE)
_NO_OUTCOME = re.compile(r"\s+(?:than \d|so\b|strongly\b|likely\b|in people\b)", re.IGNORECASE)
_CALLED_FOR = re.compile(r"\s+(?:trials?|studies|study|evidence|research|data)\b", re.IGNORECASE)
#: A verb that ties what stands before it to what stands behind it, without saying which way.
TIE = re.compile(
    r"\b(?:(?:associated|linked|correlated|tied|related)\s+(?:with|to)|(?:go|goes|went|going)\s+with"
    r"|carr(?:y|ies|ied)|followed by|mark(?:s|ed)|have|has|had|show(?:s|ed)?|linked|die)\b",
    re.IGNORECASE,
)
_WIDE_GAP = re.compile(r"(?:\s+[\w%.-]+){0,4}\s+")
_GAP = re.compile(r"(?:\s+[\w-]+){0,2}\s+")


def cues_in(clause: str) -> Iterator[Cue]:
    """The words of direction of a clause, in order."""
    for match in _CUE.finditer(clause):
        direction, kind, _ = _PATTERNS[int(str(match.lastgroup)[1:])]
        counted = _COUNTED.search(clause[: match.start()]) or _NO_OUTCOME.match(clause, match.end())
        called_for = kind == "adjective" and _CALLED_FOR.match(clause, match.end())
        if not called_for and not (counted and _COUNTS.fullmatch(match.group())):
            yield Cue(direction, kind, match.start(), match.end())


def governing_cues(clause: str, leading: int = 0) -> list[Cue]:
    """The cues that say something of an outcome, behind an opening phrase that ends at ``leading``.

    A comparative of the subject ("higher intake lowers") goes, a link that is told its direction
    ("linked to somewhat lower") goes, and a verb with its noun ("led to a reduction") becomes one cue.
    """
    cues = [cue for cue in cues_in(clause) if cue.start >= leading]
    kept: list[Cue] = []
    for cue in cues:
        tie = _last_tie(clause, leading, cue.start)
        cue = replace(cue, tied=tie is not None)
        while kept and (joined := _joined(clause, kept[-1], cue, tie)) is not None:
            kept.pop()
            cue = joined
        kept.append(cue)
    return kept


def _joined(clause: str, first: Cue, second: Cue, tie: "re.Match[str] | None") -> Cue | None:
    """What two cues in a row say together, None where each speaks for itself."""
    between = clause[first.end : second.start]
    if first.direction == "linked" and _WIDE_GAP.fullmatch(between):
        return second
    if second.kind == "noun" and second.direction in ("lower", "higher") and _GAP.fullmatch(between):
        direction = first.direction if second.direction == "higher" else opposite(first.direction)
        return replace(second, direction=direction)
    if first.kind == "verb" and re.fullmatch(r"\s+(?:a\s+)?", between) and second.kind == "adjective":
        return second
    modifies = first.kind == "adjective" or clause[first.start : first.end].lower() in (
        "lower",
        "increased",
        "reduced",
    )
    crossed = tie is not None and first.end <= tie.start()
    if modifies and (crossed or (second.kind == "verb" and not re.search(r",|\band\b", between))):
        return second
    return None


def _last_tie(clause: str, low: int, high: int) -> "re.Match[str] | None":
    ties = list(TIE.finditer(clause, low, high))
    return ties[-1] if ties else None
