"""A path -> the files in it: itself, or what a .gz, .zip, .tar or .tar.gz holds, told by content.

An *entry* is one file as a stream of bytes; its origin names the way to it (``set.zip!folder/a.nbib``).
A container inside a container is opened once more, no deeper. Nothing is written under a member's name
and nothing is held whole in memory; a zip inside another container goes to a temporary file.

What a container could do harm with is refused with a `Skipped`, and the other members are kept: links,
devices, absolute names and names with ``..``, encrypted members. What would not end is refused as a
whole: more than `Limits` allow of bytes, of members or of expansion (a zip bomb; the limits are on what
comes out, so overlapping members do not help it, https://www.bamsoftware.com/hacks/zipbomb/).

A stream never raises for what the container holds: where that is damaged or a limit is met it ends, so
that readers keep the records before the place, and a `Skipped` that says why follows the entry.
"""

import gzip
import io
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from corpus.metering import DAMAGE, Limits, Meter, MeteredStream, damaged
from corpus.records import Skipped

#: How much of a stream `Entry.peek` can show, in bytes.
PEEK_BYTES = 1 << 16
_DEEPEST = 2
_TAR_MAGIC = slice(257, 262)
#: What tar may read between two members: names and attributes, in bytes.
_TAR_HEADERS = 4 << 20


@dataclass(frozen=True)
class Entry:
    """One file: where it came from, its own name, and its bytes, good until the next entry is asked for.

    ``inside`` is the member's path in its container, None for a file that stands by itself.
    """

    origin: str
    name: str
    stream: io.BufferedReader
    inside: PurePosixPath | None = None

    def peek(self) -> bytes:
        """The first bytes, up to `PEEK_BYTES`, without taking them from the stream."""
        return self.stream.peek(PEEK_BYTES)[:PEEK_BYTES]

    @property
    def problem(self) -> str | None:
        """Why the stream ended before its time, None where it did not."""
        return cast(MeteredStream, self.stream.raw).problem


def entries(path: Path, limits: Limits | None = None) -> Iterator[Entry | Skipped]:
    """Every file of a path, in the container's order; raises OSError where the path cannot be read."""
    with path.open("rb") as file:
        file.read(1)  # what cannot be read says so here; from here on an OSError is damage
        file.seek(0)
        meter = Meter(limits or Limits(), path.stat().st_size)
        entry = Entry(str(path), path.name, _buffered(file, meter, metered=False))
        yield from _opened(entry, meter, 0, file)


def _opened(
    entry: Entry, meter: Meter, depth: int, file: IO[bytes] | None = None
) -> Iterator[Entry | Skipped]:
    """An entry, or what it holds where it is a container; ``file`` is the same bytes, seekable."""
    if not entry.peek() and entry.problem is not None:
        yield Skipped(entry.origin, None, entry.problem)
        return
    members = _members(entry, meter, depth, file)
    if members is None:
        yield entry
    elif depth >= _DEEPEST:
        yield Skipped(entry.origin, None, "containers are nested too deep; unpack the outer one")
    else:
        yield from _guarded(members, entry, meter)
    if entry.problem is not None:
        yield Skipped(entry.origin, None, entry.problem)


def _guarded(members: Iterator[Entry | Skipped], entry: Entry, meter: Meter) -> Iterator[Entry | Skipped]:
    """The members as far as the container can be followed."""
    while True:
        try:
            member = next(members, None)
        except DAMAGE as error:
            if entry.problem is None:
                yield Skipped(entry.origin, None, damaged(error))
            return
        if member is None:
            return
        yield member
        if meter.refusal is not None:
            members.close()  # type: ignore[attr-defined]  # a generator
            return


def _members(
    entry: Entry, meter: Meter, depth: int, file: IO[bytes] | None
) -> Iterator[Entry | Skipped] | None:
    start = entry.peek()
    if start.startswith(b"\x1f\x8b"):
        return _gzip(entry, meter, depth)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(entry, meter, depth, file)
    return _tar(entry, meter, depth) if _is_tar(start) else None


def _is_tar(start: bytes) -> bool:
    return start[_TAR_MAGIC] == b"ustar"


def _gzip(entry: Entry, meter: Meter, depth: int) -> Iterator[Entry | Skipped]:
    """The one file that a .gz holds; a .tar.gz is one container, not two."""
    with gzip.GzipFile(fileobj=entry.stream) as unpacked:
        stream = _buffered(unpacked, meter)
        inner = Entry(entry.origin, _without_gz(entry.name), stream, entry.inside)
        yield from _opened(inner, meter, depth if _is_tar(inner.peek()) else depth + 1)


def _without_gz(name: str) -> str:
    lower = name.casefold()
    if lower.endswith(".tgz"):
        return f"{name[:-4]}.tar"
    return name[:-3] if lower.endswith(".gz") else name


def _tar(entry: Entry, meter: Meter, depth: int) -> Iterator[Entry | Skipped]:
    """The members of a tar, read in one go from front to end."""
    raw = MeteredStream(entry.stream, meter, metered=False)
    raw.allowance = _TAR_HEADERS  # opening reads the first header
    try:
        with tarfile.open(fileobj=cast(IO[bytes], raw), mode="r|") as archive:
            while (member := _next(archive, raw)) is not None:
                meter.count_member()
                yield from _tar_member(f"{entry.origin}!{member.name}", archive, member, meter, depth)
    except DAMAGE as error:
        # The stream knows better than tarfile why it ended.
        if entry.problem is None:
            yield Skipped(entry.origin, None, raw.problem or damaged(error))


def _tar_member(
    where: str, archive: tarfile.TarFile, member: tarfile.TarInfo, meter: Meter, depth: int
) -> Iterator[Entry | Skipped]:
    if (reason := _unsafe_name(member.name) or _unsafe_kind(member)) is not None:
        yield Skipped(where, None, reason)
    elif not member.isdir() and (unpacked := archive.extractfile(member)) is not None:
        # Not metered: a tar does not compress, only what it stands in may.
        yield from _member(where, member.name, unpacked, meter, depth, metered=False)


def _next(archive: tarfile.TarFile, raw: MeteredStream) -> tarfile.TarInfo | None:
    """The next member; reading on to it may pass the rest of the last one, and headers of limited size."""
    here = cast(IO[bytes], archive.fileobj).tell()
    raw.allowance = max(archive.offset - here, 0) + _TAR_HEADERS
    member = archive.next()
    raw.allowance = None
    archive.members.clear()  # type: ignore[attr-defined]  # tarfile keeps all that it has seen
    return member


def _member(
    where: str, name: str, unpacked: object, meter: Meter, depth: int, metered: bool
) -> Iterator[Entry | Skipped]:
    inside = PurePosixPath(name.replace("\\", "/"))
    yield from _opened(
        Entry(where, inside.name, _buffered(unpacked, meter, metered), inside), meter, depth + 1
    )


def _unsafe_kind(member: tarfile.TarInfo) -> str | None:
    if member.issym() or member.islnk():
        return f"a link to {member.linkname[:80]}, which is not followed; pack the file itself"
    if not (member.isreg() or member.isdir()):
        return "a device or pipe, no file; leave it out"
    return "a sparse file; pack it anew without holes" if member.issparse() else None


def _zip(entry: Entry, meter: Meter, depth: int, file: IO[bytes] | None) -> Iterator[Entry | Skipped]:
    if file is not None:
        yield from _zip_members(entry, file, meter, depth)
        return
    with tempfile.TemporaryFile() as copy:
        while piece := entry.stream.read(1 << 20):
            copy.write(piece)
        yield from _zip_members(entry, copy, meter, depth)


def _zip_members(entry: Entry, file: IO[bytes], meter: Meter, depth: int) -> Iterator[Entry | Skipped]:
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        if (kind := _office_kind({info.filename for info in infos[:50]})) is not None:
            yield Skipped(entry.origin, None, f"{kind}; save it as HTML, CSV or plain text")
            return
        for info in infos:
            meter.count_member()
            if not info.is_dir():
                yield from _zip_member(f"{entry.origin}!{info.filename}", archive, info, meter, depth)


def _zip_member(
    where: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter, depth: int
) -> Iterator[Entry | Skipped]:
    if (reason := _unsafe_name(info.orig_filename) or _unsafe_member(info)) is not None:
        yield Skipped(where, None, reason)
        return
    try:
        unpacked = archive.open(info)
    except DAMAGE as error:
        yield Skipped(where, None, damaged(error))
        return
    with unpacked:
        yield from _member(where, info.filename, unpacked, meter, depth, metered=True)


def _unsafe_member(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & 0x1:
        return "encrypted; unpack it with its password first"
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "a link, which is not followed; pack the file itself"
    return "a device or pipe, no file; leave it out" if stat.S_IFMT(mode) not in (0, stat.S_IFREG) else None


def _unsafe_name(name: str) -> str | None:
    path = name.replace("\\", "/")
    if path.startswith("/") or path[1:2] == ":":
        return "an absolute name; pack it with a name inside the archive"
    return "a name that leaves the archive (..); pack it anew" if ".." in path.split("/") else None


def _office_kind(names: set[str]) -> str | None:
    """Documents that are zip files: their XML is no XML that any reader knows."""
    if "[Content_Types].xml" in names:
        return "a Word, Excel or PowerPoint document"
    return "an OpenDocument or EPUB document" if "mimetype" in names else None


def _buffered(source: object, meter: Meter, metered: bool = True) -> io.BufferedReader:
    return io.BufferedReader(MeteredStream(source, meter, metered), PEEK_BYTES)
