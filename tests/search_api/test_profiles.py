"""The profile of ranking: a flag or a variable for every command that searches, named in what it answers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import ParameterError
from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.app import create_app
from search_api.ranking_settings import Ranking
from search_api.search import Searcher
from search_api.settings import Settings
from tests.search_api.command_line import Ended, run
from tests.search_api.small_collection import write_collection
from tests.small_models import write_encoder

Command = Callable[..., Ended]
QUESTION = "Does magnesium prevent night cramps?"


@pytest.fixture
def footnote(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.delenv("FOOTNOTE_PROFILE", raising=False)
    return lambda *arguments: run(monkeypatch, capsys, arguments)


def _version(ended: Ended) -> str:
    assert ended.code == 0, ended.err
    return str(json.loads(ended.out)["retrieval_version"])


def test_a_searcher_of_a_profile_has_its_settings_for_the_size_of_its_library(
    starter_index: Path, searcher: Searcher
) -> None:
    fast = Searcher.open(IndexDirectory(starter_index).open(), searcher.encoder, profile="fast")
    assert fast.ranking == Ranking.for_library(len(fast.forward), "fast") != searcher.ranking
    assert fast.retrieval_version == f"{searcher.retrieval_version}-fast"
    fast.close()


def test_a_search_takes_the_profile_from_the_flag_else_from_the_environment(
    footnote: Command, starter_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("search", QUESTION, "--index", starter_index, "--limit", "1", "--json")
    usual = _version(footnote(*asked))
    assert _version(footnote(*asked, "--profile", "fast")) == f"{usual}-fast"
    monkeypatch.setenv("FOOTNOTE_PROFILE", "fast")
    assert _version(footnote(*asked)) == f"{usual}-fast"
    assert _version(footnote(*asked, "--profile", "default")) == usual


def test_a_service_answers_in_the_profile_of_its_settings(starter_index: Path) -> None:
    client = create_app(Settings(index=starter_index, profile="fast")).test_client()
    assert client.get(f"/v1/search?query={QUESTION}").get_json()["retrieval_version"].endswith("-fast")


def test_a_collection_is_measured_in_a_profile(footnote: Command, tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "small")
    build(tmp_path / "index", [folder / "corpus.jsonl"], model=str(write_encoder(tmp_path / "model")))
    asked = ("evaluate", folder, "--index", tmp_path / "index", "--json")
    assert _version(footnote(*asked, "--profile", "fast")) == f"{_version(footnote(*asked))}-fast"


@pytest.mark.parametrize("command", [("search", QUESTION), ("serve",), ("evaluate", "--starter")])
def test_a_profile_that_is_none_is_refused_before_anything_is_opened(
    footnote: Command, tmp_path: Path, command: tuple[str, ...]
) -> None:
    ended = footnote(*command, "--index", tmp_path / "none", "--profile", "faster")
    assert ended.fault() == "profile=faster: no profile of that name; use default or fast"


def test_an_application_of_no_profile_is_refused_at_its_making(starter_index: Path) -> None:
    with pytest.raises(ParameterError, match="profile=slow: no profile of that name"):
        create_app(Settings(index=starter_index, profile="slow"))
