"""How many lists to look at, and how many candidates to compare: measured on the index that was just made.

Questions are passages' own vectors, titles, and three words of titles: the less a question says, the farther
it lies from all passages, and the more lists have a part in its answer (`asked_vectors`). The worst of the
three decides. The true first ten come from comparing every row. In how many lists they lie says at once what
every number of probes would find; then the candidates to compare are the fewest that lose nothing of it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from indexer.encoder import Encoder, Vectors
from indexer.inverted_lists import InvertedLists, all_cores
from indexer.stored_vectors import Rows, StoredVectors

#: The share of the true first ten that is to be found.
RECALL = 0.98
#: What a sample has to show, so that the index holds it too.
_AIMED_AT = 0.985
TOP = 10
_PASSAGES, _TITLES = 256, 128
_PHRASE_WORDS, _WORD_CHARACTERS = 3, 4
_COMPARED = (10, 20, 40, 80, 160)
#: What comparing fewer candidates may cost of the recall.
_LOST = 0.0005
_SEED = 20261122


def asked_vectors(encoder: Encoder, titles: Sequence[str]) -> dict[str, Vectors]:
    """Some titles and three longer words in a row of each, encoded as questions, ``(n, dim)`` each."""
    rng = np.random.default_rng(_SEED)
    chosen = [titles[place] for place in np.sort(rng.permutation(len(titles))[:_TITLES])]
    phrases = []
    for title in chosen:
        words = [word for word in title.split() if len(word) >= _WORD_CHARACTERS]
        first = int(rng.integers(max(len(words) - _PHRASE_WORDS, 0) + 1))
        if words:
            phrases.append(" ".join(words[first : first + _PHRASE_WORDS]))
    return {"titles": encoder.encode_queries(chosen), "phrases": encoder.encode_queries(phrases)}


def tuned(stored: StoredVectors, lists: InvertedLists, questions: Mapping[str, Vectors]) -> dict[str, object]:
    """Sets the probes of ``lists``; returns what was chosen and the recall at ten that was measured."""
    chosen = np.random.default_rng(_SEED).permutation(len(stored))[:_PASSAGES]
    samples = {"passages": stored.vectors(np.sort(chosen))}
    samples |= {name: asked for name, asked in questions.items() if len(asked)}
    truths = {name: _true_tops(stored, sample) for name, sample in samples.items()}
    lists.probes = max(_probes(lists, samples[name], rows) for name, (rows, _) in truths.items())

    def recall(compared: int) -> float:
        return min(_recall(stored, lists, samples[name], truths[name][1], compared) for name in samples)

    most = recall(_COMPARED[-1])
    compared = next(n for n in _COMPARED if n == _COMPARED[-1] or recall(n) >= most - _LOST)
    return {
        "probes": lists.probes,
        "compared": compared,
        "recall_at_10": round(recall(compared), 4),
        "recall_measured_on": {name: len(sample) for name, sample in samples.items()},
    }


def _true_tops(stored: StoredVectors, queries: Vectors) -> tuple[Rows, npt.NDArray[np.float32]]:
    """The first ten rows of each query by comparing all, ``(queries, 10)``, and the last one's cosine."""
    top = min(TOP, len(stored))
    with all_cores():
        rows, scores = stored.nearest_of_many(queries, top)
    return rows, scores[:, -1]


def _probes(lists: InvertedLists, queries: Vectors, truth: Rows) -> int:
    """The fewest lists that hold as much of the truth as is aimed at."""
    held_by = lists.lists_of(truth.ravel()).reshape(truth.shape)
    ranks = []
    for query, wanted in zip(queries, held_by, strict=True):
        near = lists.nearness(query)
        ranks.append((near[None, :] > near[wanted][:, None]).sum(axis=1))
    found = np.sort(np.concatenate(ranks))
    return int(found[int(np.ceil(_AIMED_AT * len(found))) - 1]) + 1


def _recall(
    stored: StoredVectors,
    lists: InvertedLists,
    queries: Vectors,
    last: npt.NDArray[np.float32],
    compared: int,
) -> float:
    """The share of the true first ten that is found; one that draws with the tenth is one of them."""
    top = min(TOP, len(stored))
    found = 0
    for query, least in zip(queries, last, strict=True):
        _, scores = stored.best_of(query, lists.candidates(query, max(compared, top)), top)
        found += min(int((scores >= least - 1e-5).sum()), top)
    return found / (len(queries) * top)
