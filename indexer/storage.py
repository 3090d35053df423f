"""The disk under an index: what is synced to it, digests of files, and its refusals translated."""

import errno
import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import StorageError


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def written_at(path: Path) -> tuple[int, int]:
    """The inode of a file and when it was last written to, in nanoseconds."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def save_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write an array as a file that `numpy.load` reads and can map; raises what the disk says.

    NumPy alone only says how many values were not written.
    """
    whole = np.ascontiguousarray(array)
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(whole))
        file.write(whole.data)


def sync_tree(folder: Path) -> None:
    """See everything in a folder, and the folder itself, onto the disk."""
    for path in (*folder.rglob("*"), folder):
        sync(path)


def sync(path: Path) -> None:
    """See a file, or what a folder lists, onto the disk."""
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
def storage_errors(path: Path) -> Iterator[None]:
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
