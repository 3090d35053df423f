"""A reranker over the top: its scores give the order, draws by passage id, the rest follows as it was."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import encoded_form
from indexer.compiling import open_reranker
from indexer.generation import IndexDirectory
from indexer.reranker import OpenVinoReranker, Scores
from search_api.app import create_app
from search_api.queries import query_from
from search_api.ranking_settings import Ranking
from search_api.search import Searcher
from search_api.settings import Settings
from tests.search_api.command_line import Ended, run
from tests.small_models import write_reranker

QUESTION = "Does magnesium prevent night cramps?"
QUERY = query_from({"query": QUESTION, "limit": 40, "max_per_source": 40})


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reranker(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def reranker(model: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenVinoReranker:
    return open_reranker(str(model), tmp_path_factory.mktemp("compiled"))


def _searcher(index: Path, searcher: Searcher, reranker: object) -> Searcher:
    return Searcher.open(IndexDirectory(index).open(), searcher.encoder, reranker=reranker)  # type: ignore[arg-type]


class _Equal:
    """Finds every passage as good as every other."""

    model_name = "equal"
    fingerprint = "e" * 64

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        return np.full(len(passages), 0.5, dtype=np.float32)


def test_the_first_thirty_stand_in_the_order_of_its_scores(
    starter_index: Path, searcher: Searcher, reranker: OpenVinoReranker
) -> None:
    plain = searcher.search(QUERY).hits
    hits = _searcher(starter_index, searcher, reranker).search(QUERY).hits
    scores = [hit.scores["rerank"] for hit in hits[:30]]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 5
    assert {h.passage.passage_id for h in hits[:30]} == {h.passage.passage_id for h in plain[:30]}
    assert [h.passage.passage_id for h in hits[30:]] == [h.passage.passage_id for h in plain[30:]]
    assert all("rerank" not in hit.scores for hit in hits[30:])
    assert [hit.rank for hit in hits] == list(range(1, 41))


def test_each_score_is_that_of_the_passage_with_its_title(
    starter_index: Path, searcher: Searcher, reranker: OpenVinoReranker
) -> None:
    (hit, *_) = _searcher(starter_index, searcher, reranker).search(QUERY).hits
    text = encoded_form(hit.source.title, hit.passage.section, hit.passage.text)
    assert text.startswith(hit.source.title[:20])
    assert hit.scores["rerank"] == pytest.approx(float(reranker.scores(QUESTION, [text])[0]), abs=0.01)


def test_draws_are_in_order_of_passage_id(starter_index: Path, searcher: Searcher) -> None:
    twelve = Ranking(rerank_depth=12)
    hits = _searcher(starter_index, searcher, _Equal()).search(QUERY, twelve).hits
    ids = [hit.passage.passage_id for hit in hits[:12]]
    assert ids == sorted(ids)
    assert {hit.passage.passage_id for hit in searcher.search(QUERY, twelve).hits[:12]} == set(ids)


def test_fewer_results_than_it_reads_are_the_best_of_what_it_read(
    starter_index: Path, searcher: Searcher, reranker: OpenVinoReranker
) -> None:
    with_it = _searcher(starter_index, searcher, reranker)
    few = with_it.search(query_from({"query": QUESTION, "limit": 3, "max_per_source": 40})).hits
    many = with_it.search(query_from({"query": QUESTION, "limit": 10, "max_per_source": 40})).hits
    assert [hit.passage.passage_id for hit in few] == [hit.passage.passage_id for hit in many[:3]]
    assert len(few) == 3


def test_an_answer_says_by_its_version_that_it_was_reranked(
    starter_index: Path, searcher: Searcher, reranker: OpenVinoReranker
) -> None:
    with_it = _searcher(starter_index, searcher, reranker)
    assert with_it.retrieval_version == f"{searcher.retrieval_version}-rerank-{reranker.fingerprint[:8]}"


def test_a_service_reranks_where_its_settings_name_a_model(
    model: Path, starter_index: Path, tmp_path: Path
) -> None:
    shutil.copytree(starter_index, tmp_path / "index")
    client = create_app(Settings(index=tmp_path / "index", rerank=str(model))).test_client()
    document = client.get("/v1/search", query_string={"query": QUESTION, "limit": 5}).json
    scores = [result["scores"]["rerank"] for result in document["results"]]
    assert scores == sorted(scores, reverse=True)
    assert "-rerank-" in document["retrieval_version"]


@pytest.fixture
def footnote(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    return lambda *arguments: run(monkeypatch, capsys, arguments)


def test_the_command_reranks_only_when_asked_to(
    model: Path, starter_index: Path, tmp_path: Path, footnote: Callable[..., Ended]
) -> None:
    shutil.copytree(starter_index, tmp_path / "index")
    plain = json.loads(footnote("search", QUESTION, "--index", tmp_path / "index", "--json").out)
    assert all("rerank" not in result["scores"] for result in plain["results"])
    ended = footnote("search", QUESTION, "--index", tmp_path / "index", "--json", "--rerank", model)
    scores = [result["scores"]["rerank"] for result in json.loads(ended.out)["results"]]
    assert scores == sorted(scores, reverse=True)
    told = footnote("search", QUESTION, "--index", tmp_path / "index", "--rerank", tmp_path).fault()
    assert "not a cross-encoder" in told
    told = footnote("serve", "--index", tmp_path / "index", "--rerank", tmp_path).fault()
    assert "not a cross-encoder" in told
