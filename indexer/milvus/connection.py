"""The one door to Milvus: every call has a time limit, every refusal becomes a `ClusterError`.

What pymilvus raises is told apart by what it says, for its codes are not the same from server to server.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ClusterError, ClusterUnavailableError, ParameterError
from indexer.milvus.address import check_uri, check_version, is_lite, shown
from indexer.milvus.layout import Entity, Layout

_PAGE = 10_000
_LOOK_SECONDS = 0.5
_LOST = (
    "UNAVAILABLE",
    "DEADLINE_EXCEEDED",
    "Retry timeout",
    "Retry run out",
    "Fail connecting",
    "no channel",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that a call may take, and how often a write is tried."""

    connect: float = 5.0
    search: float = 5.0
    write: float = 60.0
    attempts: int = 4


class Cluster:
    """A Milvus that answered and is of a version that can be used."""

    def __init__(self, uri: str, limits: Limits | None = None) -> None:
        """Connect; raises `ParameterError`, `ClusterUnavailableError`, or `ClusterError` for its version."""
        self.uri = uri
        self.limits = limits or Limits()
        self.shown = shown(uri)
        check_uri(uri)
        client_class = _client_class()
        with self._asking("cannot be reached"):
            self._client = client_class(uri=uri, timeout=self.limits.connect, dedicated=True)
            version = str(self._client.get_server_version(timeout=self.limits.connect))
        try:
            self.is_lite = check_version(version, self.shown)
        except ClusterError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; Milvus Lite lets its file go."""
        self._client.close()
        if is_lite(self.uri):
            from milvus_lite.server_manager import server_manager_instance

            server_manager_instance.release_server(self.uri)

    def collections(self) -> list[str]:
        """The names of all collections, in order."""
        with self._asking("cannot be listed"):
            return sorted(self._client.list_collections(timeout=self.limits.search))

    def target(self, alias: str) -> str | None:
        """The collection that an alias names, None where there is no such alias."""
        with self._asking("cannot be listed"):
            known = self._client.list_aliases(timeout=self.limits.search)["aliases"]
            if alias not in known:
                return None
            found = self._client.describe_alias(alias, timeout=self.limits.search)
        return str(found["collection_name"])

    def point(self, alias: str, collection: str) -> None:
        """Have an alias name a collection; at once for whoever asks by it."""
        held = self.target(alias)
        with self._asking("did not take the alias"):
            if held is None:
                self._client.create_alias(collection, alias, timeout=self.limits.write)
            elif held != collection:
                self._client.alter_alias(collection, alias, timeout=self.limits.write)

    def create(self, collection: str, dim: int, fields: Layout) -> None:
        """Make an empty collection with its indexes."""
        from pymilvus import DataType, Function, FunctionType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(fields.key, DataType.VARCHAR, is_primary=True, max_length=64)
        for name, length in fields.texts.items():
            schema.add_field(name, DataType.VARCHAR, max_length=length)
        schema.add_field(fields.number, DataType.INT32)
        analyzed = {"enable_analyzer": True, "analyzer_params": dict(fields.analyzer)}
        for text, sparse in fields.words.items():
            schema.add_field(text, DataType.VARCHAR, max_length=fields.longest, **analyzed)
            schema.add_field(sparse, DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(
                Function(sparse, FunctionType.BM25, input_field_names=[text], output_field_names=[sparse])
            )
        schema.add_field(fields.dense, DataType.FLOAT_VECTOR, dim=dim)
        indexes = self._client.prepare_index_params()
        indexes.add_index(
            fields.dense, index_type=fields.kind, metric_type="IP", params=self._told_index(fields.build)
        )
        for sparse in fields.words.values():
            indexes.add_index(
                sparse,
                index_type="SPARSE_INVERTED_INDEX",
                metric_type="BM25",
                params=self._told_index(fields.bm25),
            )
        with self._asking("did not make a collection"):
            self._client.create_collection(
                collection, schema=schema, index_params=indexes, timeout=self.limits.write
            )

    def rename(self, collection: str, name: str) -> None:
        """Give a collection another name, and have it loaded under it."""
        with self._asking("did not rename a collection"):
            self._client.rename_collection(collection, name, timeout=self.limits.write)
        self.load(name)

    def drop(self, collection: str) -> None:
        """Remove a collection with all it holds."""
        with self._asking("did not drop a collection"):
            self._client.drop_collection(collection, timeout=self.limits.write)

    def load(self, collection: str) -> None:
        """Have a collection in memory where it is searched; it may be there already."""
        with self._asking("did not load a collection"):
            self._client.load_collection(collection, timeout=10 * self.limits.write)

    def write(self, collection: str, entities: Sequence[Entity]) -> None:
        """Put entities in, in the place of those with the same key.

        Never as an insertion: pymilvus itself repeats a call whose answer is lost, and Milvus keeps both of
        two entities that were inserted under one key.
        """
        with self._asking("did not take what was written"):
            self._client.upsert(collection, list(entities), timeout=self.limits.write)

    def delete(self, collection: str, keys: Sequence[str]) -> None:
        """Take entities out by their keys."""
        with self._asking("did not take a deletion"):
            self._client.delete(collection, ids=list(keys), timeout=self.limits.write)

    def flush(self, collection: str) -> None:
        """See what was written sealed and stored."""
        with self._asking("did not store what was written"):
            self._client.flush(collection, timeout=10 * self.limits.write)

    def settle(self, collection: str) -> None:
        """Wait until everything that was stored is indexed, as long as there is less to be indexed."""
        left, since = None, time.monotonic()
        while pending := self._pending(collection):
            if left is None or pending < left:
                left, since = pending, time.monotonic()
            elif time.monotonic() - since > 10 * self.limits.write:
                raise ClusterError(
                    f"{collection} on {self.shown}",
                    f"{pending} passages wait to be indexed, and none was in {10 * self.limits.write:g} s",
                    "look at the log of Milvus, then run again",
                )
            time.sleep(_LOOK_SECONDS)

    def _pending(self, collection: str) -> int:
        with self._asking("cannot be described"):
            described = [
                self._client.describe_index(collection, name, timeout=self.limits.search)
                for name in self._client.list_indexes(collection)
            ]
        return max((int(one["pending_index_rows"]) for one in described if one), default=0)

    def count(self, collection: str) -> int:
        """How many entities a collection holds, all writes seen."""
        with self._asking("cannot be counted"):
            found = self._client.query(
                collection,
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=self.limits.write,
            )
        return int(found[0]["count(*)"])

    def entities(self, collection: str, fields: Sequence[str]) -> Iterator[Entity]:
        """Some fields of every entity, in order of key, page by page."""
        with self._asking("cannot be read"):
            pages = self._client.query_iterator(
                collection,
                batch_size=_PAGE,
                output_fields=list(fields),
                consistency_level="Strong",
                timeout=self.limits.write,
            )
        try:
            while True:
                with self._asking("cannot be read"):
                    page = pages.next()
                if not page:
                    return
                yield from page
        finally:
            pages.close()

    def search(
        self,
        collection: str,
        field: str,
        asked: npt.NDArray[np.float32] | str,
        depth: int,
        expression: str,
        parameters: dict[str, Any],
    ) -> list[tuple[str, float]]:
        """The keys of the entities that a vector or a text finds, best first, with their scores."""
        with self._asking("did not answer a search"):
            (hits,) = self._client.search(
                collection,
                data=[asked],
                anns_field=field,
                filter=expression,
                limit=depth,
                search_params={"params": parameters},
                timeout=self.limits.search,
            )
        # A cosine may be below 0, a BM25 score may not; Milvus Lite gives it with the sign turned.
        sign = abs if isinstance(asked, str) else float
        return [(str(hit.id), float(sign(hit.distance))) for hit in hits]

    def _told_index(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Milvus Lite takes the parameters of an index in a dictionary of their own only."""
        return {"params": dict(parameters)} if self.is_lite and parameters else dict(parameters)

    @contextmanager
    def _asking(self, refusal: str) -> Iterator[None]:
        """Translate what pymilvus and gRPC raise."""
        import grpc
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, ValueError) as error:
            raise self._told(error, refusal) from error

    def _told(self, error: Exception, refusal: str) -> ClusterError:
        reason = " ".join(str(getattr(error, "message", "") or error).split())
        if any(word in reason for word in _LOST) or "TimeoutError" in type(error).__name__:
            return ClusterUnavailableError(
                self.shown,
                f"no Milvus answers there within {self.limits.connect:g} s",
                "start it, or give another --uri",
            )
        if "Open local milvus failed" in reason:
            return ClusterUnavailableError(
                self.shown,
                "Milvus Lite cannot open it; one process may have it open at a time",
                "close the other, check that its folder exists, or serve it with milvus-lite server",
            )
        return ClusterError(
            self.shown, f"{refusal} ({shown(reason)[:200]})", "look at the log of Milvus, then run again"
        )


_SETTLED = threading.Lock()


def _client_class() -> Any:
    """The client class; what pymilvus and gRPC would print is kept quiet, for errors are ours to tell."""
    with _SETTLED:
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        try:
            from pymilvus import MilvusClient
        except ModuleNotFoundError as error:
            raise ParameterError(
                "backend", "milvus", "pymilvus is not installed", "run pip install 'footnote[milvus]'"
            ) from error
        # After the import, which sets its own level.
        for name in ("pymilvus", "milvus_lite", "grpc"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    return MilvusClient
