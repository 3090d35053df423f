"""The starter library answers its own questions; the even ones are looked at here only."""

import json
from collections import Counter
from pathlib import Path

import pytest

from corpus.errors import MalformedRecordError, NotFoundError
from search_api.evaluation import Evaluation, Outcome, Question, evaluate, read_questions
from search_api.search import Searcher
from tests.conftest import STARTER

QUESTIONS = STARTER / "questions.jsonl"


@pytest.fixture(scope="module")
def test_half(searcher: Searcher) -> Evaluation:
    """What came of the even questions."""
    return evaluate(searcher, read_questions(QUESTIONS, "test"))


def test_an_answering_source_is_among_the_first_three_for_most_questions(test_half: Evaluation) -> None:
    assert len(test_half.answerable) == 50
    assert test_half.answered_in_three >= 0.92


def test_most_unanswerable_questions_are_refused_and_hardly_any_answerable_one(test_half: Evaluation) -> None:
    assert len(test_half.unanswerable) == 10
    assert test_half.refused_unanswerable >= 0.8
    assert test_half.refused_answerable <= 0.05


def test_the_questions_are_of_three_kinds_spread_evenly_over_both_halves() -> None:
    for half in ("tune", "test"):
        kinds = Counter(question.asked_by for question in read_questions(QUESTIONS, half))  # type: ignore[arg-type]
        assert kinds == {"layperson": 30, "researcher": 20, "near-miss": 10}


def test_the_halves_share_no_question_and_make_up_the_whole() -> None:
    tune, test = read_questions(QUESTIONS, "tune"), read_questions(QUESTIONS, "test")
    assert not {q.text for q in tune} & {q.text for q in test}
    assert {q.question_id for q in (*tune, *test)} == {q.question_id for q in read_questions(QUESTIONS)}


def test_every_answer_exists_in_the_library(searcher: Searcher) -> None:
    for question in read_questions(QUESTIONS):
        for answer in question.answers:
            try:
                assert searcher.library.source(answer).source_id == answer
            except NotFoundError:
                pytest.fail(f"{question.question_id} names {answer}")


def test_shares_are_of_the_answerable_and_of_the_unanswerable() -> None:
    known, unknown = Question("a", "x", "?", frozenset({"doi:1"})), Question("b", "x", "?", frozenset())
    seen = Evaluation(
        (
            Outcome(known, 2, True),
            Outcome(known, 0, False),
            Outcome(known, 3, True),
            Outcome(known, 1, True),
            Outcome(unknown, 0, False),
            Outcome(unknown, 0, True),
        )
    )
    assert (seen.answered_in_three, seen.refused_answerable, seen.refused_unanswerable) == (0.75, 0.25, 0.5)


def test_a_cited_study_counts_as_an_answer(searcher: Searcher) -> None:
    """The article that cites Tan 2024 answers a question whose answer is that study."""
    article = next(iter(searcher.library.cited_by("doi:10.1001/jamainternmed.2024.5726")))
    cites = {m.source_id for m in searcher.library.source(article).mentions}
    assert "doi:10.1001/jamainternmed.2024.5726" in cites
    question = Question(
        "a", "x", "Does vitamin K2 stop leg cramps?", frozenset({"doi:10.1001/jamainternmed.2024.5726"})
    )
    assert evaluate(searcher, [question]).outcomes[0].rank > 0


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    good = {"id": "a", "asked_by": "x", "question": "?", "answers": []}
    path.write_text(json.dumps(good) + "\n{broken\n", "utf-8")
    with pytest.raises(MalformedRecordError, match="line 2"):
        read_questions(path)


def test_a_library_without_questions_says_so(tmp_path: Path) -> None:
    with pytest.raises(MalformedRecordError, match="no questions"):
        read_questions(tmp_path / "questions.jsonl")
