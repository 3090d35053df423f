"""Rows of a table, which the text holds as "Header: cell; Header: cell", back as cells with offsets.

Only where all rows of a table have the same headers in the same order; else the rows stay lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import Block, Span

_HEADER = re.compile(r"(?:^|; )([^:;]{1,60}): ")


@dataclass(frozen=True, slots=True)
class Table:
    """The headers of a table, and the spans of its cells by the start of their row."""

    header: tuple[str, ...]
    _cells: dict[int, list[Span]]

    def cells_of(self, block: Block) -> list[Span]:
        """The spans of a row's cells, in the order of the headers."""
        return self._cells[block.start]


def table_of(text: str, rows: Sequence[Block]) -> Table | None:
    """The table that some rows make; None where they do not share their headers."""
    lines = [text[row.start : row.end] for row in rows]
    common = [h for h in dict.fromkeys(_HEADER.findall(lines[0])) if all(f"{h}: " in line for line in lines)]
    if len(common) < 2:
        return None
    parts = [rf"{re.escape(header)}: (.*?)" for header in common]
    pattern = re.compile("; ".join(parts), re.DOTALL)
    cells: dict[int, list[Span]] = {}
    for row, line in zip(rows, lines, strict=True):
        match = pattern.fullmatch(line)
        if match is None:
            return None
        cells[row.start] = [
            Span(row.start + match.start(n + 1), row.start + match.end(n + 1)) for n in range(len(common))
        ]
    return Table(tuple(common), cells)
