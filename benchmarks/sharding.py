"""The sharded query path: what a fan-out over many shards costs, from a shard's measured times.

Real vectors (the passages of NFCorpus, an index that ``FOOTNOTE_NFCORPUS_INDEX`` names or that is built) are
split into real shards and asked real questions: that gives the times that the simulation draws from, and
checks its merged recall. Assumed, not measured: 0.5 ms for a call there and back, 10 microseconds to merge an
answer, machines half busy, questions that come at random.
"""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from benchmarks.fan_out import FanOut, answered, least_given, merged_recall, split_recall
from corpus.beir_collection import read_collection
from indexer import vectors
from indexer.build import build
from indexer.encoder import OpenVinoEncoder, Vectors
from indexer.generation import ENCODER_FOLDER, IndexDirectory
from indexer.vectors import VectorIndex

_SHARED = Path(os.environ.get("FOOTNOTE_SHARED", "../shared"))
_COLLECTION = _SHARED / "eval" / "nfcorpus"
_RESULTS = Path(__file__).parent / "results"
_SHARDS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_SPLITS = (4, 16, 64)
_QUESTIONS = 10_000
_LOAD = 0.5
_DEPTH = 300
_GIVEN = (1, 2, 3, 5, 8, 12, 20, 40, 80, 150, 300)
_TIMED_SHARD = 4


def measure(work: Path) -> dict[str, object]:
    """Milliseconds of a shard and of the whole by number of shards, and what merging keeps."""
    if not _COLLECTION.is_dir():
        return {"skipped": f"{_COLLECTION.name} is absent"}
    stored, questions = _real(work)
    service = _service_times(stored, questions)
    latencies = {shards: _latency(shards, service) for shards in _SHARDS}
    recalls = _recalls(stored, questions)
    _RESULTS.mkdir(exist_ok=True)
    _plot(service, latencies, recalls, _RESULTS / "sharding.png")
    return {
        "passages": len(stored),
        "questions": len(questions),
        "shard_passages_timed": len(stored) // _TIMED_SHARD,
        "shard_ms": _percentiles(service),
        "by_shards_ms": latencies,
        "merged_recall": recalls,
        "given_for_0.999_of_300": {n: least_given(n, _DEPTH, 0.999) for n in _SHARDS if n > 1},
        "assumed": {"network_ms": 0.5, "merge_ms_a_shard": 0.01, "busy": _LOAD, "replicas": 2},
    }


def _real(work: Path) -> tuple[Vectors, Vectors]:
    """The vectors of all passages and of all questions of the dev split, ``(n, dim) float32`` each."""
    given = os.environ.get("FOOTNOTE_NFCORPUS_INDEX")
    index = Path(given) if given else work / "nfcorpus"
    collection = read_collection(_COLLECTION, "dev")
    if not given:
        build(index, [collection.corpus])
    generation = IndexDirectory(index).open()
    stored = VectorIndex(generation.path / vectors.FILE)
    encoder = OpenVinoEncoder(generation.path / ENCODER_FOLDER)
    asked = np.array([encoder.encode_query(text) for text in collection.queries.values()], dtype=np.float32)
    return stored.vectors(np.arange(len(stored))), asked


def _service_times(stored: Vectors, questions: Vectors) -> npt.NDArray[np.float64]:
    """Seconds that one real shard takes for one question, over all questions and shards of a real split."""
    faiss.omp_set_num_threads(1)
    order = np.random.default_rng(0).permutation(len(stored))
    taken = []
    for part in np.array_split(order, _TIMED_SHARD):
        shard = faiss.IndexFlatIP(stored.shape[1])
        shard.add(np.ascontiguousarray(stored[part]))
        shard.search(questions[:1], _DEPTH)
        for question in questions:
            began = time.perf_counter()
            shard.search(question.reshape(1, -1), _DEPTH)
            taken.append(time.perf_counter() - began)
    return np.array(taken)


def _latency(shards: int, service: npt.NDArray[np.float64]) -> dict[str, object]:
    """Percentiles without and with a second call after a shard's own 95th percentile; the calls added."""
    alone, _ = answered(FanOut(shards, 2, _LOAD, None), service, _QUESTIONS, seed=shards)
    # What a call takes when it has to wait for others: the simulation of one shard says it.
    single, _ = answered(FanOut(1, 2, _LOAD, None), service, _QUESTIONS, seed=0)
    after = float(np.quantile(single, 0.95))
    hedged, twice = answered(FanOut(shards, 2, _LOAD, after), service, _QUESTIONS, seed=shards)
    return {"plain": _percentiles(alone), "hedged": _percentiles(hedged), "sent_twice": round(twice, 4)}


def _recalls(stored: Vectors, questions: Vectors) -> dict[str, dict[str, list[float]]]:
    """For each number of shards the recall of the best 300 by what a shard gives: simulated and real."""
    whole = faiss.IndexFlatIP(stored.shape[1])
    whole.add(np.ascontiguousarray(stored))
    best = whole.search(questions, _DEPTH)[1]
    kept: dict[str, dict[str, list[float]]] = {}
    for shards in _SPLITS:
        by_lot = np.random.default_rng(shards).integers(shards, size=len(stored))
        clusters = _clustered(stored, shards)
        kept[str(shards)] = {
            "given": list(_GIVEN),
            "simulated": [round(merged_recall(shards, _DEPTH, g, 4_000, seed=1), 4) for g in _GIVEN],
            "real_by_lot": [round(split_recall(best, by_lot, g), 4) for g in _GIVEN],
            "real_by_subject": [round(split_recall(best, clusters, g), 4) for g in _GIVEN],
        }
    return kept


def _clustered(stored: Vectors, shards: int) -> npt.NDArray[np.int64]:
    """A split by subject, which is how not to do it: the nearest of as many centres."""
    centres = faiss.Kmeans(stored.shape[1], shards, niter=10, seed=1, spherical=True)
    centres.train(np.ascontiguousarray(stored))
    return np.asarray(centres.index.search(stored, 1)[1][:, 0], dtype=np.int64)


def _percentiles(taken: npt.NDArray[np.float64]) -> dict[str, float]:
    return {f"p{q}": round(float(np.percentile(taken, q)) * 1000, 3) for q in (50, 95, 99)}


def _plot(
    service: npt.NDArray[np.float64],
    latencies: dict[int, dict[str, object]],
    recalls: dict[str, dict[str, list[float]]],
    path: Path,
) -> None:
    """Latency by number of shards, and recall by candidates a shard gives."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.4), layout="constrained")
    for quantile, colour in (("p50", "#56b4e9"), ("p95", "#0072b2"), ("p99", "#d55e00")):
        for way, style in (("plain", "-"), ("hedged", "--")):
            left.plot(
                _SHARDS, _series(latencies, way, quantile), style, color=colour, label=f"{quantile}, {way}"
            )
    left.axhline(float(np.median(service)) * 1000, color="#7f7f7f", linewidth=0.8)
    left.text(
        _SHARDS[-1],
        float(np.median(service)) * 1000,
        "a shard alone, p50",
        ha="right",
        va="bottom",
        fontsize=8,
    )
    left.set(xscale="log", xlabel="shards", ylabel="until all answered [ms]", ylim=(0, None))
    left.set_xticks(_SHARDS, [str(n) for n in _SHARDS])
    left.minorticks_off()
    left.legend(fontsize=8, frameon=False)
    for (shards, kept), colour in zip(recalls.items(), ("#009e73", "#0072b2", "#d55e00"), strict=True):
        right.plot(kept["given"], kept["simulated"], color=colour, label=f"{shards} shards, simulated")
        right.plot(kept["given"], kept["real_by_lot"], "o", color=colour, label="real split, by lot")
        right.plot(kept["given"], kept["real_by_subject"], "x", color=colour, label="real split, by subject")
    right.set(
        xscale="log", xlabel="candidates that a shard gives", ylabel="recall of the best 300", ylim=(0, 1.03)
    )
    right.set_xticks(_GIVEN, [str(n) for n in _GIVEN])
    right.minorticks_off()
    right.legend(fontsize=7, frameon=False)
    for panel in (left, right):
        panel.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def _series(latencies: dict[int, dict[str, object]], way: str, quantile: str) -> Sequence[float]:
    return [json.loads(json.dumps(latencies[n][way]))[quantile] for n in _SHARDS]
