"""Sources -> RIS, as Zotero, EndNote and Mendeley read it; rispy writes the lines.

A name without a comma is a group's (``DP  - Footnote`` tells our reader so), a cut author list ends in
``et al.``, the standing is a note (``N1``), and a retracted work has PubMed's type in ``M3``.
"""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import ClassVar

from rispy.writer import RisWriter  # type: ignore[import-untyped]

from corpus.readers.ris_types import code_of
from corpus.records import Source
from corpus.written_standing import standing_line
from search_api.exports.fields import PersonName, abstract_line, iso_date, issued, names, pages, text
from search_api.exports.keys import citation_keys

_TAGS = "TY TI T2 T3 AU ED JF J2 PY DA VL IS SP EP ET CY PB SN LA KW DO AN C2 UR M3 N1 AB DP ID ER"
_BOOKS = frozenset({"book", "chapter"})


class _Writer(RisWriter):  # type: ignore[misc]
    """rispy's writer with tags as names and without numbers between the records."""

    DEFAULT_MAPPING: ClassVar[dict[str, str]] = {tag: tag.lower() for tag in _TAGS.split()}
    DEFAULT_LIST_TAGS: ClassVar[list[str]] = ["AU", "ED", "KW"]
    DEFAULT_DELIMITER_MAPPING: ClassVar[dict[str, str]] = {}
    REFERENCE_TYPE_KEY: str = "ty"

    def set_header(self, count: int) -> str:
        """Nothing between the records."""
        return ""


def write(sources: Sequence[Source]) -> str:
    """The records as one file."""
    keys = citation_keys(sources)
    records = [_record(source, keys[source.source_id]) for source in sources]
    return str(_Writer().formats(records)) if records else ""


def _record(source: Source, key: str) -> Mapping[str, str | list[str]]:
    kind = str(source.csl.get("type") or "")
    editors = [_person(name) for name in names(source, "editor")] if kind != "article-journal" else []
    found: dict[str, str | list[str]] = {
        "ty": code_of(kind),
        "au": [_person(name) for name in names(source)] + ([] if source.authors_complete else ["et al."]),
        "ed": editors,
        "ti": _markup(_title(source)),
        **_container(source, kind),
        **_date(issued(source)),
        "vl": text(source, "volume"),
        "is": text(source, "issue"),
        **_pages(pages(source)),
        "et": text(source, "edition") if kind in _BOOKS else "",
        "cy": text(source, "publisher-place") if kind in _BOOKS else "",
        "pb": text(source, "publisher"),
        "sn": text(source, "ISBN" if kind in _BOOKS else "ISSN"),
        "la": text(source, "language"),
        "kw": [word for word in text(source, "keyword").split("; ") if word],
        "do": text(source, "DOI"),
        "an": f"PMID: {source.csl['PMID']}" if source.csl.get("PMID") else "",
        "c2": text(source, "PMCID"),
        "ur": text(source, "URL"),
        "m3": "Retracted Publication" if source.integrity.status == "retracted" else "",
        "n1": standing_line(source.integrity),
        "ab": _markup(abstract_line(source)),
        "dp": "Footnote",
        "id": key,
    }
    return {tag: value for tag, value in found.items() if value}


def _title(source: Source) -> str:
    return text(source, "title")


def _markup(value: str) -> str:
    """Readers take entities of HTML for the signs that they stand for."""
    return value.replace("&", "&amp;") if unescape(value) != value else value


def _container(source: Source, kind: str) -> dict[str, str]:
    title, short = _markup(text(source, "container-title")), text(source, "container-title-short")
    if kind == "book":
        return {"t2": text(source, "collection-title")}
    journal = kind.startswith("article")
    return {"jf" if journal else "t2": title, "j2": short, "t3": text(source, "collection-title")}


def _person(name: PersonName) -> str:
    if name.literal:
        return name.literal
    return ", ".join((name.family, name.given, name.suffix)).rstrip(", ") + ("" if name.given else ",")


def _date(parts: Sequence[int]) -> dict[str, str]:
    if not parts:
        return {}
    return {"py": f"{parts[0]}", "da": iso_date(parts, "/") + "/" * (3 - len(parts)) + "/"}


def _pages(written: str) -> dict[str, str]:
    first, _, last = written.partition("-")
    return {"sp": first, "ep": last} if last.isalnum() else {"sp": written}
