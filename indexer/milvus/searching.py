"""The legs of a search whose candidates a cluster finds.

What is asked of single passages (vectors, cosines, how rare a word is) comes from the generation's own files,
which are mapped into memory: that costs the same whatever the size of the library, searching does not.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from indexer.encoder import Vectors
from indexer.legs import LexicalLeg, Mask, Rows
from indexer.lexical import NAMES_WEIGHT, LexicalFilter, stems
from indexer.milvus.connection import Cluster
from indexer.milvus.filters import expression
from indexer.milvus.layout import EXACT_UP_TO, NAMES_FIELD, TEXT_FIELD, word
from indexer.milvus.rows import PassageRows
from indexer.vectors import VectorIndex

#: The most results that Milvus gives for one search.
_MOST = 16_384
#: The fewest results of one field that are added to those of the other.
_LEAST = 300
#: A mask that keeps no more passages is answered from the stored vectors, exactly.
_FEW = 4_096
#: Places of a question's own word in the text that Milvus weighs, so that added words can count less.
_PLACES = 12


class ClusterVectors:
    """The dense leg: Milvus searches, the stored vectors tell."""

    def __init__(self, cluster: Cluster, collection: str, rows: PassageRows, stored: VectorIndex) -> None:
        self._cluster = cluster
        self._collection = collection
        self._rows = rows
        self._stored = stored

    def __len__(self) -> int:
        return len(self._stored)

    def search(
        self, query: Vectors, depth: int, allowed: Mask | None = None, where: LexicalFilter | None = None
    ) -> tuple[Rows, Vectors]:
        """The rows most like ``query`` with their cosines, best first, at most ``depth``; draws by row.

        ``where`` is part of the question to Milvus. What ``allowed`` refuses besides is left out, and more is
        asked for until there is enough; where it keeps few, these are compared here.
        """
        passing = len(self) if allowed is None else int(np.count_nonzero(allowed))
        if not passing:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        told = expression(where)
        if allowed is not None and not told and passing <= _FEW:
            return self._compared(query, depth, np.flatnonzero(allowed))
        wanted = min(depth, passing, _MOST)
        asked = wanted
        while True:
            rows, scores, ended = self._asked(query, asked, told)
            if allowed is not None:
                kept = allowed[rows]
                rows, scores = rows[kept], scores[kept]
            if len(rows) >= wanted or ended or asked == _MOST:
                return rows[:wanted], scores[:wanted]
            asked = min(2 * asked, _MOST)

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """The cosines of some rows to ``query``, in their order."""
        return self._stored.scores(query, rows)

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of some rows, ``(rows, dim) float32``, in their order."""
        return self._stored.vectors(rows)

    def _asked(self, query: Vectors, depth: int, told: str) -> tuple[Rows, Vectors, bool]:
        """What Milvus finds, and whether that is all there is."""
        parameters: dict[str, Any] = {}
        if len(self) > EXACT_UP_TO:
            parameters["ef"] = min(max(2 * depth, 512), 32_768)
        found = self._cluster.search(
            self._collection, "vector", np.asarray(query, dtype=np.float32), depth, told, parameters
        )
        rows, scores = _in_order(self._rows, found)
        return rows, scores, len(found) < depth

    def _compared(self, query: Vectors, depth: int, rows: Rows) -> tuple[Rows, Vectors]:
        scores = self.scores(query, rows)
        order = np.lexsort((rows, -scores))[:depth]
        return rows[order], scores[order]


class ClusterWords:
    """The lexical leg: Milvus's BM25 function finds, the files of the generation know the words."""

    def __init__(self, cluster: Cluster, collection: str, rows: PassageRows, known: LexicalLeg) -> None:
        self._cluster = cluster
        self._collection = collection
        self._rows = rows
        self._known = known

    def __len__(self) -> int:
        return len(self._known)

    def search(
        self,
        question: str,
        depth: int,
        where: LexicalFilter | None = None,
        added: Mapping[str, float] | None = None,
    ) -> tuple[Rows, Vectors]:
        """The rows that match best with Milvus's BM25 scores, best first, at most ``depth``; draws by row.

        What is far from the first by its text and by its names is not seen, even if their sum would be near.
        """
        words = self.stems(question)
        if not words or not len(self):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        told, most = expression(where), min(max(depth, _LEAST), _MOST)
        text, scale = _weighted(words, added or {})
        scores: dict[str, float] = {}
        for field, asked, weight in (
            (TEXT_FIELD, text, 1 / scale),
            (NAMES_FIELD, " ".join(map(word, words)), NAMES_WEIGHT),
        ):
            for key, score in self._cluster.search(self._collection, field, asked, most, told, {}):
                scores[key] = scores.get(key, 0.0) + weight * score
        rows, found = _in_order(self._rows, list(scores.items()))
        return rows[:depth], found[:depth]

    def stems(self, text: str) -> list[str]:
        """The distinct stemmed terms of a text, in order of first occurrence."""
        return list(dict.fromkeys(stems(text)))

    def frequencies(self, question: str) -> dict[str, int]:
        """The stems of a question, each with the number of passages whose text holds it."""
        return self._known.frequencies(question)

    def rarity(self, frequency: int) -> float:
        """The weight of a stem that ``frequency`` passages hold; a rarer stem has a higher one."""
        return self._known.rarity(frequency)


def _weighted(words: list[str], added: Mapping[str, float]) -> tuple[str, int]:
    """The text that Milvus is asked with, and by how much its scores are too high.

    Milvus takes no weights, but a word that stands twice counts twice.
    """
    if not added:
        return " ".join(map(word, words)), 1
    own = [word(one) for one in words for _ in range(_PLACES)]
    more = [word(one) for one, weight in added.items() for _ in range(max(1, round(_PLACES * weight)))]
    return " ".join([*own, *more]), _PLACES


def _in_order(rows: PassageRows, found: list[tuple[str, float]]) -> tuple[Rows, Vectors]:
    numbers = rows.rows([key for key, _ in found])
    scores = np.array([score for _, score in found], dtype=np.float32)
    order = np.lexsort((numbers, -scores))
    return numbers[order], scores[order]
