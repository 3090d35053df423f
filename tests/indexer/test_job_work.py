"""Jobs worked off: what was put is found, what was deleted is not, and what fails fails alone."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from corpus.errors import IndexDamagedError, ModelError
from indexer import job_work
from indexer.generation import LIBRARY_FILE
from indexer.job_work import work_off
from indexer.jobs import MOST_ATTEMPTS, Job, JobQueue
from tests.indexer.small_index import ARTICLE_ID, CRAMPS, CRAMPS_ID, GLA, GLA_ID, SmallIndex

_DAY = 86400.0
_ZINC = "doi:10.1000/zinc"


@pytest.fixture
def queue(small: SmallIndex) -> JobQueue:
    return JobQueue(small.index)


def _record(name: str, **fields: Any) -> dict[str, Any]:
    record = {"id": name, "DOI": f"10.1000/{name}", "type": "article-journal", "title": f"Lozenges of {name}"}
    return record | {"custom": {"finding": f"{name} shortened colds."}} | fields


def _put(queue: JobQueue, *records: dict[str, Any], name: str = "sent.json") -> Job:
    return _put_text(queue, json.dumps(records), name)


def _put_text(queue: JobQueue, text: str, name: str) -> Job:
    with queue.receiving() as folder:
        (folder / name).write_text(text, "utf-8")
        return queue.put(folder / name)


def _outcome(queue: JobQueue, job: Job) -> dict[str, Any]:
    found = queue.job(job.job_id)
    assert found.state == "done", found
    assert found.outcome is not None
    return dict(found.outcome)


def test_what_is_put_is_in_the_next_generation_and_twice_changes_nothing(
    small: SmallIndex, queue: JobQueue
) -> None:
    job = _put(queue, _record("zinc"), CRAMPS)
    assert work_off(queue, small.index, _DAY) == 1
    outcome = _outcome(queue, job)
    assert (outcome["added"], outcome["unchanged"], outcome["changed"]) == ([_ZINC], [CRAMPS_ID], [])
    assert outcome["index_version"] == small.live().manifest.index_version
    assert small.sources()[_ZINC].origin == "sent.json"
    again = _put(queue, _record("zinc"), CRAMPS)
    work_off(queue, small.index, _DAY)
    second = _outcome(queue, again)
    assert second["index_version"] == outcome["index_version"]
    assert sorted(second["unchanged"]) == sorted([_ZINC, CRAMPS_ID])
    assert (second["added"], second["changed"], second["removed"]) == ([], [], [])


def test_what_is_put_stays_when_the_library_is_indexed_again(small: SmallIndex, queue: JobQueue) -> None:
    _put(queue, _record("zinc"))
    work_off(queue, small.index, _DAY)
    small.update()
    assert _ZINC in small.sources()
    small.update(prune=True)
    assert _ZINC not in small.sources(), "--prune drops whatever PATHS do not hold"


def test_a_record_that_was_there_is_changed_or_joined(small: SmallIndex, queue: JobQueue) -> None:
    newer = _put(queue, GLA | {"custom": GLA["custom"] | {"finding": "Another finding of it."}})
    work_off(queue, small.index, _DAY)
    assert _outcome(queue, newer)["changed"] == [GLA_ID]
    ris = "TY  - JOUR\nTI  - Night cramps of the calf in older people\nAU  - Okafor, C.\nPY  - 2010\n"
    joined = _put_text(queue, ris + "AN  - 33333333\nDO  - 10.5555/cramps\nER  - \n", "one.ris")
    work_off(queue, small.index, _DAY)
    outcome = _outcome(queue, joined)
    assert outcome["merged"] == ["doi:10.5555/cramps"]
    assert CRAMPS_ID not in small.sources()


def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_fault(
    small: SmallIndex, queue: JobQueue
) -> None:
    job = queue.delete(GLA_ID, GLA_ID)
    work_off(queue, small.index, _DAY)
    assert _outcome(queue, job)["removed"] == [GLA_ID]
    assert GLA_ID not in small.sources()
    again = queue.delete(GLA_ID, GLA_ID)
    work_off(queue, small.index, _DAY)
    assert _outcome(queue, again)["removed"] == []


def test_the_last_source_stays(small: SmallIndex, queue: JobQueue) -> None:
    jobs = [queue.delete(source_id, source_id) for source_id in (GLA_ID, CRAMPS_ID, ARTICLE_ID)]
    work_off(queue, small.index, _DAY)
    assert [queue.job(job.job_id).state for job in jobs] == ["done", "done", "failed"]
    last = queue.job(jobs[2].job_id).outcome
    assert last is not None
    assert "nothing would be left" in last["detail"]
    assert list(small.sources()) == [ARTICLE_ID]


def test_jobs_that_wait_together_are_one_build_where_they_do_not_touch(
    small: SmallIndex, queue: JobQueue
) -> None:
    before = int(small.live().manifest.name)
    apart = [_put(queue, _record("zinc")), _put(queue, _record("honey"))]
    work_off(queue, small.index, _DAY)
    assert int(small.live().manifest.name) == before + 1
    assert len({_outcome(queue, job)["index_version"] for job in apart}) == 1
    assert [_outcome(queue, job)["added"] for job in apart] == [[_ZINC], ["doi:10.1000/honey"]]


def test_of_two_that_put_the_same_source_the_later_counts(small: SmallIndex, queue: JobQueue) -> None:
    first = _put(queue, _record("zinc", title="The first title of zinc"))
    second = _put(queue, _record("zinc", title="The second title of zinc"))
    deleted = queue.delete(CRAMPS_ID, CRAMPS_ID)
    back = _put(queue, CRAMPS)
    assert work_off(queue, small.index, _DAY) == 4
    assert small.sources()[_ZINC].title == "The second title of zinc"
    assert (_outcome(queue, first)["added"], _outcome(queue, second)["changed"]) == ([_ZINC], [_ZINC])
    assert _outcome(queue, deleted)["removed"] == _outcome(queue, back)["added"] == [CRAMPS_ID]


def test_what_holds_nothing_fails_alone_and_says_why_without_a_path(
    small: SmallIndex, queue: JobQueue
) -> None:
    bad = _put_text(queue, "[{]", "bad.json")
    good = _put(queue, _record("zinc"))
    work_off(queue, small.index, _DAY)
    assert _outcome(queue, good)["added"] == [_ZINC]
    failed = queue.job(bad.job_id)
    assert failed.state == "failed"
    assert failed.outcome is not None
    assert "bad.json: nothing in it can be indexed" in failed.outcome["detail"]
    assert str(small.index) not in failed.outcome["detail"]


def test_a_record_that_is_left_out_is_named_with_its_place(small: SmallIndex, queue: JobQueue) -> None:
    job = _put(queue, _record("zinc"), {"id": "x", "type": "article-journal"})
    work_off(queue, small.index, _DAY)
    outcome = _outcome(queue, job)
    assert outcome["skipped_count"] == 1
    (skipped,) = outcome["skipped"]
    assert skipped["place"].startswith("sent.json, item 2")
    assert "title" in skipped["reason"]


def test_a_fault_of_one_file_that_a_build_meets_does_not_fail_the_others(
    small: SmallIndex, queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = job_work.build

    def fragile(*arguments: Any, **options: Any) -> Any:
        if any("poison" in source.source_id for source in options["given"]):
            raise RuntimeError("a fault of ours, with a path: /srv/index")
        return build(*arguments, **options)

    monkeypatch.setattr(job_work, "build", fragile)
    jobs = [_put(queue, _record(name)) for name in ("zinc", "poison", "honey")]
    assert work_off(queue, small.index, _DAY) == 3
    assert [queue.job(job.job_id).state for job in jobs] == ["done", "failed", "done"]
    told = queue.job(jobs[1].job_id).outcome
    assert told is not None
    assert "/srv" not in told["detail"]


def test_a_damaged_index_leaves_the_jobs_waiting(small: SmallIndex, queue: JobQueue) -> None:
    job = _put(queue, _record("zinc"))
    library = small.live().path / LIBRARY_FILE
    whole = library.read_bytes()
    library.write_bytes(whole[:-10])
    for _ in range(MOST_ATTEMPTS + 1):
        with pytest.raises(IndexDamagedError):
            work_off(queue, small.index, _DAY)
    assert queue.job(job.job_id).state == "queued"
    library.write_bytes(whole)
    work_off(queue, small.index, _DAY)
    assert _outcome(queue, job)["added"] == [_ZINC]


#: Works off jobs and kills its own process where a build would publish what holds the name given.
_DRIVER = """
import os, signal, sys
from pathlib import Path
from indexer import generation, job_work
from indexer.jobs import JobQueue
index, name = Path(sys.argv[1]), sys.argv[2]
build = job_work.build
def killed(*arguments, **options):
    if any(name in source.source_id for source in options["given"]):
        os.kill(os.getpid(), signal.SIGKILL)
    return build(*arguments, **options)
job_work.build = killed
job_work.work_off(JobQueue(index), index, 86400.0)
"""


def test_a_process_killed_in_its_build_is_followed_by_one_that_ends_what_it_began(
    small: SmallIndex, queue: JobQueue
) -> None:
    jobs = [_put(queue, _record(name)) for name in ("zinc", "poison", "honey")]
    for _ in range(MOST_ATTEMPTS):
        done = subprocess.run([sys.executable, "-c", _DRIVER, str(small.index), "poison"], check=False)
        assert done.returncode == -signal.SIGKILL
        assert small.directory.verify() == []
    done = subprocess.run([sys.executable, "-c", _DRIVER, str(small.index), "poison"], check=False)
    assert done.returncode == 0
    assert [queue.job(job.job_id).state for job in jobs] == ["done", "failed", "done"]
    failed = queue.job(jobs[1].job_id).outcome
    assert failed is not None
    assert "ended 3 times" in failed["detail"]
    assert {_ZINC, "doi:10.1000/honey"} <= small.sources().keys()


def test_a_build_of_somebody_else_is_waited_for(small: SmallIndex, queue: JobQueue) -> None:
    job = _put(queue, _record("zinc"))
    command = [sys.executable, "-m", "search_api", "jobs", "--work", "--index", str(small.index)]
    with small.directory.writing():
        process = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(4)
        assert queue.waits()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert _outcome(queue, job)["added"] == [_ZINC]


def test_where_nothing_can_be_built_a_job_says_so(
    small: SmallIndex, queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_model(*_: Any, **__: Any) -> Any:
        raise ModelError("/srv/model", "is not installed here", "install it")

    monkeypatch.setattr(job_work, "build", without_model)
    job = _put(queue, _record("zinc"))
    work_off(queue, small.index, _DAY)
    failed = queue.job(job.job_id)
    assert failed.state == "failed"
    assert failed.outcome == {"detail": "sent.json: the model is not installed here"}
