"""One search library over the documents and questions of a collection, in that library's own environment.

``python harness.py build ADAPTER WORK MODEL`` makes an index in ``WORK/ADAPTER`` and
``python harness.py ask ADAPTER WORK MODEL BEGAN`` opens it in a new process and asks every question once;
each prints one JSON object. ``WORK`` holds ``documents.jsonl`` and ``queries.jsonl``; ``BEGAN`` is the time
in seconds since the epoch at which the process was started. Only the standard library is imported here:
what an adapter imports is part of what is measured.
"""

import importlib
import json
import statistics
import sys
import time
from pathlib import Path

#: How many documents a question is answered with.
DEPTH = 100


def build(adapter, folder: Path, documents: list[tuple[str, str]], model: str) -> dict[str, object]:
    """Index the documents and say how many a second, with the loading of the model and all writing."""
    began = time.perf_counter()
    adapter.build(documents, folder, model)
    seconds = time.perf_counter() - began
    bytes_on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "documents_per_second": len(documents) / seconds,
        "build_peak_mb": peak_mb(),
        "disk_mb": bytes_on_disk / 1024**2,
    }


def ask(adapter, folder: Path, queries: list[tuple[str, str]], model: str, began: float) -> dict[str, object]:
    """Answer each question once: the run, the milliseconds, and the seconds to the first answer."""
    searching = adapter.opened(folder, model)
    run: dict[str, list[tuple[str, float]]] = {}
    taken = []
    cold_start = 0.0
    for query_id, text in queries:
        asked = time.perf_counter()
        run[query_id] = searching(text, DEPTH)
        taken.append((time.perf_counter() - asked) * 1000)
        cold_start = cold_start or time.time() - began
    # The first question of a process pays for what is loaded late; the cold start has it already.
    taken = sorted(taken[1:])
    return {
        "run": run,
        "query_ms_p50": statistics.median(taken),
        "query_ms_p95": taken[int(len(taken) * 0.95)],
        "cold_start_s": cold_start,
        "peak_mb": peak_mb(),
    }


def peak_mb() -> float:
    """The most memory that this process ever held, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def pairs(path: Path) -> list[tuple[str, str]]:
    """The (id, text) of each line."""
    return [tuple(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def main(step: str, name: str, work: str, model: str, began: str = "0") -> None:
    """Do one step of one adapter."""
    adapter = importlib.import_module(f"with_{name}")
    folder = Path(work, name)
    if step == "build":
        folder.mkdir(parents=True)
        print(json.dumps(build(adapter, folder, pairs(Path(work, "documents.jsonl")), model)))
    else:
        queries = pairs(Path(work, "queries.jsonl"))
        print(json.dumps(ask(adapter, folder, queries, model, float(began))))


if __name__ == "__main__":
    main(*sys.argv[1:])
