"""Bibliographies as delimited text: what databases, reference managers and spreadsheets export.

There is no standard; a file is known by its header, the first row within the beginning that has a column
for titles and one for authors, abstracts, years or identifiers (`corpus.readers.csv_columns`). Above it may
stand lines about the search, as in Embase. Delimiters are comma, semicolon and tab.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

from corpus.errors import MalformedRecordError
from corpus.identifiers import bare_doi, dois_in, normal_pmcid
from corpus.readers.csl_types import CSL_TYPES
from corpus.readers.csv_columns import Columns, columns_of
from corpus.readers.csv_rows import DELIMITERS, Delimiter, Row, lines_of, rows_of
from corpus.readers.tagged_values import sections_of, without_final_stop
from corpus.records import Integrity, Skipped, Source, Study
from corpus.study_records import StudyRecord, study_from
from corpus.written_dates import certain, date_parts, month_and_day
from corpus.written_names import names_in
from corpus.written_standing import standing_in

NAME = "CSV export"

#: How many lines of search history may stand above the header.
_MOST_LINES_ABOVE = 30
_NOTHING = frozenset({"", "null", "none", "nan", "n/a", "na", "-", "[]"})
_EXCEL_TEXT = re.compile(r'="?([^"]*)"?')
#: An apostrophe that keeps a spreadsheet from taking a cell for a formula.
_GUARDED = re.compile(r"'+[=+@-]")
_PMID = re.compile(r"(?:https?://\S*/|pmid:?\s*)?([1-9]\d{0,8})(?:\.0)?/?", re.IGNORECASE)
_PMCID = re.compile(r"(?:https?://\S*/|pmcid:?\s*)?(?:PMC)?(\d+)(?:\.\d+)?/?", re.IGNORECASE)
_TYPES = (
    ("book section", "chapter"), ("booksection", "chapter"), ("chapter", "chapter"), ("preprint", "article"),
    ("conference", "paper-conference"), ("proceeding", "paper-conference"), ("thesis", "thesis"),
    ("dissertation", "thesis"), ("book review", "review-book"), ("book", "book"), ("report", "report"),
    ("webpage", "webpage"), ("patent", "patent"),
)  # fmt: skip
#: Reports *about* patients are articles: "case report", "case reports".
_ARTICLES = re.compile(r"journal|article|case report", re.IGNORECASE)
_NO_RECORD = frozenset({"attachment", "note", "annotation"})
_LONGEST_ISSUE = 40


def claims(text: str, name: str) -> bool:
    """A header row of a bibliography near the beginning."""
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", "<"):
        return False
    return _header_in(lines_of(text[:65536])) is not None


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """Every row as a study; rows that are broken or have no title are skipped with their line."""
    lines = lines_of(text.removeprefix("\ufeff"))
    header = _header_in(lines)
    if header is None:
        yield Skipped(origin, None, "no header row with a title column; name the columns in the first row")
        return
    columns = header.columns

    def looks_right(cells: Sequence[str]) -> bool:
        return _looks_like_record(cells, columns)

    for row in rows_of(lines, header.below, header.delimiter, header.width, looks_right):
        yield _study(row, header, origin)


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the records begin (line counted from 0) and what their columns mean."""

    below: int
    delimiter: Delimiter
    width: int
    columns: Columns


def _header_in(lines: Sequence[str]) -> _Header | None:
    """The first row that heads a bibliography, with the delimiter that finds most of its columns."""
    for at in range(min(len(lines), _MOST_LINES_ABOVE)):
        candidates = [_header_at(lines, at, delimiter) for delimiter in DELIMITERS]
        found = [candidate for candidate in candidates if candidate is not None]
        if found:
            return max(found, key=lambda header: len(header.columns))
    return None


def _header_at(lines: Sequence[str], at: int, delimiter: Delimiter) -> _Header | None:
    line = lines[at].removeprefix("\ufeff")
    if delimiter not in line:
        return None
    # One row only; a name of a column may hold a line feed, within quotes.
    row = next(rows_of([line, *lines[at + 1 : at + 20]], 0, delimiter, 0, lambda cells: False), None)
    columns = columns_of(row.cells) if row and not row.fault else {}
    if row is None or row.line != 1 or not columns:
        return None
    height = 1 + sum(cell.count("\n") for cell in row.cells)
    return _Header(at + height, delimiter, len(row.cells), columns)


def _looks_like_record(cells: Sequence[str], columns: Columns) -> bool:
    """Whether cells that may be text have a year or a DOI just where the columns say."""
    years = [cells[place].strip(' "=') for place in columns.get("year", ())]
    dois = [_cell(cells[place]) for place in columns.get("doi", ())]
    return any(re.fullmatch(r"(1[89]|20)\d\d(\.0)?", year) for year in years) or any(
        bare_doi(doi) for doi in dois
    )


def _study(row: Row, header: _Header, origin: str) -> Source | Skipped:
    position = f"line {row.line}"
    if row.fault:
        return Skipped(origin, position, row.fault)
    beyond = [cell for cell in row.cells[header.width :] if cell.strip()]
    if beyond:
        reason = f"{len(row.cells)} cells under {header.width} columns; quote cells that hold the delimiter"
        return Skipped(origin, position, reason)
    cells = _Cells(row.cells, header.columns)
    if cells.first("types").casefold() in _NO_RECORD:
        return Skipped(
            origin, position, f"{cells.first('types')}: no publication of its own; leave such rows out"
        )
    try:
        return study_from(_record(cells), origin, position)
    except MalformedRecordError as error:
        return Skipped(origin, position, str(error))


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a row by field."""

    cells: Sequence[str]
    columns: Columns

    def all(self, field: str) -> list[str]:
        """The cells of a field that are not empty, in order of trust."""
        written = [self.cells[place] for place in self.columns.get(field, ()) if place < len(self.cells)]
        return [cell for cell in map(_cell, written) if cell]

    def first(self, field: str) -> str:
        """The first cell of a field that is not empty."""
        return next(iter(self.all(field)), "")


def _cell(written: str) -> str:
    """What a cell says; spreadsheets write ``="0012"`` to keep zeros, programs ``nan`` for nothing."""
    text = written.strip()
    match = _EXCEL_TEXT.fullmatch(text) if text.startswith("=") else None
    text = match.group(1).strip() if match else text
    if _GUARDED.match(text):
        text = text[1:]
    return "" if text.casefold() in _NOTHING else unescape(text)


def _record(cells: _Cells) -> StudyRecord:
    names, complete = names_in(cells.first("authors"))
    types = tuple(part for cell in cells.all("types") for part in re.split(r"\s*[;|]\s*", cell) if part)
    csl: dict[str, Any] = {
        "type": _named_type(cells.first("csl-type")) or _csl_type(types),
        "title": without_final_stop(cells.first("title")),
        "author": names,
        "container-title": cells.first("journal"),
        "container-title-short": cells.first("journal-short"),
        "volume": cells.first("volume"),
        # What is longer is an address that an export put into the wrong column.
        "issue": cells.first("issue") if len(cells.first("issue")) <= _LONGEST_ISSUE else "",
        "page": _pages(cells),
        "ISSN": next(iter(re.findall(r"\b\d{4}-?\d{3}[\dXx]\b", cells.first("issn"))), ""),
        "ISBN": cells.first("isbn"),
        "language": cells.first("language"),
        "publisher": cells.first("publisher"),
        "URL": cells.first("url").split(" ")[0],
        "keyword": cells.first("keywords"),
    }
    csl |= {"DOI": _doi(cells), "PMID": _pmid(cells), "PMCID": _pmcid(cells)}
    parts = _issued(cells)
    if parts:
        csl["issued"] = {"date-parts": [parts]}
    abstract = cells.first("abstract")
    sections = sections_of(abstract)
    return StudyRecord(
        csl,
        abstract=sections if len(sections) > 1 else (("", abstract),) if abstract else (),
        publication_types=types,
        mesh=tuple(part for part in re.split(r"\s*[;|]\s*", cells.first("mesh")) if part),
        key=_key(cells),
        study=_study_of(cells),
        integrity=standing_in(cells.all("standing")) or _integrity(cells, types),
        license=cells.first("license") or None,
        authors_complete=complete,
    )


def _named_type(written: str) -> str:
    return written if written in CSL_TYPES else ""


def _study_of(cells: _Cells) -> Study | None:
    """What a column of Footnote's own exports says of the study; None where there is none."""
    design, size, finding = (cells.first(name) or None for name in ("design", "sample-size", "finding"))
    return (
        Study(design or "unknown", size, finding, design_from="record") if design or size or finding else None
    )


def _csl_type(types: Sequence[str]) -> str:
    written = " ".join(types).casefold()
    if "journalarticle" in written or (_ARTICLES.search(written) and "preprint" not in written):
        return "article-journal"
    return next((csl for word, csl in _TYPES if word in written), "article-journal")


def _pages(cells: _Cells) -> str:
    pages, first, last = cells.first("pages"), cells.first("first-page"), cells.first("last-page")
    if not pages:
        pages = f"{first}-{last}" if first and last and first != last else first
    return re.sub(r"\s*[-‐-―]+\s*", "-", pages).strip("- ")


def _doi(cells: _Cells) -> str | None:
    """The DOI of the DOI column, else of an address; Rayyan puts other fields behind it."""
    for cell in cells.all("doi"):
        doi = bare_doi(cell) or bare_doi(cell.split()[0]) or next((doi for _, _, doi in dois_in(cell)), None)
        if doi:
            return doi
    return next((doi for cell in cells.all("url") if (doi := bare_doi(unquote(cell.split()[0])))), None)


def _pmid(cells: _Cells) -> str | None:
    """The PMID as digits, of an address (OpenAlex) or of a number with decimals (pandas)."""
    found = (_PMID.fullmatch(cell) for cell in cells.all("pmid"))
    return next((match.group(1) for match in found if match), None)


def _pmcid(cells: _Cells) -> str | None:
    found = (_PMCID.fullmatch(cell) for cell in cells.all("pmcid"))
    return next((normal_pmcid(f"PMC{match.group(1)}") for match in found if match), None)


def _issued(cells: _Cells) -> list[int]:
    """The date where it agrees with the year, else the year and what month and day columns add."""
    year = date_parts(cells.first("year").removesuffix(".0"))[:1]
    for written in cells.all("date"):
        parts = date_parts(written)
        if parts and year in ([], parts[:1]):
            return parts
    month, day = month_and_day(cells.first("month")), cells.first("day")
    days = [int(day)] if len(month) == 1 and re.fullmatch("[0-9]{1,2}", day) else []
    return certain([*year, *month, *days])


def _key(cells: _Cells) -> str | None:
    """The record's name in its database; a bare number names only a row of this file."""
    keys = (cell.removeprefix("https://openalex.org/") for cell in cells.all("key"))
    return next((key for key in keys if not key.isdigit() and len(key) <= 100 and " " not in key), None)


def _integrity(cells: _Cells, types: Sequence[str]) -> Integrity:
    said = cells.first("retracted").casefold() in ("true", "yes", "1")
    marked = any(kind.casefold() in ("retracted", "retracted publication") for kind in types)
    return Integrity("retracted", recorded_in="CSV export") if said or marked else Integrity()
