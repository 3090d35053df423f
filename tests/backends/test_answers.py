"""A question put to both backends gets the same answer, from the library and over the command line."""

import json
from pathlib import Path

import pytest

from indexer.milvus.publishing import MilvusBackend
from search_api.queries import query_from
from search_api.search import RETRIEVAL_VERSION, Searcher
from search_api.similar import similar_to
from tests.conftest import STARTER
from tests.search_api.command_line import run

_LINES = (STARTER / "questions.jsonl").read_text("utf-8").splitlines()
_TEN = [json.loads(line)["question"] for line in _LINES[:20:2]]


@pytest.mark.parametrize("question", _TEN)
def test_nine_of_the_first_ten_are_the_same_and_the_first_one_is(
    searcher: Searcher, cluster_searcher: Searcher, question: str
) -> None:
    ours, theirs = (
        [hit.passage.passage_id for hit in one.search(query_from({"query": question})).hits]
        for one in (searcher, cluster_searcher)
    )
    assert len(set(ours) & set(theirs)) >= 9
    assert ours[0] == theirs[0]


@pytest.mark.parametrize("mode", ["dense", "lexical"])
def test_a_leg_alone_puts_the_same_first(searcher: Searcher, cluster_searcher: Searcher, mode: str) -> None:
    query = query_from({"query": _TEN[0], "mode": mode, "kind": "study"})
    ours, theirs = (one.search(query).hits for one in (searcher, cluster_searcher))
    assert ours[0].passage.passage_id == theirs[0].passage.passage_id


def test_the_answer_says_which_backend_gave_it(searcher: Searcher, cluster_searcher: Searcher) -> None:
    assert cluster_searcher.retrieval_version == f"{RETRIEVAL_VERSION}-milvus"
    assert searcher.retrieval_version == RETRIEVAL_VERSION


def test_a_source_has_the_same_neighbours(searcher: Searcher, cluster_searcher: Searcher) -> None:
    source = searcher.library.source_at(0)
    for kind in (None, "study"):
        ours, theirs = (similar_to(one, source, 5, kind) for one in (searcher, cluster_searcher))
        assert [one.source.source_id for one in ours] == [one.source.source_id for one in theirs]


def test_the_command_line_searches_the_cluster(
    starter_cluster: MilvusBackend,
    starter_index: Path,
    searcher: Searcher,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ("--index", starter_index, "--backend", "milvus", "--uri", starter_cluster.cluster.uri, "--json")
    ended = run(monkeypatch, capsys, ("search", _TEN[0], *given))
    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    assert document["retrieval_version"].endswith("-milvus")
    best = searcher.search(query_from({"query": _TEN[0]})).hits[0]
    assert document["results"][0]["passage"]["id"] == best.passage.passage_id
