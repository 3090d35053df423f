"""The fit behind `search_api.adequacy`.

The weights are fitted on the odd starter questions and the calibration questions together, the
threshold on the odd starter questions alone. The calibration questions were written beside the
library without sight of the starter questions: 80 that it answers, in words as far from its own as
could be found, and 80 near misses, half of them close to its subject.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.adequacy import unknown_share
from search_api.evaluation import Question, evaluate, read_questions
from search_api.queries import query_from
from search_api.search import Searcher

STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"
CALIBRATION = Path(__file__).parent / "calibration_questions.jsonl"
#: Share of the answerable tuning questions that may be refused.
_LOST = 0.05


def measure(work: Path) -> dict[str, object]:
    """The fitted coefficients, and how the coefficients in use do on each set."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    index = work / "index"
    build(index, [STARTER])
    searcher = Searcher.open(IndexDirectory(index).open())
    tuning = read_questions(STARTER / "questions.jsonl", "tune")
    calibration = read_questions(CALIBRATION)
    features = np.array([_features(searcher, question) for question in (*tuning, *calibration)])
    answered = np.array([bool(question.answers) for question in (*tuning, *calibration)])
    scaler = StandardScaler().fit(features)
    model = LogisticRegression(class_weight="balanced").fit(scaler.transform(features), answered)
    weights = model.coef_[0] / scaler.scale_
    constant = -_threshold((features @ weights)[: len(tuning)], answered[: len(tuning)])
    seen = {
        "closeness": round(float(weights[0]), 2),
        "unknown": round(float(weights[1]), 1),
        "constant": round(constant, 2),
    }
    return {"fitted": seen, **{name: _shares(searcher, asked) for name, asked in _sets(tuning, calibration)}}


def _threshold(scores: npt.NDArray[np.float64], answered: npt.NDArray[np.bool_]) -> float:
    """The lowest threshold that refuses most near misses while it refuses few answerable questions."""
    ordered = np.sort(scores)
    between = (ordered[1:] + ordered[:-1]) / 2
    allowed = [t for t in between if np.mean(scores[answered] < t) <= _LOST]
    return float(max(allowed, key=lambda t: (np.mean(scores[~answered] < t), -t)))


def _sets(tuning: list[Question], calibration: list[Question]) -> list[tuple[str, list[Question]]]:
    return [
        ("starter_tuning_half", tuning),
        ("calibration", calibration),
        ("starter_test_half", read_questions(STARTER / "questions.jsonl", "test")),
    ]


def _features(searcher: Searcher, question: Question) -> npt.NDArray[np.float64]:
    best = max(
        hit.scores["dense"]
        for hit in searcher.search(query_from({"query": question.text, "limit": 1, "mode": "dense"})).hits
    )
    frequencies = searcher.lexical.frequencies(question.text)
    rarities = {stem: searcher.lexical.rarity(count) for stem, count in frequencies.items()}
    closeness = float(searcher.background.closeness(np.array([best]))[0])
    return np.array([closeness, unknown_share(rarities, frequencies)])


def _shares(searcher: Searcher, questions: list[Question]) -> dict[str, float]:
    seen = evaluate(searcher, questions)
    return {
        "answered_in_three": seen.answered_in_three,
        "refused_answerable": seen.refused_answerable,
        "refused_unanswerable": seen.refused_unanswerable,
    }
