"""The Retraction Watch database as CSV -> notices of other works' standing.

Crossref publishes it (https://gitlab.com/crossref/retraction-watch-data), a row a notice. A missing DOI
is ``unavailable`` or empty, a missing PMID ``0``; dates are month/day/year with an empty time. The nature
``Reinstatement`` takes an earlier retraction back; a `Notice` can only give a standing, not take one away,
so it is reported as skipped and has to be looked at by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.identifiers import normal_doi, normal_pmid
from corpus.readers.csv_rows import Row, lines_of, rows_of
from corpus.records import IntegrityStatus, Notice, Skipped
from corpus.written_dates import date_parts, iso_date

RECORDED_IN = "Retraction Watch"

_STATUS: Mapping[str, IntegrityStatus] = {
    "retraction": "retracted",
    "expression of concern": "concern",
    "correction": "corrected",
}
_TAKEN_BACK = "reinstatement"
_NEEDED = ("RetractionNature", "OriginalPaperDOI", "OriginalPaperPubMedID")


def lists_retractions(text: str) -> bool:
    """Whether a text begins like this list, so that it can be told from a file that nobody reads."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    return all(name in first for name in _NEEDED)


def read_retractions(path: Path) -> Iterator[Notice | Skipped]:
    """A notice for each row that names a work and gives it a standing; never raises for the content."""
    origin = str(path)
    try:
        # Older editions are not all UTF-8; what is damaged by that is only ever a title.
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        yield Skipped(origin, None, f"cannot be read ({error.strerror}); check the path and its permissions")
        return
    lines = lines_of(text)
    header = next(rows_of(lines[:1], 0, ",", 0, lambda cells: False), Row(1, ()))
    names = [name.strip() for name in header.cells]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        reason = f"no column {', '.join(missing)}; give the file as Crossref publishes it"
        yield Skipped(origin, "line 1", reason)
        return
    nature = names.index("RetractionNature")

    def looks_right(cells: Sequence[str]) -> bool:
        return cells[nature].strip().casefold() in (*_STATUS, _TAKEN_BACK)

    for row in rows_of(lines, 1, ",", len(names), looks_right):
        yield _notice_of(row, names, origin)


def _notice_of(row: Row, names: Sequence[str], origin: str) -> Notice | Skipped:
    position = f"line {row.line}"
    if row.fault:
        return Skipped(origin, position, row.fault)
    if len(row.cells) != len(names):
        reason = f"{len(row.cells)} cells under {len(names)} columns; mend the row's quotes"
        return Skipped(origin, position, reason)
    return _notice(dict(zip(names, row.cells, strict=True)), origin, position)


def _notice(row: Mapping[str, str], origin: str, position: str) -> Notice | Skipped:
    nature = (row.get("RetractionNature") or "").strip()
    status = _STATUS.get(nature.casefold())
    if status is None:
        return Skipped(origin, position, _unusable(nature))
    doi = normal_doi(row.get("OriginalPaperDOI") or "")
    pmid = normal_pmid(row.get("OriginalPaperPubMedID") or "")
    title = (row.get("Title") or "").strip()
    if not (doi or pmid or title):
        return Skipped(origin, position, "names no work; give its DOI, PMID or title")
    return Notice(
        status=status,
        doi=doi,
        pmid=pmid,
        # Titles such as "Editorial" fit many works: only where nothing better names the one that is meant.
        title=None if doi or pmid else title,
        notice=_named(row.get("RetractionDOI"), row.get("RetractionPubMedID")),
        date=_full_date(row.get("RetractionDate") or ""),
        recorded_in=RECORDED_IN,
    )


def _named(doi: str | None, pmid: str | None) -> str | None:
    """The notice by its DOI, else by ``pmid:`` and its PMID."""
    number = normal_pmid(pmid or "")
    return normal_doi(doi or "") or (f"pmid:{number}" if number else None)


def _unusable(nature: str) -> str:
    if nature.casefold() == _TAKEN_BACK:
        return "a reinstatement takes a retraction back; check the standing of the work by hand"
    return f"RetractionNature {nature[:40]!r} is none of {', '.join(_STATUS)}; correct it"


def _full_date(written: str) -> str | None:
    """``8/16/2023 0:00`` as ``2023-08-16``; None where it is no full date."""
    parts = date_parts(written)
    return iso_date(parts) if len(parts) == 3 else None
