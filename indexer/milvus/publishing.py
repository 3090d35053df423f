"""A collection for each generation, filled aside and published by its name; the alias names the live one.

A reader takes the collection of the generation that it has open, so that the library on disk and the
cluster never disagree; the alias is switched right after ``CURRENT``, for whoever asks by it. As on disk
the generation before is kept for a rollback. The one before that is turned into the next by what differs,
which leaves the two that may be asked untouched.
"""

import contextlib
import threading

from corpus.errors import ClusterError, CollectionMissingError, FingerprintError
from indexer import lexical, vectors
from indexer.generation import LIBRARY_FILE, Generation
from indexer.legs import Legs
from indexer.lexical import LexicalIndex
from indexer.milvus.connection import Cluster, Limits
from indexer.milvus.layout import Names, encoding_of, layout_for
from indexer.milvus.loading import Loaded, Progress, bring
from indexer.milvus.rows import PassageRows
from indexer.milvus.searching import ClusterVectors, ClusterWords
from indexer.vectors import VectorIndex


class MilvusBackend:
    """One library's collections in one Milvus; connects when it is first asked."""

    name = "milvus"

    def __init__(
        self, uri: str, collection: str, limits: Limits | None = None, in_place: bool | None = None
    ) -> None:
        """``collection`` is the alias, and the beginning of every name; raises `ParameterError`.

        ``in_place`` says whether an older collection is turned into the next. By default it is, but in Milvus
        Lite, which tells how rare a word is segment by segment: what is written later would count for little.
        """
        self._in_place = in_place
        self._uri = uri
        self._names = Names(collection)
        self._limits = limits
        self._cluster: Cluster | None = None
        self._lock = threading.Lock()

    @property
    def cluster(self) -> Cluster:
        """The connection; raises `ClusterError` where there is none to be had."""
        with self._lock:
            if self._cluster is None:
                self._cluster = Cluster(self._uri, self._limits)
            return self._cluster

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._cluster is not None:
                self._cluster.close()
                self._cluster = None

    def legs(self, generation: Generation) -> Legs:
        """The legs of a generation.

        Raises `CollectionMissingError` or `FingerprintError` where the cluster holds another or none,
        `ClusterError` where it cannot be asked.
        """
        cluster, collection = self.cluster, self._names.of(generation.manifest)
        if collection not in cluster.collections():
            raise self._missing(generation)
        cluster.load(collection)
        rows = PassageRows(generation.path / LIBRARY_FILE)
        stored = VectorIndex(generation.path / vectors.FILE)
        known = LexicalIndex(generation.path / lexical.FOLDER)
        return Legs(
            ClusterVectors(cluster, collection, rows, stored), ClusterWords(cluster, collection, rows, known)
        )

    def provide(
        self, generation: Generation, kept: tuple[str, ...] = (), progress: Progress | None = None
    ) -> Loaded:
        """See that the collection of a generation is there and whole; the live one is not touched.

        ``kept`` are index versions whose collections stay as they are. Raises `ClusterError`.
        """
        cluster, manifest = self.cluster, generation.manifest
        name, working = self._names.of(manifest), self._names.working(manifest)
        there = cluster.collections()
        if name in there:
            cluster.load(name)
            return Loaded(0, 0, cluster.count(name))
        if working not in there:
            in_place = not cluster.is_lite if self._in_place is None else self._in_place
            spare = self._spare(there, encoding_of(manifest), kept) if in_place else None
            if spare:
                cluster.rename(spare, working)
            else:
                cluster.create(working, int(manifest.parameters["dim"]), layout_for(manifest))
        cluster.load(working)
        loaded = bring(cluster, working, generation, progress)
        cluster.rename(working, name)
        return loaded

    def switch(self, generation: Generation, kept: tuple[str, ...] = ()) -> None:
        """Have the alias name a generation's collection, and drop what is neither its nor ``kept``."""
        cluster, name = self.cluster, self._names.of(generation.manifest)
        cluster.point(self._names.collection, name)
        for other in cluster.collections():
            held = self._names.parsed(other)
            if held is not None and other != name and held[0] not in kept:
                # What stays now is dropped by the next run; the generation is live all the same.
                with contextlib.suppress(ClusterError):
                    cluster.drop(other)

    def _spare(self, there: list[str], encoding: str, kept: tuple[str, ...]) -> str | None:
        """The latest collection that nobody asks and that holds the same kind of entities."""
        live = self.cluster.target(self._names.collection)
        for name in reversed(there):
            version = self._names.parsed(name)
            if version and version[1] == encoding and version[0] not in kept and name != live:
                return name
        return None

    def _missing(self, generation: Generation) -> ClusterError | FingerprintError:
        wanted = generation.manifest
        live = self.cluster.target(self._names.collection)
        held = self._names.parsed(live) if live else None
        remedy = "run footnote index with this backend, or give another --collection"
        where = f"{self._names.collection} on {self.cluster.shown}"
        if held is None:
            return CollectionMissingError(where, f"no collection holds generation {wanted.name}", remedy)
        if held[1] != encoding_of(wanted):
            return FingerprintError(
                where,
                f"it holds what another model made, and generation {wanted.name} was not made with that",
                remedy,
            )
        return CollectionMissingError(
            where, f"it holds generation {held[0]}, and the index is at {wanted.index_version}", remedy
        )
