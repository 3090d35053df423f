"""Reading PubMed XML: records a second against the bare parser over the same bytes, and flat memory.

The reference is ``lxml.etree.iterparse`` with nothing done to the records, in the same run. Seconds are those
of the one core that reads, so that what else the machine does is not counted; the wall's stand beside. Memory
is the peak of a process of its own that reads a compressed file to its end; the sizes are those of the
compressed files, which hold about four times as much XML. ``python -m benchmarks.reading 1000`` measures the
memory at one size alone.
"""

import gzip
import io
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from lxml import etree  # type: ignore[import-untyped]

from corpus.readers.pubmed_xml import read_stream
from corpus.records import Source

_RECORDS = 20_000
_SIZES_MB = (10, 100)
_CYCLE = 2_000
_MB = 1024 * 1024
_VOCABULARY = (
    "calcium vitamin artery walking kidney tablet placebo week adult measured lower higher stiffness cramp "
    "sleep muscle trial group daily dose change between from with after before risk older blood pressure "
    "score seventy twelve patients women men healthy outcome difference interval confidence ratio small"
)
_WORDS = _VOCABULARY.split()
_LABELS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
_READER = """
import gzip, sys
from corpus.readers.pubmed_xml import read_stream
with gzip.open(sys.argv[1]) as stream:
    count = sum(1 for _ in read_stream(stream, "benchmark"))
status = open("/proc/self/status").read()
print(count, status.split("VmHWM:")[1].split()[0])
"""


def measure(work: Path) -> dict[str, object]:
    """Records a second, the parser's own, their ratio, and what ten times the file adds to the peak."""
    return {**_rates(), **memory(work, _SIZES_MB)}


def _rates() -> dict[str, object]:
    data = b"".join(_set(_RECORDS))
    rates: dict[str, list[float]] = {"ours": [], "wall": [], "parser": []}
    for _ in range(3):
        began, began_wall = time.process_time(), time.perf_counter()
        read = sum(isinstance(item, Source) for item in read_stream(io.BytesIO(data), "benchmark"))
        rates["ours"].append(read / (time.process_time() - began))
        rates["wall"].append(read / (time.perf_counter() - began_wall))
        began = time.process_time()
        parsed = _parsed(data)
        rates["parser"].append(parsed / (time.process_time() - began))
        if not read == parsed == _RECORDS:
            raise RuntimeError(f"{_RECORDS} records generated, {parsed} parsed, {read} read")
    ours, wall, parser = (float(np.median(rates[name])) for name in ("ours", "wall", "parser"))
    return {
        "records": _RECORDS,
        "bytes_per_record": len(data) // _RECORDS,
        "records_per_second": round(ours),
        "records_per_second_wall": round(wall),
        "iterparse_records_per_second": round(parser),
        "share_of_iterparse": round(ours / parser, 3),
    }


def _parsed(data: bytes) -> int:
    """How many records the bare parser meets, each freed as ours are."""
    count = 0
    for _, element in etree.iterparse(io.BytesIO(data), events=("end",), tag="PubmedArticle"):
        count += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def memory(work: Path, sizes_mb: Sequence[int]) -> dict[str, object]:
    """The peak memory in MB of reading a compressed file of each size, and records a second of the wall."""
    seen: dict[str, object] = {}
    for size in sizes_mb:
        path = work / f"pubmed-{size}.xml.gz"
        written = _write_compressed(path, size * _MB)
        began = time.perf_counter()
        command = [sys.executable, "-c", _READER, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rate = written / (time.perf_counter() - began)
        path.unlink()
        count, peak = (int(word) for word in done.stdout.split())
        if count != written:
            raise RuntimeError(f"{path}: {written} records written, {count} read")
        seen[f"records_of_{size}_mb_gz"] = count
        seen[f"peak_mb_of_{size}_mb_gz"] = round(peak / 1024, 1)
        seen[f"records_per_second_wall_of_{size}_mb_gz"] = round(rate)
    return seen


def _write_compressed(path: Path, size: int) -> int:
    """Write whole records until the compressed file has that many bytes; how many they are.

    The same two thousand again and again: their distance is beyond what gzip remembers.
    """
    head, *records, tail = _set(_CYCLE)
    count = 0
    with path.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as packed:
        packed.write(head)
        while file.tell() < size:
            packed.write(records[count % _CYCLE])
            count += 1
        packed.write(tail)
    return count


def _set(records: int) -> Iterator[bytes]:
    """A set of generated records, piece by piece."""
    dice = random.Random(20_000)
    yield (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE PubmedArticleSet SYSTEM "pubmed.dtd">\n'
        b"<PubmedArticleSet>\n"
    )
    for number in range(1, records + 1):
        yield _record(dice, number)
    yield b"</PubmedArticleSet>\n"


def _record(dice: random.Random, number: int) -> bytes:
    """One record with a structured abstract, six authors, headings and thirty references."""
    sections = "".join(
        f'<AbstractText Label="{label}" NlmCategory="{label}">{_words(dice, 55)} '
        f"(p&lt;0.0{dice.randrange(1, 9)}, m<sup>2</sup>).</AbstractText>"
        for label in _LABELS
    )
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>{_words(dice, 1).title()}</LastName><ForeName>'
        f"{_words(dice, 1).title()}</ForeName><Initials>A</Initials><AffiliationInfo><Affiliation>"
        f"{_words(dice, 8)}</Affiliation></AffiliationInfo></Author>"
        for _ in range(6)
    )
    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="D{dice.randrange(10**6)}" MajorTopicYN="N">{_words(dice, 2)}'
        "</DescriptorName></MeshHeading>"
        for _ in range(8)
    )
    references = "".join(
        f"<Reference><Citation>{_words(dice, 6)}. 2001;{dice.randrange(99)}:1-9</Citation><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{dice.randrange(1, 10**8)}</ArticleId></ArticleIdList></Reference>'
        for _ in range(30)
    )
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{number}</PMID><Article>'
        "<Journal><ISSN>1234-5678</ISSN><JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate><Year>2004"
        "</Year><Month>Nov</Month></PubDate></JournalIssue><Title>Journal of Generated Records</Title>"
        f"<ISOAbbreviation>J Gen Rec</ISOAbbreviation></Journal><ArticleTitle>{_words(dice, 14)}."
        f"</ArticleTitle><Pagination><MedlinePgn>3100-5</MedlinePgn></Pagination><Abstract>{sections}"
        f'</Abstract><AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language>'
        "<PublicationTypeList><PublicationType>Journal Article</PublicationType></PublicationTypeList>"
        f"</Article><MeshHeadingList>{mesh}</MeshHeadingList></MedlineCitation><PubmedData><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{number}</ArticleId><ArticleId IdType="doi">10.5555/generated.{number}'
        f"</ArticleId></ArticleIdList><ReferenceList>{references}</ReferenceList></PubmedData></PubmedArticle>\n"
    ).encode()


def _words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(_WORDS, k=count))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, value in memory(Path(folder), [int(size) for size in sys.argv[1:]]).items():
            print(f"{name:42} {value}")
