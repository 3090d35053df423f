"""What a study's finding says went which way: statements of direction, each with what it is of.

A finding is one sentence of a study's record. It is cut into clauses, each clause searched for words
of direction (`directions`), and each of them given its outcome (`outcomes`), its polarity and what
stands around it. A protocol, a review, a guideline, a record that is retracted or doubts itself states no
direction, nor does a hedged clause or one whose own confidence interval includes no effect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from search_api.stance.clauses import Clause, clauses_of
from search_api.stance.concepts import concepts_in, names_in
from search_api.stance.directions import TIE, Cue, Direction, cues_in, governing_cues
from search_api.stance.doses import doses_in
from search_api.stance.outcomes import outcome_span
from search_api.stance.polarity import includes_nothing, is_hedged, is_negated, is_of_less
from search_api.stance.vocabulary import PEOPLE, SITES, WIDER
from search_api.stance.wording import Wording, plain_wording

FindingDirection = Literal["lower", "higher", "better", "worse", "no effect", "mixed", "not stated"]

#: Characters of the longest text that is read as one sentence.
_LONGEST = 1500
_UNSTATED = re.compile(
    r"(?:(?:a|an|the|us|narrative|critical|opinion-style|ada)\s+)*"
    r"(?:protocol|reviews?|guidelines?|statement|retracted|trial asking)\b",
    re.IGNORECASE,
)
_DOUBTED = re.compile(
    r"\b(?:warned|problematic|in doubt|implausible|not usable|must not be used)\b", re.IGNORECASE
)
_UNCONTROLLED = re.compile(r"\b(?:no|without a?) control\b|\buncontrolled\b", re.IGNORECASE)
_OF_CONTROLS = re.compile(r"\b(?:placebo|control)\b", re.IGNORECASE)
_AGAINST = re.compile(
    r"\b(?:than|versus|vs|compared (?:with|to)|different from|in contrast (?:with|to)|non-inferior to|unlike"
    r"|against|over)\b(.*?)(?=$|,|\b(?:in|among|(?<!followed )by|went|at|after)\b)",
    re.IGNORECASE,
)
_NOUNS = "people|patients|adults|women|men|volunteers|participants|recipients|dwellers"
_WITHIN = re.compile(
    r"(?<!rich )(?<!low )(?<!high )(?<!poor )(?<!deficient )"
    rf"\b(?:in|among|of(?=\s+(?:[\w-]+\s+){{0,2}}(?:{_NOUNS})\b))\s+"
    r"(.*?)(?=$|,|\b(?:than|versus|vs|without|have|has|had|was|were|is|are|did|do|does|on|who|given|taking)\b"
    rf"|(?<!people )(?<!patients )(?<!adults )(?<!women )(?<!men )(?<!those )(?<!recipients )\bwith\b)",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:but\s+)?not\s+(?P<tie>with|of|for|in|to)?\s*", re.IGNORECASE)
_ELLIPSIS = re.compile(r"\b(?:did|does|do|was|were|is|are) not\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The concepts of a clause beside its outcome.

    ``within``: whom or what it was looked at in; ``against``: what it is compared with; ``about``: all else.
    """

    about: frozenset[str]
    within: frozenset[str]
    against: frozenset[str]


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a text says went one way: ``outcome``, in the words ``text[start:end]``.

    ``negated`` denies the direction, which of a study means that it was not seen. ``less`` says that the
    outcome goes with less of what acts, ``causal`` that one acts on the other rather than going with it,
    ``moved`` that the outcome moved, ``trend`` that it did where nothing was compared.
    ``doses`` are those that its clause names, in micrograms.
    """

    direction: Direction
    outcome: frozenset[str]
    around: Surroundings
    start: int
    end: int
    negated: bool
    less: bool
    causal: bool
    moved: bool
    doses: frozenset[float]
    trend: bool

    @property
    def named(self) -> frozenset[str]:
        """All that it names but what something is compared with."""
        return self.outcome | self.around.about | self.around.within

    @property
    def said(self) -> Direction:
        """The direction as a reader would put it: a denied one is no effect."""
        return "no effect" if self.negated else self.direction


@lru_cache(maxsize=4096)
def statements_in(text: str, *, hedged: bool = False) -> tuple[Statement, ...]:
    """The statements of direction of a sentence, in order; ``hedged`` ones only where asked for."""
    if len(text) > _LONGEST or _UNSTATED.match(text) or _DOUBTED.search(text):
        return ()
    plain = plain_wording(text)
    found: list[Statement] = []
    before: tuple[Statement, ...] = ()
    for clause in clauses_of(plain.text):
        own = tuple(_of_clause(plain.text, clause, before, hedged))
        found.extend(own)
        before = own or before
    return tuple(_as_written(plain, statement) for statement in found)


def _as_written(plain: Wording, statement: Statement) -> Statement:
    start, end = plain.span(statement.start, statement.end)
    return replace(statement, start=start, end=end)


def direction_of(finding: str) -> FindingDirection:
    """Which way a finding goes as a whole: ``mixed`` where its statements differ."""
    said: set[FindingDirection] = set()
    for statement in statements_in(finding):
        if statement.said != "linked":
            said.add(statement.said)
    if not said:
        return "not stated"
    return said.pop() if len(said) == 1 else "mixed"


def _of_clause(text: str, clause: Clause, before: tuple[Statement, ...], hedged: bool) -> Iterator[Statement]:
    words = clause.words
    if any(cue.kind == "verb" for cue in cues_in(words[: clause.leading])):
        clause = replace(clause, leading=0)
    cues = governing_cues(words, clause.leading)
    if not cues and clause.control:
        cues = [Cue("better", "noun", clause.control_end, clause.control_end)]
    if not cues:
        yield from _continued(clause, before)
    previous = clause.leading
    for cue, following in zip_longest(cues, cues[1:]):
        later = following.start if following else len(words)
        start, end = outcome_span(words, cue, previous, later)
        behind = text[clause.start + cue.start : clause.start + later if following else clause.end]
        statement = _statement(clause, cue, (start, end), previous, before)
        unsaid = (
            not statement.outcome
            or (not hedged and is_hedged(clause, cue, previous))
            or (not statement.negated and includes_nothing(behind))
            or (not statement.negated and cue.direction == "linked" and start == end)
            or _OF_CONTROLS.search(words, start, end)
        )
        previous = cue.end
        if not unsaid:
            trend = cue.kind == "moved" and _UNCONTROLLED.search(text) is not None
            before = (replace(statement, trend=trend),)
            yield before[0]


def _statement(
    clause: Clause, cue: Cue, span: tuple[int, int], previous: int, before: tuple[Statement, ...]
) -> Statement:
    start, end = span
    ahead = start < end <= cue.start
    outcome, around, has_subject = _named(clause, cue, start, end)
    if before and not outcome:
        outcome = frozenset[str]().union(*(one.outcome for one in before))
        start, end = before[0].start - clause.start, before[-1].end - clause.start
    if before and not has_subject:
        last = before[-1].around
        around = replace(around, about=around.about | last.about, within=around.within | last.within)
    return Statement(
        cue.direction,
        outcome,
        around,
        clause.start + start,
        clause.start + end,
        negated=is_negated(clause, cue, previous),
        less=is_of_less(clause, cue),
        causal=cue.kind == "verb" and not cue.tied,
        moved=cue.kind == "moved" or (cue.direction == "linked" and cue.kind == "verb" and ahead),
        trend=False,
        doses=doses_in(clause.words),
    )


def _named(clause: Clause, cue: Cue, start: int, end: int) -> tuple[frozenset[str], Surroundings, bool]:
    """The concepts of the outcome, those around it, and whether any stands before the cue as its subject."""
    words = clause.words
    roles = {
        "outcome": [(start, end)],
        "": [match.span() for match in TIE.finditer(words)]
        + [(one.start, one.end) for one in cues_in(words)],
        "against": [match.span(1) for match in _AGAINST.finditer(words)],
        "within": [match.span(1) for match in _WITHIN.finditer(words)],
        "about": [(0, len(words))],
    }
    named: dict[str, set[str]] = {role: set() for role in roles}
    apart = _apart(words, roles["within"], start, end)
    has_subject = False
    for concept in concepts_in(words):
        role = next(
            r for r, spans in roles.items() if any(low <= concept.start < high for low, high in spans)
        )
        role = "within" if role == "outcome" and concept.start in apart else role
        named[role].add(concept.name)
        has_subject |= role != "outcome" and clause.leading <= concept.start < cue.start
    around = Surroundings(*(frozenset(named[role]) for role in ("about", "within", "against")))
    return _in_full(named["outcome"], named["about"]), around, has_subject


def _in_full(outcome: set[str], about: set[str]) -> frozenset[str]:
    """An outcome's names, those shortened from a longer one in the clause in full: valve for aortic valve."""
    longer = {
        name: long for name in outcome for long in about if WIDER.get(long) == name and name in long.split()
    }
    return frozenset(longer.get(name, name) for name in outcome)


def _apart(words: str, within: list[tuple[int, int]], start: int, end: int) -> frozenset[int]:
    """Where an outcome names whom it was seen in ("INR of volunteers"), if it names more than that."""
    whole = [one for one in concepts_in(words) if start <= one.start < end]
    people = {
        one.start
        for one in whole
        if one.name in PEOPLE
        or (one.name not in SITES and any(low > start and low <= one.start < high for low, high in within))
    }
    return frozenset(people) if len(people) < len(whole) else frozenset()


def _continued(clause: Clause, before: tuple[Statement, ...]) -> Iterator[Statement]:
    """A clause without a direction of its own that denies the one before: "but not the hip"."""
    if not before:
        return
    last, words = before[-1], clause.words
    denied = _DENIED.match(words)
    if denied:
        own = names_in(words[denied.end() :].partition(",")[0]) - PEOPLE
        outcome = own if denied.group("tie") or not own <= SITES else (last.outcome - SITES) | own
        start, end = clause.start + denied.end(), clause.start + len(words)
        if not own:
            outcome, start, end = last.outcome, last.start, last.end
        yield replace(last, negated=True, outcome=outcome, start=start, end=end)
    elif _ELLIPSIS.search(words):
        around = Surroundings(names_in(words), frozenset(), last.around.against)
        yield replace(last, negated=True, around=around)
