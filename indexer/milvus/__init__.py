"""A cluster that searches: Milvus, Zilliz, or Milvus Lite in a file. Only `connection` imports pymilvus."""
