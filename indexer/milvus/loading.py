"""Bring a collection to what a generation holds: write what it lacks, take out what does not belong there.

The same walk fills an empty collection, goes on with one that an earlier run left half full, and turns the
collection of an older generation into that of a new one. Both sides are read in order of id, so that it needs
the memory of a batch. What is written replaces what is there: a call that failed may have been done.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from corpus.errors import ClusterError, ClusterUnavailableError
from indexer import vectors
from indexer.generation import LIBRARY_FILE, Generation
from indexer.library import Library
from indexer.milvus.connection import Cluster
from indexer.milvus.layout import Entity, entity
from indexer.milvus.rows import PassageRows
from indexer.vectors import VectorIndex

Progress = Callable[[str, int, int], None]
#: Entities of one call: at 384 dimensions some 3 MB, and Milvus takes 64.
_BATCH = 1_000
_FIRST_PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class Change:
    """What one passage needs: to be taken out (no row), or to be written (its row and state)."""

    passage_id: str
    row: int | None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was done to a collection: passages written and taken out, and how many it holds."""

    written: int
    deleted: int
    total: int


def bring(
    cluster: Cluster, collection: str, generation: Generation, progress: Progress | None = None
) -> Loaded:
    """Make a collection hold just what a generation holds.

    Raises `ClusterError`, `ClusterUnavailableError` where a node stays lost; what was written by then is kept
    and the next call goes on from there.
    """
    library = Library(generation.path / LIBRARY_FILE)
    rows = PassageRows(generation.path / LIBRARY_FILE)
    try:
        loading = _Loading(cluster, collection, generation, library, progress)
        for change in _changes(rows, cluster.entities(collection, ("passage_id", "state"))):
            loading.take(change)
        return loading.finished()
    finally:
        rows.close()
        library.close()


def _changes(rows: PassageRows, entities: Iterator[Entity]) -> Iterator[Change]:
    """What differs, in order of id; both sides come in that order."""
    held = next(entities, None)
    for passage_id, row, state in rows.states():
        while held is not None and held["passage_id"] < passage_id:
            yield Change(held["passage_id"], None)
            held = next(entities, None)
        there = held is not None and held["passage_id"] == passage_id
        if not there or held is None or held["state"] != state:
            yield Change(passage_id, row, state)
        if there:
            held = next(entities, None)
    while held is not None:
        yield Change(held["passage_id"], None)
        held = next(entities, None)


class _Loading:
    """The batches of one `bring`."""

    def __init__(
        self,
        cluster: Cluster,
        collection: str,
        generation: Generation,
        library: Library,
        progress: Progress | None,
    ) -> None:
        self._cluster = cluster
        self._collection = collection
        self._library = library
        self._vectors = VectorIndex(generation.path / vectors.FILE)
        self._progress = progress
        self._wanted: list[Change] = []
        self._gone: list[str] = []
        self._written = self._deleted = 0

    def take(self, change: Change) -> None:
        """Keep a change until there are enough of its kind for a call."""
        if change.row is None:
            self._gone.append(change.passage_id)
        else:
            self._wanted.append(change)
        if max(len(self._wanted), len(self._gone)) >= _BATCH:
            self._send()

    def finished(self) -> Loaded:
        """Send the rest and see that the collection holds what it should."""
        self._send()
        self._retried(lambda: self._cluster.flush(self._collection))
        self._cluster.settle(self._collection)
        self._cluster.load(self._collection)
        wanted, total = len(self._vectors), self._cluster.count(self._collection)
        if total != wanted:
            raise ClusterError(
                f"{self._collection} on {self._cluster.shown}",
                f"holds {total} passages after loading, and the generation has {wanted}",
                "run footnote index again; it goes on from there",
            )
        return Loaded(self._written, self._deleted, total)

    def _send(self) -> None:
        if self._wanted:
            entities = self._entities(self._wanted)
            self._retried(lambda: self._cluster.write(self._collection, entities))
            self._written += len(entities)
            self._wanted.clear()
        if self._gone:
            self._retried(lambda: self._cluster.delete(self._collection, self._gone))
            self._deleted += len(self._gone)
            self._gone.clear()
        if self._progress is not None:
            self._progress("loading", self._written, len(self._vectors))

    def _entities(self, changes: list[Change]) -> list[Entity]:
        rows = [change.row for change in changes if change.row is not None]
        found = self._vectors.vectors(np.array(rows, dtype=np.int64))
        passages = self._library.passages(rows)
        return [
            entity(passage, self._library.source(passage.source_id), change.state, vector)
            for change, passage, vector in zip(changes, passages, found, strict=True)
        ]

    def _retried(self, call: Callable[[], None]) -> None:
        """Try a write again while a node is lost."""
        attempts = self._cluster.limits.attempts
        for attempt in range(attempts):
            try:
                return call()
            except ClusterUnavailableError as error:
                if attempt + 1 == attempts:
                    raise ClusterUnavailableError(
                        self._cluster.shown,
                        f"was lost while {self._collection} was loaded, after {self._written} passages "
                        f"and {attempts} attempts",
                        "nothing was published; when it is back, run footnote index again, which goes on",
                    ) from error
                time.sleep(_FIRST_PAUSE * 2**attempt)
