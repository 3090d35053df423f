"""One entry of a reference list against the library -> a verdict and the evidence for it.

Identifiers are looked up first, and believed only where the entry's own title agrees with the work that
they point at. Where none does, the title finds the work, then volume and page. What finds nothing is
not in the library, which says nothing against it; what tells too little is unverifiable.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.records import Integrity, Source
from corpus.reference_lists import ListedReference
from indexer.library import Library
from search_api.reference_fields import AGREE, FieldComparison, compared, year_of
from search_api.reference_works import (
    IDENTIFIERS,
    LEAST_TITLE_WORDS,
    aliases_in,
    has_title_of,
    may_describe,
    pointed_at,
    work_by_place,
    work_by_title,
)

Verdict = Literal[
    "verified",
    "mismatch",
    "identifier points to a different work",
    "retracted",
    "concern",
    "corrected",
    "republished",
    "not in the library",
    "unverifiable",
]
#: The gravest first: the first that applies is the verdict, the others are told besides.
VERDICTS: tuple[Verdict, ...] = (
    "identifier points to a different work",
    "retracted",
    "concern",
    "mismatch",
    "corrected",
    "republished",
    "not in the library",
    "unverifiable",
    "verified",
)


@dataclass(frozen=True, slots=True)
class CheckedReference:
    """An entry, its verdict and what it rests on.

    ``found_by`` names what led to the source, ``also`` the verdicts that hold besides, ``elsewhere`` the
    works that its identifiers point at where that is another one, ``notes`` what a person should know.
    """

    entry: ListedReference
    verdict: Verdict
    source: Source | None = None
    found_by: tuple[str, ...] = ()
    fields: tuple[FieldComparison, ...] = ()
    also: tuple[Verdict, ...] = ()
    integrity: Integrity | None = None
    elsewhere: Mapping[str, Source] | None = None
    notes: tuple[str, ...] = ()

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to look: everything but a verified entry that is listed once."""
        return self.verdict != "verified" or any(note.startswith("listed twice") for note in self.notes)


def check_references(entries: Iterable[ListedReference], library: Library) -> list[CheckedReference]:
    """The verdict on every entry, in order; an entry for a work that was listed before says so."""
    checked: list[CheckedReference] = []
    first: dict[str, int] = {}
    for entry in entries:
        found = check_reference(entry, library)
        if found.source is not None:
            earlier = first.setdefault(found.source.source_id, entry.position)
            if earlier != entry.position:
                note = f"listed twice: entry {earlier} is the same work"
                found = replace(found, notes=(*found.notes, note))
        checked.append(found)
    return checked


def check_reference(entry: ListedReference, library: Library) -> CheckedReference:
    """The verdict on one entry."""
    pointed = pointed_at(entry, library)
    works = {source.source_id: source for source in pointed.values()}
    fitting = [source for source in works.values() if may_describe(entry, source)]
    if works and (len(works) > 1 or not fitting):
        return _conflict(entry, pointed, fitting, library)
    if works:
        return _judged(entry, fitting[0], tuple(f"{name} {entry.csl[name]}" for name in pointed))
    found = work_by_title(entry, library) or work_by_place(entry, library)
    return _judged(entry, found[0], (found[1],)) if found else _absent(entry, library)


def _conflict(
    entry: ListedReference, pointed: Mapping[str, Source], fitting: list[Source], library: Library
) -> CheckedReference:
    """Identifiers that point at another work than the entry describes, or at two."""
    titled = next((source for source in fitting if has_title_of(entry, source)), None)
    found = (titled, "title") if titled else work_by_title(entry, library, any_identifier=True)
    own = found[0].source_id if found else None
    elsewhere = {name: other for name, other in pointed.items() if other.source_id != own}
    notes = [
        f"{name} {entry.csl[name]} is “{other.title}” ({other.year or 'no year'})"
        for name, other in elsewhere.items()
    ]
    if found is None:
        notes.append("the library has no work of the entry's title")
    source, found_by = (found[0], (found[1],)) if found else (None, ())
    verdict: Verdict = "identifier points to a different work"
    return _judged(entry, source, found_by, [verdict], elsewhere, notes)


def _judged(
    entry: ListedReference,
    source: Source | None,
    found_by: tuple[str, ...],
    verdicts: Sequence[Verdict] = (),
    elsewhere: Mapping[str, Source] | None = None,
    notes: Sequence[str] = (),
) -> CheckedReference:
    """The verdict on an entry whose work is known, or which contradicts itself."""
    fields = compared(entry, source) if source else ()
    found = [*verdicts]
    if any(f.agreement == "different" for f in fields if f.field not in (elsewhere or {})):
        found.append("mismatch")
    if source is not None and source.integrity.status != "none-known":
        found.append(source.integrity.status)
    ordered = sorted(found, key=VERDICTS.index) or ["verified"]
    return CheckedReference(
        entry=entry,
        verdict=ordered[0],
        source=source,
        found_by=found_by,
        fields=fields,
        also=tuple(ordered[1:]),
        integrity=source.integrity if source else None,
        elsewhere=elsewhere,
        notes=(*notes, *_notes_on(entry, source, fields)),
    )


def _notes_on(entry: ListedReference, source: Source | None, fields: Sequence[FieldComparison]) -> list[str]:
    notes = [entry.trouble] if entry.trouble else []
    identifiers = {name for name, _, _ in IDENTIFIERS}
    told = any(f.agreement in AGREE for f in fields if f.field not in identifiers)
    if source is not None and not told:
        notes.append("nothing but the identifier could be compared")
    return notes


def _absent(entry: ListedReference, library: Library) -> CheckedReference:
    """No work of the library: said so, with a notice about it where the library holds one."""
    aliases = aliases_in(entry)
    told = (library.bibliography.notice_about(alias) for alias in aliases.values())
    notice = next((notice for notice in told if notice is not None), None)
    if notice is not None and notice.status != "none-known":
        integrity = Integrity(notice.status, notice.notice, notice.date, notice.recorded_in)
        return CheckedReference(entry, notice.status, integrity=integrity, also=("not in the library",))
    notes = [f"{name} {value} is no {name}" for name, value in entry.unusable]
    notes += _near_miss(entry, library) + ([entry.trouble] if entry.trouble else [])
    titled = len(str(entry.csl.get("title") or "").split()) >= LEAST_TITLE_WORDS
    described = titled and bool(entry.csl.get("author") or year_of(entry.csl))
    if aliases or described:
        return CheckedReference(entry, "not in the library", notes=tuple(notes))
    notes.append("neither an identifier nor a title with author or year")
    return CheckedReference(entry, "unverifiable", notes=tuple(notes))


def _near_miss(entry: ListedReference, library: Library) -> list[str]:
    """A DOI of the library that differs in its prefix alone."""
    given = [str(entry.csl.get("DOI") or ""), *(value for name, value in entry.unusable if name == "DOI")]
    suffixes = {doi.partition("/")[2].casefold() for doi in given} - {""}
    rows = [row for suffix in suffixes for row in library.bibliography.by_doi_suffix(suffix)]
    known = [str(library.source_at(row).csl["DOI"]) for row in rows]
    return [
        f"the library has DOI {doi}, with another prefix"
        for doi in known
        if doi.partition("/")[2].casefold() in suffixes
    ]
