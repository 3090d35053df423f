"""MEDLINE, the tagged format of PubMed (.nbib, "PubMed" exports named .txt or .ris).

A *field* is a tag of at most four letters, padded to four, a hyphen, a blank and a value that goes on in
lines indented by six blanks. A record begins with ``PMID-``; blank lines stand between records. Lists repeat
their tag. What the tags mean: https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from corpus.errors import MalformedRecordError
from corpus.normalising import normalised
from corpus.readers.medline_standing import standing_of
from corpus.readers.tagged_values import (
    language_of,
    page_range,
    sections_of,
    without_brackets,
    without_final_stop,
)
from corpus.records import Skipped, Source
from corpus.study_records import StudyRecord, study_from
from corpus.written_dates import date_parts
from corpus.written_names import names_in, person
from corpus.written_standing import standing_in

NAME = "MEDLINE"

_FIELD = re.compile(r"(?=[A-Z0-9 ]{4}-)([A-Z][A-Z0-9]{1,3}) *- *(.*)")
_NUMBERING = re.compile(r"\W*\d{1,6}\W*")
_FIRST_SIGN = re.compile(r"^(?:(PMID- *\d|OWN - |STAT- |FAU - )|(TY {1,3}-))", re.MULTILINE)
#: Tags that stand once in a record, so that a second one after a blank line begins another record.
_ONCE = frozenset({"OWN", "STAT", "TI", "DP", "JT"})
_DOI_IN_SO = re.compile(r"doi:\s*(10\.\S+)", re.IGNORECASE)
_ET_AL = re.compile(r"et\.? al\.?|others", re.IGNORECASE)


@dataclass
class _Fields:
    """The fields of one record in the order of the file, each with the lines of its value."""

    lines: list[tuple[str, list[str]]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    def add(self, tag: str, value: str) -> None:
        """Begin a field."""
        self.lines.append((tag, [value]))
        self.tags.add(tag)

    def continue_last(self, line: str) -> None:
        """One more line of the value of the field that was begun last."""
        self.lines[-1][1].append(line)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Every tag with its value, for when the record is whole."""
        return [(tag, " ".join(" ".join(lines).split())) for tag, lines in self.lines]

    def all(self, tag: str) -> list[str]:
        """Every value of a tag that is not empty."""
        return [value for name, value in self.pairs if name == tag and value] if tag in self.tags else []

    def first(self, *tags: str) -> str:
        """The first value of the first of the tags that has one, else nothing."""
        return next((value for tag in tags for value in self.all(tag)), "")


def claims(text: str, name: str) -> bool:
    """The first sign of a record is MEDLINE's ``PMID- 123``, not RIS's ``TY  - ``, whatever the suffix."""
    text = text.removeprefix("\ufeff")
    sign = _FIRST_SIGN.search(text.replace("\r", "\n"))
    return sign is not None and sign.group(1) is not None and text.lstrip()[:1] not in ("<", "{")


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """Every record as a study; what cannot be read is reported beside what can."""
    number = 0
    for fields in _records(normalised(text), origin):
        if isinstance(fields, Skipped):
            yield fields
            continue
        number += 1
        position = f"record {number}"
        try:
            yield study_from(_study_record(fields), origin, position)
        except MalformedRecordError as error:
            yield Skipped(origin, position, str(error))
            continue
        if not re.match(r"\d", fields.first("PMID")):
            yield Skipped(origin, position, "the record was kept, but has no PMID; add its line PMID- ...")


def _records(text: str, origin: str) -> Iterator[_Fields | Skipped]:
    fields = _Fields()
    after_blank = in_garbage = False
    for number, line in enumerate(text.split("\n"), start=1):
        match = _FIELD.match(line)
        if not line.strip():
            after_blank = True
        elif match is not None:
            tag = match.group(1)
            if fields.lines and (tag == "PMID" or (after_blank and tag in _ONCE & fields.tags)):
                yield fields
                fields = _Fields()
            fields.add(tag, match.group(2))
            after_blank = in_garbage = False
        elif fields.lines and (line[0].isspace() or not after_blank):
            fields.continue_last(line)
        elif not in_garbage and not _NUMBERING.fullmatch(line):
            in_garbage = True
            yield Skipped(origin, f"line {number}", _outside(line))
    if fields.lines:
        yield fields


def _outside(line: str) -> str:
    return f"{line.strip()[:40]!r} belongs to no record; begin each record with PMID- and its number"


def _study_record(fields: _Fields) -> StudyRecord:
    authors, complete = _authors(fields)
    csl = _csl(fields)
    integrity, notices = standing_of(fields.pairs, csl)
    editors = [_full_name(value) for value in fields.all("FED")]
    names = {role: people for role, people in (("author", authors), ("editor", editors)) if people}
    return StudyRecord(
        csl=csl | names,
        abstract=sections_of(fields.first("AB", "OAB")),
        publication_types=tuple(fields.all("PT")),
        mesh=tuple(dict.fromkeys(_descriptor(heading) for heading in fields.all("MH"))),
        integrity=standing_in(fields.all("GN")) or integrity,
        notices=notices,
        authors_complete=complete,
    )


def _csl(fields: _Fields) -> dict[str, Any]:
    date = date_parts(fields.first("DP")) or date_parts(fields.first("DEP"))
    found = {
        "type": _type(fields),
        "title": _title(fields),
        "container-title": _container(fields),
        "container-title-short": fields.first("TA"),
        "issued": {"date-parts": [date]} if date else None,
        "volume": fields.first("VI"),
        "issue": fields.first("IP"),
        "page": page_range(fields.first("PG")) or _article_number(fields),
        "DOI": _doi(fields),
        "PMID": _leading(r"\d+", fields.first("PMID")),
        "PMCID": _leading(r"PMC\d+", fields.first("PMC")),
        "ISSN": _leading(r"\d{4}-\d{3}[\dXx]", fields.first("IS")),
        "ISBN": _leading(r"[\dXx-]+", fields.first("ISBN")),
        "publisher": fields.first("PB"),
        "language": language_of(fields.first("LA")),
        "keyword": "; ".join(word.lstrip("*") for word in fields.all("OT")),
    }
    return {name: value for name, value in found.items() if value}


def _type(fields: _Fields) -> str:
    if fields.first("CTI"):
        return "chapter"
    if fields.first("BTI"):
        return "chapter" if fields.first("TI") else "book"
    return "article" if "Preprint" in fields.all("PT") else "article-journal"


def _title(fields: _Fields) -> str:
    title = fields.first("TI", "CTI", "BTI")
    if re.fullmatch(r"\W*not available\W*", title, re.IGNORECASE):
        title = fields.first("TT") or title
    return without_final_stop(without_brackets(title))


def _container(fields: _Fields) -> str:
    """The full name of the journal, or the book that a chapter stands in."""
    book = fields.first("BTI") if fields.first("CTI", "TI") else ""
    return book or fields.first("JT", "TA")


def _doi(fields: _Fields) -> str:
    for value in fields.all("LID") + fields.all("AID"):
        if value.endswith("[doi]"):
            return value.removesuffix("[doi]").strip()
    match = _DOI_IN_SO.search(fields.first("SO"))
    return match.group(1).rstrip(".,;") if match else ""


def _article_number(fields: _Fields) -> str:
    """``e32822`` of ``LID - e32822 [pii]``, where an electronic journal has no pages."""
    return next((m[1] for v in fields.all("LID") if (m := re.fullmatch(r"(e\d+) \[pii\]", v))), "")


def _descriptor(heading: str) -> str:
    """A MeSH heading without subheadings and without the star of a major topic."""
    return heading.split("/")[0].strip().lstrip("*")


def _authors(fields: _Fields) -> tuple[list[dict[str, str]], bool]:
    """Persons and groups in the order of the file; an AU after its FAU is the same person, shortened."""
    authors: list[dict[str, str]] = []
    complete = True
    in_full = False
    for tag, value in fields.pairs:
        if tag not in ("FAU", "AU", "CN") or not value:
            continue
        if _ET_AL.fullmatch(value):
            complete = False
        elif tag == "CN":
            authors.append({"literal": value.rstrip(";").removesuffix(".")})
        elif tag == "FAU":
            authors.append(_full_name(value))
        elif not in_full:
            authors.extend(_short_name(value))
        in_full = tag == "FAU"
    return authors, complete


def _full_name(name: str) -> dict[str, str]:
    """``King, Martin Luther Jr`` as a CSL name."""
    family, _, given = (part.strip() for part in name.partition(","))
    suffix = re.search(r"(?<![ ,])[ ,]+(Jr|Sr|II|III|IV|\d(?:st|nd|rd|th))\.?$", given)
    if suffix:
        return person(family, given[: suffix.start()], suffix.group(1))
    return person(family, given)


def _short_name(name: str) -> list[dict[str, str]]:
    """``Casbon JA`` as a CSL name; initials apart, as citation styles need them."""
    match = re.fullmatch(r"(\S.*?) ([A-Z]{1,4})(?: (Jr|Sr|II|III|IV|\d(?:st|nd|rd|th)))?", name)
    if match is None:
        return names_in(name)[0]
    return [person(match.group(1), " ".join(f"{i}." for i in match.group(2)), match.group(3) or "")]


def _leading(pattern: str, value: str) -> str:
    match = re.match(pattern, value)
    return match.group() if match else ""
