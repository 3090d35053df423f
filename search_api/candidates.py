"""The stretches that are candidates for a question, with the vectors of their passages."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from search_api.fusion import Rows, Scores

Vectors = npt.NDArray[np.float32]


@dataclass
class Candidates:
    """The stretches that are candidates, and the vectors of all their passages; none of it changes."""

    stretches: Rows
    rows: Rows
    firsts: Rows
    vectors: Vectors
    means: Vectors
    _cosines: dict[bytes, tuple[Vectors, Scores]] = field(default_factory=dict)

    @cached_property
    def owner(self) -> Rows:
        """For each passage its stretch's position."""
        return np.repeat(np.arange(len(self.firsts)), np.diff(np.append(self.firsts, len(self.rows))))

    def cosines(self, vector: Vectors) -> tuple[Vectors, Scores]:
        """Of each passage; and of each stretch the best passage's plus the mean's."""
        asked = vector.tobytes()
        if asked not in self._cosines:
            each = self.vectors @ vector
            best = np.maximum.reduceat(each, self.firsts)
            self._cosines[asked] = each, (best + self.means @ vector).astype(np.float64)
        return self._cosines[asked]

    def best_vectors(self, each: Vectors, chosen: Rows) -> Vectors:
        """The vector of the best passage of each chosen stretch, by the cosines of all passages."""
        ends = np.append(self.firsts, len(self.rows))
        places = [ends[i] + int(np.argmax(each[ends[i] : ends[i + 1]])) for i in chosen]
        return self.vectors[places]
