"""What a cosine is worth in an index: where unrelated texts lie, and where those about a passage lie.

Models spread their cosines differently: 0.5 is a good match for one and nothing for another. So each build
asks its own passages questions from all walks of life, and the titles of its own sources, and keeps where
the two lie. Titles against other sources were tried for the lower end: in a library about one subject they
measure the subject, and a good answer looks like any other passage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from indexer.encoder import Encoder

Matrix = npt.NDArray[np.float16]
#: The title of a source and the half-open range of its passages' rows.
TitledRows = tuple[str, int, int]

#: Questions that a library is not about; in one that is about some of them the median does not notice.
FOREIGN_QUESTIONS = (
    "How do I change the tyre of a bicycle?",
    "Which rivers flow through Budapest?",
    "Who painted the ceiling of the chapel?",
    "How is the interest on a mortgage calculated?",
    "What is the offside rule in football?",
    "When was the printing press invented?",
    "How do I sort a list in a spreadsheet?",
    "Which planets have rings?",
    "How are violins tuned?",
    "What does a notary do when a house is sold?",
    "Why is the sea salty?",
    "How long do trains take from Vienna to Rome?",
    "Which knots are used in climbing?",
    "How do glaciers shape a valley?",
    "What is a sonnet?",
    "How do I repair a leaking tap?",
    "Which languages are spoken in Switzerland?",
    "How does a diesel engine start in the cold?",
    "What was traded along the Silk Road?",
    "How do magnets work?",
    "What is the difference between a crocodile and an alligator?",
    "How do I open a bank account for a company?",
    "Which wood is best for outdoor furniture?",
    "How do elections to the senate work?",
    "Why do leaves change their colour in autumn?",
    "How is steel made from iron ore?",
    "What are the opening moves of a chess game?",
    "How do satellites stay in orbit?",
    "Which films were made by that director?",
    "How do I write a letter of application?",
    "What is the capital of Mongolia?",
    "How are earthquakes measured?",
)
_PASSAGES = 2000
_TITLES = 64


@dataclass(frozen=True, slots=True)
class Background:
    """Medians of cosines: of foreign questions, and of titles with the best passage of their own source."""

    foreign: float = 0.0
    own: float = 0.9

    def closeness(self, cosines: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Where each cosine lies, 0 at the foreign and 1 at the own, in the shape given; or beyond."""
        return np.asarray((cosines - self.foreign) / (self.own - self.foreign), dtype=np.float64)

    @classmethod
    def of_manifest(cls, parameters: Mapping[str, Any]) -> Self:
        """What a build wrote into the parameters of its manifest; the usual values where it wrote none."""
        return cls(**parameters.get("background", {}))

    def as_parameters(self) -> dict[str, float]:
        """What the manifest holds."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def measured(encoder: Encoder, titled: Sequence[TitledRows], matrix: Matrix) -> Background:
    """The background of all passages' vectors, ``(passages, dim) float16``, from samples of them.

    A library without passages, and a model that finds titles no nearer to their own text than foreign
    questions, get the usual values.
    """
    if not len(matrix):
        return Background()
    sample = matrix[_evenly(len(matrix), _PASSAGES)].astype(np.float32)
    questions = np.stack([encoder.encode_query(question) for question in FOREIGN_QUESTIONS])
    foreign = float(np.median(questions @ sample.T))
    own = [_own(encoder, titled[i], matrix) for i in _evenly(len(titled), _TITLES)]
    found = Background(foreign, float(np.median(own))) if own else Background(foreign, foreign)
    return found if found.own - found.foreign > 0.01 else Background()


def _own(encoder: Encoder, of: TitledRows, matrix: Matrix) -> float:
    """The best cosine of a source's title with its passages."""
    title, first, end = of
    return float((matrix[first:end].astype(np.float32) @ encoder.encode_query(title)).max())


def _evenly(count: int, most: int) -> npt.NDArray[np.int64]:
    """At most ``most`` of ``count`` positions, at even distances."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))
