"""Several processes give what one gives, in the same order."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import ParameterError
from corpus.reading import read_paths
from corpus.records import Skipped, Source
from indexer import working
from indexer.encoder import TOKENIZER_FILE
from indexer.generation import ENCODER_FOLDER
from indexer.working import Splitting, prepared_in_order, read_in_processes
from tests.conftest import REPOSITORY, STARTER
from tests.indexer.small_index import SmallIndex


@pytest.fixture(scope="module")
def splitting(base_index: SmallIndex) -> Splitting:
    return Splitting(base_index.live().path / ENCODER_FOLDER / TOKENIZER_FILE, 256)


@pytest.fixture(scope="module")
def starter() -> list[Source | Skipped]:
    return list(read_paths([STARTER]))


def test_two_processes_split_as_one_does(
    splitting: Splitting, starter: list[Source | Skipped], monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [found for found in starter if isinstance(found, Source)]
    monkeypatch.setattr(working, "ALONE", 5)
    monkeypatch.setattr(working, "_SOURCES_AT_ONCE", 7)
    alone = list(prepared_in_order(sources, splitting, 1))
    assert list(prepared_in_order(sources, splitting, 2)) == alone
    assert [source for source, _ in alone] == sources
    assert sum(len(found.passages) for _, found in alone) > len(sources)


def test_two_processes_read_as_one_does_and_leave_nothing_behind(
    starter: list[Source | Skipped], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text('[{"id": "x"}, 7')
    paths = [STARTER, tmp_path / "bad.json"]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(working, "_BYTES_AT_ONCE", 20_000)
    found = list(read_in_processes(paths, 2, scratch))
    assert found[:-1] == starter
    assert isinstance(found[-1], Skipped)
    assert list(scratch.iterdir()) == []


def test_few_sources_start_no_process(
    splitting: Splitting, starter: list[Source | Skipped], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "ProcessPoolExecutor", None)
    sources = [found for found in starter if isinstance(found, Source)]
    assert len(list(prepared_in_order(sources, splitting, 4))) == len(sources)


def test_a_process_that_is_killed_is_reported(
    splitting: Splitting, starter: list[Source | Skipped], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "ALONE", 0)
    sources = [found for found in starter if isinstance(found, Source)]
    monkeypatch.setattr(working, "_prepare", _killed)
    with pytest.raises(ParameterError, match="jobs=2: one of the processes was killed"):
        list(prepared_in_order(sources, splitting, 2))


def _killed(_: object) -> list[object]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


#: Starts a process, prints its id and kills itself.
DRIVER = """
import os, signal
from indexer import working

def pids(batch):
    return [os.getpid() for _ in batch]

if __name__ == "__main__":
    for pid in working._in_processes(pids, ([n] for n in range(9)), 1):
        print(pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    """Killed, it cannot tell them; they watch for its end."""
    script = tmp_path / "driver.py"
    script.write_text(DRIVER)
    output = tmp_path / "pid"
    with output.open("w") as file:
        found = {"PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, str(script)]
        done = subprocess.run(command, stdout=file, check=False, env=os.environ | found)
    assert done.returncode == -9
    pid = int(output.read_text())
    until = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
