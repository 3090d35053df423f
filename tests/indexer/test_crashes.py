"""A build killed at any moment leaves an index that verifies and answers."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.encoder import OpenVinoEncoder
from search_api.queries import query_from
from search_api.search import Searcher
from tests.indexer.small_index import GLA, GLA_FINDING, GLA_ID, SmallIndex, write_study

QUESTION = "What did MK-7 do to dp-ucMGP in run 0?"
KILLS = 20


@pytest.fixture
def real(base_index: SmallIndex, tmp_path: Path) -> SmallIndex:
    """A copy of the small index made with the default model."""
    return base_index.copy_to(tmp_path)


def finding(run: int) -> str:
    return f"MK-7 lowered dp-ucMGP in run {run}."


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "search_api", *map(str, arguments)]


def killed_after(seconds: float, arguments: list[str]) -> tuple[bool, float]:
    """Run a command and kill it after so long: whether that was needed, and how long it ran."""
    began = time.perf_counter()
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.wait(timeout=seconds) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait() == -9, time.perf_counter() - began
    return False, time.perf_counter() - began


def verified(index: Path) -> int:
    """The exit code of ``footnote verify``."""
    return subprocess.run(command("verify", "--index", index), capture_output=True, check=False).returncode


def answered(small: SmallIndex, encoder: OpenVinoEncoder) -> str:
    """What the live generation quotes from the study that every run changes."""
    searcher = Searcher.open(small.live(), encoder)
    try:
        hits = searcher.search(query_from({"query": QUESTION, "max_per_source": 1})).hits
        return next(hit.passage.text for hit in hits if hit.source.source_id == GLA_ID)
    finally:
        searcher.close()


@pytest.mark.slow
def test_a_build_killed_at_any_of_twenty_moments_leaves_a_sound_index(
    real: SmallIndex, encoder: OpenVinoEncoder
) -> None:
    """After each kill the index holds the text of before or of after, nothing between."""
    index = command("index", real.library, "--index", real.index)
    write_study(real.library, GLA, finding(0))
    _, duration = killed_after(60, index)
    moments = random.Random(20261122)
    live, killed = finding(0), 0
    for run in range(1, KILLS + 1):
        write_study(real.library, GLA, finding(run))
        was_killed, seconds = killed_after(moments.uniform(0, duration), index)
        killed += was_killed
        # The machine may have become less busy: aim within what a build takes now.
        duration = duration if was_killed else seconds
        assert verified(real.index) == 0
        now = answered(real, encoder)
        assert now in (live, finding(run))
        live = now
    assert killed >= KILLS // 4
    write_study(real.library, GLA, "The last finding of all.")
    assert real.update().published
    assert real.directory.verify() == []
    assert len(real.names()) == 2
    assert answered(real, encoder) == "The last finding of all."


#: Runs the command and kills its own process just before or after one step of publishing.
DRIVER = """
import os, pathlib, shutil, signal, sys
from indexer import generation, lexical, library_writing, vectors

when, step = sys.argv[1:3]
OWNERS = {
    "LibraryWriter.close": library_writing.LibraryWriter,
    "LexicalWriter.close": lexical.LexicalWriter,
    "vectors.write": vectors,
    "generation.write_manifest": generation,
    "generation.sync_tree": generation,
    "Path.rename": pathlib.Path,
    "IndexDirectory._make_current": generation.IndexDirectory,
    "IndexDirectory._rewrite": generation.IndexDirectory,
    "shutil.rmtree": shutil,
}
owner, name = OWNERS[step], step.split(".")[1]
inner = getattr(owner, name)

def killed(*arguments, **options):
    if step == "shutil.rmtree" and not str(arguments[0]).endswith("000001"):
        return inner(*arguments, **options)
    if when == "after":
        inner(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, name, killed)
from search_api.cli import main
sys.argv = ["footnote", *sys.argv[3:]]
main()
"""
BEFORE_IT_IS_LIVE = [
    ("before", "LibraryWriter.close"),
    ("after", "LexicalWriter.close"),
    ("after", "vectors.write"),
    ("after", "generation.write_manifest"),
    ("after", "generation.sync_tree"),
    ("after", "Path.rename"),
    ("before", "IndexDirectory._make_current"),
]
ONCE_IT_IS_LIVE = [("after", "IndexDirectory._make_current"), ("before", "shutil.rmtree")]


@pytest.mark.parametrize(("when", "step"), BEFORE_IT_IS_LIVE + ONCE_IT_IS_LIVE)
def test_a_build_killed_between_any_two_steps_leaves_a_sound_index(
    small: SmallIndex, when: str, step: str
) -> None:
    """The windows that a random moment hardly ever hits; the light index, for its builds are short."""
    write_study(small.library, GLA, finding(0))
    small.update()
    write_study(small.library, GLA, finding(1))
    arguments = [when, step, "index", str(small.library), "--index", str(small.index)]
    done = subprocess.run([sys.executable, "-c", DRIVER, *arguments], capture_output=True, check=False)
    assert done.returncode == -9
    assert small.directory.verify() == []
    live = (when, step) in ONCE_IT_IS_LIVE
    texts = {passage.text for passage in small.passages()}
    assert finding(1 if live else 0) in texts
    assert GLA_FINDING not in texts
    assert small.update().published != live
    assert finding(1) in {passage.text for passage in small.passages()}
    assert small.directory.verify() == []
    write_study(small.library, GLA, finding(2))
    small.update()
    assert len(small.names()) == 2
    small.directory.rollback()
    assert small.directory.verify() == []


def test_a_first_build_that_is_killed_leaves_nothing_live_and_the_next_succeeds(
    tmp_path: Path, small: SmallIndex
) -> None:
    fresh = SmallIndex(tmp_path / "fresh", small.library)
    stray = fresh.index / "generations" / ".building"
    stray.mkdir(parents=True)
    (stray / "library.sqlite").write_text("half")
    assert fresh.directory.current_name() is None
    fresh.update(model=str(small.live().manifest.parameters["model"]))
    assert fresh.names() == ["000001"]
    assert fresh.directory.verify() == []
