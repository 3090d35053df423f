"""A real server, its workers, and a client that tells status and document."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QUESTION = "/v1/search?query=leg+cramps&limit=1"


@dataclass
class Running:
    """A server process; ``get`` answers (0, None) where the connection broke."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(
        self, address: str = "/v1/search?query=leg+cramps&limit=1", seconds: float = 20
    ) -> tuple[int, Any]:
        """Status and document of an address."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{address}", timeout=seconds) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())
        except OSError:
            return 0, None

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    """What the call gives once it is true; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")


@contextlib.contextmanager
def running(index: Path, log: Path, *options: str, port: int | None = None) -> Iterator[Running]:
    """A server over the index that is ready; killed at the end with its workers."""
    if port is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "search_api", "serve", "--index", str(index), "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    with log.open("ab") as out:
        process = subprocess.Popen([*command, *options], stdout=out, stderr=out, env=environment)
    server = Running(process, port, log)
    try:
        until(lambda: server.get("/readyz")[0] == 200)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
