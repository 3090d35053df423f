"""What a PubMed record says of standing: its own, and that of the publications it is a notice about.

``...In`` names the notice about this record; ``...Of``, ``...For`` and ``...From`` name the publication
that this record is about (https://www.nlm.nih.gov/bsd/policy/errata.html). *Republished* is the standing
of both sides of a corrected republication; a note says which side the record is on. A partial retraction
withdraws a part and leaves the rest: graver than a correction, no retraction of the whole, so it counts
as a concern, with a note. Updates, reprints and comments say nothing of standing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from corpus.identifiers import dois_in, normal_pmid
from corpus.readers.inline_markup import Element
from corpus.readers.pubmed_fields import at, iso_date, text_at
from corpus.records import Integrity, IntegrityStatus, Notice
from corpus.standing import graver
from corpus.written_dates import date_parts

RECORDED_IN = "PubMed record"

#: Reference type -> what it makes of this record, and how a note calls it.
_OF_THIS: Mapping[str, tuple[IntegrityStatus, str]] = {
    "retractionin": ("retracted", "retracted"),
    "retractedandrepublishedin": ("retracted", "retracted and republished"),
    "partialretractionin": ("concern", "partially retracted"),
    "expressionofconcernin": ("concern", "expression of concern"),
    "erratumin": ("corrected", "erratum"),
    "correctedandrepublishedin": ("republished", "corrected and republished"),
    "correctedandrepublishedfrom": ("republished", "the corrected republication of an earlier publication"),
    "retractedandrepublishedfrom": ("republished", "the corrected republication of a retracted publication"),
}
#: Reference type -> what it makes of the publication that it names.
_OF_ANOTHER: Mapping[str, IntegrityStatus] = {
    "retractionof": "retracted",
    "retractedandrepublishedfrom": "retracted",
    "partialretractionof": "concern",
    "expressionofconcernfor": "concern",
    "erratumfor": "corrected",
    "correctedandrepublishedfrom": "republished",
}
_TYPES_OF_THIS: Mapping[str, IntegrityStatus] = {
    "retracted publication": "retracted",
    "corrected and republished article": "republished",
}
_TYPES_OF_NOTICES: Mapping[str, IntegrityStatus] = {
    "retraction of publication": "retracted",
    "retraction notice": "retracted",
    "published erratum": "corrected",
    "expression of concern": "concern",
}
#: A word that says no more than the status itself.
_PLAIN = frozenset({"retracted", "erratum", "expression of concern"})
_TITLE_OF_NOTICE = re.compile(
    r"(?:retract(?:ion|ed)|correction|corrigendum|erratum|expression of concern)"
    r"(?: note| notice)?(?: to| of| for)?\s*:\s*(?P<title>\S.{15,})",
    re.IGNORECASE | re.DOTALL,
)
_DATE_IN_SOURCE = re.compile(r"\.\s+([12]\d{3}(?: [A-Z][\w-]{2,12}(?: \d{1,2}(?:-\d{1,2})?)?)?)(?=[;.:]|$)")


@dataclass(frozen=True, slots=True)
class _Pointer:
    """One entry of the list of comments and corrections."""

    kind: str
    doi: str | None
    pmid: str | None
    date: str | None

    @property
    def name(self) -> str | None:
        """The DOI of what it points at, or else its PMID."""
        return self.doi or (f"pmid:{self.pmid}" if self.pmid else None)


def standing_of(
    citation: Element, csl: Mapping[str, Any], types: Sequence[str]
) -> tuple[Integrity, tuple[Notice, ...]]:
    """The record's own standing, the most serious that it tells of, and what it says of others'."""
    pointers = list(_pointers(citation))
    return _integrity(pointers, types), tuple(_notices(pointers, csl, types))


def _pointers(citation: Element) -> Iterator[_Pointer]:
    corrections = at(citation, "CommentsCorrectionsList")
    for entry in corrections.iterchildren("CommentsCorrections") if corrections is not None else ():
        kind = (entry.get("RefType") or "").casefold()
        if kind not in _OF_THIS and kind not in _OF_ANOTHER:
            continue
        source = text_at(entry, "RefSource")
        date = _DATE_IN_SOURCE.search(source)
        yield _Pointer(
            kind,
            doi=next((doi for _, _, doi in dois_in(source)), None),
            pmid=normal_pmid(text_at(entry, "PMID")),
            date=iso_date(date_parts(date.group(1))) if date else None,
        )


def _integrity(pointers: Sequence[_Pointer], types: Sequence[str]) -> Integrity:
    told = [_told(pointer) for pointer in pointers if pointer.kind in _OF_THIS]
    told += [
        Integrity(_TYPES_OF_THIS[name.casefold()], recorded_in=RECORDED_IN)
        for name in types
        if name.casefold() in _TYPES_OF_THIS
    ]
    if not told:
        return Integrity()
    worst = reduce(graver, told)
    return replace(worst, note="; ".join(_notes(pointers, worst)) or None)


def _told(pointer: _Pointer) -> Integrity:
    status, _ = _OF_THIS[pointer.kind]
    # What a republication points at is what it replaces, not a notice about itself.
    about = pointer if not pointer.kind.endswith("from") else None
    return Integrity(
        status,
        notice=about.name if about else None,
        date=about.date if about else None,
        recorded_in=RECORDED_IN,
    )


def _notes(pointers: Sequence[_Pointer], worst: Integrity) -> Iterator[str]:
    """What the status alone does not say, and what else the record flags."""
    for pointer in pointers:
        if pointer.kind not in _OF_THIS:
            continue
        status, words = _OF_THIS[pointer.kind]
        if status != worst.status or words not in _PLAIN:
            other = pointer.name is not None and pointer.name != worst.notice
            yield f"{words} ({pointer.name})" if other else words


def _notices(pointers: Sequence[_Pointer], csl: Mapping[str, Any], types: Sequence[str]) -> Iterator[Notice]:
    own = csl.get("DOI") or (f"pmid:{csl['PMID']}" if csl.get("PMID") else None)
    date = iso_date(csl["issued"]["date-parts"][0]) if csl.get("issued") else None
    named = [pointer for pointer in pointers if pointer.kind in _OF_ANOTHER and pointer.name]
    for pointer in named:
        yield Notice(
            status=_OF_ANOTHER[pointer.kind],
            doi=pointer.doi,
            pmid=pointer.pmid,
            notice=own,
            date=date,
            recorded_in=RECORDED_IN,
        )
    match = _TITLE_OF_NOTICE.match(str(csl.get("title") or ""))
    status = next((_TYPES_OF_NOTICES[t.casefold()] for t in types if t.casefold() in _TYPES_OF_NOTICES), None)
    if match and status and not named:
        yield Notice(
            status=status, title=match.group("title"), notice=own, date=date, recorded_in=RECORDED_IN
        )
