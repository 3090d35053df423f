"""Columns of the library that a search reads for every candidate, as arrays mapped into memory.

SQLite keeps them too, row by row with all else; reading a million of them from there takes seconds at every
opening, and a filter would look at every source again for every question. So a build writes them beside the
library: id, source, start and end of each passage; kind, design, year, container and status of each source.
What a source has of the latter four words is a number into ``values.json``, 0 where it has none.
"""

import json
from array import array
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError
from indexer.storage import save_array

FOLDER = "columns"
_PASSAGE_COLUMNS = {
    "passage_ids": "S20",
    "passage_sources": "<i4",
    "passage_starts": "<i4",
    "passage_ends": "<i4",
}
#: The columns of sources that hold words.
_WORDS = ("kind", "design", "container", "status")
_ID_BYTES = 20
#: The year of a source that has none.
_NO_YEAR = -(2**31)

Mask = npt.NDArray[np.bool_]


class ColumnWriter:
    """Collects the columns of a library that is being written, row after row."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._spans = tuple(array("i") for _ in range(3))
        self._years = array("i")
        self._numbers: dict[str, dict[str, int]] = {name: {} for name in _WORDS}
        self._words = {name: array("i") for name in _WORDS}

    def add_source(
        self, kind: str, design: str | None, year: int | None, container: str | None, status: str
    ) -> None:
        """Add the next source."""
        self._years.append(_NO_YEAR if year is None else max(-9999, min(year, 9999)))
        for name, value in zip(_WORDS, (kind, design, container, status), strict=True):
            numbers = self._numbers[name]
            self._words[name].append(0 if value is None else numbers.setdefault(value, len(numbers) + 1))

    def add_passage(self, passage_id: str, source: int, start: int, end: int) -> None:
        """Add the next passage; ``source`` is the row of its source."""
        self._ids += passage_id.encode().ljust(_ID_BYTES, b"\0")[:_ID_BYTES]
        for column, value in zip(self._spans, (source, start, end), strict=True):
            column.append(value)

    def close(self, folder: Path) -> None:
        """Write the columns into ``folder``, which is made where it is not there."""
        folder.mkdir(exist_ok=True)
        columns: tuple[bytes | bytearray | array[int], ...] = (self._ids, *self._spans)
        for (name, kind), values in zip(_PASSAGE_COLUMNS.items(), columns, strict=True):
            save_array(folder / f"{name}.npy", np.frombuffer(values, dtype=kind))
        for name, numbers in (("year", self._years), *self._words.items()):
            save_array(folder / f"source_{name}.npy", np.frombuffer(numbers, dtype="<i4"))
        values_of = {name: list(numbers) for name, numbers in self._numbers.items()}
        (folder / "values.json").write_text(json.dumps(values_of, ensure_ascii=False), "utf-8")


class Columns:
    """The columns of a published library."""

    def __init__(self, folder: Path) -> None:
        """Open ``folder``; raises `IndexDamagedError` where a column is missing or cut."""
        self._folder = folder
        ids, *spans = (self._load(name) for name in _PASSAGE_COLUMNS)
        #: Id of each passage by row, ``(passages,) S20``.
        self.passage_ids: npt.NDArray[np.bytes_] = ids
        #: Row of the source, start and end of each passage by row, ``(passages,) int32`` each.
        self.passage_sources, self.passage_starts, self.passage_ends = spans
        self._years = self._load("source_year")
        self._words = {name: self._load(f"source_{name}") for name in _WORDS}
        # Read now: a generation goes on answering when its folder is gone.
        self._values = _read_values(folder / "values.json")

    def designs(self) -> tuple[str, ...]:
        """The study designs that occur, in alphabetical order."""
        return self._designs

    def source_mask(
        self,
        kind: str | None = None,
        study_types: Sequence[str] = (),
        year_from: int | None = None,
        year_to: int | None = None,
        container: str | None = None,
        statuses: Sequence[str] = (),
    ) -> Mask:
        """Which sources pass all given filters, ``(sources,) bool``; empty filters pass."""
        mask = np.ones(len(self._years), dtype=np.bool_)
        if kind:
            mask &= self._having("kind", lambda value: value == kind)
        for column, wanted in (
            ("design", study_types),
            ("container", [container] if container else []),
            ("status", statuses),
        ):
            if wanted:
                folded = {each.casefold() for each in wanted}
                mask &= self._having(column, lambda value, folded=folded: value.casefold() in folded)  # type: ignore[misc]
        if year_from is not None:
            mask &= self._years >= year_from
        if year_to is not None:
            mask &= (self._years <= year_to) & (self._years != _NO_YEAR)
        return mask

    def _having(self, column: str, passes: Callable[[str], bool]) -> Mask:
        """Which sources have a value of ``column`` that passes; one that has none does not."""
        table = np.array([False, *map(passes, self._values[column])])
        return np.asarray(table[self._words[column]])

    @cached_property
    def _designs(self) -> tuple[str, ...]:
        return tuple(sorted(self._values["design"]))

    def _load(self, name: str) -> npt.NDArray[Any]:
        path = self._folder / f"{name}.npy"
        try:
            # A plain view: indexing a numpy memory map costs ten times as much.
            return np.asarray(np.load(path, mmap_mode="r").view(np.ndarray))
        except (OSError, EOFError, ValueError) as error:
            raise _damaged(path) from error


def _read_values(path: Path) -> dict[str, list[str]]:
    try:
        values = json.loads(path.read_text("utf-8"))
        return {name: [str(value) for value in values[name]] for name in _WORDS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> IndexDamagedError:
    return IndexDamagedError(
        str(path), "not a readable column of the library", "run footnote verify, then footnote rollback"
    )
