"""Good files of every format for the fuzzer, as the tests wrote them by hand, and how each is read."""

import gzip
import io
import re
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from corpus import reading, retraction_watch
from corpus.readers import (
    beir,
    bibtex,
    csl_json,
    csv_exports,
    html,
    jats,
    markdown,
    medline,
    plain_text,
    pubmed_xml,
    ris,
    scraped_article,
)
from corpus.records import Skipped, Source
from tests.corpus import (
    jats_articles,
    pubmed_records,
    test_beir,
    test_bibtex,
    test_csl_json,
    test_csv_exports,
    test_html,
    test_jats_faults,
    test_markdown,
    test_medline,
    test_plain_text,
    test_ris,
    test_scraped_article,
)

_Read = Callable[[bytes], Iterator[Source | Skipped]]
_RETRACTIONS = (
    "Record ID,Title,OriginalPaperDOI,OriginalPaperPubMedID,RetractionDOI,RetractionPubMedID,"
    "RetractionNature,RetractionDate\n"
    '1,"A trial, of zinc",10.1000/a,5,10.1000/n,6,Retraction,8/16/2023 0:00\n'
    "2,Another,unavailable,0,,0,Correction,1/2/2020 0:00\n"
)


@dataclass(frozen=True)
class Sample:
    """Texts of one format, the signs it is made of, how the reader is asked, how bytes are packed."""

    texts: tuple[str, ...]
    signs: tuple[str, ...]
    read: _Read
    pack: Callable[[bytes], bytes] = bytes
    share_of_bytes: float = 0.1


def _of(reader: ModuleType, *texts: str) -> Sample:
    return Sample(texts, _signs(texts), lambda data: _whole(reader, data))


def _streamed(reader: ModuleType, *texts: str) -> Sample:
    return Sample(texts, _signs(texts), lambda data: _both(reader, data), share_of_bytes=0.3)


def _whole(reader: ModuleType, data: bytes) -> Iterator[Source | Skipped]:
    text = data.decode("utf-8", "replace")
    reader.claims(text[: reading.CLAIM_CHARACTERS], "fuzz")
    yield from reader.read(text, "fuzz")


def _both(reader: ModuleType, data: bytes) -> Iterator[Source | Skipped]:
    yield from _whole(reader, data)
    yield from reader.read_stream(io.BytesIO(data), "fuzz")


def _by_path(read: Callable[[Path], Iterator[object]]) -> _Read:
    """A reader that is asked with a file."""

    def given(data: bytes) -> Iterator[Source | Skipped]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "fuzz"
            path.write_bytes(data)
            yield from (found for found in read(path) if isinstance(found, Source | Skipped))

    return given


def _signs(texts: tuple[str, ...]) -> tuple[str, ...]:
    """What stands between the words of the texts, their tags and their first words of lines."""
    whole = "\n".join(texts)
    found = [
        *re.findall(r"<[^<>]{1,80}>", whole),
        *re.findall(r"[^\w\s]+", whole),
        *re.findall(r"(?m)^\S+ ?-? ", whole),
    ]
    return tuple(dict.fromkeys([*found, "\n", "\n\n", " ", "\t", "0", "10.1000/x", "2004", "PMID: 1"]))


def _zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/x", data)
        archive.writestr("y.gz", gzip.compress(data, 1))
    return packed.getvalue()


def _tarred(data: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        info = tarfile.TarInfo("x")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


_EVERY = (
    test_ris.RECORD,
    test_medline.RECORD,
    test_markdown.GOLDEN,
    pubmed_records.GOLDEN,
    test_csl_json.GOLDEN,
)
SAMPLES: dict[str, Sample] = {
    "pubmed": _streamed(pubmed_xml, pubmed_records.GOLDEN),
    "jats": _streamed(jats, test_jats_faults.GOOD, jats_articles.article("<sec><p>A.</p></sec>")),
    "medline": _of(medline, test_medline.RECORD, test_medline.RECORD + "RIN - J Nutr. 2005;1:1. PMID: 7\n"),
    "ris": _of(ris, test_ris.RECORD),
    "bibtex": _of(bibtex, test_bibtex.GOOD),
    "beir": _of(beir, test_beir.GOOD),
    "csl": _of(csl_json, test_csl_json.GOLDEN, f"[{test_csl_json.GOLDEN}, {test_csl_json.GOLDEN}]"),
    "csv": _of(csv_exports, test_csv_exports.PUBMED, test_csv_exports.SCOPUS),
    "html": _of(html, test_html.HEALTH_SITE, test_html.PMC, test_html.BLOG, test_html.PUBMED),
    "markdown": _of(markdown, test_markdown.GOLDEN),
    "scraped": _of(scraped_article, test_scraped_article.GOLDEN),
    "text": _of(plain_text, f"Cramps at night\n\n{test_plain_text.PROSE}", test_plain_text.WRAPPED),
    "any": Sample(_EVERY, _signs(_EVERY), _by_path(reading.read_file)),
    "zip": Sample(_EVERY, _signs(_EVERY), _by_path(reading.read_file), _zipped, 0.7),
    "tar": Sample(_EVERY, _signs(_EVERY), _by_path(reading.read_file), _tarred, 0.7),
    "retractions": Sample(
        (_RETRACTIONS,), _signs((_RETRACTIONS,)), _by_path(retraction_watch.read_retractions)
    ),
}
