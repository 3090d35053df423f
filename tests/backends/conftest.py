"""Milvus Lite with the starter library in it, and the small library that tests change."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from indexer.generation import Generation, IndexDirectory
from indexer.legs import Legs, LocalFiles
from search_api.search import Searcher
from tests.backends.lite_server import served
from tests.indexer.conftest import light_index, other_model, small

if TYPE_CHECKING:
    from indexer.milvus.publishing import MilvusBackend

__all__ = ["light_index", "other_model", "small"]


@pytest.fixture(scope="session")
def milvus() -> None:
    """Tests of the cluster skip where the extra is not installed."""
    pytest.importorskip("milvus_lite", reason="the extra milvus is not installed")


@pytest.fixture(scope="session")
def generation(starter_index: Path) -> Generation:
    return IndexDirectory(starter_index).open()


@pytest.fixture(scope="session")
def starter_cluster(
    milvus: None, generation: Generation, tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[MilvusBackend]":
    """The starter library in a Milvus Lite behind a port; no test changes it."""
    from indexer.milvus.publishing import MilvusBackend

    with (
        served(tmp_path_factory.mktemp("lite") / "data") as uri,
        closing(MilvusBackend(uri, "footnote")) as backend,
    ):
        backend.provide(generation)
        backend.switch(generation)
        yield backend


@pytest.fixture(scope="session")
def by_cluster(starter_cluster: "MilvusBackend", generation: Generation) -> Legs:
    return starter_cluster.legs(generation)


@pytest.fixture(scope="session")
def by_files(generation: Generation) -> Legs:
    return LocalFiles().legs(generation)


@pytest.fixture(scope="session")
def cluster_searcher(
    starter_cluster: "MilvusBackend", generation: Generation, searcher: Searcher
) -> Iterator[Searcher]:
    """A searcher of the starter library that asks the cluster."""
    with closing(Searcher.open(generation, searcher.encoder, backend=starter_cluster)) as opened:
        yield opened


@pytest.fixture
def lite(milvus: None, tmp_path: Path) -> Iterator[str]:
    """The address of an empty Milvus Lite."""
    with served(tmp_path / "lite") as uri:
        yield uri


@pytest.fixture
def backend(lite: str) -> "Iterator[MilvusBackend]":
    """A backend on an empty Milvus Lite, which updates as it would a cluster."""
    from indexer.milvus.publishing import MilvusBackend

    with closing(MilvusBackend(lite, "footnote", in_place=True)) as opened:
        yield opened
