"""Streams out of containers that are counted, limited and never raise.

A `Meter` belongs to one file and counts what it unpacks to; a `MeteredStream` ends where its source is
damaged or the meter's limit is met, and `problem` says why, so that a reader keeps what came before.
"""

import io
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import Protocol, cast

#: What the libraries raise for broken containers; RuntimeError and ValueError are zipfile's.
DAMAGE = (
    EOFError,
    OSError,
    zlib.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may unpack to: bytes in all, members, and bytes out for each byte in.

    The ratio counts only above ``free_bytes``, for a small table of zeros is no bomb. Bibliographies
    in XML shrink 5 to 15 times; gzip's utmost is 1032.
    """

    total_bytes: int = 256 << 30
    members: int = 2_000_000
    ratio: int = 200
    free_bytes: int = 64 << 20


class _Readable(Protocol):
    def read1(self, size: int = -1, /) -> bytes: ...


@dataclass
class Meter:
    """What was unpacked of one file so far; ``refusal`` says which of its limits was met."""

    limits: Limits
    packed: int
    unpacked: int = 0
    members: int = 0
    refusal: str | None = None

    def count(self, size: int) -> None:
        """Note some unpacked bytes."""
        self.unpacked += size
        if self.unpacked > self.limits.total_bytes:
            self.refusal = f"unpacks to more than {_size(self.limits.total_bytes)}; split it"
        elif self.unpacked > max(self.limits.free_bytes, self.limits.ratio * self.packed):
            times = f"more than {self.limits.ratio} times its size, as bombs do"
            self.refusal = f"unpacks to {times}; unpack it yourself if you trust it"

    def count_member(self) -> None:
        """Note a member."""
        self.members += 1
        if self.members > self.limits.members:
            self.refusal = f"holds more than {self.limits.members} members; split it"


class MeteredStream(io.RawIOBase):
    """A stream that counts what it gives, and ends where its source is damaged or a limit is met."""

    def __init__(self, source: object, meter: Meter, metered: bool) -> None:
        super().__init__()
        self._source = cast(_Readable, source)
        self._meter = meter
        self._metered = metered
        self._damage: str | None = None
        #: How many more bytes tar may read while it looks for its next member.
        self.allowance: int | None = None

    @property
    def problem(self) -> str | None:
        """Why the stream ended early, None where it did not."""
        return self._meter.refusal or self._damage

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer as far as the source goes, so that a peek sees all it may."""
        filled = 0
        while filled < len(buffer) and (piece := self._piece(len(buffer) - filled)):
            buffer[filled : filled + len(piece)] = piece
            filled += len(piece)
        return filled

    def _piece(self, size: int) -> bytes:
        """Some bytes, none at the end; by read1, because read loses what came before damage."""
        if self.problem is not None:
            return b""
        try:
            piece = self._source.read1(size)
        except DAMAGE as error:
            self._damage = damaged(error)
            return b""
        if self._metered:
            self._meter.count(len(piece))
        if self.allowance is not None:
            self.allowance -= len(piece)
            if self.allowance < 0:
                self._damage = "a member's header is too large; pack it anew"
        return piece


def damaged(error: BaseException) -> str:
    """What to say of a container that its library could not follow."""
    said = str(error).splitlines()[0] if str(error).strip() else type(error).__name__
    return f"damaged ({said}); fetch or pack it again"


def _size(count: int) -> str:
    return f"{count >> 30} GB" if count >> 30 else f"{count >> 20} MB"
