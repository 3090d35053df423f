"""What a library's synonyms add to the words of a question; the vectors never see it.

A name is found where its stems stand in the question in a row. Every other name of its group is added, each
with the weight of one word in all, however many words it has: the thing was asked for once.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus.errors import IndexDamagedError
from corpus.synonyms import Group, Synonyms
from indexer.lexical import stems

FILE = "synonyms.json"
#: What an added name counts for, shared out over its stems; a word of the question counts 1.
ADDED_WEIGHT = 0.25


def write(synonyms: Synonyms, path: Path) -> None:
    """Write the groups, and the file that they come from, into a generation that is being built."""
    document = {"origin": synonyms.origin, "groups": synonyms.groups}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read(path: Path) -> Synonyms:
    """The synonyms of a generation, none where it was built without.

    Raises `IndexDamagedError` where the file is none of ours.
    """
    if not path.exists():
        return Synonyms()
    try:
        document = json.loads(path.read_text("utf-8"))
        return Synonyms(tuple(tuple(map(str, group)) for group in document["groups"]), document["origin"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(
            str(path), "not a readable list of synonyms", "run footnote verify, then footnote rollback"
        ) from error


def described(synonyms: Synonyms) -> str:
    """What the manifest says of them, in words."""
    return f"{len(synonyms.groups)} groups of {synonyms.origin}" if synonyms.groups else "none"


class SynonymTable:
    """Finds the names of some groups in questions."""

    def __init__(self, groups: Sequence[Group] = ()) -> None:
        self._others: dict[tuple[str, ...], list[list[str]]] = {}
        for group in groups:
            for name in group:
                others = [stems(other) for other in group if other != name]
                for spelling in _spellings(name):
                    self._others.setdefault(spelling, []).extend(others)
        self._longest = max(map(len, self._others), default=0)

    def added(self, question: Sequence[str]) -> Mapping[str, float]:
        """The stems that a question's stems, in order, gain, with their weights; its own are left out."""
        weights: dict[str, float] = {}
        for start in range(len(question) if self._others else 0):
            for length in range(1, min(self._longest, len(question) - start) + 1):
                for name in self._others.get(tuple(question[start : start + length]), ()):
                    share = ADDED_WEIGHT / max(len(name), 1)
                    for stem in name:
                        weights[stem] = max(weights.get(stem, 0.0), share)
        return {stem: weight for stem, weight in weights.items() if stem not in question}


def _spellings(name: str) -> set[tuple[str, ...]]:
    """The stems by which a name is found: as written, with hyphens as blanks, joined where it is one word."""
    written = stems(name)
    spellings = {tuple(written), tuple(stems(name.replace("-", " ")))}
    if len(name.split()) == 1:
        spellings.add(tuple(written[:1]))  # `indexer.terms` puts the joined form first
    return spellings - {()}
