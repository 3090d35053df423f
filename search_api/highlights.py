"""The sentences of a passage that answer, told by the words of the question and by how they speak.

For each sentence: the rarity of the question's terms that it holds, against that of the whole first passage
found, because half of a layperson's words stand in no answer; the share of their 4-grams, against the best
sentence of its passage, which finds other forms of a word; whether it reports a result, or tells a plan
(`search_api.manner`); its place, for results stand behind aims. A logistic sum joins them;
`benchmarks/highlights.py` fits it and measures it against sentences that people marked.

A question in the passage answers nothing; the sentence after it answers what it asks, and has its terms.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.records import Span
from corpus.sentences import sentence_spans
from indexer.forward import grams
from indexer.lexical import stem_set
from search_api.manner import plans, reports

Features = npt.NDArray[np.float64]

#: What `benchmarks/highlights.py` fitted, in the order of `FEATURES`.
_WEIGHTS = np.array([2.51, 1.62, 0.71, -1.95, 0.56])
_CONSTANT = -4.32
#: A sentence is marked from this chance on.
LEAST = 0.3
FEATURES = ("coverage", "grams", "result", "plan", "place")
#: A sentence may hold more of the question than the first passage, but not count for more than this.
_MOST = 1.5
_CLOSING = " \"'”’)]"


class AnswerMarker:
    """Marks what answers one question; ``weights`` maps its stems to their rarity.

    ``first`` is the text of the best passage found: it tells how much of the question an answer can hold.
    """

    def __init__(self, weights: Mapping[str, float], first: str) -> None:
        self._weights = weights
        self._expected = self._weight(stem_set(first)) or sum(weights.values())
        self._grams = frozenset(gram for stem in weights for gram in grams(stem))

    def spans(self, text: str) -> tuple[Span, ...]:
        """The spans of the sentences of ``text`` that are likely to answer, in order; often none."""
        found, features = self.features(text)
        if not found:
            return ()
        chances = 1 / (1 + np.exp(-(features @ _WEIGHTS + _CONSTANT)))
        chosen = (features[:, 0] > 0) & (chances >= LEAST)
        return tuple(span for span, marked in zip(found, chosen, strict=True) if marked)

    def features(self, text: str) -> tuple[list[Span], Features]:
        """The sentences of ``text`` that are no questions, and what is known of each, ``(n, features)``."""
        spans = sentence_spans(text)
        found: list[Span] = []
        rows: list[tuple[float, ...]] = []
        asked = ""
        for number, (start, end) in enumerate(spans):
            sentence = text[start:end]
            if sentence.rstrip(_CLOSING).endswith("?"):
                asked = sentence
                continue
            place = number / (len(spans) - 1) if len(spans) > 1 else 0.5
            found.append(Span(start, end))
            rows.append((*self._shares(sentence, asked), reports(sentence), plans(sentence), place))
            asked = ""
        features = np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))
        if rows:
            features[:, 1] /= max(float(features[:, 1].max()), 1e-9)
        return found, features

    def _shares(self, sentence: str, asked: str) -> tuple[float, float]:
        """What a sentence, and the question before it, hold of the terms and of their 4-grams."""
        if not self._expected:
            return 0.0, 0.0
        terms = self._weight(stem_set(sentence) | stem_set(asked)) / self._expected
        shared = len(self._grams & (_grams(sentence) | _grams(asked)))
        return min(terms, _MOST), shared / len(self._grams)

    def _weight(self, held: frozenset[str]) -> float:
        return sum(weight for stem, weight in self._weights.items() if stem in held)


@lru_cache(maxsize=16_384)
def _grams(sentence: str) -> frozenset[str]:
    return frozenset().union(*map(_stem_grams, stem_set(sentence)))


@lru_cache(maxsize=65_536)
def _stem_grams(stem: str) -> frozenset[str]:
    return frozenset(grams(stem))


def answering_sentence(weights: Mapping[str, float], text: str) -> tuple[Span, ...]:
    """The span of the sentence of ``text`` with the highest summed weight of the terms it holds.

    For whoever needs one, whatever its chance. ``weights`` maps the stems of the question to their rarity.
    The first of equals; none where no sentence shares a term with the question.
    """
    best: tuple[float, Span] | None = None
    asked: frozenset[str] = frozenset()
    for start, end in sentence_spans(text):
        held = stem_set(text[start:end]) | asked
        asked = held if text[start:end].rstrip(_CLOSING).endswith("?") else frozenset()
        shared = 0.0 if asked else sum(weights.get(stem, 0.0) for stem in held)
        if shared > 0 and (best is None or shared > best[0]):
            best = (shared, Span(start, end))
    return (best[1],) if best else ()
