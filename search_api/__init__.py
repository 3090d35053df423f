"""A question -> cited passages: fusion, search, citations, HTTP API, web pages, command line.

The top floor: imports `indexer` and `corpus`.
"""
