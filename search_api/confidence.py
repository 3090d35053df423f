"""How likely a result is to answer, 0 to 1, of the result itself and not of its place in the list.

A logistic curve over where the passage's cosine lies between a foreign question and a title of its own
(`indexer.background`), which means the same with every model and library. It was fitted by
``benchmarks/confidence.py`` on claims and on questions alike; ARCHITECTURE.md has what it is worth on others,
and what was tried besides.
"""

import numpy as np

from indexer.background import Background
from search_api.fusion import Scores

_CLOSENESS, _CONSTANT = 7.73, -5.54


def confidences(background: Background, cosines: Scores) -> Scores:
    """The confidence of each result, ``(n,)``, from its cosine, ``(n,)``."""
    sums = _CLOSENESS * background.closeness(cosines) + _CONSTANT
    return np.asarray(1 / (1 + np.exp(-sums)), dtype=np.float64)
