"""What can be wrong with a cluster, each told in one line, in time, and with nothing published."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import ClusterError, ClusterUnavailableError, ParameterError
from indexer.generation import Generation
from indexer.milvus import loading
from indexer.milvus.address import shown
from indexer.milvus.connection import Cluster, Limits
from indexer.milvus.layout import Names
from indexer.milvus.publishing import MilvusBackend
from search_api.app import create_app
from search_api.publishing import build_into
from search_api.settings import Settings
from tests.backends.lite_server import LosesNode, closed_port, of_version, served
from tests.backends.test_publishing import building, held, ids, publish
from tests.indexer.small_index import GLA, SmallIndex, write_study
from tests.search_api.command_line import run

_SHORT = Limits(connect=0.5, search=0.5, write=0.3, attempts=3)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches and short pauses, so that there is a middle of a load to be lost in."""
    monkeypatch.setattr(loading, "_BATCH", 2)
    monkeypatch.setattr(loading, "_FIRST_PAUSE", 0.01)


def test_no_milvus_at_the_address_is_told_in_time(milvus: None) -> None:
    began = time.monotonic()
    with pytest.raises(ClusterUnavailableError, match=r"no Milvus answers there within 0.5 s"):
        Cluster(f"http://127.0.0.1:{closed_port()}", _SHORT)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("version", ["v2.3.5", "2.4.23", "milvus_lite-2.5.1", "no version"])
def test_a_milvus_of_another_version_is_refused(milvus: None, tmp_path: Path, version: str) -> None:
    with served(tmp_path / "lite", of_version(version)) as uri, pytest.raises(ClusterError, match="or later"):
        Cluster(uri, _SHORT)


@pytest.mark.parametrize("version", ["v2.5.0", "2.6.4-dev", "v3.0.1", "milvus_lite-3.2.2"])
def test_a_milvus_with_a_bm25_function_is_taken(milvus: None, tmp_path: Path, version: str) -> None:
    with served(tmp_path / "lite", of_version(version)) as uri, closing(Cluster(uri, _SHORT)) as cluster:
        assert cluster.collections() == []


@pytest.mark.parametrize("uri", ["", "localhost", "ftp://a:1", "http://", "http://a:b", "http://a:99999"])
def test_an_address_that_is_none_is_refused(milvus: None, uri: str) -> None:
    with pytest.raises(ParameterError, match=r"must be http://HOST:PORT"):
        Cluster(uri, _SHORT)


def test_a_lite_file_in_a_folder_that_is_not_there_is_refused(milvus: None, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="does not exist"):
        Cluster(str(tmp_path / "no" / "lite.db"), _SHORT)


def test_a_lite_file_that_is_open_elsewhere_is_refused(milvus: None, tmp_path: Path) -> None:
    with served(tmp_path / "lite.db"), pytest.raises(ClusterUnavailableError, match="one process"):
        Cluster(str(tmp_path / "lite.db"), _SHORT)


def test_a_password_is_never_shown(milvus: None) -> None:
    with pytest.raises(ClusterUnavailableError) as caught:
        Cluster(f"http://root:hidden@127.0.0.1:{closed_port()}", _SHORT)
    assert "hidden" not in str(caught.value)
    assert shown("https://root:hidden@a.example:19530/db") == "https://***@a.example:19530/db"


@pytest.fixture
def losing(milvus: None, tmp_path: Path) -> Iterator[tuple[LosesNode, MilvusBackend]]:
    """A cluster that can lose its node, and a backend on it."""
    node = LosesNode(after=10_000, times=0)
    with (
        served(tmp_path / "lite", node) as uri,
        closing(MilvusBackend(uri, "footnote", _SHORT)) as backend,
    ):
        yield node, backend


@pytest.mark.parametrize("late", [False, True])
def test_a_node_that_comes_back_costs_a_few_attempts_and_nothing_else(
    losing: tuple[LosesNode, MilvusBackend], small: SmallIndex, hasty: None, late: bool
) -> None:
    """Also where it wrote before it was lost: what is tried again replaces, and there are no doubles."""
    node, backend = losing
    node.after, node.times, node.late = node.calls + 1, 1, late
    published = publish(backend, small)
    assert node.lost == 1
    # Milvus keeps two entities of one key that were inserted twice, so nothing is ever inserted.
    assert set(node.asked) == {"Upsert"}
    assert published.loaded.total == len(ids(small))
    assert set(held(backend, small.live())) == ids(small)


def test_a_node_that_stays_lost_leaves_the_live_collection_and_the_next_run_goes_on(
    losing: tuple[LosesNode, MilvusBackend], small: SmallIndex, hasty: None
) -> None:
    node, backend = losing
    publish(backend, small)
    live, before = small.live(), held(backend, small.live())
    alias = backend.cluster.target("footnote")
    write_study(small.library, GLA, "Zebras.")
    node.after, node.times = node.calls + 1, 10_000
    with pytest.raises(ClusterUnavailableError, match=r"was lost while .* after 2 passages and 3 attempts"):
        publish(backend, small)
    assert small.live().manifest.name == live.manifest.name
    assert backend.cluster.target("footnote") == alias
    assert held(backend, live) == before
    assert backend.legs(live).lexical.search("cramps", 3)[0].size
    node.times = 0
    published = publish(backend, small)
    # Two were written before the node was lost, and stayed.
    assert published.loaded.written == len(ids(small)) - 2
    assert set(held(backend, small.live())) == ids(small)


def test_a_cluster_that_does_not_answer_costs_no_build(
    milvus: None, small: SmallIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = small.names()
    write_study(small.library, GLA, "Zebras.")
    backend = MilvusBackend(f"http://127.0.0.1:{closed_port()}", "footnote", _SHORT)
    with pytest.raises(ClusterUnavailableError):
        build_into(backend, small.index, building(small))
    assert small.names() == names


def test_a_cluster_that_goes_away_answers_503_and_is_asked_again_when_it_is_back(
    milvus: None, small: SmallIndex, tmp_path: Path
) -> None:
    with served(tmp_path / "lite") as uri:
        with closing(MilvusBackend(uri, "footnote")) as backend:
            publish(backend, small)
        settings = Settings(index=small.index, backend="milvus", uri=uri)
        client = create_app(settings).test_client()
        live = client.application.extensions["footnote.live"]
        live._backend._limits = _SHORT
        assert client.get("/v1/search?query=leg+cramps").status_code == 200
    refused = client.get("/v1/search?query=night+cramps")
    assert refused.status_code == 503
    assert refused.content_type == "application/problem+json"
    assert "127.0.0.1" not in refused.get_data(as_text=True)


def test_the_command_line_tells_each_fault_in_one_line(
    starter_cluster: MilvusBackend,
    starter_index: Path,
    small: SmallIndex,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    uri = starter_cluster.cluster.uri
    asked = ("search", "leg cramps", "--backend", "milvus", "--index")
    told = run(monkeypatch, capsys, (*asked, small.index, "--uri", uri)).fault()
    assert "another model" in told
    told = run(monkeypatch, capsys, (*asked, starter_index, "--uri", uri, "--collection", "none")).fault()
    assert "no collection holds generation" in told
    told = run(monkeypatch, capsys, (*asked, starter_index, "--uri", "milvus")).fault()
    assert "must be http://HOST:PORT" in told
    told = run(monkeypatch, capsys, ("search", "x", "--backend", "lucene")).fault()
    assert "must be one of faiss, milvus" in told


def test_a_generation_left_half_loaded_has_no_collection_of_its_name(
    losing: tuple[LosesNode, MilvusBackend], generation: Generation
) -> None:
    """So a reader never opens one."""
    node, backend = losing
    node.times = 10_000
    node.after = node.calls
    with pytest.raises(ClusterUnavailableError):
        backend.provide(generation)
    assert Names("footnote").of(generation.manifest) not in backend.cluster.collections()
