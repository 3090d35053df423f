"""What a source is: records, readers, linking, passages; and the starter library (data).

The lowest floor: nothing here imports `indexer` or `search_api`.
"""
