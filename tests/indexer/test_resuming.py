"""A build that is killed while it encodes leaves what it finished; the next encodes what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from indexer import journal, vectors
from indexer.build import build
from indexer.models import ModelFiles
from indexer.vectors import VectorIndex
from tests.indexer.small_index import GLA, SmallIndex, write_library, write_study

STUDIES, SLICE, SLICES_BEFORE = 40, 4, 3

#: Runs the command with slices of four texts, and kills its own process at the third slice: before it is
#: written, with half of it written, or once it is.
DRIVER = """
import os, signal, sys
from indexer import encoding, journal

when, slice_, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
encoding.SLICE = slice_
inner, seen = journal.Journal.append, 0

def append(self, digests, vectors):
    global seen
    seen += 1
    if seen == last and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    if seen == last and when == "torn":
        self._file.write(b"FNv1" + bytes(100))
        self._file.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    inner(self, digests, vectors)
    if seen == last and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)

journal.Journal.append = append
from search_api.cli import main
sys.argv = ["footnote", *sys.argv[4:]]
main()
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """The files of the small library, and forty studies whose findings differ."""
    folder = write_library(tmp_path / "files")
    for number in range(STUDIES):
        names = {"DOI": f"10.5555/many.{number}", "PMID": str(5000 + number), "PMCID": f"PMC{7000 + number}"}
        record = GLA | names | {"id": f"many{number}", "title": f"Trial {number} of leg arteries and natto"}
        write_study(folder, record, f"The dose of group {number} changed nothing in {number + 2} adults.")
    return folder


def killed(index: Path, files: Path, model: str, when: str) -> None:
    """Build in another process, which is killed at the third slice."""
    arguments = [when, str(SLICE), str(SLICES_BEFORE), "index", str(files), "--index", str(index)]
    command = [sys.executable, "-c", DRIVER, *arguments, "--model", model, "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -9, done.stderr


@pytest.mark.parametrize(("when", "slices"), [("before", 2), ("torn", 2), ("after", 3)])
def test_the_second_run_encodes_only_what_the_killed_one_had_not_finished(
    tmp_path: Path, many: Path, other_model: ModelFiles, when: str, slices: int
) -> None:
    fresh = SmallIndex(tmp_path / "fresh", many)
    expected = fresh.update(model=other_model.name)
    small = SmallIndex(tmp_path / "index", many)
    killed(small.index, many, other_model.name, when)
    assert small.directory.current_name() is None
    assert len(list((small.index / journal.FOLDER).iterdir())) == 1
    report = small.update(model=other_model.name)
    assert (report.resumed, report.encoded) == (slices * SLICE, expected.encoded - slices * SLICE)
    assert not (small.index / journal.FOLDER).exists()
    assert small.names() == ["000001"]
    assert small.directory.verify() == []
    assert small.passages() == fresh.passages()
    assert same_vectors(small, fresh)


def same_vectors(one: SmallIndex, other: SmallIndex) -> bool:
    """Whether the live generations of two indexes give the same cosines, to half precision."""
    found = []
    for index in (one, other):
        stored = VectorIndex(index.live().path / vectors.FILE)
        found.append(stored.vectors(range(len(stored))))  # type: ignore[arg-type]
    return bool(abs(found[0] - found[1]).max() < 2e-3)


def test_an_update_that_is_killed_goes_on_as_well(small: SmallIndex, many: Path) -> None:
    killed(small.index, many, str(small.live().manifest.parameters["model"]), "after")
    assert small.directory.verify() == []
    report = build(small.index, [many])
    assert (report.resumed, report.encoded) == (SLICES_BEFORE * SLICE, STUDIES - SLICES_BEFORE * SLICE)


def test_the_command_says_what_it_took_from_the_build_that_was_cut_off(
    tmp_path: Path, many: Path, other_model: ModelFiles
) -> None:
    index = tmp_path / "index"
    killed(index, many, other_model.name, "after")
    command = ["index", str(many), "--index", str(index), "--model", other_model.name]
    done = subprocess.run(
        [sys.executable, "-m", "search_api", *command], capture_output=True, text=True, check=True
    )
    assert "(32 encoded, 12 by a build that was cut off)" in done.stdout


def test_a_build_that_publishes_leaves_no_journal(small: SmallIndex) -> None:
    write_study(small.library, GLA, "Another finding.")
    assert small.update().encoded == 1
    assert not (small.index / journal.FOLDER).exists()


def test_progress_names_each_stage_and_ends_each_at_its_number(small: SmallIndex) -> None:
    write_study(small.library, GLA, "Another finding.")
    told: list[tuple[str, int, int]] = []
    small.update(progress=lambda *step: told.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["reading", "splitting", "encoding"]
    last = {stage: (finished, total) for stage, finished, total in told}
    assert last == {"reading": (3, 0), "splitting": (3, 3), "encoding": (1, 1)}
