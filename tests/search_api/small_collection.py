"""A BEIR folder of five documents, written by hand, whose measures were worked out on paper.

Asked in the lexical mode, for there it is plain what comes first: the document with more of the words.

``q1`` "magnesium stretching quinine": d1 holds three of the words, d2 two, d3 one, d4 none.
    judged d2: 2, d3: 1, d4: 1; ranked d1, d2, d3
    DCG@10 = 2/log2(3) + 1/log2(4) = 1.261860 + 0.5 = 1.761860
    ideal = 2/log2(2) + 1/log2(3) + 1/log2(4) = 2 + 0.630930 + 0.5 = 3.130930
    nDCG@10 = 0.562727; Recall@100 = 2/3; reciprocal rank = 1/2
``q2`` "warfarin": only d5 holds it.
    judged d5: 1, and d99: 1, which is not in the corpus
    nDCG@10 = 1 / (1 + 0.630930) = 0.613147; Recall@100 = 1/2; reciprocal rank = 1
``q3`` "what is it": only common words, refused; judged d1: 1. All 0.
``q9`` is judged and is no query; it is left out. ``q4`` is a query that only the split ``dev`` judges.
"""

import gzip
import json
from pathlib import Path

DOCUMENTS = {
    "d1": (
        "Cramps at night",
        "Magnesium, stretching and quinine were tried for calf cramps in a trial.",
    ),
    "d2": (
        "Calves at night",
        "Magnesium and stretching were given to people with calf pain.",
    ),
    "d3": (
        "Tonic water",
        "Quinine gives tonic water its taste and was once given for cramps.",
    ),
    "d4": (
        "Compression",
        "Stockings press on the veins of the leg and are worn in daytime.",
    ),
    "d5": (
        "Blood thinners",
        "People on warfarin ask before they change the greens they eat.",
    ),
}
QUERIES = {
    "q1": "magnesium stretching quinine",
    "q2": "warfarin",
    "q3": "what is it",
    "q4": "stockings veins",
}
JUDGEMENTS = {
    "test": [
        ("q1", "d2", 2),
        ("q1", "d3", 1),
        ("q1", "d4", 1),
        ("q2", "d5", 1),
        ("q2", "d99", 1),
        ("q3", "d1", 1),
        ("q9", "d1", 1),
    ],
    "dev": [("q4", "d4", 1)],
}
VALUES = {
    "q1": {"nDCG@10": 0.562727, "Recall@100": 2 / 3, "MRR@10": 0.5},
    "q2": {"nDCG@10": 0.613147, "Recall@100": 0.5, "MRR@10": 1.0},
    "q3": {"nDCG@10": 0.0, "Recall@100": 0.0, "MRR@10": 0.0},
}
MEANS = {"nDCG@10": 0.391958, "Recall@100": 0.388889, "MRR@10": 0.5}


def corpus_lines(documents: dict[str, tuple[str, str]] = DOCUMENTS) -> str:
    """The documents, one a line."""
    lines = [{"_id": key, "title": title, "text": text} for key, (title, text) in documents.items()]
    return "".join(json.dumps(line) + "\n" for line in lines)


def write_collection(folder: Path, zipped: bool = False) -> Path:
    """Write the collection into a new folder."""
    (folder / "qrels").mkdir(parents=True)
    if zipped:
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(corpus_lines().encode()))
    else:
        (folder / "corpus.jsonl").write_text(corpus_lines(), "utf-8")
    queries = [json.dumps({"_id": query_id, "text": text}) + "\n" for query_id, text in QUERIES.items()]
    (folder / "queries.jsonl").write_text("".join(queries), "utf-8")
    for split, judgements in JUDGEMENTS.items():
        rows = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in judgements)]
        (folder / "qrels" / f"{split}.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder
