"""What a claim and a passage have in common and where they part, as numbers for a classifier of stance.

Two kinds: of the frozen encoder's vectors (cosines; differences and products of the claim's vector with
the passage's), and of the words (negation, direction, comparison, null results, antonyms, figures,
certainty). The words come from the same extractors that read a study's finding.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from search_api.stance.concepts import concepts_in
from search_api.stance.directions import cues_in
from search_api.stance.findings import statements_in
from search_api.stance.record import finding_stance

Features = npt.NDArray[np.float64]

_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|none|lack\w*|fail\w*|absen\w+)\b|n't\b", re.I
)
_NULL = re.compile(
    r"\b(?:no|not|without|neither)\b[^.;]{0,40}\b(?:effect|differ\w*|associat\w+|significan\w+|benefit|evidence|link"
    r"|correlat\w+|chang\w+|improv\w+|reduc\w+)\b|\bunchanged\b|\bineffective\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|possibl[ey]|potential\w*|suggest\w*|likely|appears?|unclear|unknown)\b", re.I
)
_CERTAIN = re.compile(r"\b(?:cures?|proven?|always|never|definit\w+|cannot|will|must|only|all)\b", re.I)
_COMPARISON = re.compile(r"\b(?:than|versus|vs|compared)\b", re.I)
_FIGURE = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
_ANTONYMS = tuple(
    (re.compile(rf"\b(?:{a})", re.I), re.compile(rf"\b(?:{b})", re.I))
    for a, b in (
        ("increas|higher|elevat|rais|more", "decreas|reduc|lower|declin|fewer|less"),
        (
            "activat|induc|stimulat|promot|enhanc|upregulat",
            "inhibit|suppress|block|prevent|impair|downregulat",
        ),
        ("safe|tolerat", "unsafe|harm|adverse|toxic|risk"),
        ("effective|benefi|improv", "ineffective|worse|harm|detriment"),
        ("sensitiv|susceptib", "resistan|protect"),
        ("present|positiv|detect", "absen|negativ|undetect"),
        ("high", "low"),
        ("early", "late"),
        ("short", "long"),
        ("gain|surviv", "loss|death|mortal|lethal"),
        ("necessary|requir|essential", "dispensab|unnecessary|independent"),
        ("natural", "artificial|laborator|synthe"),
    )
)
WORD_FEATURES = (
    *("claim_negated", "text_negated", "negation_differs", "claim_null", "text_null", "null_differs"),
    *("claim_up", "claim_down", "text_up", "text_down", "same_direction", "opposite_direction"),
    *("antonyms", "claim_hedged", "text_hedged", "claim_certain", "claim_compares", "text_compares"),
    *("figures_shared", "figures_other", "concepts_shared", "concepts_other", "claim_length", "text_length"),
    *("statement_agrees", "statement_opposes", "rule_supports", "rule_contradicts"),
)
VECTOR_FEATURES = ("cosine_best", "cosine_mean", "cosine_least", "cosine_spread")


def word_features(claim: str, sentences: Sequence[str], nearest: int) -> Features:
    """``(len(WORD_FEATURES),)`` of a claim and a passage; ``nearest`` is the sentence most like the claim."""
    text, near = " ".join(sentences), sentences[nearest]
    claim_up, claim_down = _ways(claim)
    up, down = _ways(near)
    negated = bool(_NEGATION.search(claim)), bool(_NEGATION.search(near))
    null = bool(_NULL.search(claim)), bool(_NULL.search(text))
    own, theirs = _figures(claim), _figures(text)
    named, given = _names(claim), _names(text)
    values: list[float] = [
        *negated,
        negated[0] != negated[1],
        *null,
        null[0] != null[1],
        *(claim_up, claim_down, up, down),
        min(claim_up, up) + min(claim_down, down),
        min(claim_up, down) + min(claim_down, up),
        antonyms(claim, near),
        *(len(_HEDGE.findall(part)) for part in (claim, near)),
        len(_CERTAIN.findall(claim)),
        *(bool(_COMPARISON.search(part)) for part in (claim, near)),
        len(own & theirs),
        len(own - theirs),
        len(named & given) / len(named) if named else 0.0,
        len(named - given),
        np.log1p(len(claim)),
        np.log1p(len(text)),
        *_of_statements(claim, near),
        *_of_rules(claim, sentences),
    ]
    return np.array(values, dtype=np.float64)


def vector_features(claim: npt.NDArray[np.float32], sentences: npt.NDArray[np.float32]) -> Features:
    """``(len(VECTOR_FEATURES) + 2 * dim,)``: cosines, then differences and products with their mean."""
    cosines = sentences @ claim
    mean = sentences.mean(axis=0)
    mean = mean / np.linalg.norm(mean)
    head = (cosines.max(), cosines.mean(), cosines.min(), cosines.max() - cosines.min())
    return np.concatenate([head, np.abs(claim - mean), claim * mean]).astype(np.float64)


def antonyms(claim: str, text: str) -> int:
    """How many pairs of opposites stand with one side in the claim alone and the other in the text alone."""
    return sum(_parted(claim, text, a, b) or _parted(claim, text, b, a) for a, b in _ANTONYMS)


def _parted(claim: str, text: str, one: re.Pattern[str], other: re.Pattern[str]) -> bool:
    in_claim = one.search(claim) is not None and other.search(claim) is None
    return in_claim and other.search(text) is not None and one.search(text) is None


def _ways(text: str) -> tuple[int, int]:
    """How many words of a text say up (higher, better) and down (lower, worse)."""
    said = [cue.direction for cue in cues_in(text)]
    return said.count("higher") + said.count("better"), said.count("lower") + said.count("worse")


def _of_statements(claim: str, text: str) -> tuple[float, float]:
    """Statements of claim and text whose outcomes share a concept: how many agree, how many differ."""
    agree = oppose = 0
    for one in statements_in(claim, hedged=True):
        for other in statements_in(text, hedged=True):
            if one.outcome & other.outcome:
                agree += one.said == other.said
                oppose += one.said != other.said
    return float(agree), float(oppose)


def _of_rules(claim: str, sentences: Sequence[str]) -> tuple[float, float]:
    said = [finding_stance(claim, sentence).stance for sentence in sentences]
    return float(said.count("supports")), float(said.count("contradicts"))


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(text))


def _names(text: str) -> set[str]:
    return {concept.name for concept in concepts_in(text)}
