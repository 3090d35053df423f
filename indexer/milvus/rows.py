"""The passages of a generation as a cluster knows them: by id, with the state of each."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

from corpus.errors import ClusterError, IndexDamagedError
from indexer.milvus.layout import state_of

_PIECE = 5_000


class PassageRows:
    """Ids and rows of the passages of one library file; safe from several threads."""

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises `IndexDamagedError` where it is no library."""
        self._path = path
        try:
            self._connection = sqlite3.connect(
                f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._connection.execute("SELECT 1 FROM passages LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise IndexDamagedError(
                str(path), f"not a readable library ({error})", "run footnote verify, then footnote rollback"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def rows(self, ids: Sequence[str]) -> npt.NDArray[np.int64]:
        """The rows of some passages, in their order; raises `ClusterError` for one of another library."""
        found: dict[str, int] = {}
        for begin in range(0, len(ids), _PIECE):
            part = ids[begin : begin + _PIECE]
            marks = ", ".join("?" * len(part))
            found |= dict(
                self._connection.execute(
                    f"SELECT passage_id, row FROM passages WHERE passage_id IN ({marks})", list(part)
                )
            )
        try:
            return np.array([found[one] for one in ids], dtype=np.int64)
        except KeyError as error:
            raise ClusterError(
                f"passage {error.args[0]}",
                "the cluster holds it, and the library on disk does not",
                "run footnote index with this backend",
            ) from error

    def states(self) -> Iterator[tuple[str, int, str]]:
        """Id, row and state of every passage, in order of id."""
        found = self._connection.execute(
            "SELECT p.passage_id, p.row, p.encoded_sha256, s.record_sha256, s.status"
            " FROM passages p JOIN sources s ON s.row = p.source ORDER BY p.passage_id"
        )
        for passage_id, row, encoded, record, status in found:
            yield passage_id, row, state_of(encoded, record, status)
