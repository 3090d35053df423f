"""Milvus Lite, hybrid: its BM25 function and an exact vector search, fused by reciprocal ranks."""

from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker
from sentence_transformers import SentenceTransformer

_BATCH = 1000
_LONGEST = 65_535


def build(documents, folder, model):
    """An index of the documents in ``folder``."""
    encoder = SentenceTransformer(model)
    vectors = encoder.encode([text for _, text in documents], normalize_embeddings=True)
    client = MilvusClient(str(folder / "milvus.db"))
    schema = client.create_schema(auto_id=False)
    schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=200)
    schema.add_field("text", DataType.VARCHAR, max_length=_LONGEST, enable_analyzer=True)
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(
        Function("bm25", FunctionType.BM25, input_field_names=["text"], output_field_names=["sparse"])
    )
    indexes = client.prepare_index_params()
    indexes.add_index("dense", index_type="FLAT", metric_type="COSINE")
    indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    client.create_collection("documents", schema=schema, index_params=indexes)
    rows = [
        {"id": key, "text": text, "dense": vector.tolist()}
        for (key, text), vector in zip(documents, vectors, strict=True)
    ]
    for start in range(0, len(rows), _BATCH):
        client.insert("documents", rows[start : start + _BATCH])
    client.flush("documents")
    client.close()


def opened(folder, model):
    """What answers a question with (id, score) pairs."""
    encoder = SentenceTransformer(model)
    client = MilvusClient(str(folder / "milvus.db"))
    client.load_collection("documents")

    def ask(text, depth):
        vector = encoder.encode([text], normalize_embeddings=True)[0].tolist()
        requests = [
            AnnSearchRequest([vector], "dense", {"metric_type": "COSINE"}, limit=depth),
            AnnSearchRequest([text], "sparse", {"metric_type": "BM25"}, limit=depth),
        ]
        (found,) = client.hybrid_search("documents", requests, RRFRanker(), limit=depth)
        return [(hit["id"], float(hit["distance"])) for hit in found]

    return ask
