"""The process that works off jobs: started by a server whenever jobs wait, ended when none does.

A build takes processor time and memory that answering must not lack, and may end by force. So it is a process
of its own, at a low priority, and outlives the worker that started it. Of the workers of all servers
over an index one holds the lock of the keeper and starts it; where that worker ends, another takes over.
"""

import fcntl
import logging
import subprocess
import sys
import time
from typing import TextIO

from corpus.errors import FootnoteError
from indexer.jobs import FOLDER, JobQueue
from search_api.settings import Settings

_LOG = logging.getLogger("footnote.jobs")

#: How long to wait after a process that could not work, in seconds.
_PAUSE = 10.0


class JobKeeper:
    """Sees to it that jobs are worked off; `look` is to be called about twice a second, by one thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._queue = JobQueue(settings.index)
        self._lock: TextIO | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def look(self) -> None:
        """Start the process where jobs wait and none runs; never raises for what the disk says."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._process = None
            if code:
                _LOG.error("the process that works off jobs ended with %s; another is started", code)
                self._not_before = time.monotonic() + (_PAUSE if code > 0 else 0.0)
        if time.monotonic() < self._not_before:
            return
        try:
            if self._queue.waits() and self._keeps() and not self._queue.is_worked_on():
                self._process = subprocess.Popen(self._command(), start_new_session=True)  # noqa: S603
        except (FootnoteError, OSError) as error:
            self._not_before = time.monotonic() + _PAUSE
            _LOG.error("jobs cannot be worked off: %s", error)

    def _keeps(self) -> bool:
        """Whether this is the one that starts the process; its lock ends with the worker."""
        if self._lock is None:
            lock = (self._settings.index / FOLDER / "KEEPER").open("a")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                return False
            self._lock = lock
        return True

    def _command(self) -> list[str]:
        settings = self._settings
        options = {"--index": settings.index, "--job-hours": settings.job_hours, "--log": settings.log}
        return [
            *(sys.executable, "-m", "search_api", "jobs", "--work"),
            *(str(part) for option in options.items() for part in option),
        ]
