"""The real server under load: one client, sixteen, ten times too many, and long with publishes in between.

``make load`` prints the table; ``--minutes`` is how long the last part lasts. Questions are new each time,
so no answer comes from memory. The generator runs on the same machine and takes its share of it.
"""

import argparse
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.load_generator import Seen, ask
from benchmarks.load_library import addresses, library_index, passages_in, questions
from benchmarks.load_txtai import AbsentError, served

_RESULTS = Path(__file__).parent / "results"
_PROFILES = ("fast", "default")
_CLIENTS = 16
_SECONDS = 20.0
_TOO_MUCH = 10
_SHARE = 0.8
_PUBLISH_SECONDS = 60.0


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen[bytes]
    port: int

    def resident_mb(self) -> float:
        """Memory of all workers."""
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        statuses = [Path(f"/proc/{pid}/status").read_text() for pid in task.read_text().split()]
        return sum(int(status.split("VmRSS:")[1].split()[0]) / 1024 for status in statuses)


@contextmanager
def _running(index: Path, profile: str, workers: int) -> Iterator[_Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = {"--index": index, "--port": port, "--profile": profile, "--workers": workers}
    options |= {"--keys": index / "no-keys.json"}
    command = [sys.executable, "-m", "search_api", "serve", *(str(p) for o in options.items() for p in o)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield _Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def measure(work: Path, minutes: float = 30.0, workers: int = 2, peer: bool = True) -> dict[str, object]:
    """All figures of both profiles, and txtai's where it can be had."""
    index = library_index(work)
    seen: dict[str, object] = {"passages": passages_in(index), "workers": workers}
    asked = addresses(questions(index))
    for profile in _PROFILES:
        with _running(index, profile, workers) as server:
            seen |= {f"{profile}_{name}": value for name, value in _short(server, asked).items()}
    rate = float(str(seen["default_16_clients_a_second"]))
    with _running(index, "default", workers) as server:
        seen |= _overloaded(server, asked, rate)
    # Published to, so a copy; the files that publishing replaces are never written over.
    copy = Path(shutil.copytree(index, work / "published", copy_function=os.link))
    with _running(copy, "default", workers) as server:
        seen |= _long(server, asked, rate * _SHARE, minutes * 60)
    if peer:
        seen |= _beside_txtai(index, work, rate)
    return seen


def _short(server: _Server, asked: Iterator[str]) -> dict[str, object]:
    """One client, then sixteen; both warmed up."""
    ask(server.port, asked, _CLIENTS, 3.0)
    one = ask(server.port, asked, 1, _SECONDS)
    many = ask(server.port, asked, _CLIENTS, _SECONDS)
    return {
        "1_client_ms_p50": round(one.percentile(50), 1),
        "1_client_ms_p99": round(one.percentile(99), 1),
        "16_clients_a_second": round(many.rate(), 1),
        "16_clients_ms_p99": round(many.percentile(99), 1),
        "16_clients_failed": many.failed() + one.failed(),
    }


def _overloaded(server: _Server, asked: Iterator[str], rate: float) -> dict[str, object]:
    """Ten times what it carries, from so many clients that none waits for another; then one again."""
    ask(server.port, asked, _CLIENTS, 3.0)
    seen = ask(server.port, asked, 40 * _CLIENTS, _SECONDS, rate * _TOO_MUCH)
    after = ask(server.port, asked, 1, 2.0)
    return {
        "overload_sent_a_second": round(sum(seen.statuses().values()) / seen.seconds, 1),
        "overload_answered_a_second": round(seen.rate(), 1),
        "overload_answered_ms_p99": round(seen.percentile(99), 1),
        "overload_503_ms_p50": round(seen.percentile(50, 503), 1),
        "overload_503_ms_p99": round(seen.percentile(99, 503), 1),
        "overload_statuses": seen.statuses(),
        "overload_after_ms_p50": round(after.percentile(50), 1),
        "overload_after_ms_first": round(after.times[200][0], 1) if 200 in after.times else None,
        "overload_after_failed": after.failed(),
    }


def _long(server: _Server, asked: Iterator[str], rate: float, seconds: float) -> dict[str, object]:
    """Most of what it carries, with a source changed every minute; memory after each of these."""
    memory: list[float] = []
    jobs: list[str] = []
    stop = threading.Event()

    def publish() -> None:
        for number in itertools.count():
            if stop.wait(_PUBLISH_SECONDS / 2 if number == 0 else _PUBLISH_SECONDS):
                return
            memory.append(server.resident_mb())
            jobs.append(_put(server.port, number))

    publishing = threading.Thread(target=publish)
    publishing.start()
    seen = ask(server.port, asked, _CLIENTS, seconds, rate)
    stop.set()
    publishing.join()
    memory.append(server.resident_mb())
    # The first publish lets a worker hold two generations for a moment; what grows after that is a leak.
    settled = memory[1:] or memory
    return {
        "long_minutes": round(seen.seconds / 60, 1),
        "long_a_second": round(seen.rate(), 1),
        "long_ms_p50": round(seen.percentile(50), 1),
        "long_ms_p99": round(seen.percentile(99), 1),
        "long_failed": seen.failed(),
        "long_statuses": seen.statuses(),
        "long_published": _published(server.port, jobs),
        "long_memory_mb": [round(one) for one in memory],
        "long_memory_growth_percent": round(100 * (settled[-1] / settled[0] - 1), 1),
    }


def _put(port: int, number: int) -> str:
    record = {
        "id": "load",
        "DOI": "10.1000/load",
        "type": "article-journal",
        "title": f"A record, version {number}",
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/sources?name=load.json", data=json.dumps(record).encode(), method="PUT"
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(json.load(answer)["id"])


def _published(port: int, jobs: list[str]) -> str:
    """How many of the jobs are done, with how long the slowest took; the last is waited for."""
    for _ in range(300):
        if not jobs or _job(port, jobs[-1])["state"] in ("done", "failed"):
            break
        time.sleep(1.0)
    seconds, done = [], 0
    for job in jobs:
        document = _job(port, job)
        if document["state"] == "done":
            done += 1
            submitted, finished = (_seconds(document[name]) for name in ("submitted", "finished"))
            seconds.append(finished - submitted)
    return f"{done} of {len(jobs)}, the slowest in {max(seconds, default=0.0):.1f} s"


def _job(port: int, job: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/jobs/{job}", timeout=60) as answer:
        return dict(json.load(answer))


def _seconds(text: str) -> float:
    import datetime

    return datetime.datetime.fromisoformat(text).timestamp()


def _beside_txtai(index: Path, work: Path, rate: float) -> dict[str, object]:
    asked = addresses(questions(index, seed=1), "/search")
    try:
        with served(index, work) as port:
            ask(port, asked, _CLIENTS, 3.0)
            seen: Seen = ask(port, asked, _CLIENTS, _SECONDS)
    except AbsentError as error:
        return {"txtai": f"left out: {error}"}
    return {
        "txtai_16_clients_a_second": round(seen.rate(), 1),
        "txtai_16_clients_ms_p99": round(seen.percentile(99), 1),
        "txtai_failed": seen.failed(),
        "default_to_txtai": round(rate / seen.rate(), 2) if seen.rate() else None,
    }


def table(seen: dict[str, object]) -> str:
    """The figures beside what is aimed at."""
    rows = [f"| {seen['passages']} passages, {seen['workers']} workers | fast | default |", "|---|---|---|"]
    pairs = (
        ("one client, p50 ms (5; 8)", "1_client_ms_p50"),
        ("one client, p99 ms (15; 20)", "1_client_ms_p99"),
        ("16 clients, requests a second (200; 120)", "16_clients_a_second"),
        ("16 clients, p99 ms (150; 250)", "16_clients_ms_p99"),
        ("failed", "16_clients_failed"),
    )
    rows += [f"| {told} | {seen[f'fast_{name}']} | {seen[f'default_{name}']} |" for told, name in pairs]
    rows += [f"| {name.replace('_', ' ')} | | {value} |" for name, value in seen.items() if _is_single(name)]
    return "\n".join(rows)


def _is_single(name: str) -> bool:
    return name.startswith(("overload_", "long_", "txtai", "default_to"))


def main() -> None:
    """Measure, print the table, keep the figures."""
    parser = argparse.ArgumentParser(description="The real server under load.")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the part with publishes lasts")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="serving processes")
    parser.add_argument("--no-peer", action="store_true", help="leave txtai out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        seen = measure(Path(work), given.minutes, given.workers, not given.no_peer)
    print(table(seen))
    _RESULTS.mkdir(exist_ok=True)
    document = {"machine": machine.description(), "seen": seen}
    (_RESULTS / "load.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
