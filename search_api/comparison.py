"""Two runs over the same queries: how much better on average, and whether that could be chance.

The test is the paired randomisation test, which makes no assumption about how differences are
distributed: under the null hypothesis each query's difference could as well have the other sign. Smucker,
Allan and Carterette (doi:10.1145/1321440.1321528) found it, the bootstrap and Student's t to agree on
retrieval runs, and the sign and Wilcoxon tests to mislead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Sign patterns that are drawn where there are too many to try all; p is known to about 0.005 then.
RESAMPLES = 9999
_SEED = 20261122

Values = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure under two runs: its means, how many queries went up or down, and the two-sided p."""

    measure: str
    queries: int
    before: float
    after: float
    better: int
    worse: int
    p: float

    @property
    def mean(self) -> float:
        """The mean difference, after minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Change:
    """One query's value of a measure before and after."""

    query_id: str
    before: float
    after: float

    @property
    def by(self) -> float:
        """After minus before."""
        return self.after - self.before


def compared(before: Values, after: Values, measures: Sequence[str]) -> tuple[Difference, ...]:
    """The difference in each measure over the queries of ``after``; both must hold the same queries."""
    return tuple(_difference(measure, before, after) for measure in measures)


def changed_most(before: Values, after: Values, measure: str, most: int = 10) -> tuple[Change, ...]:
    """The queries whose value changed, the largest change first, draws in order of query id."""
    changes = [Change(query_id, before[query_id][measure], after[query_id][measure]) for query_id in after]
    changed = [change for change in changes if change.by]
    return tuple(sorted(changed, key=lambda change: (-abs(change.by), change.query_id))[:most])


def _difference(measure: str, before: Values, after: Values) -> Difference:
    old = np.array([before[query_id][measure] for query_id in after], dtype=np.float64)
    new = np.array([after[query_id][measure] for query_id in after], dtype=np.float64)
    return Difference(
        measure=measure,
        queries=len(new),
        before=float(old.mean()),
        after=float(new.mean()),
        better=int((new > old).sum()),
        worse=int((new < old).sum()),
        p=randomisation_p(new - old),
    )


def randomisation_p(differences: npt.NDArray[np.float64]) -> float:
    """How often random signs give a mean at least as far from 0, two-sided.

    All sign patterns are tried where there are at most `RESAMPLES`, else as many are drawn, always the same.
    """
    from scipy.stats import permutation_test

    if not differences.any() or len(differences) < 2:
        return 1.0
    result = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=512,
        rng=np.random.default_rng(_SEED),
    )
    return float(result.pvalue)
