"""What a PubMed record says of standing, by one table for both of its forms, XML and MEDLINE.

A *pointer* is an entry of the record's list of comments and corrections. Its relation (``RefType`` in XML, a
tag in MEDLINE) says what it makes of the record itself, of the publication that it names, or of both:
``...In`` names the notice about this record; ``...Of``, ``...For`` and ``...From`` name the publication that
this record is about (https://www.nlm.nih.gov/bsd/policy/errata.html). *Republished* is the standing of what
was replaced, and names its successor; the successor gets a note and no standing, for it is the version to
use. A partial retraction withdraws a part and leaves the rest: graver than a correction, no retraction of the
whole, so it counts as a concern, with a note. Updates, reprints and comments say nothing of standing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.identifiers import dois_in, normal_doi, normal_pmcid, normal_pmid
from corpus.records import Integrity, IntegrityStatus, Notice
from corpus.written_dates import date_parts, iso_date

RECORDED_IN = "PubMed record"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a relation makes of the record itself (``own``) and of the other publication (``other``).

    ``words`` call it in the record's note; ``plain`` ones say no more than the status. ``successor`` tells
    that the other takes the place of this record. ``other_words`` go into the other's note.
    """

    own: IntegrityStatus | None = None
    words: str = ""
    plain: bool = False
    successor: bool = False
    other: IntegrityStatus | None = None
    other_words: str = ""


#: Relation as PubMed XML calls it -> its rule, the gravest first.
_RULES: Mapping[str, _Rule] = {
    "retractionin": _Rule("retracted", "retracted", plain=True),
    "retractedandrepublishedin": _Rule("retracted", "retracted and republished", successor=True),
    "partialretractionin": _Rule("concern", "partially retracted"),
    "expressionofconcernin": _Rule("concern", "expression of concern", plain=True),
    "erratumin": _Rule("corrected", "erratum", plain=True),
    "correctedandrepublishedin": _Rule("republished", "corrected and republished"),
    "republishedin": _Rule("republished", "republished", plain=True),
    "retractedandrepublishedfrom": _Rule(
        words="the corrected republication of a retracted publication",
        other="retracted",
        other_words="retracted and republished as {}",
    ),
    "correctedandrepublishedfrom": _Rule(
        words="the corrected republication of an earlier publication",
        other="republished",
        other_words="corrected and republished",
    ),
    "republishedfrom": _Rule(words="the republication of an earlier publication", other="republished"),
    "retractionof": _Rule(other="retracted"),
    "partialretractionof": _Rule(other="concern", other_words="partially retracted"),
    "expressionofconcernfor": _Rule(other="concern"),
    "erratumfor": _Rule(other="corrected"),
}
#: MEDLINE's tag -> the relation (https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format).
RELATION_OF_TAG: Mapping[str, str] = {
    "RIN": "retractionin",
    "RRI": "retractedandrepublishedin",
    "PRIN": "partialretractionin",
    "ECI": "expressionofconcernin",
    "EIN": "erratumin",
    "CRI": "correctedandrepublishedin",
    "RPI": "republishedin",
    "RRF": "retractedandrepublishedfrom",
    "CRF": "correctedandrepublishedfrom",
    "RPF": "republishedfrom",
    "ROF": "retractionof",
    "PROF": "partialretractionof",
    "ECF": "expressionofconcernfor",
    "EFR": "erratumfor",
}
_TYPES_OF_NOTICES: Mapping[str, IntegrityStatus] = {
    "retraction of publication": "retracted",
    "retraction notice": "retracted",
    "published erratum": "corrected",
    "expression of concern": "concern",
}
_RETRACTED_TYPE = "retracted publication"
_REPUBLICATION_TYPE = "corrected and republished article"
_TITLE_OF_NOTICE = re.compile(
    r"(?:retract(?:ion|ed)|correction|corrigendum|erratum|expression of concern)"
    r"(?: note| notice)?(?: to| of| for)?\s*:\s*(?P<title>\S.{15,})",
    re.IGNORECASE | re.DOTALL,
)
_PMID = re.compile(r"\bPMID:?\s*(\d+)", re.IGNORECASE)
_PMCID = re.compile(r"\b(PMC\d+)", re.IGNORECASE)
_DATE = re.compile(r"\.\s+([12]\d{3}(?: [A-Z][\w-]{2,12}(?: \d{1,2}(?:-\d{1,2})?)?)?)(?=\s*[;.:]|$)")


@dataclass(frozen=True, slots=True)
class Pointer:
    """One entry of the list: its relation, the citation as written, and the identifiers in it."""

    relation: str
    citation: str
    doi: str | None
    pmid: str | None
    pmcid: str | None
    date: str | None

    @property
    def name(self) -> str | None:
        """The DOI of what it points at, or else its PMID."""
        return self.doi or (f"pmid:{self.pmid}" if self.pmid else None)

    @property
    def rule(self) -> _Rule:
        """What the relation means."""
        return _RULES[self.relation]


def pointer(relation: str, citation: str, pmid: str | None = None) -> Pointer | None:
    """An entry of the list, None where its relation says nothing of standing."""
    if relation not in _RULES:
        return None
    written, pmcid, date = (pattern.search(citation) for pattern in (_PMID, _PMCID, _DATE))
    return Pointer(
        relation,
        citation[:200],
        doi=next((doi for _, _, doi in dois_in(citation)), None),
        pmid=pmid or (normal_pmid(written.group(1)) if written else None),
        pmcid=normal_pmcid(pmcid.group(1)) if pmcid else None,
        date=iso_date(date_parts(date.group(1))) if date else None,
    )


def standing_from(
    pointers: Sequence[Pointer], csl: Mapping[str, Any], types: Sequence[str]
) -> tuple[Integrity, tuple[Notice, ...]]:
    """The record's own standing, the gravest that it tells of, and what it says of other publications.

    ``csl`` is the record's CSL item, ``types`` its publication types.
    """
    kinds = {kind.casefold() for kind in types}
    ordered = [p for relation in _RULES for p in pointers if p.relation == relation]
    return _integrity(ordered, kinds), tuple(_notices(ordered, csl, kinds))


def _integrity(pointers: Sequence[Pointer], kinds: set[str]) -> Integrity:
    status: IntegrityStatus = next((p.rule.own for p in pointers if p.rule.own), "none-known")
    if _RETRACTED_TYPE in kinds:
        status = "retracted"
    about = next((p for p in pointers if p.rule.own == status), None)
    notes = [note for p in pointers for note in _notes(p, status, about)]
    if _REPUBLICATION_TYPE in kinds and not any(p.relation.endswith("republishedfrom") for p in pointers):
        notes.append(_RULES["correctedandrepublishedfrom"].words)
    if status == "none-known" and not notes:
        return Integrity()
    return Integrity(
        status,
        notice=about.name if about else None,
        date=about.date if about else None,
        recorded_in=RECORDED_IN,
        note="; ".join(notes) or None,
    )


def _notes(one: Pointer, status: IntegrityStatus, about: Pointer | None) -> Iterator[str]:
    """What the status alone does not say, and what else the record flags."""
    rule = one.rule
    if not rule.words:
        if not (one.name or one.pmcid):
            yield f"a notice ({rule.other}) about: {one.citation}"
    elif rule.successor and one.name:
        yield f"{rule.words} as {one.name}"
    elif one is about and one.name:
        if not rule.plain:
            yield rule.words
    elif one is about:
        yield f"{rule.words}: {one.citation}"
    elif rule.own != status or not rule.plain or one.name != (about.name if about else None):
        yield f"{rule.words} ({one.name or one.citation})"


def _notices(pointers: Sequence[Pointer], csl: Mapping[str, Any], kinds: set[str]) -> Iterator[Notice]:
    own = normal_doi(str(csl.get("DOI") or "")) or (f"pmid:{csl['PMID']}" if csl.get("PMID") else None)
    date = iso_date(csl["issued"]["date-parts"][0]) if csl.get("issued") else None
    named = [p for p in pointers if p.rule.other and (p.name or p.pmcid)]
    for one in named:
        yield Notice(
            one.rule.other or "none-known",
            doi=one.doi,
            pmid=one.pmid,
            pmcid=one.pmcid,
            notice=own,
            date=date,
            recorded_in=RECORDED_IN,
            note=one.rule.other_words.format(own or "another publication") or None,
        )
    match = _TITLE_OF_NOTICE.match(str(csl.get("title") or ""))
    status = next((status for kind, status in _TYPES_OF_NOTICES.items() if kind in kinds), None)
    if match and status and not named:
        title = match.group("title")
        yield Notice(status, title=title, notice=own, date=date, recorded_in=RECORDED_IN)
