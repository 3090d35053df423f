"""What a title tells of the words of its finding: what an abbreviation means, of which kind a thing is.

"MPFF reduced leg pain" is about what the title spells out, and "cut cramp episodes" in a study of nocturnal
leg cramps is about those.
"""

import re
from functools import lru_cache
from itertools import pairwise

from search_api.stance.concepts import concepts_in, names_in
from search_api.stance.vocabulary import SITES

_WORD = re.compile(r"[A-Za-z]+")
_ABBREVIATION = re.compile(r"\b[A-Z]{3,6}\b")


@lru_cache(maxsize=4096)
def spelled_out(finding: str, title: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The abbreviations of a finding whose letters begin successive words of the title, with those words."""
    words = list(_WORD.finditer(title))
    initials = "".join(match.group()[0].upper() for match in words)
    found = []
    for short in sorted(set(_ABBREVIATION.findall(finding))):
        at = initials.find(short)
        if at >= 0:
            spelled = title[words[at].start() : words[at + len(short) - 1].end()]
            found.append((short.lower(), names_in(spelled)))
    return tuple(found)


@lru_cache(maxsize=4096)
def full_names(about: frozenset[str], title: str) -> frozenset[str]:
    """What stands directly behind a name in the title: biloba where a finding says ginkgo."""
    concepts = concepts_in(title)
    return frozenset(
        after.name
        for one, after in pairwise(concepts)
        if one.name in about and title[one.end : after.start].isspace() and after.name.isalpha()
    )


@lru_cache(maxsize=4096)
def kind_in_title(outcome: frozenset[str], title: str) -> frozenset[str]:
    """What stands before the one concept of an outcome wherever the title names it: nocturnal before cramps.

    Nothing where the outcome says of which kind it is, or where the title names the concept in two ways.
    """
    if len(outcome) != 1:
        return frozenset()
    (thing,) = outcome
    concepts = concepts_in(title)
    kinds = set()
    for before, concept in zip((None, *concepts), concepts, strict=False):
        if concept.name == thing:
            beside = before is not None and re.fullmatch(r"\s+(?:\w+\s+)?", title[before.end : concept.start])
            kinds.add(before.name if before and beside else "")
    kind = kinds.pop() if len(kinds) == 1 else ""
    return frozenset({kind}) if kind and kind not in SITES else frozenset()
