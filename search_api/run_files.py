"""Runs in the format of TREC: ``query Q0 document rank score tag``, one document a line.

What other programs ranked can be compared with, and what Footnote ranked can be measured elsewhere. The
score decides the order, as for trec_eval; the rank is there to be read.
"""

import math
from collections.abc import Collection, Mapping
from pathlib import Path

from corpus.errors import CollectionError, StorageError

_COLUMNS = 6
_REMEDY = "give lines of: query Q0 document rank score tag"


def write_run(path: Path, run: Mapping[str, Mapping[str, float]], tag: str) -> None:
    """Write a run, documents best first.

    Raises `StorageError` where the file cannot be written, `CollectionError` for an id with a blank, at which
    whoever reads the file would part it.
    """
    lines = []
    for query_id, documents in run.items():
        for name in (query_id, *documents):
            if len(name.split()) != 1:
                raise CollectionError(
                    f"id {name!r}", "a run cannot hold an id with a blank", "leave --run out"
                )
        ordered = sorted(documents.items(), key=lambda item: (-item[1], item[0]))
        for rank, (document, score) in enumerate(ordered, start=1):
            lines.append(f"{query_id} Q0 {document} {rank} {score:.6f} {tag}\n")
    write_text(path, "".join(lines))


def read_run(path: Path, queries: Collection[str]) -> dict[str, dict[str, float]]:
    """The scores of a run.

    Raises `CollectionError` naming the first line that is none of a run, or where the run answers none of
    ``queries``.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(
            str(path), f"cannot be read ({error})", "give a run in TREC's format"
        ) from error
    run: dict[str, dict[str, float]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = line.split()
        if not cells:
            continue
        score = _score(cells[4]) if len(cells) == _COLUMNS else None
        if score is None:
            raise CollectionError(
                f"{path}, line {number}",
                "not a line of a run",
                _REMEDY,
            )
        run.setdefault(cells[0], {})[cells[2]] = score
    if not any(query_id in run for query_id in queries):
        raise CollectionError(str(path), "answers none of these queries", "give a run of the same split")
    return run


def write_text(path: Path, text: str) -> None:
    """Write a result file; raises `StorageError` where the disk refuses."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(str(path), f"cannot be written ({reason})", "give another file") from error


def _score(text: str) -> float | None:
    try:
        score = float(text)
    except ValueError:
        return None
    return score if math.isfinite(score) else None
