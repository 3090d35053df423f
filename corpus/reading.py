"""From a path to sources: find the files, decode them, pick the reader by content, read.

A file that no reader claims, that cannot be decoded or that holds a broken record is reported as
`Skipped` with its reason; the good records around it are kept.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, cast

from corpus.errors import NothingToIndexError
from corpus.readers import csl_json, markdown, scraped_article
from corpus.records import Skipped, Source

#: Files that belong to a library but hold no sources.
LIBRARY_FILES = frozenset({"README.md", "SOURCES.md", "LICENSE", "questions.jsonl", "synonyms.txt"})
#: A single file larger than this is refused, in bytes.
MAX_FILE_BYTES = 200 * 1024 * 1024


class Reader(Protocol):
    """What every module in `corpus.readers` offers."""

    NAME: str

    def claims(self, text: str, name: str) -> bool:
        """Whether a decoded file is of this format."""
        ...

    def read(self, text: str, origin: str) -> Iterator[Source | Skipped]:
        """The sources of the file and what was left out."""
        ...


#: In order of how sure their claim is.
READERS: tuple[Reader, ...] = tuple(cast(Reader, module) for module in (csl_json, markdown, scraped_article))


def read_paths(paths: Iterable[Path]) -> Iterator[Source | Skipped]:
    """Every source under the paths, files in order of name, so that a re-run reads alike.

    Raises `NothingToIndexError` where a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise NothingToIndexError(str(path), "no such file or folder", "check the path")
        for file in _files(path):
            yield from read_file(file)


def read_file(path: Path) -> Iterator[Source | Skipped]:
    """Every source of one file; never raises for what the file holds."""
    origin = str(path)
    text = _decoded(path)
    if isinstance(text, Skipped):
        yield text
        return
    for reader in READERS:
        if reader.claims(text, path.name):
            yield from reader.read(text, origin)
            return
    known = ", ".join(reader.NAME for reader in READERS)
    yield Skipped(origin, None, f"no reader knows this file; Footnote reads {known}")


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file()
        and file.name not in LIBRARY_FILES
        and not any(part.startswith((".", "__")) for part in file.relative_to(path).parts)
    )


def _decoded(path: Path) -> str | Skipped:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // (1024 * 1024)
            return Skipped(str(path), None, f"larger than {limit} MB; split the file")
        data = path.read_bytes()
    except OSError as error:
        return Skipped(str(path), None, f"cannot be read ({error.strerror}); check its permissions")
    if not data.strip():
        return Skipped(str(path), None, "the file is empty")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Skipped(str(path), f"byte {error.start}", "not UTF-8 text; convert it to UTF-8")
