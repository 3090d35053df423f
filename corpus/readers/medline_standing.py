"""What a MEDLINE record says of standing: its own, and that of the publications it is a notice about.

An "in" tag names the notice about this record (RIN "retraction in"); an "of", "for" or "from" tag names the
publication that this record is about (ROF "retraction of"). *Republished* is the standing of both sides of
a republication; a note says which side the record is on. A partial retraction leaves the rest of the work
standing: graver than a correction, no retraction, so a concern with a note. Comments and updates say
nothing of standing. The tags: https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.identifiers import normal_doi, normal_pmcid, normal_pmid
from corpus.records import Integrity, IntegrityStatus, Notice
from corpus.written_dates import date_parts

RECORDED_IN = "PubMed record"

#: What a tag says of the record itself and how a note calls it, the gravest first.
_OF_THIS: Mapping[str, tuple[IntegrityStatus, str]] = {
    "RIN": ("retracted", "retracted"),
    "RRI": ("retracted", "retracted and republished"),
    "PRIN": ("concern", "partially retracted"),
    "ECI": ("concern", "expression of concern"),
    "EIN": ("corrected", "erratum"),
    "CRI": ("republished", "corrected and republished"),
    "RPI": ("republished", "republished"),
    "CRF": ("republished", "the corrected republication of an earlier publication"),
    "RRF": ("republished", "the corrected republication of a retracted publication"),
    "RPF": ("republished", "the republication of an earlier publication"),
}
#: What the other half of each pair says of the publication that it names.
_OF_ANOTHER: Mapping[str, IntegrityStatus] = {
    "ROF": "retracted",
    "RRF": "retracted",
    "PROF": "concern",
    "ECF": "concern",
    "EFR": "corrected",
    "CRF": "republished",
    "RPF": "republished",
}
_GRAVEST_FIRST: tuple[IntegrityStatus, ...] = ("retracted", "concern", "corrected", "republished")
_TYPES_OF_THIS: Mapping[str, IntegrityStatus] = {
    "retracted publication": "retracted",
    "corrected and republished article": "republished",
}
#: Words that say no more than the status itself.
_PLAIN = frozenset({"retracted", "erratum", "expression of concern", "republished"})

_DOI = re.compile(r"doi:\s*(?:https?://(?:dx\.)?doi\.org/)?(10\.\S+)", re.IGNORECASE)
_PMID = re.compile(r"\bPMID:?\s*(\d+)", re.IGNORECASE)
_PMCID = re.compile(r"\b(PMC\d+)", re.IGNORECASE)
_DATE = re.compile(r"\b((?:1[89]|20)\d\d(?: [A-Z][a-z]{2}[A-Za-z-]{0,9})?(?: \d{1,2}(?:-\d{1,2})?)?)\s*[;.:]")


@dataclass(frozen=True, slots=True)
class _Pointer:
    """The value of one such tag, a citation with the identifiers that it announces."""

    tag: str
    citation: str
    doi: str | None
    pmid: str | None
    pmcid: str | None
    date: str | None

    @property
    def name(self) -> str | None:
        """The DOI of what it points at, or else its PMID."""
        return self.doi or (f"pmid:{self.pmid}" if self.pmid else None)


def standing_of(
    fields: Sequence[tuple[str, str]], csl: Mapping[str, Any]
) -> tuple[Integrity, tuple[Notice, ...]]:
    """The record's own standing, the gravest that its fields (tag, value) tell, and its notices on others."""
    pointers = [_pointer(tag, value) for tag, value in fields if value and tag in {*_OF_THIS, *_OF_ANOTHER}]
    types = [value.casefold() for tag, value in fields if tag == "PT"]
    return _integrity(pointers, types), tuple(_notices(pointers, csl))


def _pointer(tag: str, value: str) -> _Pointer:
    doi, pmid, pmcid, date = (pattern.search(value) for pattern in (_DOI, _PMID, _PMCID, _DATE))
    return _Pointer(
        tag,
        value[:200],
        doi=normal_doi(doi.group(1).rstrip(".,;")) if doi else None,
        pmid=normal_pmid(pmid.group(1)) if pmid else None,
        pmcid=normal_pmcid(pmcid.group(1)) if pmcid else None,
        date=iso_date(date_parts(date.group(1))) if date else None,
    )


def _integrity(pointers: Sequence[_Pointer], types: Sequence[str]) -> Integrity:
    told = [pointer for tag in _OF_THIS for pointer in pointers if pointer.tag == tag]
    statuses = {_OF_THIS[pointer.tag][0] for pointer in told}
    statuses |= {_TYPES_OF_THIS[name] for name in types if name in _TYPES_OF_THIS}
    status = next((status for status in _GRAVEST_FIRST if status in statuses), None)
    if status is None:
        unnamed = "; ".join(_unnamed(pointers))
        return Integrity(recorded_in=RECORDED_IN, note=unnamed) if unnamed else Integrity()
    # What a republication points at is what it replaces, not a notice about itself.
    about = next((p for p in told if _OF_THIS[p.tag][0] == status and not p.tag.endswith("F")), None)
    return Integrity(
        status=status,
        notice=about.name if about else None,
        date=about.date if about else None,
        recorded_in=RECORDED_IN,
        note="; ".join((*_notes(told, status, about), *_unnamed(pointers))) or None,
    )


def _notes(told: Sequence[_Pointer], status: IntegrityStatus, about: _Pointer | None) -> Iterator[str]:
    """What the status alone does not say, and what else the record flags."""
    for pointer in told:
        own_status, words = _OF_THIS[pointer.tag]
        if pointer is about:
            if pointer.name is None:
                yield f"{words}: {pointer.citation}"
            elif words not in _PLAIN:
                yield words
        elif own_status != status or pointer.name != (about.name if about else None):
            yield f"{words} ({pointer.name or pointer.citation})"


def _unnamed(pointers: Sequence[_Pointer]) -> Iterator[str]:
    """Citations of publications that this is a notice about, where no identifier says which."""
    return (
        f"a notice ({_OF_ANOTHER[p.tag]}) about: {p.citation}"
        for p in pointers
        if p.tag in _OF_ANOTHER and not (p.name or p.pmcid)
    )


def _notices(pointers: Sequence[_Pointer], csl: Mapping[str, Any]) -> Iterator[Notice]:
    own = normal_doi(csl.get("DOI", "")) or (f"pmid:{csl['PMID']}" if csl.get("PMID") else None)
    date = iso_date(csl["issued"]["date-parts"][0]) if csl.get("issued") else None
    for pointer in pointers:
        if pointer.tag in _OF_ANOTHER and (pointer.name or pointer.pmcid):
            yield Notice(
                status=_OF_ANOTHER[pointer.tag],
                doi=pointer.doi,
                pmid=pointer.pmid,
                pmcid=pointer.pmcid,
                notice=own,
                date=date,
                recorded_in=RECORDED_IN,
            )


def iso_date(parts: Sequence[int]) -> str | None:
    """[2004, 11, 2] as ``2004-11-02``, as far as it goes; None where there is no year."""
    return "-".join(f"{part:02d}" for part in parts) or None
