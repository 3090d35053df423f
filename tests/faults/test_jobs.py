"""Changes of the library under a running server: no request fails, whatever is killed or full."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from indexer.generation import IndexDirectory
from tests.faults.running_server import Running, running, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux"),
]


@pytest.fixture
def index(starter_index: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(starter_index, tmp_path / "index"))


def _record(number: int) -> bytes:
    record = {"id": f"n{number}", "DOI": f"10.1000/n{number}", "type": "article-journal"}
    return json.dumps(record | {"title": f"Zinc lozenges for the common cold, trial {number}"}).encode()


def _put(server: Running, body: bytes) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/v1/sources?name=n.json", data=body, method="PUT"
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def _state(server: Running, job: Any) -> Any:
    return server.get(f"/v1/jobs/{job['id']}")[1]


def _done(server: Running, job: Any, seconds: float = 60) -> Any:
    """The outcome of a job, once it is done."""
    return until(lambda: _state(server, job)["outcome"], seconds)


def _builders(index: Path) -> list[int]:
    """Process ids of those that work off the jobs of an index."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--work" in words and str(index).encode() in words:
            found.append(int(folder.name))
    return found


@dataclass
class _Asking:
    """Requests without a pause: when each began, its status, its index version."""

    answers: list[tuple[float, int, Any]] = field(default_factory=list)

    def statuses(self) -> set[int]:
        return {status for _, status, _ in self.answers}


@contextmanager
def _asked(server: Running, clients: int = 3) -> Iterator[_Asking]:
    asking, stop = _Asking(), threading.Event()

    def ask(number: int) -> None:
        for turn in range(1_000_000):
            if stop.is_set():
                return
            began = time.monotonic()
            status, document = server.get(f"/v1/search?query=zinc+and+natto+{number}+{turn}&limit=1")
            asking.answers.append((began, status, document and document.get("index_version")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield asking
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_what_is_put_is_answered_from_by_all_workers_within_two_seconds_and_no_request_fails(
    index: Path, tmp_path: Path
) -> None:
    options = ("--workers", "2", "--keys", str(tmp_path / "keys.json"))
    with running(index, tmp_path / "log", *options) as server, _asked(server) as asking:
        before = IndexDirectory(index).open().manifest.index_version
        status, job = _put(server, _record(1))
        assert status == 202
        until(lambda: IndexDirectory(index).open().manifest.index_version != before)
        published = time.monotonic()
        outcome = _done(server, job)
        time.sleep(4)
    assert outcome["added"] == ["doi:10.1000/n1"]
    assert asking.statuses() == {200}
    assert {version for began, _, version in asking.answers if began < published} >= {before}
    late = {version for began, _, version in asking.answers if began > published + 2}
    assert late == {outcome["index_version"]}
    until(lambda: not _builders(index))


def test_a_build_that_is_killed_is_done_by_the_next_process_and_the_log_says_so(
    index: Path, tmp_path: Path
) -> None:
    with running(index, tmp_path / "log", "--keys", str(tmp_path / "keys.json")) as server:
        with _asked(server, 1) as asking:
            _, job = _put(server, _record(1))
            until(lambda: _state(server, job)["state"] == "running")
            (builder,) = _builders(index)
            os.kill(builder, signal.SIGKILL)
            assert _done(server, job)["added"] == ["doi:10.1000/n1"]
        assert asking.statuses() == {200}
        assert "the process that works off jobs ended with -9" in server.log.read_text()
        assert server.get("/v1/sources/10.1000/n1")[0] == 200
    assert IndexDirectory(index).verify() == []


def test_jobs_outlive_the_server_that_took_them(index: Path, tmp_path: Path) -> None:
    keys = ("--keys", str(tmp_path / "keys.json"))
    with running(index, tmp_path / "log", *keys) as first:
        jobs = [_put(first, _record(number))[1] for number in range(3)]
        first.process.kill()
        first.process.wait()
        for builder in _builders(index):
            os.kill(builder, signal.SIGKILL)
        until(lambda: not _builders(index))
    with running(index, tmp_path / "log", *keys) as second:
        added = [_done(second, job)["added"] for job in jobs]
    assert added == [[f"doi:10.1000/n{number}"] for number in range(3)]


@contextmanager
def _small_disk(folder: Path, index: Path) -> Iterator[Path]:
    """A copy of the index on a file system of its own with room for half another generation."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield Path(shutil.copytree(index, folder / "index"))
    finally:
        until(
            lambda: subprocess.run(["umount", str(folder)], capture_output=True, check=False).returncode == 0
        )


def test_on_a_full_disk_questions_are_answered_and_changes_wait_or_are_refused(
    starter_index: Path, tmp_path: Path
) -> None:
    with (
        _small_disk(tmp_path / "small", starter_index) as index,
        running(index, tmp_path / "log", "--keys", str(tmp_path / "keys.json")) as server,
    ):
        before = server.get("/v1/index")[1]["index_version"]
        filler = index.parent / "filler"
        free = shutil.disk_usage(index).free
        filler.write_bytes(b"x" * (free - 400_000))
        status, waiting = _put(server, _record(1))
        assert status == 202
        until(lambda: "the disk refused a write" in server.log.read_text())
        with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
            while free := shutil.disk_usage(index).free:
                file.write(b"x" * free)
        status, refused = _put(server, _record(2))
        assert status == 503
        assert str(tmp_path) not in str(refused)
        assert server.get("/v1/search?query=night+cramps&limit=1")[0] == 200
        assert server.get("/v1/index")[1]["index_version"] == before
        filler.unlink()
        assert _done(server, waiting)["added"] == ["doi:10.1000/n1"]
        until(lambda: _put(server, _record(2))[0] == 202)
        until(lambda: not _builders(index))
        assert IndexDirectory(index).verify() == []
