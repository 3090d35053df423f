"""Chroma, which searches by vectors alone on one machine."""

import chromadb
from chromadb.config import Settings
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

_BATCH = 5000


def build(documents, folder, model):
    """An index of the documents in ``folder``."""
    collection = _client(folder).create_collection(
        "documents",
        embedding_function=SentenceTransformerEmbeddingFunction(model_name=model, normalize_embeddings=True),
        configuration={"hnsw": {"space": "cosine"}},
    )
    for start in range(0, len(documents), _BATCH):
        batch = documents[start : start + _BATCH]
        collection.add(ids=[key for key, _ in batch], documents=[text for _, text in batch])


def opened(folder, model):
    """What answers a question with (id, score) pairs."""
    collection = _client(folder).get_collection(
        "documents",
        embedding_function=SentenceTransformerEmbeddingFunction(model_name=model, normalize_embeddings=True),
    )

    def ask(text, depth):
        found = collection.query(query_texts=[text], n_results=depth, include=["distances"])
        return [(key, 1 - d) for key, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    return ask


def _client(folder):
    return chromadb.PersistentClient(str(folder / "db"), settings=Settings(anonymized_telemetry=False))
