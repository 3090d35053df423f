"""How well the marked sentences are those that people marked: SciFact's rationales, training claims only.

Every claim with evidence is asked as a question. Of the first ten results those from an abstract with
evidence are looked at: the sentences that the product marks in each passage against those that the annotators
marked in the abstract. A sentence of a passage counts as theirs where more than half of it lies in theirs.
F1 is over all sentences of these passages. In the same run: the sentence of each passage with the highest
BM25 score, the one that shares most weight with the question, and what the encoder's cosine would add.
Weights are fitted and judged in ten parts split by claim, so that none is judged by a claim it was fitted on.

``FOOTNOTE_SHARED`` names the folder with ``eval/scifact``; ``FOOTNOTE_SCIFACT_INDEX`` an index of its corpus,
without which one is built. Without the folder nothing is measured.
"""

import gzip
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.records import Passage, Source, Span
from corpus.sentences import sentence_spans
from indexer.build import build
from indexer.generation import IndexDirectory
from indexer.lexical import stems
from search_api.highlights import FEATURES, LEAST, AnswerMarker, answering_sentence
from search_api.queries import query_from
from search_api.search import Searcher

_SHARED = Path(os.environ.get("FOOTNOTE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
_SCIFACT = _SHARED / "eval" / "scifact"
_PARTS = 10
_K1, _B = 1.2, 0.75

Marks = npt.NDArray[np.bool_]
Chances = npt.NDArray[np.float64]
Pick = Callable[["Shown"], Sequence[Span]]


@dataclass(frozen=True)
class Shown:
    """A passage that was found for a claim, its sentences, and which of them the annotators marked.

    ``first`` is the text of the first result.
    """

    claim_id: int
    claim: str
    first: str
    text: str
    weights: Mapping[str, float]
    cosine: float
    spans: tuple[Span, ...]
    theirs: tuple[bool, ...]


def measure(work: Path) -> dict[str, object]:
    """Precision, recall and F1 of each way to choose, the fitted weights, milliseconds an answer."""
    if not _SCIFACT.is_dir():
        return {"skipped": f"{_SCIFACT.name} is absent"}
    given = os.environ.get("FOOTNOTE_SCIFACT_INDEX")
    index = Path(given) if given else work / "scifact"
    if not given:
        build(index, [_SCIFACT / "corpus.jsonl.gz"])
    searcher = Searcher.open(IndexDirectory(index).open(), threads=1)
    shown = _shown(searcher)
    theirs = np.concatenate([one.theirs for one in shown])
    features, chances, fitted = _fitted(shown, theirs)
    seen: dict[str, object] = {
        "claims": len({one.claim_id for one in shown}),
        "passages": len(shown),
        "sentences": len(theirs),
        "marked_by_people": int(theirs.sum()),
        "every_sentence": _f1(np.ones(len(theirs), dtype=np.bool_), theirs),
        "highest_bm25": _f1(_picked(shown, _highest_bm25(shown)), theirs),
        "most_shared_weight": _f1(_picked(shown, lambda s: answering_sentence(s.weights, s.text)), theirs),
        "cross_validated": _f1(chances >= LEAST, theirs),
        "in_use": _f1(_picked(shown, lambda s: AnswerMarker(s.weights, s.first).spans(s.text)), theirs),
        "fitted": fitted,
        "without_each": _without_each(shown, features, theirs),
        **_milliseconds(searcher, shown),
    }
    seen["with_cosine"] = _with_cosine(searcher, shown, features, theirs)
    searcher.close()
    return seen


def _shown(searcher: Searcher) -> list[Shown]:
    lines = (_SCIFACT / "original" / "claims_train.jsonl").read_text("utf-8").splitlines()
    claims = [claim for claim in map(json.loads, lines) if claim["evidence"]]
    wanted = {document for claim in claims for document in claim["evidence"]}
    with gzip.open(_SCIFACT / "original" / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        abstracts = {str(row["doc_id"]): row["abstract"] for row in map(json.loads, file)}
    abstracts = {document: abstracts[document] for document in wanted}
    return [one for claim in claims for one in _shown_for(searcher, claim, abstracts)]


def _shown_for(searcher: Searcher, claim: dict[str, Any], abstracts: Mapping[str, list[str]]) -> list[Shown]:
    ranked = searcher.rank(query_from({"query": claim["claim"]}))
    frequencies = searcher.lexical.frequencies(claim["claim"])
    weights = {stem: searcher.lexical.rarity(count) for stem, count in frequencies.items()}
    found = []
    passages = searcher.library.passages([int(row) for row in ranked.rows])
    for passage, cosine in zip(passages, ranked.cosines, strict=True):
        source = searcher.library.source(passage.source_id)
        if source.key not in claim["evidence"]:
            continue
        numbers = {n for evidence in claim["evidence"][source.key] for n in evidence["sentences"]}
        marked = _places(source, abstracts[source.key], numbers)
        spans = tuple(Span(start, end) for start, end in sentence_spans(passage.text))
        theirs = tuple(_is_within(span, passage, marked) for span in spans)
        found.append(
            Shown(
                claim["id"],
                claim["claim"],
                passages[0].text,
                passage.text,
                weights,
                float(cosine),
                spans,
                theirs,
            )
        )
    return found


def _places(source: Source, abstract: Sequence[str], numbers: set[int]) -> list[Span]:
    """Where the numbered sentences of an abstract stand in the source's text."""
    at, places = source.text.index("\n\n"), []
    for number, sentence in enumerate(abstract):
        words = " ".join(sentence.split())
        start = source.text.find(words, at)
        if start >= 0:
            at = start + len(words)
            if number in numbers:
                places.append(Span(start, at))
    return places


def _is_within(span: Span, passage: Passage, marked: Sequence[Span]) -> bool:
    start, end = passage.start + span.start, passage.start + span.end
    inside = sum(max(0, min(end, other.end) - max(start, other.start)) for other in marked)
    return 2 * inside > end - start


def _picked(shown: Sequence[Shown], pick: Pick) -> Marks:
    return np.array([span in set(pick(one)) for one in shown for span in one.spans], dtype=np.bool_)


def _highest_bm25(shown: Sequence[Shown]) -> Pick:
    """Picks the sentence with the highest BM25 score of a passage."""
    lengths = [len(stems(one.text[span.start : span.end])) for one in shown for span in one.spans]
    mean = float(np.mean(lengths))

    def pick(one: Shown) -> Sequence[Span]:
        words = [stems(one.text[span.start : span.end]) for span in one.spans]
        scores = [_bm25(one.weights, held, mean) for held in words]
        best = int(np.argmax(scores))
        return [one.spans[best]] if scores[best] > 0 else []

    return pick


def _bm25(weights: Mapping[str, float], held: Sequence[str], mean: float) -> float:
    norm = _K1 * (1 - _B + _B * len(held) / mean)
    counts = {stem: held.count(stem) for stem in weights}
    return sum(weights[stem] * count * (_K1 + 1) / (count + norm) for stem, count in counts.items())


def _f1(marked: Marks, theirs: Marks) -> dict[str, float]:
    right = int((marked & theirs).sum())
    precision, recall = right / max(int(marked.sum()), 1), right / int(theirs.sum())
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"f1": round(f1, 3), "precision": round(precision, 3), "recall": round(recall, 3)}


def _fitted(shown: Sequence[Shown], theirs: Marks) -> tuple[Chances, Chances, dict[str, float]]:
    """The features of every sentence, its cross-validated chances, and the weights fitted on all claims."""
    from sklearn.linear_model import LogisticRegression

    features = np.concatenate([_features_of(one) for one in shown])
    chances = _cross_validated(features, shown, theirs)
    model = LogisticRegression(C=100).fit(features, theirs)
    weights = {name: round(float(w), 2) for name, w in zip(FEATURES, model.coef_[0], strict=True)}
    return features, chances, weights | {"constant": round(float(model.intercept_[0]), 2)}


def _features_of(one: Shown) -> Chances:
    """What the product knows of each sentence; zeros for a question, of which it knows nothing."""
    spans, rows = AnswerMarker(one.weights, one.first).features(one.text)
    known = dict(zip(spans, rows, strict=True))
    return np.array([known.get(span, np.zeros(len(FEATURES))) for span in one.spans])


def _cross_validated(features: Chances, shown: Sequence[Shown], theirs: Marks) -> Chances:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    claims = np.concatenate([[one.claim_id] * len(one.spans) for one in shown])
    chances = np.zeros(len(theirs))
    for fitted_on, judged in GroupKFold(_PARTS).split(features, theirs, claims):
        model = LogisticRegression(C=100).fit(features[fitted_on], theirs[fitted_on])
        chances[judged] = model.predict_proba(features[judged])[:, 1]
    return chances


def _without_each(shown: Sequence[Shown], features: Chances, theirs: Marks) -> dict[str, float]:
    """The F1 that is left when a feature is taken away."""
    left = {}
    for place, name in enumerate(FEATURES):
        chances = _cross_validated(np.delete(features, place, axis=1), shown, theirs)
        left[name] = _f1(chances >= LEAST, theirs)["f1"]
    return left


def _with_cosine(
    searcher: Searcher, shown: Sequence[Shown], features: Chances, theirs: Marks
) -> dict[str, float]:
    """What the cosine of claim and sentence, and its lead over the passage's, would add, and cost."""
    texts = [one.text[span.start : span.end] for one in shown for span in one.spans]
    distinct = list(dict.fromkeys([*texts, *(one.claim for one in shown)]))
    place = {text: number for number, text in enumerate(distinct)}
    began = time.process_time()
    vectors = searcher.encoder.encode_queries(distinct)
    each = (time.process_time() - began) * 1000 / len(distinct)
    claims = [one.claim for one in shown for _ in one.spans]
    cosines = np.array(
        [float(vectors[place[t]] @ vectors[place[c]]) for t, c in zip(texts, claims, strict=True)]
    )
    lead = cosines - np.concatenate([[one.cosine] * len(one.spans) for one in shown])
    chances = _cross_validated(np.column_stack([features, cosines, lead]), shown, theirs)
    return _f1(chances >= LEAST, theirs) | {"processor_ms_a_sentence": round(each, 2)}


def _milliseconds(searcher: Searcher, shown: Sequence[Shown]) -> dict[str, float]:
    """Processor time of marking ten passages of sentences never seen before, and of the earlier way."""
    ten = [shown[begin : begin + 10] for begin in range(0, len(shown) - 9, 10)]
    times = []
    for marks in (
        lambda one: AnswerMarker(one.weights, one.first).spans(one.text + " "),
        lambda one: answering_sentence(one.weights, one.text),
    ):
        _forget()
        spent = []
        for answer in ten:
            began = time.process_time()
            for one in answer:
                marks(one)
            spent.append((time.process_time() - began) * 1000)
        times.append(round(float(np.median(spent)), 2))
    return {"ms_ten_passages": times[0], "ms_ten_passages_most_shared_weight": times[1]}


def _forget() -> None:
    """Empty what was remembered of sentences seen before."""
    from indexer.lexical import stem_set
    from search_api import highlights

    for remembered in (stem_set, highlights._grams):
        remembered.cache_clear()
