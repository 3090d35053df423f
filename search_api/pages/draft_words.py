"""What the page of a cited draft says of a claim: a few words, and how grave it is."""

from collections.abc import Mapping

from search_api.drafts.records import JudgedCitation, Outcome, Suggestion
from search_api.pages.desk_words import Gravity
from search_api.stance.record import Stance

OUTCOMES: Mapping[Outcome, tuple[Gravity, str]] = {
    "supported": ("good", "Supported"),
    "source found": ("read", "Source found"),
    "already cited": ("good", "Already cited"),
    "partly supported": ("look", "Partly supported"),
    "disputed": ("look", "Disputed: the records disagree"),
    "numbers differ": ("look", "Numbers differ from the record"),
    "check the direction": ("look", "Check the direction"),
    "contradicted": ("wrong", "Contradicted by the record"),
    "only retracted": ("wrong", "Only retracted work says this"),
    "nothing adequate found": ("open", "Nothing adequate found"),
}
#: What a reader has to know of an outcome before citing on the strength of it.
OUTCOME_NOTES: Mapping[Outcome, str] = {
    "source found": "Read it first: whether its record says so was not judged.",
    "check the direction": "The source seems to say otherwise.",
    "only retracted": "Retracted work is no evidence.",
}
OWN_VERDICTS: Mapping[str, tuple[Gravity, str]] = {
    "supports": ("good", "its record says so"),
    "may support": ("good", "may support this"),
    "does not seem to support": ("look", "does not seem to support this"),
    "contradicts": ("wrong", "its record says otherwise"),
    "retracted": ("wrong", "is retracted"),
    "unknown": ("open", "was not looked at"),
}


#: What the source's record says of the claim.
STANCES: Mapping[Stance, str] = {
    "supports": "its record supports this",
    "contradicts": "its record contradicts this",
    "neutral": "its record says neither",
    "not judged": "not judged",
}


def own_words(judged: JudgedCitation) -> tuple[Gravity, str]:
    """Gravity and words for a citation that the draft has."""
    return OWN_VERDICTS[judged.verdict]


def stance_words(suggestion: Suggestion) -> str:
    """Whether the source's record supports the claim, and how likely the source is about it."""
    return f"{STANCES[suggestion.stance]}, likelihood {suggestion.confidence:.2f}"
