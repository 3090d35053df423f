"""The two legs of a search as doors: what ranking asks of vectors and of words, whoever answers.

`LocalFiles` answers from the files of a generation (FAISS, tantivy); `indexer.milvus` has a cluster search.
Rows are those of the library, ``(n,) int64``; scores fall, ``(n,) float32``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer import lexical, vectors
from indexer.encoder import Vectors
from indexer.generation import Generation
from indexer.lexical import LexicalFilter, LexicalIndex
from indexer.vectors import VectorIndex

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class DenseLeg(Protocol):
    """Passages by the likeness of their vectors."""

    def __len__(self) -> int:
        """How many passages there are."""
        ...

    def search(
        self, query: Vectors, depth: int, allowed: Mask | None = None, where: LexicalFilter | None = None
    ) -> tuple[Rows, Vectors]:
        """The rows most like ``query`` with their cosines, best first, at most ``depth``.

        ``allowed``, ``(passages,) bool``, decides; ``where`` may say the same in other words, for a leg that
        filters by fields.
        """
        ...

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """The cosines of some rows to ``query``, in their order."""
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of some rows, ``(rows, dim) float32``, in their order."""
        ...


class LexicalLeg(Protocol):
    """Passages by the words they share with a question."""

    def __len__(self) -> int:
        """How many passages there are."""
        ...

    def search(
        self,
        question: str,
        depth: int,
        where: LexicalFilter | None = None,
        added: Mapping[str, float] | None = None,
    ) -> tuple[Rows, Vectors]:
        """The rows that match best with their BM25 scores, best first, at most ``depth``.

        ``added`` are stems besides the question's, with their weights.
        """
        ...

    def stems(self, text: str) -> list[str]:
        """The distinct stemmed terms of a text, in order of first occurrence."""
        ...

    def frequencies(self, question: str) -> dict[str, int]:
        """The stems of a question, each with the number of passages whose text holds it."""
        ...

    def rarity(self, frequency: int) -> float:
        """The weight of a stem that ``frequency`` passages hold; a rarer stem has a higher one."""
        ...


@dataclass(frozen=True, slots=True)
class Legs:
    """The two legs of one generation."""

    dense: DenseLeg
    lexical: LexicalLeg


class Backend(Protocol):
    """Who searches: opens the legs of a generation."""

    @property
    def name(self) -> str:
        """What the backend is called; empty for the files of a generation."""
        ...

    def legs(self, generation: Generation) -> Legs:
        """The legs of a generation; raises `IndexStateError` where they cannot be had."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class LocalFiles:
    """The files of the generation itself."""

    name = ""

    def legs(self, generation: Generation) -> Legs:
        """FAISS and tantivy over the generation's own files; raises `IndexDamagedError`."""
        return Legs(
            VectorIndex(generation.path / vectors.FILE, generation.manifest.parameters["vectors"]),
            LexicalIndex(generation.path / lexical.FOLDER),
        )

    def close(self) -> None:
        """Nothing stays open."""
