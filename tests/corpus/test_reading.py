"""From paths to sources: which files are read, by which reader, and what is said of the rest."""

import os
from pathlib import Path

import pytest

from corpus import reading
from corpus.errors import NothingToIndexError
from corpus.reading import LIBRARY_FILES, read_file, read_paths
from corpus.records import Skipped, Source

ARTICLE = "---\ntitle: {}\n---\nText.\n"
STUDY = '{"id": "a", "title": "A study"}'
SCRAPED = "A scraped page\n\nSummary\n\nIt is so.\n\nReferences\n\n1. One. 2004.\n"


def one(path: Path) -> Source | Skipped:
    (found,) = read_file(path)
    return found


def reason(path: Path) -> str:
    found = one(path)
    assert isinstance(found, Skipped)
    assert found.origin == str(path)
    return found.reason


def titles(*paths: Path) -> list[str]:
    return [
        found.title if isinstance(found, Source) else f"skipped {found.origin}" for found in read_paths(paths)
    ]


@pytest.mark.parametrize(
    ("name", "text", "source_id"),
    [
        ("a.md", ARTICLE.format("Natto"), "article:natto"),
        ("a.txt", ARTICLE.format("Natto"), "article:natto"),
        ("noname", ARTICLE.format("Natto"), "article:natto"),
        ("a.json", STUDY, "study:a"),
        ("a.csl", f"\n[{STUDY}]", "study:a"),
        ("a.txt", SCRAPED, "article:a-scraped-page"),
        ("page.html.txt", SCRAPED, "article:a-scraped-page"),
    ],
)
def test_the_reader_is_picked_by_what_a_file_holds(
    tmp_path: Path, name: str, text: str, source_id: str
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    found = one(path)
    assert isinstance(found, Source)
    assert (found.source_id, found.origin) == (source_id, str(path))


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    for name, text in (("a.md", ARTICLE.format("Natto")), ("a.json", STUDY)):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert isinstance(one(tmp_path / name), Source)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n "])
def test_an_empty_file_is_skipped(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.md").write_bytes(data)
    assert reason(tmp_path / "a.md") == "the file is empty"


def test_a_file_that_is_not_utf_8_is_skipped_with_the_place_of_the_first_bad_byte(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"---\ntitle: Gr\xfcn\n---\n")
    found = one(tmp_path / "a.md")
    assert found == Skipped(str(tmp_path / "a.md"), "byte 13", "not UTF-8 text; convert it to UTF-8")
    (tmp_path / "b.md").write_text(ARTICLE.format("Natto"), "utf-16")
    assert "not UTF-8" in reason(tmp_path / "b.md")


def test_a_file_of_no_known_format_is_skipped_with_the_formats_that_are_known(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_text("%PDF-1.7 and so on", "utf-8")
    told = reason(tmp_path / "a.bin")
    assert told.startswith("no reader knows this file; Footnote reads ")
    assert all(reader.NAME in told for reader in reading.READERS)


def test_a_file_that_may_not_be_read_is_skipped(tmp_path: Path) -> None:
    """Root may read anything but what the kernel itself refuses: its own memory at address zero."""
    path = tmp_path / "a.md"
    path.write_text(ARTICLE.format("Natto"), "utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        path = Path("/proc/self/mem")
        if not path.is_file():
            pytest.skip("runs as root on a system without /proc: every file can be read")
    assert reason(path).startswith("cannot be read (")


def test_a_file_that_is_too_large_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 1024 * 1024)
    for size, skipped in ((1024 * 1024, False), (1024 * 1024 + 1, True)):
        (tmp_path / "a.md").write_bytes(ARTICLE.format("Natto").encode().ljust(size, b"x"))
        assert isinstance(one(tmp_path / "a.md"), Skipped) is skipped
    assert reason(tmp_path / "a.md") == "larger than 1 MB; split the file"


def test_good_files_are_kept_around_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "1.md").write_text(ARTICLE.format("First"), "utf-8")
    (tmp_path / "2.md").write_text("---\ntitle: a: b\n---\n", "utf-8")
    (tmp_path / "3.json").write_text(
        f'[{STUDY}, {{"title": "Bad", "DOI": "x"}}, {{"title": "Good"}}]', "utf-8"
    )
    (tmp_path / "4.bin").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "5.md").write_text(ARTICLE.format("Last"), "utf-8")
    bad = [f"skipped {tmp_path / name}" for name in ("2.md", "3.json", "4.bin")]
    assert titles(tmp_path) == ["First", bad[0], "A study", bad[1], "Good", bad[2], "Last"]


def test_a_folder_is_read_in_order_of_name_down_to_its_last_folder(tmp_path: Path) -> None:
    for name in ("b/2.md", "b/1.md", "a.md", "b/c/3.md", "c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(ARTICLE.format(name), "utf-8")
    assert titles(tmp_path) == ["a.md", "b/1.md", "b/2.md", "b/c/3.md", "c.md"]
    assert titles(tmp_path / "c.md", tmp_path / "b") == ["c.md", "b/1.md", "b/2.md", "b/c/3.md"]


def test_hidden_files_and_the_papers_of_a_library_are_not_read(tmp_path: Path) -> None:
    for name in (".git/a.md", "__pycache__/a.md", ".hidden.md", *LIBRARY_FILES, "sub/LICENSE", "kept.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ARTICLE.format(name), "utf-8")
    assert titles(tmp_path) == ["kept.md"]


def test_a_hidden_folder_that_is_named_is_read(tmp_path: Path) -> None:
    (tmp_path / ".library").mkdir()
    (tmp_path / ".library" / "a.md").write_text(ARTICLE.format("Natto"), "utf-8")
    assert titles(tmp_path / ".library") == ["Natto"]


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(NothingToIndexError, match=r"absent: no such file or folder; check the path"):
        list(read_paths([tmp_path / "absent"]))


def test_what_was_skipped_reads_as_place_and_reason() -> None:
    assert str(Skipped("a.md", "line 2", "no title")) == "a.md, line 2: no title"
    assert str(Skipped("a.md", None, "the file is empty")) == "a.md: the file is empty"
