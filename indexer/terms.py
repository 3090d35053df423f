"""Text -> terms of the lexical leg, the same for passages and questions.

Biomedical names are written in many ways: ``MK-7``, ``MK7`` and ``MK 7``; ``25(OH)D``, ``25-OH-D``
and ``25OHD``; ``IL-6``, ``IL 6`` and ``IL6``; ``K₂`` and ``K-2``. Each such name yields one joined
term besides its parts, so that every spelling finds every other. Stemming is left to the index.
"""

import re
import unicodedata
from collections.abc import Iterator

from corpus.normalising import search_form

_WORD = r"[^\W_]+"
_COMPOUND = re.compile(rf"{_WORD}(?:[-/'.]{_WORD}|\({_WORD}\)-?(?:{_WORD})?)*")
_PART = re.compile(_WORD)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_POSSESSIVE = re.compile(r"'s?$")
_LONGEST_JOINED = 24

#: Words that say nothing about a subject; a question of nothing else cannot be answered.
STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "against",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "below",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "down",
        "during",
        "each",
        "either",
        "else",
        "ever",
        "few",
        "for",
        "from",
        "further",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "let",
        "may",
        "me",
        "might",
        "more",
        "most",
        "must",
        "my",
        "myself",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "ours",
        "out",
        "over",
        "own",
        "per",
        "please",
        "same",
        "shall",
        "she",
        "should",
        "since",
        "so",
        "some",
        "such",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "theirs",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "yes",
        "you",
        "your",
        "yours",
    ]
)


def terms(text: str) -> list[str]:
    """The terms of a text in order, lower case, unstemmed, stop words left out.

    >>> terms("Does MK-7 lower 25(OH)D?")
    ['mk7', 'mk', 'lower', '25ohd', 'ohd']
    """
    found: list[str] = []
    previous = ""
    for compound in _COMPOUND.findall(_folded(text)):
        if compound.isalpha():  # nearly every word; the rest is for names
            word = compound.casefold()
            if word not in STOP_WORDS:
                found.append(word)
        else:
            word = compound.casefold()
            found += [term for term in _terms_of(compound) if term not in STOP_WORDS]
            if _joins(previous, word):
                found.append(previous + word)
        previous = word
    return found


def _folded(text: str) -> str:
    """The search form without accents, so that Martínez and Martinez are one."""
    form = search_form(text)
    if form.isascii():
        return form
    decomposed = unicodedata.normalize("NFKD", form.replace("\u2019", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def has_terms(text: str) -> bool:
    """Whether a text holds anything but stop words and symbols."""
    return bool(terms(text))


def _terms_of(compound: str) -> Iterator[str]:
    """The joined form of a name that mixes letters and digits, or short capitals, and its parts."""
    if _NUMBER.fullmatch(compound):
        yield compound.replace(",", "")
        return
    compound = _POSSESSIVE.sub("", compound)
    parts = _PART.findall(compound)
    if len(parts) == 1:
        yield parts[0].casefold()
        return
    joined = "".join(parts).casefold()
    if _is_name(compound) and len(joined) <= _LONGEST_JOINED:
        yield joined
        if "(" in compound:
            parts = _PART.findall(re.sub(r"[()]", "", re.sub(r"^\d+", "", compound)))
    for part in parts:
        if not (part.isdigit() and _is_name(compound)):
            yield part.casefold()


def _is_name(compound: str) -> bool:
    """A compound with a digit, or with two capitals in a row, is a name (MK-7, dp-ucMGP)."""
    return any(c.isdigit() for c in compound) or re.search(r"[A-Z]{2}", compound) is not None


def _joins(previous: str, word: str) -> bool:
    """``mk 7`` and ``d 3`` are names written with a space; ``of 10`` is not."""
    return (
        word.isdigit()
        and len(word) <= 2
        and 0 < len(previous) <= 3
        and previous.isalpha()
        and previous not in STOP_WORDS
    )
