"""SciFact (train) and HealthVer (dev) as pairs of a claim and sentences, each with its label.

SciFact labels sentences that support or contradict. Its neutral pairs are of two kinds: documents that
the claim's source cites and that hold no evidence (``cited``), and, for a claim with evidence, the
nearest document that other claims cite (``unrelated``). Of both the sentences nearest to the claim
are taken, as many as a set of evidence sentences has, drawn at random from those that were labelled.
"""

import csv
import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.normalising import search_form
from corpus.sentences import sentence_spans
from indexer.encoder import Encoder

LABELS = ("contradicts", "neutral", "supports")
_SCIFACT = {"SUPPORT": "supports", "CONTRADICT": "contradicts"}
_HEALTHVER = {"Supports": "supports", "Refutes": "contradicts", "Neutral": "neutral"}
_SEED = 0

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and the sentences it is judged by; ``group`` is the claim, ``wider`` what shares its texts."""

    claim: str
    sentences: tuple[str, ...]
    label: str
    kind: str
    group: str
    wider: str
    document: str


class Vectors:
    """Vectors of texts, each encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._of: dict[str, Vector] = {}

    def add(self, texts: Sequence[str]) -> None:
        """Encode those that are new, all at once."""
        new = sorted(set(texts) - self._of.keys())
        if new:
            encoded = self._encoder.encode_passages([search_form(text) for text in new])
            self._of.update(zip(new, encoded, strict=True))

    def of(self, texts: Sequence[str]) -> Vector:
        """``(n, dim) float32``."""
        return np.array([self._of[text] for text in texts])


def healthver(shared: Path, vectors: Vectors) -> list[Pair]:
    """The claims of HealthVer's development split with their evidence; ``wider`` is the question."""
    with (shared / "eval" / "healthver" / "healthver_dev.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    pairs = []
    for row in rows:
        sentences = tuple(row["evidence"][a:b] for a, b in sentence_spans(row["evidence"]))
        label = _HEALTHVER[row["label"]]
        pairs.append(
            Pair(row["claim"], sentences, label, "given", row["claim"], row["question"], row["evidence"])
        )
    vectors.add([text for pair in pairs for text in (pair.claim, *pair.sentences)])
    return pairs


def scifact(shared: Path, vectors: Vectors) -> list[Pair]:
    """The claims of SciFact's train split; ``wider`` joins claims that cite a document in common."""
    folder = shared / "eval" / "scifact" / "original"
    claims = [json.loads(line) for line in (folder / "claims_train.jsonl").open(encoding="utf-8")]
    cited = {str(document) for claim in claims for document in claim["cited_doc_ids"]}
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = (json.loads(line) for line in lines)
        texts = {str(r["doc_id"]): list(r["abstract"]) for r in records if str(r["doc_id"]) in cited}
    vectors.add([sentence for text in texts.values() for sentence in text] + [c["claim"] for c in claims])
    sizes = [len(one["sentences"]) for c in claims for sets in c["evidence"].values() for one in sets]
    draw = random.Random(_SEED)
    joined = _joined(claims)
    return [
        pair
        for claim in claims
        for pair in _of_claim(claim, texts, vectors, lambda: draw.choice(sizes), joined[str(claim["id"])])
    ]


def _of_claim(
    claim: Mapping[str, Any],
    texts: Mapping[str, list[str]],
    vectors: Vectors,
    size: Callable[[], int],
    wider: str,
) -> Iterator[Pair]:
    own = [str(document) for document in claim["cited_doc_ids"]]
    asked = vectors.of([claim["claim"]])[0]

    def pair(document: str, numbers: Sequence[int], label: str, kind: str) -> Pair:
        sentences = tuple(texts[document][number] for number in sorted(numbers))
        return Pair(claim["claim"], sentences, label, kind, str(claim["id"]), wider, document)

    def nearest(document: str) -> list[int]:
        return [int(n) for n in np.argsort(-(vectors.of(texts[document]) @ asked))[: size()]]

    for document in own:
        sets = claim["evidence"].get(document)
        for one in sets or ():
            yield pair(document, one["sentences"], _SCIFACT[one["label"]], "rationale")
        if not sets:
            yield pair(document, nearest(document), "neutral", "cited")
    if claim["evidence"]:
        others = sorted(texts.keys() - set(own))
        best = max(others, key=lambda document: float((vectors.of(texts[document]) @ asked).max()))
        yield pair(best, nearest(best), "neutral", "unrelated")


def _joined(claims: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The claims' ids with the name of the group of claims that share cited documents."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            name = parent[name]
        return name

    for claim in claims:
        for document in claim["cited_doc_ids"]:
            parent[root(f"claim {claim['id']}")] = root(f"document {document}")
    return {str(claim["id"]): root(f"claim {claim['id']}") for claim in claims}
