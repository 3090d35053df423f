"""bm25s with English stop words and the Snowball stemmer: words alone, no model."""

import json

import bm25s
import Stemmer


def build(documents, folder, model):
    """An index of the documents in ``folder``."""
    tokens = bm25s.tokenize(
        [text for _, text in documents],
        stopwords="en",
        stemmer=Stemmer.Stemmer("english"),
        show_progress=False,
    )
    retriever = bm25s.BM25()
    retriever.index(tokens, show_progress=False)
    retriever.save(str(folder / "index"))
    (folder / "ids.json").write_text(json.dumps([key for key, _ in documents]))


def opened(folder, model):
    """What answers a question with (id, score) pairs."""
    retriever = bm25s.BM25.load(str(folder / "index"), mmap=True)
    ids = json.loads((folder / "ids.json").read_text())
    stemmer = Stemmer.Stemmer("english")

    def ask(text, depth):
        tokens = bm25s.tokenize([text], stopwords="en", stemmer=stemmer, show_progress=False)
        rows, scores = retriever.retrieve(tokens, k=depth, show_progress=False)
        return [(ids[row], float(score)) for row, score in zip(rows[0], scores[0], strict=True)]

    return ask
