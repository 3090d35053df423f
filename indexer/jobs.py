"""Changes to the library that wait for a build: a queue on disk, beside the generations.

::

    index/jobs/queue.sqlite         what was asked for, and what became of it
    index/jobs/bodies/<id>/<name>   a file that was sent, until it is part of the index
    index/jobs/WORKING              held by the one process that works them off (flock)

Several processes put jobs in; one takes them out (`indexer.job_work`). A job is on disk before its caller
hears of it, so a server or a build that is killed loses none: what was under way is waiting again. Times are
seconds since the epoch and are shown only, but for how long a finished job is kept; order is that of numbers.
"""

import fcntl
import hashlib
import json
import secrets
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from corpus.errors import IndexDamagedError, ManyJobsError, NotFoundError, ParameterError
from indexer.storage import storage_errors, sync

JobKind = Literal["put", "delete"]
JobState = Literal["queued", "running", "done", "failed"]
STATES: tuple[JobState, ...] = ("queued", "running", "done", "failed")

FOLDER = "jobs"
#: Jobs that may wait; the next is refused.
MOST_WAITING = 1000
#: A job whose process ended so often without a word is not tried again.
MOST_ATTEMPTS = 3
#: Bodies that no job names are removed when they are older, in seconds.
_ORPHANED = 3600.0
_BUSY_SECONDS = 10.0
_INCOMING = ".incoming-"
_FORMAT = 1
_TABLE = """
CREATE TABLE jobs (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, state TEXT NOT NULL,
  subject TEXT NOT NULL, submitted REAL NOT NULL, started REAL, finished REAL, attempts INTEGER NOT NULL,
  outcome TEXT, token TEXT UNIQUE, request TEXT NOT NULL);
CREATE INDEX jobs_by_state ON jobs (state, number);
"""
_COLUMNS = "id, kind, state, subject, submitted, started, finished, attempts, outcome"


@dataclass(frozen=True, slots=True)
class Job:
    """A change of the library: ``subject`` is the name of the file that was put, or the id that is to go.

    Times are seconds since the epoch; ``outcome`` is a JSON object, None before the end.
    """

    job_id: str
    kind: JobKind
    state: JobState
    subject: str
    submitted: float
    started: float | None = None
    finished: float | None = None
    attempts: int = 0
    outcome: Mapping[str, Any] | None = None


class JobQueue:
    """The jobs of an index; safe from several threads and processes. Opens nothing until it is asked."""

    def __init__(self, index: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = index / FOLDER
        self._bodies = self._folder / "bodies"
        self._file = self._folder / "queue.sqlite"
        self._clock = clock

    @contextmanager
    def receiving(self) -> Iterator[Path]:
        """An empty folder for a file that is being sent; what was not submitted at the end is removed."""
        with storage_errors(self._folder):
            self._bodies.mkdir(parents=True, exist_ok=True)
            incoming = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=self._bodies))
        try:
            with storage_errors(self._folder):
                yield incoming
        finally:
            shutil.rmtree(incoming, ignore_errors=True)

    def put(self, file: Path, token: str | None = None) -> Job:
        """Queue a file that was received; ``token`` names the request where its caller wants it done once.

        Raises `ManyJobsError`, `StorageError`, and `ParameterError` where the token named another request.
        """
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()

        def settle(job_id: str) -> None:
            sync(file)
            file.parent.rename(self._bodies / job_id)
            sync(self._bodies)

        return self._submit("put", file.name, f"put {file.name} {digest}", token, settle)

    def delete(self, source_id: str, asked: str, token: str | None = None) -> Job:
        """Queue the removal of a source, ``asked`` for by some name of it; token and errors as for `put`."""
        return self._submit("delete", source_id, f"delete {asked}", token, lambda _: None)

    def earlier(self, token: str) -> Job | None:
        """The job that a token names already."""
        with self._opened() as connection:
            return _job(connection, "token = ?", token) if connection is not None else None

    def job(self, job_id: str) -> Job:
        """A job by its id; raises `NotFoundError`."""
        with self._opened() as connection:
            found = _job(connection, "id = ?", job_id) if connection is not None else None
        if found is None:
            raise NotFoundError(job_id[:80], "no job has that id", "finished jobs are forgotten after a time")
        return found

    def all(self) -> list[Job]:
        """Every job that is not forgotten, the oldest first."""
        return self._listed("1")

    def waiting(self) -> list[Job]:
        """The jobs that wait, in order."""
        return self._listed("state = 'queued'")

    def waits(self) -> bool:
        """Whether a job waits, or was under way when its process ended."""
        counts = self.counts()
        return bool(counts["queued"] or counts["running"])

    def counts(self) -> dict[JobState, int]:
        """How many jobs there are of each state."""
        with self._opened() as connection:
            sql = "SELECT state, count(*) FROM jobs GROUP BY state"
            found = dict(connection.execute(sql)) if connection is not None else {}
        return {state: found.get(state, 0) for state in STATES}

    def body(self, job: Job) -> Path:
        """The file of a job that puts one."""
        return self._bodies / job.job_id / job.subject

    # For the process that works them off

    @contextmanager
    def working(self) -> Iterator[bool]:
        """Hold the lock of the one that works jobs off; False where another process has it."""
        with storage_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / "WORKING").open("a")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True

    def is_worked_on(self) -> bool:
        """Whether a process holds the lock of `working`."""
        if not self._file.is_file():
            return False
        with self.working() as alone:
            return not alone

    def resume(self) -> list[Job]:
        """Let wait again what was under way when its process ended; returns what was tried too often."""
        running = self._listed("state = 'running'")
        self._each(
            "UPDATE jobs SET state = 'queued' WHERE id = ?",
            [(job.job_id,) for job in running if job.attempts < MOST_ATTEMPTS],
        )
        return [job for job in running if job.attempts >= MOST_ATTEMPTS]

    def start(self, jobs: Sequence[Job]) -> None:
        """Note that jobs are being built."""
        sql = "UPDATE jobs SET state = 'running', started = ?, attempts = attempts + 1 WHERE id = ?"
        self._each(sql, [(self._clock(), job.job_id) for job in jobs])

    def put_back(self, jobs: Sequence[Job]) -> None:
        """Let jobs wait again that were not the reason why they could not be built."""
        sql = "UPDATE jobs SET state = 'queued', attempts = attempts - 1 WHERE id = ? AND state = 'running'"
        self._each(sql, [(job.job_id,) for job in jobs])

    def finish(self, job: Job, state: JobState, outcome: Mapping[str, Any]) -> None:
        """Note how a job ended, and let go of its file."""
        sql = "UPDATE jobs SET state = ?, finished = ?, outcome = ? WHERE id = ?"
        self._each(sql, [(state, self._clock(), json.dumps(outcome, ensure_ascii=False), job.job_id)])
        shutil.rmtree(self._bodies / job.job_id, ignore_errors=True)

    def forget(self, seconds: float) -> None:
        """Forget what ended longer ago than this, and files that belong to no job.

        By the wall clock: one that jumps forward lets finished jobs be forgotten early, and waiting ones
        never.
        """
        now = self._clock()
        self._each("DELETE FROM jobs WHERE state IN ('done', 'failed') AND finished < ?", [(now - seconds,)])
        known = {job.job_id for job in self._listed("state IN ('queued', 'running')")}
        for folder in self._bodies.iterdir() if self._bodies.is_dir() else ():
            with suppress(FileNotFoundError):  # its server was faster
                if folder.name not in known and now - folder.stat().st_mtime > _ORPHANED:
                    shutil.rmtree(folder, ignore_errors=True)

    def _submit(
        self, kind: JobKind, subject: str, request: str, token: str | None, settle: Callable[[str], None]
    ) -> Job:
        job_id = secrets.token_hex(8)
        with self._opened(create=True) as connection:
            if connection is None:
                raise AssertionError("unreachable")
            connection.execute("BEGIN IMMEDIATE")
            if token is not None and (known := _job(connection, "token = ?", token)) is not None:
                _check_same(connection, token, request)
                connection.execute("ROLLBACK")
                return known
            (waiting,) = connection.execute("SELECT count(*) FROM jobs WHERE state = 'queued'").fetchone()
            if waiting >= MOST_WAITING:
                raise ManyJobsError(f"{waiting} jobs", "wait already", "send it again when they are done")
            now = self._clock()
            connection.execute(
                "INSERT INTO jobs (id, kind, state, subject, submitted, attempts, token, request) "
                "VALUES (?, ?, 'queued', ?, ?, 0, ?, ?)",
                (job_id, kind, subject, now, token, request),
            )
            settle(job_id)
            connection.execute("COMMIT")
        return Job(job_id, kind, "queued", subject, now)

    def _listed(self, condition: str) -> list[Job]:
        with self._opened() as connection:
            if connection is None:
                return []
            rows = connection.execute(f"SELECT {_COLUMNS} FROM jobs WHERE {condition} ORDER BY number")
            return [_of_row(row) for row in rows]

    def _each(self, sql: str, values: Sequence[tuple[Any, ...]]) -> None:
        """One statement for each row of values, all of them or none."""
        with self._opened() as connection:
            if connection is not None and values:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(sql, values)
                connection.execute("COMMIT")

    @contextmanager
    def _opened(self, create: bool = False) -> Iterator[sqlite3.Connection | None]:
        """A connection of its own, None where there is no queue yet; raises `StorageError`."""
        if not create and not self._file.is_file():
            yield None
            return
        try:
            with storage_errors(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
                with closing(
                    sqlite3.connect(self._file, timeout=_BUSY_SECONDS, isolation_level=None)
                ) as connection:
                    _prepare(connection)
                    yield connection
        except sqlite3.DatabaseError as error:
            rule = f"the queue of jobs cannot be read ({error})"
            raise IndexDamagedError(
                str(self._file), rule, "remove it, then send the changes again"
            ) from error


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the table where a queue is new."""
    if connection.execute("PRAGMA user_version").fetchone()[0] == _FORMAT:
        return
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
        for statement in _TABLE.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_FORMAT}")
    connection.execute("COMMIT")


def _job(connection: sqlite3.Connection, condition: str, value: str) -> Job | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM jobs WHERE {condition}", (value,)).fetchone()
    return _of_row(row) if row is not None else None


def _of_row(row: tuple[Any, ...]) -> Job:
    *columns, outcome = row
    return replace(Job(*columns), outcome=json.loads(outcome) if outcome is not None else None)


def _check_same(connection: sqlite3.Connection, token: str, request: str) -> None:
    (first,) = connection.execute("SELECT request FROM jobs WHERE token = ?", (token,)).fetchone()
    if first != request:
        rule = "was sent with another request before"
        raise ParameterError("Idempotency-Key", token.partition(" ")[2], rule, "use a new one")
