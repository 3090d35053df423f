"""How likely a result is to answer, 0 to 1, of the result itself and not of its place in the list.

A logistic sum of two things that mean the same with every model and library: where the passage's cosine
lies between a foreign question and a title of its own (`indexer.background`), and the share of the best
possible BM25 that its stretch has for the question's words. The weights were fitted on half of 500 queries
of SciFact train; ARCHITECTURE.md has the curves on the other half, on another collection and on another
model's vectors.
"""

from collections.abc import Sequence

import numpy as np

from indexer.background import Background
from indexer.forward import ForwardIndex
from search_api.fusion import Rows, Scores
from search_api.lexical_features import STEM_K1, CandidateText, WeightedStems

_CLOSENESS, _SHARE, _CONSTANT = 5.39, 5.72, -7.51


def confidences(background: Background, cosines: Scores, shares: Scores) -> Scores:
    """The confidence of each result, ``(n,)``, from its cosine and its share of the words, ``(n,)`` each."""
    sums = _CLOSENESS * background.closeness(cosines) + _SHARE * shares + _CONSTANT
    return np.asarray(1 / (1 + np.exp(-sums)), dtype=np.float64)


def word_shares(forward: ForwardIndex, stems: Sequence[str], rows: Rows) -> Scores:
    """How much of the most that BM25 could give for some stems the stretch of each passage row has, 0 to 1.

    A stem that no stretch holds counts in what could be, with the rarity of an unheard one.
    """
    numbers = [forward.id_of(stem) for stem in stems]
    ids, times = np.unique([number for number in numbers if number is not None], return_counts=True)
    if not len(ids) or not len(rows):
        return np.zeros(len(rows))
    ids = ids.astype(np.int64)
    unheard = float(forward.rarity(np.zeros(1))[0]) * numbers.count(None)
    most = (STEM_K1 + 1) * (float(forward.rarity(forward.frequency[ids]) @ times) + unheard)
    stretches, places = np.unique(forward.stretches_of(rows), return_inverse=True)
    scores = CandidateText(forward, stretches).bm25(WeightedStems(ids, times.astype(np.float64)))
    return np.asarray(scores[places] / most, dtype=np.float64)
