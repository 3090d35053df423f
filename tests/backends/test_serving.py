"""A real server whose searches a cluster answers, and its refusals to begin without one."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from indexer.milvus.publishing import MilvusBackend
from search_api.diagnosis import diagnose
from search_api.settings import Settings
from tests.backends.lite_server import closed_port, served
from tests.backends.test_publishing import publish
from tests.faults.running_server import running
from tests.indexer.small_index import SmallIndex


def refused(*options: object) -> str:
    """The one line with which ``footnote serve`` refuses to begin."""
    command = [sys.executable, "-m", "search_api", "serve", "--backend", "milvus", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    return line


def test_two_workers_answer_from_a_cluster(milvus: None, small: SmallIndex, tmp_path: Path) -> None:
    with served(tmp_path / "lite") as uri:
        with closing(MilvusBackend(uri, "footnote")) as backend:
            publish(backend, small)
        options = ("--backend", "milvus", "--uri", uri, "--workers", "2")
        with running(small.index, tmp_path / "log", *options) as server:
            status, document = server.get()
    assert status == 200
    assert document["retrieval_version"].endswith("-milvus")
    assert document["results"]


def test_a_worker_answers_from_a_lite_file(milvus: None, small: SmallIndex, tmp_path: Path) -> None:
    """What looks at the file before the worker begins lets it go again."""
    uri = str(tmp_path / "lite.db")
    with closing(MilvusBackend(uri, "footnote")) as backend:
        publish(backend, small)
    with running(small.index, tmp_path / "log", "--backend", "milvus", "--uri", uri) as server:
        status, document = server.get()
    assert status == 200
    assert document["retrieval_version"].endswith("-milvus")


def test_without_a_cluster_the_server_does_not_begin(milvus: None, small: SmallIndex, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{closed_port()}"
    assert "no Milvus answers there" in refused("--index", small.index, "--uri", nowhere)
    with served(tmp_path / "lite") as uri:
        assert "no collection holds generation" in refused("--index", small.index, "--uri", uri)


def test_two_workers_cannot_share_a_lite_file(milvus: None, small: SmallIndex, tmp_path: Path) -> None:
    told = refused("--index", small.index, "--uri", tmp_path / "lite.db", "--workers", "2")
    assert "workers=2" in told
    assert "milvus-lite server" in told


@pytest.mark.parametrize("there", [True, False])
def test_the_doctor_looks_at_the_cluster(lite: str, small: SmallIndex, there: bool) -> None:
    if there:
        with closing(MilvusBackend(lite, "footnote")) as backend:
            publish(backend, small)
    findings = diagnose(Settings(index=small.index, backend="milvus", uri=lite))
    (found,) = [finding for finding in findings if finding.subject == "cluster"]
    assert (found.remedy is None) == there
    assert ("holds 4 passages" if there else "no collection") in found.found
