"""RIS, the tagged format of reference managers and databases, in the dialects of some twenty of them.

A *field* is a two-letter tag, two blanks, a hyphen, a blank and a value; a record begins with ``TY`` and
ends with ``ER``. rispy knows the lines and the list of types; the rest of the specification
(https://web.archive.org/web/20120526103719/http://refman.com/support/risformat_intro.asp) is followed by no
two tools alike. So records are cut apart here, for rispy drops one without ``ER`` and joins it with the
next; a value may go on in lines without a tag; and each thing is looked for in every tag that some tool
uses for it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any, ClassVar

from rispy.parser import RisParser  # type: ignore[import-untyped]

from corpus.errors import MalformedRecordError
from corpus.identifiers import bare_doi
from corpus.normalising import normalised
from corpus.readers.ris_identifiers import Values, announces_pmid, doi_of, issn_of, pmcid_of, pmid_of
from corpus.readers.ris_names import names_of, once
from corpus.readers.ris_types import csl_type, publication_types, type_code
from corpus.readers.tagged_values import language_of, page_range, sections_of, without_final_stop
from corpus.records import Integrity, Skipped, Source
from corpus.study_records import StudyRecord, study_from
from corpus.written_dates import certain, date_parts, month_and_day
from corpus.written_standing import standing_in

NAME = "RIS"

_TAG = re.compile(r"([A-Z][A-Z0-9])( {1,2})-(?:\s*(.*)|$)")
_CLAIM = re.compile(r"^(?:TY {1,2}-.*\n(?:.*\n){0,3}?[A-Z][A-Z0-9] {1,2}-|(PMID- *\d|OWN - |FAU - ))", re.M)
_WITHOUT_TYPE = re.compile(r"^(?:T1|TI|A1|AU|PY|JO|JF)  - .*\n(?:.*\n){0,200}?ER  -", re.MULTILINE)
#: What stands before a record in the exports of Ovid ("1."), Cochrane ("Record #3 of 18") and others.
_PREAMBLE = re.compile(r"\W*\d{0,9}\W*|Record #\d+ of \d+|[A-Z][\w -]{1,30}: .*")
_START = re.compile(r"TY( {1,2})-")
_END = re.compile(r"ER {0,2}-\s*")
#: Tags under which each line is an entry of its own.
_LISTS = frozenset({"KW", "AU", "A1", "A2", "AD", "N1", "UR", "L1", "L2"})
_UNTYPED = "no type (TY  - ); the record was kept, its kind is a guess"
_LONGEST_PREAMBLE = 200
_CUT = "no end (ER  -); what is there was kept, see whether something is missing"

_MARKUP = re.compile(r"</?(?:i|b|em|strong|sup|sub|p|jats:[a-z]{1,12})>", re.IGNORECASE)


class _EveryTag(dict[str, str]):
    """rispy's mapping of tags to names, here: each tag is its own name, and holds a list."""

    def __missing__(self, tag: str) -> str:
        return tag

    def __contains__(self, tag: object) -> bool:
        return True


class _LineParser(RisParser):  # type: ignore[misc]
    """rispy's parser for one record, with tools' other ways to write a tag (``TY - JOUR``, ``AB  -Text``)."""

    DEFAULT_MAPPING: ClassVar[dict[str, str]] = _EveryTag()
    DEFAULT_LIST_TAGS: ClassVar[Any] = _EveryTag()
    DEFAULT_DELIMITER_MAPPING: ClassVar[dict[str, str]] = {}

    def parse_line(self, line: str) -> Any:
        """The tag, or None where the line goes on with the value before, and the content."""
        match = _TAG.match(line)
        return (match.group(1), (match.group(3) or "").strip()) if match else (None, line.strip())


@dataclass
class _Lines:
    """The lines of one record, its faults, and whether it writes its tags with one blank."""

    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    narrow: bool = False

    def is_tag(self, line: str) -> re.Match[str] | None:
        """The tag of a line; in a record of two blanks, text such as "HR - 0.5" is none."""
        match = _TAG.match(line)
        return match if match and (self.narrow or len(match.group(2)) == 2) else None


def claims(text: str, name: str) -> bool:
    """A line ``TY  - `` with a tag soon after it and no sign of MEDLINE before, or tags up to an ``ER``."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.lstrip()[:1] in ("<", "{"):
        return False
    sign = _CLAIM.search(text)
    return sign.group(1) is None if sign else _WITHOUT_TYPE.search(text) is not None


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """Every record as a study; a record with a fault is kept as far as it goes, and the fault reported."""
    number = 0
    for record in _records(normalised(text), origin):
        if isinstance(record, Skipped):
            yield record
            continue
        number += 1
        position = f"record {number}"
        try:
            yield study_from(_study_record(_values(record)), origin, position)
        except MalformedRecordError as error:
            yield Skipped(origin, position, "; ".join((str(error), *record.faults)))
            continue
        for fault in record.faults:
            yield Skipped(origin, position, fault)


def _records(text: str, origin: str) -> Iterator[_Lines | Skipped]:
    record: _Lines | None = None
    in_garbage = False
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if start := _START.match(line):
            if record is not None:
                yield _with_fault(record, _CUT)
            record = _Lines([line], narrow=len(start.group(1)) == 1)
        elif _END.match(line) and (record is None or record.is_tag(line) or _END.fullmatch(line)):
            if record is not None:
                yield record
            record = None
        elif record is not None:
            record.lines.append(line)
        elif _Lines().is_tag(line):
            record = _Lines(["TY  - ", line], [_UNTYPED])
        elif not in_garbage and not _PREAMBLE.fullmatch(line.strip()[:_LONGEST_PREAMBLE]):
            in_garbage = True
            yield Skipped(origin, f"line {number}", _outside(line))
            continue
        in_garbage = in_garbage and record is None
    if record is not None:
        yield _with_fault(record, _CUT)


def _with_fault(record: _Lines, fault: str) -> _Lines:
    return _Lines(record.lines, [*record.faults, fault], record.narrow)


def _outside(line: str) -> str:
    return f"{line.strip()[:40]!r} belongs to no record; begin each with TY  - and end it with ER  -"


def _values(record: _Lines) -> Values:
    """Every tag with its values that are not empty, as rispy reads them."""
    parsed = _LineParser().parse_lines(iter([*_whole_lines(record), "ER  - "]))
    values: defaultdict[str, list[str]] = defaultdict(list)
    for tag, content in parsed[0].items():
        kept = [content] if isinstance(content, str) else content
        values[tag] = [value for value in kept if value]
    return values


def _whole_lines(record: _Lines) -> Iterator[str]:
    """The lines with those put together that one value was broken into; entries of a list stay apart."""
    tag = ""
    pieces: list[str] = []
    for line in record.lines:
        match = record.is_tag(line)
        if match or (tag in _LISTS and line[:1].strip()):
            if pieces:
                yield " ".join(pieces)
            pieces = []
        tag = match.group(1) if match else tag
        # A blank in front keeps rispy from taking text for a tag.
        pieces.append(line if match else f" {line.strip()}" if not pieces else line.strip())
    yield " ".join(pieces)


def _study_record(values: Values) -> StudyRecord:
    code = type_code(_first(values, "TY"))
    kind = csl_type(code, in_journal=bool(_first(values, "JF", "JO", "JA", "T2")))
    ours = "Footnote" in values["DP"]
    authors, complete = names_of(once(values["AU"], values["A1"]), ours)
    editors, _ = names_of(once(values["A2"], values["ED"]), ours) if kind != "article-journal" else ([], True)
    names = {role: people for role, people in (("author", authors), ("editor", editors)) if people}
    types = publication_types(code, [*values["TY"], *values["M3"], *values["PT"], *values["M1"]])
    retracted = any(name.casefold() in ("retracted publication", "retracted") for name in types)
    return StudyRecord(
        csl=_csl(kind, values) | names,
        abstract=sections_of(_plain(" ".join(values["AB"] or values["N2"]))),
        publication_types=types,
        key=_key(values),
        integrity=standing_in(values["N1"])
        or (Integrity("retracted", recorded_in="RIS record") if retracted else Integrity()),
        authors_complete=complete,
    )


def _csl(kind: str, values: Values) -> dict[str, Any]:
    container, short = _container(kind, values)
    issued = _issued(values)
    in_book = kind in ("book", "chapter")
    found = {
        "type": kind,
        "title": _title(kind, values),
        "container-title": container,
        "container-title-short": short,
        "collection-title": _first(values, "T2", "T3") if kind == "book" else "",
        "issued": {"date-parts": [issued]} if issued else None,
        "volume": _short(_first(values, "VL", "VO")),
        "issue": _short(_first(values, "IS")),
        "page": _pages(values),
        "DOI": doi_of(values),
        "PMID": pmid_of(values),
        "PMCID": pmcid_of(values),
        "ISSN": "" if in_book else issn_of(values),
        "ISBN": _short(_first(values, "SN")) if in_book else "",
        "publisher": "" if kind == "article-journal" else _first(values, "PB", "PU"),
        "publisher-place": _first(values, "CY") if in_book else "",
        "edition": _first(values, "ET") if in_book else "",
        "language": language_of(_first(values, "LA")),
        "keyword": "; ".join(word.lstrip("*") for word in values["KW"]),
        "URL": next((url for value in values["UR"] for url in value.split() if url.startswith("http")), ""),
    }
    return {name: value for name, value in found.items() if value}


def _first(values: Values, *tags: str) -> str:
    return next((values[tag][0] for tag in tags if values[tag]), "")


def _short(value: str) -> str:
    """A volume or an issue; what is longer came from another field."""
    return value if len(value) <= 40 else ""


def _plain(text: str) -> str:
    return unescape(_MARKUP.sub("", text))


def _title(kind: str, values: Values) -> str:
    own = ("BT", "TI", "T1") if kind == "book" else ("TI", "T1", "CT", "BT")
    return without_final_stop(_plain(_first(values, *own, "TT", "ST")))


def _container(kind: str, values: Values) -> tuple[str, str]:
    """The name of what the work stands in, and its abbreviation where there is another one."""
    if kind == "book":
        return "", ""
    if kind in ("chapter", "paper-conference"):
        return _first(values, "T2", "BT", "JF", "JO", "JA"), ""
    in_full = "JF" if values["JF"] else "T2"
    written = [name for tag in (in_full, "JO", "JA", "J2", "J1", "JI") if (name := _first(values, tag))]
    if not written:
        return "", ""
    # Which tag holds which differs by tool: EndNote takes T2 from PubMed abbreviated and J2 in full.
    full = max(written, key=len)
    short = next((name for name in reversed(written) if len(name) < len(full)), "")
    return _plain(full), short


def _issued(values: Values) -> list[int]:
    """The date: the year of PY, Y1 or DA, with month and day from where that year has them."""
    written = values["PY"] + values["Y1"] + values["DA"]
    dates = [parts for parts in map(date_parts, written) if parts]
    if not dates:
        return []
    year = dates[0][0]
    dates += [certain([year, *month_and_day(value)]) for value in values["DA"] if not date_parts(value)]
    return max((parts for parts in dates if parts[0] == year), key=len)


def _pages(values: Values) -> str:
    start = _first(values, "SP", "PG")
    end = _first(values, "EP")
    if not re.search(r"\d|^[ivxlc]+$", start):
        return _short(_first(values, "C7"))
    return page_range(start if not end or re.search(r"[-‐-―]", start) else f"{start}-{end}")


def _key(values: Values) -> str | None:
    """The citation key; a bare number tells nothing outside its own library."""
    key = _first(values, "ID")
    is_key = re.fullmatch(r"(?=.*[^\W\d_]{2})\S{1,80}", key) and not announces_pmid(key)
    return key if is_key and not bare_doi(key) else None
