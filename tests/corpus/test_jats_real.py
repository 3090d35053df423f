"""JATS: real articles against an independent look at their XML."""

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from corpus.identifiers import normal_doi
from corpus.readers import jats
from corpus.records import Notice, Source
from tests.corpus.jats_articles import only


def _real(shared: Path) -> Iterator[tuple[str, str]]:
    formats = shared / "formats"
    single = [*(formats / "jats").iterdir(), *(formats / "retraction").glob("*.nxml")]
    for path in sorted([*single, formats / "pubmed-xml" / "biopython-efetch_pmc.xml"]):
        yield path.name, path.read_text("utf-8")
    for archive in sorted((formats / "jats-fulltext").glob("*.tar.gz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile() and member.name.endswith(("xml", "nxml")):
                    stream = tar.extractfile(member)
                    assert stream is not None
                    yield Path(member.name).name, stream.read().decode("utf-8")


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, tuple[etree._Element, Source]]:
    """Every real article: what an independent parse says, and what the reader says."""
    found = {}
    for name, text in _real(shared):
        assert jats.claims(text[:65536], name), name
        parser = etree.XMLParser(
            load_dtd=False, no_network=True, resolve_entities=False, remove_comments=True
        )
        root = etree.fromstring(text.encode(), parser)
        found[name] = (root, only(text))
    return found


def test_every_real_article_is_read_whole(real: dict[str, tuple[etree._Element, Source]]) -> None:
    assert len(real) == 106
    for name, (root, source) in real.items():
        in_list = root.xpath("count(//ref[not(ancestor::sub-article)])")
        assert len(source.references) == in_list, name
        doi = root.xpath("string((//article-meta)[1]/article-id[@pub-id-type='doi'])")
        assert source.csl.get("DOI") == normal_doi(doi) or not doi, name
        assert len({r.label for r in source.references}) == len(source.references), name
        for block in source.blocks:
            assert source.text[block.start : block.end].strip(), name


def test_nearly_every_identifier_of_a_reference_is_kept(
    real: dict[str, tuple[etree._Element, Source]],
) -> None:
    given, kept = 0, 0
    for root, source in real.values():
        refs = root.xpath("//ref[not(ancestor::sub-article)]")
        for ref, reference in zip(refs, source.references, strict=True):
            for kind, value in (("doi", reference.doi), ("pmid", reference.pmid)):
                written = ref.xpath(f"string((.//pub-id[@pub-id-type='{kind}'])[1])").strip()
                given += bool(written)
                kept += bool(written) and value == written.lower().removeprefix("doi:").strip()
    assert given > 3700
    assert kept / given >= 0.99


def test_the_real_notices_mark_what_they_name(real: dict[str, tuple[etree._Element, Source]]) -> None:
    marked = {name: source.notices for name, (_, source) in real.items() if source.notices}
    assert {n: [(x.status, x.doi, x.pmid, x.notice) for x in notices] for n, notices in marked.items()} == {
        "PMC2651656-correction-notice.nxml": [
            ("corrected", None, "18596958", "10.1371/annotation/5abf9f11-280c-4682-9b95-001435014303")
        ],
        "PMC2743355-correction-notice.nxml": [
            ("corrected", "10.1038/sj.bjc.6605218", None, "10.1038/sj.bjc.6605295")
        ],
        "PMC4608484-retraction-notice.nxml": [("retracted", None, "24049748", "10.4103/2249-4847.144767")],
        "PMC4784206-retraction-notice.nxml": [("retracted", None, "21804710", "10.4103/0970-9185.175731")],
        "biopython-efetch_pmc.xml": [
            ("corrected", "10.1183/23120541.00193-2021", None, "10.1183/23120541.50193-2021")
        ],
    }
    assert isinstance(marked["PMC4784206-retraction-notice.nxml"][0], Notice)
    assert all(source.integrity.status == "none-known" for _, source in real.values())
