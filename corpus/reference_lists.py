"""A reference list in any form -> its entries, each with what it says and the text that says it.

RIS, MEDLINE, BibTeX, CSL-JSON, PubMed XML and CSV go to their readers; everything else is taken for
pasted text: one entry a line, or numbered, or between blank lines. Readers drop an identifier that is
none, as a library must; here it is kept beside the entry, for whoever checks the list wants to know.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.article_parts import part_of
from corpus.errors import InputError
from corpus.identifiers import dois_in, normal_doi, normal_pmid
from corpus.normalising import normalised
from corpus.pasted_references import pasted_reference
from corpus.readers import bibtex, csl_json, csv_exports, medline, pubmed_xml, ris
from corpus.records import Skipped, Source

#: Entries of one list that are looked at.
MAX_ENTRIES = 5_000
PASTED = "pasted text"

_READERS = (pubmed_xml, medline, ris, bibtex, csl_json, csv_exports)
_STARTS: Mapping[str, re.Pattern[str]] = {
    ris.NAME: re.compile(r"^TY {1,2}-", re.MULTILINE),
    medline.NAME: re.compile(r"^PMID- *\d", re.MULTILINE),
}
_BIBTEX_ENTRY = re.compile(
    r"^[ \t]*@(?!string|preamble|comment)\w+\s*[{(]\s*([^\s,]+)\s*,", re.MULTILINE | re.IGNORECASE
)
_DOI_FIELD = re.compile(
    r"^DO  ?- *(\S.*?) *$|\bdoi\s*=\s*[{\"]([^}\"]*)[}\"]"
    r"|^(?:AID|LID) ?- (\S+) \[doi\]|\"DOI\": *\"([^\"]*)\"",
    re.MULTILINE | re.IGNORECASE,
)
_PMID_FIELD = re.compile(
    r"^PMID- *(\S+)|\bpmid\s*=\s*[{\"]([^}\"]*)[}\"]|\"PMID\": *\"?([^\",}]*)",
    re.MULTILINE | re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])\s+\S")
_BULLET = re.compile(r"\s*[•*‣◦-]\s+\S")
#: A line longer than this was not wrapped by hand.
_LONGEST_WRAPPED = 110
_ENDED = re.compile(r"[.?!\d)\]/]\s*$")
_TELLING = re.compile(r"\b(?:1[89]|20)\d\d\b|10\.\d{4,9}/|PMID")


@dataclass(frozen=True, slots=True)
class ListedReference:
    """One entry of a reference list.

    ``csl`` holds what was read of it, ``raw`` the text as written (the title where the format is no text),
    ``unusable`` identifiers that are none (field, as written), ``trouble`` why it could not be read.
    """

    position: int
    label: str | None
    raw: str
    csl: Mapping[str, Any] = field(default_factory=dict)
    pasted: bool = False
    unusable: tuple[tuple[str, str], ...] = ()
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The entries of a list in order, and the name of the format that they were read as."""

    format: str
    entries: tuple[ListedReference, ...]


def read_reference_list(text: str, name: str = "") -> ReferenceList:
    """The entries of a list; ``name`` is the file's, where it has one.

    Raises `InputError` where the text holds no entry or more than `MAX_ENTRIES`.
    """
    text = normalised(text.removeprefix("\ufeff"))
    reader = next((r for r in _READERS if r.claims(text[: 1 << 16], name)), None)
    found = list(_pasted(text) if reader is None else _structured(text, reader, name or "references"))
    if not found:
        raise InputError(
            name or "references", "holds no reference", "give one entry a line, or RIS or BibTeX"
        )
    if len(found) > MAX_ENTRIES:
        raise InputError(
            f"{len(found)} references", f"at most {MAX_ENTRIES} are checked at once", "split the list"
        )
    entries = tuple(_numbered(entry, position) for position, entry in enumerate(found, start=1))
    return ReferenceList(PASTED if reader is None else reader.NAME, entries)


def _numbered(entry: ListedReference, position: int) -> ListedReference:
    return ListedReference(
        position, entry.label, entry.raw, entry.csl, entry.pasted, entry.unusable, entry.trouble
    )


def _structured(text: str, reader: Any, name: str) -> Iterator[ListedReference]:
    if reader is bibtex:
        yield from _bibtex(text, name)
        return
    for piece in _pieces(text, reader):
        sources, reasons = _read(reader, piece or text, name)
        for source in sources:
            yield _entry(source, piece)
        if not sources and reasons:
            yield _unread(piece or reasons[0], "; ".join(reasons))


def _pieces(text: str, reader: Any) -> list[str]:
    """The records of a file, each by itself; one empty piece stands for a file that is not cut."""
    if reader is csl_json:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return [""]
        items = data if isinstance(data, list) else [data]
        return [json.dumps(item, ensure_ascii=False) for item in items]
    pattern = _STARTS.get(reader.NAME)
    starts = [match.start() for match in pattern.finditer(text)] if pattern else []
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)] or [""]


def _bibtex(text: str, name: str) -> Iterator[ListedReference]:
    """BibTeX is read whole, for its strings and cross-references, and cut by key afterwards."""
    starts = list(_BIBTEX_ENTRY.finditer(text))
    ends = [*(match.start() for match in starts[1:]), len(text)]
    pieces = {m.group(1): text[m.start() : end].strip() for m, end in zip(starts, ends, strict=True)}
    sources, reasons = _read(bibtex, text, name)
    read = {source.key for source in sources}
    for source in sources:
        yield _entry(source, pieces.get(source.key or "", ""))
    for key, piece in pieces.items():
        if key not in read:
            why = [reason for reason in reasons if key in reason] or reasons
            yield _unread(piece, "; ".join(why) or "could not be read", key)
    if not pieces and not sources:
        yield _unread(text[:200], "; ".join(reasons) or "could not be read")


def _read(reader: Any, text: str, name: str) -> tuple[list[Source], list[str]]:
    found = list(reader.read(text, name))
    sources = [thing for thing in found if isinstance(thing, Source)]
    return sources, [str(thing) for thing in found if isinstance(thing, Skipped)]


def _entry(source: Source, piece: str) -> ListedReference:
    lost = _lost(piece, dict(source.csl))
    return ListedReference(0, source.key, piece or source.title, source.csl, unusable=lost)


def _lost(piece: str, csl: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Identifiers that stand in their field and are none, so that no reader took them."""
    lost = []
    for name, pattern, normal in (("DOI", _DOI_FIELD, normal_doi), ("PMID", _PMID_FIELD, normal_pmid)):
        if csl.get(name):
            continue
        written = [next((g for g in m.groups() if g), "").strip() for m in pattern.finditer(piece)]
        lost += [(name, value) for value in written[:1] if value and not normal(value)]
    return tuple(lost)


def _unread(piece: str, why: str, key: str | None = None) -> ListedReference:
    """An entry that its reader refused; identifiers in its text may still tell what is meant."""
    doi = next((doi for _, _, doi in dois_in(piece)), None)
    csl = {"DOI": doi} if doi else {}
    return ListedReference(0, key, piece.strip(), csl, unusable=_lost(piece, csl), trouble=why)


def _pasted(text: str) -> Iterator[ListedReference]:
    for written in pasted_entries(text):
        read = pasted_reference(written)
        yield ListedReference(0, read.label, read.raw, read.csl, True, read.unusable)


def pasted_entries(text: str) -> list[str]:
    """The entries of a pasted list: numbered ones, else blocks between blank lines, else lines."""
    lines = [line for line in text.split("\n") if part_of(line.strip().strip("#*: ")) != "references"]
    for starts in (_NUMBERED, _BULLET):
        if sum(starts.match(line) is not None for line in lines) >= max(2, _blocks_of(lines) / 2):
            return _joined(lines, starts)
    blocks = [block for block in "\n".join(lines).split("\n\n") if block.strip()]
    return [entry for block in blocks for entry in _entries_of_block(block)]


def _blocks_of(lines: list[str]) -> int:
    return sum(1 for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip())


def _joined(lines: list[str], starts: re.Pattern[str]) -> list[str]:
    """Lines gathered under the label that stands before them; what stands before the first is no entry."""
    entries: list[str] = []
    for line in lines:
        if starts.match(line):
            entries.append(line.strip())
        elif entries and line.strip():
            entries[-1] += f" {line.strip()}"
    return entries


def _entries_of_block(block: str) -> list[str]:
    """Each line, unless lines are the wrapped parts of one entry."""
    lines = [line for line in block.split("\n") if line.strip()]
    hanging = [bool(line[:1].isspace()) for line in lines]
    if any(hanging[1:]) and not hanging[0]:
        entries: list[str] = []
        for line, continues in zip(lines, hanging, strict=True):
            entries = (
                [*entries[:-1], f"{entries[-1]} {line.strip()}"] if continues else [*entries, line.strip()]
            )
        return entries
    telling = sum(_TELLING.search(line) is not None for line in lines)
    whole = all(_ENDED.search(line) for line in lines[:-1])
    wrapped = telling < len(lines) and not whole and max(map(len, lines)) <= _LONGEST_WRAPPED
    return [" ".join(line.strip() for line in lines)] if wrapped else [line.strip() for line in lines]
