"""Reading broken, hostile and endless PubMed XML: what is good is kept, what is bad named, memory flat."""

import gzip
import io
import multiprocessing
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.pubmed_xml import claims, read_stream
from corpus.records import Skipped, Source
from tests.corpus.pubmed_records import GOLDEN, HEAD, items, one, record, whole


def test_a_record_without_title_or_article_is_skipped_by_number_and_its_neighbours_are_kept() -> None:
    found = items(whole(record(title="One"), record(title=""), "<PubmedArticle/>", record(title="Four")))
    assert [s.title if isinstance(s, Source) else s.position for s in found] == [
        "One",
        "record 2",
        "record 3",
        "Four",
    ]


def test_a_record_that_is_not_well_formed_costs_only_itself() -> None:
    broken = "<PubmedArticle><MedlineCitation>\n<PMID>2</PMI></MedlineCitation></PubmedArticle>\n"
    found = items(whole(record(title="One"), broken, record(title="Three"), record(title="")))
    first, skipped, third, untitled = found
    assert isinstance(first, Source)
    assert isinstance(third, Source)
    assert third.title == "Three"
    assert isinstance(skipped, Skipped)
    assert skipped.position == "line 6"
    assert "PMID" in skipped.reason
    assert isinstance(untitled, Skipped)
    assert untitled.position == "record 4"


def test_of_a_file_that_breaks_off_the_records_before_are_kept_and_the_line_is_told() -> None:
    text = whole(record(title="One"), record(title="Two"), record(title="Three"))
    found = items(text[: text.index("Three")])
    assert [s.title for s in found if isinstance(s, Source)] == ["One", "Two"]
    last = found[-1]
    assert isinstance(last, Skipped)
    assert last.position == "line 6"
    assert "breaks off" in last.reason


def test_a_compressed_stream_that_breaks_off_keeps_what_came_before() -> None:
    packed = gzip.compress(whole(*(record(str(n), f"Title {n}") for n in range(1, 4000))).encode())
    with gzip.open(io.BytesIO(packed[: len(packed) // 2])) as stream:
        found = list(read_stream(stream, "cut.gz"))  # type: ignore[arg-type]
    assert sum(isinstance(item, Source) for item in found) > 1000
    assert isinstance(found[-1], Skipped)
    assert "damaged" in found[-1].reason


@pytest.mark.parametrize(
    "text", ["", "   \n", "<PubmedArticleSet/>", "<PubmedArticleSet></PubmedArticleSet>"]
)
def test_a_file_without_records_says_so(text: str) -> None:
    (skipped,) = items(text)
    assert isinstance(skipped, Skipped)
    assert "no record" in skipped.reason


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;',
        "<!-- " + "x" * 200_000 + ' --><!ENTITY a "late">',
    ],
)
def test_a_doctype_that_declares_entities_is_refused_whole(subset: str) -> None:
    text = (
        f"<!DOCTYPE PubmedArticleSet [{subset}]><PubmedArticleSet>{record(title='Has &a; it')}"
        f"</PubmedArticleSet>"
    )
    found = items(text)
    assert claims(text[:65536], "x.xml")
    assert len(found) == 1
    assert isinstance(found[0], Skipped)
    assert "entities" in found[0].reason


def test_what_the_declaration_says_of_the_encoding_counts_for_streams_and_not_for_decoded_text() -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><PubmedArticleSet>'
        + record(title="Pénurie")
        + "</PubmedArticleSet>"
    )
    (source,) = read_stream(io.BytesIO(text.encode("latin-1")), "latin.xml")
    assert one(text).title == "Pénurie"
    assert isinstance(source, Source)
    assert source.title == "Pénurie"


class _Generated(io.RawIOBase):
    """A stream made while it is read, so that no test holds it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size:
            more = next(self._pieces, b"")
            if not more:
                break
            self._rest += more
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def _long_stream(records: int) -> Iterator[bytes]:
    places = "".join(f"<Affiliation>Department {n} of many</Affiliation>" for n in range(80))
    authors = f"<AuthorList><Author><LastName>Roe</LastName>{places}</Author></AuthorList>"
    yield f"{HEAD}<PubmedArticleSet>".encode()
    for number in range(1, records + 1):
        yield record(str(number), f"Title {number}.", article=authors).encode()
    yield b"</PubmedArticleSet>"


def _resident_kb() -> int:
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is read from /proc")
def test_memory_stays_flat_over_a_long_stream() -> None:
    """About 20 MB of XML: a process of its own, parser included, does not grow with the records."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        count, grown_kb = alone.submit(_read_long_stream).result()
    assert count == 4600
    assert grown_kb < 4_000


def _read_long_stream() -> tuple[int, int]:
    resident, count = [], 0
    for item in read_stream(_Generated(_long_stream(4600)), "long.xml"):  # type: ignore[arg-type]
        assert isinstance(item, Source)
        count += 1
        if count % 1000 == 600:
            resident.append(_resident_kb())
    return count, resident[-1] - resident[0]


def test_a_record_over_the_limit_is_passed_over_without_being_held() -> None:
    """A record of 30 MB in small elements, under a limit of 1 MB, between two good ones."""

    def pieces() -> Iterator[bytes]:
        yield f"<PubmedArticleSet>{record(title='One')}<PubmedArticle>".encode()
        for _ in range(300):
            yield b"<Keyword>word</Keyword>" * 4500
        yield f"</PubmedArticle>{record(title='Three')}</PubmedArticleSet>".encode()

    tracemalloc.start()
    try:
        before = _resident_kb()
        found = list(read_stream(_Generated(pieces()), "huge.xml", limit=1024 * 1024))  # type: ignore[arg-type]
        grown = _resident_kb() - before
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    first, skipped, third = found
    assert isinstance(first, Source)
    assert isinstance(third, Source)
    assert third.title == "Three"
    assert isinstance(skipped, Skipped)
    assert skipped.position == "record 2"
    assert "larger than 1 MB" in skipped.reason
    assert peak < 8_000_000
    assert grown < 20_000


def test_nesting_by_the_thousand_is_refused_by_its_line_and_not_followed() -> None:
    deep = record(title="<b>" * 5000 + "x" + "</b>" * 5000)
    found = items(whole(record(title="One"), deep, record(title="Three")))
    assert [type(item) for item in found] == [Source, Skipped, Source]


@settings(max_examples=100)
@given(st.text(max_size=400), st.sampled_from(["", "<PubmedArticleSet>", GOLDEN[:900]]))
def test_random_text_only_gives_sources_and_skipped(text: str, before: str) -> None:
    claims(before + text, "x.xml")
    for item in items(before + text):
        assert isinstance(item, Source | Skipped)


_GOOD = whole(
    record("1", "First of three."),
    GOLDEN[GOLDEN.index("<PubmedArticle>") : GOLDEN.index("</PubmedArticleSet>")],
)


@settings(max_examples=100)
@given(st.data())
def test_mutations_of_a_good_file_only_give_sources_and_skipped(data: st.DataObject) -> None:
    content = bytearray(_GOOD.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = min(len(content), start + data.draw(st.integers(1, 60)))
        kind = data.draw(st.sampled_from(["delete", "duplicate", "swap", "set"]))
        if kind == "delete":
            del content[start:end]
        elif kind == "duplicate":
            content[end:end] = content[start:end]
        elif kind == "swap":
            content[start:end] = content[start:end][::-1]
        else:
            content[start] = data.draw(st.integers(0, 255))
        content = content or bytearray(b"x")
    found = list(read_stream(io.BytesIO(bytes(content)), "mutated.xml"))
    found += items(bytes(content).decode("utf-8", "replace"))
    assert found
    assert all(isinstance(item, Source | Skipped) for item in found)
