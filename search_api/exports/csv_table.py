"""Sources -> a table (CSV, RFC 4180) with the columns that our reader and most others know.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, which the reader takes away
again: a title must not run as a program (https://owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape

from corpus.records import Source
from corpus.written_standing import standing_line
from search_api.exports.fields import PersonName, abstract_line, iso_date, issued, names, pages, text
from search_api.exports.keys import citation_keys

#: Cells that are formulas to a spreadsheet, also where apostrophes stand in front already.
_FORMULA = re.compile(r"'*[=+@-]")

_COLUMNS: Mapping[str, Callable[[Source], str]] = {
    "Title": lambda source: text(source, "title"),
    "Authors": lambda source: _authors(source),
    "Publication Year": lambda source: f"{issued(source)[0]}" if issued(source) else "",
    "Publication Date": lambda source: iso_date(issued(source)),
    "Journal": lambda source: text(source, "container-title"),
    "Journal Abbreviation": lambda source: text(source, "container-title-short"),
    "Volume": lambda source: text(source, "volume"),
    "Issue": lambda source: text(source, "issue"),
    "Pages": pages,
    "DOI": lambda source: text(source, "DOI"),
    "PMID": lambda source: text(source, "PMID"),
    "PMCID": lambda source: text(source, "PMCID"),
    "ISSN": lambda source: text(source, "ISSN"),
    "ISBN": lambda source: text(source, "ISBN"),
    "Publisher": lambda source: text(source, "publisher"),
    "Language": lambda source: text(source, "language"),
    "URL": lambda source: text(source, "URL"),
    "CSL Type": lambda source: text(source, "type"),
    "Standing": lambda source: standing_line(source.integrity),
    "Footnote Study Type": lambda source: _design(source),
    "Footnote Sample Size": lambda source: (source.study and source.study.sample_size) or "",
    "Footnote Finding": lambda source: (source.study and source.study.finding) or "",
    "Keywords": lambda source: text(source, "keyword"),
    "License": lambda source: source.license or "",
    "Abstract": abstract_line,
}


def write(sources: Sequence[Source]) -> str:
    """A header and a row a source."""
    keys = citation_keys(sources)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("Key", *_COLUMNS))
    for source in sources:
        cells = (column(source) for column in _COLUMNS.values())
        writer.writerow([_cell(cell) for cell in (keys[source.source_id], *cells)])
    return table.getvalue()


def _cell(value: str) -> str:
    line = " ".join(value.split())
    line = line.replace("&", "&amp;") if unescape(line) != line else line
    return f"'{line}" if _FORMULA.match(line) else line


def _design(source: Source) -> str:
    return source.study.design if source.study and source.study.design != "unknown" else ""


def _authors(source: Source) -> str:
    """``Family, Given; Family, Given``; the semicolon behind a single one tells it from two."""
    people = names(source)
    commas = any(not name.literal for name in people)
    written = [_person(name, commas) for name in people]
    if not source.authors_complete:
        written.append("et al.")
    return "; ".join(written) + (";" if len(written) == 1 else "")


def _person(name: PersonName, commas: bool) -> str:
    """A name; a group's in braces where its words alone would not tell that it is one."""
    if name.literal:
        return name.literal if commas and "," not in name.literal else f"{{{name.literal}}}"
    parts = ", ".join(part for part in (name.family, name.given, name.suffix) if part)
    return parts if name.given else f"{parts},"
