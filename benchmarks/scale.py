"""Ten thousand, a hundred thousand, a million passages: what searching, serving, building and changing take.

    python -m benchmarks.scale [--passages 10000 100000 1000000] [--work FOLDER] [--keep]

Each step is a process of its own, so that its memory is its own. Texts and vectors are made by
`benchmarks.scale_corpus`; encoding them is simulated and its time taken off. Questions are asked with their
vector, because encoding a question does not depend on the size of the library.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import machine, scale_corpus
from indexer.build import build
from indexer.encoder import OpenVinoEncoder, Vectors
from indexer.generation import ENCODER_FOLDER, IndexDirectory
from indexer.stored_vectors import StoredVectors
from search_api.queries import query_from
from search_api.search import Searcher

SIZES = (10_000, 100_000, 1_000_000)
_RESULTS = Path(__file__).parent / "results"
_QUESTIONS, _WARM_UP = 300, 40
#: Filters, and the share of the passages that each keeps.
FILTERS: dict[str, dict[str, Any]] = {
    "all": {},
    "1 %": {"container": "Archives of Made-up Medicine 7"},
    "30 %": {"year_from": 2015},
}


@contextmanager
def simulated_encoding(given: scale_corpus.Topics) -> Iterator[dict[str, float]]:
    """Made-up texts get drawn vectors in this process; yields the seconds that drawing them took."""
    simulated, spent = scale_corpus.SimulatedVectors(given), {"seconds": 0.0}
    real = OpenVinoEncoder.encode_passages, OpenVinoEncoder.encode_queries

    def passages(
        self: OpenVinoEncoder, texts: list[str], done: Callable[[int], None] | None = None
    ) -> Vectors:
        if not all(map(scale_corpus.is_made_up, texts)):
            return real[0](self, texts, done)
        began = time.perf_counter()
        vectors = simulated.of_texts(texts)
        spent["seconds"] += time.perf_counter() - began
        if done is not None:
            done(len(texts))
        return vectors

    def queries(self: OpenVinoEncoder, texts: list[str]) -> Vectors:
        made_up = all(map(scale_corpus.is_made_up, texts))
        return simulated.of_titles(texts) if made_up else real[1](self, texts)

    OpenVinoEncoder.encode_passages, OpenVinoEncoder.encode_queries = passages, queries  # type: ignore[method-assign]
    try:
        yield spent
    finally:
        OpenVinoEncoder.encode_passages, OpenVinoEncoder.encode_queries = real  # type: ignore[method-assign]


def prepare(work: Path) -> None:
    """An index of the starter library, for its encoder."""
    if not (work / "starter").exists():
        build(work / "starter", [scale_corpus.STARTER])


def topics_of(work: Path) -> scale_corpus.Topics:
    """What the starter library lends, encoded with the product's own model."""
    generation = IndexDirectory(work / "starter").open()
    return scale_corpus.topics(OpenVinoEncoder(generation.path / ENCODER_FOLDER), work / "topics.npy")


def measure_build(work: Path, passages: int) -> dict[str, object]:
    """Minutes of a build without encoding, and the most memory it took."""
    given = topics_of(work)
    folder, index = work / f"files-{passages}", work / f"index-{passages}"
    if not folder.exists():
        scale_corpus.Writer(given).write(folder, passages)
    with simulated_encoding(given) as spent:
        began = time.perf_counter()
        report = build(index, [folder])
        took = time.perf_counter() - began
    described = IndexDirectory(index).open().manifest
    return {
        "passages": report.counts["passages"],
        "sources": report.counts["studies"],
        "build_without_encoding_minutes": round((took - spent["seconds"]) / 60, 2),
        "simulated_encoding_minutes": round(spent["seconds"] / 60, 2),
        "build_peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "index_gib": round(sum(size for size, _ in described.files.values()) / 2**30, 2),
        "vectors": described.parameters["vectors"],
    }


def measure_updates(work: Path, passages: int) -> dict[str, object]:
    """Seconds until one source more, one changed, one less is published."""
    given = topics_of(work)
    writer, files, index = scale_corpus.Writer(given), work / "one", work / f"index-{passages}"
    files.mkdir(exist_ok=True)
    seen: dict[str, object] = {}
    with simulated_encoding(given):
        for name, version in (("added", 0), ("changed", 1)):
            writer.write_file(files / "one.xml", [90_000_000], version)
            seen[f"{name}_seconds"] = round(build(index, [files]).seconds, 2)
    return seen


def measure_search(work: Path, passages: int) -> dict[str, object]:
    """Milliseconds of a search beyond encoding, recall of the dense leg, memory of the process."""
    given = topics_of(work)
    generation = IndexDirectory(work / f"index-{passages}").open()
    began = time.perf_counter()
    searchers = {"default": Searcher.open(generation)}
    opened = time.perf_counter() - began
    searchers["fast"] = Searcher.open(generation, searchers["default"].encoder, profile="fast")
    asked = _questions(given, searchers["default"], generation.path)
    seen: dict[str, object] = {"open_seconds": round(opened, 2)}
    for profile, searcher in searchers.items():
        for name, filters in FILTERS.items():
            times, busy = _times(searcher, asked, filters)
            for share in (50, 95):
                seen[f"{profile}, {name}: p{share} ms"] = round(float(np.percentile(times, share)), 2)
            seen[f"{profile}, {name}: processor ms"] = round(float(np.percentile(busy, 50)), 2)
    for name, filters in FILTERS.items():
        seen[f"recall@10, {name}"] = _recall(searchers["fast"], generation.path, asked, filters)
    return seen | _memory("self")


def _questions(given: scale_corpus.Topics, searcher: Searcher, folder: Path) -> list[tuple[str, Vectors]]:
    """Questions that some passage answers, with their vectors."""
    simulated, rng = scale_corpus.SimulatedVectors(given), np.random.default_rng(7)
    rows = rng.permutation(len(searcher.library.passage_ids))[: _QUESTIONS + _WARM_UP]
    stored = StoredVectors(folder / "vectors.npy").vectors(rows)
    texts = scale_corpus.questions((p.text for p in searcher.library.passages(rows.tolist())), rng)
    return [
        (text, simulated.of_question(vector, int(row)))
        for text, vector, row in zip(texts, stored, rows, strict=True)
    ]


def _times(
    searcher: Searcher, asked: list[tuple[str, Vectors]], filters: dict[str, Any]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each search by the clock, and of the processor's time."""
    times, busy = [], []
    for text, vector in asked:
        query = query_from({"query": text, **filters})
        began, worked = time.perf_counter(), time.thread_time()
        answer = searcher.search(query, vector=vector)
        times.append((time.perf_counter() - began) * 1000)
        busy.append((time.thread_time() - worked) * 1000)
        if not answer.hits:
            raise RuntimeError(f"no answer to {text}")
    return times[_WARM_UP:], busy[_WARM_UP:]


def _recall(
    searcher: Searcher, folder: Path, asked: list[tuple[str, Vectors]], filters: dict[str, Any]
) -> float:
    """The share of the true first ten of the dense leg that it finds."""
    stored = StoredVectors(folder / "vectors.npy")
    allowed = searcher._allowed(query_from({"query": "legs", **filters}).source_filter())
    found = 0
    for _, vector in asked[:200]:
        true = stored.nearest(vector, 10, allowed)[0].tolist()
        found += len(set(true) & set(searcher.vectors.search(vector, 10, allowed)[0].tolist()))
    return round(found / 2000, 4)


def _memory(process: str) -> dict[str, object]:
    """What a process holds, in MiB; of it what is its own, the rest being pages of files."""
    status = Path(f"/proc/{process}/status").read_text()
    of = {
        line.split(":")[0]: line.split()[1]
        for line in status.splitlines()
        if "Rss" in line or "VmRSS" in line
    }
    return {
        "resident_mib": int(of["VmRSS"]) // 1024,
        "resident_own_mib": int(of["RssAnon"]) // 1024,
    }


def measure_serving(work: Path, passages: int) -> dict[str, object]:
    """Seconds until ``footnote serve`` answers; its memory after some hundred searches, and their time."""
    from benchmarks.serving import running_server

    generation = IndexDirectory(work / f"index-{passages}").open()
    searcher = Searcher.open(generation)
    rows = np.random.default_rng(8).permutation(len(searcher.library.passage_ids))[: _QUESTIONS + _WARM_UP]
    texts = [p.text for p in searcher.library.passages(rows.tolist())]
    asked = list(scale_corpus.questions(iter(texts), np.random.default_rng(8)))
    began = time.perf_counter()
    with running_server(work / f"index-{passages}") as (port, pid):
        ready = time.perf_counter() - began
        times = _requests(port, asked)
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        memory = max((_memory(worker) for worker in workers), key=lambda seen: int(str(seen["resident_mib"])))
    return {
        "ready_seconds": round(ready, 2),
        "http_search_ms_p50": round(float(np.percentile(times, 50)), 2),
        **{f"worker_{name}": value for name, value in memory.items()},
    }


def _requests(port: int, asked: list[str]) -> list[float]:
    import http.client
    from urllib.parse import quote

    connection = http.client.HTTPConnection("127.0.0.1", port)
    times = []
    for text in asked:
        began = time.perf_counter()
        connection.request("GET", f"/v1/search?query={quote(text)}")
        body = connection.getresponse().read()
        times.append((time.perf_counter() - began) * 1000)
        if not json.loads(body)["results"]:
            raise RuntimeError(f"no answer to {text}")
    return times[_WARM_UP:]


STEPS: dict[str, Callable[[Path, int], dict[str, object]]] = {
    "build": measure_build,
    "search": measure_search,
    "serving": measure_serving,
    "updates": measure_updates,
}


def _step(name: str, work: Path, passages: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scale", "--step", name, "--work", str(work), "--passages"]
    done = subprocess.run([*command, str(passages)], stdout=subprocess.PIPE, text=True, check=True)
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def run(work: Path, sizes: list[int], steps: list[str]) -> dict[str, dict[str, Any]]:
    """Every step for every size, each in a process of its own."""
    prepare(work)
    seen: dict[str, dict[str, Any]] = {}
    for passages in sizes:
        seen[str(passages)] = {}
        for name in steps:
            seen[str(passages)] |= _step(name, work, passages)
            print(f"{passages:>9} {name}: {json.dumps(seen[str(passages)])}", flush=True)
    return seen


def main() -> None:
    """Measure, print the table, write the results and the plot."""
    options = argparse.ArgumentParser(description="Measure growth to a million passages.")
    options.add_argument("--passages", type=int, nargs="+", default=list(SIZES))
    options.add_argument("--work", type=Path, default=None)
    options.add_argument("--step", choices=[*STEPS], default=None)
    options.add_argument("--steps", choices=[*STEPS], nargs="+", default=list(STEPS))
    given = options.parse_args()
    if given.step:
        print(json.dumps(STEPS[given.step](given.work, given.passages[0])))
        return
    from benchmarks.scale_report import plot, table

    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        seen = run(work, given.passages, given.steps)
    print(table(seen))
    _RESULTS.mkdir(exist_ok=True)
    document = {"machine": machine.description(), "seen": seen}
    (_RESULTS / "scale.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    plot(seen, _RESULTS / "scale.png")


if __name__ == "__main__":
    main()
