"""Whether a passage may say the opposite of a claim: a guard where stance is not judged, no judgement.

Stance judges where a study's record states a finding in words that it knows. Elsewhere a source is still
held back where claim and passage do not go the same way on their face: one denies something, or one
speaks only of more and the other only of less. Measured in `benchmarks/writing.py`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from corpus.sentences import sentence_spans
from indexer.lexical import stem_set
from search_api.stance.clauses import clauses_of
from search_api.stance.directions import Direction, cues_in

_DENIAL = re.compile(
    # "against no stretching" names a control and denies nothing.
    r"(?:(?<!against )(?<!than )(?<!versus )(?<!vs )(?<!with )\bno\b)"
    r"|\b(?:not|neither|nor|cannot|never|none|without|fail(?:s|ed)?|barely|hardly|scarcely|miss(?:es|ed)?|null|"
    r"unchanged|unaffected|unrelated|similar (?:to|in|between)|non-?significant|in contrast|ineffective|"
    r"insufficient)\b|n[’']t\b",
    re.IGNORECASE,
)
#: Clauses of the passage that hold this share of what the most telling one holds are heard as well.
_TELLING = 0.9


def may_oppose(claim: str, rarities: Mapping[str, float], passage: str) -> bool:
    """Whether the telling clauses of a passage go another way than the claim on their face."""
    telling = " ; ".join(_telling_clauses(rarities, passage))
    if not telling:
        return False
    if denies(claim) != denies(telling):
        return True
    claimed, said = ways(claim), ways(telling)
    return len(claimed) == len(said) == 1 and claimed != said


def denies(text: str) -> bool:
    """Whether a text says that something is not so."""
    return _DENIAL.search(text) is not None


def ways(text: str) -> frozenset[Direction]:
    """Whether a text speaks of higher, of lower, of both or of neither."""
    return frozenset(cue.direction for cue in cues_in(text) if cue.direction in ("lower", "higher"))


def _telling_clauses(rarities: Mapping[str, float], passage: str) -> list[str]:
    """The clauses that hold most of the claim: what stands beside them may be about something else."""
    held = []
    for clause, there in _clauses(passage):
        weight = sum(rarity for stem, rarity in rarities.items() if stem in there)
        if weight > 0:
            held.append((weight, clause))
    best = max((weight for weight, _ in held), default=0.0)
    return [clause for weight, clause in held if weight >= _TELLING * best]


@lru_cache(maxsize=1024)
def _clauses(passage: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The clauses of a passage with their stems."""
    sentences = (passage[start:end] for start, end in sentence_spans(passage))
    return tuple(
        (clause.words, stem_set(clause.words)) for sentence in sentences for clause in clauses_of(sentence)
    )
