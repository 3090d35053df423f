"""The queue of changes: on disk before its caller hears of it, in order, each done once."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from corpus.errors import IndexDamagedError, ManyJobsError, NotFoundError, ParameterError
from indexer import jobs
from indexer.jobs import MOST_ATTEMPTS, Job, JobQueue


class _Clock:
    """A wall clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def queue(tmp_path: Path, clock: _Clock) -> JobQueue:
    return JobQueue(tmp_path, clock)


def _put(queue: JobQueue, content: str = "x", name: str = "a.ris", token: str | None = None) -> Job:
    with queue.receiving() as folder:
        (folder / name).write_text(content)
        return queue.put(folder / name, token)


def test_asking_a_queue_that_is_not_there_yet_makes_nothing(queue: JobQueue, tmp_path: Path) -> None:
    assert not queue.waits()
    assert queue.all() == []
    assert queue.counts() == {"queued": 0, "running": 0, "done": 0, "failed": 0}
    with pytest.raises(NotFoundError):
        queue.job("none")
    assert list(tmp_path.iterdir()) == []


def test_jobs_wait_in_the_order_in_which_they_came_with_their_files(queue: JobQueue, clock: _Clock) -> None:
    first = _put(queue, "one", "a.ris")
    clock.now -= 5000.0  # a clock that jumps back changes no order
    second = queue.delete("doi:10.1/x", "10.1/x")
    third = _put(queue, "three", "a.ris")
    assert [job.job_id for job in queue.waiting()] == [first.job_id, second.job_id, third.job_id]
    assert queue.body(first).read_text() == "one"
    assert queue.body(third).read_text() == "three"
    assert queue.job(second.job_id).subject == "doi:10.1/x"
    assert queue.waits()


def test_what_was_received_and_not_put_is_gone(queue: JobQueue, tmp_path: Path) -> None:
    with queue.receiving() as folder:
        (folder / "a.ris").write_text("x")
    assert list((tmp_path / "jobs" / "bodies").iterdir()) == []


def test_a_request_with_a_token_is_done_once(queue: JobQueue) -> None:
    first = _put(queue, "one", token="- t")
    assert _put(queue, "one", token="- t").job_id == first.job_id
    assert queue.delete("doi:10.1/x", "x", "- d").job_id == queue.delete("doi:10.1/x", "x", "- d").job_id
    assert len(queue.all()) == 2
    for again in (lambda: _put(queue, "other", token="- t"), lambda: queue.delete("y", "y", "- t")):
        with pytest.raises(ParameterError, match="another request"):
            again()
    assert _put(queue, "one", token="other t").job_id != first.job_id


def test_a_job_ends_with_its_outcome_and_without_its_file(queue: JobQueue, clock: _Clock) -> None:
    job = _put(queue)
    queue.start([job])
    assert queue.job(job.job_id).state == "running"
    clock.now += 7.0
    queue.finish(job, "done", {"added": ["ä"]})
    found = queue.job(job.job_id)
    assert (found.state, found.outcome, found.attempts) == ("done", {"added": ["ä"]}, 1)
    assert found.finished is not None
    assert found.started is not None
    assert found.finished - found.started == 7.0
    assert not queue.body(job).exists()
    assert not queue.waits()
    assert queue.counts()["done"] == 1


def test_what_was_under_way_waits_again_until_it_was_tried_too_often(queue: JobQueue) -> None:
    job = _put(queue)
    for attempt in range(1, MOST_ATTEMPTS):
        queue.start(queue.waiting())
        assert queue.waits()
        assert queue.resume() == []
        assert queue.job(job.job_id).attempts == attempt
    queue.start(queue.waiting())
    assert [given_up.job_id for given_up in queue.resume()] == [job.job_id]


def test_a_job_that_is_put_back_loses_no_attempt(queue: JobQueue) -> None:
    job = _put(queue)
    for _ in range(MOST_ATTEMPTS + 2):
        queue.start([job])
        queue.put_back([job])
    found = queue.job(job.job_id)
    assert (found.state, found.attempts) == ("queued", 0)


def test_finished_jobs_are_forgotten_after_their_time_and_waiting_ones_never(
    queue: JobQueue, clock: _Clock
) -> None:
    waiting, done = _put(queue, name="w.ris"), _put(queue, name="d.ris")
    queue.finish(done, "done", {})
    clock.now += 3600.0
    queue.forget(3600.0)
    assert queue.job(done.job_id).state == "done"
    clock.now += 1.0
    queue.forget(3600.0)
    with pytest.raises(NotFoundError):
        queue.job(done.job_id)
    clock.now += 1e9
    queue.forget(3600.0)
    assert queue.body(waiting).read_text() == "x"
    assert [job.job_id for job in queue.waiting()] == [waiting.job_id]


def test_a_file_that_belongs_to_no_job_is_removed_when_it_is_old(
    tmp_path: Path, queue: JobQueue, clock: _Clock
) -> None:
    _put(queue)
    orphan = tmp_path / "jobs" / "bodies" / ".incoming-x"
    orphan.mkdir()
    os.utime(orphan, (clock.now, clock.now))
    clock.now += 3599.0
    queue.forget(1e9)
    assert orphan.is_dir()
    clock.now += 2.0
    queue.forget(1e9)
    assert not orphan.exists()


def test_too_many_that_wait_are_refused(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_WAITING", 2)
    _put(queue)
    last = _put(queue)
    with pytest.raises(ManyJobsError):
        _put(queue)
    queue.finish(last, "done", {})
    _put(queue)


def test_only_one_works(queue: JobQueue, tmp_path: Path) -> None:
    _put(queue)
    assert not queue.is_worked_on()
    with queue.working() as first, JobQueue(tmp_path).working() as second:
        assert (first, second) == (True, False)
        assert queue.is_worked_on()
    assert not queue.is_worked_on()


def test_many_put_at_once_and_none_is_lost(queue: JobQueue) -> None:
    threads = [threading.Thread(target=_put, args=(queue, str(n))) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(queue.body(job).read_text()) for job in queue.waiting()) == list(range(16))


def test_a_damaged_queue_is_said_to_be_one(queue: JobQueue, tmp_path: Path) -> None:
    _put(queue)
    (tmp_path / "jobs" / "queue.sqlite").write_bytes(b"nonsense" * 1000)
    for ask in (queue.waits, queue.all, lambda: _put(queue)):
        with pytest.raises(IndexDamagedError, match="queue"):
            ask()


_KILLED = """
import os, signal, sys
from pathlib import Path
from indexer.jobs import JobQueue
queue = JobQueue(Path(sys.argv[1]))
def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)
class Dies(type(Path())):
    def rename(self, target):
        if sys.argv[2] == "after":
            super().rename(target)
        kill()
with queue.receiving() as folder:
    file = Dies(folder) / "b.ris"
    file.write_text("x")
    queue.put(file)
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_server_killed_while_it_puts_leaves_the_queue_as_it_was(
    queue: JobQueue, tmp_path: Path, when: str
) -> None:
    kept = _put(queue)
    done = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path), when], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [job.job_id for job in queue.waiting()] == [kept.job_id]
    connection = sqlite3.connect(tmp_path / "jobs" / "queue.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert _put(queue).state == "queued"
