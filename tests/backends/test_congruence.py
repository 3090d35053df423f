"""The same calls to the files of a generation and to Milvus: the same answers, where both promise them."""

import json
import math

import numpy as np
import numpy.typing as npt
import pytest

from indexer.encoder import Vectors
from indexer.generation import Generation
from indexer.legs import Legs, Rows
from indexer.lexical import LexicalFilter
from search_api.search import Searcher
from tests.conftest import STARTER

_QUESTIONS = [json.loads(line) for line in (STARTER / "questions.jsonl").read_text("utf-8").splitlines()]
_ANSWERABLE = [q for q in _QUESTIONS if q["answers"]]
_FILTERS = (
    LexicalFilter(),
    LexicalFilter(kind="study"),
    LexicalFilter(kind="article"),
    LexicalFilter(study_types=("rct", "COHORT")),
    LexicalFilter(year_from=2015),
    LexicalFilter(year_to=2009),
    LexicalFilter(year_from=2004, year_to=2004),
    LexicalFilter(container="jama"),
    LexicalFilter(statuses=("retracted", "concern", "corrected")),
    LexicalFilter(kind="study", year_from=2010, year_to=2020, statuses=("none-known",)),
    LexicalFilter(study_types=("a design that nobody has",)),
    LexicalFilter(container='say "no" \\ or else'),
)


def mask(searcher: Searcher, where: LexicalFilter) -> npt.NDArray[np.bool_]:
    library = searcher.library
    sources = library.source_mask(
        where.kind, where.study_types, where.year_from, where.year_to, where.container, where.statuses
    )
    return np.asarray(sources[library.passage_sources])


def same_but_for_draws(found: tuple[Rows, Vectors], expected: tuple[Rows, Vectors]) -> None:
    """Equal scores in order; and the same rows wherever a score stands alone."""
    np.testing.assert_allclose(found[1], expected[1], atol=2e-5)
    apart = np.abs(np.diff(expected[1], prepend=np.inf, append=-np.inf)) > 5e-5
    alone = apart[:-1] & apart[1:]
    alone[-1:] = False  # what draws with the last may have been cut off
    np.testing.assert_array_equal(found[0][alone], expected[0][alone])


@pytest.fixture(scope="module")
def asked(searcher: Searcher) -> list[tuple[str, Vectors]]:
    return [(q["question"], searcher.encoder.encode_query(q["question"])) for q in _ANSWERABLE[:40]]


def test_both_hold_all_passages(by_files: Legs, by_cluster: Legs, generation: Generation) -> None:
    lengths = {len(leg) for legs in (by_files, by_cluster) for leg in (legs.dense, legs.lexical)}
    assert lengths == {generation.manifest.counts["passages"]}


@pytest.mark.parametrize("depth", [1, 10, 300])
def test_the_dense_leg_finds_the_same_but_for_draws(
    by_files: Legs, by_cluster: Legs, asked: list[tuple[str, Vectors]], depth: int
) -> None:
    for _, vector in asked[:20]:
        found = by_cluster.dense.search(vector, depth)
        same_but_for_draws(found, by_files.dense.search(vector, depth))


def test_more_than_there_is_gives_all_there_is(
    by_cluster: Legs, asked: list[tuple[str, Vectors]], generation: Generation
) -> None:
    rows, _ = by_cluster.dense.search(asked[0][1], 10_000)
    assert sorted(rows.tolist()) == list(range(generation.manifest.counts["passages"]))


@pytest.mark.parametrize("where", _FILTERS, ids=str)
def test_a_filter_keeps_the_same_passages_in_the_dense_leg(
    by_files: Legs,
    by_cluster: Legs,
    searcher: Searcher,
    asked: list[tuple[str, Vectors]],
    where: LexicalFilter,
) -> None:
    allowed = mask(searcher, where)
    for _, vector in asked[:3]:
        found = by_cluster.dense.search(vector, 50, allowed, where)
        expected = by_files.dense.search(vector, 50, allowed, where)
        same_but_for_draws(found, expected)
        assert allowed[found[0]].all()


@pytest.mark.parametrize("where", _FILTERS, ids=str)
def test_a_filter_keeps_the_same_passages_in_the_lexical_leg(
    by_files: Legs, by_cluster: Legs, where: LexicalFilter
) -> None:
    question = "vitamin K2 magnesium walking legs arteries cramps"
    found, _ = by_cluster.lexical.search(question, 5_000, where)
    expected, _ = by_files.lexical.search(question, 5_000, where)
    assert sorted(found.tolist()) == sorted(expected.tolist())


def test_a_mask_alone_keeps_what_it_keeps(
    by_files: Legs, by_cluster: Legs, asked: list[tuple[str, Vectors]]
) -> None:
    """As where the neighbours of a source are asked for, without the source itself."""
    allowed = np.ones(len(by_files.dense), dtype=np.bool_)
    best, _ = by_files.dense.search(asked[0][1], 60)
    allowed[best[:40]] = False
    found = by_cluster.dense.search(asked[0][1], 20, allowed)
    same_but_for_draws(found, by_files.dense.search(asked[0][1], 20, allowed))
    # The same where something is asked of the fields as well, so that Milvus has to be asked for more.
    found = by_cluster.dense.search(asked[0][1], 20, allowed, LexicalFilter(year_to=9999, kind="article"))
    assert allowed[found[0]].all()
    assert len(found[0]) == 20


def test_a_mask_that_keeps_nothing_finds_nothing(by_cluster: Legs, asked: list[tuple[str, Vectors]]) -> None:
    rows, scores = by_cluster.dense.search(asked[0][1], 5, np.zeros(len(by_cluster.dense), dtype=np.bool_))
    assert len(rows) == len(scores) == 0


def test_single_passages_have_the_same_vectors_and_cosines(
    by_files: Legs, by_cluster: Legs, asked: list[tuple[str, Vectors]]
) -> None:
    rows = np.array([5, 0, 17, 5], dtype=np.int64)
    np.testing.assert_array_equal(by_cluster.dense.vectors(rows), by_files.dense.vectors(rows))
    vector = asked[0][1]
    np.testing.assert_array_equal(by_cluster.dense.scores(vector, rows), by_files.dense.scores(vector, rows))


def test_words_are_as_frequent_and_as_rare(by_files: Legs, by_cluster: Legs) -> None:
    question = "does MK-7 lower dp-ucMGP in dialysis and zebras"
    frequencies = by_cluster.lexical.frequencies(question)
    assert frequencies == by_files.lexical.frequencies(question)
    assert by_cluster.lexical.stems(question) == by_files.lexical.stems(question)
    for count in frequencies.values():
        assert by_cluster.lexical.rarity(count) == by_files.lexical.rarity(count)


@pytest.mark.parametrize("question", ["", "the of and", "?!"])
def test_a_question_without_words_finds_nothing(by_files: Legs, by_cluster: Legs, question: str) -> None:
    for legs in (by_files, by_cluster):
        rows, scores = legs.lexical.search(question, 10)
        assert len(rows) == len(scores) == 0


@pytest.mark.parametrize("spelling", ["MK-7", "MK7", "mk 7", "25(OH)D", "25-OH-D", "0.5 mg", "P = .04"])
def test_the_words_of_a_name_find_as_many_passages(by_files: Legs, by_cluster: Legs, spelling: str) -> None:
    """The analyzer of Milvus parts nothing that our terms keep together."""
    found, _ = by_cluster.lexical.search(spelling, 5_000)
    expected, _ = by_files.lexical.search(spelling, 5_000)
    assert sorted(found.tolist()) == sorted(expected.tolist())


def test_the_lexical_legs_agree_on_most_of_the_first_ten(by_files: Legs, by_cluster: Legs) -> None:
    """Milvus has a BM25 of its own; on the starter questions nine of ten are the same."""
    shares = []
    for question in _ANSWERABLE:
        ours, _ = by_files.lexical.search(question["question"], 10)
        theirs, _ = by_cluster.lexical.search(question["question"], 10)
        shares.append(len(set(ours.tolist()) & set(theirs.tolist())) / 10)
    assert np.mean(shares) >= 0.9


def test_the_lexical_legs_answer_equally_well(by_files: Legs, by_cluster: Legs, searcher: Searcher) -> None:
    """nDCG@10 over the library's own questions, a passage of an answering source counting as an answer."""
    ours, theirs = (mean_ndcg(legs, searcher) for legs in (by_files, by_cluster))
    assert theirs == pytest.approx(ours, abs=0.01)


def test_added_words_count_for_less_than_those_of_the_question(by_cluster: Legs, by_files: Legs) -> None:
    question, added = "walking", {"magnesium": 0.25}
    found, scores = by_cluster.lexical.search(question, 2_000, added=added)
    plain = dict(zip(*(part.tolist() for part in by_cluster.lexical.search(question, 2_000)), strict=True))
    expected, _ = by_files.lexical.search(question, 2_000, added=added)
    assert sorted(found.tolist()) == sorted(expected.tolist())
    raised = {
        row: score - plain.get(row, 0.0) for row, score in zip(found.tolist(), scores.tolist(), strict=True)
    }
    assert min(raised.values()) > -1e-4
    own = max(plain.values())
    assert 0 < max(raised.values()) < own


def mean_ndcg(legs: Legs, searcher: Searcher) -> float:
    values = []
    for question in _ANSWERABLE:
        answering = {row for answer in question["answers"] for row in searcher.library.passage_rows(answer)}
        rows, _ = legs.lexical.search(question["question"], 10)
        gained = sum(1 / math.log2(place + 2) for place, row in enumerate(rows) if int(row) in answering)
        best = sum(1 / math.log2(place + 2) for place in range(min(10, len(answering))))
        values.append(gained / best if best else 0.0)
    return float(np.mean(values))
