"""Synonyms reach the lexical leg of a search and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.queries import query_from
from search_api.search import SearchAnswer, Searcher
from tests.small_models import write_encoder


def _study(folder: Path, name: str, title: str, summary: str) -> None:
    record = {
        "id": name,
        "type": "article-journal",
        "title": title,
        "issued": {"date-parts": [[2020]]},
        "custom": {"summary": summary},
    }
    (folder / f"{name}.json").write_text(json.dumps(record))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Searcher, Searcher]]:
    """Searchers of one library, without and with the synonym ``claudication = limping``."""
    folder = tmp_path_factory.mktemp("synonyms")
    library = folder / "library"
    library.mkdir()
    _study(library, "limp", "Limping in town", "Limping got better in the walking group.")
    _study(library, "sleep", "Sleep in town", "Sleep got better in the reading group.")
    _study(library, "veins", "Veins in town", "Veins got no better in the bathing group.")
    model = str(write_encoder(folder / "model"))
    for name, text in (("without", ""), ("with", "claudication = limping\n")):
        (library / "synonyms.txt").write_text(text)
        build(folder / name, [library], model=model)
    searchers = [Searcher.open(IndexDirectory(folder / name).open()) for name in ("without", "with")]
    yield searchers[0], searchers[1]
    for searcher in searchers:
        searcher.close()


def _ask(searcher: Searcher, question: str, **given: object) -> SearchAnswer:
    return searcher.search(query_from({"query": question, **given}))


def test_a_name_of_a_group_finds_what_says_another(pair: tuple[Searcher, Searcher]) -> None:
    without, having = (_ask(searcher, "claudication", mode="lexical") for searcher in pair)
    assert without.hits == ()
    assert [hit.source.title for hit in having.hits] == ["Limping in town"]


def test_in_the_hybrid_mode_it_raises_the_score_of_what_says_another_name(
    pair: tuple[Searcher, Searcher],
) -> None:
    before, after = (
        next(h for h in _ask(searcher, "claudication").hits if h.source.title == "Limping in town")
        for searcher in pair
    )
    assert after.score > before.score
    assert ("lexical" in before.scores, after.scores["lexical"] > 0) == (False, True)


@pytest.mark.parametrize("mode", ["dense", "hybrid"])
def test_the_cosines_are_what_they_were(pair: tuple[Searcher, Searcher], mode: str) -> None:
    seen = [
        {h.source.title: h.scores["dense"] for h in _ask(searcher, "claudication", mode=mode).hits}
        for searcher in pair
    ]
    assert seen[0] == seen[1]


def test_a_question_without_any_of_the_names_is_answered_alike(pair: tuple[Searcher, Searcher]) -> None:
    seen = [
        [(h.passage.passage_id, h.score, h.scores) for h in _ask(searcher, "does sleep help").hits]
        for searcher in pair
    ]
    assert seen[0] == seen[1] != []
