"""The fit behind `search_api.confidence`, and what a confidence is worth on what was not fitted.

Fitted on every other claim of SciFact train, every other odd starter question and every other calibration
question, each of the three sets counting alike; seen on the rest of them and on NFCorpus dev. A result
answers where its source, or a study that its passage cites, is one that people named.

``FOOTNOTE_SHARED`` names the folder with ``eval/``; ``FOOTNOTE_SCIFACT_INDEX`` and
``FOOTNOTE_NFCORPUS_INDEX`` indexes of the two collections, which are built otherwise.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.adequacy import CALIBRATION, STARTER
from corpus.beir_collection import read_collection
from corpus.errors import ParameterError
from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.confidence import confidences
from search_api.evaluation import read_questions
from search_api.queries import query_from
from search_api.search import Searcher

_SHARED = Path(os.environ.get("FOOTNOTE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
_EDGES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
#: A step of the curve with fewer results says nothing.
_FEWEST = 8

Answers = Callable[[Searcher, int], bool]


@dataclass(frozen=True, slots=True)
class Results:
    """The first ten results of some questions: how close, whether it answers, its question; ``(n,)`` each."""

    closeness: npt.NDArray[np.float64]
    answers: npt.NDArray[np.bool_]
    question: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float64]

    def half(self, odd: int) -> "Results":
        """The results of every other question."""
        of = self.question % 2 == odd
        return Results(self.closeness[of], self.answers[of], self.question[of], self.confidence[of])


def measure(work: Path) -> dict[str, object]:
    """The fitted coefficients; of each set by step: the mean confidence, the share that answers, how many."""
    from sklearn.linear_model import LogisticRegression

    build(work / "starter", [STARTER])
    sets = {
        "starter_tuning_half": _of_questions(work / "starter", STARTER / "questions.jsonl"),
        "calibration": _of_questions(work / "starter", CALIBRATION),
    }
    if (_SHARED / "eval").is_dir():
        sets["scifact"] = _of_collection(work, "scifact", "train")
    fitted = [results.half(0) for results in sets.values()]
    weights = np.concatenate([np.full(len(part.answers), 1 / len(part.answers)) for part in fitted])
    model = LogisticRegression(C=1000).fit(
        np.concatenate([part.closeness for part in fitted]).reshape(-1, 1),
        np.concatenate([part.answers for part in fitted]),
        sample_weight=weights * len(weights) / weights.sum(),
    )
    curves: dict[str, object] = {name: _curve(results.half(1)) for name, results in sets.items()}
    if (_SHARED / "eval").is_dir():
        curves["nfcorpus"] = _curve(_of_collection(work, "nfcorpus", "dev"))
    constants = {
        "closeness": round(float(model.coef_[0][0]), 2),
        "constant": round(float(model.intercept_[0]), 2),
    }
    return {"fitted": constants, **curves}


def _curve(results: Results) -> list[tuple[float, float, int]]:
    steps = []
    for low, high in pairwise(_EDGES):
        inside = (results.confidence >= low) & (results.confidence < high)
        if inside.sum() >= _FEWEST:
            mean, share = results.confidence[inside].mean(), results.answers[inside].mean()
            steps.append((round(float(mean), 2), round(float(share), 2), int(inside.sum())))
    return steps


def _of_questions(index: Path, questions: Path) -> Results:
    searcher = Searcher.open(IndexDirectory(index).open())
    half = "tune" if questions.parent == STARTER else "all"
    asked = [(q.text, _answering(q.answers)) for q in read_questions(questions, half)]
    return _results(searcher, asked, max_per_source=2)


def _answering(wanted: frozenset[str]) -> Answers:
    def answers(searcher: Searcher, row: int) -> bool:
        (passage,) = searcher.library.passages([row])
        source = searcher.library.source(passage.source_id)
        cited = (one.source.source_id for one in searcher.cites_of(source, passage.start, passage.end))
        return not wanted.isdisjoint((source.source_id, *cited))

    return answers


def _of_collection(work: Path, name: str, split: str) -> Results:
    given = os.environ.get(f"FOOTNOTE_{name.upper()}_INDEX")
    index = Path(given) if given else work / name
    if not given:
        build(index, [_SHARED / "eval" / name / "corpus.jsonl.gz"])
    searcher = Searcher.open(IndexDirectory(index).open())
    collection = read_collection(_SHARED / "eval" / name, split)
    keys = searcher.library.keys()
    asked = [
        (text, _judged(collection.judgements.get(query, {}), keys))
        for query, text in collection.queries.items()
    ]
    return _results(searcher, asked, max_per_source=1)


def _judged(grades: Mapping[str, int], keys: Sequence[str | None]) -> Answers:
    return lambda searcher, row: grades.get(str(keys[searcher.library.passage_sources[row]]), 0) > 0


def _results(searcher: Searcher, asked: Sequence[tuple[str, Answers]], max_per_source: int) -> Results:
    found = list(_each(searcher, asked, max_per_source))
    searcher.close()
    closeness, answers, question, confidence = (np.array(column) for column in zip(*found, strict=True))
    return Results(closeness, answers.astype(np.bool_), question.astype(np.int64), confidence)


def _each(
    searcher: Searcher, asked: Sequence[tuple[str, Answers]], max_per_source: int
) -> Iterator[tuple[float, bool, int, float]]:
    for number, (text, answers) in enumerate(asked):
        try:
            query = query_from({"query": text, "max_per_source": max_per_source})
        except ParameterError:  # one of NFCorpus' titles holds only common words
            continue
        ranked = searcher.rank(query)
        closeness = searcher.background.closeness(ranked.cosines)
        sure = confidences(searcher.background, ranked.cosines)
        for row, near, confidence in zip(ranked.rows, closeness, sure, strict=True):
            yield float(near), answers(searcher, int(row)), number, float(confidence)
