"""What a library holds, counted; which passages a source has, which identifiers stand beside one.

Beside `indexer.library`, which reads records one by one for searching: this is for looking at a
library as a whole, on the pages and in reports.
"""

import sqlite3
from typing import Literal

Column = Literal["kind", "design", "year", "container", "status", "format"]
_COLUMNS: tuple[Column, ...] = ("kind", "design", "year", "container", "status", "format")


class Holdings:
    """Counts over one published library; shares the library's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def tally(self, column: Column, kind: str | None = None) -> list[tuple[str | int | None, int]]:
        """How many sources have each value of a column, most first; ``kind`` looks at one kind only."""
        if column not in _COLUMNS:
            raise ValueError(f"{column}: use one of {', '.join(_COLUMNS)}")
        where, values = ("WHERE kind = ?", [kind]) if kind else ("", [])
        return self._connection.execute(
            f"SELECT {column}, count(*) AS n FROM sources {where} GROUP BY 1 ORDER BY n DESC, 1", values
        ).fetchall()

    def with_standing(self, limit: int) -> list[int]:
        """Rows of the sources with a marked standing, the gravest first, at most ``limit``."""
        rows = self._connection.execute(
            "SELECT row FROM sources WHERE status <> 'none-known' ORDER BY CASE status "
            "WHEN 'retracted' THEN 0 WHEN 'concern' THEN 1 WHEN 'corrected' THEN 2 ELSE 3 END, year, row "
            "LIMIT ?",
            (limit,),
        )
        return [row for (row,) in rows]

    def neighbouring_aliases(self, alias: str, each_side: int = 4) -> list[str]:
        """The identifiers and keys that stand next to ``alias`` in alphabetical order."""
        after = self._connection.execute(
            "SELECT alias FROM aliases WHERE alias >= ? ORDER BY alias LIMIT ?", (alias, each_side)
        ).fetchall()
        before = self._connection.execute(
            "SELECT alias FROM aliases WHERE alias < ? ORDER BY alias DESC LIMIT ?", (alias, each_side)
        ).fetchall()
        return [found for (found,) in (*before, *after)]

    def passage_rows(self, source_id: str) -> list[int]:
        """Rows of the passages of a source in order of the text; empty where there is no such source."""
        rows = self._connection.execute(
            "SELECT p.row FROM passages p JOIN sources s ON s.row = p.source WHERE s.source_id = ? "
            'ORDER BY p.start, p."end"',
            (source_id,),
        )
        return [row for (row,) in rows]
