"""What operators watch, for Prometheus: requests, stages of a search, candidates, cache, generation.

The workers of a server write into files of one folder, and whichever is asked adds them up (multiprocess
mode of prometheus-client, switched on by `Server` before this imports it); an application on its own counts
in memory.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from indexer.manifest import Manifest

#: Names the folder that workers share; prometheus-client reads it when it is imported.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_CANDIDATES = (0, 10, 50, 100, 200, 300, 400, 600, 1000)


class Metrics:
    """The measures of one application; safe from several threads."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "footnote_requests", "Requests answered", ["route", "method", "status"], registry=registry
        )
        self._latency = Histogram(
            "footnote_request_seconds", "Time to an answer", ["route"], buckets=_SECONDS, registry=registry
        )
        self._stages = Histogram(
            "footnote_stage_seconds",
            "Time of a search by stage",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._candidates = Histogram(
            "footnote_candidates", "Candidates that a search ranked", buckets=_CANDIDATES, registry=registry
        )
        self._cache = Counter(
            "footnote_cache", "Questions by whether their answer was kept", ["outcome"], registry=registry
        )
        self._refused = Counter(
            "footnote_overload", "Requests refused because too many waited", registry=registry
        )
        self._generation = Gauge(
            "footnote_generation",
            "Generation that every worker answers from; the oldest of theirs",
            registry=registry,
            multiprocess_mode="livemin",
        )

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request; errors are those with a status from 400 on."""
        shown = method if method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS") else "other"
        self._requests.labels(route, shown, str(status)).inc()
        self._latency.labels(route).observe(seconds)

    def searched(self, encoding_ms: float, ranking_ms: float, took_ms: float, candidates: int) -> None:
        """Count a search with the milliseconds of its stages and of the whole."""
        self._stages.labels("encode").observe(encoding_ms / 1000)
        self._stages.labels("rank").observe(ranking_ms / 1000)
        self._stages.labels("hydrate").observe(max(0.0, took_ms - encoding_ms - ranking_ms) / 1000)
        self._candidates.observe(candidates)

    def opened(self, manifest: Manifest) -> None:
        """Note the generation that answers now."""
        self._generation.set(int(manifest.name))

    def cached(self, hit: bool) -> None:
        """Count a question that could have been answered from the cache."""
        self._cache.labels("hit" if hit else "miss").inc()

    def overloaded(self) -> None:
        """Count a request that was turned away."""
        self._refused.inc()

    def exposition(self, jobs: Mapping[Any, int]) -> tuple[bytes, str]:
        """All measures, of all workers where there are several, and their content type.

        ``jobs`` are those of the index by state; they are counted where they lie and not by workers.
        """
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry: Any = self._registry
        if folder := os.environ.get(FOLDER_VARIABLE):
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
        counted = CollectorRegistry()
        counted.register(_Jobs(jobs))
        return generate_latest(registry) + generate_latest(counted), CONTENT_TYPE_LATEST


class _Jobs:
    """A collector of prometheus-client: a plain gauge would be added up over workers."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Any]:
        """The one measure, with a value for each state."""
        from prometheus_client.core import GaugeMetricFamily

        measure = GaugeMetricFamily("footnote_jobs", "Changes of the library by state", labels=["state"])
        for state, count in self._counts.items():
            measure.add_metric([state], count)
        yield measure


def forget_worker(folder: Path, pid: int) -> None:
    """Take the gauges of a worker that ended out of the sum."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid, path=str(folder))  # type: ignore[no-untyped-call]
