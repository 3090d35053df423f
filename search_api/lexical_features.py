"""What the words of candidates say: BM25 over stems, character n-grams and bigrams, and words fed back.

Scores are computed for the candidates of one question only, from the forward index; higher is better. The
parameters were tuned on SciFact train and NFCorpus dev (ARCHITECTURE.md).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.forward import NAME_WEIGHT, ForwardIndex, Ids, gram_code, grams, spread

Scores = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

#: BM25 (doi:10.1561/1500000019) over stems, title three times, and over the 4-grams of stems.
STEM_K1, STEM_B = 1.2, 0.6
GRAM_K1, GRAM_B = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class WeightedStems:
    """Stems of the vocabulary with their weights in a question: ``ids`` and ``weights``, both ``(n,)``."""

    ids: Rows
    weights: Scores


class CandidateText:
    """The stems of some stretches, laid out for counting."""

    def __init__(self, forward: ForwardIndex, stretches: Rows) -> None:
        self._forward = forward
        self.stretches = stretches
        begins, ends = forward.stretch_tokens[stretches], forward.stretch_tokens[stretches + 1]
        places, self._owner = spread(begins, ends)
        self.tokens = forward.tokens.take(places)
        self._weights = forward.weights.take(places).astype(np.float64)
        self._lengths = forward.lengths[stretches]
        self._looked_up: dict[bytes, tuple[Rows, Rows]] = {}

    def bm25(self, question: WeightedStems) -> Scores:
        """The weighted sum of BM25 over a question's stems, ``(stretches,)``."""
        column, hit = self._columns(question.ids)
        counts = self._counted(self._owner[hit], column, self._weights[hit], len(question.ids))
        rarity = self._forward.rarity(self._forward.frequency[question.ids])
        norms = _norms(self._lengths, self._forward.mean_length, STEM_K1, STEM_B)
        return _saturated(counts, norms, STEM_K1) @ (rarity * question.weights)

    def gram_bm25(self, stems: Sequence[str]) -> Scores:
        """BM25 over the character 4-grams of a question's stems, ``(stretches,)``."""
        wanted = Counter(gram_code(gram) for stem in stems for gram in grams(stem))
        codes = np.array(list(wanted), dtype=np.uint32)
        known, frequency, (gram_of, holders) = self._forward.holders_of(codes)
        if not len(known):
            return np.zeros(len(self.stretches))
        times = np.array(list(wanted.values()), dtype=np.float64)[known]
        order = np.argsort(holders, kind="stable")
        distinct, first = np.unique(holders[order], return_index=True)
        column, hit = self._columns(distinct)
        # A token stands for every gram that its stem holds.
        begins = first[column]
        ends = np.append(first, len(holders))[column + 1]
        places, token = spread(begins, ends)
        counts = self._counted(
            self._owner[hit][token], gram_of[order][places], self._weights[hit][token], len(known)
        )
        lengths = self._forward.gram_length[self.stretches]
        norms = _norms(lengths, self._forward.mean_gram_length, GRAM_K1, GRAM_B)
        return _saturated(counts, norms, GRAM_K1) @ (self._forward.rarity(frequency) * times)

    def bigram_bm25(self, ids: Sequence[int]) -> Scores:
        """BM25 over the adjacent pairs of a question's stems, ``(stretches,)``; ``ids`` in their order.

        A pair is as rare as the mean of its two stems: the files do not count pairs. Names, title and text
        follow one another, so that the last stem of the title makes a pair with the first of the text. A
        stem that no stretch holds is -1 and parts its neighbours.
        """
        pairs = [pair for pair in dict.fromkeys(pairwise(ids)) if -1 not in pair]
        scores = np.zeros(len(self.stretches))
        norms = _norms(self._lengths, self._forward.mean_length, GRAM_K1, GRAM_B)
        _, heard = self._columns(np.array(sorted(set(ids) - {-1}), dtype=np.int64))
        followed = (heard[1:] == heard[:-1] + 1) & (self._owner[heard[1:]] == self._owner[heard[:-1]])
        firsts = heard[:-1][followed]
        first, second = self.tokens[firsts], self.tokens[firsts + 1]
        for left, right in pairs:
            found = firsts[(first == left) & (second == right)]
            if len(found):
                column = np.zeros(len(found), dtype=np.int64)
                counts = self._counted(self._owner[found], column, self._weights[found], 1)
                rarity = self._forward.rarity(self._forward.frequency[[left, right]]).mean()
                scores += rarity * _saturated(counts, norms, GRAM_K1)[:, 0]
        return scores

    def feedback(self, shares: Scores, terms: int) -> WeightedStems:
        """The relevance model (doi:10.1145/383952.383972): the likeliest stems of the stretches.

        ``shares`` says how much each stretch counts, ``(stretches,)``, in sum 1; the weights sum to 1.
        Who wrote it and where is no word about the subject and is left out.
        """
        chosen = (shares > 0)[self._owner] & (self._weights > NAME_WEIGHT)
        owner = self._owner[chosen]
        mass = self._weights[chosen] * (shares / np.maximum(self._lengths, 1.0))[owner]
        ids, places = np.unique(self.tokens[chosen], return_inverse=True)
        likelihood = np.bincount(places, mass, len(ids))
        keep = np.lexsort((ids, -likelihood))[:terms]
        kept = likelihood[keep]
        return WeightedStems(ids[keep].astype(np.int64), kept / max(float(kept.sum()), 1e-12))

    def _columns(self, ids: Rows) -> tuple[Rows, Rows]:
        """The tokens whose stem is among ``ids``: the position of it there, and their own places."""
        asked = ids.tobytes()
        if asked not in self._looked_up:
            self._looked_up[asked] = _columns_of(self._forward, self.tokens, ids)
        return self._looked_up[asked]

    def _counted(self, owner: Rows, column: Rows, weights: Scores, columns: int) -> Scores:
        cells = np.bincount(
            owner * columns + column, weights=weights, minlength=len(self.stretches) * columns
        )
        return np.asarray(cells, dtype=np.float64).reshape(len(self.stretches), columns)


def passage_bm25(forward: ForwardIndex, rows: Rows, question: WeightedStems) -> Scores:
    """BM25 of single passages, ``(rows,)``: which window of a stretch has the question's words."""
    begins, ends = forward.passage_tokens[rows].T
    places, owner = spread(begins, ends)
    column, hit = _columns_of(forward, forward.tokens.take(places), question.ids)
    width = len(question.ids)
    counts = np.bincount(owner[hit] * width + column, minlength=len(rows) * width).astype(np.float64)
    lengths = (ends - begins).astype(np.float64)
    norms = _norms(lengths, float(lengths.mean()) if len(lengths) else 1.0, STEM_K1, STEM_B)
    rarity = forward.rarity(forward.frequency[question.ids])
    return _saturated(counts.reshape(len(rows), width), norms, STEM_K1) @ (rarity * question.weights)


def mixed(first: WeightedStems, second: WeightedStems, share: float) -> WeightedStems:
    """Two weightings as one, each brought to the sum 1; the second has ``share`` of it."""
    ids, places = np.unique(np.concatenate([first.ids, second.ids]), return_inverse=True)
    parts = [
        (1 - share) * first.weights / max(float(first.weights.sum()), 1e-12),
        share * second.weights / max(float(second.weights.sum()), 1e-12),
    ]
    weights = np.bincount(places, np.concatenate(parts), len(ids)).astype(np.float64)
    return WeightedStems(ids, weights)


def _columns_of(forward: ForwardIndex, tokens: Ids, ids: Rows) -> tuple[Rows, Rows]:
    column = forward.places_among(ids, tokens)
    hit = np.flatnonzero(column >= 0)
    return column[hit].astype(np.int64), hit


def _norms(lengths: npt.NDArray[np.floating], mean: float, k1: float, b: float) -> Scores:
    return np.asarray(k1 * (1 - b + b * lengths / max(mean, 1e-9)), dtype=np.float64)


def _saturated(counts: npt.NDArray[np.floating], norms: Scores, k1: float) -> Scores:
    return np.asarray(counts * (k1 + 1) / (counts + norms[:, None]), dtype=np.float64)
