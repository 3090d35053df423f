"""txtai, hybrid: its own BM25 and Faiss, fused by its own defaults."""

from txtai import Embeddings


def build(documents, folder, model):
    """An index of the documents in ``folder``."""
    embeddings = Embeddings(path=model, hybrid=True)
    embeddings.index(documents)
    embeddings.save(str(folder / "index"))


def opened(folder, model):
    """What answers a question with (id, score) pairs."""
    embeddings = Embeddings()
    embeddings.load(str(folder / "index"))
    return embeddings.search
