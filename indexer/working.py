"""Several processes for what needs no other source: reading files, and splitting sources into passages.

Results come back in the order of what was given, so that a build with many processes writes what a build with
one writes. The first sources are handled in this process; only what follows is worth starting others for.
"""

import json
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

from corpus.errors import ParameterError
from corpus.reading import files_under, read_file
from corpus.records import Skipped, Source
from indexer.preparing import Prepared, prepared
from indexer.source_records import source_from, source_json
from indexer.token_counting import TokenCounter

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Sources that this process handles before it starts others.
ALONE = 1000
_SOURCES_AT_ONCE = 64
#: Files are given to a process until they have so many bytes together.
_BYTES_AT_ONCE = 8 * 1024 * 1024
#: Batches that are given out beyond those being worked on; each is held in memory.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Splitting:
    """How sources are split: the tokenizer's file, and the tokens that the encoder reads."""

    tokenizer: Path
    max_tokens: int


def prepared_in_order(
    sources: Iterable[Source], splitting: Splitting, jobs: int
) -> Iterator[tuple[Source, Prepared]]:
    """Every linked source with what it gives to the stores, with ``jobs`` processes.

    Raises `ParameterError` where one of them is killed.
    """
    counter = TokenCounter.from_file(splitting.tokenizer)
    remaining = iter(sources)
    for source in islice(remaining, ALONE if jobs > 1 else None):
        yield source, prepared(source, counter.count, splitting.max_tokens)
    held: deque[Source] = deque()

    def records() -> Iterator[str]:
        """The remaining sources as JSON: a pickle of so many small records takes longer."""
        for source in remaining:
            held.append(source)
            yield source_json(source)

    for found in _in_processes(_prepare, _by(_SOURCES_AT_ONCE, records()), jobs, splitting):
        yield held.popleft(), found


def read_in_processes(paths: Sequence[Path], jobs: int, folder: Path) -> Iterator[Source | Skipped]:
    """What `corpus.reading.read_paths` yields, in its order, with ``jobs`` processes.

    What each of them reads it writes into ``folder``, so that no file is held in memory whole.
    """
    batches = list(_batches(files_under(paths)))
    if jobs == 1 or len(batches) < 2:
        for file in (file for files in batches for file in files):
            yield from read_file(file)
        return
    given = ((files, folder / f"read-{number}") for number, files in enumerate(batches))
    for path in _in_processes(_read, ([item] for item in given), jobs):
        with path.open("r", encoding="utf-8", newline="\n") as lines:
            yield from map(_found, lines)
        path.unlink()


def _batches(files: Iterable[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    size = 0
    for file in files:
        batch.append(file)
        size += file.stat().st_size if file.exists() else 0
        if size >= _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read(batch: Sequence[tuple[list[Path], Path]]) -> list[Path]:
    for files, target in batch:
        with target.open("w", encoding="utf-8", newline="\n") as lines:
            for file in files:
                for found in read_file(file):
                    lines.write(_line(found))
    return [target for _, target in batch]


def _line(found: Source | Skipped) -> str:
    if isinstance(found, Source):
        return source_json(found) + "\n"
    return json.dumps([found.origin, found.position, found.reason]) + "\n"


def _found(line: str) -> Source | Skipped:
    return Skipped(*json.loads(line)) if line.startswith("[") else source_from(line)


def _prepare(records: Sequence[str]) -> list[Prepared]:
    counter, max_tokens = _own.splitting()
    return [prepared(source_from(record), counter.count, max_tokens) for record in records]


class _Own:
    """What a process keeps between batches: the tokenizer's counter, made once."""

    def __init__(self) -> None:
        self.given: Splitting | None = None
        self._counter: TokenCounter | None = None

    def splitting(self) -> tuple[TokenCounter, int]:
        """The counter of the tokenizer and the tokens that the encoder reads."""
        if self.given is None:
            raise ValueError("splitting was not said to this process")
        if self._counter is None:
            self._counter = TokenCounter.from_file(self.given.tokenizer)
        return self._counter, self.given.max_tokens


_own = _Own()


def _begin(splitting: Splitting | None) -> None:
    """Begin a process: it ends with the one that started it, and leaves interrupts to that."""
    _own.given = splitting
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _in_processes(
    work: Callable[[Sequence[Item]], Sequence[Result]],
    batches: Iterable[Sequence[Item]],
    jobs: int,
    splitting: Splitting | None = None,
) -> Iterator[Result]:
    """The results of ``work`` over the batches, in order; no process starts where there is no batch."""
    running: deque[Future[Sequence[Result]]] = deque()
    pool: ProcessPoolExecutor | None = None
    try:
        for batch in batches:
            if pool is None:
                context = multiprocessing.get_context("spawn")
                pool = ProcessPoolExecutor(jobs, context, _begin, (splitting,))
            running.append(pool.submit(work, batch))
            if len(running) > jobs + _AHEAD:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()
    except BrokenProcessPool as error:
        raise ParameterError(
            "jobs", str(jobs), "one of the processes was killed, perhaps for want of memory", "give fewer"
        ) from error
    finally:
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def _by(count: int, items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, count)):
        yield batch
