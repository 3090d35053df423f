"""The vector leg: which rows of a generation are most like a question.

Two kinds, chosen by size when an index is built and recorded in its manifest. ``flat`` compares every row, in
float16. ``ivf`` takes candidates from inverted lists and compares those exactly; how many lists are looked
at, and how many candidates are compared, is measured at build so that 98 in 100 of the true first ten are
found. Under a filter that keeps few rows all of them are compared, whatever the kind.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from corpus.errors import IndexDamagedError, ParameterError
from indexer import inverted_lists
from indexer.encoder import Vectors
from indexer.inverted_lists import InvertedLists
from indexer.stored_vectors import FILE, Mask, Rows, StoredVectors, write
from indexer.vector_tuning import tuned

__all__ = ["FILE", "KINDS", "VectorIndex", "VectorKind", "arrange", "write"]

VectorKind = Literal["auto", "flat", "ivf"]
KINDS: tuple[VectorKind, ...] = get_args(VectorKind)
#: Up to so many passages every row is compared.
FLAT_PASSAGES = 100_000
#: Under a filter that keeps at most this many rows of an index with lists, all that pass are compared.
COMPARED_ROWS = 50_000


def arrange(
    folder: Path, wanted: VectorKind = "auto", questions: Callable[[], Mapping[str, Vectors]] | None = None
) -> dict[str, Any]:
    """Add to the vectors that lie in ``folder`` what their kind needs; returns what the manifest says of it.

    ``questions`` makes vectors of questions to measure with, by what they are, ``(n, dim)`` each, besides the
    passages' own; it is called only where there is something to choose.
    """
    if wanted not in KINDS:
        raise ParameterError("vectors", wanted, "no kind of vector index", f"use {', '.join(KINDS)}")
    stored = StoredVectors(folder / FILE)
    large = wanted == "ivf" or (wanted == "auto" and len(stored) > FLAT_PASSAGES)
    described: dict[str, Any] = {"asked": wanted, "kind": "flat", "values": "float16"}
    if not large or not len(stored):
        return described
    inverted_lists.write(stored.matrix, folder / inverted_lists.FOLDER)
    lists = InvertedLists(folder / inverted_lists.FOLDER, 1)
    found = tuned(stored, lists, questions() if questions else {})
    return described | {"kind": "ivf", "codes": inverted_lists.CODES, "lists": len(lists)} | found


class VectorIndex:
    """The vectors of a published generation."""

    def __init__(self, path: Path, described: Mapping[str, Any] | None = None) -> None:
        """Open the vectors at ``path``; ``described`` is what `arrange` returned, None for the flat kind.

        Raises `IndexDamagedError` where a file is missing or is not what it should be.
        """
        self._stored = StoredVectors(path)
        self._lists: InvertedLists | None = None
        self._compared = 0
        if described is not None and described["kind"] == "ivf":
            self._lists = InvertedLists(path.parent / inverted_lists.FOLDER, int(described["probes"]))
            self._compared = int(described["compared"])
            if self._lists.row_count != len(self._stored):
                raise IndexDamagedError(
                    str(path), "its inverted lists hold other rows", "run footnote rollback"
                )

    def __len__(self) -> int:
        return len(self._stored)

    def search(
        self, query: Vectors, depth: int, allowed: Mask | None = None, where: object = None
    ) -> tuple[Rows, Vectors]:
        """The rows most like ``query`` with their cosines, best first, at most ``depth``.

        ``allowed`` (``(passages,) bool``) is applied before the top is taken, so no row that
        passes is lost to one that does not. ``where`` says the same to a leg that filters by fields.
        """
        if self._lists is None:
            return self._stored.nearest(query, depth, allowed)
        looked_for = max(depth, self._compared)
        found: Rows | None = None
        if allowed is None:
            found = self._lists.candidates(query, looked_for)
        elif int(allowed.sum()) > COMPARED_ROWS:
            found = self._lists.allowed_candidates(query, looked_for, allowed)
        if found is None or len(found) < min(depth, len(self)):
            return self._stored.nearest(query, depth, allowed)
        return self._stored.best_of(query, found, depth)

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """The cosines of some rows to ``query``, in their order."""
        return self._stored.scores(query, rows)

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of some rows, ``(rows, dim) float32``, in their order."""
        return self._stored.vectors(rows)
