"""The lexical leg: BM25 by the formula, filters before the top, draws in order of row, no syntax."""

import itertools
import math
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.errors import IndexDamagedError
from corpus.records import Integrity, Passage, Source, Study
from indexer.lexical import LexicalFilter, LexicalIndex, LexicalWriter

Entry = tuple[str, Source]


def source(
    kind: str = "article", design: str | None = None, status: Any = "none-known", **csl: Any
) -> Source:
    study = Study(design=design) if design is not None else None
    return Source("article:x", kind, csl, "", (), study=study, integrity=Integrity(status))  # type: ignore[arg-type]


def written(folder: Path, entries: Iterable[Entry], section: tuple[str, ...] = ()) -> LexicalIndex:
    """An index with one passage for each entry, its row the entry's place."""
    folder.mkdir(exist_ok=True)
    writer = LexicalWriter(folder)
    for row, (text, origin) in enumerate(entries):
        writer.add(row, Passage(f"{row:020d}", "x", 0, len(text), text, section, "paragraph"), origin)
    writer.close()
    return LexicalIndex(folder)


def rows_of(
    index: LexicalIndex, question: str, where: LexicalFilter | None = None, depth: int = 100
) -> list[int]:
    return [int(row) for row in index.search(question, depth, where)[0]]


DESIGNS, STATUSES = ("RCT", "cohort", "meta-analysis"), ("none-known", "retracted", "concern")
JOURNALS, YEARS = ("Archives of Calves", "Ärzteblatt: Gefäße", None), (1999, 2004, 2024, None)


@pytest.fixture(scope="module")
def mixed() -> list[Source]:
    """Every combination of what filters ask for."""
    articles = [
        source("article", None, status, **{"container-title": journal, "issued": {"date-parts": [[year]]}})
        for status, journal, year in itertools.product(STATUSES, JOURNALS, YEARS)
    ]
    studies = [
        source("study", design, "none-known", issued={"date-parts": [[year]]})
        for design, year in itertools.product(DESIGNS, YEARS)
    ]
    return articles + studies


@pytest.fixture(scope="module")
def mixed_index(mixed: list[Source], tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return written(tmp_path_factory.mktemp("mixed"), [("Tired legs", each) for each in mixed])


def passes(each: Source, where: LexicalFilter) -> bool:
    """The rule of a filter, written out."""
    journal = str(each.csl.get("container-title") or "")
    design = each.study.design if each.study else ""
    return (
        (not where.kind or each.kind == where.kind)
        and (not where.study_types or design.lower() in [wanted.lower() for wanted in where.study_types])
        and (where.year_from is None or (each.year is not None and each.year >= where.year_from))
        and (where.year_to is None or (each.year is not None and each.year <= where.year_to))
        and (not where.container or journal.lower() == where.container.lower())
        and (not where.statuses or each.integrity.status in where.statuses)
    )


years = st.none() | st.sampled_from((1998, 1999, 2000, 2004, 2023, 2024, 2025))
filters = st.builds(
    LexicalFilter,
    kind=st.sampled_from((None, "article", "study")),
    study_types=st.lists(st.sampled_from(("RCT", "rct", "Cohort", "META-ANALYSIS", "unheard of"))).map(tuple),
    year_from=years,
    year_to=years,
    container=st.sampled_from((None, "", "archives of calves", "ÄRZTEBLATT: Gefäße", "Archives")),
    statuses=st.lists(st.sampled_from(STATUSES)).map(tuple),
)


@given(filters)
def test_a_filter_keeps_exactly_the_rows_that_pass_it(
    mixed_index: LexicalIndex, mixed: list[Source], where: LexicalFilter
) -> None:
    expected = [row for row, each in enumerate(mixed) if passes(each, where)]
    assert rows_of(mixed_index, "legs", where) == expected


@pytest.mark.parametrize(
    ("where", "count"),
    [
        (LexicalFilter(), 48),
        (LexicalFilter(kind="study"), 12),
        (LexicalFilter(study_types=("cohort", "rct")), 8),
        (LexicalFilter(year_from=2004, year_to=2004), 12),
        (LexicalFilter(year_from=2005), 12),
        (LexicalFilter(year_to=2003), 12),
        (LexicalFilter(container="Ärzteblatt: Gefäße"), 12),
        (LexicalFilter(statuses=("retracted", "concern")), 24),
        (LexicalFilter(kind="article", study_types=("RCT",)), 0),
    ],
)
def test_each_filter_counted_by_hand(mixed_index: LexicalIndex, where: LexicalFilter, count: int) -> None:
    assert len(rows_of(mixed_index, "legs", where)) == count


def test_only_a_filter_without_a_wish_is_empty() -> None:
    assert LexicalFilter().is_empty()
    assert not LexicalFilter(year_from=0).is_empty()
    assert not LexicalFilter(statuses=("retracted",)).is_empty()


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    """300 articles that match well and, between them, three studies that match badly."""
    badly = "A long report about sleep, tea, bread, rain and many other matters that once names cramps"
    entries = [("Cramps, cramps, cramps", source())] * 300
    for row in (50, 150, 250):
        entries[row] = (badly, source("study", "cohort"))
    return written(tmp_path_factory.mktemp("crowded"), entries)


def test_a_filter_is_applied_before_the_top_is_taken(crowded: LexicalIndex) -> None:
    where = LexicalFilter(kind="study")
    assert not {50, 150, 250} & set(rows_of(crowded, "cramps", depth=200))
    assert rows_of(crowded, "cramps", where, depth=3) == [50, 150, 250]
    assert rows_of(crowded, "cramps", where, depth=200) == [50, 150, 250]


def test_draws_are_in_order_of_row_also_where_the_top_cuts_them(crowded: LexicalIndex) -> None:
    assert rows_of(crowded, "cramps", depth=10) == list(range(10))
    assert rows_of(crowded, "cramps", depth=297) == [row for row in range(300) if row not in (50, 150, 250)]


def test_a_filter_changes_no_score(crowded: LexicalIndex) -> None:
    free = dict(zip(*(column.tolist() for column in crowded.search("cramps tea", 300)), strict=True))
    rows, scores = crowded.search("cramps tea", 300, LexicalFilter(kind="study", study_types=("cohort",)))
    assert len(rows) == 3
    assert [free[row] for row in rows.tolist()] == scores.tolist()


def test_scores_fall(crowded: LexicalIndex) -> None:
    scores = crowded.search("cramps tea rain", 300)[1].tolist()
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1] > 0


DOCUMENTS = (
    "iron iron legs",
    "iron legs sleep tea bread water",
    "sleep sleep sleep tea",
    "water",
    "bread tea legs walk walk walk walk walk",
)


def bm25(question: Sequence[str], document: str) -> float:
    """BM25 as printed in doi:10.1561/1500000019, k1 = 1.2, b = 0.75, with the idf that is never negative."""
    words = [each.split() for each in DOCUMENTS]
    average = sum(map(len, words)) / len(words)
    own = document.split()
    score = 0.0
    for word in question:
        holding = sum(word in each for each in words)
        idf = math.log(1 + (len(words) - holding + 0.5) / (holding + 0.5))
        frequency = own.count(word)
        score += idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * len(own) / average))
    return score


@pytest.mark.parametrize("question", ["iron", "legs tea", "sleep walk water", "tea tea tea", "absent iron"])
def test_scores_are_bm25_by_the_formula(tmp_path: Path, question: str) -> None:
    index = written(tmp_path / "bm25", [(text, source()) for text in DOCUMENTS])
    wanted = list(dict.fromkeys(question.split()))
    expected = {row: bm25(wanted, text) for row, text in enumerate(DOCUMENTS) if bm25(wanted, text) > 0}
    rows, scores = index.search(question, 10)
    found = dict(zip(rows.tolist(), scores.tolist(), strict=True))
    assert found == pytest.approx(expected, rel=1e-5)
    assert rows.tolist() == sorted(expected, key=lambda row: -expected[row])


def test_words_are_stemmed_on_both_sides(tmp_path: Path) -> None:
    index = written(tmp_path / "stems", [("Calcified arteries", source()), ("Walking daily", source())])
    assert rows_of(index, "artery calcification") == [0]
    assert rows_of(index, "who walked?") == [1]
    assert index.stems("Walked, walking and walks") == ["walk"]


def test_title_and_section_are_searched_with_the_text(tmp_path: Path) -> None:
    entries = [("It was halved.", source(title="Matrix Gla protein")), ("It was doubled.", source())]
    index = written(tmp_path / "titles", entries, section=("Results in women",))
    assert rows_of(index, "Gla protein") == [0]
    assert rows_of(index, "results in women") == [1, 0]


NAMED = {
    "author": [{"family": "Martínez"}, {"literal": "Cochrane Group"}],
    "container-title": "Archives of Calves",
    "issued": {"date-parts": [[2004]]},
    "DOI": "10.5555/gla.2004.1",
    "PMID": "11111111",
}


@pytest.mark.parametrize(
    "question",
    ["Martinez 2004", "the Cochrane group", "archives of calves", "10.5555/gla.2004.1", "11111111"],
)
def test_a_study_is_found_by_author_year_journal_and_identifier(tmp_path: Path, question: str) -> None:
    entries = [("Other words", source()), ("It was halved", source(**NAMED))]
    assert rows_of(written(tmp_path / "names", entries), question) == [1]


def test_a_match_on_names_counts_half_of_the_same_match_on_the_text(tmp_path: Path) -> None:
    by_text = written(tmp_path / "text", [("Okafor", source()), ("Zomer", source())])
    authors = [("", source(author=[{"family": name}])) for name in ("Okafor", "Zomer")]
    by_name = written(tmp_path / "name", authors)
    assert by_name.search("okafor", 1)[1] == pytest.approx(by_text.search("okafor", 1)[1] / 2)


SYNTAX = (
    '"never closed',
    "((legs)",
    "legs AND",
    "AND OR NOT",
    "text:legs",
    "nosuchfield:legs",
    "legs*",
    "*",
    ":",
    "legs^9",
    "[1 TO 2}",
    "legs~2",
    "+legs -legs",
    "legs\\",
    "/leg.*/",
    "'; DROP TABLE passages; --",
    "IN [a b]",
    "\x00",
    "\ud800",
    "legs\n\tcramps",
    "𝓵𝓮𝓰𝓼",
    "legs " * 400,
)


@pytest.mark.parametrize("question", SYNTAX)
def test_no_syntax_of_a_question_means_anything(mixed_index: LexicalIndex, question: str) -> None:
    where = LexicalFilter(container=question, study_types=(question,))
    found = rows_of(mixed_index, question)
    assert len(found) == (48 if "leg" in question or question == "𝓵𝓮𝓰𝓼" else 0)
    assert rows_of(mixed_index, question, where) == []


@given(st.text(st.characters(exclude_categories=()), max_size=60))
@example('"(AND) legs:*')
def test_no_question_raises(mixed_index: LexicalIndex, question: str) -> None:
    rows, scores = mixed_index.search(question, 5)
    assert len(rows) == len(scores) <= 5


@pytest.mark.parametrize("question", ["", "what is it?", "…", "of the"])
def test_a_question_without_terms_finds_nothing(mixed_index: LexicalIndex, question: str) -> None:
    assert rows_of(mixed_index, question) == []


def test_frequencies_count_the_passages_that_hold_a_stem(tmp_path: Path) -> None:
    index = written(tmp_path / "counts", [(text, source()) for text in DOCUMENTS])
    assert index.frequencies("Does iron help walking legs?") == {"iron": 2, "help": 0, "walk": 1, "leg": 3}


def test_a_rarer_stem_weighs_more_and_every_stem_weighs_something(tmp_path: Path) -> None:
    index = written(tmp_path / "rarity", [(text, source()) for text in DOCUMENTS])
    weights = [index.rarity(frequency) for frequency in range(len(DOCUMENTS) + 1)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0
    assert weights[2] == pytest.approx(math.log(1 + 3.5 / 2.5))


def test_an_index_knows_how_many_passages_it_holds(crowded: LexicalIndex) -> None:
    assert len(crowded) == 300


def test_an_index_without_passages_finds_nothing(tmp_path: Path) -> None:
    index = written(tmp_path / "empty", [])
    assert len(index) == 0
    assert rows_of(index, "legs", LexicalFilter(kind="study")) == []
    assert index.rarity(0) > 0


@pytest.mark.parametrize(
    "damage", ["no folder", "empty folder", "empty meta.json", "noise in meta.json", "no segment"]
)
def test_a_folder_that_tantivy_cannot_open_is_reported_as_damaged(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "lexical"
    written(folder, [("Tired legs", source())])
    if damage == "no folder":
        shutil.rmtree(folder)
    elif damage == "empty folder":
        shutil.rmtree(folder)
        folder.mkdir()
    elif damage == "empty meta.json":
        (folder / "meta.json").write_text("")
    elif damage == "noise in meta.json":
        (folder / "meta.json").write_text('{"index_settings": 7}')
    else:
        for segment in folder.glob("*.term"):
            segment.unlink()
    with pytest.raises(IndexDamagedError, match=r"not a readable tantivy index.*footnote rollback"):
        LexicalIndex(folder)


@pytest.mark.parametrize("ending", ["idx", "term", "fast", "fieldnorm", "store", "pos"])
def test_a_cut_segment_is_reported_as_damaged(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "lexical"
    written(folder, [("Tired legs", source())])
    (segment,) = folder.glob(f"*.{ending}")
    segment.write_bytes(segment.read_bytes()[:20])
    with pytest.raises(IndexDamagedError):
        LexicalIndex(folder)
