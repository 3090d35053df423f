"""The vectors of one generation as they were made: a float16 matrix on disk, row by row as in the library.

It is mapped into memory, so that opening it costs nothing and what is never asked for is never read. All that
is exact comes from here: the cosines of some rows, the rows themselves, the search that compares every row.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError
from indexer.encoder import Vectors
from indexer.storage import save_array

FILE = "vectors.npy"

Matrix = npt.NDArray[np.float16]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_faiss: Any = faiss  # the names that its type stubs lack
#: Under a filter that keeps no more than this share of all rows, their vectors are taken out and compared;
#: above it FAISS passes over the others faster (ARCHITECTURE.md).
TAKEN_OUT = 0.007
#: Bits that a float16, spread over 32 bits and moved up by 13, has of its own.
_SIGN_AND_VALUE = np.array(0x8FFFE000, dtype=np.uint32).view(np.int32)


def write(vectors: Matrix, dim: int, path: Path) -> None:
    """Write the vectors, ``(passages, dim) float16``, as a file that can be mapped."""
    save_array(path, vectors.reshape(-1, dim).astype("<f2", copy=False))


class StoredVectors:
    """The vectors of a published generation."""

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises `IndexDamagedError` where it is no such file."""
        try:
            matrix = np.load(path, mmap_mode="r").view(np.ndarray)
            if matrix.ndim != 2 or matrix.dtype != np.float16:
                raise ValueError("not a float16 matrix")
        except (OSError, EOFError, ValueError) as error:
            raise IndexDamagedError(
                str(path), "not readable vectors", "run footnote verify, then footnote rollback"
            ) from error
        #: All of them, ``(passages, dim) float16``, mapped.
        self.matrix: Matrix = matrix
        self._flat = _Flat(matrix)

    def __len__(self) -> int:
        return len(self.matrix)

    def nearest(self, query: Vectors, depth: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """The rows most like ``query`` with their cosines, best first, at most ``depth``; exact.

        ``allowed`` (``(passages,) bool``) is applied before the top is taken.
        """
        if allowed is None:
            return self._flat.search(query, depth)
        passing = int(np.count_nonzero(allowed))
        if passing <= TAKEN_OUT * len(self):
            return self.best_of(query, np.flatnonzero(allowed[: len(self)]), depth)
        return self._flat.search(query, depth, selector(allowed))

    def nearest_of_many(self, queries: Vectors, depth: int) -> tuple[Rows, Vectors]:
        """The rows most like each query with their cosines, ``(queries, depth)`` each; exact."""
        return self._flat.search_many(queries, depth)

    def best_of(self, query: Vectors, rows: Rows, depth: int) -> tuple[Rows, Vectors]:
        """The best of some rows with their cosines, best first, at most ``depth``; draws in order of row."""
        scores = self.scores(query, rows)
        if len(rows) > depth:
            kept = np.argpartition(-scores, depth - 1)[:depth]
            rows, scores = rows[kept], scores[kept]
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """The cosines of some rows to ``query``, in their order."""
        return np.asarray(self.vectors(rows) @ query, dtype=np.float32)

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of some rows, ``(rows, dim) float32``, in their order."""
        return widened(self.matrix[rows])


def widened(halves: Matrix) -> Vectors:
    """Finite float16 values as float32, exactly; NumPy's own conversion takes five times as long.

    The exponent and the fraction are moved to where float32 has them, and the exponent's other zero (127
    for 15) is made up for by a multiplication.
    """
    wide = halves.view(np.int16).astype(np.int32)
    wide <<= 13
    wide &= _SIGN_AND_VALUE
    values: Vectors = wide.view(np.float32)
    values *= np.float32(2.0**112)
    return values


def selector(allowed: Mask) -> Any:
    """Rows that pass, as FAISS takes them."""
    return _faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


class _Flat:
    """A FAISS index that compares every row of a matrix where it lies, without a copy."""

    def __init__(self, matrix: Matrix) -> None:
        dim = matrix.shape[1]
        self._index: Any = faiss.IndexScalarQuantizer(
            dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._index.is_trained = True
        self._held: tuple[Any, ...] = (matrix,)
        if len(matrix):
            # FAISS looks at another's memory only with an owner of it; an index read in place lends its own.
            header = faiss.serialize_index(self._index)
            lent = _faiss.read_index(_faiss.ZeroCopyIOReader(faiss.swig_ptr(header), len(header)))
            self._held = (matrix, header, lent)
            codes = faiss.swig_ptr(matrix.view(np.uint8).reshape(-1))
            view = _faiss.MaybeOwnedVectorUInt8.create_view(codes, matrix.nbytes, lent.codes.owner)
            self._index.codes = view
            self._index.ntotal = len(matrix)

    def search_many(self, queries: Vectors, depth: int) -> tuple[Rows, Vectors]:
        scores, rows = self._index.search(queries, depth)
        return rows, scores

    def search(self, query: Vectors, depth: int, chosen: Any = None) -> tuple[Rows, Vectors]:
        parameters = faiss.SearchParameters(sel=chosen) if chosen is not None else None  # type: ignore[call-arg]
        faiss.omp_set_num_threads(1)  # a setting of the thread that asks
        scores, rows = self._index.search(query.reshape(1, -1), depth, params=parameters)
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]
