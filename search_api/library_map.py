"""A library laid out in two dimensions, and the groups that its passages fall into.

The plane is spanned by the two directions in which the passages' vectors differ most (principal
components, doi:10.1080/14786440109462720); it keeps a small part of the differences, so that what lies close
on it may be far apart, but not the other way round. Groups are found in all dimensions by spherical
k-means (doi:10.1023/A:1007612920971) and named by the words that tell them apart. Made from a sample
where a library is large; the same for the same generation.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.terms import STOP_WORDS
from search_api.search import Searcher

Vectors = npt.NDArray[np.float32]

#: Passages that are laid out, at most, and of these how many are read for the names of groups.
SAMPLE = 6_000
_READ = 1_500
_MOST_GROUPS = 8
_PASSAGES_A_GROUP = 25
_ROUNDS = 15
_WORDS = 3
_WORD = re.compile(r"[^\W\d_][\w-]{3,}")


@dataclass(frozen=True, slots=True)
class Group:
    """Passages that are alike: words that tell them apart, their share of the sample, their middle."""

    words: tuple[str, ...]
    share: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class LibraryMap:
    """Where passages lie: ``rows (n,)``, ``places (n, 2)`` from 0 to 1, ``groups_of (n,)``.

    ``kept`` is the share of the vectors' variance that the plane shows; ``passages`` counts the whole
    library, of which ``rows`` may be a sample.
    """

    rows: npt.NDArray[np.int64]
    places: npt.NDArray[np.float64]
    groups_of: npt.NDArray[np.int64]
    groups: tuple[Group, ...]
    kept: float
    passages: int


def library_map(using: Searcher) -> LibraryMap:
    """The map of a generation; takes up to a few seconds for a large library."""
    passages = len(using.library.passage_sources)
    rows = np.unique(np.linspace(0, passages - 1, min(SAMPLE, passages)).astype(np.int64))
    if len(rows) < 3:
        middle = np.full((len(rows), 2), 0.5)
        return LibraryMap(rows, middle, np.zeros(len(rows), np.int64), (), 1.0, passages)
    vectors = using.vectors.vectors(rows)
    places, kept = plane(vectors)
    groups_of = grouped(vectors, max(1, min(_MOST_GROUPS, len(rows) // _PASSAGES_A_GROUP)))
    read = np.unique(np.linspace(0, len(rows) - 1, min(_READ, len(rows))).astype(np.int64))
    words = [_words_of(using, int(rows[place])) for place in read]
    names = distinctive(words, [int(groups_of[place]) for place in read])
    groups = tuple(
        Group(
            words=names.get(group, ()),
            share=float(np.mean(groups_of == group)),
            x=float(places[middle, 0]),
            y=float(places[middle, 1]),
        )
        for group, middle in enumerate(_middles(vectors, groups_of))
    )
    return LibraryMap(rows, places, groups_of, groups, kept, passages)


def _middles(vectors: Vectors, groups_of: npt.NDArray[np.int64]) -> list[int]:
    """For each group the place of the member that is most like all of it."""
    found = []
    for group in range(int(groups_of.max()) + 1):
        members = np.flatnonzero(groups_of == group)
        found.append(int(members[(vectors[members] @ vectors[members].mean(axis=0)).argmax()]))
    return found


def plane(vectors: Vectors) -> tuple[npt.NDArray[np.float64], float]:
    """Vectors ``(n, dim)`` on the plane of their two principal components, ``(n, 2)`` from 0 to 1.

    Also the share of the variance that the plane keeps. The hundredth at each edge is drawn to it.
    """
    centred = np.asarray(vectors, dtype=np.float64)
    centred = centred - centred.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred / len(centred))
    axes = directions[:, [-1, -2]]
    # A component has no sign of its own: its largest entry is made positive.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    flat = centred @ axes
    low, high = np.percentile(flat, [1, 99], axis=0)
    places = np.clip((flat - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    total = float(values.sum())
    return places, float(values[-2:].sum()) / total if total > 0 else 1.0


def grouped(vectors: Vectors, groups: int) -> npt.NDArray[np.int64]:
    """The group of each vector, ``(n,)``; the largest group is 0. Vectors are of unit length."""
    random = np.random.default_rng(0)
    centres = _first_centres(vectors, groups, random)
    nearest = np.zeros(len(vectors), dtype=np.int64)
    for _ in range(_ROUNDS):
        nearest = np.asarray((vectors @ centres.T).argmax(axis=1), dtype=np.int64)
        for group in range(groups):
            members = vectors[nearest == group]
            if len(members):
                mean = members.mean(axis=0)
                centres[group] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    sizes = np.bincount(nearest, minlength=groups)
    held = [int(group) for group in np.argsort(-sizes, kind="stable") if sizes[group]]
    order = np.zeros(groups, dtype=np.int64)
    order[held] = np.arange(len(held))
    return order[nearest]


def distinctive(texts: Sequence[Iterable[str]], groups: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """For each group the words that are more frequent in its texts than elsewhere, the most telling first.

    Scored by the share of the group's texts that hold a word times the logarithm of how much larger
    that share is than over all texts.
    """
    spelled: dict[str, Counter[str]] = {}
    everywhere: Counter[str] = Counter()
    within: dict[int, Counter[str]] = {}
    sizes = Counter(groups)
    for words, group in zip(texts, groups, strict=True):
        distinct = set()
        for word in words:
            distinct.add(word.casefold())
            spelled.setdefault(word.casefold(), Counter())[word] += 1
        everywhere.update(distinct)
        within.setdefault(group, Counter()).update(distinct)
    named = {}
    for group, counts in within.items():
        scores = {
            word: count / sizes[group] * np.log(count / sizes[group] * len(texts) / everywhere[word])
            for word, count in counts.items()
        }
        ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        telling = _unlike(word for word, score in ordered if score > 0)
        named[group] = tuple(spelled[word].most_common(1)[0][0] for word in telling)
    return named


def _unlike(words: Iterable[str]) -> tuple[str, ...]:
    """The first words of which none is the beginning of another."""
    kept: list[str] = []
    for word in words:
        if not any(word.startswith(other[:5]) or other.startswith(word[:5]) for other in kept):
            kept.append(word)
        if len(kept) == _WORDS:
            break
    return tuple(kept)


def _first_centres(vectors: Vectors, groups: int, random: np.random.Generator) -> Vectors:
    """Centres far from each other (k-means++, doi:10.1145/1283383.1283494)."""
    chosen = [int(random.integers(len(vectors)))]
    nearest = vectors @ vectors[chosen[0]]
    for _ in range(groups - 1):
        distances = np.maximum(1.0 - nearest, 0.0).astype(np.float64) ** 2
        total = float(distances.sum())
        weights = distances / total if total > 0 else np.full(len(vectors), 1 / len(vectors))
        chosen.append(int(random.choice(len(vectors), p=weights)))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return vectors[chosen].copy()


def _words_of(using: Searcher, row: int) -> list[str]:
    (passage,) = using.library.passages([row])
    return [word for word in _WORD.findall(passage.text) if word.casefold() not in STOP_WORDS]
