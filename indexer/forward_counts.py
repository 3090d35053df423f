"""What the forward index counts over all stretches: in how many a stem or a gram stands, and what holds it.

The matrix of stretches and grams of a million passages has 10^8 values, so it is made and counted a few
thousand stretches at a time.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
_STRETCHES_AT_ONCE = 4096


def gram_places(stems: Sequence[str], codes_of: Callable[[str], Sequence[int]]) -> tuple[Array, Array]:
    """For each gram of each stem its code and the number of the stem, ``(places,) uint32`` both."""
    codes, holders = array("I"), array("I")
    for number, stem in enumerate(stems):
        found = codes_of(stem)
        codes.extend(found)
        holders.extend([number] * len(found))
    return np.array(codes, dtype=np.uint32), np.array(holders, dtype=np.uint32)


def counted(
    tokens: Array, stretch_tokens: Array, weights: Array, codes: Array, holders: Array
) -> dict[str, Array]:
    """The arrays of the forward index that are counted; see its `_ARRAYS` for what each is.

    ``codes`` and ``holders`` are those of `gram_places`; every stem has a gram.
    """
    from scipy.sparse import csr_matrix

    stems = int(holders.max()) + 1 if len(holders) else 0
    distinct, places = np.unique(codes, return_inverse=True)
    shape = (stems, len(distinct))
    ones = np.ones(len(holders), dtype=np.float32)
    of_stem = csr_matrix((ones, (holders.astype(np.int64), places)), shape=shape)
    frequency = np.zeros(stems, dtype=np.uint32)
    gram_frequency = np.zeros(len(distinct), dtype=np.uint32)
    gram_length = np.zeros(len(stretch_tokens) - 1, dtype=np.float32)
    for begin in range(0, len(gram_length), _STRETCHES_AT_ONCE):
        bounds = stretch_tokens[begin : begin + _STRETCHES_AT_ONCE + 1]
        part = slice(int(bounds[0]), int(bounds[-1]))
        data = weights[part].astype(np.float32), tokens[part].astype(np.int64), bounds - bounds[0]
        counts = csr_matrix(data, shape=(len(bounds) - 1, stems))
        counts.sum_duplicates()
        held = counts @ of_stem
        frequency += np.bincount(counts.indices, minlength=stems).astype(np.uint32)
        gram_frequency += np.bincount(held.indices, minlength=len(distinct)).astype(np.uint32)
        gram_length[begin : begin + len(bounds) - 1] = np.asarray(held.sum(axis=1)).ravel()
    return {
        "frequency": frequency,
        "gram_codes": distinct,
        "gram_starts": np.cumsum([0, *np.bincount(places, minlength=len(distinct))], dtype=np.int64),
        "gram_stems": holders[np.argsort(places, kind="stable")],
        "gram_frequency": gram_frequency,
        "gram_length": gram_length,
    }
