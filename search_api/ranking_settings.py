"""The settings of ranking: one frozen record of (name, value), switched by ``name=value``.

They belong neither to the index nor to the server: every search of a product run uses the defaults, which
are what was tuned; an evaluation switches one of them to see what it is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from corpus.errors import ParameterError


@dataclass(frozen=True, slots=True)
class Ranking:
    """How candidates are taken and joined; the defaults were tuned on SciFact train and NFCorpus dev."""

    #: Weight of the dense leg in the fused score, 0 to 1; the lexical leg has the rest.
    dense_weight: float = 0.6
    #: Candidates (passages) that each leg contributes, at least.
    depth: int = 200
    #: Passages that a reranker, where there is one, orders anew.
    rerank_depth: int = 30

    def __post_init__(self) -> None:
        if not 0 <= self.dense_weight <= 1:
            raise ParameterError("dense_weight", str(self.dense_weight), "must be 0 to 1", "give 0.6")
        for name in ("depth", "rerank_depth"):
            if getattr(self, name) < 1:
                raise ParameterError(name, str(getattr(self, name)), "must be at least 1", "leave it out")

    @classmethod
    def from_assignments(cls, assignments: Sequence[str]) -> Self:
        """The defaults with each ``name=value`` of ``assignments`` put in.

        Raises `ParameterError` for a name that is none, and for a value that is not of its type.
        """
        kinds = {field.name: type(field.default) for field in fields(cls)}
        values: dict[str, Any] = {}
        for assignment in assignments:
            name, _, value = (part.strip() for part in assignment.partition("="))
            if name not in kinds:
                raise ParameterError("set", assignment, "no setting of that name", f"use {', '.join(kinds)}")
            values[name] = _converted(name, value, kinds[name])
        return cls(**values)


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
