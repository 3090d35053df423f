"""The reference list of a JATS article: every ``ref`` -> one `Reference`, or several where it holds several.

A ``ref`` holds a citation as text (``mixed-citation``), or in fields without punctuation
(``element-citation``), from which a line in the Vancouver manner is made. Where one ``ref`` gives the
same work twice (``citation-alternatives``, ``display-unstructured``) that is one reference; where it
lists several works (5 a, b) each gets its own label, ``5a`` and ``5b``, and a pointer to 5 means both.
A list without labels is numbered as it stands. Identifiers come from ``pub-id``, from links, then from
the text.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from corpus.identifiers import dois_in, normal_doi, normal_pmcid, normal_pmid, pmids_in
from corpus.readers.jats_citations import Citations
from corpus.readers.jats_reference_text import HREF, KINDS, is_mixed, raw_text
from corpus.readers.jats_text import Element, plain
from corpus.records import Reference

_CITATIONS = ("mixed-citation", "element-citation", "citation", "nlm-citation", "citation-alternatives")
_PUBMED = re.compile(
    r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/|list_uids=)(?:\?term=)?([1-9]\d{0,8})\b", re.IGNORECASE
)
_PMC = re.compile(r"\bPMC[1-9]\d{4,9}\b", re.IGNORECASE)
# The DOIs of Cochrane reviews are often broken after the full stop.
_BROKEN_COCHRANE = re.compile(r"(10\.1002/14651858\.)\s+(?=CD\d|pub)", re.IGNORECASE)


@dataclass
class ReferenceList:
    """The references of an article in order, and what a pointer to each means."""

    references: list[Reference] = field(default_factory=list)
    _entries: list[tuple[str, ...]] = field(default_factory=list)
    _by_id: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _place: dict[str, int] = field(default_factory=dict)
    _numbered: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, article: Element) -> "ReferenceList":
        """Every ``ref`` of an article whose sub-articles were taken out."""
        found = cls()
        refs = list(article.iter("ref"))
        given = [_label_of(ref) for ref in refs]
        # A list with labels keeps them even where an entry before it has none.
        reserved = {label for label in given if label}
        for ref, label in zip(refs, given, strict=True):
            found._add(ref, label or found._free(reserved))
        return found

    def citations(self) -> Citations:
        """What the body needs to read pointers into this list."""
        return Citations(self._by_id, self._place, tuple(self._entries), self._numbered)

    def _free(self, reserved: set[str]) -> str:
        number = len(self._entries) + 1
        while str(number) in reserved or str(number) in self._taken:
            number += 1
        return str(number)

    def _unique(self, label: str) -> str:
        """Two lists that both count from 1 must not share a label."""
        free, copy = label, 2
        while free in self._taken:
            free, copy = f"{label} ({copy})", copy + 1
        self._taken.add(free)
        return free

    def _add(self, ref: Element, label: str) -> None:
        works = _works(ref)
        labels = []
        for index, citations in enumerate(works):
            own = label if len(works) == 1 else _member(label, citations[0], index)
            own = self._unique(own)
            labels.append(own)
            self.references.append(_reference(own, citations))
            self._name([c.get("id") for c in citations], (own,))
        entry = tuple(labels)
        self._name([ref.get("id")], entry)
        self._entries.append(entry)
        if label.isdecimal() and len(label) <= 6:
            self._numbered.setdefault(int(label), entry)

    def _name(self, ids: list[str | None], labels: tuple[str, ...]) -> None:
        for name in ids:
            if name:
                self._by_id.setdefault(name, labels)
                self._place.setdefault(name, len(self._entries))


def _label_of(ref: Element) -> str:
    """The label without its punctuation: ``[12]``, ``12.`` and ``12)`` are 12."""
    label = ref.find("label")
    return plain(label).strip(" \xa0[]().:,;")[:40]


def _member(label: str, citation: Element, index: int) -> str:
    letter = _label_of(citation) or _letter(index)
    return letter if letter.startswith(label) else f"{label}{letter}"


def _letter(index: int) -> str:
    letters = string.ascii_lowercase
    return letters[index] if index < len(letters) else f".{index + 1}"


def _works(ref: Element) -> list[list[Element]]:
    """The citations of a ``ref``, those of one work together; the ``ref`` itself where it has none."""
    works: list[list[Element]] = []
    for child in ref:
        if child.tag == "citation-alternatives":
            works.append([c for c in child if c.tag in _CITATIONS] or [child])
        elif child.tag in _CITATIONS:
            again = "display-unstructured" in (child.get("citation-type"), child.get("publication-type"))
            if again and works:
                works[-1].append(child)
            else:
                works.append([child])
    return works or [[ref]]


def _reference(label: str, citations: list[Element]) -> Reference:
    texts = [raw_text(citation) for citation in citations]
    written = [text for text, c in zip(texts, citations, strict=True) if text and is_mixed(c)]
    raw = written[0] if written else texts[0]
    found: dict[str, str] = {}
    for citation in citations:
        _collect(found, citation)
    for kind, value in _in_text(" ".join(texts)):
        found.setdefault(kind, value)
    return Reference(label, raw, doi=found.get("doi"), pmid=found.get("pmid"), pmcid=found.get("pmcid"))


def _collect(found: dict[str, str], citation: Element) -> None:
    """Identifiers that the markup names: ``pub-id`` first, then links."""
    for pub_id in citation.iter("pub-id"):
        kind = KINDS.get((pub_id.get("pub-id-type") or "").casefold(), "")
        value = identifier(kind, "".join(pub_id.itertext()))
        if value:
            found.setdefault(kind, value)
    for link in citation.iter("ext-link", "uri", "object-id"):
        kind = KINDS.get((link.get("ext-link-type") or link.get("pub-id-type") or "").casefold(), "")
        address = link.get(HREF) or "".join(link.itertext())
        value = identifier(kind, address) if kind else None
        if value:
            found.setdefault(kind, value)
        for own, named in _in_text(unquote(address)):
            found.setdefault(own, named)


def identifier(kind: str, written: str) -> str | None:
    """An identifier of a known kind (``doi``, ``pmid``, ``pmcid``) in normal form, however it is written."""
    bare = "".join(written.split()).rstrip(".,;")
    if kind == "doi":
        return normal_doi(bare) or next((doi for _, _, doi in dois_in(written)), None)
    if kind == "pmid":
        linked = _PUBMED.search(bare)
        return linked.group(1) if linked else normal_pmid(bare)
    if kind == "pmcid":
        linked = _PMC.search(bare)
        return (
            normal_pmcid(bare) or normal_pmcid(f"PMC{bare}") or (linked.group().upper() if linked else None)
        )
    return None


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    """Identifiers that a text or an address spells out."""
    folded = text.casefold()
    if "10." in folded:
        for _, _, doi in dois_in(_BROKEN_COCHRANE.sub(r"\1", text)):
            yield "doi", doi
    if "pmid" in folded or "pubmed" in folded:
        for _, _, pmid in pmids_in(text):
            yield "pmid", pmid
        for match in _PUBMED.finditer(text):
            yield "pmid", match.group(1)
    if "pmc" in folded:
        for match in _PMC.finditer(text):
            yield "pmcid", match.group().upper()
