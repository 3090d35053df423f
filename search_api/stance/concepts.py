"""What a phrase is about, as names that two ways of writing share.

A concept is a word without its plural, or the one name of a phrase that is written in several ways
(``peripheral arterial disease``, ``PAD``). A concept may have wider ones above it: MK-7 is a
vitamin K2, which is a vitamin K. The tables (`vocabulary`) hold what the starter library writes about;
a phrase that they lack is compared word by word.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from indexer.terms import STOP_WORDS
from search_api.stance.vocabulary import GENERIC, TWO, WIDER, WRITTEN

_WORD = re.compile(r"[A-Za-z]{1,5}-?\d+(?![\d.,%])|[^\W\d_]+")
_SAME_WIDTH = str.maketrans("₀₁₂₃₄₅₆₇₈₉‐‑–−", "0123456789----")
_VITAMIN = re.compile(r"[a-ek]\d{0,2}")
#: The British spelling of what is written with a z in American ("randomised").
_BRITISH = re.compile(r"(?<=[a-z]{3})is(?=(?:e[ds]?|ing|ations?)$)")
#: Behind the name of a thing these make it the name of its opposite.
_AGAINST_IT = frozenset(["antagonist", "inhibitor", "blocker"])
#: Letters that two long words of one family share at their beginning.
_FAMILY = 7


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept where it is written: ``text[start:end]``."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def concepts_in(text: str) -> tuple[Concept, ...]:
    """The concepts of a text in order, without stop words, figures and words that say too little."""
    words = list(_words(text))
    found: list[Concept] = []
    i = 0
    while i < len(words):
        length, name = _longest(words, i)
        if i + length < len(words) and words[i + length].name in _AGAINST_IT:
            length, name = length + 1, f"{name} antagonist"
        for one in TWO.get(name, (name,)):
            if not _says_little(one):
                found.append(Concept(one, words[i].start, words[i + length - 1].end))
        i += length
    return tuple(found)


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    """The names of a text's concepts."""
    return frozenset(concept.name for concept in concepts_in(text))


def covers(narrower: str, wider: str) -> bool:
    """Whether what is said of one concept is said of the other.

    So it is where they are one, where it lies below, or where they are long words of one family
    (``anticoagulant``, ``anticoagulated``).
    """
    if len(narrower) > _FAMILY and narrower[:_FAMILY] == wider[:_FAMILY] and " " not in narrower + wider:
        return True
    name: str | None = narrower
    while name is not None:
        if name == wider:
            return True
        name = WIDER.get(name)
    return False


def _words(text: str) -> Iterator[Concept]:
    """Words without plural; after ``vitamin`` or ``vitamins`` each letter is a vitamin."""
    letters_count = False
    for match in _WORD.finditer(text.translate(_SAME_WIDTH)):
        word = _stem(match.group().lower().replace("-", ""))
        if word == "vitamin":
            letters_count = True
            continue
        if letters_count and _VITAMIN.fullmatch(word):
            yield Concept(word if word in ("k1", "k2") else f"vitamin {word}", match.start(), match.end())
            continue
        letters_count = letters_count and word in ("and", "or", "nor")
        yield Concept(word, match.start(), match.end())


def _stem(word: str) -> str:
    """A word without its plural (the S stemmer of Harman 1991) and in American spelling."""
    word = word.replace("haem", "hem").replace("oedem", "edem").replace("ischaem", "ischem")
    word = _BRITISH.sub("iz", word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "is")) and len(word) > 3:
        return word[:-1]
    return word


def _says_little(name: str) -> bool:
    adverb = name.endswith("ly") and name not in ("family", "early")
    return adverb or len(name) < 2 or name in GENERIC or name in STOP_WORDS


def _longest(words: list[Concept], i: int) -> tuple[int, str]:
    """How many words from ``i`` on make one concept, and its name."""
    longest = _LONGEST_FROM.get(words[i].name, 0)
    for length in range(min(longest, len(words) - i), 0, -1):
        phrase = " ".join(word.name for word in words[i : i + length])
        if phrase in _NAMES:
            return length, _NAMES[phrase]
    return 1, words[i].name


def _names() -> dict[str, str]:
    names = {phrase: phrase for phrase in TWO}
    for name, ways in WRITTEN.items():
        for way in (name, *ways):
            names[" ".join(_stem(word) for word in way.split())] = name
    return names


def _longest_from(phrases: Iterable[str]) -> dict[str, int]:
    """How many words the longest phrase has that begins with a word."""
    longest: dict[str, int] = {}
    for first, *rest in map(str.split, phrases):
        longest[first] = max(longest.get(first, 0), len(rest) + 1)
    return longest


_NAMES = _names()
_LONGEST_FROM = _longest_from(_NAMES)
