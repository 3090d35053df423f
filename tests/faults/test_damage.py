"""An index that is cut, changed, removed or replaced under a running server: held, or 503."""

import shutil
import subprocess
from pathlib import Path

import pytest

from corpus.errors import StorageError
from indexer.backup import back_up
from indexer.generation import IndexDirectory
from tests.faults.running_server import running, until

_OTHER = "/v1/search?query=natto+and+cheese&limit=1"

pytestmark = pytest.mark.slow


@pytest.fixture
def index(starter_index: Path, tmp_path: Path) -> Path:
    shutil.copytree(starter_index, tmp_path / "index")
    return tmp_path / "index"


def _flip(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_a_file_that_is_changed_in_place_is_answered_with_503_until_it_is_mended(
    index: Path, tmp_path: Path, damage: str
) -> None:
    library = next(index.glob("generations/0*/library.sqlite"))
    sound = library.read_bytes()
    with running(index, tmp_path / "log") as server:
        assert server.get()[0] == 200
        if damage == "flip":
            _flip(library)
        else:
            with library.open("r+b") as file:
                file.truncate(len(sound) // 2)
        until(lambda: server.get(_OTHER)[0] == 503, 10)
        status, document = server.get(_OTHER)
        assert status == 503
        assert str(tmp_path) not in str(document)
        assert server.get("/healthz")[0] == 200
        assert "library.sqlite" in server.log.read_text()
        library.write_bytes(sound)
        until(lambda: server.get(_OTHER)[0] == 200)


def test_files_that_are_removed_or_replaced_are_answered_from_as_they_were(
    index: Path, tmp_path: Path
) -> None:
    generation = next(index.glob("generations/0*"))
    with running(index, tmp_path / "log") as server:
        before = server.get(_OTHER)[1]["results"]
        fresh = tmp_path / "fresh"
        fresh.write_bytes(b"nonsense")
        fresh.rename(generation / "library.sqlite")
        shutil.rmtree(generation / "lexical")
        status, document = server.get(_OTHER.replace("limit=1", "limit=2"))
        assert status == 200
        assert document["results"][:1] == before


def test_a_worker_that_begins_over_a_damaged_index_says_503_and_the_server_stays(
    index: Path, tmp_path: Path
) -> None:
    library = next(index.glob("generations/0*/library.sqlite"))
    sound = library.read_bytes()
    with running(index, tmp_path / "log") as server:
        _flip(library)
        (worker,) = server.workers()
        subprocess.run(["kill", "-9", str(worker)], check=True)
        until(lambda: server.get(_OTHER)[0] == 503)
        assert server.process.poll() is None
        library.write_bytes(sound)
        until(lambda: server.get(_OTHER)[0] == 200)


def test_a_backup_onto_a_full_disk_leaves_nothing_and_says_so(starter_index: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with pytest.raises(StorageError, match="No space left"):
            back_up(IndexDirectory(starter_index), small / "b.tar")
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
