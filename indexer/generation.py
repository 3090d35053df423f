"""The index directory: generations, the one that is live, the writer's lock.

::

    index/CURRENT                   the name of the live generation
    index/LOCK                      held by the one writer (flock)
    index/generations/000007/       immutable once published

A generation is built in ``generations/.building`` and published by two renames: the folder to its
number, then a new ``CURRENT`` over the old. Everything is synced to disk before either, so a crash
at any point leaves the last good generation live. The one before it is kept for `rollback`.
"""

import datetime
import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    IndexMissingError,
    NoEarlierGenerationError,
    StorageError,
)

FORMAT_VERSION = 2
MANIFEST = "manifest.json"
LIBRARY_FILE = "library.sqlite"
ENCODER_FOLDER = "encoder"
_BUILDING = ".building"
_REBUILD = "remove the folder or give another --index, then run footnote index"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself; ``files`` maps a relative path to (bytes, sha256)."""

    name: str
    fingerprint: str
    created: str
    parent: str | None
    parameters: Mapping[str, Any]
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]

    @property
    def index_version(self) -> str:
        """Generation and a digest of its files, as the API gives it: ``000007-3f2a``."""
        content = json.dumps({k: v[1] for k, v in sorted(self.files.items())})
        return f"{self.name}-{hashlib.sha256(content.encode()).hexdigest()[:4]}"


@dataclass(frozen=True, slots=True)
class Generation:
    """A published generation: its folder and manifest, sizes checked."""

    path: Path
    manifest: Manifest


class IndexDirectory:
    """An index on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._generations = path / "generations"

    def current_name(self) -> str | None:
        """What ``CURRENT`` says, None where nothing is published."""
        try:
            return (self.path / "CURRENT").read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamagedError(str(self.path / "CURRENT"), "cannot be read", _REBUILD) from error

    def open(self) -> Generation:
        """The live generation; its format and the size of every file are checked.

        Raises `IndexMissingError`, `IndexFormatError` or `IndexDamagedError`.
        """
        generation = self.open_unchecked()
        for file, (size, _) in generation.manifest.files.items():
            _check_size(generation.path / file, size)
        return generation

    def verify(self) -> list[str]:
        """Every fault of the live generation, file by file against its SHA-256; empty when sound."""
        generation = self.open_unchecked()
        faults = []
        for file, (size, sha256) in generation.manifest.files.items():
            path = generation.path / file
            try:
                _check_size(path, size)
                if _sha256(path) != sha256:
                    faults.append(f"{file}: its content changed since it was published")
            except IndexDamagedError as error:
                faults.append(f"{file}: {error.rule}")
        known = {*generation.manifest.files, MANIFEST}
        faults += [
            f"{file}: does not belong there" for file in _files_of(generation.path) if file not in known
        ]
        return faults

    def open_unchecked(self) -> Generation:
        """The live generation with only its manifest read."""
        name = self.current_name()
        if name is None:
            raise IndexMissingError(
                str(self.path), "no index is published there", "run footnote index, or give --index DIR"
            )
        if not (name.isdigit() and len(name) == 6):
            raise IndexDamagedError(f"CURRENT={name[:20]!r}", "does not name a generation", _REBUILD)
        return Generation(self._generations / name, _read_manifest(self._generations / name))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock; raises `IndexBusyError` where another process has it."""
        with _storage_errors(self.path):
            self._generations.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "LOCK").open("a")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise IndexBusyError(
                    str(self.path), "another footnote is writing to this index", "wait until it is done"
                ) from error
            yield

    @contextmanager
    def building(self) -> Iterator[Path]:
        """An empty folder to build in; what is left there on failure is removed."""
        folder = self._generations / _BUILDING
        with _storage_errors(self.path):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        try:
            with _storage_errors(self.path):
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(
        self, folder: Path, fingerprint: str, parameters: Mapping[str, Any], counts: Mapping[str, int]
    ) -> Generation:
        """Make the built folder the live generation; returns it."""
        with _storage_errors(self.path):
            parent = self.current_name()
            name = f"{max((int(n) for n in self._published()), default=0) + 1:06d}"
            manifest = Manifest(
                name=name,
                fingerprint=fingerprint,
                created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                parent=parent,
                parameters=parameters,
                counts=counts,
                files={f: ((folder / f).stat().st_size, _sha256(folder / f)) for f in _files_of(folder)},
            )
            _write_manifest(folder, manifest)
            _sync_tree(folder)
            target = self._generations / name
            folder.rename(target)
            _sync(self._generations)
            self._make_current(name)
            self._forget_all_but({name, parent})
            return Generation(target, manifest)

    def rollback(self) -> Generation:
        """Make the generation before the live one live again; returns it."""
        with self.writing():
            live = self.open_unchecked().manifest
            earlier = live.parent
            if earlier is None or not (self._generations / earlier / MANIFEST).is_file():
                raise NoEarlierGenerationError(
                    live.name, "no earlier generation is kept", "build the one you want with footnote index"
                )
            with _storage_errors(self.path):
                self._make_current(earlier)
        return self.open()

    def _make_current(self, name: str) -> None:
        temporary = self.path / "CURRENT.new"
        with temporary.open("w", encoding="ascii") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self.path / "CURRENT")
        _sync(self.path)

    def _published(self) -> list[str]:
        return [p.name for p in self._generations.iterdir() if p.name.isdigit()]

    def _forget_all_but(self, kept: set[str | None]) -> None:
        for name in self._published():
            if name not in kept:
                shutil.rmtree(self._generations / name, ignore_errors=True)


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text("utf-8"))
        version = data["format"]
        if version != FORMAT_VERSION:
            raise IndexFormatError(
                f"{folder} has format {version}", f"this Footnote reads format {FORMAT_VERSION}", _REBUILD
            )
        return Manifest(
            name=data["generation"],
            fingerprint=data["fingerprint"],
            created=data["created"],
            parent=data["parent"],
            parameters=data["parameters"],
            counts=data["counts"],
            files={name: (entry["bytes"], entry["sha256"]) for name, entry in data["files"].items()},
        )
    except FileNotFoundError as error:
        raise IndexDamagedError(str(path), "the file is missing", _REBUILD) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamagedError(str(path), "not a readable manifest", _REBUILD) from error


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    document = {
        "format": FORMAT_VERSION,
        "generation": manifest.name,
        "fingerprint": manifest.fingerprint,
        "created": manifest.created,
        "parent": manifest.parent,
        "parameters": dict(manifest.parameters),
        "counts": dict(manifest.counts),
        "files": {n: {"bytes": b, "sha256": s} for n, (b, s) in sorted(manifest.files.items())},
    }
    (folder / MANIFEST).write_text(json.dumps(document, indent=1) + "\n", "utf-8")


def _check_size(path: Path, size: int) -> None:
    try:
        actual = path.stat().st_size
    except OSError as error:
        raise IndexDamagedError(str(path), "the file is missing", "run footnote rollback") from error
    if actual != size:
        raise IndexDamagedError(
            str(path),
            f"has {actual} bytes, published with {size}",
            "run footnote rollback",
        )


def _files_of(folder: Path) -> list[str]:
    """Relative paths of all files but tantivy's locks, which any reader may create."""
    return sorted(
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*")
        if p.is_file() and not p.name.startswith(".tantivy-")
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_tree(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_REFUSALS = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO),
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG),  # the path is no folder, or can be none
}
_LIBRARY_REFUSAL = re.compile(
    r"disk|no space|file too large|write error|i/o|os error|io::?error|iostream error", re.IGNORECASE
)


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    """Translate the disk's refusals, also as SQLite, FAISS and tantivy report them."""
    try:
        yield
    except (OSError, sqlite3.OperationalError, RuntimeError, ValueError) as error:
        refused = (
            error.errno in _REFUSALS
            if isinstance(error, OSError) and error.errno is not None
            else _LIBRARY_REFUSAL.search(str(error)) is not None
        )
        if not refused:
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageError(
            str(path),
            f"the disk refused a write ({reason})",
            "free space or check the path and its permissions, then run again",
        ) from error
