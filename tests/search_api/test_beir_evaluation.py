"""A BEIR collection is indexed, asked and measured; the figures are those of small_collection."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.beir_collection import BeirCollection, read_collection
from corpus.errors import CollectionError, IndexStateError, NothingToIndexError
from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.beir_evaluation import MEASURES, BeirEvaluation, evaluate, falling, indexed, measured
from search_api.beir_reports import evaluation_document, evaluation_text, per_query_table
from search_api.ranking_settings import Ranking
from search_api.search import Searcher
from tests.search_api.small_collection import MEANS, VALUES, corpus_lines, write_collection
from tests.small_models import write_encoder


@pytest.fixture(scope="module")
def beir_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small collection indexed with a small model of random weights; no test changes it."""
    folder = tmp_path_factory.mktemp("beir")
    model = write_encoder(folder)
    build(folder / "index", [write_collection(folder / "small") / "corpus.jsonl"], model=str(model))
    return folder / "index"


@pytest.fixture
def collection(beir_index: Path) -> BeirCollection:
    return read_collection(beir_index.parent / "small", "test")


@pytest.fixture
def searcher(beir_index: Path) -> Iterator[Searcher]:
    opened = Searcher.open(IndexDirectory(beir_index).open())
    yield opened
    opened.close()


@pytest.fixture
def measured_by_words(collection: BeirCollection, searcher: Searcher) -> BeirEvaluation:
    return evaluate(collection, searcher, "lexical")


def test_the_measures_are_those_worked_out_on_paper(measured_by_words: BeirEvaluation) -> None:
    assert measured_by_words.values.keys() == VALUES.keys()
    for query_id, values in VALUES.items():
        assert measured_by_words.values[query_id] == pytest.approx(values, abs=1e-6)
    assert measured_by_words.means == pytest.approx(MEANS, abs=1e-6)


def test_documents_stand_in_the_order_of_the_search(measured_by_words: BeirEvaluation) -> None:
    assert [list(answer.documents) for answer in measured_by_words.answers] == [
        ["d1", "d2", "d3"],
        ["d5"],
        [],
    ]


def test_a_query_that_the_search_refuses_counts_0_and_is_reported(measured_by_words: BeirEvaluation) -> None:
    (refused,) = measured_by_words.refused
    assert refused.query_id == "q3"
    assert "holds only symbols or common words" in str(refused.refused)
    assert "queries refused, counted 0: 1, q3 (holds only" in evaluation_text(measured_by_words)


def test_a_query_of_more_than_2000_characters_counts_0(tmp_path: Path, searcher: Searcher) -> None:
    folder = write_collection(tmp_path / "long")
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q2", "text": "warfarin " * 300}) + "\n")
    evaluation = evaluate(read_collection(folder, "test"), searcher, "lexical")
    assert evaluation.means == dict.fromkeys(MEASURES, 0.0)
    assert "has 2700 characters" in str(evaluation.answers[0].refused)


def test_what_is_judged_and_missing_is_counted_and_named(measured_by_words: BeirEvaluation) -> None:
    assert measured_by_words.unknown_documents == ("d99",)
    text = evaluation_text(measured_by_words)
    assert "judged documents that are not in the index: 1, d99" in text
    assert "judged queries that are not in queries.jsonl, left out: 1, q9" in text
    document = evaluation_document(measured_by_words)
    assert (document["unknown_documents"], document["unknown_queries"]) == (["d99"], ["q9"])


def test_a_collection_none_of_whose_judged_documents_exists_is_refused(
    tmp_path: Path, searcher: Searcher
) -> None:
    folder = write_collection(tmp_path / "other")
    (folder / "qrels" / "test.tsv").write_text("q1\tx1\t1\nq2\tx2\t1\n")
    with pytest.raises(CollectionError, match=r"split test: none of its 2 judged documents is in the index"):
        evaluate(read_collection(folder, "test"), searcher)


def test_the_vectors_find_every_document_and_settings_are_obeyed(
    collection: BeirCollection, searcher: Searcher, beir_index: Path
) -> None:
    dense = evaluate(collection, searcher, "dense")
    assert [sorted(answer.documents) for answer in dense.answers] == [["d1", "d2", "d3", "d4", "d5"]] * 2 + [
        []
    ]
    alone = Ranking(lexical_weight=0.0, gram_weight=0.0, bigram_weight=0.0, feedback=0)
    only_dense = Searcher.open(IndexDirectory(beir_index).open(), ranking=alone)
    assert [list(a.documents) for a in evaluate(collection, only_dense).answers] == [
        list(a.documents) for a in dense.answers
    ]
    only_dense.close()


def test_encoding_and_ranking_are_timed_apart_for_every_query_asked(
    measured_by_words: BeirEvaluation,
) -> None:
    document = evaluation_document(measured_by_words)
    assert document["latency_ms"].keys() == {"encoding", "ranking"}
    for times in document["latency_ms"].values():
        assert 0 < times["p50"] <= times["p95"] <= times["p99"]
    assert [row["query_id"] for row in document["rows"]] == ["q1", "q2", "q3"]


def test_the_table_has_a_row_for_each_query_with_its_values(measured_by_words: BeirEvaluation) -> None:
    names, *rows = [line.split("\t") for line in per_query_table(measured_by_words).splitlines()]
    assert names[:5] == ["query_id", "nDCG@10", "Recall@100", "MRR@10", "documents"]
    assert [row[:5] for row in rows] == [
        ["q1", "0.562727", "0.666667", "0.5", "3"],
        ["q2", "0.613147", "0.5", "1.0", "1"],
        ["q3", "0.0", "0.0", "0.0", "0"],
    ]
    assert rows[0][-1] == "magnesium stretching quinine"


# The index of a collection


@pytest.fixture
def own(beir_index: Path, tmp_path: Path) -> Path:
    """A copy of the collection and its index, to be changed."""
    shutil.copytree(beir_index.parent / "small", tmp_path / "small")
    shutil.copytree(beir_index, tmp_path / "index")
    return tmp_path


def test_an_index_of_the_same_documents_is_used_again(own: Path) -> None:
    report = indexed(read_collection(own / "small", "test"), own / "index")
    assert not report.published
    assert IndexDirectory(own / "index").current_name() == "000001"


def test_an_index_of_other_documents_becomes_one_of_these(own: Path) -> None:
    lines = corpus_lines({"d1": ("Cramps", "Walking was tried."), "d6": ("Iron", "Iron and legs.")})
    (own / "small" / "corpus.jsonl").write_text(lines)
    report = indexed(read_collection(own / "small", "test"), own / "index")
    assert (report.published, report.counts["studies"], report.removed) == (True, 2, 4)


def test_an_index_of_a_library_is_never_pruned_for_a_collection(own: Path) -> None:
    (own / "article.md").write_text("---\ntitle: Legs\n---\n\nWalk every day, ask a doctor before.\n")
    build(own / "index", [own / "article.md"])
    with pytest.raises(IndexStateError, match=r"\(1\) that come from no BEIR corpus.*folder of its own"):
        indexed(read_collection(own / "small", "test"), own / "index")
    assert IndexDirectory(own / "index").open().manifest.counts["articles"] == 1


def test_an_empty_corpus_is_refused(own: Path) -> None:
    (own / "small" / "corpus.jsonl").write_text("")
    with pytest.raises(NothingToIndexError, match="the file is empty"):
        indexed(read_collection(own / "small", "test"), own / "index")


# Scores that keep the order of the search


@given(st.lists(st.floats(0, 1).map(lambda score: round(score, 4)), min_size=2, max_size=100))
def test_falling_scores_fall_strictly_also_in_single_precision(scores: list[float]) -> None:
    fallen = np.array(falling(sorted(scores, reverse=True)), dtype=np.float32)
    assert np.all(np.diff(fallen) < 0)


def test_a_draw_keeps_the_order_of_the_search_and_not_that_of_the_names() -> None:
    """trec_eval would put d9 before d1."""
    run = {"q": dict(zip(["d1", "d9"], falling([0.5, 0.5]), strict=True))}
    assert measured({"q": {"d1": 1}}, run)["q"]["MRR@10"] == 1.0


def test_recall_counts_up_to_the_hundredth_and_ndcg_to_the_tenth() -> None:
    documents = [f"d{place}" for place in range(1, 102)]
    run = {"q": dict(zip(documents, falling([0.0] * 101), strict=True))}
    values = measured({"q": {"d10": 1, "d11": 1, "d100": 1, "d101": 1}}, run)["q"]
    assert values["Recall@100"] == 0.75
    assert values["MRR@10"] == pytest.approx(0.1)
    # 1/log2(11) over 1 + 1/log2(3) + 1/log2(4) + 1/log2(5)
    assert values["nDCG@10"] == pytest.approx(0.289065 / 2.561606, abs=1e-5)


def test_a_query_without_an_answer_counts_in_the_mean() -> None:
    assert measured({"q": {"d1": 1}}, {}) == {"q": dict.fromkeys(MEASURES, 0.0)}
