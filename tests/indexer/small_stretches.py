"""Three stretches written by hand: small enough that every count of theirs can be worked out on paper.

Stems and their weights (names 0.5, title and headings 3, text 1):

- 0, a study by Otto called Natto: ``otto | natto | natto bone vein leg bone leg``, two windows, length 9
- 1, a study called Vein: ``| vein | vein salt``, one passage, length 5
- 2, an article with the heading Salt: ``| salt | leg``, one passage, length 4
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpus.records import Passage, Source, SourceKind
from indexer import forward, stretches

Pairs = list[tuple[Source, Passage]]


def source(
    name: str, text: str, kind: SourceKind = "study", title: str = "", author: str = "", year: int = 0
) -> Source:
    """A source without blocks."""
    csl = {
        "title": title,
        "author": [{"family": author}] if author else [],
        "issued": {"date-parts": [[year]]} if year else {},
    }
    return Source(source_id=name, kind=kind, csl=csl, text=text, blocks=())


def passage(of: Source, start: int, end: int, section: tuple[str, ...] = ()) -> Passage:
    """A passage of a source."""
    return Passage(
        f"{of.source_id}-{start}", of.source_id, start, end, of.text[start:end], section, "paragraph"
    )


NATTO = source("natto", "Natto bone. Vein leg. Bone leg.", title="Natto", author="Otto")
VEIN = source("vein", "Vein. Salt.", title="Vein")
SALT = source("salt", "Leg.", kind="article")
PAIRS: Pairs = [
    (NATTO, passage(NATTO, 0, 21)),
    (NATTO, passage(NATTO, 12, 31)),
    (VEIN, passage(VEIN, 0, 11)),
    (SALT, passage(SALT, 0, 4, ("Salt",))),
]


def write_forward(folder: Path, pairs: Pairs, starts: Sequence[int] | None = None) -> forward.ForwardIndex:
    """Write the forward index of passages into a new folder, and open it."""
    begins = stretches.stretch_starts(pairs) if starts is None else starts
    writer = forward.ForwardWriter()
    for begin, end in pairwise([*begins, len(pairs)]):
        writer.add(pairs[begin][0], [part for _, part in pairs[begin:end]])
    folder.mkdir()
    writer.close(folder)
    return forward.ForwardIndex(folder)


def rows(*numbers: int) -> np.ndarray:
    """Numbers of rows or of stretches."""
    return np.array(numbers, dtype=np.int64)
