"""Stretches: the runs of passages that are ranked as one before the passage in them is chosen.

A window of three sentences says too little of its own: which of two abstracts a question is about shows in
the whole. A study is one stretch; a long source (an article, a full text) has one for each main section.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError
from corpus.records import Passage, Source
from indexer.stored_vectors import widened

#: A study of at most this many passages is one stretch, sections or not.
WHOLE_STUDY_PASSAGES = 16
FILE = "stretches.npy"
_STRETCHES_AT_ONCE = 4096


def stretch_starts(pairs: Sequence[tuple[Source, Passage]]) -> list[int]:
    """The rows at which a stretch begins, ascending; ``pairs`` in order of rows, sources unbroken."""
    starts: list[int] = []
    row = 0
    while row < len(pairs):
        end = row
        while end < len(pairs) and pairs[end][0].source_id == pairs[row][0].source_id:
            end += 1
        starts += _starts_within(pairs[row:end], row)
        row = end
    return starts


def _starts_within(pairs: Sequence[tuple[Source, Passage]], first: int) -> list[int]:
    if pairs[0][0].kind == "study" and len(pairs) <= WHOLE_STUDY_PASSAGES:
        return [first]
    heads = [passage.section[:1] for _, passage in pairs]
    return [first + i for i, head in enumerate(heads) if i == 0 or head != heads[i - 1]]


def write(vectors: npt.NDArray[np.float16], starts: npt.NDArray[np.int64], path: Path) -> None:
    """Write the mean of each stretch's passage vectors as a unit vector, ``(stretches, dim) float16``.

    ``starts`` holds the first row of each stretch. On the development collections the mean of the windows
    ranked better than a vector of the whole text, which would have to be encoded besides.
    """
    means = np.zeros((len(starts), vectors.shape[1]), dtype=np.float16)
    for begin in range(0, len(starts), _STRETCHES_AT_ONCE):
        part = starts[begin : begin + _STRETCHES_AT_ONCE]
        after = begin + len(part)
        end = int(starts[after]) if after < len(starts) else len(vectors)
        summed = np.add.reduceat(vectors[int(part[0]) : end].astype(np.float32), part - part[0], axis=0)
        norms = np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
        means[begin:after] = (summed / norms).astype(np.float16)
    np.save(path, means, allow_pickle=False)


class StretchVectors:
    """The vectors of whole stretches of a published generation."""

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises `IndexDamagedError` where it is no such file."""
        try:
            self._means = np.load(path, mmap_mode="r").view(np.ndarray)
        except (OSError, EOFError, ValueError) as error:
            raise IndexDamagedError(
                str(path), "not readable vectors", "run footnote verify, then footnote rollback"
            ) from error

    def of(self, stretches: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """The vectors of some stretches, ``(stretches, dim) float32``, in their order."""
        return widened(self._means[stretches])
