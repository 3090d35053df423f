"""A delimited file as rows that know their line, whatever the delimiter, with bad quotes contained.

The csv module reads on from a quote that never closes to the end of the file and takes all records on the
way for one cell. Here a record that swallowed lines which are records of their own is given up alone, and
reading goes on at the first of those lines.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Delimiter = Literal[",", ";", "\t"]
DELIMITERS: tuple[Delimiter, ...] = (",", ";", "\t")

#: No abstract has more lines or characters; a record that has is an open quote.
_MOST_LINES = 400
_MOST_CHARACTERS = 4_000_000
#: After so many open quotes the file is not worth more time.
_MOST_MENDINGS = 200
#: How many lines are tried together for a record within swallowed lines.
_MOST_LINES_TRIED = 40
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a record and the line it begins on, counted from 1; ``fault`` says why it is none."""

    line: int
    cells: tuple[str, ...]
    fault: str | None = None


class _TooLongError(Exception):
    """The record does not end where a record would."""


@dataclass
class _Feed:
    """Hands lines to the csv module and counts what one record took."""

    lines: Sequence[str]
    at: int = 0
    until: int = 0
    characters: int = 0

    def start(self, at: int) -> None:
        """Begin a record at that line."""
        self.at, self.until, self.characters = at, at + _MOST_LINES, 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        line = self.lines[self.at]
        self.characters += len(line)
        if self.at >= self.until or self.characters > _MOST_CHARACTERS:
            raise _TooLongError
        self.at += 1
        return line


def lines_of(text: str) -> list[str]:
    """The lines with their ends; unlike ``splitlines``, only at line feeds and carriage returns."""
    return [line for line in _LINE.findall(text.replace("\0", "")) if line]


def rows_of(
    lines: Sequence[str],
    first: int,
    delimiter: Delimiter,
    width: int,
    is_record: Callable[[Sequence[str]], bool],
) -> Iterator[Row]:
    """The records from line ``first`` (counted from 0) on; blank lines are none.

    ``width`` is the number of columns, ``is_record`` tells whether cells of that number look like a record.
    """
    _allow_large_fields()
    feed = _Feed(lines)
    at, mendings = first, 0
    while at < len(lines):
        cells, fault = _next_record(feed, at, delimiter)
        end = max(feed.at, at + 1)
        if end > at + 1:
            odd = fault is not None or len(cells) != width
            resume = _resumes(lines, range(at + 1, end), delimiter, width, is_record, odd)
            if resume is not None:
                fault, end = "a quote opens and does not close; close it", resume
        if fault and end > at + 1:
            fault += f" (lines {at + 1} to {end} are left out)"
        mendings += fault is not None
        if mendings > _MOST_MENDINGS:
            yield Row(at + 1, (), "too many broken records; the rest is left out, mend the file's quotes")
            return
        if fault or any(cell.strip() for cell in cells):
            yield Row(at + 1, tuple(cells), fault)
        at = end


def _next_record(feed: _Feed, at: int, delimiter: Delimiter) -> tuple[list[str], str | None]:
    feed.start(at)
    # Strict would raise on quotes inside cells, which many exports have; only an open end is a fault.
    try:
        cells = next(csv.reader(feed, delimiter=delimiter), [])
    except _TooLongError:
        return [], "a quote opens and does not close; close it"
    except csv.Error as error:
        return [], f"not valid CSV ({error}); mend it"
    if feed.at >= len(feed.lines) and _is_open(feed.lines[at:], delimiter):
        return cells, "the file ends inside quotes; it is cut, export it again"
    return cells, None


def _is_open(record: Sequence[str], delimiter: Delimiter) -> bool:
    """Whether the last record ran to the file's end without its closing quote."""
    quotes = sum(line.count('"') for line in record)
    opens = len(record) > 1 or re.search(rf'(?:^|{delimiter})"(?:[^"]|"")*$', record[0]) is not None
    return quotes % 2 == 1 and opens


def _resumes(
    lines: Sequence[str],
    taken: range,
    delimiter: Delimiter,
    width: int,
    is_record: Callable[[Sequence[str]], bool],
    odd: bool,
) -> int | None:
    """Which of the lines that a record took begins a record of its own; None where they are its text.

    A line alone with a cell for each column is one, if the record around it is ``odd`` or if the cells
    look like one; else a few lines together are, if they do both.
    """
    if width < 3:
        return None
    for at in taken:
        if lines[at].count(delimiter) >= width - 1:
            cells = _parsed(lines[at : at + 1], delimiter)
            if len(cells) == width and (odd or is_record(cells)):
                return at
    for at in taken if odd else ():
        cells = _parsed(lines[at : at + _MOST_LINES_TRIED], delimiter) if delimiter in lines[at] else []
        if len(cells) == width and is_record(cells):
            return at
    return None


def _parsed(lines: Sequence[str], delimiter: Delimiter) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return []


def _allow_large_fields() -> None:
    """A column with full texts is beyond the csv module's 128 kB; the limit is one for the process."""
    if csv.field_size_limit() < _MOST_CHARACTERS:
        csv.field_size_limit(_MOST_CHARACTERS)
