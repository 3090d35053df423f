"""From a path to sources: find the files, open containers, decode, pick the reader by content, read.

A file that no reader claims, that is no text or that holds a broken record is reported as `Skipped` with
its reason; the good records around it are kept. XML goes to its reader as a stream, whatever its length;
everything else is decoded whole.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO, Protocol, cast

from corpus.containers import PEEK_BYTES, Entry, entries
from corpus.decoding import Decoded, Undecodable, decoded
from corpus.errors import NothingToIndexError
from corpus.readers import (
    beir,
    bibtex,
    csl_json,
    csv_exports,
    html,
    jats,
    markdown,
    medline,
    plain_text,
    pubmed_xml,
    ris,
    scraped_article,
)
from corpus.readers.xml_stream import root_of
from corpus.records import Skipped, Source
from corpus.retraction_watch import lists_retractions

#: Files that belong to a library but hold no sources.
LIBRARY_FILES = frozenset({"README.md", "SOURCES.md", "LICENSE", "questions.jsonl", "synonyms.txt"})
#: A single file larger than this is refused, in bytes, unless its reader takes it as a stream.
MAX_FILE_BYTES = 200 * 1024 * 1024
#: How much of a text a reader is shown to decide whether it is its own, in characters.
CLAIM_CHARACTERS = 1 << 16
#: A file up to so many bytes is read whole by `refusal`; of a longer one, or an archive, only beginnings.
_READ_AT_ONCE = 1 << 20
_LOOKED_AT = 20


class Reader(Protocol):
    """What every module in `corpus.readers` offers."""

    NAME: str

    def claims(self, text: str, name: str) -> bool:
        """Whether a file is of this format, told by the beginning of its text."""
        ...

    def read(self, text: str, origin: str) -> Iterator[Source | Skipped]:
        """The sources of the file and what was left out."""
        ...


class StreamReader(Reader, Protocol):
    """What a reader offers besides whose files may be longer than memory."""

    def read_stream(self, stream: BinaryIO, origin: str) -> Iterator[Source | Skipped]:
        """The sources of the stream and what was left out."""
        ...


#: In order of how sure their claim is.
READERS: tuple[Reader, ...] = tuple(
    cast(Reader, module)
    for module in (
        pubmed_xml,
        jats,
        medline,
        ris,
        bibtex,
        beir,
        csl_json,
        csv_exports,
        html,
        markdown,
        scraped_article,
        plain_text,
    )
)


def read_paths(paths: Iterable[Path]) -> Iterator[Source | Skipped]:
    """Every source under the paths, files in order of name, so that a re-run reads alike.

    Raises `NothingToIndexError` where a path does not exist.
    """
    for file in files_under(paths):
        yield from read_file(file)


def files_under(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that `read_paths` reads, in its order; raises `NothingToIndexError` as it does."""
    for path in paths:
        if not path.exists():
            raise NothingToIndexError(str(path), "no such file or folder", "check the path")
        yield from _files(path)


def read_file(path: Path) -> Iterator[Source | Skipped]:
    """Every source of one file or of the files that it contains; never raises for what they hold."""
    try:
        for entry in entries(path):
            if isinstance(entry, Skipped):
                yield entry
            elif entry.inside is None or _holds_sources(entry.inside):
                yield from _read_entry(entry)
    except OSError as error:
        yield Skipped(str(path), None, f"cannot be read ({error.strerror}); check its permissions")


def refusal(path: Path) -> Skipped | None:
    """Why no reader makes a source of a file; None where one does, or may, at little cost.

    A short file is read. Of a long one the beginning is looked at, of an archive those of its first members;
    what they hold is for `read_file` to say.
    """
    seen: list[Skipped] = []
    for entry in islice(entries(path), _LOOKED_AT):
        if isinstance(entry, Skipped):
            seen.append(entry)
        elif entry.inside is None and path.stat().st_size <= _READ_AT_ONCE:
            found = next(_without_skipped(_read_entry(entry), seen), None)
            if found is not None:
                return None
        elif (reason := _not_claimed(entry)) is not None:
            seen.append(reason)
        else:
            return None
    if len(seen) >= _LOOKED_AT:
        return None
    return seen[0] if seen else Skipped(str(path), None, "holds no file")


def _without_skipped(found: Iterator[Source | Skipped], skipped: list[Skipped]) -> Iterator[Source]:
    for thing in found:
        if isinstance(thing, Source):
            yield thing
        else:
            skipped.append(thing)


def _not_claimed(entry: Entry) -> Skipped | None:
    """Why no reader claims an entry, told by its beginning."""
    beginning = entry.peek()
    cut = len(beginning) == PEEK_BYTES
    if not beginning.strip() and not cut:
        return Skipped(entry.origin, None, "the file is empty")
    head = decoded(beginning, head=cut)
    if isinstance(head, Undecodable):
        return Skipped(entry.origin, None, _told(head.reason))
    if _reader_of(head.text, entry.name) is None:
        return Skipped(entry.origin, None, _stranger(head.text))
    return None


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(f for f in path.rglob("*") if f.is_file() and _holds_sources(f.relative_to(path)))


def _holds_sources(relative: PurePath) -> bool:
    hidden = any(part.startswith((".", "__")) for part in relative.parts)
    return relative.name not in LIBRARY_FILES and not hidden


def _read_entry(entry: Entry) -> Iterator[Source | Skipped]:
    beginning = entry.peek()
    cut = len(beginning) == PEEK_BYTES
    if not beginning.strip() and not cut:
        yield Skipped(entry.origin, None, "the file is empty")
        return
    head = decoded(beginning, head=cut)
    if isinstance(head, Undecodable):
        yield Skipped(entry.origin, None, _told(head.reason))
        return
    reader = _reader_of(head.text, entry.name)
    if reader is not None and hasattr(reader, "read_stream") and _is_as_declared(head):
        found = cast(StreamReader, reader).read_stream(entry.stream, entry.origin)
        yield from _named(found, reader)
    else:
        yield from _read_whole(entry, reader)


def _is_as_declared(head: Decoded) -> bool:
    """Whether an XML parser can be left to decode the bytes: it believes the declaration or UTF-8."""
    return (head.encoding == "utf-8" and not head.assumed) or head.how == "declared"


def _read_whole(entry: Entry, reader: Reader | None) -> Iterator[Source | Skipped]:
    data = entry.stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // (1024 * 1024)
        yield Skipped(entry.origin, None, f"larger than {limit} MB; split the file")
        return
    whole = decoded(data)
    if isinstance(whole, Undecodable):
        yield Skipped(entry.origin, None, _told(whole.reason))
    elif reader is None:
        yield Skipped(entry.origin, None, _stranger(whole.text))
    else:
        yield from _named(reader.read(whole.text, entry.origin), reader)


def _reader_of(text: str, name: str) -> Reader | None:
    head = text[:CLAIM_CHARACTERS]
    return next((reader for reader in READERS if reader.claims(head, name)), None)


def _named(found: Iterator[Source | Skipped], reader: Reader) -> Iterator[Source | Skipped]:
    """What a reader found, each source with the reader's name where it says nothing else."""
    for thing in found:
        yield (
            replace(thing, format=reader.NAME)
            if isinstance(thing, Source) and thing.format is None
            else thing
        )


def _stranger(text: str) -> str:
    if lists_retractions(text):
        return "a list of notices and not of records; give it to `footnote index --retractions`"
    root = root_of(text)
    return _told(f"XML of a kind that no reader knows (<{root}>)" if root else "no reader knows this file")


def _told(reason: str) -> str:
    return f"{reason}; Footnote reads {', '.join(reader.NAME for reader in READERS)}"
