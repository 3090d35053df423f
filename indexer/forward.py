"""The forward index: for each stretch its stems in order, and what is counted over all of them.

tantivy finds which stretches hold the words of a question; this says which words a stretch holds.
Ranking needs that for the few hundred candidates of a question: counts of terms and pairs, character
n-grams, the words of the best candidates for feedback. All of it comes from one sequence of stems, kept
in arrays that are mapped into memory.

A stretch's stems begin with those of its source's names (authors, year, journal, identifiers), then come
title and headings, then each sentence once, also where windows overlap. Stems are numbered in order of their
bytes.
"""

import json
import threading
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError
from corpus.records import Passage, Source
from indexer.forward_counts import counted, gram_places
from indexer.lexical import counted_terms, names_of, stem
from indexer.preparing import StretchTerms, stretch_terms

FOLDER = "forward"
#: What a stem counts for in `names_of` its source; in title and headings; in the text.
NAME_WEIGHT, TITLE_WEIGHT, TEXT_WEIGHT = 0.5, 3.0, 1.0
GRAM_CHARACTERS = 4
_REMEMBERED_STEMS = 4096

Ids = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.int64]

_ARRAYS = (
    "tokens",  # (all stems,) uint32: stretch after stretch
    "stretch_tokens",  # (stretches + 1,) int64: where each begins in tokens
    "weights",  # (all stems,) float16: what each counts for
    "lengths",  # (stretches,) float32: the summed weights of title, headings and text
    "stretch_passages",  # (stretches + 1,) int64: its first passage row
    "passage_tokens",  # (passages, 2) int64: the span of a passage in tokens
    "frequency",  # (stems,) uint32: stretches that hold the stem
    "vocabulary_offsets",  # (stems + 1,) int64 into vocabulary.bin
    "gram_codes",  # (grams,) uint32, ascending
    "gram_starts",  # (grams + 1,) int64 into gram_stems
    "gram_stems",  # (places of grams in stems,) uint32: the stems that hold a gram, as often as they do
    "gram_frequency",  # (grams,) uint32: stretches that hold the gram
    "gram_length",  # (stretches,) float32: its grams, weighted like the stems
)


def grams(stem: str) -> list[str]:
    """The character 4-grams of a stem with its ends marked; a shorter one is its own.

    >>> grams("natto")
    ['_nat', 'natt', 'atto', 'tto_']
    """
    marked = f"_{stem}_"
    last = len(marked) - GRAM_CHARACTERS
    return [marked[i : i + GRAM_CHARACTERS] for i in range(last + 1)] if last >= 0 else [marked]


def gram_code(gram: str) -> int:
    """The number of a gram in the files: its CRC-32."""
    return zlib.crc32(gram.encode())


class _Numbers(dict[str, int]):
    """Term -> the number of its stem, in order of first occurrence; ``stems`` are all stems in that order."""

    def __init__(self) -> None:
        super().__init__()
        self.stems: dict[str, int] = {}

    def __missing__(self, term: str) -> int:
        self[term] = number = self.stems.setdefault(stem(term), len(self.stems))
        return number


class ForwardWriter:
    """Fills the ``forward/`` folder of a generation that is being built."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._tokens = array("I")
        self._sizes = array("q")  # names, title, text of one stretch after another
        self._stretch_passages = array("q", [0])
        self._spans = array("q")

    def add(self, source: Source, passages: Sequence[Passage]) -> None:
        """Add the next stretch: consecutive passages of one source, in order of their rows, at least one."""
        self.add_terms(counted_terms(names_of(source)), stretch_terms(source, passages))

    def add_terms(self, names: Sequence[str], stretch: StretchTerms) -> None:
        """Add the next stretch by its terms, with those of its source's names."""
        front = len(self._tokens) + len(names) + len(stretch.title)
        for part in (names, stretch.title, stretch.body):
            self._tokens.extend(map(self._numbers.__getitem__, part))
            self._sizes.append(len(part))
        for begin, end in stretch.spans:
            self._spans.extend((front + begin, front + end))
        self._stretch_passages.append(len(self._spans) // 2)

    def close(self, folder: Path) -> None:
        """Write the arrays into ``folder``, which must exist."""
        stems = self._numbers.stems
        ordered = sorted(stems, key=str.encode)
        number = np.zeros(max(len(ordered), 1), dtype=np.uint32)
        number[[stems[stem] for stem in ordered]] = np.arange(len(ordered), dtype=np.uint32)
        sizes = np.array(self._sizes, dtype=np.int64).reshape(-1, 3)
        kinds = np.array([NAME_WEIGHT, TITLE_WEIGHT, TEXT_WEIGHT])
        arrays: dict[str, npt.NDArray[Any]] = {
            "tokens": number[np.array(self._tokens, dtype=np.uint32)],
            "stretch_tokens": np.append(0, np.cumsum(sizes.sum(axis=1))).astype(np.int64),
            "weights": np.repeat(np.tile(kinds.astype(np.float16), len(sizes)), sizes.ravel()),
            "lengths": (sizes[:, 1:] @ kinds[1:]).astype(np.float32),
            "stretch_passages": np.array(self._stretch_passages, dtype=np.int64),
            "passage_tokens": np.array(self._spans, dtype=np.int64).reshape(-1, 2),
        }
        encoded = [stem.encode() for stem in ordered]
        arrays["vocabulary_offsets"] = np.append(0, np.cumsum([*map(len, encoded)])).astype(np.int64)
        (folder / "vocabulary.bin").write_bytes(b"".join(encoded))
        places = gram_places(ordered, lambda stem: [gram_code(gram) for gram in grams(stem)])
        arrays |= counted(arrays["tokens"], arrays["stretch_tokens"], arrays["weights"], *places)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", arrays[name], allow_pickle=False)
        filled = len(arrays["lengths"]) > 0
        means = {
            "mean_length": float(arrays["lengths"].mean()) if filled else 0.0,
            "mean_gram_length": float(arrays["gram_length"].mean()) if filled else 0.0,
        }
        (folder / "means.json").write_text(json.dumps(means), "utf-8")


def spread(begins: Rows, ends: Rows) -> tuple[Rows, Rows]:
    """The numbers of half-open ranges one after the other, and for each the range that it is of."""
    sizes = ends - begins
    owner = np.repeat(np.arange(len(begins)), sizes)
    offsets = np.cumsum(sizes) - sizes
    return np.arange(int(sizes.sum())) + np.repeat(begins - offsets, sizes), owner


class _Vocabulary:
    """The stems in order of their bytes, read from the file one at a time."""

    def __init__(self, data: npt.NDArray[np.uint8], offsets: Rows) -> None:
        self._data = data
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> bytes:
        return bytes(self._data[self._offsets[row] : self._offsets[row + 1]])


def _mapped_bytes(path: Path) -> npt.NDArray[np.uint8]:
    """The bytes of a file, read as they are asked for; a file without any cannot be mapped."""
    if not path.stat().st_size:
        return np.zeros(0, dtype=np.uint8)
    return np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)


class ForwardIndex:
    """The forward index of a published generation; arrays as described at `_ARRAYS`."""

    def __init__(self, folder: Path) -> None:
        """Open ``folder``; raises `IndexDamagedError` where an array is missing or cut."""
        try:
            loaded = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
            data = _mapped_bytes(folder / "vocabulary.bin")
            means = json.loads((folder / "means.json").read_text("utf-8"))
            self.mean_length = float(means["mean_length"])
            self.mean_gram_length = float(means["mean_gram_length"])
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(
                str(folder), "not a readable forward index", "run footnote verify, then footnote rollback"
            ) from error
        # Plain views: indexing a numpy memory map costs ten times as much as indexing an array over it.
        self.arrays = {name: array.view(np.ndarray) for name, array in loaded.items()}
        self.tokens: Ids = self.arrays["tokens"]
        self.stretch_tokens: Rows = self.arrays["stretch_tokens"]
        self.weights: npt.NDArray[np.float16] = self.arrays["weights"]
        self.lengths: npt.NDArray[np.float32] = self.arrays["lengths"]
        self.stretch_passages: Rows = self.arrays["stretch_passages"]
        self.passage_tokens: Rows = self.arrays["passage_tokens"]
        self.frequency: Ids = self.arrays["frequency"]
        self.gram_length: npt.NDArray[np.float32] = self.arrays["gram_length"]
        self._tables = threading.local()
        self.id_of = lru_cache(_REMEMBERED_STEMS)(self._id_of)
        self._vocabulary = _Vocabulary(data, self.arrays["vocabulary_offsets"])

    def __len__(self) -> int:
        """How many stretches there are."""
        return len(self.lengths)

    @property
    def stem_count(self) -> int:
        """How many distinct stems there are."""
        return len(self._vocabulary)

    def stretches_of(self, rows: Rows) -> Rows:
        """The stretch of each of some passages, ``(rows,)``."""
        return np.searchsorted(self.stretch_passages, rows, side="right") - 1

    def places_among(self, ids: Rows, tokens: Ids) -> npt.NDArray[np.int32]:
        """The place of each token's stem among the distinct ``ids``, ``(tokens,)``; -1 where it has none."""
        # A table of all stems for each thread, written at a few places and wiped there again: to make
        # one costs more than all else when there are a million stems.
        table: npt.NDArray[np.int32] | None = getattr(self._tables, "places", None)
        if table is None:
            table = self._tables.places = np.full(self.stem_count, -1, dtype=np.int32)
        table[ids] = np.arange(len(ids), dtype=np.int32)
        places = table.take(tokens)
        table[ids] = -1
        return places

    def _id_of(self, stem: str) -> int | None:
        """The number of a stem, None where no stretch holds it."""
        wanted = stem.encode()
        row = bisect_left(self._vocabulary, wanted)
        return row if row < len(self._vocabulary) and self._vocabulary[row] == wanted else None

    def stem(self, number: int) -> str:
        """The stem of a number."""
        return self._vocabulary[number].decode()

    def rarity(self, frequency: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """The inverse document frequency of BM25 (doi:10.1561/1500000019), over stretches."""
        held = frequency.astype(np.float64)
        return np.asarray(np.log1p((len(self) - held + 0.5) / (held + 0.5)))

    def holders_of(self, codes: Ids) -> tuple[Rows, Rows, Rows]:
        """The stems that hold each of some grams.

        Returns the positions in ``codes`` of the grams that are known, ``(known,)``; their frequencies; and
        for each pair of a known gram and a stem that holds it, ``(2, pairs)``: place among the known, stem.
        """
        places = np.searchsorted(self.arrays["gram_codes"], codes)
        places = np.minimum(places, max(len(self.arrays["gram_codes"]) - 1, 0))
        known = np.flatnonzero(self.arrays["gram_codes"][places] == codes) if self.stem_count else places[:0]
        found = places[known]
        begins, ends = self.arrays["gram_starts"][found], self.arrays["gram_starts"][found + 1]
        rows, gram = spread(begins, ends)
        stems_held = self.arrays["gram_stems"][rows].astype(np.int64)
        return known, self.arrays["gram_frequency"][found], np.stack([gram, stems_held])
