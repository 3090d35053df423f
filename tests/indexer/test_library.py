"""What goes into the library comes out of it; identifiers, filters, the citation graph, damage."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.errors import IndexDamagedError, NotFoundError
from corpus.records import (
    Block,
    BlockKind,
    Integrity,
    IntegrityStatus,
    LinkedHow,
    Mention,
    Notice,
    Passage,
    Reference,
    Source,
    Study,
)
from indexer import columns
from indexer.generation import LIBRARY_FILE
from indexer.lexical import LexicalFilter, LexicalIndex, LexicalWriter
from indexer.library import Library
from indexer.library_writing import LibraryWriter
from indexer.source_records import record_sha256
from tests.indexer.small_index import ARTICLE_ID, CRAMPS_ID, GLA_ID, SmallIndex


def write(path: Path, sources: Sequence[Source], passages: Sequence[Passage] = ()) -> Library:
    path.unlink(missing_ok=True)
    writer = LibraryWriter(path)
    for source in sources:
        writer.add_source(source)
    for passage in passages:
        writer.add_passage(passage, passage.passage_id)
    writer.close()
    return Library(path)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that each example writes anew."""
    return tmp_path_factory.mktemp("library") / LIBRARY_FILE


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
maybe = st.none() | texts
offsets = st.integers(0, 2**31 - 1)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
csl_items = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "container-title": texts,
        "DOI": st.just("10.5555/ABC") | texts,
        "PMID": st.integers(1, 999_999_999).map(str) | texts,
        "issued": st.integers(1500, 2100).map(lambda year: {"date-parts": [[year, 2]]}),
        "note": json_values,
        "custom": st.dictionaries(texts, json_values, max_size=3),
    },
)
studies = st.builds(Study, texts, maybe, maybe, st.none() | st.booleans(), maybe, maybe, maybe)
notices = st.builds(
    Notice, st.sampled_from(get_args(IntegrityStatus)), maybe, maybe, maybe, maybe, maybe, maybe, maybe
)
integrities = st.builds(
    Integrity, st.sampled_from(get_args(IntegrityStatus)), maybe, maybe, maybe, maybe, maybe
)
blocks = st.builds(
    Block, st.sampled_from(get_args(BlockKind)), st.lists(texts, max_size=3).map(tuple), offsets, offsets
)
references = st.builds(
    Reference, texts, texts, maybe, maybe, maybe, maybe, maybe, maybe, st.none() | st.floats(0, 1)
)
mentions = st.builds(
    Mention, offsets, offsets, st.sampled_from(get_args(LinkedHow)), texts, st.floats(0, 1), maybe
)
parts: dict[str, st.SearchStrategy[Any]] = {
    "source_id": texts,
    "kind": st.sampled_from(("article", "study")),
    "csl": csl_items,
    "text": texts,
    "blocks": st.lists(blocks, max_size=2).map(tuple),
    "key": maybe,
    "references": st.lists(references, max_size=2).map(tuple),
    "mentions": st.lists(mentions, max_size=2).map(tuple),
    "study": st.none() | studies,
    "integrity": integrities,
    "url": maybe,
    "license": maybe,
    "authors_complete": st.booleans(),
    "origin": maybe,
    "notices": st.lists(notices, max_size=2).map(tuple),
    "format": maybe,
    "provenance": st.dictionaries(texts, texts, max_size=2),
}
sources = st.builds(Source, **parts)
libraries = st.lists(sources, max_size=3, unique_by=lambda source: source.source_id)


def test_the_round_trip_below_draws_every_field_of_a_source() -> None:
    assert set(parts) == {field.name for field in fields(Source)}


@given(libraries)
@settings(max_examples=60)
def test_sources_come_out_as_they_went_in(path: Path, given_sources: list[Source]) -> None:
    library = write(path, given_sources)
    assert list(library.sources()) == given_sources
    assert [library.source_at(row) for row in range(len(given_sources))] == given_sources
    assert library.digests() == {source.source_id: record_sha256(source) for source in given_sources}
    library.close()


@given(sources)
@settings(max_examples=50)
def test_a_source_read_back_has_the_digest_it_was_written_with(path: Path, source: Source) -> None:
    library = write(path, [source])
    assert record_sha256(next(library.sources())) == record_sha256(source)
    library.close()


@given(st.data(), libraries.filter(bool))
@settings(max_examples=50)
def test_passages_come_out_as_they_went_in_and_quote_their_source(
    path: Path, data: st.DataObject, given_sources: list[Source]
) -> None:
    drawn = []
    for number in range(data.draw(st.integers(1, 6))):
        source = data.draw(st.sampled_from(given_sources))
        start = data.draw(st.integers(0, len(source.text)))
        end = data.draw(st.integers(start, len(source.text)))
        text = source.text[start:end]
        section = tuple(data.draw(st.lists(texts, max_size=2)))
        cites = tuple(data.draw(st.lists(texts, max_size=2)))
        passage_id = f"{number:020x}"
        drawn.append(Passage(passage_id, source.source_id, start, end, text, section, "answer", cites))
    library = write(path, given_sources, drawn)
    rows = data.draw(st.permutations(range(len(drawn))))
    assert library.passages(rows) == [drawn[row] for row in rows]
    assert [library.passage(each.passage_id) for each in drawn] == drawn
    assert library.passage_ids.tolist() == [each.passage_id.encode() for each in drawn]
    assert library.passage_starts.tolist() == [each.start for each in drawn]
    assert library.passage_ends.tolist() == [each.end for each in drawn]
    assert [given_sources[row].source_id for row in library.passage_sources] == [p.source_id for p in drawn]
    library.close()


@given(st.lists(st.lists(st.floats(-1, 1, width=16), min_size=4, max_size=4), max_size=5))
def test_vectors_come_out_as_they_went_in(path: Path, rows: list[list[float]]) -> None:
    given_vectors = {f"digest {n}": np.array(row, dtype=np.float16) for n, row in enumerate(rows)}
    path.unlink(missing_ok=True)
    writer = LibraryWriter(path)
    writer.add_vectors(given_vectors)
    writer.add_vectors(given_vectors)
    writer.close()
    library = Library(path)
    found = library.vectors([*given_vectors, "a digest that was never written"])
    assert {digest: vector.tolist() for digest, vector in found.items()} == {
        digest: vector.tolist() for digest, vector in given_vectors.items()
    }
    library.close()


@given(sources, texts, st.none() | st.floats(0, 1))
def test_what_links_resolved_to_and_where_a_file_lies_is_no_part_of_a_record(
    source: Source, cited: str, confidence: float | None
) -> None:
    """Else a study added would make every article that cites it look changed."""
    markers = replace(source, mentions=tuple(m for m in source.mentions if m.how == "marker"))
    linked = replace(
        source,
        origin="elsewhere",
        provenance={"title": "elsewhere"},
        references=tuple(
            replace(r, source_id=cited, how="doi", confidence=confidence) for r in source.references
        ),
        mentions=tuple(replace(m, source_id=cited, confidence=0.5) for m in source.mentions),
    )
    assert record_sha256(linked) == record_sha256(markers)


BARE = Source("article:x", "article", {"title": "Legs"}, "Legs", (Block("title", (), 0, 4),))


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Legs."},
        {"csl": {"title": "Legs", "volume": "2"}},
        {"blocks": (Block("paragraph", (), 0, 4),)},
        {"key": "legs"},
        {"references": (Reference("1", "Someone 2004"),)},
        {"mentions": (Mention(0, 4, "marker", "1"),)},
        {"study": Study()},
        {"integrity": Integrity("retracted")},
        {"url": "https://example.org"},
        {"license": "CC-BY-4.0"},
        {"authors_complete": False},
        {"notices": (Notice("retracted", pmid="33333333"),)},
        {"format": "RIS"},
    ],
)
def test_whatever_a_reader_reads_differently_is_another_record(change: dict[str, Any]) -> None:
    assert record_sha256(replace(BARE, **change)) != record_sha256(BARE)


@pytest.fixture
def built(base_index: SmallIndex) -> Iterator[Library]:
    """The library of the small index, as a build wrote it."""
    library = Library(base_index.live().path / LIBRARY_FILE)
    yield library
    library.close()


@pytest.mark.parametrize(
    ("identifier", "source_id"),
    [
        ("doi:10.5555/gla.2004.1", GLA_ID),
        ("10.5555/gla.2004.1", GLA_ID),
        ("10.5555/GLA.2004.1", GLA_ID),
        ("DOI: 10.5555/Gla.2004.1", GLA_ID),
        ("https://doi.org/10.5555/GLA.2004.1", GLA_ID),
        ("http://dx.doi.org/10.5555/gla.2004.1", GLA_ID),
        ("  10.5555/gla.2004.1\n", GLA_ID),
        ("11111111", GLA_ID),
        ("pmid:11111111", GLA_ID),
        ("PMID: 11111111", GLA_ID),
        ("PMC2222222", GLA_ID),
        ("pmc2222222", GLA_ID),
        ("pmcid:PMC2222222", GLA_ID),
        ("gla2004", GLA_ID),
        ("pmid:33333333", CRAMPS_ID),
        ("cramps2010", CRAMPS_ID),
        ("article:tired-legs", ARTICLE_ID),
        ("tired-legs", ARTICLE_ID),
    ],
)
def test_every_identifier_of_a_source_leads_to_it(built: Library, identifier: str, source_id: str) -> None:
    assert built.source(identifier).source_id == source_id


@pytest.mark.parametrize(
    "identifier",
    ["10.5555/gla", "22222222", "PMC1", "ghost1999", "", " ", "%", "\x00", "' OR 1=1 --"],
)
def test_an_identifier_of_nobody_is_not_found(built: Library, identifier: str) -> None:
    with pytest.raises(NotFoundError, match="DOI, PMID, PMCID, citation key or id"):
        built.source(identifier)


def test_a_name_that_two_sources_claim_leads_to_the_first(path: Path) -> None:
    first, second = replace(BARE, source_id="a", key="same"), replace(BARE, source_id="b", key="same")
    library = write(path, [first, second])
    assert library.source("same").source_id == "a"
    assert library.source("b") == second
    library.close()


def test_an_unknown_passage_is_not_found(built: Library) -> None:
    with pytest.raises(NotFoundError):
        built.passage("0" * 20)


def test_every_cited_id_exists(base_index: SmallIndex, built: Library) -> None:
    cited = [source_id for passage in base_index.passages() for source_id in passage.cites]
    assert cited == [GLA_ID, CRAMPS_ID]
    assert [built.source(source_id).source_id for source_id in cited] == cited


def test_a_reference_to_a_source_that_is_not_there_is_kept_unresolved(built: Library) -> None:
    references = built.source("tired-legs").references
    assert [(r.key, r.source_id, r.how) for r in references] == [
        ("gla2004", GLA_ID, "key"),
        ("cramps2010", CRAMPS_ID, "key"),
        ("ghost1999", None, None),
    ]


def test_a_source_knows_who_cites_it(built: Library) -> None:
    assert built.cited_by(GLA_ID) == (ARTICLE_ID,)
    assert built.cited_by(ARTICLE_ID) == ()


def test_counts_and_designs_are_those_of_the_files(built: Library) -> None:
    assert built.counts() == {
        "articles": 1,
        "studies": 2,
        "passages": 4,
        "references": 3,
        "resolved_references": 2,
    }
    assert built.designs() == ("RCT", "cohort")


def test_passages_may_be_asked_for_twice_or_not_at_all(built: Library) -> None:
    assert built.passages([]) == []
    twice = built.passages([2, 2, 0])
    assert twice[0] == twice[1] != twice[2]


words = st.sampled_from(("Ärzteblatt", "ÄRZTEBLATT", "Archives of Calves", "STRASSE", "Straße", ""))


def filtered(kind: Any, design: str | None, status: Any, journal: str, year: int | None) -> Source:
    csl: dict[str, Any] = {"container-title": journal} if journal else {}
    csl |= {"issued": {"date-parts": [[year]]}} if year else {}
    study = Study(design=design) if design else None
    return Source("x", kind, csl, "", (), study=study, integrity=Integrity(status))


filtered_sources = st.builds(
    filtered,
    st.sampled_from(("article", "study")),
    st.sampled_from((None, "RCT", "cohort", "Übersicht")),
    st.sampled_from(get_args(IntegrityStatus)),
    words,
    st.sampled_from((None, 1999, 2004)),
)
filters = st.builds(
    LexicalFilter,
    kind=st.sampled_from((None, "article", "study")),
    study_types=st.lists(st.sampled_from(("rct", "RCT", "ÜBERSICHT", "none")), max_size=2).map(tuple),
    year_from=st.sampled_from((None, 1999, 2000)),
    year_to=st.sampled_from((None, 1999, 2004)),
    container=st.none() | words | words.map(str.lower),
    statuses=st.lists(st.sampled_from(get_args(IntegrityStatus)), max_size=2).map(tuple),
)


@given(st.lists(filtered_sources, min_size=1, max_size=8), st.lists(filters, min_size=1, max_size=8))
@example([filtered("article", None, "none-known", "Straße", None)], [LexicalFilter(container="STRASSE")])
@example(
    [filtered("study", "Übersicht", "none-known", "", 1999)], [LexicalFilter(study_types=("ÜBERSICHT",))]
)
@example([filtered("study", "RCT", "retracted", "", 1999)], [LexicalFilter(container="", kind="study")])
@settings(max_examples=40)
def test_both_legs_apply_a_filter_alike(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Source], wanted: list[LexicalFilter]
) -> None:
    """Else hybrid search would miss in one leg what the other is asked to find."""
    folder = tmp_path_factory.mktemp("legs")
    numbered = [replace(source, source_id=f"article:{row}") for row, source in enumerate(drawn)]
    library = write(folder / LIBRARY_FILE, numbered)
    writer = LexicalWriter(folder)
    for row, source in enumerate(numbered):
        writer.add(row, Passage(f"{row:020d}", source.source_id, 0, 4, "legs", (), "paragraph"), source)
    writer.close()
    lexical = LexicalIndex(folder)
    for where in wanted:
        mask = library.source_mask(
            where.kind, where.study_types, where.year_from, where.year_to, where.container, where.statuses
        )
        assert np.flatnonzero(mask).tolist() == sorted(lexical.search("legs", 100, where)[0].tolist())
    library.close()


def test_a_library_answers_from_many_threads_at_once(built: Library) -> None:
    def read(number: int) -> tuple[str, list[Passage], tuple[str, ...]]:
        identifier = (GLA_ID, CRAMPS_ID, ARTICLE_ID)[number % 3]
        return built.source(identifier).source_id, built.passages([3, 0]), built.cited_by(GLA_ID)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(read, range(240)))
    assert found == [read(number) for number in range(240)]


@pytest.mark.parametrize("name", ["50% off", "a#b", "why?mode=rw", "Größe", "with space", "%20"])
def test_a_folder_may_have_any_name(base_index: SmallIndex, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / LIBRARY_FILE).write_bytes((base_index.live().path / LIBRARY_FILE).read_bytes())
    shutil.copytree(base_index.live().path / columns.FOLDER, folder / columns.FOLDER)
    library = Library(folder / LIBRARY_FILE)
    assert library.counts()["studies"] == 2
    library.close()


def test_a_published_library_cannot_be_written(built: Library) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        built._connection.execute("DELETE FROM passages")


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all, but long enough to look like one" * 40, None]
)
def test_a_file_that_is_no_library_is_reported_as_damaged(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / LIBRARY_FILE
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"not a readable library.*footnote rollback"):
        Library(file)


def test_a_cut_library_is_reported_as_damaged(base_index: SmallIndex, tmp_path: Path) -> None:
    file = tmp_path / LIBRARY_FILE
    file.write_bytes((base_index.live().path / LIBRARY_FILE).read_bytes()[:8192])
    with pytest.raises(IndexDamagedError):
        Library(file)
