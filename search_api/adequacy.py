"""Whether what was found seems to answer the question at all.

A logistic model of two things: where the best cosine lies between a foreign question and a title
(`indexer.background`, so that every model is on one scale), and the share of the question's terms,
weighted by their rarity, that no passage of the library holds. Fitted by `benchmarks/adequacy.py` on
questions that are kept apart from the tests; ARCHITECTURE.md has the figures and what was tried besides.
"""

from collections.abc import Mapping

_CLOSENESS, _UNKNOWN, _CONSTANT = 10.96, -5.2, -3.77


def is_adequate(closeness: float, unknown: float) -> bool:
    """Whether the best passages are likely to answer, from `Background.closeness` of the best cosine.

    ``unknown`` is a share, 0 to 1.
    """
    return _CLOSENESS * closeness + _UNKNOWN * unknown + _CONSTANT >= 0


def unknown_share(rarities: Mapping[str, float], frequencies: Mapping[str, int]) -> float:
    """The share of the rarities that lies on stems which no passage holds, 0 to 1; 1 without stems."""
    total = sum(rarities.values())
    lost = sum(rarity for stem, rarity in rarities.items() if not frequencies[stem])
    return lost / total if total else 1.0
