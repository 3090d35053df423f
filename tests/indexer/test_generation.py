"""Publishing, verifying and rolling back generations; the one writer. The files' content plays no part."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    IndexMissingError,
    NoEarlierGenerationError,
    StorageError,
)
from indexer.generation import Generation, IndexDirectory
from indexer.manifest import FORMAT_VERSION, MANIFEST
from tests.indexer.small_index import SmallIndex

FILES = {"library.sqlite": b"sources", "lexical/meta.json": b"{}", "encoder/model.bin": b"\x00\x01" * 50}


def publish(directory: IndexDirectory, note: str = "") -> Generation:
    """Publish a generation of small files, with a note in one of them."""
    with directory.writing(), directory.building() as folder:
        for name, content in {**FILES, "note": note.encode()}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        return directory.publish(folder, "f" * 64, {"model": "none"}, {"passages": 0})


def names(directory: IndexDirectory) -> list[str]:
    return sorted(path.name for path in (directory.path / "generations").iterdir())


@pytest.fixture
def directory(tmp_path: Path) -> IndexDirectory:
    """An index with the generations 000001 and 000002, the second live."""
    index = IndexDirectory(tmp_path / "index")
    publish(index, "first")
    publish(index, "second")
    return index


def edit_manifest(directory: IndexDirectory, **changes: object) -> None:
    path = directory.open().path / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_published_generation_is_live_sound_and_as_it_was_built(directory: IndexDirectory) -> None:
    live = directory.open()
    assert live.manifest.name == directory.current_name() == "000002"
    assert live.manifest.parent == "000001"
    assert (live.manifest.fingerprint, live.manifest.parameters) == ("f" * 64, {"model": "none"})
    assert {name: (live.path / name).read_bytes() for name in FILES} == FILES
    assert set(live.manifest.files) == {*FILES, "note"}
    assert directory.verify() == []


def test_what_publish_returns_is_what_open_reads(directory: IndexDirectory) -> None:
    assert publish(directory, "third") == directory.open()


def test_nothing_is_left_behind_by_publishing(directory: IndexDirectory) -> None:
    assert sorted(path.name for path in directory.path.iterdir()) == ["CURRENT", "LOCK", "generations"]
    assert names(directory) == ["000001", "000002"]


def test_only_the_live_generation_and_the_one_before_it_are_kept(directory: IndexDirectory) -> None:
    for note in ("third", "fourth"):
        publish(directory, note)
    assert names(directory) == ["000003", "000004"]
    assert directory.open().manifest.parent == "000003"


def test_a_reader_keeps_the_generation_it_holds_while_the_next_is_published(
    directory: IndexDirectory,
) -> None:
    held = directory.open()
    publish(directory, "third")
    assert (held.path / "note").read_bytes() == b"second"
    assert directory.open().manifest.name == "000003"


def test_current_is_replaced_and_never_rewritten(directory: IndexDirectory) -> None:
    """Whoever reads it meanwhile reads a whole name, and a crash leaves one."""
    with (directory.path / "CURRENT").open() as held:
        publish(directory, "third")
        directory.rollback()
        publish(directory, "fourth")
        assert held.read() == "000002\n"


def test_the_version_of_an_index_changes_with_the_content_of_any_file(tmp_path: Path) -> None:
    versions = {
        publish(IndexDirectory(tmp_path / name), note).manifest.index_version
        for name, note in (("a", "one"), ("b", "one"), ("c", "two"))
    }
    assert len(versions) == 2
    assert all(version.startswith("000001-") and len(version) == 11 for version in versions)


def test_a_build_that_fails_leaves_the_live_generation_and_no_files(directory: IndexDirectory) -> None:
    def fail() -> None:
        with directory.writing(), directory.building() as folder:
            (folder / "half").write_text("x")
            raise KeyError("broken on the way")

    with pytest.raises(KeyError, match="broken on the way"):
        fail()
    assert names(directory) == ["000001", "000002"]
    assert directory.verify() == []


def test_what_a_killed_build_left_is_not_part_of_the_next(directory: IndexDirectory) -> None:
    stray = directory.path / "generations" / ".building" / "lexical"
    stray.mkdir(parents=True)
    (stray / "stray").write_text("x")
    (directory.path / "CURRENT.new").write_text("0000")
    assert "lexical/stray" not in publish(directory, "third").manifest.files
    assert directory.verify() == []
    assert names(directory) == ["000002", "000003"]


def test_a_generation_that_was_never_made_live_is_passed_over_and_forgotten(
    directory: IndexDirectory,
) -> None:
    """A crash between the two renames leaves one."""
    shutil.copytree(directory.open().path, directory.path / "generations" / "000003")
    assert directory.open().manifest.name == "000002"
    assert publish(directory, "fourth").manifest.parent == "000002"
    assert names(directory) == ["000002", "000004"]


def test_rolling_back_makes_the_generation_before_live(directory: IndexDirectory) -> None:
    assert directory.rollback().manifest.name == "000001"
    assert (directory.open().path / "note").read_bytes() == b"first"
    assert directory.verify() == []


def test_rolling_back_mends_a_damaged_live_generation(directory: IndexDirectory) -> None:
    (directory.open().path / "note").unlink()
    assert directory.rollback().manifest.name == "000001"
    assert directory.verify() == []


def test_there_is_nothing_to_roll_back_to_twice(directory: IndexDirectory) -> None:
    publish(directory, "third")
    directory.rollback()
    with pytest.raises(NoEarlierGenerationError, match="000002"):
        directory.rollback()
    assert directory.open().manifest.name == "000002"


def test_a_first_generation_cannot_be_rolled_back(tmp_path: Path) -> None:
    index = IndexDirectory(tmp_path / "index")
    publish(index)
    with pytest.raises(NoEarlierGenerationError):
        index.rollback()
    assert index.verify() == []


def test_a_name_once_given_is_not_given_again_after_rolling_back(directory: IndexDirectory) -> None:
    """Readers tell generations apart by name."""
    directory.rollback()
    third = publish(directory, "third")
    assert (third.manifest.name, third.manifest.parent) == ("000003", "000001")
    assert names(directory) == ["000001", "000003"]


def test_verify_names_a_file_whose_content_changed(directory: IndexDirectory) -> None:
    (directory.open().path / "note").write_bytes(b"sacond")
    assert directory.verify() == ["note: its content changed since it was published"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_changed_byte_escapes_verify(directory: IndexDirectory, data: st.DataObject) -> None:
    live = directory.open()
    name = data.draw(st.sampled_from(sorted(live.manifest.files)))
    content = (live.path / name).read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    (live.path / name).write_bytes(content[:at] + bytes([other]) + content[at + 1 :])
    try:
        assert directory.verify() == [f"{name}: its content changed since it was published"]
    finally:
        (live.path / name).write_bytes(content)


def test_verify_and_open_name_a_cut_file(directory: IndexDirectory) -> None:
    (directory.open().path / "encoder/model.bin").write_bytes(b"\x00\x01")
    assert directory.verify() == ["encoder/model.bin: has 2 bytes, published with 100"]
    with pytest.raises(
        IndexDamagedError, match=r"model\.bin: has 2 bytes, published with 100; run footnote rollback"
    ):
        directory.open()


def test_verify_and_open_name_a_missing_file(directory: IndexDirectory) -> None:
    (directory.open().path / "library.sqlite").unlink()
    assert directory.verify() == ["library.sqlite: the file is missing"]
    with pytest.raises(IndexDamagedError, match=r"library\.sqlite: the file is missing"):
        directory.open()


def test_verify_names_a_file_that_does_not_belong_there(directory: IndexDirectory) -> None:
    (directory.open().path / "lexical" / "extra").write_text("x")
    assert directory.verify() == ["lexical/extra: does not belong there"]


def test_the_locks_that_readers_make_are_no_fault(directory: IndexDirectory) -> None:
    (directory.open().path / "lexical" / ".tantivy-meta.lock").write_text("")
    assert directory.verify() == []


def test_verify_reports_every_fault(directory: IndexDirectory) -> None:
    live = directory.open().path
    (live / "library.sqlite").unlink()
    (live / "note").write_bytes(b"sacond")
    (live / "extra").write_text("x")
    assert len(directory.verify()) == 3


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, 0, None, "1"])
def test_an_index_of_another_format_is_refused_with_both_versions(
    directory: IndexDirectory, version: object
) -> None:
    edit_manifest(directory, format=version)
    for use in (directory.open, directory.verify):
        with pytest.raises(IndexFormatError, match=f"has format {version}.*reads format {FORMAT_VERSION}"):
            use()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}", '{"format": 3}', '"text"', "\udcff"])
def test_a_manifest_that_is_none_is_reported_as_damaged(directory: IndexDirectory, content: str) -> None:
    (directory.open().path / MANIFEST).write_bytes(content.encode("utf-8", "surrogateescape"))
    for use in (directory.open, directory.verify, directory.rollback):
        with pytest.raises(IndexDamagedError, match=r"manifest\.json: not a readable manifest"):
            use()


@pytest.mark.parametrize("files", [[], {"note": 7}, {"note": {"bytes": 6}}, None])
def test_a_manifest_with_a_broken_list_of_files_is_reported_as_damaged(
    directory: IndexDirectory, files: object
) -> None:
    edit_manifest(directory, files=files)
    with pytest.raises(IndexDamagedError, match="not a readable manifest"):
        directory.open()


def test_a_missing_manifest_is_reported_as_damaged(directory: IndexDirectory) -> None:
    (directory.open().path / MANIFEST).unlink()
    with pytest.raises(IndexDamagedError, match=r"manifest\.json: the file is missing"):
        directory.open()


NONSENSE = [
    "",
    "\n",
    "nonsense",
    "1",
    "0000002",
    "-00002",
    "../../etc",
    "a\x00b",
    "9" * 5000,
    "000002\n000001",
]


@pytest.mark.parametrize("content", NONSENSE, ids=lambda content: ascii(content)[:16])
def test_a_current_that_names_nothing_is_reported_as_damaged_by_all(
    directory: IndexDirectory, content: str
) -> None:
    (directory.path / "CURRENT").write_text(content)
    for use in (directory.open, directory.verify, directory.rollback):
        with pytest.raises(IndexDamagedError, match=r"CURRENT=.*does not name a generation"):
            use()


def test_a_current_that_leads_out_of_the_index_is_not_followed(
    directory: IndexDirectory, tmp_path: Path
) -> None:
    outside = IndexDirectory(tmp_path / "outside")
    publish(outside)
    (directory.path / "CURRENT").write_text("../../outside/generations/000001")
    for use in (directory.open, directory.verify):
        with pytest.raises(IndexDamagedError):
            use()


def test_a_current_that_names_a_generation_that_is_gone_is_reported(directory: IndexDirectory) -> None:
    (directory.path / "CURRENT").write_text("000009\n")
    with pytest.raises(IndexDamagedError, match=r"000009.manifest\.json: the file is missing"):
        directory.open()


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_current_that_cannot_be_read_is_reported(directory: IndexDirectory, content: bytes | None) -> None:
    current = directory.path / "CURRENT"
    current.unlink()
    current.mkdir() if content is None else current.write_bytes(content)
    with pytest.raises(IndexDamagedError, match="CURRENT: cannot be read"):
        directory.open()


@pytest.mark.parametrize("made", [True, False])
def test_where_nothing_is_published_every_use_says_so(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "index"
    if made:
        folder.mkdir()
    directory = IndexDirectory(folder)
    assert directory.current_name() is None
    for use in (directory.open, directory.verify, directory.rollback):
        with pytest.raises(IndexMissingError, match=r"no index is published there; run footnote index"):
            use()


@contextmanager
def another_writer(directory: IndexDirectory) -> Iterator[subprocess.Popen[str]]:
    """A second process that holds the writer's lock until it is told to go or killed."""
    program = (
        "import sys; from pathlib import Path; from indexer.generation import IndexDirectory\n"
        "with IndexDirectory(Path(sys.argv[1])).writing(): print('writing', flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", program, str(directory.path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_writer_is_turned_away_and_readers_are_not(directory: IndexDirectory) -> None:
    with another_writer(directory):
        with pytest.raises(IndexBusyError, match=r"another footnote is writing.*wait until it is done"):
            publish(directory, "third")
        with pytest.raises(IndexBusyError):
            directory.rollback()
        assert directory.open().manifest.name == "000002"
        assert directory.verify() == []


def test_the_lock_goes_with_a_killed_writer(directory: IndexDirectory) -> None:
    with another_writer(directory) as process:
        process.kill()
        process.wait()
        assert publish(directory, "third").manifest.name == "000003"


def test_the_lock_is_free_again_after_a_build_and_after_a_failure(directory: IndexDirectory) -> None:
    def fail() -> None:
        with directory.writing():
            raise KeyError("broken")

    with pytest.raises(KeyError):
        fail()
    publish(directory, "third")
    publish(directory, "fourth")


def test_the_command_says_in_one_line_that_another_writes(small: SmallIndex) -> None:
    with another_writer(small.directory):
        done = subprocess.run(
            [sys.executable, "-m", "search_api", "index", str(small.library), "--index", str(small.index)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "another footnote is writing to this index; wait" in done.stderr


@pytest.mark.parametrize(
    "obstacle", ["a file for the index", "a file above it", "a file for its generations"]
)
def test_a_path_that_cannot_hold_an_index_is_a_refusal_of_the_disk(tmp_path: Path, obstacle: str) -> None:
    (tmp_path / "file").write_text("x")
    if obstacle == "a file for its generations":
        (tmp_path / "index").mkdir()
        (tmp_path / "index" / "generations").write_text("x")
    paths = {"a file for the index": "file", "a file above it": "file/index"}
    directory = IndexDirectory(tmp_path / paths.get(obstacle, "index"))
    with pytest.raises(StorageError, match=r"the disk refused a write.*check the path and its permissions"):
        publish(directory)


def test_a_refusal_while_publishing_leaves_the_live_generation(directory: IndexDirectory) -> None:
    (directory.path / "CURRENT.new").mkdir()
    with pytest.raises(StorageError, match="Is a directory"):
        publish(directory, "third")
    assert directory.open().manifest.name == "000002"
    assert directory.verify() == []


def test_a_refusal_while_rolling_back_leaves_the_live_generation(directory: IndexDirectory) -> None:
    (directory.path / "CURRENT.new").mkdir()
    with pytest.raises(StorageError, match="Is a directory"):
        directory.rollback()
    assert directory.open().manifest.name == "000002"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_a_refusal_of_the_disk(directory: IndexDirectory) -> None:
    directory.path.chmod(0o555)
    (directory.path / "generations").chmod(0o555)
    try:
        with pytest.raises(StorageError, match="Permission denied"):
            publish(directory, "third")
    finally:
        directory.path.chmod(0o755)
        (directory.path / "generations").chmod(0o755)
    assert directory.verify() == []


def test_an_error_that_is_not_the_disks_keeps_its_type(directory: IndexDirectory) -> None:
    def fail() -> None:
        with directory.writing(), directory.building():
            raise ValueError("dimension 3 is not 4")

    with pytest.raises(ValueError, match="dimension 3 is not 4"):
        fail()
