"""Encoding on a local Ray cluster gives the vectors of this machine; what is none is refused in time.

Ray is an extra (``pip install 'footnote[ray]'``): without it only the refusals that need none are tested.
"""

import importlib.util
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import RayError
from indexer import cluster, encoding, vectors
from indexer.build import build
from indexer.vectors import VectorIndex
from tests.conftest import STARTER
from tests.indexer.small_index import SmallIndex

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not installed; pip install 'footnote[ray]'"
)


def stored(index: Path) -> np.ndarray:
    """All vectors of the live generation by row."""
    opened = VectorIndex(SmallIndex(index, index).live().path / vectors.FILE)
    return opened.vectors(np.arange(len(opened)))


@needs_ray
@pytest.mark.slow
def test_two_workers_build_the_starter_library_with_the_vectors_of_one_machine(
    starter_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "SLICE", 64)
    report = build(tmp_path / "index", [STARTER], ray="local")
    alone, together = SmallIndex(starter_index, STARTER), SmallIndex(tmp_path / "index", STARTER)
    assert report.encoded == report.counts["passages"] == len(alone.passages())
    assert together.passages() == alone.passages()
    assert together.directory.verify() == []
    assert np.abs(stored(together.index) - stored(alone.index)).max() < 1e-3


@needs_ray
@pytest.mark.parametrize("address", ["cluster", "cluster:", ":6379", "cluster:ray"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(RayError, match="is neither local nor HOST:PORT; give one of them"):
        cluster.check(address)


@needs_ray
def test_an_address_where_nothing_listens_is_refused_in_seconds() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(RayError, match=f"--ray 127.0.0.1:{port}: nothing answers there"):
        cluster.check(f"127.0.0.1:{port}")
    assert time.monotonic() - began < 10


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in held:
            connection.close()


@needs_ray
@pytest.mark.slow
def test_what_listens_there_and_is_no_ray_is_refused_within_the_limit(
    deaf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PROBE_SECONDS", 6.0)
    began = time.monotonic()
    with pytest.raises(RayError, match="what answers there is no Ray of this version"):
        cluster.check(deaf)
    assert time.monotonic() - began < 20


def test_a_cluster_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cluster says of itself is taken from a probe; here the probe says it has no core."""
    monkeypatch.setattr(cluster, "_PROBE", "print('{\"memory\": 1.0}')")
    monkeypatch.setattr(cluster, "_ray", lambda: None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(RayError, match="the cluster has no worker with a core"):
            cluster.check(address)


def test_without_ray_the_command_says_so_in_one_line(small: SmallIndex) -> None:
    program = "import sys; sys.modules['ray'] = None\nfrom search_api.cli import main; main()"
    arguments = ["index", str(small.library), "--index", str(small.index), "--ray", "local"]
    (small.library / "tired-legs.md").unlink()
    (small.library / "cramps2010.json").write_text((small.library / "cramps2010.json").read_text() + "\n")
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "footnote: --ray: Ray Data is not installed; pip install 'footnote[ray]', or leave --ray out\n"
    )
