"""Footnote, through the build and the searcher that its commands use."""

import json

from indexer.build import build as build_index
from indexer.generation import IndexDirectory
from search_api.queries import query_from
from search_api.search import Searcher

PROFILE = "default"


def build(documents, folder, model):
    """An index of the documents in ``folder``; a document's first line is its title."""
    corpus = folder / "collection"
    corpus.mkdir()
    with (corpus / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for key, text in documents:
            title, _, body = text.partition("\n")
            file.write(json.dumps({"_id": key, "title": title, "text": body}) + "\n")
    build_index(folder / "index", [corpus / "corpus.jsonl"])


def opened(folder, model, profile=PROFILE):
    """What answers a question with (id, score) pairs."""
    searcher = Searcher.open(IndexDirectory(folder / "index").open(), profile=profile)
    keys = searcher.library.keys()

    def ask(text, depth):
        ranked = searcher.rank(query_from({"query": text, "limit": depth, "max_per_source": 1}))
        documents = searcher.library.passage_sources[ranked.rows]
        return [(str(keys[row]), float(score)) for row, score in zip(documents, ranked.scores, strict=True)]

    return ask
