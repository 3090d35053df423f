"""Sources -> MEDLINE, the tagged format of PubMed's .nbib files.

https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format. Lines wrap at 88 characters as PubMed's do; a value
goes on behind six blanks. The standing has PubMed's own tags (``RIN`` retraction in, ``ECI`` concern,
``EIN`` erratum, ``RPI`` republished), and a general note (``GN``) with all that Footnote knows of it.
"""

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

from corpus.readers.tagged_values import without_brackets, without_final_stop
from corpus.records import Integrity, IntegrityStatus, Source
from corpus.written_dates import MONTHS
from corpus.written_standing import standing_line
from search_api.exports.fields import PersonName, abstract_line, issued, names, pages, text

_WIDTH = 88
_SUFFIX = re.compile(r"Jr|Sr|II|III|IV|\d(?:st|nd|rd|th)")
_POINTERS: dict[IntegrityStatus, str] = {
    "retracted": "RIN",
    "concern": "ECI",
    "corrected": "EIN",
    "republished": "RPI",
}


def write(sources: Sequence[Source]) -> str:
    """The records as one file, a blank line between them."""
    return "\n".join(_record(source) for source in sources)


def _record(source: Source) -> str:
    lines: list[str] = []
    for tag, value in _fields(source):
        if value:
            lines += _wrapped(tag, value)
    return "\n".join(lines) + "\n"


def _wrapped(tag: str, value: str) -> list[str]:
    lines = wrap(value, _WIDTH - 6, break_long_words=False, break_on_hyphens=False)
    return [f"{tag:<4}- {lines[0]}", *(f"      {line}" for line in lines[1:])]


def _fields(source: Source) -> Iterator[tuple[str, str]]:
    """Every tag with its value, in PubMed's order; empty values are left out."""
    kind = text(source, "type")
    yield "PMID", text(source, "PMID")
    yield "OWN", "NOTNLM"
    yield "IS", text(source, "ISSN")
    yield "ISBN", text(source, "ISBN")
    yield "VI", text(source, "volume")
    yield "IP", text(source, "issue")
    yield "DP", _date(issued(source))
    yield "TI" if kind != "book" else "BTI", _title(source)
    yield "BTI", text(source, "container-title") if kind == "chapter" else ""
    yield "PG", pages(source)
    yield "LID", _doi(source)
    yield "AB", abstract_line(source)
    yield from _authors(source)
    for name in names(source, "editor"):
        yield "FED", _full(name)
    yield "LA", text(source, "language")
    yield "PT", "Journal Article" if kind == "article-journal" else ""
    yield "PT", "Retracted Publication" if source.integrity.status == "retracted" else ""
    yield "PB", text(source, "publisher")
    yield "TA", text(source, "container-title-short")
    yield "JT", text(source, "container-title") if kind not in ("book", "chapter") else ""
    yield from (("OT", word) for word in text(source, "keyword").split("; "))
    yield from _standing(source.integrity)
    yield "PMC", text(source, "PMCID")
    yield "AID", _doi(source)


def _title(source: Source) -> str:
    """The title so that the reader, who takes off PubMed's brackets and full stop, gets it whole."""
    title = text(source, "title")
    if without_brackets(title) != title:
        title = f"[{title}]"
    return title if without_final_stop(title) == title else f"{title}."


def _doi(source: Source) -> str:
    return f"{source.csl['DOI']} [doi]" if source.csl.get("DOI") else ""


def _date(parts: Sequence[int]) -> str:
    year, month, day = (*parts, 0, 0, 0)[:3]
    if not 1 <= month <= 12:
        return f"{year}" if parts else ""
    return f"{year} {MONTHS[month - 1].capitalize()}" + (f" {day}" if day else "")


def _authors(source: Source) -> Iterator[tuple[str, str]]:
    for name in names(source):
        if name.literal:
            yield "CN", f"{name.literal}." if name.literal.endswith(".") else name.literal
            continue
        yield "FAU", _full(name)
        yield "AU", _short(name)
    if not source.authors_complete:
        yield "FAU", "et al."


def _full(name: PersonName) -> str:
    if name.literal:
        return name.literal
    given = " ".join(part for part in (name.given, _suffix(name)) if part)
    return f"{name.family}, {given}" if given else name.family


def _short(name: PersonName) -> str:
    initials = "".join(word[0] for word in re.split(r"[\s.-]+", name.given) if word and word[0].isupper())
    return " ".join(part for part in (name.family, initials, _suffix(name)) if part)


def _suffix(name: PersonName) -> str:
    bare = name.suffix.rstrip(".")
    return bare if _SUFFIX.fullmatch(bare) else ""


def _standing(integrity: Integrity) -> Iterator[tuple[str, str]]:
    if integrity.status in _POINTERS and integrity.notice:
        pmid = integrity.notice.startswith("pmid:")
        pointer = f"PMID: {integrity.notice[5:]}" if pmid else f"doi: {integrity.notice}"
        year, month, day = (*(integrity.date or "").split("-"), "", "", "")[:3]
        month = MONTHS[int(month) - 1].capitalize() if month else ""
        dated = " ".join(part for part in (year, month, day.lstrip("0")) if part)
        yield _POINTERS[integrity.status], f"{dated}; {pointer}" if dated else pointer
    yield "GN", standing_line(integrity)
