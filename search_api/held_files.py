"""Whether the files that a searcher reads from were changed under it.

Vectors, words and text are mapped into memory or read from disk as they are asked for, so a file that is
written over in place would be answered from. Published files are never written again: one with the same inode
and another size or time is damaged. One that was removed, or replaced by a rename, is still held as it was.

Digests of a large index take long to compute. A file that has the inode and the time at which the build took
its digest was not written to since, so a server may open the index before it is read through; that follows
in the background, for what a disk does to a file leaves no time.
"""

import threading
from collections.abc import Iterable, Mapping

from corpus.errors import IndexDamagedError
from indexer.generation import Generation

#: Indexes of so many bytes are read through before the first answer.
READ_AT_ONCE = 256 * 1024 * 1024

_State = tuple[int, int, int]


class HeldFiles:
    """The files of an opened generation, as they were when it was verified."""

    def __init__(self, generation: Generation, trusting: bool = True) -> None:
        """Note the files, then check their digests; raises `IndexDamagedError`.

        With ``trusting`` files of a large index that nobody wrote to since they were published are checked
        after this returns; `check` tells what was found.
        """
        self._generation = generation
        self._fault: str | None = None
        self._states = self._look()
        manifest = generation.manifest
        whole = sum(size for size, _ in manifest.files.values())
        later = {
            name
            for name, (inode, _, time) in self._states.items()
            if trusting and whole > READ_AT_ONCE and manifest.written.get(name) == (inode, time)
        }
        self._verify(name for name in manifest.files if name not in later)
        self.reading = threading.Thread(target=self._read_through, args=(sorted(later),), daemon=True)
        self.reading.start()

    def check(self) -> None:
        """Raise `IndexDamagedError` where a file is not what was published."""
        if self._fault is not None:
            raise self._damaged(self._fault)
        now = self._look()
        changed = [
            name
            for name, (inode, *rest) in self._states.items()
            if name in now and now[name][0] == inode and list(now[name][1:]) != rest
        ]
        if changed:
            self._verify(self._generation.manifest.files)
            self._states = now

    def _look(self) -> Mapping[str, _State]:
        states = {}
        for name in self._generation.manifest.files:
            try:
                found = (self._generation.path / name).stat()
            except OSError:
                continue
            states[name] = (found.st_ino, found.st_size, found.st_mtime_ns)
        return states

    def _read_through(self, names: Iterable[str]) -> None:
        for name in names:
            faults = self._generation.faults_of([name])
            if faults and (self._generation.path / name).exists():
                self._fault = faults[0]
                return

    def _verify(self, names: Iterable[str]) -> None:
        faults = self._generation.faults_of(names)
        if faults:
            raise self._damaged(faults[0])

    def _damaged(self, fault: str) -> IndexDamagedError:
        return IndexDamagedError(
            str(self._generation.path), fault, "run footnote rollback, or footnote restore"
        )
