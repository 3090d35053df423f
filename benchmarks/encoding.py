"""Bulk encoding: texts a second against sentence-transformers' default, and against the machine's peak.

The peak is the fastest matrix product of the shapes in the model that this machine does in the same
run, in single precision and in bfloat16; a processor without bfloat16 units is slow at the latter.
"""

import time
from pathlib import Path

import numpy as np

from corpus.passages import encoded_form, split
from corpus.reading import read_paths
from corpus.records import Source
from indexer.compiling import compile_encoder
from indexer.encoder import OpenVinoEncoder
from indexer.models import DEFAULT_MODEL, locate

_STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"
_LAYERS, _WIDTH, _INNER = 6, 384, 1536


def measure(work: Path) -> dict[str, object]:
    """Rates, their ratio, the agreement of the vectors, and the share of the peak."""
    import torch
    from sentence_transformers import SentenceTransformer

    model = locate(DEFAULT_MODEL)
    folder = work / "encoder"
    folder.mkdir(parents=True)
    compile_encoder(model, folder)
    ours = OpenVinoEncoder(folder)
    theirs = SentenceTransformer(str(model.path), device="cpu")
    texts = _texts(ours)
    tokens = sum(ours.count_tokens(text) + 2 for text in texts)
    ours.encode_passages(texts[:16])
    theirs.encode(texts[:16])
    rates: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(3):
        began = time.perf_counter()
        our_vectors = ours.encode_passages(texts)
        rates["ours"].append(len(texts) / (time.perf_counter() - began))
        began = time.perf_counter()
        their_vectors = theirs.encode(texts, show_progress_bar=False)
        rates["theirs"].append(len(texts) / (time.perf_counter() - began))
    our_rate, their_rate = float(np.median(rates["ours"])), float(np.median(rates["theirs"]))
    flops = _flops(tokens, len(texts)) / len(texts)
    peaks = {"float32": _peak(torch.float32), "bfloat16": _peak(torch.bfloat16)}
    return {
        "texts": len(texts),
        "tokens_per_text": round(tokens / len(texts), 1),
        "texts_per_second": round(our_rate, 1),
        "sentence_transformers_texts_per_second": round(their_rate, 1),
        "ratio": round(our_rate / their_rate, 2),
        "lowest_cosine": round(float((our_vectors * their_vectors).sum(axis=1).min()), 6),
        "gflops": round(our_rate * flops / 1e9, 1),
        "peak_gflops": {name: round(value / 1e9, 1) for name, value in peaks.items()},
        "share_of_peak": round(our_rate * flops / max(peaks.values()), 2),
    }


def _texts(encoder: OpenVinoEncoder) -> list[str]:
    sources = [s for s in read_paths([_STARTER]) if isinstance(s, Source)]
    return [
        encoded_form(s.title, p.section, p.text)
        for s in sources
        for p in split(s, encoder.count_tokens, encoder.max_tokens).passages
    ]


def _flops(tokens: int, texts: int) -> float:
    """Multiply-adds times two of the linear layers and of attention, without padding."""
    linear = 2 * tokens * _LAYERS * (4 * _WIDTH * _WIDTH + 2 * _WIDTH * _INNER)
    attention = 4 * _LAYERS * _WIDTH * tokens * (tokens / texts)
    return linear + attention


def _peak(dtype: object) -> float:
    """Operations a second of the model's largest matrix product."""
    import torch

    left = torch.randn(2048, _WIDTH).to(dtype)  # type: ignore[call-overload]
    right = torch.randn(_WIDTH, _INNER).to(dtype)  # type: ignore[call-overload]
    left @ right
    best = 0.0
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(10):
            left @ right
        best = max(best, 10 * 2 * 2048 * _WIDTH * _INNER / (time.perf_counter() - began))
    return best
