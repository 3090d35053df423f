"""A filter as Milvus reads it, written by hand, and no text of a filter that it cannot read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.generation import Generation
from indexer.legs import Legs
from indexer.lexical import LexicalFilter
from indexer.milvus import layout, searching
from indexer.milvus.filters import expression
from indexer.milvus.publishing import MilvusBackend
from search_api.search import Searcher


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (None, ""),
        (LexicalFilter(), ""),
        (LexicalFilter(kind="study"), 'kind in ["study"]'),
        (LexicalFilter(study_types=("RCT", "Cohort")), 'design in ["rct", "cohort"]'),
        (LexicalFilter(year_from=2004, year_to=2010), "year >= 2004 and year <= 2010"),
        # A source without a year has none that is early enough.
        (LexicalFilter(year_to=2010), "year >= -9999 and year <= 2010"),
        (LexicalFilter(year_from=2004), "year >= 2004"),
        (LexicalFilter(statuses=("retracted",)), 'status in ["retracted"]'),
        (LexicalFilter(container='The "K"  Journal\\\n'), 'container in ["the \\"k\\" journal\\\\"]'),
        (
            LexicalFilter(kind="study", container="JAMA", year_from=1999),
            'kind in ["study"] and container in ["jama"] and year >= 1999',
        ),
    ],
)
def test_a_filter_becomes_an_expression(where: LexicalFilter | None, told: str) -> None:
    assert expression(where) == told


@settings(max_examples=60)
@given(st.text(max_size=300), st.text(max_size=30))
def test_no_text_of_a_filter_is_anything_but_text(by_cluster: Legs, container: str, design: str) -> None:
    where = LexicalFilter(container=container or "x", study_types=(design,))
    rows, _ = by_cluster.lexical.search("cramps", 5, where)
    assert len(rows) == 0


def test_a_larger_library_is_searched_by_a_graph(
    lite: str, generation: Generation, searcher: Searcher, by_files: Legs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (layout, searching):
        monkeypatch.setattr(module, "EXACT_UP_TO", 100)
    backend = MilvusBackend(lite, "graph")
    backend.provide(generation)
    legs = backend.legs(generation)
    questions = ("night cramps of the calf", "vitamin K2 and arteries", "walking with claudication")
    found = []
    for text in questions:
        vector = searcher.encoder.encode_query(text)
        ours, theirs = (leg.dense.search(vector, 10)[0] for leg in (by_files, legs))
        found.append(len(set(ours.tolist()) & set(theirs.tolist())) / 10)
    described = backend.cluster._client.describe_index(backend.cluster.collections()[0], "vector")
    assert described["index_type"] == "HNSW"
    assert described["params"]["M"] == 32
    assert np.mean(found) >= 0.98
    backend.close()
