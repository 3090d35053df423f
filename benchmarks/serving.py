"""Answering: one client against a real server, a command in a new process, memory of a worker.

The reference of a search is what it cannot do without: encoding the same questions, measured in the
same run with the same encoder on its own.
"""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import quote

import numpy as np

from indexer.build import build
from indexer.encoder import OpenVinoEncoder
from indexer.generation import ENCODER_FOLDER, IndexDirectory

_STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"
_SUBJECTS = (
    "vitamin K2",
    "magnesium",
    "warfarin",
    "MK-7 tablets",
    "exercise training",
    "horse chestnut",
    "fish oil",
)
_EFFECTS = ("arterial stiffness", "leg cramps", "coronary calcium", "fracture risk", "walking distance")
_PEOPLE = (
    "kidney disease",
    "diabetes",
    "older age",
    "peripheral artery disease",
    "varicose veins",
    "hypertension",
)
_WARM_UP = 10


def measure(work: Path) -> dict[str, object]:
    """Milliseconds a request, seconds to ready and of a command, megabytes of a worker."""
    index = work / "index"
    build(index, [_STARTER])
    questions = [
        f"Does {s} change {e} in people with {p}?" for s, e, p in product(_SUBJECTS, _EFFECTS, _PEOPLE)
    ]
    served = _served(index, questions)
    encoding = _encoding(index, questions)
    commands = [_command(index, question) for question in questions[:5]]
    return {
        **served,
        "encoding_alone_ms_p50": encoding,
        "search_command_seconds": round(sorted(commands)[2], 2),
    }


def _served(index: Path, questions: list[str]) -> dict[str, object]:
    began = time.perf_counter()
    with running_server(index) as (port, pid):
        ready = time.perf_counter() - began
        time.sleep(3)
        times = _requests(port, questions)
        memory = _largest_child_mb(pid)
    return {
        "ready_seconds": round(ready, 2),
        "requests": len(times),
        "search_ms_p50": round(float(np.percentile(times, 50)), 2),
        "search_ms_p95": round(float(np.percentile(times, 95)), 2),
        "worker_resident_mb": memory,
    }


@contextmanager
def running_server(index: Path) -> Iterator[tuple[int, int]]:
    """A real server over an index, ready: its port and process id; stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "search_api", "serve", "--index", str(index), "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _until_ready(port)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _until_ready(port: int) -> None:
    for _ in range(1000):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server did not get ready")


def _requests(port: int, questions: list[str]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times = []
    for question in questions:
        began = time.perf_counter()
        connection.request("GET", f"/v1/search?query={quote(question)}")
        response = connection.getresponse()
        body = response.read()
        times.append((time.perf_counter() - began) * 1000)
        if response.status != 200 or not json.loads(body)["results"]:
            raise RuntimeError(f"no answer to {question}")
    return times[_WARM_UP:]


def _largest_child_mb(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    sizes = []
    for child in children:
        status = Path(f"/proc/{child}/status").read_text()
        sizes.append(int(status.split("VmRSS:")[1].split()[0]) // 1024)
    return max(sizes)


def _encoding(index: Path, questions: list[str]) -> float:
    encoder = OpenVinoEncoder(IndexDirectory(index).open().path / ENCODER_FOLDER)
    times = []
    for question in questions:
        began = time.perf_counter()
        encoder.encode_query(question)
        times.append((time.perf_counter() - began) * 1000)
    return round(float(np.percentile(times[_WARM_UP:], 50)), 2)


def _command(index: Path, question: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "search_api", "search", question, "--index", str(index)]
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - began
