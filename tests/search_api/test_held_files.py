"""When digests are checked: at once in a small index; in a large one later, where nobody wrote to a file."""

import os
import shutil
from pathlib import Path

import pytest

from corpus.errors import IndexDamagedError
from indexer.generation import LIBRARY_FILE, Generation, IndexDirectory
from search_api import held_files
from search_api.held_files import HeldFiles
from search_api.live import LiveSearcher


def flip(path: Path, keeping_time: bool) -> None:
    """Change one bit; a disk that does so leaves the time of writing as it was."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    if keeping_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture
def index(starter_index: Path, tmp_path: Path) -> Path:
    """An index whose manifest has the inodes and times of its own files, as a build leaves it."""
    shutil.copytree(starter_index, tmp_path / "index")
    directory = IndexDirectory(tmp_path / "index")
    with directory.building() as folder:
        live = directory.open()
        folder.rmdir()
        live.path.rename(folder)
        (folder / "manifest.json").unlink()
        manifest = live.manifest
        directory.publish(folder, manifest.fingerprint, manifest.parameters, manifest.counts)
    return tmp_path / "index"


@pytest.fixture
def large(index: Path, monkeypatch: pytest.MonkeyPatch) -> Generation:
    monkeypatch.setattr(held_files, "READ_AT_ONCE", 1)
    return IndexDirectory(index).open()


def test_a_manifest_knows_when_its_files_were_written(large: Generation) -> None:
    for name in large.manifest.files:
        found = (large.path / name).stat()
        assert large.manifest.written[name] == (found.st_ino, found.st_mtime_ns)


@pytest.mark.parametrize("keeping_time", [False, True])
def test_a_small_index_is_read_through_before_it_is_held(index: Path, keeping_time: bool) -> None:
    generation = IndexDirectory(index).open()
    flip(generation.path / LIBRARY_FILE, keeping_time)
    with pytest.raises(IndexDamagedError, match="content changed"):
        HeldFiles(generation)


def test_a_large_index_with_a_file_that_was_written_to_is_not_held(large: Generation) -> None:
    flip(large.path / LIBRARY_FILE, keeping_time=False)
    with pytest.raises(IndexDamagedError, match="content changed"):
        HeldFiles(large)


def test_what_a_disk_changed_in_a_large_index_is_found_in_the_background(large: Generation) -> None:
    flip(large.path / LIBRARY_FILE, keeping_time=True)
    held = HeldFiles(large)
    held.reading.join(30)
    with pytest.raises(IndexDamagedError, match=r"library.sqlite: its content changed"):
        held.check()
    with pytest.raises(IndexDamagedError):
        HeldFiles(large, trusting=False)


def test_a_sound_large_index_passes_both_checks(large: Generation) -> None:
    held = HeldFiles(large)
    held.reading.join(30)
    held.check()


def test_a_large_index_that_is_removed_while_it_is_read_through_is_still_held(large: Generation) -> None:
    held = HeldFiles(large)
    shutil.rmtree(large.path)
    held.reading.join(30)
    held.check()


def test_a_searcher_of_a_large_index_that_was_found_damaged_is_not_opened_again(large: Generation) -> None:
    flip(large.path / LIBRARY_FILE, keeping_time=True)
    live = LiveSearcher(large.path.parent.parent, watched=True)
    live.get()
    assert live._files is not None
    live._files.reading.join(30)
    live._looked = 0.0
    for _ in range(2):
        with pytest.raises(IndexDamagedError):
            live.get()
