"""Jobs -> the next generation: what waits is read, built and published, job by job or several at once.

Puts that wait one after another and touch different sources are one build, and so are deletions; order is
kept otherwise. A build without an answer (its process was killed) is tried again with each job alone, so that
one file that no build survives does not take others with it.
"""

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.errors import (
    FootnoteError,
    IndexBusyError,
    IndexStateError,
    InputError,
    ModelError,
    NotFoundError,
    NothingToIndexError,
)
from corpus.reading import read_file
from corpus.records import Skipped, Source
from indexer.build import BuildReport, build
from indexer.generation import LIBRARY_FILE, IndexDirectory
from indexer.jobs import MOST_ATTEMPTS, Job, JobQueue
from indexer.library import Library

_LOG = logging.getLogger("footnote.jobs")

#: Jobs and sources that are built together, at most.
_MOST_JOBS = 50
_MOST_SOURCES = 5000
#: Skipped records that an outcome names; all are counted.
_NAMED = 100
_BUSY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Part:
    """A job with what it brings: the sources of its file, or the id that is to go."""

    job: Job
    sources: Mapping[str, Source]
    skipped: tuple[Skipped, ...]


def work_off(queue: JobQueue, index: Path, keep_seconds: float) -> int:
    """Build until no job waits, and say how many ended; 0 where another process works on them.

    Finished jobs are forgotten after ``keep_seconds``. Raises `IndexStateError` where the disk or the index
    is at fault: the jobs wait again.
    """
    ended = 0
    with queue.working() as alone:
        if not alone:
            return 0
        for job in queue.resume():
            rule = f"its build ended {MOST_ATTEMPTS} times without a word"
            _fail(queue, job, InputError(job.subject, rule, "see the log; send it in parts"))
        while waiting := queue.waiting():
            ended += _built(queue, index, waiting)
        queue.forget(keep_seconds)
    return ended


def _built(queue: JobQueue, index: Path, waiting: Sequence[Job]) -> int:
    """Build the first of the waiting jobs, together with those behind it that may; how many ended."""
    parts, unreadable = _together(queue, waiting)
    for job, error in unreadable:
        _fail(queue, job, error)
    if not parts:
        return len(unreadable)
    jobs = [part.job for part in parts]
    queue.start(jobs)
    try:
        outcomes = _outcomes(index, parts)
    except IndexBusyError:
        queue.put_back(jobs)
        time.sleep(_BUSY_SECONDS)
        return len(unreadable)
    except IndexStateError:
        queue.put_back(jobs)
        raise
    except Exception as error:  # noqa: BLE001 - the edge: whatever a build raises is the end of its jobs
        return len(unreadable) + _refused(queue, index, jobs, error)
    for part, outcome in zip(parts, outcomes, strict=True):
        queue.finish(part.job, "done", outcome)
        _LOG.info("job %s is done: %s", part.job.job_id, outcome["index_version"])
    return len(unreadable) + len(parts)


def _refused(queue: JobQueue, index: Path, jobs: Sequence[Job], error: Exception) -> int:
    """What a build would not take: several jobs are built one by one, a single one failed."""
    if len(jobs) == 1:
        _fail(queue, jobs[0], error)
        return 1
    ended = 0
    for job in jobs:
        ended += _built(queue, index, [job])
    return ended


def _together(queue: JobQueue, waiting: Sequence[Job]) -> tuple[list[_Part], list[tuple[Job, FootnoteError]]]:
    """The first jobs of the queue that may be one build, read; and those that hold nothing to build."""
    parts: list[_Part] = []
    unreadable: list[tuple[Job, FootnoteError]] = []
    seen: set[str] = set()
    for job in waiting[:_MOST_JOBS]:
        alone = job.attempts > 0
        if parts and (alone or job.kind != parts[0].job.kind):
            break
        part = _Part(job, {}, ()) if job.kind == "delete" else _read(queue, job)
        if job.kind == "put" and not part.sources:
            unreadable.append((job, _nothing_in(part)))
            continue
        if parts and (seen & part.sources.keys() or len(seen) + len(part.sources) > _MOST_SOURCES):
            break
        parts.append(part)
        seen |= part.sources.keys()
        if alone:
            break
    return parts, unreadable


def _read(queue: JobQueue, job: Job) -> _Part:
    """The sources of a job's file, which goes by the name that it was sent under."""
    path = queue.body(job)
    sources: dict[str, Source] = {}
    skipped: list[Skipped] = []
    for found in read_file(path):
        origin = str(found.origin).replace(str(path), job.subject, 1)
        if isinstance(found, Skipped):
            skipped.append(replace(found, origin=origin))
        else:
            sources.setdefault(found.source_id, replace(found, origin=origin))
    return _Part(job, sources, tuple(skipped))


def _nothing_in(part: _Part) -> FootnoteError:
    reason = part.skipped[0].reason if part.skipped else "holds no file"
    return NothingToIndexError(
        part.job.subject, f"nothing in it can be indexed ({reason})", "send a file that Footnote reads"
    )


def _outcomes(index: Path, parts: Sequence[_Part]) -> list[dict[str, Any]]:
    """Build the parts and say of each what became of it."""
    directory = IndexDirectory(index)
    before = Library(directory.open().path / LIBRARY_FILE)
    with closing(before):
        earlier = before.digests()
        going = {part.job.job_id: _ids(before, part) for part in parts}
    report = build(
        index,
        [],
        given=[source for part in parts for source in part.sources.values()],
        remove={source_id for ids in going.values() for source_id in ids},
    )
    with closing(Library(directory.open().path / LIBRARY_FILE)) as after:
        return [_outcome(part, going[part.job.job_id], earlier, after, report) for part in parts]


def _ids(library: Library, part: _Part) -> list[str]:
    """The id of the source that a deletion means, none where it is gone already."""
    if part.job.kind == "put":
        return []
    try:
        return [library.source(part.job.subject).source_id]
    except NotFoundError:
        return []


def _outcome(
    part: _Part, going: Sequence[str], earlier: Mapping[str, str], after: Library, report: BuildReport
) -> dict[str, Any]:
    now = after.digests()
    found = {source_id: _known_as(after, source_id) for source_id in part.sources}
    finals = dict.fromkeys(final for final in found.values() if final is not None)
    joined = {merged.source_id for merged in report.merged}
    lost = [
        Skipped(str(part.sources[own].origin), None, f"{own} stands for another work in the library")
        for own, final in found.items()
        if final is None
    ]
    skipped = [*part.skipped, *lost]
    return {
        "index_version": report.index_version,
        "added": [final for final in finals if final not in earlier],
        "changed": [final for final in finals if final in earlier and earlier[final] != now[final]],
        "unchanged": [final for final in finals if earlier.get(final) == now[final]],
        "merged": [final for final in finals if final in joined],
        "removed": [source_id for source_id in going if source_id not in now],
        "skipped": _places(skipped[:_NAMED]),
        "skipped_count": len(skipped),
    }


def _known_as(library: Library, source_id: str) -> str | None:
    try:
        return library.source(source_id).source_id
    except NotFoundError:
        return None


def _places(skipped: Iterable[Skipped]) -> list[dict[str, str]]:
    return [
        {"place": ", ".join(filter(None, (one.origin, one.position))), "reason": one.reason}
        for one in skipped
    ]


def _fail(queue: JobQueue, job: Job, error: Exception) -> None:
    """End a job that cannot be done: its caller is told what concerns the file, the log the rest."""
    if isinstance(error, (NothingToIndexError, NotFoundError)) or type(error) is InputError:
        told = {"detail": str(error)}
        _LOG.warning("job %s failed: %s", job.job_id, error)
    elif isinstance(error, ModelError):
        told = {"detail": f"{job.subject}: the model {error.rule}"}
        _LOG.error("job %s failed: %s", job.job_id, error)
    else:
        told = {"detail": f"{job.subject}: could not be built; the log has the details"}
        _LOG.error("job %s failed", job.job_id, exc_info=error)
    queue.finish(job, "failed", told)
