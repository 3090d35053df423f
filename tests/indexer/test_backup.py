"""A backup is whole or not there, and what is restored is what was backed up."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import BackupError, FootnoteError, IndexDamagedError
from indexer.backup import back_up, restore
from indexer.generation import IndexDirectory
from search_api.queries import query_from
from search_api.search import Searcher


@pytest.fixture(scope="module")
def backup(starter_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "index.tar"
    back_up(IndexDirectory(starter_index), file)
    return file


def test_what_is_restored_verifies_and_answers_as_before(
    backup: Path, starter_index: Path, tmp_path: Path
) -> None:
    restored = IndexDirectory(tmp_path / "index")
    generation = restore(backup, restored)
    assert restored.verify() == []
    assert generation.manifest == IndexDirectory(starter_index).open().manifest
    using = Searcher.open(generation)
    assert using.search(query_from({"query": "Rotterdam Study menaquinone", "limit": 1})).hits
    using.close()


def test_two_backups_of_a_generation_are_the_same_bytes(
    backup: Path, starter_index: Path, tmp_path: Path
) -> None:
    back_up(IndexDirectory(starter_index), tmp_path / "again.tar")
    assert (tmp_path / "again.tar").read_bytes() == backup.read_bytes()


def test_nothing_is_overwritten(backup: Path, starter_index: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="exists already"):
        back_up(IndexDirectory(starter_index), backup)
    with pytest.raises(BackupError, match="holds an index already"):
        restore(backup, IndexDirectory(starter_index))


def test_a_damaged_index_is_not_backed_up(starter_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(starter_index, index)
    library = next(index.glob("generations/0*/library.sqlite"))
    content = bytearray(library.read_bytes())
    content[5000] ^= 1
    library.write_bytes(content)
    with pytest.raises(IndexDamagedError, match="footnote verify"):
        back_up(IndexDirectory(index), tmp_path / "b.tar")
    assert [p.name for p in tmp_path.iterdir()] == ["index"]
    assert not list(index.glob("generations/.*"))


def _changed(source: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            if (kept := change(member.name, file.read())) is not None:
                info = tarfile.TarInfo(kept[0])
                info.size = len(kept[1])
                new.addfile(info, io.BytesIO(kept[1]))
    return target


def _escaping(name: str, content: bytes) -> tuple[str, bytes]:
    if name != "manifest.json":
        return (name, content)
    document = json.loads(content)
    document["files"]["../../escaped"] = {"bytes": 1, "sha256": "0" * 64}
    return (name, json.dumps(document).encode())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda n, c: (n, c[:-1] + b"x") if n == "library.sqlite" else (n, c), "differs from its digest"),
        (lambda n, c: None if n == "library.sqlite" else (n, c), "lacks library.sqlite"),
        (lambda n, c: ("../escaped", c) if n == "library.sqlite" else (n, c), "does not belong"),
        (lambda n, c: None if n == "manifest.json" else (n, c), "does not belong"),
        (lambda n, c: (n, b"{}") if n == "manifest.json" else (n, c), "no readable backup|take another"),
        (_escaping, "names what no index holds"),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_leaves_nothing(
    backup: Path, tmp_path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None], words: str
) -> None:
    changed = _changed(backup, tmp_path / "changed.tar", change)
    with pytest.raises(BackupError, match=words):
        restore(changed, IndexDirectory(tmp_path / "index"))
    assert not (tmp_path / "index" / "CURRENT").exists()
    assert not list((tmp_path / "index" / "generations").iterdir())
    assert not list(tmp_path.rglob("escaped"))


def test_a_cut_backup_and_a_file_that_is_none_are_refused(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.tar").write_bytes(backup.read_bytes()[:1_000_000])
    (tmp_path / "text.tar").write_text("no backup")
    for name in ("cut.tar", "text.tar", "missing.tar"):
        with pytest.raises(FootnoteError):
            restore(tmp_path / name, IndexDirectory(tmp_path / "index"))
    assert not (tmp_path / "index" / "CURRENT").exists()
