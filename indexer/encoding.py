"""The texts of a build -> their vectors, slice by slice, each text once.

A vector comes from the earlier generation, from the journal of a build that was cut off, or is encoded now.
Texts and vectors lie in files while a build runs; in memory there is the digest of each text and where it
lies.
"""

import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer.encoder import Vectors
from indexer.journal import Half, Journal
from indexer.library import Library

#: Texts that are encoded together and then kept on disk; a build that is killed loses at most so many.
SLICE = 1024
_ROWS_AT_ONCE = 8192

Done = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Slice:
    """Texts to encode together, and their numbers among the distinct texts of the build."""

    numbers: Sequence[int]
    texts: Sequence[str]


class SliceEncoder(Protocol):
    """Who encodes: this process, or the machines of a cluster (`indexer.cluster`)."""

    def encoded(self, slices: Iterable[Slice], done: Done) -> Iterator[tuple[Sequence[int], Half]]:
        """The numbers of each slice with their vectors, ``(n, dim) float16``, in any order.

        ``done`` is told how many more texts were finished.
        """
        ...


class PassageEncoder(Protocol):
    """The part of an encoder that encodes in bulk."""

    def encode_passages(self, texts: Sequence[str], done: Done | None = None) -> Vectors:
        """Passages as vectors, ``(n, dim) float32``."""
        ...


class LocalEncoder:
    """Encodes in this process; the encoder uses all cores, or the GPU, by itself."""

    def __init__(self, encoder: PassageEncoder) -> None:
        self._encoder = encoder

    def encoded(self, slices: Iterable[Slice], done: Done) -> Iterator[tuple[Sequence[int], Half]]:
        """The numbers of each slice with their vectors, in order."""
        for part in slices:
            yield part.numbers, self._encoder.encode_passages(part.texts, done).astype(np.float16)


class Texts:
    """The distinct texts of a build in a file, numbered in order of first occurrence, and their vectors."""

    def __init__(self, folder: Path, dim: int) -> None:
        self._dim = dim
        self._folder = folder
        self._numbers: dict[bytes, int] = {}
        #: The number of each passage's text by row.
        self.rows = array("I")
        self._ends = array("Q", [0])
        self._texts = (folder / "texts").open("w+b")
        self._vectors = (folder / "vectors").open("w+b")

    def __len__(self) -> int:
        """How many distinct texts there are."""
        return len(self._numbers)

    def add(self, digest: bytes, text: str) -> None:
        """Enter the text of the next passage with its SHA-256."""
        number = self._numbers.setdefault(digest, len(self._numbers))
        if number == len(self._ends) - 1:
            data = text.encode()
            self._texts.write(data)
            self._ends.append(self._ends[-1] + len(data))
        self.rows.append(number)

    def close(self) -> None:
        """Close the files."""
        self._texts.close()
        self._vectors.close()

    def take(self, library: Library | None, journal: Journal | None) -> tuple[list[int], int]:
        """Take what the earlier library and the journal hold.

        Returns the numbers of the texts that neither has, and how many the journal had.
        """
        missing: list[int] = []
        resumed = 0
        digests = list(self._numbers)
        for begin in range(0, len(digests), _ROWS_AT_ONCE):
            part = digests[begin : begin + _ROWS_AT_ONCE]
            found = library.vectors(digest.hex() for digest in part) if library else {}
            for number, digest in enumerate(part, begin):
                if (vector := found.get(digest.hex())) is not None:
                    self._write([number], vector.reshape(1, -1))
                elif journal is not None and digest in journal:
                    self._write([number], journal.vectors([digest]))
                    resumed += 1
                else:
                    missing.append(number)
        return missing, resumed

    def encode(self, missing: Sequence[int], encoder: SliceEncoder, journal: Journal, done: Done) -> None:
        """Encode the texts of some numbers; every finished slice is in the journal before the next."""
        self._texts.flush()
        digests = list(self._numbers)
        for numbers, vectors in encoder.encoded(self._slices(missing), done):
            journal.append([digests[number] for number in numbers], vectors)
            self._write(numbers, vectors)

    def by_digest(self) -> Iterator[dict[str, Half]]:
        """All vectors by the digests of their texts, in order of digest, some thousands at a time."""
        vectors = self._mapped("vectors", len(self))
        ordered = sorted(self._numbers.items())
        for begin in range(0, len(ordered), _ROWS_AT_ONCE):
            yield {digest.hex(): vectors[n] for digest, n in ordered[begin : begin + _ROWS_AT_ONCE]}

    def matrix(self) -> Half:
        """The vectors by row of the passages, ``(passages, dim) float16``, mapped from a file."""
        numbers = np.array(self.rows, dtype=np.int64)
        vectors = self._mapped("vectors", len(self))
        if len(numbers) == len(self):
            return vectors  # every text is another: numbers are rows
        with (self._folder / "matrix").open("wb") as file:
            for begin in range(0, len(numbers), _ROWS_AT_ONCE):
                file.write(vectors[numbers[begin : begin + _ROWS_AT_ONCE]].tobytes())
        return self._mapped("matrix", len(numbers))

    def _slices(self, numbers: Sequence[int]) -> Iterator[Slice]:
        for begin in range(0, len(numbers), SLICE):
            part = numbers[begin : begin + SLICE]
            yield Slice(part, [self._text(number) for number in part])

    def _text(self, number: int) -> str:
        begin, end = self._ends[number], self._ends[number + 1]
        return os.pread(self._texts.fileno(), end - begin, begin).decode()

    def _write(self, numbers: Sequence[int], vectors: npt.NDArray[np.float16]) -> None:
        for number, vector in zip(numbers, vectors, strict=True):
            os.pwrite(self._vectors.fileno(), vector.astype("<f2").tobytes(), number * 2 * self._dim)

    def _mapped(self, name: str, rows: int) -> Half:
        if not rows:
            return np.zeros((0, self._dim), dtype=np.float16)
        mapped = np.memmap(self._folder / name, dtype="<f2", mode="r", shape=(rows, self._dim))
        return mapped.view(np.ndarray)
