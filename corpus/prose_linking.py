"""Mentions in prose -> studies of the library, each with a confidence; a doubtful one stays unresolved.

A fact that a mention states and a record contradicts excludes that record: another year, another first
author, a cohort that the record does not name, another design, country, journal, size or kind of people.
What is left competes. Each candidate gets a score from the clues that agree, weighted by how rare they are
in the library, and its confidence is its share among all candidates and "none of them", which has the score
zero: a conditional logit with an outside option (McFadden 1974, Conditional logit analysis of qualitative
choice behavior). So two that fit equally well resolve to neither.
"""

import math
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.prose_mentions import Clues
from corpus.study_matching import Asked, Values
from corpus.study_profiles import StudyProfiles

#: A mention resolves where its best candidate is at least so sure (`benchmarks/prose_linking.py`).
THRESHOLD = 0.7
#: What each clue is worth, fitted by `benchmarks/prose_linking.py`.
WEIGHTS: Mapping[str, float] = {
    "constant": -3.85,
    "year": 1.46,
    "year_in_sentence": 1.13,
    "author": 0.88,
    "author_without_year": -1.3,
    "given_name": 1.9,
    "name": 0.48,
    "name_of_trial": 0.55,
    "size": 0.3,
    "country": 1.06,
    "journal": 2.01,
    "figures": 0.68,
    "phrase": 1.15,
    "context": 1.38,
    "nearby": 0.16,
    "missing": -3.55,
    "subject_alone": -1.3,
}
#: Candidates that are weighed, those that share most of the subject.
_MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mention: the study and the confidence (0 to 1), or no study and the reason."""

    source_id: str | None
    confidence: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The studies that nothing excludes, by row, and their features, (n, len(WEIGHTS)) float64."""

    rows: tuple[int, ...]
    features: Values

    def shares(self, weights: Sequence[float]) -> Values:
        """The confidence of each candidate, (n,) float64; their sum is less than 1."""
        scores = self.features @ np.asarray(weights)
        top = max(0.0, float(scores.max(initial=0.0)))
        powers = np.exp(scores - top)
        return np.asarray(powers / (powers.sum() + math.exp(-top)))


def resolve(
    clues: Clues, profiles: StudyProfiles, abbreviations: Mapping[str, str], threshold: float = THRESHOLD
) -> Verdict:
    """The study that a mention names; ``abbreviations`` are those of the mention's text."""
    found = candidates(clues, profiles, abbreviations)
    if not found.rows:
        return Verdict(None, 0.0, "no study of the library has all that it states")
    shares = found.shares(list(WEIGHTS.values()))
    order = np.argsort(-shares, kind="stable")
    best = profiles.profiles[found.rows[order[0]]].source_id
    confidence = round(float(shares[order[0]]), 2)
    if confidence >= threshold:
        return Verdict(best, confidence)
    if len(order) > 1 and shares[order[1]] > confidence / 2:
        other = profiles.profiles[found.rows[order[1]]].source_id
        return Verdict(None, confidence, f"{best} and {other} fit it alike")
    return Verdict(None, confidence, f"{best} fits best, with a confidence of {confidence:.2f}")


def candidates(clues: Clues, profiles: StudyProfiles, abbreviations: Mapping[str, str]) -> Candidates:
    """The studies that a mention may name, those that share most of its subject, with their features."""
    asked = Asked(clues, profiles, ChainMap(dict(abbreviations), profiles.abbreviations))
    rows: list[int] = []
    for row in asked.rows_by_subject():
        if asked.allows(row):
            rows.append(row)
        if len(rows) == _MOST_CANDIDATES:
            break
    features = asked.features(np.array(rows, dtype=np.intc))
    return Candidates(tuple(rows), np.stack([features[name] for name in WEIGHTS], axis=1))
