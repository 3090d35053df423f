"""How well a library answers its own questions: the share answered in the first three, the refusals.

A library may carry ``questions.jsonl``: one question a line with the ids of the sources that answer
it, none where nothing does. Odd lines are for tuning, even lines for the tests only.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.errors import MalformedRecordError
from search_api.queries import query_from
from search_api.search import SearchAnswer, Searcher

Half = Literal["tune", "test", "all"]
FIRST = 3
#: What two evaluations of the same questions are compared by.
MEASURES = ("answered", "MRR@3")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, who asks so, and the ids that answer it (none: nothing in the library does)."""

    question_id: str
    asked_by: str
    text: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: the rank of the first answering hit (0: none in the first three)."""

    question: Question
    rank: int
    adequate: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All outcomes; shares are of the answerable or of the unanswerable questions, 0 to 1."""

    outcomes: tuple[Outcome, ...]

    @property
    def answerable(self) -> tuple[Outcome, ...]:
        """Outcomes of the questions that something answers."""
        return tuple(o for o in self.outcomes if o.question.answers)

    @property
    def unanswerable(self) -> tuple[Outcome, ...]:
        """Outcomes of the questions that nothing answers."""
        return tuple(o for o in self.outcomes if not o.question.answers)

    @property
    def answered_in_three(self) -> float:
        """Share of the answerable with an answering source, or cited study, in the first three."""
        return _share(sum(o.rank > 0 for o in self.answerable), len(self.answerable))

    @property
    def values(self) -> dict[str, dict[str, float]]:
        """The measures of each answerable question, by its id."""
        return {
            o.question.question_id: {"answered": float(o.rank > 0), "MRR@3": 1 / o.rank if o.rank else 0.0}
            for o in self.answerable
        }

    @property
    def refused_answerable(self) -> float:
        """Share of the answerable for which nothing was called adequate; lower is better."""
        return _share(sum(not o.adequate for o in self.answerable), len(self.answerable))

    @property
    def refused_unanswerable(self) -> float:
        """Share of the unanswerable for which nothing was called adequate; higher is better."""
        return _share(sum(not o.adequate for o in self.unanswerable), len(self.unanswerable))


def read_questions(path: Path, half: Half = "all") -> list[Question]:
    """The questions of a library; raises `MalformedRecordError` for a broken line or a missing file."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise MalformedRecordError(
            str(path), "there are no questions", "give a library that has some"
        ) from error
    wanted = {"tune": (1,), "test": (0,), "all": (0, 1)}[half]
    return [
        _question(line, path, number)
        for number, line in enumerate(lines, start=1)
        if line.strip() and number % 2 in wanted
    ]


def evaluate(searcher: Searcher, questions: list[Question], mode: str = "hybrid") -> Evaluation:
    """Ask each question as a reader would, with the default settings."""
    outcomes = []
    for question in questions:
        answer = searcher.search(query_from({"query": question.text, "limit": FIRST, "mode": mode}))
        outcomes.append(Outcome(question, _first_rank(answer, question.answers), answer.adequate))
    return Evaluation(tuple(outcomes))


def _first_rank(answer: SearchAnswer, answers: frozenset[str]) -> int:
    for hit in answer.hits:
        shown = {hit.source.source_id, *(cited.source.source_id for cited in hit.cites)}
        if shown & answers:
            return hit.rank
    return 0


def _question(line: str, path: Path, number: int) -> Question:
    try:
        data = json.loads(line)
        return Question(data["id"], data["asked_by"], data["question"], frozenset(data["answers"]))
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedRecordError(
            f"{path}, line {number}",
            "not a question",
            "give id, asked_by, question and answers",
            f"line {number}",
        ) from error


def _share(count: int, of: int) -> float:
    return round(count / of, 4) if of else 0.0
