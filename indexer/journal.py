"""What a build has encoded so far, on disk slice by slice: a build that was killed goes on from there.

::

    index/encoded/<fingerprint>     one file for each encoder; removed once a build with it is published

The file is only ever appended to. A record is one finished slice: its length, a checksum, the SHA-256 of each
encoded text, the float16 vectors. A record that was cut by a crash, or that does not agree with its checksum,
ends the journal: what comes after it is encoded again.
"""

import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Half = npt.NDArray[np.float16]

FOLDER = "encoded"
DIGEST_BYTES = 32
#: What a record begins with: a mark, the number of texts, the dimension, the CRC-32 of what follows.
_HEAD = struct.Struct("<4sIII")
_MARK = b"FNv1"


class Journal:
    """The vectors that builds with one encoder have made and not yet published, by digest of their text."""

    def __init__(self, index: Path, fingerprint: str, dim: int) -> None:
        """Open the journal in the index's folder, or begin one; what a crash cut off is dropped."""
        self._path = index / FOLDER / fingerprint
        self._dim = dim
        self._places: dict[bytes, int] = {}
        self._end = self._read()
        self._path.parent.mkdir(exist_ok=True)
        self._file = self._path.open("a+b")
        self._file.truncate(self._end)

    def __len__(self) -> int:
        """How many texts have their vector here."""
        return len(self._places)

    def __contains__(self, digest: bytes) -> bool:
        return digest in self._places

    def vectors(self, digests: Sequence[bytes]) -> Half:
        """The vectors of texts that the journal holds, ``(n, dim) float16``; raises KeyError for others."""
        found = np.empty((len(digests), self._dim), dtype="<f2")
        for row, digest in enumerate(digests):
            data = os.pread(self._file.fileno(), 2 * self._dim, self._places[digest])
            found[row] = np.frombuffer(data, dtype="<f2")
        return found

    def append(self, digests: Sequence[bytes], vectors: Half) -> None:
        """Write one finished slice and see it onto the disk; ``vectors`` is ``(n, dim) float16``."""
        body = b"".join(digests) + vectors.astype("<f2").tobytes()
        self._file.write(_HEAD.pack(_MARK, len(digests), self._dim, zlib.crc32(body)) + body)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._enter(digests, self._end)
        self._end += _HEAD.size + len(body)

    def close(self) -> None:
        """Close the file and keep it."""
        self._file.close()

    def _read(self) -> int:
        """Enter every sound record; returns where the first that is not begins."""
        at = 0
        if not self._path.exists():
            return at
        size = self._path.stat().st_size
        with self._path.open("rb") as file:
            while head := file.read(_HEAD.size):
                if len(head) < _HEAD.size:
                    break
                mark, count, dim, checksum = _HEAD.unpack(head)
                length = count * (DIGEST_BYTES + 2 * dim)
                if mark != _MARK or dim != self._dim or at + _HEAD.size + length > size:
                    break
                body = file.read(length)
                if zlib.crc32(body) != checksum:
                    break
                digests = [body[i : i + DIGEST_BYTES] for i in range(0, count * DIGEST_BYTES, DIGEST_BYTES)]
                self._enter(digests, at)
                at = file.tell()
        return at

    def _enter(self, digests: Sequence[bytes], at: int) -> None:
        """Remember where the vectors of a record lie that begins at ``at``."""
        first = at + _HEAD.size + len(digests) * DIGEST_BYTES
        for row, digest in enumerate(digests):
            self._places.setdefault(digest, first + row * 2 * self._dim)


def forget(index: Path, fingerprint: str) -> None:
    """Remove the journal of an encoder, where there is one: what it holds is published."""
    folder = index / FOLDER
    (folder / fingerprint).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
