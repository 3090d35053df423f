"""Inverted lists: the rows of a large index by the part of the space that they lie in, eight bits a value.

A question looks at the lists nearest to it only (doi:10.1109/TBDATA.2019.2921572) and takes candidates
there; their cosines come from the stored vectors. FAISS keeps the lists in a file that is mapped into
memory. Which rows a list holds is kept beside it, so that a filter can be counted list by list.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from corpus.errors import IndexDamagedError
from indexer.encoder import Vectors
from indexer.storage import save_array
from indexer.stored_vectors import Mask, Matrix, Rows, selector

FOLDER = "lists"
CODES = "sq8"
_LISTS_FILE, _ROWS_FILE, _BEGINS_FILE = "lists.faiss", "rows.npy", "begins.npy"
#: Rows that are looked at for each list when the lists are laid out, and how often they are moved.
_TRAINED_ON, _ROUNDS = 40, 6
_faiss: Any = faiss  # the names that its type stubs lack
#: Where a filter leaves less than this of its usual share of the rows, all that pass are compared.
LEAST_SHARE = 0.6
#: For each result that is asked for, at least so many rows are looked at.
ROWS_FOR_A_RESULT = 20
_SLICE = 32_768
_SEED = 20261122


def list_count(rows: int) -> int:
    """About 4 sqrt(n) lists; fewer where that would leave hardly ten rows to each."""
    return max(1, min(int(4 * rows**0.5 + 0.5), rows // 10))


def write(matrix: Matrix, folder: Path) -> None:
    """Lay out the lists of ``matrix``, ``(rows, dim) float16``, and write them into a new ``folder``.

    The matrix is read in slices, so that it may be a mapped file; what is held is the lists themselves.
    """
    rows = len(matrix)
    with all_cores():
        index = _trained(matrix, list_count(rows))
        list_of = np.empty(rows, dtype=np.int32)
        for begin in range(0, rows, _SLICE):
            part = np.asarray(matrix[begin : begin + _SLICE], dtype=np.float32)
            _, found = index.quantizer.search(part, 1)
            numbers = np.arange(begin, begin + len(part), dtype=np.int64)
            assigned = np.ascontiguousarray(found[:, 0])
            pointers = (faiss.swig_ptr(each) for each in (part, numbers, assigned))
            index.add_core(len(part), *pointers)
            list_of[begin : begin + len(part)] = assigned
    folder.mkdir()
    with (folder / _LISTS_FILE).open("wb") as file:
        # Given a path, FAISS only prints that the disk refused its last write; a Python file raises.
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
    ordered = np.argsort(list_of, kind="stable").astype(np.int32)
    sizes = np.bincount(list_of, minlength=index.nlist)
    save_array(folder / _ROWS_FILE, ordered)
    save_array(folder / _BEGINS_FILE, np.cumsum([0, *sizes], dtype=np.int64))


def _trained(matrix: Matrix, lists: int) -> Any:
    """An index without rows whose lists are laid out over a sample of ``matrix``."""
    dim = matrix.shape[1]
    centres = faiss.IndexFlatIP(dim)
    index = faiss.IndexIVFScalarQuantizer(
        centres, dim, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter = _ROUNDS
    index.cp.spherical = True
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = _TRAINED_ON
    wanted = min(len(matrix), _TRAINED_ON * lists)
    chosen = np.sort(np.random.default_rng(_SEED).choice(len(matrix), wanted, replace=False))
    index.train(np.asarray(matrix[chosen], dtype=np.float32))
    return index


@contextmanager
def all_cores() -> Iterator[None]:
    """FAISS on all cores; otherwise it has one, which is faster for a single question."""
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(1)


class InvertedLists:
    """The lists of a published generation; ``probes`` of them are looked at for a question."""

    def __init__(self, folder: Path, probes: int) -> None:
        """Open ``folder``; raises `IndexDamagedError` where a file is missing, cut or no such file."""
        self.probes = probes
        try:
            self._index: Any = _faiss.read_index(str(folder / _LISTS_FILE), faiss.IO_FLAG_MMAP_IFC)
            self._rows = np.load(folder / _ROWS_FILE, mmap_mode="r").view(np.ndarray)
            self._begins = np.load(folder / _BEGINS_FILE)
            centres: Any = faiss.downcast_index(self._index.quantizer)
            self._centres = centres.reconstruct_n(0, centres.ntotal)
            if self._index.nlist + 1 != len(self._begins) or self._index.ntotal != len(self._rows):
                raise ValueError("the files are not of one index")
        except (OSError, EOFError, ValueError, RuntimeError, AttributeError) as error:
            raise IndexDamagedError(
                str(folder), "not readable inverted lists", "run footnote verify, then footnote rollback"
            ) from error

    def __len__(self) -> int:
        """How many lists there are."""
        return len(self._centres)

    @property
    def row_count(self) -> int:
        """How many rows they hold together."""
        return len(self._rows)

    def nearness(self, query: Vectors) -> Vectors:
        """How near each list's centre is to ``query``, ``(lists,)``, higher is nearer."""
        return np.asarray(self._centres @ query, dtype=np.float32)

    def lists_of(self, rows: Rows) -> Rows:
        """The list that holds each of some rows, ``(rows,)``; looks through all of them."""
        list_of = np.empty(len(self._rows), dtype=np.int64)
        list_of[self._rows] = np.repeat(np.arange(len(self)), np.diff(self._begins))
        return np.asarray(list_of[rows])

    def candidates(self, query: Vectors, depth: int) -> Rows:
        """The ``depth`` rows that seem most like ``query`` in the nearest lists, in no order."""
        near = self.nearness(query)
        for_depth = int(ROWS_FOR_A_RESULT * depth * len(self) / max(len(self._rows), 1)) + 1
        probed = min(max(self.probes, for_depth), len(self))
        chosen = np.argpartition(-near, probed - 1)[:probed]
        return self._looked_at(query, depth, near, chosen, None)

    def allowed_candidates(self, query: Vectors, depth: int, allowed: Mask) -> Rows | None:
        """The same of the rows that ``allowed``, ``(rows,) bool``, lets pass.

        None where so many lists would have to be looked at that comparing all rows that pass is better.
        """
        near = self.nearness(query)
        chosen = self._enough(near, depth, allowed)
        return None if chosen is None else self._looked_at(query, depth, near, chosen, allowed)

    def _enough(self, near: Vectors, depth: int, allowed: Mask) -> Rows | None:
        """The nearest lists in which a filter leaves enough rows; those that it empties are left out.

        Lists are laid out for all rows. An index of the share ``s`` that passes would have its lists by the
        root of ``s`` fewer and larger, and looking at as many of those means looking at ``probes / sqrt(s)``
        of these. ``s`` is counted where the question is. Where it is far less there than elsewhere, the
        filter follows the subject: what passes is far away, all about as far, and no list is near it.
        """
        order = np.argsort(-near)
        everywhere = np.count_nonzero(allowed) / len(self._rows)
        usual = len(self._rows) / len(self)
        looked = 2 * self.probes
        while looked <= max(len(self) // 4, self.probes):
            nearest = order[:looked]
            sizes = self._begins[nearest + 1] - self._begins[nearest]
            passing = self._passing(nearest, allowed)
            here = passing.sum() / max(int(sizes.sum()), 1)
            if here < LEAST_SHARE * everywhere:
                return None
            found = np.cumsum(passing)
            numbers = np.arange(1, len(nearest) + 1)
            needed = usual * self.probes**2 * max(everywhere / here, 1.0) ** 2
            enough = (numbers * found >= needed) & (found >= ROWS_FOR_A_RESULT * depth)
            if enough.any():
                last = int(np.argmax(enough)) + 1
                return np.asarray(nearest[:last][passing[:last] > 0])
            looked *= 2
        return None

    def _passing(self, lists: Rows, allowed: Mask) -> Rows:
        """How many rows of each of some lists pass, ``(lists,)``."""
        begins, ends = self._begins[lists], self._begins[lists + 1]
        sizes = ends - begins
        firsts = np.cumsum(sizes) - sizes
        places = np.arange(int(sizes.sum())) + np.repeat(begins - firsts, sizes)
        passed = np.append(0, np.cumsum(allowed[self._rows[places]]))
        return np.asarray(passed[firsts + sizes] - passed[firsts])

    def _looked_at(
        self, query: Vectors, depth: int, near: Vectors, lists: Rows, allowed: Mask | None
    ) -> Rows:
        faiss.omp_set_num_threads(1)  # a setting of the thread that asks
        ordered = np.ascontiguousarray(lists[np.argsort(-near[lists])], dtype=np.int64)
        # A setting of this search: `nprobe` of the index would be one for all threads.
        parameters = _faiss.SearchParametersIVF(
            nprobe=len(ordered), sel=None if allowed is None else selector(allowed)
        )
        scores, rows = np.empty(depth, dtype=np.float32), np.empty(depth, dtype=np.int64)
        asked = np.ascontiguousarray(query, dtype=np.float32)
        likeness = near[ordered]
        given = (faiss.swig_ptr(each) for each in (ordered, likeness, scores, rows))
        self._index.search_preassigned_c(1, faiss.swig_ptr(asked), depth, *given, False, parameters)
        return np.asarray(rows[rows >= 0])
