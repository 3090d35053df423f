"""The plain loop that most tutorials show: sentence-transformers and an exact Faiss index."""

import json

import faiss
from sentence_transformers import SentenceTransformer


def build(documents, folder, model):
    """An index of the documents in ``folder``."""
    encoder = SentenceTransformer(model)
    vectors = encoder.encode([text for _, text in documents], normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(folder / "vectors.faiss"))
    (folder / "ids.json").write_text(json.dumps([key for key, _ in documents]))


def opened(folder, model):
    """What answers a question with (id, score) pairs."""
    encoder = SentenceTransformer(model)
    index = faiss.read_index(str(folder / "vectors.faiss"))
    ids = json.loads((folder / "ids.json").read_text())

    def ask(text, depth):
        scores, rows = index.search(encoder.encode([text], normalize_embeddings=True), depth)
        return [(ids[row], float(score)) for row, score in zip(rows[0], scores[0], strict=True)]

    return ask
