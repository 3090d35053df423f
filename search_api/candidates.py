"""The stretches that are candidates for a question, with the vectors of their passages."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search_api.fusion import Rows, Scores

Vectors = npt.NDArray[np.float32]


@dataclass
class Candidates:
    """The stretches that are candidates, and the vectors of all their passages."""

    stretches: Rows
    rows: Rows
    firsts: Rows
    vectors: Vectors
    means: Vectors

    @property
    def owner(self) -> Rows:
        """For each passage its stretch's position."""
        return np.repeat(np.arange(len(self.firsts)), np.diff(np.append(self.firsts, len(self.rows))))

    def cosines(self, vector: Vectors) -> tuple[Vectors, Scores]:
        """Of each passage; and of each stretch the best passage's plus the mean's."""
        each = self.vectors @ vector
        best = np.maximum.reduceat(each, self.firsts)
        return each, (best + self.means @ vector).astype(np.float64)

    def best_vectors(self, each: Vectors, chosen: Rows) -> Vectors:
        """The vector of the best passage of each chosen stretch, by the cosines of all passages."""
        ends = np.append(self.firsts, len(self.rows))
        places = [ends[i] + int(np.argmax(each[ends[i] : ends[i + 1]])) for i in chosen]
        return self.vectors[places]
