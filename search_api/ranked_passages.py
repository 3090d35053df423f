"""What a search chose, before it is made into hits."""

from collections.abc import Mapping
from dataclasses import dataclass

from search_api import fusion
from search_api.ranking import Question, Ranked


@dataclass(frozen=True, slots=True)
class RankedPassages:
    """What a search chose, before it is made into hits; times in milliseconds.

    ``rows`` are rows of the library, best first, ``scores`` their fused scores, ``(chosen,)`` each;
    ``reranked`` maps the places that a reranker read to its scores. ``more`` is whether others come after,
    ``first`` the place of the first of the whole list, None where nothing was found.
    """

    question: Question
    candidates: Ranked
    places: tuple[int, ...]
    reranked: Mapping[int, float]
    encoding_ms: float
    ranking_ms: float
    more: bool = False
    first: int | None = None

    @property
    def rows(self) -> fusion.Rows:
        """The library's rows of the chosen passages."""
        return self.candidates.rows[list(self.places)]

    @property
    def scores(self) -> fusion.Scores:
        """Their fused scores."""
        return self.candidates.fused[list(self.places)]

    @property
    def cosines(self) -> fusion.Scores:
        """Their cosines."""
        return self.candidates.dense[list(self.places)]
