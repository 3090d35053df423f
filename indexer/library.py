"""SQLite: sources, references, mentions, passages and vectors of one generation.

`LibraryWriter` fills a new file once; `Library` reads a published one, immutable, from any thread.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError, NotFoundError
from corpus.identifiers import aliases_of
from corpus.linking import aliases
from corpus.records import Block, Integrity, Mention, Notice, Passage, Reference, Source, Study
from indexer.bibliography import BibliographicRow, Bibliography
from indexer.citation_graph import CitationGraph
from indexer.holdings import Holdings
from indexer.source_records import record_sha256

_SOURCE_COLUMNS = (
    "row, source_id, kind, citation_key, csl, text, blocks, study, integrity, url, license, "
    "authors_complete, origin, notices, format, provenance"
)
_CACHED_SOURCES = 4096
#: What SQLite may hold of a file that is being written, in KiB.
_CACHE_KIB = 262_144


class LibraryWriter:
    """Fills the library file of a generation that is being built."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
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
                source.study.design if source.study else None,
                source.year,
                str(container) if container else None,
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
        self._connection.execute(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row,
                passage.passage_id,
                self._rows[passage.source_id],
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
        """Commit and close."""
        self._connection.commit()
        self._connection.close()


class Library:
    """A published library, read only."""

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises `IndexDamagedError` where it is no library."""
        try:
            # Quoted, for a folder may have a #, a ? or a % in its name.
            self._connection = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            # SQLite's own lower() knows ASCII only; the lexical leg folds as Python does.
            self._connection.create_function("folded", 1, _folded, deterministic=True)
            rows = self._connection.execute(
                'SELECT passage_id, source, start, "end" FROM passages ORDER BY row'
            ).fetchall()
        except sqlite3.Error as error:
            raise IndexDamagedError(
                str(path), f"not a readable library ({error})", "run footnote verify, then footnote rollback"
            ) from error
        ids, *columns = zip(*rows, strict=True) if rows else ((), (), (), ())
        #: Id of each passage by row, ``(passages,) S20``.
        self.passage_ids: npt.NDArray[np.bytes_] = np.array(ids, dtype="S20")
        #: Row of the source, start and end of each passage by row, ``(passages,) int32`` each.
        self.passage_sources, self.passage_starts, self.passage_ends = (
            np.array(column, dtype=np.int32) for column in columns
        )
        self._source = lru_cache(_CACHED_SOURCES)(self._read_source)
        #: The library as a whole, counted.
        self.holdings = Holdings(self._connection)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def counts(self) -> dict[str, int]:
        """Articles, studies, passages, references and resolved references."""
        one = self._one
        return {
            "articles": one("SELECT count(*) FROM sources WHERE kind = 'article'"),
            "studies": one("SELECT count(*) FROM sources WHERE kind = 'study'"),
            "passages": len(self.passage_sources),
            "references": one("SELECT count(*) FROM reference_entries"),
            "resolved_references": one(
                "SELECT count(*) FROM reference_entries WHERE cited_source_id IS NOT NULL"
            ),
        }

    def sources(self) -> Iterator[Source]:
        """Every source, in order of row."""
        for (row,) in self._connection.execute("SELECT row FROM sources ORDER BY row").fetchall():
            yield self._read_source(row)

    def digests(self) -> dict[str, str]:
        """The record digest of every source by its id."""
        return dict(self._connection.execute("SELECT source_id, record_sha256 FROM sources"))

    def keys(self) -> tuple[str | None, ...]:
        """The citation key of every source, in order of row."""
        rows = self._connection.execute("SELECT citation_key FROM sources ORDER BY row")
        return tuple(key for (key,) in rows)

    def formats(self) -> dict[str, int]:
        """How many sources were read from each format; an article has the format ``none``."""
        return dict(
            self._connection.execute("SELECT ifnull(format, 'none'), count(*) FROM sources GROUP BY 1")
        )

    def source(self, identifier: str) -> Source:
        """A source by any identifier: DOI, PMID, PMCID, citation key, id; raises `NotFoundError`."""
        for alias in aliases_of(identifier):
            found = self._connection.execute(
                "SELECT source FROM aliases WHERE alias = ?", (alias,)
            ).fetchone()
            if found:
                return self._source(found[0])
        raise NotFoundError(
            identifier, "no source of the library goes by that", "give a DOI, PMID, PMCID, citation key or id"
        )

    def source_at(self, row: int) -> Source:
        """The source of a row."""
        return self._source(row)

    def passage(self, passage_id: str) -> Passage:
        """A passage by its id; raises `NotFoundError`."""
        found = self._connection.execute(
            "SELECT row FROM passages WHERE passage_id = ?", (passage_id,)
        ).fetchone()
        if not found:
            raise NotFoundError(
                passage_id, "no passage of this index has that id", "search again: ids go with the text"
            )
        return self.passages([found[0]])[0]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of some rows, in the order asked for."""
        if not rows:
            return []
        marks = ", ".join("?" * len(rows))
        found = self._connection.execute(
            'SELECT p.row, p.passage_id, p.source, p.start, p."end", p.section, p.kind, p.cites '
            f"FROM passages p WHERE p.row IN ({marks})",
            [int(row) for row in rows],
        ).fetchall()
        by_row = {row: self._passage(*columns) for row, *columns in found}
        return [by_row[int(row)] for row in rows]

    def passage_rows(self, source_id: str) -> list[int]:
        """The rows of a source's passages, in order; none where it has no passage or is not here."""
        found = self._connection.execute(
            "SELECT p.row FROM passages p JOIN sources s ON s.row = p.source"
            " WHERE s.source_id = ? ORDER BY p.row",
            (source_id,),
        )
        return [row for (row,) in found]

    def source_mask(
        self,
        kind: str | None = None,
        study_types: Sequence[str] = (),
        year_from: int | None = None,
        year_to: int | None = None,
        container: str | None = None,
        statuses: Sequence[str] = (),
    ) -> npt.NDArray[np.bool_]:
        """Which sources pass all given filters, ``(sources,) bool``; empty filters pass."""
        clauses: list[str] = []
        values: list[Any] = []
        for clause, value in (
            ("kind = ?", kind),
            ("year >= ?", year_from),
            ("year <= ?", year_to),
            ("folded(container) = folded(?)", container),
        ):
            if value not in (None, ""):
                clauses.append(clause)
                values.append(value)
        for column, allowed in (("design", study_types), ("status", statuses)):
            if allowed:
                clauses.append(f"folded({column}) IN ({', '.join('folded(?)' for _ in allowed)})")
                values.extend(allowed)
        mask = np.zeros(self._one("SELECT count(*) FROM sources"), dtype=np.bool_)
        where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
        rows = self._connection.execute(f"SELECT row FROM sources {where}", values).fetchall()
        mask[[row for (row,) in rows]] = True
        return mask

    @cached_property
    def bibliography(self) -> Bibliography:
        """All titles, authors and places, to find a source that no identifier names; made at first use."""
        found = self._connection.execute("SELECT row, csl, notices FROM sources ORDER BY row")
        return Bibliography(
            BibliographicRow(row, json.loads(csl), [Notice(**notice) for notice in json.loads(notices)])
            for row, csl, notices in found
        )

    @cached_property
    def citation_graph(self) -> CitationGraph:
        """Who cites whom, asked of the whole library."""
        return CitationGraph(self._connection)

    def designs(self) -> tuple[str, ...]:
        """The study designs that occur, in alphabetical order."""
        rows = self._connection.execute(
            "SELECT DISTINCT design FROM sources WHERE design IS NOT NULL ORDER BY design"
        )
        return tuple(design for (design,) in rows)

    def cited_by(self, source_id: str) -> tuple[str, ...]:
        """Ids of the sources whose text mentions a source, in order of row."""
        rows = self._connection.execute(
            "SELECT DISTINCT s.row, s.source_id FROM mentions m JOIN sources s ON s.row = m.source "
            "WHERE m.cited_source_id = ? ORDER BY s.row",
            (source_id,),
        )
        return tuple(found for _, found in rows)

    def vectors(self, digests: Iterable[str]) -> dict[str, npt.NDArray[np.float16]]:
        """The stored vectors for those digests that have one."""
        found = {}
        for digest in digests:
            row = self._connection.execute(
                "SELECT vector FROM vectors WHERE encoded_sha256 = ?", (digest,)
            ).fetchone()
            if row:
                found[digest] = np.frombuffer(row[0], dtype="<f2")
        return found

    def _one(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0])

    def _passage(
        self, passage_id: str, source_row: int, start: int, end: int, section: str, kind: Any, cites: str
    ) -> Passage:
        source = self._source(source_row)
        return Passage(
            passage_id=passage_id,
            source_id=source.source_id,
            start=start,
            end=end,
            text=source.text[start:end],
            section=tuple(json.loads(section)),
            kind=kind,
            cites=tuple(json.loads(cites)),
        )

    def _read_source(self, row: int) -> Source:
        columns = self._connection.execute(
            f"SELECT {_SOURCE_COLUMNS} FROM sources WHERE row = ?",
            (row,),
        ).fetchone()
        _, source_id, kind, key, csl, text, blocks, study, integrity, url, license_, complete, *rest = columns
        origin, notices, format_, provenance = rest
        return Source(
            source_id=source_id,
            kind=kind,
            csl=json.loads(csl),
            text=text,
            blocks=tuple(Block(k, tuple(section), s, e) for k, section, s, e in json.loads(blocks)),
            key=key,
            references=self._references(row),
            mentions=self._mentions(row),
            study=Study(**json.loads(study)) if study else None,
            integrity=Integrity(**json.loads(integrity)),
            url=url,
            license=license_,
            authors_complete=bool(complete),
            origin=origin,
            notices=tuple(Notice(**notice) for notice in json.loads(notices)),
            format=format_,
            provenance=json.loads(provenance),
        )

    def _references(self, row: int) -> tuple[Reference, ...]:
        rows = self._connection.execute(
            "SELECT label, raw, citation_key, doi, pmid, pmcid, cited_source_id, how, confidence "
            "FROM reference_entries WHERE source = ? ORDER BY position",
            (row,),
        )
        return tuple(Reference(*columns) for columns in rows)

    def _mentions(self, row: int) -> tuple[Mention, ...]:
        rows = self._connection.execute(
            'SELECT start, "end", how, label, confidence, cited_source_id '
            "FROM mentions WHERE source = ? ORDER BY position",
            (row,),
        )
        return tuple(Mention(*columns) for columns in rows)


def _folded(value: str | None) -> str | None:
    return value.casefold() if value is not None else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
