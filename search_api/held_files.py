"""Whether the files that a searcher reads from were changed under it.

Vectors, words and text are mapped into memory or read from disk as they are asked for, so a file that is
written over in place would be answered from. Published files are never written again: one with the same inode
and another size or time is damaged. One that was removed, or replaced by a rename, is still held as it was.
"""

from collections.abc import Mapping
from pathlib import Path

from corpus.errors import IndexDamagedError
from indexer.generation import Generation, IndexDirectory

_State = tuple[int, int, int]


class HeldFiles:
    """The files of an opened generation, as they were when it was verified."""

    def __init__(self, directory: IndexDirectory, generation: Generation) -> None:
        """Note the files, then check every digest; raises `IndexDamagedError`."""
        self._directory = directory
        self._generation = generation
        self._states = self._look()
        self._verify()

    def check(self) -> None:
        """Raise `IndexDamagedError` where a file was changed in place and is not what was published."""
        now = self._look()
        changed = [
            name
            for name, (inode, *rest) in self._states.items()
            if name in now and now[name][0] == inode and list(now[name][1:]) != rest
        ]
        if changed:
            self._verify()
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

    def _verify(self) -> None:
        name = self._generation.manifest.name
        faults = [f for f in self._directory.verify(name) if not f.endswith("does not belong there")]
        if faults:
            path = Path(self._generation.path)
            raise IndexDamagedError(str(path), faults[0], "run footnote rollback, or footnote restore")
