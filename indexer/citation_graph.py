"""Who cites whom in a library: which works of marked standing there are, and what points at nothing.

Beside `indexer.library`, which reads records one by one for searching: this looks at all of them at once,
so it answers with rows and positions, and leaves the reading to who shows them.
"""

import sqlite3


class CitationGraph:
    """The mentions and references of one published library; shares the library's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def flagged(self) -> list[int]:
        """Rows of the sources of which more is known than ``none-known``: a standing, or a note."""
        return self._rows(
            "SELECT row FROM sources WHERE status <> 'none-known' "
            "OR json_extract(integrity, '$.note') IS NOT NULL ORDER BY row"
        )

    def mentioning(self, source_id: str) -> list[int]:
        """Rows of the sources whose text mentions a source."""
        return self._rows(
            "SELECT DISTINCT source FROM mentions WHERE cited_source_id = ? ORDER BY source", source_id
        )

    def only_listing(self, source_id: str) -> list[int]:
        """Rows of the sources that have a source in their reference list and nowhere in their text."""
        return self._rows(
            "SELECT DISTINCT source FROM reference_entries WHERE cited_source_id = ? AND source NOT IN "
            "(SELECT source FROM mentions WHERE cited_source_id = ?) ORDER BY source",
            source_id,
            source_id,
        )

    def unresolved(self) -> list[tuple[int, int]]:
        """References that no source of the library answers to: row of the source, position in its list."""
        return self._connection.execute(
            "SELECT source, position FROM reference_entries WHERE cited_source_id IS NULL "
            "ORDER BY source, position"
        ).fetchall()

    def uncited_studies(self) -> list[int]:
        """Rows of the studies that no source of the library mentions or lists."""
        return self._rows(
            "SELECT row FROM sources WHERE kind = 'study' AND source_id NOT IN "
            "(SELECT cited_source_id FROM mentions WHERE cited_source_id IS NOT NULL "
            "UNION SELECT cited_source_id FROM reference_entries WHERE cited_source_id IS NOT NULL) "
            "ORDER BY row"
        )

    def articles(self) -> list[int]:
        """Rows of the articles."""
        return self._rows("SELECT row FROM sources WHERE kind = 'article' ORDER BY row")

    def _rows(self, sql: str, *values: str) -> list[int]:
        return [row for (row,) in self._connection.execute(sql, values)]
