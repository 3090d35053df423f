"""Sources, passages and vectors -> the library file of a generation that is being built, and its columns."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.linking import aliases
from corpus.records import Passage, Source
from indexer import columns
from indexer.columns import ColumnWriter
from indexer.source_records import record_sha256

#: What SQLite may hold of a file that is being written, in KiB.
_CACHE_KIB = 262_144


class LibraryWriter:
    """Fills the library file of a generation that is being built, and the columns beside it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._folder = path.parent / columns.FOLDER
        self._columns = ColumnWriter()
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        # Ids and digests come in no order: their indexes are filled in memory, not page by page on disk.
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._connection.executescript(resources.files("indexer").joinpath("schema.sql").read_text("utf-8"))
        self._rows: dict[str, int] = {}
        self._passages = 0

    def add_source(self, source: Source, sha256: str | None = None) -> None:
        """Write a source with its references and mentions; ``sha256`` is its `record_sha256` where known."""
        row = len(self._rows)
        self._rows[source.source_id] = row
        container = source.csl.get("container-title")
        design = source.study.design if source.study else None
        place = str(container) if container else None
        self._columns.add_source(source.kind, design, source.year, place, source.integrity.status)
        self._connection.execute(
            f"INSERT INTO sources VALUES ({', '.join('?' * 22)})",
            (
                row,
                source.source_id,
                source.kind,
                source.key,
                _json(source.csl),
                source.text,
                source.text_sha256,
                _json([(b.kind, b.section, b.start, b.end) for b in source.blocks]),
                _json(asdict(source.study)) if source.study else None,
                _json(asdict(source.integrity)),
                source.url,
                source.license,
                int(source.authors_complete),
                source.origin,
                sha256 or record_sha256(source),
                design,
                source.year,
                place,
                source.integrity.status,
                _json([asdict(notice) for notice in source.notices]),
                source.format,
                _json(source.provenance),
            ),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO aliases VALUES (?, ?)", [(alias, row) for alias in aliases(source)]
        )
        self._connection.executemany(
            "INSERT INTO reference_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, n, r.label, r.raw, r.key, r.doi, r.pmid, r.pmcid, r.source_id, r.how, r.confidence)
                for n, r in enumerate(source.references)
            ],
        )
        self._connection.executemany(
            "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, n, m.start, m.end, m.how, m.label, m.confidence, m.source_id)
                for n, m in enumerate(source.mentions)
            ],
        )

    def add_passage(self, passage: Passage, encoded_sha256: str) -> int:
        """Write a passage of a source written before; returns its row."""
        row = self._passages
        self._passages += 1
        source = self._rows[passage.source_id]
        self._columns.add_passage(passage.passage_id, source, passage.start, passage.end)
        self._connection.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row,
                passage.passage_id,
                source,
                passage.start,
                passage.end,
                _json(passage.section),
                passage.kind,
                _json(passage.cites),
                encoded_sha256,
            ),
        )
        return row

    def add_vectors(self, vectors: Mapping[str, npt.NDArray[np.float16]]) -> None:
        """Write vectors by the digest of the text that they encode."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
            [(digest, vector.astype("<f2").tobytes()) for digest, vector in vectors.items()],
        )

    def close(self) -> None:
        """Commit and close; then write the columns."""
        self._connection.commit()
        self._connection.close()
        self._columns.close(self._folder)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
