"""Settings -> a searcher: which generation, which reranker, and who searches."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

from corpus.errors import ClusterError, FootnoteError, ParameterError
from search_api.settings import Settings

if TYPE_CHECKING:
    from indexer.legs import Backend
    from indexer.milvus.publishing import MilvusBackend
    from search_api.search import Searcher


def cluster_of(settings: Settings) -> "MilvusBackend | None":
    """The cluster that the settings name, not yet asked; None where the files of the index are searched."""
    if settings.backend == "faiss":
        return None
    from indexer.milvus.publishing import MilvusBackend

    return MilvusBackend(settings.uri, settings.collection)


def backend_of(settings: Settings) -> "Backend":
    """Who searches for the settings."""
    from indexer.legs import LocalFiles

    return cluster_of(settings) or LocalFiles()


@contextmanager
def opened_searcher(settings: Settings, generation: str | None = None) -> "Iterator[Searcher]":
    """A searcher of the live generation, or of the one named, closed in the end; raises `IndexStateError`."""
    from indexer.compiling import open_reranker
    from indexer.generation import IndexDirectory
    from search_api.search import Searcher

    found = IndexDirectory(settings.index).open(generation)
    model, threads = settings.reranker, settings.threads
    backend = backend_of(settings)
    try:
        reranker = open_reranker(model, settings.index, threads or None) if model else None
        searcher = Searcher.open(
            found, threads=threads, reranker=reranker, profile=settings.profile, backend=backend
        )
        try:
            yield searcher
        finally:
            searcher.close()
    finally:
        backend.close()


def check_cluster(settings: Settings) -> None:
    """See that the cluster holds the live generation, before workers are started; raises a `FootnoteError`.

    In a process of its own: gRPC does not survive being forked, and one process at a time has Milvus Lite.
    """
    if settings.backend == "faiss":
        return
    if settings.uri.endswith(".db") and settings.workers > 1:
        raise ParameterError(
            "workers",
            str(settings.workers),
            "one process at a time can have a Milvus Lite file open",
            "use 1, or milvus-lite server and its address",
        )
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as apart:
        refusal = apart.submit(_refusal, settings).result()
    if refusal:
        raise ClusterError(*refusal)


def _refusal(settings: Settings) -> tuple[str, str, str] | None:
    """Why the cluster cannot be used for the live generation; None where it can."""
    from indexer.generation import IndexDirectory

    try:
        with closing(backend_of(settings)) as backend:
            backend.legs(IndexDirectory(settings.index).open())
    except FootnoteError as error:
        return error.value, error.rule, error.remedy
    return None
