"""Encoding on several machines: the slices of a build through Ray Data, each encoded as one machine would.

The encoder's files travel from the index to the workers, so that none has to hold a model, and no vector can
come from another one. Slices come back in any order; whatever came back before a cluster failed is in the
journal. Footnote has to be installed on the machines of the cluster, in this version.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import RayError
from indexer.encoding import Done, Slice
from indexer.journal import Half

#: The address that starts a cluster of this machine's cores, for as long as the build runs.
LOCAL = "local"
_CONNECT_SECONDS = 5.0
_PROBE_SECONDS = 60.0
#: Slices that are handed to the cluster together: some 200 MB of text.
_SLICES_AT_ONCE = 256
_KEPT = "what was encoded is kept: run footnote index again"
#: Asks a cluster what it has, in a process of its own, because a connection attempt cannot be interrupted.
_PROBE = """
import json, sys
import ray
ray.init(address=sys.argv[1], log_to_driver=False, logging_level="ERROR")
print(json.dumps(ray.cluster_resources()))
"""


class ClusterEncoder:
    """Encodes on the workers of a Ray cluster, one process for each of their cores."""

    def __init__(self, address: str, folder: Path) -> None:
        """``address`` is one that `check` has passed; ``folder`` holds the encoder."""
        self._address = address
        self._folder = folder

    def encoded(self, slices: Iterable[Slice], done: Done) -> Iterator[tuple[Sequence[int], Half]]:
        """The numbers of each slice with their vectors, as they come back."""
        ray = _ray()
        with _quiet_session(ray, self._address):
            workers = int(ray.cluster_resources().get("CPU", 0))
            if workers < 1:
                raise _without_workers(self._address)
            files = ray.put({path.name: path.read_bytes() for path in self._folder.iterdir()})
            remaining = iter(slices)
            try:
                while window := list(islice(remaining, _SLICES_AT_ONCE)):
                    for row in _encoded(ray, window, files, workers):
                        vectors = np.frombuffer(row["vectors"], dtype="<f2").reshape(len(row["numbers"]), -1)
                        done(len(vectors))
                        yield [int(number) for number in row["numbers"]], vectors
            except ray.exceptions.RayError as error:
                reason = str(error).strip().splitlines()[-1]
                raise RayError(self._address, f"the cluster failed ({reason})", _KEPT) from error


class _EncodeSlice:
    """The work of one process of the cluster: the same encoder, on one core."""

    def __init__(self, files: Any) -> None:
        import ray

        from indexer.encoder import OpenVinoEncoder

        folder = Path(tempfile.mkdtemp(prefix="footnote-encoder-"))
        for name, content in ray.get(files).items():
            (folder / name).write_bytes(content)
        self._encoder = OpenVinoEncoder(folder, threads=1)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        texts = [str(text) for text in batch["texts"][0]]
        vectors = self._encoder.encode_passages(texts).astype("<f2")
        return {"numbers": batch["numbers"], "vectors": [vectors.tobytes()]}


def _encoded(ray: Any, window: Sequence[Slice], files: Any, workers: int) -> Iterator[dict[str, Any]]:
    """The rows of one pipeline, a slice each."""
    rows = [{"numbers": list(part.numbers), "texts": list(part.texts)} for part in window]
    pipeline = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        _EncodeSlice,
        fn_constructor_kwargs={"files": files},
        batch_size=1,
        num_cpus=1,
        concurrency=min(workers, len(rows)),
    )
    yield from pipeline.iter_rows()


class _quiet_session:  # noqa: N801 - a context manager used like a function
    """A session with a cluster that writes no progress of its own; a local cluster ends with it."""

    def __init__(self, ray: Any, address: str) -> None:
        self._ray = ray
        self._address = address
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> None:
        self._warnings.__enter__()
        warnings.simplefilter("ignore")  # Ray warns of settings of its own
        options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
        if self._address == LOCAL:
            options |= {"include_dashboard": False, "num_cpus": len(os.sched_getaffinity(0))}
        self._ray.init(address=self._address, **options)
        context = self._ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False

    def __exit__(self, *_: object) -> None:
        self._ray.shutdown()
        self._warnings.__exit__(None, None, None)


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Footnote tells nobody anything
    try:
        import ray
        import ray.data
    except ImportError as error:
        remedy = "pip install 'footnote[ray]', or leave --ray out"
        raise RayError("--ray", "Ray Data is not installed", remedy) from error
    return ray


def check(address: str) -> None:
    """See that Ray answers at an address, ``local`` or HOST:PORT, and has somebody to work, within a minute.

    Raises `RayError` where that is not so, or Ray is not installed.
    """
    _ray()
    if address == LOCAL:
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        raise RayError(f"--ray {address}", "is neither local nor HOST:PORT", "give one of them")
    try:
        socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        reason = f"nothing answers there ({error})"
        raise RayError(f"--ray {address}", reason, "start one with ray start --head") from error
    try:
        command = [sys.executable, "-c", _PROBE, address]
        told = subprocess.run(  # noqa: S603 - our own interpreter; the address is an argument of it
            command, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=True
        )
        resources = json.loads(told.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        reason = "what answers there is no Ray of this version"
        raise RayError(f"--ray {address}", reason, "use the version of Ray that runs there") from error
    if resources.get("CPU", 0) < 1:
        raise _without_workers(address)


def _without_workers(address: str) -> RayError:
    return RayError(
        f"--ray {address}", "the cluster has no worker with a core", "join some with ray start --address"
    )
