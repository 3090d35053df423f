"""The real full texts, read, linked and split: what a passage cites is what lxml alone sees in the XML.

Every article's XML is flattened to letters and digits, with the places of its ``xref`` elements. A passage is
found there by its own letters and digits, and the pointers in that stretch are looked up in the ``ref-list``.
"""

import re
import tarfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree  # type: ignore[import-untyped]

from corpus.identifiers import source_id_for
from corpus.linking import Catalogue, link
from corpus.passages import split
from corpus.reading import read_paths
from corpus.records import Passage, Source

_ARTICLES = "jats-fulltext"


@dataclass(frozen=True)
class _Seen:
    """What an XML file says: its letters and digits, its pointers in them, its reference list."""

    letters: str
    pointers: tuple[tuple[int, int, tuple[str, ...]], ...]
    references: dict[str, tuple[str | None, str | None]]

    def cited_in(self, start: int, end: int) -> list[str]:
        """The ids of the entries that are pointed at between two letters, those between two ends as well."""
        ids = list(self.references)
        found: list[str] = []
        for at, (begin, stop, rids) in enumerate(self.pointers):
            if start <= begin and stop <= end:
                if "range" in rids:
                    first, last = ids.index(self.pointers[at - 1][2][0]), ids.index(rids[0])
                    found += ids[first + 1 : last]
                found += [rid for rid in rids if rid in self.references]
        return list(dict.fromkeys(found))


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum()).casefold()


def _seen(data: bytes) -> _Seen:
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False, remove_comments=True)
    root = etree.fromstring(data, parser)
    pieces: list[str] = []
    pointers: list[tuple[int, int, tuple[str, ...]]] = []
    length = 0
    opened: dict[etree._Element, int] = {}
    before: etree._Element | None = None

    def put(text: str | None) -> None:
        nonlocal length
        pieces.append(_letters(text or ""))
        length += len(pieces[-1])

    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            opened[element] = length
            put(element.text)
            continue
        if element.tag == "xref" and element.get("ref-type") in ("bibr", "ref"):
            rids = tuple((element.get("rid") or "").split())
            is_range = before is not None and re.fullmatch(r"\s*[-‐‑‒–—−]\s*", before.tail or "")
            numbers = is_range and "".join(element.itertext()).strip().isdecimal()
            joined = numbers and element.getprevious() is before
            pointers.append((opened[element], length, (*rids, "range") if joined else rids))
            before = element
        put(element.tail)
    return _Seen("".join(pieces), tuple(pointers), _listed(root))


def _listed(root: etree._Element) -> dict[str, tuple[str | None, str | None]]:
    """Every entry of the reference list by its XML id: DOI and PMID as its ``pub-id`` elements give them."""

    def given(ref: etree._Element, kind: str) -> str | None:
        written: str = ref.xpath(f"string((.//pub-id[@pub-id-type='{kind}'])[1])").strip()
        return written.lower().removeprefix("doi:").strip() or None

    entries = root.xpath("//ref[not(ancestor::sub-article)]")
    return {ref.get("id"): (given(ref, "doi"), given(ref, "pmid")) for ref in entries}


def _numbers(shown: str) -> set[str]:
    """The numbers that a pointer shows, ``1 2`` or ``3–5``."""
    ranges = re.findall(r"\b(\d+)(?:[-‐‑‒–—−](\d+))?\b", shown)
    return {str(n) for low, high in ranges for n in range(int(low), int(high or low) + 1)}


@pytest.fixture(scope="module")
def articles(shared: Path) -> list[tuple[_Seen, Source]]:
    """Every article, as lxml sees it and as the reader gives it."""
    (archive,) = (shared / "formats" / _ARTICLES).glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        members = {m.name: tar.extractfile(m) for m in tar if m.isfile()}
        data = {name: stream.read() for name, stream in members.items() if stream}
    sources = [found for found in read_paths([archive]) if isinstance(found, Source)]
    return [(_seen(data[str(source.origin).partition("!")[2]]), source) for source in sources]


def _cited_work(doi: str | None, pmid: str | None) -> Source:
    csl = {"title": "T", "DOI": doi, "PMID": pmid}
    return Source(source_id_for(doi, pmid, ""), "study", {k: v for k, v in csl.items() if v}, "T", ())


def test_the_articles_are_there_with_their_references(articles: list[tuple[_Seen, Source]]) -> None:
    assert len(articles) == 92
    assert sum(len(seen.references) for seen, _ in articles) == 2939
    for seen, source in articles:
        assert len(source.references) == len(seen.references)


def test_what_a_reference_is_identified_by_is_kept(articles: list[tuple[_Seen, Source]]) -> None:
    given = kept = 0
    for seen, source in articles:
        for (doi, pmid), reference in zip(seen.references.values(), source.references, strict=True):
            if doi or pmid:
                given += 1
                kept += (doi in (None, reference.doi)) and (pmid in (None, reference.pmid))
    assert given == 2434
    assert kept / given >= 0.95


def test_passages_cite_what_the_xml_says(articles: list[tuple[_Seen, Source]]) -> None:
    works = {
        work.source_id: work
        for seen, _ in articles
        for work in (_cited_work(doi, pmid) for doi, pmid in seen.references.values() if doi or pmid)
    }
    catalogue = Catalogue.of(works.values())
    checked = not_found = 0
    for seen, source in articles:
        (linked,), _ = link([source], catalogue)
        for passage in split(linked, lambda text: len(text.split()) * 3 // 2, 254).passages:
            if any(passage.start <= m.start and m.end <= passage.end for m in source.mentions):
                found = _agrees(passage, linked, seen, catalogue)
                checked += found
                not_found += not found
    assert checked > 1900
    assert not_found < 60


def _agrees(passage: Passage, source: Source, seen: _Seen, catalogue: Catalogue) -> bool:
    """Whether the passage could be found in the XML; raises where it cites other entries than it should."""
    letters = _letters(passage.text)
    at = seen.letters.find(letters)
    if at < 0 or seen.letters.find(letters, at + 1) >= 0:
        return False
    wanted = seen.cited_in(at, at + len(letters))
    id_of = dict(zip((reference.label for reference in source.references), seen.references, strict=True))
    inside = [m for m in source.mentions if passage.start <= m.start and m.end <= passage.end]
    found = {id_of[m.label] for m in inside}
    assert set(wanted) <= found, (source.source_id, passage.text)
    # A pointer may show more entries than its rid names: <xref rid="R1">1 2</xref>.
    shown = {id_of[m.label] for m in inside if m.label in _numbers(source.text[m.start : m.end])}
    assert found <= set(wanted) | shown, (source.source_id, passage.text)
    named = [seen.references[rid] for rid in wanted]
    expected = {
        catalogue.aliases[f"doi:{doi}" if doi else f"pmid:{pmid}"] for doi, pmid in named if doi or pmid
    }
    assert set(passage.cites) >= expected, (source.source_id, passage.text)
    return True
