"""Whether a claim says what a study's record says, or the other way round.

Only what the record's finding states is used (`findings`), and only where it is about what the claim
is about: every concept of the claim's outcome lies in the outcome of one statement of the finding,
every concept of what acts in that statement's clause, the people whom the claim names in the record,
and both speak of the same kind of exposure (`exposures`). Everything else is ``not judged``, and so is
every study that is retracted or under concern: silence is not agreement.
"""

from dataclasses import dataclass, replace
from typing import Literal

from corpus.records import Source
from search_api.stance.concepts import covers, names_in
from search_api.stance.directions import Direction, opposite
from search_api.stance.doses import doses_in, of_another_dose
from search_api.stance.exposures import claimed_exposure, may_speak_of, recorded_exposure
from search_api.stance.findings import Statement, statements_in
from search_api.stance.overstatement import asks_another_design, claims_more, is_half_of
from search_api.stance.titles import full_names, kind_in_title, spelled_out
from search_api.stance.vocabulary import (
    ANIMALS,
    BAD,
    GOOD,
    LOSSES,
    MEASURED,
    NARROWING,
    PEOPLE,
    SITED,
    SITES,
    WIDER,
)

Stance = Literal["supports", "contradicts", "neutral", "not judged"]

#: Standings under which a finding is evidence of nothing.
_UNUSABLE = frozenset({"retracted", "concern"})


@dataclass(frozen=True, slots=True)
class StanceVerdict:
    """What a text says of a claim.

    ``confidence`` is the share of the claim's concepts that the text has under the same name (0 to 1);
    the others are wider than the text's, as vitamin K2 is for a trial of MK-7. ``start`` and ``end``
    are the span of the finding that the verdict rests on, None where nothing was judged.
    """

    stance: Stance
    confidence: float
    start: int | None = None
    end: int | None = None


NOT_JUDGED = StanceVerdict("not judged", 0.0)


def record_stance(claim: str, study: Source) -> StanceVerdict:
    """Whether the recorded finding of a study supports or contradicts a claim; else ``not judged``."""
    if study.study is None or not study.study.finding or study.integrity.status in _UNUSABLE:
        return NOT_JUDGED
    return finding_stance(claim, study.study.finding, study.title, study.study.design)


def finding_stance(claim: str, finding: str, title: str = "", design: str = "unknown") -> StanceVerdict:
    """The same for a finding in words; ``title`` tells whom the study looked at, ``design`` how."""
    claimed = statements_in(claim, hedged=True)
    named = names_in(f"{finding} {title}")
    if not claimed or (named & ANIMALS and not names_in(claim) & ANIMALS):
        return NOT_JUDGED
    exposure = claimed_exposure(claim, causal=any(statement.causal for statement in claimed))
    if not may_speak_of(recorded_exposure(f"{finding} {title}", design), exposure):
        return NOT_JUDGED
    if asks_another_design(claim, design):
        return NOT_JUDGED
    doses = doses_in(claim)
    said = [
        _as_titled(statement, finding, title)
        for statement in statements_in(finding)
        if not of_another_dose(doses, statement.doses)
    ]
    spoken = [
        (stance, one, other)
        for one in claimed
        for other in said
        if (one.moved or not other.trend) and (stance := _compare(one, other, named)) is not None
    ]
    if len({stance for stance, _, _ in spoken}) != 1:
        return NOT_JUDGED
    stance, one, other = spoken[0]
    whole = {id(each) for _, each, _ in spoken} == {id(each) for each in claimed}
    if stance == "supports" and (
        not whole or claims_more(claim, finding) or _takes_apart(claimed, other, finding)
    ):
        return NOT_JUDGED
    return StanceVerdict(stance, _confidence(one, other, named), other.start, other.end)


def _compare(claim: Statement, found: Statement, named: frozenset[str]) -> Stance | None:
    """What one statement of a finding says of one of a claim; None where it is about something else."""
    if not _all_covered(claim.outcome, found.outcome) or found.outcome & NARROWING - claim.outcome:
        return None
    swapped = not _acts(_acting(claim), found)
    people = claim.around.within | (claim.around.about & PEOPLE)
    if (swapped and not _is_swapped(claim, found)) or not _all_covered(people, named):
        return None
    if found.said == "no effect" and found.around.against and not claim.around.against:
        return None
    if claim.said == "no effect" and claim.around.against and not found.around.against:
        return None
    if found.said != "no effect" and bool(found.outcome & LOSSES) != bool(claim.outcome & LOSSES):
        return None
    stance = _judged(_direction(claim), claim.negated, _direction(found, swapped), found.negated)
    if found.said == "no effect" and (_is_wider(claim, found) or (claim.moved and not found.moved)):
        return None if stance == "supports" or claim.moved else stance
    return stance


def _as_titled(statement: Statement, finding: str, title: str) -> Statement:
    """A statement with what the title tells of its words."""
    around = statement.around
    about = around.about.union(
        full_names(around.about, title),
        *(words for short, words in spelled_out(finding, title) if short in around.about),
    )
    return replace(
        statement,
        outcome=statement.outcome | kind_in_title(statement.outcome, title),
        around=replace(around, about=about),
    )


def _takes_apart(claimed: tuple[Statement, ...], found: Statement, finding: str) -> bool:
    """Whether an effect of two things given together is claimed of one of them."""
    return found.said != "no effect" and any(is_half_of(_acting(one), finding) for one in claimed)


def _is_wider(claim: Statement, found: Statement) -> bool:
    """Whether a claim denies an effect on more than what was looked at, or of more than what was given."""
    one_site = found.outcome & SITES - claim.outcome if claim.outcome & SITED else frozenset()
    near = all(_is_near(found.named, want) for want in _acting(claim))
    return bool(one_site) or not near or not claim.outcome <= found.outcome | _measured(found)


def _is_near(named: frozenset[str], want: str) -> bool:
    """Whether a name stands there, or two right below it; one is enough where it is not the widest."""
    if want not in WIDER.values():
        return _all_covered({want}, named)
    below = sum(WIDER.get(name) == want for name in named)
    return want in named or below > 1 or (below == 1 and want in WIDER)


def _measured(found: Statement) -> frozenset[str]:
    """What the outcome of a statement is the usual measure of: no change of it is no effect on that."""
    return frozenset(MEASURED[name] for name in found.outcome if name in MEASURED)


def _acting(claim: Statement) -> frozenset[str]:
    return claim.around.about - PEOPLE or claim.around.about or claim.around.within


def _is_swapped(claim: Statement, found: Statement) -> bool:
    """Whether the claim puts first what the finding puts second: "foam is better than laser"."""
    against = claim.around.against
    compared = bool(against) and _all_covered(against, found.around.about)
    return compared and _all_covered(_acting(claim), found.around.against)


def _acts(acting: frozenset[str], found: Statement) -> bool:
    """Whether a statement is about all that acts in a claim, and some of it is not its outcome."""
    there = found.around.about | found.around.within
    return _all_covered(acting, there | found.outcome) and any(_all_covered({one}, there) for one in acting)


def _judged(claim: Direction, denied: bool, found: Direction, absent: bool) -> Stance | None:
    """What a found direction says of a claimed one; None where it says neither.

    Who "did not lower" something did not raise it, but has not contradicted that it was raised.
    """
    nothing_claimed, nothing_found = denied or claim == "no effect", absent or found == "no effect"
    if nothing_claimed and nothing_found:
        return "supports"
    if nothing_found:
        return None if found == opposite(claim) != claim else "contradicts"
    if denied and claim != "linked":
        return "contradicts" if found == claim else "supports" if found == opposite(claim) else None
    if nothing_claimed:
        return "contradicts"
    if claim == "linked":
        return "supports" if found == "higher" else None
    if found == "linked":
        return None
    return "supports" if found == claim else "contradicts" if found == opposite(claim) else None


def _direction(statement: Statement, swapped: bool = False) -> Direction:
    """The direction of the outcome with more of what acts; better and worse are resolved where known."""
    direction = statement.direction
    if direction in ("better", "worse"):
        good, bad = bool(statement.outcome & GOOD), bool(statement.outcome & BAD)
        if good != bad:
            direction = "higher" if (direction == "better") == good else "lower"
    return opposite(direction) if statement.less != swapped else direction


def _confidence(claim: Statement, found: Statement, named: frozenset[str]) -> float:
    asked = claim.outcome | claim.around.about | claim.around.within
    return len(asked & (named | found.outcome)) / len(asked)


def _all_covered(wanted: frozenset[str] | set[str], given: frozenset[str]) -> bool:
    return all(any(covers(name, want) for name in given) for want in wanted)
