"""A copy of the live generation in one file, and an index made from it again.

The file is a tar archive, gzipped where its name ends in ``.gz``: the manifest first, then the files that it
names. Every file is checked against its digest while it is written and again while it is read. A backup needs
no lock: the generation is held by hard links while it is copied, so that builds may go on and forget it.
"""

import contextlib
import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from corpus.errors import BackupError, IndexDamagedError, IndexStateError
from indexer.generation import Generation, IndexDirectory
from indexer.manifest import MANIFEST, Manifest, read_manifest
from indexer.storage import sha256_of, storage_errors

_ANOTHER = "take another backup"
_CHUNK = 1 << 20
#: Beginning of the folders in which a backup holds what it copies.
HELD = ".backup-"


def back_up(directory: IndexDirectory, target: Path) -> Generation:
    """Write the live generation to ``target``; returns it.

    Raises `BackupError` where the target exists, `IndexStateError` where the generation is not sound.
    """
    if target.exists():
        raise _taken(target)
    with storage_errors(target), _held(directory) as generation:
        partial = target.with_name(f"{target.name}.partial")
        try:
            with tarfile.open(partial, "w:gz" if target.suffix == ".gz" else "w") as archive:
                archive.add(generation.path / MANIFEST, MANIFEST, filter=_plain)
                for name, (_, sha256) in sorted(generation.manifest.files.items()):
                    if sha256_of(generation.path / name) != sha256:
                        rule = "its content changed since it was published"
                        raise IndexDamagedError(name, rule, "run footnote verify, then footnote rollback")
                    archive.add(generation.path / name, name, filter=_plain)
            _sync(partial)
            try:
                os.link(partial, target)  # unlike a rename, never over a file that came meanwhile
            except FileExistsError as error:
                raise _taken(target) from error
        finally:
            partial.unlink(missing_ok=True)
    return generation


def restore(source: Path, directory: IndexDirectory) -> Generation:
    """Make an index of a backup in a folder that holds none; returns the generation, which is live.

    Raises `BackupError` for a file that is no whole backup, and where the folder holds an index already.
    """
    if (directory.path / "CURRENT").exists() or any((directory.path / "generations").glob("[0-9]*")):
        raise BackupError(str(directory.path), "holds an index already", "give another --index, or move it")
    with directory.writing(), directory.building() as folder:
        try:
            with tarfile.open(source) as archive:
                manifest = _unpack(archive, folder, source)
        except (tarfile.TarError, EOFError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None and source.is_file():
                raise
            reason = getattr(error, "strerror", None) or str(error)
            raise BackupError(str(source), f"is no readable backup ({reason})", _ANOTHER) from error
        return directory.adopt(folder, manifest.name)


def _unpack(archive: tarfile.TarFile, folder: Path, source: Path) -> Manifest:
    """Write the files of an archive that its manifest names, each checked; anything else is refused."""
    manifest: Manifest | None = None
    missing: set[str] = set()
    for member in archive:
        content = archive.extractfile(member) if member.isfile() else None
        if content is None or (manifest is None and member.name != MANIFEST):
            raise BackupError(f"{source}: {member.name}", "does not belong in a backup", _ANOTHER)
        if manifest is None:
            _write(content, folder / MANIFEST)
            manifest = _checked_manifest(folder, source)
            missing = set(manifest.files)
        elif member.name in missing:
            missing.remove(member.name)
            if _write(content, folder / member.name) != manifest.files[member.name][1]:
                raise BackupError(f"{source}: {member.name}", "differs from its digest", _ANOTHER)
        else:
            raise BackupError(f"{source}: {member.name}", "does not belong in a backup", _ANOTHER)
    if manifest is None or missing:
        raise BackupError(str(source), f"lacks {min(missing, default=MANIFEST)}", _ANOTHER)
    return manifest


def _checked_manifest(folder: Path, source: Path) -> Manifest:
    try:
        manifest = read_manifest(folder)
    except IndexStateError as error:
        raise BackupError(str(source), error.rule, _ANOTHER) from error
    paths = [PurePosixPath(name) for name in manifest.files]
    named = manifest.name.isascii() and manifest.name.isdigit() and len(manifest.name) == 6
    if not named or any(path.is_absolute() or ".." in path.parts for path in paths):
        raise BackupError(str(source), "its manifest names what no index holds", _ANOTHER)
    return manifest


def _write(content: IO[bytes], path: Path) -> str:
    """Write a file and return its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("xb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


@contextmanager
def _held(directory: IndexDirectory) -> Iterator[Generation]:
    """The live generation under a name of its own, which no build removes."""
    live = directory.open()
    folder = Path(tempfile.mkdtemp(prefix=HELD, dir=live.path.parent))
    try:
        shutil.copytree(live.path, folder / live.path.name, copy_function=_link_or_copy)
        yield Generation(folder / live.path.name, live.manifest)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Neither owner nor time of this machine, so that two backups of a generation are the same bytes."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member


def _sync(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("rb") as file:
        os.fsync(file.fileno())


def _taken(target: Path) -> BackupError:
    return BackupError(str(target), "exists already", "give another name, or move it")
