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
from corpus.normalising import normalised
from corpus.readers.jats_citations import Citations
from corpus.readers.jats_text import Element, plain, words
from corpus.records import Reference

_CITATIONS = ("mixed-citation", "element-citation", "citation", "nlm-citation", "citation-alternatives")
_HREF = "{http://www.w3.org/1999/xlink}href"
_PUBMED = re.compile(
    r"(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/|list_uids=)(?:\?term=)?([1-9]\d{0,8})\b", re.IGNORECASE
)
_PMC = re.compile(r"\bPMC[1-9]\d{4,9}\b", re.IGNORECASE)
# The DOIs of Cochrane reviews are often broken after the full stop.
_BROKEN_COCHRANE = re.compile(r"(10\.1002/14651858\.)\s+(?=CD\d|pub)", re.IGNORECASE)
_INLINE = words("italic bold sup sub sc monospace underline styled-content named-content")
_KINDS = {"doi": "doi", "pmid": "pmid", "pubmed": "pmid", "pmc": "pmcid", "pmcid": "pmcid"}
_FIELDS = words(
    "person-group name string-name collab etal year month day season article-title chapter-title "
    "part-title trans-title source volume issue fpage lpage page-range elocation-id pub-id label "
    "ext-link edition publisher-name publisher-loc object-id"
)


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
    written = [text for text, c in zip(texts, citations, strict=True) if text and _is_mixed(c)]
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
        kind = _KINDS.get((pub_id.get("pub-id-type") or "").casefold(), "")
        value = identifier(kind, "".join(pub_id.itertext()))
        if value:
            found.setdefault(kind, value)
    for link in citation.iter("ext-link", "uri", "object-id"):
        kind = _KINDS.get((link.get("ext-link-type") or link.get("pub-id-type") or "").casefold(), "")
        address = link.get(_HREF) or "".join(link.itertext())
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


def raw_text(citation: Element) -> str:
    """The citation as a reader sees it, in one line."""
    text = _written(citation) if _is_mixed(citation) else _assembled(citation)
    return " ".join(normalised(text).split()).strip()


def _is_mixed(citation: Element) -> bool:
    """Whether the citation has text of its own between its fields."""
    if citation.text and citation.text.strip():
        return True
    return any(child.tail and child.tail.strip() for child in citation)


def _written(element: Element) -> str:
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def _gather(element: Element, pieces: list[str]) -> None:
    """The text of a mixed citation; fields that touch are parted, as a style sheet would."""
    pieces.append(element.text or "")
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("label", "object-id"):
            pieces.append(child.tail or "")
            continue
        at = len(pieces)
        if child.tag == "pub-id":
            pieces.append(_announced(child, "".join(pieces[-2:])))
        else:
            _gather(child, pieces)
        if child.tag not in _INLINE:
            _part(pieces, at)
        tail = child.tail or ""
        if child.tag in ("name", "string-name") and not tail.strip() and _is_name(child.getnext()):
            tail = ", "
        elif tail and child.tag not in _INLINE and tail[0].isalnum():
            tail = f" {tail}"
        pieces.append(tail)


def _part(pieces: list[str], at: int) -> None:
    """Put a blank before the field that begins at ``pieces[at]`` where it would touch a word."""
    before = next((p for p in reversed(pieces[max(0, at - 4) : at]) if p), "")
    field_text = next((p for p in pieces[at:] if p), "")
    if before[-1:].isalnum() and field_text[:1].isalnum():
        pieces.insert(at, " ")


def _is_name(element: Element | None) -> bool:
    return element is not None and element.tag in ("name", "string-name")


def _announced(pub_id: Element, before: str) -> str:
    """An identifier with its kind in front, unless the text says it already."""
    text = "".join(pub_id.itertext()).strip()
    kind = _KINDS.get((pub_id.get("pub-id-type") or "").casefold())
    lead = {"doi": "doi:", "pmid": "PMID: ", "pmcid": "PMCID: "}.get(kind or "", "")
    said = before.rstrip(" :").casefold().endswith((lead.strip(" :").casefold(), "doi.org/"))
    return (
        text
        if not lead or said or text.casefold().startswith((lead.strip().casefold(), "http"))
        else f" {lead}{text}"
    )


def _assembled(citation: Element) -> str:
    """A citation in fields as one line: authors. title. source. year;volume(issue):pages. identifiers."""
    get = citation.findtext
    titles = [plain(citation.find(tag)) for tag in ("article-title", "chapter-title", "part-title")]
    year = " ".join((get("year") or get("date-in-citation") or "").split())
    volume = plain(citation.find("volume"))
    issue = plain(citation.find("issue"))
    place = f"{volume}({issue})" if issue else volume
    pages = _pages(citation)
    where = f"{year}{';' if year and place else ''}{place}{':' if pages else ''}{pages}"
    publisher = ": ".join(t for t in (plain(citation.find(f"publisher-{p}")) for p in ("loc", "name")) if t)
    others = [plain(child) for child in citation if child.tag not in _FIELDS]
    links = [plain(link) or link.get(_HREF) or "" for link in citation.iterchildren("ext-link")]
    ids = [_announced(pub_id, "") for pub_id in citation.iterchildren("pub-id")]
    parts = [_authors(citation), *titles, plain(citation.find("source")), plain(citation.find("edition"))]
    return " ".join(
        _ended(part) for part in [*parts, publisher, where, *others, *links, *ids] if part.strip()
    )


def _ended(part: str) -> str:
    bare = part.strip()
    return bare if bare[-1] in ".?!" or bare.startswith(("doi:", "PMID", "PMCID", "http")) else f"{bare}."


def _pages(citation: Element) -> str:
    first = " ".join((citation.findtext("fpage") or citation.findtext("page-range") or "").split())
    last = " ".join((citation.findtext("lpage") or "").split())
    if not first:
        return plain(citation.find("elocation-id"))
    return f"{first}-{last}" if last and last != first else first


def _authors(citation: Element) -> str:
    groups = citation.findall("person-group")
    authors = [g for g in groups if g.get("person-group-type") in (None, "author", "allauthors")] or groups[
        :1
    ]
    names = [
        _name(child) for group in [*authors, citation] for child in group.iterchildren() if _names(child)
    ]
    return ", ".join(name for name in names if name)


def _names(child: Element) -> bool:
    return child.tag in ("name", "string-name", "collab", "etal", "anonymous")


def _name(child: Element) -> str:
    if child.tag == "etal":
        return "et al"
    if child.tag != "name":
        return " ".join(_written(child).split())
    given = {part.tag: part.text for part in child}
    parts = (given.get("surname"), given.get("given-names"), given.get("suffix"))
    return " ".join(" ".join(part for part in parts if part).split())
