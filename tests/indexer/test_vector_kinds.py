"""The kind of vector index as a setting of a build: kept by later builds, changed on demand, searched."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.errors import ParameterError
from indexer import inverted_lists
from search_api.commands.index import index
from search_api.queries import query_from
from search_api.search import Searcher
from tests.indexer.small_index import GLA, SmallIndex, write_study


def described(small: SmallIndex) -> tuple[str, str]:
    said = small.live().manifest.parameters["vectors"]
    return said["asked"], said["kind"]


def lists(small: SmallIndex) -> Path:
    return small.live().path / inverted_lists.FOLDER


def test_a_small_library_compares_every_vector_unless_it_is_told_otherwise(small: SmallIndex) -> None:
    assert described(small) == ("auto", "flat")
    assert not lists(small).exists()


def test_a_kind_is_kept_by_later_builds_until_another_is_asked_for(small: SmallIndex) -> None:
    assert small.update(vectors="ivf").published
    assert described(small) == ("ivf", "ivf")
    assert lists(small).is_dir()
    assert not small.update().published
    write_study(small.library, GLA, "Another finding.")
    assert small.update().encoded == 1
    assert described(small) == ("ivf", "ivf")
    assert small.update(vectors="flat").encoded == 0
    assert described(small) == ("flat", "flat")
    assert not lists(small).exists()
    assert small.update(vectors="auto").published
    assert small.directory.verify() == []


def test_the_manifest_says_what_was_chosen_and_what_it_was_measured_to_find(small: SmallIndex) -> None:
    small.update(vectors="ivf")
    said = small.live().manifest.parameters["vectors"]
    assert said["lists"] == said["probes"] == 1
    assert said["recall_at_10"] == 1
    assert said["recall_measured_on"] == {"passages": 4, "titles": 3, "phrases": 3}


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_a_search_through_lists_that_are_all_looked_at_is_the_same_search(
    small: SmallIndex, mode: str
) -> None:
    def found() -> list[tuple[str, float]]:
        searcher = Searcher.open(small.live())
        try:
            hits = searcher.search(query_from({"query": "calf cramps at night", "mode": mode})).hits
            return [(hit.passage.passage_id, hit.score) for hit in hits]
        finally:
            searcher.close()

    flat = found()
    small.update(vectors="ivf")
    assert found() == flat


def test_a_kind_that_is_none_is_refused_and_nothing_is_published(small: SmallIndex) -> None:
    with pytest.raises(ParameterError, match="use auto, flat, ivf"):
        small.update(vectors="hnsw")
    assert small.names() == ["000001"]


def test_the_command_takes_the_kind(small: SmallIndex) -> None:
    done = CliRunner().invoke(index, [str(small.library), "--index", str(small.index), "--vectors", "ivf"])
    assert (done.exit_code, done.output.split()[0]) == (0, "published")
    assert described(small) == ("ivf", "ivf")
