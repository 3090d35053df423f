"""The index directory: generations, the one that is live, the writer's lock.

::

    index/CURRENT                   the name of the live generation
    index/LOCK                      held by the one writer (flock)
    index/generations/000007/       immutable once published

A generation is built in ``generations/.building`` and published by two renames: the folder to its
number, then a new ``CURRENT`` over the old. Everything is synced to disk before either, so a crash
at any point leaves the last good generation live. The one before it is kept for `rollback`.

A generation may be set aside instead: it gets its number and is complete, but ``CURRENT`` goes on naming the
other until `promote`. Builds keep what is set aside.
"""

import datetime
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    IndexMissingError,
    NoEarlierGenerationError,
)
from indexer.manifest import MANIFEST, REBUILD, Manifest, read_manifest, write_manifest
from indexer.storage import sha256_of, storage_errors, sync, sync_tree, written_at

LIBRARY_FILE = "library.sqlite"
ENCODER_FOLDER = "encoder"
_BUILDING, _SCRATCH = ".building", ".scratch"


@dataclass(frozen=True, slots=True)
class Generation:
    """A published generation: its folder and manifest, sizes checked."""

    path: Path
    manifest: Manifest

    def faults_of(self, files: Iterable[str]) -> list[str]:
        """What is wrong with some of its files, each read and compared with its SHA-256; empty when sound."""
        faults = []
        for file in files:
            size, sha256 = self.manifest.files[file]
            try:
                _check_size(self.path / file, size)
                if sha256_of(self.path / file) != sha256:
                    faults.append(f"{file}: its content changed since it was published")
            except IndexDamagedError as error:
                faults.append(f"{file}: {error.rule}")
        return faults


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
            raise IndexDamagedError(str(self.path / "CURRENT"), "cannot be read", REBUILD) from error

    def open(self, name: str | None = None) -> Generation:
        """The live generation, or the one of that name; its format and the size of every file are checked.

        Raises `IndexMissingError`, `IndexFormatError` or `IndexDamagedError`.
        """
        generation = self.open_unchecked(name)
        for file, (size, _) in generation.manifest.files.items():
            _check_size(generation.path / file, size)
        return generation

    def verify(self, name: str | None = None) -> list[str]:
        """Every fault of a generation (the live one), file by file against its SHA-256; empty when sound."""
        generation = self.open_unchecked(name)
        faults = generation.faults_of(generation.manifest.files)
        known = {*generation.manifest.files, MANIFEST}
        faults += [
            f"{file}: does not belong there" for file in _files_of(generation.path) if file not in known
        ]
        return faults

    def open_unchecked(self, name: str | None = None) -> Generation:
        """The live generation, or the one of that name, with only its manifest read."""
        published = sorted(self._published())
        if name is not None and published:
            if name not in published:
                raise IndexMissingError(name, "no such generation", f"use one of {', '.join(published)}")
            return Generation(self._generations / name, read_manifest(self._generations / name))
        name = self.current_name()
        if name is None:
            raise IndexMissingError(
                str(self.path), "no index is published there", "run footnote index, or give --index DIR"
            )
        if not (name.isdigit() and len(name) == 6):
            raise IndexDamagedError(f"CURRENT={name[:20]!r}", "does not name a generation", REBUILD)
        return Generation(self._generations / name, read_manifest(self._generations / name))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock; raises `IndexBusyError` where another process has it."""
        with storage_errors(self.path):
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

    def building(self) -> AbstractContextManager[Path]:
        """An empty folder to build in; what is left there on failure is removed."""
        return self._passing(_BUILDING)

    def scratch(self) -> AbstractContextManager[Path]:
        """An empty folder for what a build does not hold in memory; removed with all that is in it."""
        return self._passing(_SCRATCH)

    @contextmanager
    def _passing(self, name: str) -> Iterator[Path]:
        folder = self._generations / name
        with storage_errors(self.path):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        try:
            with storage_errors(self.path):
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def adopt(self, folder: Path, name: str) -> Generation:
        """Make a folder that is a whole generation already, by its manifest of that name, the live one."""
        sync_tree(folder)
        folder.rename(self._generations / name)
        sync(self._generations)
        self._make_current(name)
        return self.open()

    def asides(self) -> tuple[Generation, ...]:
        """The generations that are set aside, in order of name."""
        current = self.current_name()
        return tuple(g for g in self._readable() if g.manifest.aside and g.manifest.name != current)

    def publish(
        self, folder: Path, fingerprint: str, parameters: Mapping[str, Any], counts: Mapping[str, int]
    ) -> Generation:
        """Make the built folder the live generation; returns it."""
        with storage_errors(self.path):
            generation = self._number(folder, fingerprint, parameters, counts, aside=False)
            self._make_current(generation.manifest.name)
            self._forget_all_but(generation.manifest.name, generation.manifest.parent)
            return generation

    def set_aside(
        self, folder: Path, fingerprint: str, parameters: Mapping[str, Any], counts: Mapping[str, int]
    ) -> Generation:
        """Keep the built folder beside the live generation; it replaces one aside of the same model."""
        with storage_errors(self.path):
            generation = self._number(folder, fingerprint, parameters, counts, aside=True)
            for other in self.asides():
                same_model = other.manifest.parameters.get("model") == parameters.get("model")
                if same_model and other.path != generation.path:
                    shutil.rmtree(other.path, ignore_errors=True)
            return generation

    def promote(self, name: str | None = None) -> Generation:
        """Make a generation live that is not, the only one aside where none is named; returns it.

        `rollback` then goes back to what was live before. Raises `IndexMissingError` where there is none to
        promote, `IndexDamagedError` where it is not sound.
        """
        with self.writing():
            chosen = self._promotable(name)
            faults = self.verify(chosen)
            if faults:
                raise IndexDamagedError(chosen, faults[0], "build it again with footnote index --aside")
            live = self.current_name()
            promoted = replace(self.open_unchecked(chosen).manifest, parent=live)
            with storage_errors(self.path):
                # In this order a crash anywhere leaves it aside or live, and its way back known.
                self._rewrite(promoted)
                self._make_current(chosen)
                self._rewrite(replace(promoted, aside=False))
                self._forget_all_but(chosen, live)
        return self.open()

    def rollback(self) -> Generation:
        """Make the generation before the live one live again; returns it."""
        with self.writing():
            live = self.open_unchecked().manifest
            earlier = live.parent
            if earlier is None or not (self._generations / earlier / MANIFEST).is_file():
                raise NoEarlierGenerationError(
                    live.name, "no earlier generation is kept", "build the one you want with footnote index"
                )
            with storage_errors(self.path):
                self._make_current(earlier)
        return self.open()

    def _make_current(self, name: str) -> None:
        temporary = self.path / "CURRENT.new"
        with temporary.open("w", encoding="ascii") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self.path / "CURRENT")
        sync(self.path)

    def _number(
        self,
        folder: Path,
        fingerprint: str,
        parameters: Mapping[str, Any],
        counts: Mapping[str, int],
        aside: bool,
    ) -> Generation:
        """Give the built folder its manifest and the next number; everything is on disk then."""
        name = f"{max((int(n) for n in self._published()), default=0) + 1:06d}"
        manifest = Manifest(
            name=name,
            fingerprint=fingerprint,
            created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            parent=self.current_name(),
            parameters=parameters,
            counts=counts,
            files={f: ((folder / f).stat().st_size, sha256_of(folder / f)) for f in _files_of(folder)},
            aside=aside,
            written={f: written_at(folder / f) for f in _files_of(folder)},
        )
        write_manifest(folder / MANIFEST, manifest)
        sync_tree(folder)
        target = self._generations / name
        folder.rename(target)
        sync(self._generations)
        return Generation(target, manifest)

    def _promotable(self, name: str | None) -> str:
        asides = [generation.manifest.name for generation in self.asides()]
        if name is None:
            if len(asides) == 1:
                return asides[0]
            raise IndexMissingError(
                str(self.path),
                "more than one generation is set aside" if asides else "no generation is set aside",
                f"name one of {', '.join(asides)}" if asides else "build one with footnote index --aside",
            )
        if name == self.current_name():
            raise IndexMissingError(name, "is live already", "name another generation")
        return self.open_unchecked(name).manifest.name

    def _rewrite(self, manifest: Manifest) -> None:
        """Put another manifest in a generation's place, at once and on disk."""
        temporary = self.path / f"{MANIFEST}.new"
        write_manifest(temporary, manifest)
        sync(temporary)
        temporary.rename(self._generations / manifest.name / MANIFEST)
        sync(self._generations / manifest.name)

    def _published(self) -> list[str]:
        if not self._generations.is_dir():
            return []
        return [p.name for p in self._generations.iterdir() if p.name.isdigit()]

    def _readable(self) -> Iterator[Generation]:
        for name in sorted(self._published()):
            try:
                manifest = read_manifest(self._generations / name)
            except (IndexDamagedError, IndexFormatError):
                continue
            if manifest.name == name:
                yield Generation(self._generations / name, manifest)

    def _forget_all_but(self, live: str, before: str | None) -> None:
        """Remove what is neither live, nor live before, nor set aside."""
        kept = {live, before}
        for generation in self._readable():
            if generation.manifest.aside and generation.manifest.name == before:
                # It was promoted, and a crash came before its manifest said so.
                self._rewrite(replace(generation.manifest, aside=False))
            elif generation.manifest.aside:
                kept.add(generation.manifest.name)
        for name in self._published():
            if name not in kept:
                shutil.rmtree(self._generations / name, ignore_errors=True)


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
