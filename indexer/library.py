"""SQLite: sources, references, mentions, passages and vectors of one generation, read from any thread.

`indexer.library_writing` fills the file once; what every candidate of a search is asked for is also kept as
columns (`indexer.columns`).
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError, NotFoundError
from corpus.identifiers import aliases_of
from corpus.records import Block, Integrity, Mention, Notice, Passage, Reference, Source, Study
from indexer import columns
from indexer.bibliography import BibliographicRow, Bibliography
from indexer.citation_graph import CitationGraph
from indexer.columns import Columns
from indexer.holdings import Holdings

_SOURCE_COLUMNS = (
    "row, source_id, kind, citation_key, csl, text, blocks, study, integrity, url, license, "
    "authors_complete, origin, notices, format, provenance"
)
_CACHED_SOURCES = 4096


class Library:
    """A published library, read only."""

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises `IndexDamagedError` where it is no library."""
        try:
            # Quoted, for a folder may have a #, a ? or a % in its name.
            self._connection = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._connection.execute("SELECT row FROM passages LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise IndexDamagedError(
                str(path), f"not a readable library ({error})", "run footnote verify, then footnote rollback"
            ) from error
        #: What every candidate is asked for, by row.
        self.columns = Columns(path.parent / columns.FOLDER)
        self.passage_ids = self.columns.passage_ids
        self.passage_sources = self.columns.passage_sources
        self.passage_starts = self.columns.passage_starts
        self.passage_ends = self.columns.passage_ends
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
        return self.columns.source_mask(kind, study_types, year_from, year_to, container, statuses)

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
        return self.columns.designs()

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
