"""The sources of a build on disk, so that their number is not bounded by memory.

A mapping of ids to sources for as long as a build runs. Reading one or a range back costs a tenth of a
millisecond each; the digests of their records and which of them carry notices are told without reading them.
"""

import sqlite3
from collections.abc import Iterator, MutableMapping, ValuesView
from pathlib import Path

from corpus.records import Notice, Source
from indexer.source_records import record_sha256, source_from, source_json

_CACHE_KIB = 65_536
_ROWS_AT_ONCE = 256


class Shelf(MutableMapping[str, Source]):
    """Sources by id in a file that nobody else reads; gone through in order of id."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._connection.execute(
            "CREATE TABLE shelf (source_id TEXT UNIQUE NOT NULL, sha256 TEXT NOT NULL,"
            " notices INTEGER NOT NULL, record TEXT NOT NULL)"
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __getitem__(self, source_id: str) -> Source:
        found = self._connection.execute(
            "SELECT record FROM shelf WHERE source_id = ?", (source_id,)
        ).fetchone()
        if found is None:
            raise KeyError(source_id)
        return source_from(found[0])

    def __setitem__(self, source_id: str, source: Source) -> None:
        row = source_id, record_sha256(source), len(source.notices), source_json(source)
        self._connection.execute("INSERT OR REPLACE INTO shelf VALUES (?, ?, ?, ?)", row)

    def __delitem__(self, source_id: str) -> None:
        done = self._connection.execute("DELETE FROM shelf WHERE source_id = ?", (source_id,))
        if not done.rowcount:
            raise KeyError(source_id)

    def __contains__(self, source_id: object) -> bool:
        query = "SELECT 1 FROM shelf WHERE source_id = ?"
        return self._connection.execute(query, (source_id,)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        for (source_id,) in self._connection.execute("SELECT source_id FROM shelf ORDER BY source_id"):
            yield source_id

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM shelf").fetchone()[0])

    def values(self) -> ValuesView[Source]:
        """The sources in order of id, read one after another and as often as they are gone through."""
        return _Values(self)

    def digests(self) -> dict[str, str]:
        """The record digest of every source by its id."""
        return dict(self._connection.execute("SELECT source_id, sha256 FROM shelf"))

    def notices(self) -> list[Notice]:
        """The notices of all sources, in order of the sources' ids."""
        records = self._connection.execute("SELECT record FROM shelf WHERE notices > 0 ORDER BY source_id")
        return [notice for (record,) in records for notice in source_from(record).notices]

    def _sources(self) -> Iterator[Source]:
        found = self._connection.execute("SELECT record FROM shelf ORDER BY source_id")
        while rows := found.fetchmany(_ROWS_AT_ONCE):
            for (record,) in rows:
                yield source_from(record)


class _Values(ValuesView[Source]):
    """All sources in one pass, where the mapping's own view would ask for each by its id."""

    def __iter__(self) -> Iterator[Source]:
        return self._mapping._sources()  # type: ignore[attr-defined,no-any-return]
