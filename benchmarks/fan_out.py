"""A search that is sent to many shards, simulated: how long the last one takes, and what merging loses.

Pure functions of numbers, so that a test can hold them to small cases worked out by hand. Seconds everywhere.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FanOut:
    """A cluster of ``shards``, each on ``replicas`` machines that answer one question after the other.

    ``load`` is the share of its time that a machine works without hedging; ``hedge_after`` seconds without an
    answer the shard's other replica is asked as well (doi:10.1145/2408776.2408794), None for never.
    ``network`` is the time of one call there and back, ``merge`` that of merging one shard's answer.
    """

    shards: int
    replicas: int
    load: float
    hedge_after: float | None
    network: float = 0.0005
    merge: float = 0.00001


def answered(cluster: FanOut, service: Times, questions: int, seed: int) -> tuple[Times, float]:
    """How long each question takes until all shards answered, ``(questions,)``, and the share sent twice.

    Questions come at random times (Poisson), so that they queue; every question goes to all shards, to one
    replica of each drawn by lot. Service times are drawn from ``service``, seconds that were measured. A
    second call is taken back only while it waits; once it is begun, its work is done.
    """
    rng = np.random.default_rng(seed)
    # Each machine sees 1/replicas of the questions.
    pause = float(service.mean()) / (cluster.load * cluster.replicas)
    arrivals = np.cumsum(rng.exponential(pause, questions))
    machines = _Machines(cluster, service, questions, rng)
    for number, arrival in enumerate(arrivals):
        machines.hedge_until(arrival)
        machines.ask(number, arrival)
    machines.hedge_until(np.inf)
    taken = machines.done.max(axis=1) - arrivals
    extra = cluster.network + cluster.merge * cluster.shards
    return taken + extra, machines.hedged / (questions * cluster.shards)


class _Machines:
    """The machines of all shards, each free from some time on, and the second calls that are due."""

    def __init__(self, cluster: FanOut, service: Times, questions: int, rng: np.random.Generator) -> None:
        self.done = np.zeros((questions, cluster.shards))
        self.hedged = 0
        self._cluster, self._service, self._rng = cluster, service, rng
        self._free = np.zeros((cluster.replicas, cluster.shards))
        self._every = np.arange(cluster.shards)
        self._due: deque[tuple[float, int, Rows, Rows]] = deque()

    def ask(self, number: int, arrival: float) -> None:
        """Put a question to one replica of every shard."""
        cluster, every = self._cluster, self._every
        chosen = self._rng.integers(cluster.replicas, size=cluster.shards)
        done = np.maximum(arrival, self._free[chosen, every]) + self._rng.choice(
            self._service, cluster.shards
        )
        self._free[chosen, every] = self.done[number] = done
        if cluster.hedge_after is not None and cluster.replicas > 1:
            late = np.flatnonzero(done - arrival > cluster.hedge_after)
            if len(late):
                other = (chosen[late] + 1) % cluster.replicas
                self._due.append((arrival + cluster.hedge_after, number, late, other))

    def hedge_until(self, now: float) -> None:
        """Make the second calls that are due; they fall due in the order of their questions."""
        while self._due and self._due[0][0] <= now:
            due, number, late, other = self._due.popleft()
            begun = np.maximum(due, self._free[other, late])
            worth = begun < self.done[number, late]
            late, other, begun = late[worth], other[worth], begun[worth]
            again = begun + self._rng.choice(self._service, len(late))
            self._free[other, late] = again
            self.done[number, late] = np.minimum(self.done[number, late], again)
            self.hedged += len(late)


def merged_recall(shards: int, wanted: int, given: int, draws: int, seed: int) -> float:
    """The share of the best ``wanted`` that is among the ``given`` best of each shard, merged.

    The documents lie in shards by lot, and every shard searches exactly: what is lost is what does not fit.
    """
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(wanted, np.full(shards, 1 / shards), size=draws)
    return float(np.minimum(counts, given).sum() / (draws * wanted))


def split_recall(best: npt.NDArray[np.int64], shard_of: npt.NDArray[np.int64], given: int) -> float:
    """The same for a real split: ``best``, ``(questions, wanted)``, are the rows an exact search finds."""
    kept = 0
    for rows in best:
        _, counts = np.unique(shard_of[rows], return_counts=True)
        kept += int(np.minimum(counts, given).sum())
    return kept / best.size


def least_given(shards: int, wanted: int, recall: float, draws: int = 2_000) -> int:
    """The fewest candidates a shard may give for that recall of the best ``wanted``."""
    for given in range(1, wanted + 1):
        if merged_recall(shards, wanted, given, draws, seed=0) >= recall:
            return given
    return wanted
