"""The folder in which the workers of one server count (`search_api.metrics`), in memory where that can be.

A mapped file that cannot grow on a full disk would end the worker that writes to it, so the folder lies in
``/dev/shm``. A server that was killed leaves its folder there: each holds a lock for as long as its server
lives, and what nobody holds is removed at the next start.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - names are made by mkdtemp
_PREFIX = "footnote-counts-"
_LOCK = "held"


@contextmanager
def counting_folder(parent: Path | None = None) -> Iterator[Path]:
    """A new folder, removed when the process that made it leaves the context; what is stale goes before."""
    chosen = parent or (_MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir()))
    _remove_stale(chosen)
    # Under another name until it is locked, so that no other server takes it for stale.
    made = Path(tempfile.mkdtemp(prefix=f".{_PREFIX}", dir=chosen))
    with (made / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = made.rename(chosen / made.name.removeprefix("."))
        master = os.getpid()
        try:
            yield folder
        finally:
            if os.getpid() == master:
                shutil.rmtree(folder, ignore_errors=True)


def _remove_stale(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            with (folder / _LOCK).open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # its server lives, or it is another user's
