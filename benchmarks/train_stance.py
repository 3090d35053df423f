"""A classifier of stance over the frozen encoder and the words, trained, cross-validated and reported.

``python -m benchmarks.train_stance SHARED`` reads SciFact and HealthVer from the folder ``SHARED`` and
writes ``benchmarks/results/stance.json``. Nothing of it is in the product: ARCHITECTURE.md says why.
"""

import itertools
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import machine
from benchmarks.stance_collections import LABELS, Pair, Vectors, healthver, scifact
from benchmarks.stance_features import VECTOR_FEATURES, WORD_FEATURES, vector_features, word_features
from indexer.compiling import compile_encoder
from indexer.encoder import OpenVinoEncoder
from indexer.models import DEFAULT_MODEL, locate

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

_RESULTS = Path(__file__).parent / "results" / "stance.json"
_FOLDS, _RESAMPLES, _BINS, _COMPONENTS, _REGULARISATION = 5, 1000, 30, 24, 0.01
#: Precision that a stance would need, and how often it must have been given to be believed.
_NEEDED, _BELIEVED = 0.8, 20


class Collection:
    """Pairs with their features: ``words`` (n, w), ``vectors`` (n, v), ``labels`` (n,)."""

    def __init__(self, pairs: Sequence[Pair], encoded: Vectors) -> None:
        self.pairs = list(pairs)
        self.labels: Labels = np.array([LABELS.index(pair.label) for pair in pairs])
        words, vectors = [], []
        for pair in pairs:
            claim, sentences = encoded.of([pair.claim])[0], encoded.of(pair.sentences)
            words.append(word_features(pair.claim, pair.sentences, int((sentences @ claim).argmax())))
            vectors.append(vector_features(claim, sentences))
        self.words: Array = np.array(words)
        self.vectors: Array = np.array(vectors)

    def part(self, rows: npt.NDArray[np.intp]) -> "Collection":
        """The pairs of some rows."""
        part = object.__new__(Collection)
        part.pairs = [self.pairs[row] for row in rows]
        part.labels, part.words, part.vectors = self.labels[rows], self.words[rows], self.vectors[rows]
        return part

    def __add__(self, other: "Collection") -> "Collection":
        both = object.__new__(Collection)
        both.pairs = self.pairs + other.pairs
        both.labels = np.concatenate([self.labels, other.labels])
        both.words = np.vstack([self.words, other.words])
        both.vectors = np.vstack([self.vectors, other.vectors])
        return both


#: Learns from one collection and gives the probabilities (n, 3) of another's labels.
Method = Callable[[Collection, Collection], Array]


def majority(seen: Collection, asked: Collection) -> Array:
    """The most frequent label for all."""
    return np.tile(np.eye(3)[np.bincount(seen.labels, minlength=3).argmax()], (len(asked.labels), 1))


def cosine(seen: Collection, asked: Collection) -> Array:
    """The best two thresholds on the nearest sentence's cosine, and the best label of each interval."""
    edges = np.quantile(seen.vectors[:, 0], np.linspace(0, 1, _BINS + 1)[1:-1])
    bins = np.searchsorted(edges, seen.vectors[:, 0])
    counts = np.zeros((_BINS, 3))
    np.add.at(counts, (bins, seen.labels), 1)
    best, rule = -1.0, (0, 0, (1, 1, 1))
    for low, high in itertools.combinations(range(1, _BINS), 2):
        parts = counts[:low].sum(0), counts[low:high].sum(0), counts[high:].sum(0)
        for given in itertools.product(range(3), repeat=3):
            table = np.zeros((3, 3))
            for part, label in zip(parts, given, strict=True):
                table[:, label] += part
            if (score := _macro(table)) > best:
                best, rule = score, (low, high, given)
    low, high, given = rule
    place = np.searchsorted(edges, asked.vectors[:, 0])
    return np.eye(3)[np.array(given)[(place >= low).astype(int) + (place >= high)]]


def classifier(*, words: bool, vectors: bool) -> Method:
    """Logistic regression over cosines, word features, and principal components of the vector features."""

    def learn(seen: Collection, asked: Collection) -> Array:
        from sklearn.decomposition import PCA
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler

        head, dim = len(VECTOR_FEATURES), (seen.vectors.shape[1] - len(VECTOR_FEATURES)) // 2
        parts = [(seen.vectors[:, :head], asked.vectors[:, :head])]
        if words:
            parts.append((seen.words, asked.words))
        for block in (slice(head, head + dim), slice(head + dim, None)) if vectors else ():
            shrink = PCA(_COMPONENTS, random_state=0).fit(seen.vectors[:, block])
            parts.append(
                (shrink.transform(seen.vectors[:, block]), shrink.transform(asked.vectors[:, block]))
            )
        known, new = (np.hstack([part[side] for part in parts]) for side in (0, 1))
        scale = StandardScaler().fit(known)
        model = LogisticRegression(C=_REGULARISATION, class_weight="balanced", max_iter=3000)
        model.fit(scale.transform(known), seen.labels)
        return np.asarray(model.predict_proba(scale.transform(new)))

    return learn


METHODS: dict[str, Method] = {
    "majority": majority,
    "cosine": cosine,
    "words": classifier(words=True, vectors=False),
    "vectors": classifier(words=False, vectors=True),
    "words and vectors": classifier(words=True, vectors=True),
}


def cross_validated(method: Method, whole: Collection, groups: Sequence[str]) -> Array:
    """Probabilities (n, 3) of every pair from a model that saw no pair of its group.

    Where groups are wider than claims, no pair with a document of the fold is learnt from either.
    """
    from sklearn.model_selection import GroupKFold

    given = np.zeros((len(whole.labels), 3))
    by_document = groups != [pair.group for pair in whole.pairs]
    for seen, asked in GroupKFold(_FOLDS).split(whole.words, whole.labels, groups):
        if by_document:
            documents = {whole.pairs[row].document for row in asked}
            seen = np.array([row for row in seen if whole.pairs[row].document not in documents])
        given[asked] = method(whole.part(seen), whole.part(asked))
    return given


def report(given: dict[str, Array], whole: Collection) -> dict[str, object]:
    """Macro-F1 of each method with 95 % intervals (bootstrap by claim), and of its gain over the cosine."""
    rng = np.random.default_rng(0)
    rows: dict[str, list[int]] = {}
    for row, pair in enumerate(whole.pairs):
        rows.setdefault(pair.group, []).append(row)
    claims = [np.array(of_claim) for of_claim in rows.values()]
    samples = [
        np.concatenate([claims[i] for i in rng.integers(len(claims), size=len(claims))])
        for _ in range(_RESAMPLES)
    ]
    scores = {
        name: np.array([_f1(whole.labels[s], probabilities[s].argmax(1)) for s in samples])
        for name, probabilities in given.items()
    }
    return {
        name: {
            "macro_f1": round(_f1(whole.labels, probabilities.argmax(1)), 3),
            "interval": _interval(scores[name]),
            "gain_over_cosine": _interval(scores[name] - scores["cosine"]),
            **(_surest(probabilities, whole.labels) if name not in ("majority", "cosine") else {}),
        }
        for name, probabilities in given.items()
    }


def abstaining(own: Array, seen: Collection, given: Array, asked: Collection) -> dict[str, object]:
    """The threshold that reaches the needed precision where it was learnt, and what it gives elsewhere."""
    found: dict[str, object] = {}
    for label in ("contradicts", "supports"):
        column = LABELS.index(label)
        threshold = _threshold(own[:, column], seen.labels == column)
        if threshold is None:
            found[label] = f"no threshold reaches a precision of {_NEEDED} where it was learnt"
            continue
        said = given[:, column] >= threshold
        right = int((asked.labels[said] == column).sum())
        found[label] = {
            "threshold": round(threshold, 3),
            "said": int(said.sum()),
            "precision": round(right / int(said.sum()), 3) if said.any() else None,
            "recall": round(right / int((asked.labels == column).sum()), 3),
        }
    return found


def measure(shared: Path, work: Path) -> dict[str, object]:
    """All figures, from the folder of real files and an empty folder to compile the encoder in."""
    compile_encoder(locate(DEFAULT_MODEL), work)
    encoded = Vectors(OpenVinoEncoder(work))
    one, two = Collection(scifact(shared, encoded), encoded), Collection(healthver(shared, encoded), encoded)
    both = one + two
    seen: dict[str, object] = {
        "pairs": {name: _pairs(c) for name, c in (("scifact", one), ("healthver", two))}
    }
    seen["rules"] = {"scifact": _rules(one), "healthver": _rules(two)}
    settings = (
        ("scifact by claim", one, [pair.group for pair in one.pairs]),
        ("scifact by claim and document", one, [pair.wider for pair in one.pairs]),
        ("healthver by claim", two, [pair.group for pair in two.pairs]),
        ("healthver by question", two, [pair.wider for pair in two.pairs]),
        ("together by claim", both, [pair.group for pair in both.pairs]),
    )
    kept: dict[str, Array] = {}
    for name, whole, groups in settings:
        given = {method: cross_validated(learn, whole, groups) for method, learn in METHODS.items()}
        kept[name] = given["words and vectors"]
        seen[name] = report(given, whole)
    for name, learnt, asked, own in (
        ("scifact to healthver", one, two, "scifact by claim and document"),
        ("healthver to scifact", two, one, "healthver by question"),
    ):
        given = {method: learn(learnt, asked) for method, learn in METHODS.items()}
        seen[name] = report(given, asked)
        seen[f"{name}, abstaining"] = abstaining(kept[own], learnt, given["words and vectors"], asked)
    return seen


def _rules(collection: Collection) -> dict[str, int]:
    """What the product's rules say where they say one thing of a pair, as ``label: said``."""
    columns = [WORD_FEATURES.index(f"rule_{stance}") for stance in ("supports", "contradicts")]
    found: dict[str, int] = {}
    for pair, (supports, contradicts) in zip(collection.pairs, collection.words[:, columns], strict=True):
        if bool(supports) != bool(contradicts):
            name = f"{pair.label}: {'supports' if supports else 'contradicts'}"
            found[name] = found.get(name, 0) + 1
    return found


def _pairs(collection: Collection) -> dict[str, int]:
    names = [f"{pair.label}, {pair.kind}" for pair in collection.pairs]
    return {name: names.count(name) for name in sorted(set(names))} | {
        "claims": len({pair.group for pair in collection.pairs}),
        "groups": len({pair.wider for pair in collection.pairs}),
    }


def _macro(table: Array) -> float:
    """Macro-F1 of a table (true, given)."""
    sums = table.sum(0) + table.sum(1)
    return float(np.mean(2 * np.diag(table) / np.where(sums == 0, 1, sums)))


def _f1(labels: Labels, given: npt.NDArray[np.intp]) -> float:
    table = np.zeros((3, 3))
    np.add.at(table, (labels, given), 1)
    return _macro(table)


def _interval(values: Array) -> list[float]:
    return [round(float(v), 3) for v in np.quantile(values, (0.025, 0.975))]


def _surest(probabilities: Array, labels: Labels) -> dict[str, dict[str, float]]:
    """Precision of the surest 50, 100 and 200 of either stance."""
    found = {}
    for label in ("contradicts", "supports"):
        column = LABELS.index(label)
        order = np.argsort(-probabilities[:, column], kind="stable")
        shares = {str(n): round(float((labels[order[:n]] == column).mean()), 3) for n in (50, 100, 200)}
        found[f"precision_{label}"] = shares
    return found


def _threshold(scores: Array, right: npt.NDArray[np.bool_]) -> float | None:
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    reached = [i for i in range(_BELIEVED - 1, len(order)) if precision[i] >= _NEEDED]
    return float(scores[order[reached[-1]]]) if reached else None


def main(arguments: list[str]) -> None:
    """Measure and write what was seen."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "eval").is_dir():
        sys.exit(
            "usage: python -m benchmarks.train_stance SHARED; SHARED holds eval/scifact and eval/healthver"
        )
    with tempfile.TemporaryDirectory() as work:
        seen = measure(Path(arguments[0]), Path(work))
    document = {"machine": machine.description(), "seen": seen}
    _RESULTS.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    print(json.dumps(seen, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
