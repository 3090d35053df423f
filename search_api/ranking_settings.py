"""The settings of ranking: one frozen record of (name, value), switched by ``name=value``.

They belong neither to the index nor to the server: a search uses those of a profile, which are what was
tuned; an evaluation switches one of them to see what it is worth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from corpus.errors import ParameterError

#: Libraries of fewer stretches than this are searched without feedback and grams.
SMALL_LIBRARY = 1000
DEFAULT_PROFILE = "default"
#: What a profile changes of the defaults.
PROFILES: Mapping[str, Mapping[str, Any]] = {
    DEFAULT_PROFILE: {},
    "fast": {"depth": 100, "bigram_weight": 0.0, "expansion_terms": 0, "neighbour_weight": 0.0},
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """How candidates are taken and joined; the defaults were tuned on SciFact train and NFCorpus dev."""

    #: Weights of the fused score: cosines, BM25 over stems, over their 4-grams, over pairs of stems.
    dense_weight: float = 0.65
    lexical_weight: float = 0.25
    gram_weight: float = 0.25
    bigram_weight: float = 0.05
    #: Candidates (passages) that each leg contributes, at least.
    depth: int = 300
    #: Passages that a reranker, where there is one, orders anew.
    rerank_depth: int = 30
    #: Stretches that are fed back (0: none), how far the question moves to them, how steeply they count.
    feedback: int = 10
    feedback_share: float = 0.5
    feedback_temperature: float = 0.05
    #: Stems that are fed back (0: none), and their share of the question's words.
    expansion_terms: int = 50
    expansion_share: float = 0.7
    #: Nearest candidates that share their scores, and how much of the rest of the scale they give.
    neighbours: int = 5
    neighbour_pool: int = 200
    neighbour_weight: float = 0.25

    @classmethod
    def of_profile(cls, name: str) -> Self:
        """The settings of a profile: ``default``, or ``fast`` for half the time and a little less found.

        Raises `ParameterError` for another name.
        """
        if name not in PROFILES:
            raise ParameterError("profile", name, "no profile of that name", f"use {' or '.join(PROFILES)}")
        return cls(**PROFILES[name])

    @classmethod
    def for_library(cls, stretches: int, profile: str = DEFAULT_PROFILE) -> Self:
        """The settings of a profile for a library of so many stretches.

        A small library is about one subject: its ten best stretches are not all answers, and nearly every
        stretch is a candidate. There the plain sum of both legs did better (ARCHITECTURE.md).
        """
        chosen = cls.of_profile(profile)
        return chosen if stretches >= SMALL_LIBRARY else replace(chosen, feedback=0, gram_weight=0.0)

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if isinstance(value, float) and not 0 <= value <= 1:
                raise ParameterError(name, str(value), "must be 0 to 1", "give a share")
            if isinstance(value, int) and not 0 <= value <= 10_000:
                raise ParameterError(name, str(value), "must be 0 to 10000", "give a number of them")
        for name in ("depth", "rerank_depth", "neighbours"):
            if getattr(self, name) < 1:
                raise ParameterError(name, str(getattr(self, name)), "must be at least 1", "leave it out")
        if not self.dense_weight + self.lexical_weight + self.gram_weight:
            raise ParameterError(
                "dense_weight, lexical_weight, gram_weight", "0.0", "one must be above 0", "give 1 to one"
            )
        if self.feedback_temperature <= 0:
            raise ParameterError("feedback_temperature", "0.0", "must be above 0", "give 0.05")

    @classmethod
    def from_assignments(cls, assignments: Sequence[str]) -> Self:
        """The defaults with each ``name=value`` of ``assignments`` put in; raises as `with_assignments`."""
        return cls().with_assignments(assignments)

    def with_assignments(self, assignments: Sequence[str]) -> Self:
        """These settings with each ``name=value`` of ``assignments`` put in.

        Raises `ParameterError` for a name that is none, and for a value that is not of its type.
        """
        kinds = {field.name: type(field.default) for field in fields(self)}
        values: dict[str, Any] = {}
        for assignment in assignments:
            name, _, value = (part.strip() for part in assignment.partition("="))
            if name not in kinds:
                raise ParameterError("set", assignment, "no setting of that name", f"use {', '.join(kinds)}")
            values[name] = _converted(name, value, kinds[name])
        return replace(self, **values)


def _converted(name: str, value: str, kind: type) -> Any:
    if kind is bool:
        if value not in ("true", "false"):
            raise ParameterError(name, value, "must be true or false", "give one of the two")
        return value == "true"
    try:
        return kind(value)
    except ValueError as error:
        wanted = {int: "a whole number", float: "a number"}[kind]
        raise ParameterError(name, value, f"must be {wanted}", "give one") from error
