"""LanceDB, hybrid: its own full-text index and an exact vector search, fused by reciprocal ranks."""

import lancedb
from lancedb.rerankers import RRFReranker
from sentence_transformers import SentenceTransformer


def build(documents, folder, model):
    """An index of the documents in ``folder``."""
    encoder = SentenceTransformer(model)
    vectors = encoder.encode([text for _, text in documents], normalize_embeddings=True)
    rows = [
        {"id": key, "text": text, "vector": vector}
        for (key, text), vector in zip(documents, vectors, strict=True)
    ]
    table = lancedb.connect(str(folder / "db")).create_table("documents", data=rows)
    table.create_fts_index("text")


def opened(folder, model):
    """What answers a question with (id, score) pairs."""
    encoder = SentenceTransformer(model)
    table = lancedb.connect(str(folder / "db")).open_table("documents")
    fused = RRFReranker()

    def ask(text, depth):
        vector = encoder.encode([text], normalize_embeddings=True)[0]
        asked = table.search(query_type="hybrid").vector(vector).text(text).distance_type("cosine")
        found = asked.rerank(reranker=fused).limit(depth).select(["id"]).to_list()
        return [(row["id"], float(row["_relevance_score"])) for row in found]

    return ask
