"""`footnote serve`, run as a process: ready, answering, and ended cleanly by SIGTERM."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from search_api.serving import Server
from search_api.settings import Settings

_READY_SECONDS = 60
_STOP_SECONDS = 20


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class _Running:
    process: subprocess.Popen[str]
    port: int
    log: Path

    def get(self, address: str) -> tuple[int, Any]:
        """Status and JSON of an address."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{address}", timeout=20) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def wait_until_ready(self) -> None:
        """Return once /readyz answers 200."""
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        pytest.fail(f"not ready after {_READY_SECONDS} s: {self.log.read_text()}")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}


def _serve(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "search_api", "serve", *arguments]


@contextmanager
def _started(index: Path, log: Path) -> Iterator[_Running]:
    """A server over the index that is ready; killed at the end where it still runs."""
    port = _free_port()
    with log.open("w") as out:
        process = subprocess.Popen(
            _serve("--index", str(index), "--port", str(port)),
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            env=_environment(),
        )
    server = _Running(process, port, log)
    try:
        server.wait_until_ready()
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def running(starter_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Running]:
    """One server over the starter index for the tests that only ask."""
    with _started(starter_index, tmp_path_factory.mktemp("server") / "log") as server:
        yield server


def test_the_server_is_alive_and_ready(running: _Running) -> None:
    assert running.get("/healthz") == (200, {"status": "ok"})
    status, ready = running.get("/readyz")
    assert (status, ready["status"]) == (200, "ready")


def test_the_counts_of_all_workers_are_given_to_prometheus(running: _Running) -> None:
    running.get("/v1/search?query=natto&limit=1")
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/metrics", timeout=20) as response:
        text = response.read().decode()
    assert 'footnote_stage_seconds_count{stage="encode"}' in text
    assert re.search(r'footnote_requests_total{method="GET",route="/v1/search",status="200"} [1-9]', text)
    assert re.search(r"^footnote_generation 1.0$", text, re.MULTILINE)


def test_the_server_says_where_it_answers(running: _Running) -> None:
    assert f"Footnote answers at http://127.0.0.1:{running.port}/" in running.log.read_text()


def test_a_question_is_answered_over_the_network(running: _Running) -> None:
    status, document = running.get("/v1/search?query=menaquinone+and+coronary+heart+disease&limit=3")
    assert status == 200
    assert [result["rank"] for result in document["results"]] == [1, 2, 3]
    assert any(r["source"]["id"] == "doi:10.1093/jn/134.11.3100" for r in document["results"])


def test_an_error_over_the_network_is_a_problem_document(running: _Running) -> None:
    status, document = running.get("/v1/search?query=menaquinone&limit=0")
    assert status == 400
    assert document["errors"][0]["field"] == "limit"


_SOCKETS = Path("/proc/net/tcp")


@pytest.mark.skipif(not _SOCKETS.is_file(), reason="only Linux lists its sockets in a file")
def test_the_server_listens_on_the_loopback_address_only(running: _Running) -> None:
    listening = [
        line.split()[1]
        for line in _SOCKETS.read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{running.port:04X}")
    ]
    assert listening == [f"0100007F:{running.port:04X}"]


def test_sigterm_ends_the_server_cleanly(starter_index: Path, tmp_path: Path) -> None:
    with _started(starter_index, tmp_path / "log") as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(_STOP_SECONDS) == 0
        assert "Traceback" not in server.log.read_text()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", server.port)) != 0


@pytest.mark.parametrize(
    ("variables", "missing", "words"),
    [
        ({}, True, "no index is published there"),
        ({"FOOTNOTE_STYLE": "no-such-style"}, False, "no citation style of that name"),
        ({"FOOTNOTE_THREADS": "many"}, False, "must be a whole number"),
    ],
)
def test_a_server_that_cannot_answer_does_not_start_and_says_why_in_one_line(
    starter_index: Path, tmp_path: Path, variables: dict[str, str], missing: bool, words: str
) -> None:
    index = tmp_path / "nothing" if missing else starter_index
    ended = subprocess.run(
        _serve("--index", str(index), "--port", str(_free_port())),
        capture_output=True,
        text=True,
        timeout=_READY_SECONDS,
        env=_environment() | variables,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("footnote: ")
    assert words in line


@pytest.mark.parametrize(
    ("host", "bound"),
    [("127.0.0.1", "127.0.0.1:8123"), ("::1", "[::1]:8123"), ("localhost", "localhost:8123")],
)
def test_host_port_and_workers_reach_gunicorn(host: str, bound: str) -> None:
    server = Server(Settings(host=host, port=8123, workers=3))
    assert server.cfg.bind == [bound]
    assert server.cfg.workers == 3
    assert server.cfg.preload_app is False


def test_numpy_is_told_of_one_thread_before_it_is_there(tmp_path: Path) -> None:
    """Ranking took more than twice as long with two threads on a busy machine."""
    program = (
        "import os, sys\n"
        "from search_api.cli import main\n"
        "assert 'numpy' not in sys.modules\n"
        "try:\n    main()\nfinally:\n    print(os.environ['OPENBLAS_NUM_THREADS'])\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", program, "serve", "--index", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout.strip()) == (2, "1")
