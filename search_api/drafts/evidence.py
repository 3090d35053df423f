"""How likely a source holds what a claim needs, told by two features.

The cosine of the claim to the source's best passage, and the share of the claim's terms, weighted by
rarity, that stand near that passage: a claim that names an outcome or people whom the source never
mentions is not supported by it, however alike the subject. Fitted by `benchmarks/writing.py`.
"""

import math
import re
from collections.abc import Mapping, Set

from corpus.records import Passage, Source
from indexer.lexical import stem_set

#: Characters before and after a passage that count as near it: an abstract is near itself.
_NEAR = 1_000
_COSINE, _COVERAGE, _CONSTANT = 7.9, 6.7, -10.4
#: A source less likely than this is no evidence. Low, because likely means: among the first five of a search.
ADEQUATE = 0.13
#: What is left of the confidence where a number of the claim contradicts the record.
NUMBERS_DIFFER = 0.6
#: A number with its marks, or a word.
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_][\w-]*")


def support(cosine: float, coverage: float) -> float:
    """How likely a source holds the evidence, 0 to 1; ``coverage`` is a share, 0 to 1."""
    return 1 / (1 + math.exp(-(_COSINE * cosine + _COVERAGE * coverage + _CONSTANT)))


def coverage_of(rarities: Mapping[str, float], source: Source, passage: Passage) -> float:
    """The share of the rarities of a claim's stems that stand near a passage, 0 to 1; 0 without stems."""
    total = sum(rarities.values())
    near = _stems_near(source, passage)
    held = sum(rarity for stem, rarity in rarities.items() if stem in near)
    return held / total if total else 0.0


def missing_from(text: str, source: Source, passage: Passage) -> tuple[str, ...]:
    """The words of a claim that do not stand near a passage, in their order."""
    near = _stems_near(source, passage)
    words = _WORD.findall(text)
    return tuple(dict.fromkeys(word for word in words if not _stands_in(near, word)))


def _stands_in(near: Set[str], word: str) -> bool:
    """Whether a word is there in one of its spellings, a number in all its groups of digits."""
    found = stem_set(word)
    return found <= near if word[0].isdigit() else not found or not near.isdisjoint(found)


def nearby(source: Source, passage: Passage) -> str:
    """The passage with what stands around it."""
    return source.text[max(0, passage.start - _NEAR) : passage.end + _NEAR]


def _stems_near(source: Source, passage: Passage) -> frozenset[str]:
    return stem_set(f"{source.title} {nearby(source, passage)}")
