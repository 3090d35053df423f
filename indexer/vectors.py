"""FAISS: the vectors of one generation, row by row as in the library.

Up to 100,000 passages the index is exact: float16 values, inner product, every row compared.
"""

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError
from indexer.encoder import Vectors

FILE = "vectors.faiss"
KIND = "flat-fp16"


def write(vectors: npt.NDArray[np.float16], dim: int, path: Path) -> None:
    """Write the vectors, ``(passages, dim) float16`` of unit length, as a FAISS file."""
    index = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.is_trained = True
    if len(vectors):
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    with path.open("wb") as file:
        # Given a path, FAISS only prints that the disk refused its last write; a Python file raises.
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]


class VectorIndex:
    """The vectors of a published generation."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Open ``path``; two threads are slower than one for single queries (ARCHITECTURE.md).

        Raises `IndexDamagedError` where it is no FAISS file.
        """
        faiss.omp_set_num_threads(threads)
        try:
            self._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexDamagedError(
                str(path), "not a readable FAISS file", "run footnote verify, then footnote rollback"
            ) from error

        # The codes are the vectors in float16; taking rows from a view is four times as fast as by FAISS.
        held = self._index.codes  # type: ignore[attr-defined]
        codes = faiss.rev_swig_ptr(held.data(), held.size())
        self._codes = codes.view(np.float16).reshape(-1, self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self,
        query: Vectors,
        depth: int,
        allowed: npt.NDArray[np.bool_] | None = None,
        where: object = None,
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """The rows most like ``query`` with their cosines, best first, at most ``depth``.

        ``allowed`` (``(passages,) bool``) is applied before the top is taken, so no row that
        passes is lost to one that does not. ``where`` says the same to a leg that filters by fields.
        """
        parameters = None
        if allowed is not None:
            bitmap = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(bitmap), faiss.swig_ptr(bitmap))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, rows = self._index.search(query.reshape(1, -1), depth, params=parameters)
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def scores(self, query: Vectors, rows: npt.NDArray[np.int64]) -> Vectors:
        """The cosines of some rows to ``query``, in their order."""
        return np.asarray(self.vectors(rows) @ query, dtype=np.float32)

    def vectors(self, rows: npt.NDArray[np.int64]) -> Vectors:
        """The vectors of some rows, ``(rows, dim) float32``, in their order."""
        return np.asarray(self._codes[rows], dtype=np.float32)
