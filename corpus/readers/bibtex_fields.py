r"""The fields of a BibTeX entry: values joined and expanded, inherited by crossref, turned into CSL.

Two dialects are read alike: BibTeX (``year``, ``journal``, ``address``) and biblatex (``date``,
``journaltitle``, ``location``); the manual of biblatex (https://ctan.org/pkg/biblatex) names both and
says in its appendix B what an entry inherits.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from corpus.errors import MalformedRecordError
from corpus.identifiers import bare_doi, normal_arxiv, normal_pmcid, normal_pmid, pmids_in
from corpus.readers.csl_types import CSL_TYPES
from corpus.readers.latex_text import plain, verbatim, with_paired_braces
from corpus.readers.tagged_values import sections_of, without_final_stop
from corpus.records import Integrity
from corpus.study_records import StudyRecord
from corpus.written_dates import certain, date_parts, month_and_day
from corpus.written_names import Name, person
from corpus.written_standing import standing_in

Fields = Mapping[str, str]

_TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "inbook": "chapter",
    "bookinbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "book",
    "mastersthesis": "thesis",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "book",
    "online": "webpage",
    "patent": "patent",
    "periodical": "book",
    "phdthesis": "thesis",
    "proceedings": "book",
    "report": "report",
    "software": "software",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "www": "webpage",
}
#: CSL's field <- the fields of an entry, the first that is there.
_TEXTS = {
    "container-title": ("journal", "journaltitle", "booktitle", "maintitle"),
    "container-title-short": ("shortjournal", "journal-iso", "journal_abbreviation"),
    "collection-title": ("series",),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "edition": ("edition",),
    "publisher": ("publisher", "school", "institution", "organization"),
    "publisher-place": ("address", "location"),
    "ISSN": ("issn",),
    "ISBN": ("isbn",),
    "language": ("language", "langid"),
    "keyword": ("keywords",),
}
_MARKS = frozenset({"crossref", "xref", "ids", "label", "options", "related", "keywords", "abstract", "note"})
_NOT_INHERITED = _MARKS | {
    *("title", "subtitle", "titleaddon", "shorttitle", "pages", "eid", "annote", "file"),
    *("doi", "pmid", "pmcid", "eprint", "url"),
}
_DATES = frozenset({"date", "year", "month", "day"})
#: How many characters the names of ``@string`` may add to a value.
LONGEST_EXPANSION = 100_000
#: Longer chains of crossref are a mistake or an attack.
_MOST_ANCESTORS = 20
_PIECE = re.compile(r'\\.|[{}"]', re.DOTALL)
_BARE = re.compile(r"[^\s#]+")
_OTHERS = re.compile(r"others|et\.?\s+al\.?", re.IGNORECASE)


def value_of(written: str, strings: Mapping[str, str]) -> str:
    """The value as one string: delimiters off, ``#`` joined, names of ``@string`` expanded.

    A name that nothing defines is kept as written, so ``month = Oct`` still tells the month. Raises
    `MalformedRecordError` where names that stand for names grow beyond any real value.
    """
    pieces: list[str] = []
    length = 0
    for piece, literal in _pieces(written):
        pieces.append(piece if literal else strings.get(piece.casefold(), piece))
        length += len(pieces[-1])
        if length > len(written) + LONGEST_EXPANSION:
            raise MalformedRecordError(written[:40], "its @string names expand without end", "mend them")
    return "".join(pieces)


def _pieces(written: str) -> Iterator[tuple[str, bool]]:
    """Each part between ``#`` and whether it was delimited."""
    at = 0
    while at < len(written):
        if written[at] in '{"':
            end = _end_of_delimited(written, at)
            yield written[at + 1 : end], True
            at = end + 1
        elif bare := _BARE.match(written, at):
            yield bare.group(), False
            at = bare.end()
        else:
            at += 1


def _end_of_delimited(written: str, start: int) -> int:
    quoted = written[start] == '"'
    depth = 0
    for match in _PIECE.finditer(written, start + 1):
        sign = match.group()
        if depth <= 0 and sign == ('"' if quoted else "}"):
            return match.start()
        depth += {"{": 1, "}": -1}.get(sign, 0)
    return len(written)


def inherited(slot: int, entries: Sequence[Fields], slots: Mapping[str, int]) -> Fields:
    """The entry's fields and, where it lacks them, those of its crossref parent and the parent's own.

    ``slots`` gives the place of a key or an alias (``ids``). A parent that is missing leaves the entry as
    it is; a circle ends where it closes.
    """
    fields = dict(entries[slot])
    seen = {slot}
    parent = slots.get(fields.get("crossref", "").strip())
    while parent is not None and parent not in seen and len(seen) <= _MOST_ANCESTORS:
        seen.add(parent)
        above = entries[parent]
        dated = not _DATES.isdisjoint(fields)
        for name, value in above.items():
            if name not in _NOT_INHERITED and not (dated and name in _DATES):
                fields.setdefault(name, value)
        if above.get("title"):
            fields.setdefault("booktitle", above["title"])
        parent = slots.get(above.get("crossref", "").strip())
    return fields


def record_of(entry_type: str, key: str, fields: Fields) -> StudyRecord:
    """The entry as a bibliographic record."""
    authors, complete = _names(fields.get("author") or fields.get("authors") or "")
    editors, _ = _names(fields.get("editor") or fields.get("editors") or "")
    csl: dict[str, Any] = {"type": _type(entry_type, fields), "title": _title(fields)}
    csl |= {"author": authors, "editor": editors, "page": _pages(fields)}
    csl |= {name: _first(fields, sources) for name, sources in _TEXTS.items()}
    csl |= _identifiers(fields)
    parts = _issued(fields)
    if parts:
        csl["issued"] = {"date-parts": [parts]}
    return StudyRecord(
        csl,
        abstract=sections_of(plain(fields.get("abstract", ""))),
        key=key or None,
        integrity=standing_in([plain(fields.get("note", ""))]) or Integrity(),
        authors_complete=complete,
    )


def _type(entry_type: str, fields: Fields) -> str:
    """CSL's type; Footnote's own exports name it where BibTeX has none that fits (``entrysubtype``)."""
    if (named := fields.get("entrysubtype", "")) in CSL_TYPES:
        return named
    kind = _TYPES.get(entry_type, "article")
    container = _first(fields, _TEXTS["container-title"])
    is_page = kind == "article" and fields.get("url") and not container and not fields.get("eprint")
    return "webpage" if is_page else kind


def _first(fields: Fields, names: tuple[str, ...]) -> str:
    return next((text for name in names if name in fields and (text := plain(fields[name]))), "")


def _title(fields: Fields) -> str:
    title, subtitle = plain(fields.get("title", "")), plain(fields.get("subtitle", ""))
    return without_final_stop(f"{title}: {subtitle}" if title and subtitle else title)


def _pages(fields: Fields) -> str:
    written = plain(fields.get("pages") or fields.get("eid") or fields.get("article-number") or "")
    return re.sub(r"\s*(?:--+|[-‐-―])\s*", "-", written).strip("- ")


def _issued(fields: Fields) -> list[int]:
    parts = date_parts(plain(fields.get("date", "")))
    if parts:
        return parts
    # "2004 Jan-Feb" in the year itself says more than the year alone; "in press" says nothing.
    year = date_parts(plain(fields.get("year", "")))
    month = month_and_day(plain(fields.get("month", "")))
    day = plain(fields.get("day", ""))
    if len(year) != 1 or not month:
        return year
    return certain(
        [*year, *month, *([int(day)] if len(month) == 1 and re.fullmatch("[0-9]{1,2}", day) else [])]
    )


def _identifiers(fields: Fields) -> dict[str, str | None]:
    url = verbatim(fields.get("url", ""))
    note = plain(fields.get("note", ""))
    if standing_in([note]):  # what it names is a notice about the work
        note = ""
    eprint = verbatim(fields.get("eprint", ""))
    archive = (fields.get("eprinttype") or fields.get("archiveprefix") or "").strip().casefold()
    in_note = next((pmid for _, _, pmid in pmids_in(note)), "")
    pmcid = re.search(r"PMC\d+", note)
    if normal_arxiv(eprint) and archive in ("", "arxiv"):
        url = url or f"https://arxiv.org/abs/{eprint.removeprefix('arXiv:')}"
    return {
        "DOI": bare_doi(verbatim(fields.get("doi", ""))) or bare_doi(url),
        "PMID": normal_pmid(verbatim(fields.get("pmid", "")))
        or (normal_pmid(eprint) if archive in ("pubmed", "pmid") else None)
        or normal_pmid(in_note),
        "PMCID": _pmcid(verbatim(fields.get("pmcid") or fields.get("pmc") or ""))
        or (_pmcid(pmcid.group()) if pmcid else None),
        "URL": url,
    }


def _pmcid(written: str) -> str | None:
    return normal_pmcid(f"PMC{written}" if written.isdigit() else written)


def _names(written: str) -> tuple[list[Name], bool]:
    """The names of a field, and whether it does not end in "and others"."""
    listed = split_multiple_persons_names(with_paired_braces(written))
    kept = [name for name in listed if not _OTHERS.fullmatch(name.strip())]
    names = [_name(" ".join(name.split())) for name in kept]
    return [name for name in names if name], len(kept) == len(listed)


def _name(written: str) -> Name:
    if _is_braced(written):
        literal = plain(written)
        return {"literal": literal} if literal else {}
    parts: Any = parse_single_name_into_parts(written, strict=False)
    family = plain(" ".join((*parts.von, *parts.last)))
    return person(family, plain(" ".join(parts.first)), plain(" ".join(parts.jr))) if family else {}


def _is_braced(written: str) -> bool:
    r"""Whether one pair of braces holds the whole name; ``{\v{S}}`` is a letter, not a name."""
    if not written.startswith("{") or written.startswith("{\\"):
        return False
    return _end_of_delimited(written, 0) == len(written) - 1
