"""A study named in prose on its way to the reader: built, reported, and shown as what it is, a likelihood."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

import indexer.build
from corpus.records import Mention
from indexer.build import BuildReport, build
from indexer.generation import IndexDirectory
from search_api.app import create_app
from search_api.cli import footnote
from search_api.printing import answer_text, mark_of
from search_api.queries import query_from
from search_api.search import Searcher
from search_api.settings import Settings

SEAWEED = {
    "id": "quist2006",
    "type": "article-journal",
    "title": "Seaweed intake and bone density: the Harbour City Study",
    "author": [{"family": "Quist", "given": "Anna"}],
    "issued": {"date-parts": [[2006]]},
    "DOI": "10.5555/seaweed.2006",
    "custom": {
        "study_type": "cohort",
        "sample_size": "5120 adults",
        "summary": "In 5,120 Norwegian adults, iodine from seaweed went with denser hip bones.",
    },
}
NAMED = "A 2006 study from the Harbour City cohort"
LOST = "the FOGHORN trial of 2011"
ARTICLE = f"""---
title: Seaweed for old bones
slug: seaweed-bones
---

## Bones

{NAMED} tied seaweed to denser hip bones. Nobody has heard of {LOST}.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One study and one article that names it, and another that is not there."""
    folder = tmp_path_factory.mktemp("seaweed")
    (folder / "quist2006.json").write_text(json.dumps(SEAWEED), "utf-8")
    (folder / "seaweed-bones.md").write_text(ARTICLE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def indexed(library: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    """The library indexed, and the report."""
    index = tmp_path_factory.mktemp("index") / "index"
    return index, build(index, [library])


@pytest.fixture(scope="module")
def reader(indexed: tuple[Path, BuildReport]) -> FlaskClient:
    """A client of the service over it."""
    return create_app(Settings(index=indexed[0])).test_client()


def test_the_build_counts_what_is_named_and_says_what_stays_open(indexed: tuple[Path, BuildReport]) -> None:
    _, report = indexed
    assert report.mentions == 2
    assert [(lost.source_id, lost.text) for lost in report.unresolved_mentions] == [
        ("article:seaweed-bones", LOST)
    ]
    assert report.counts["prose_mentions"] == 2
    assert report.counts["resolved_prose_mentions"] == 1


def test_a_build_without_changes_says_the_same_again(
    indexed: tuple[Path, BuildReport], library: Path
) -> None:
    index, first = indexed
    again = build(index, [library])
    assert not again.published
    assert (again.mentions, again.unresolved_mentions) == (first.mentions, first.unresolved_mentions)


def test_what_another_version_linked_is_linked_again(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    monkeypatch.setattr(indexer.build, "LINKING_VERSION", 1)
    build(index, [library])
    monkeypatch.undo()
    again = build(index, [library])
    assert (again.published, again.encoded) == (True, 0)


def test_the_command_prints_counts_and_the_open_ones(
    indexed: tuple[Path, BuildReport], library: Path
) -> None:
    done = CliRunner().invoke(footnote, ["index", str(library), "--index", str(indexed[0])])
    assert "2 studies named in prose, 1 resolved, 1 unresolved mentions\n" in done.stdout
    assert f"unresolved “{LOST}” in article:seaweed-bones: no study of the library" in done.stderr


def test_the_service_says_that_a_study_was_named_in_prose_and_how_sure_that_is(reader: FlaskClient) -> None:
    found = reader.get("/v1/search", query_string={"query": "seaweed and hip bones", "kind": "article"}).json
    assert found is not None
    (result,) = found["results"]
    (cited,) = result["cites"]
    assert cited["how"] == "prose"
    assert cited["label"] == NAMED
    assert 0.7 <= cited["confidence"] < 1
    start = result["passage"]["start"]
    assert result["passage"]["text"][cited["start"] - start : cited["end"] - start] == NAMED
    assert cited["source"]["doi"] == "10.5555/seaweed.2006"
    study = reader.get("/v1/sources/10.5555/seaweed.2006").json
    assert study is not None
    assert study["source"]["cited_by"] == ["article:seaweed-bones"]


def test_the_page_and_the_terminal_show_the_words_and_the_confidence(
    reader: FlaskClient, indexed: tuple[Path, BuildReport]
) -> None:
    page = reader.get("/", query_string={"query": "seaweed and hip bones", "kind": "article"}).text
    searcher = Searcher.open(IndexDirectory(indexed[0]).open())
    answer = searcher.search(query_from({"query": "seaweed and hip bones", "kind": "article"}))
    shown = " ".join(answer_text(answer, searcher.citations, "apa").split())
    searcher.close()
    for text in (page, shown):
        assert f"“{NAMED}” (named in prose, confidence 0." in text
        assert f"[{NAMED}]" not in text


def test_a_source_page_says_in_the_margin_and_at_the_study_that_prose_was_understood(
    reader: FlaskClient,
) -> None:
    article = reader.get("/sources/article:seaweed-bones").text
    assert '<a class="mention prose" href="/sources/doi:10.5555/seaweed.2006"' in article
    assert article.count("named in prose, confidence 0.") == 2
    assert "named in prose, confidence 0." in reader.get("/sources/10.5555/seaweed.2006").text


def test_a_marker_is_shown_in_brackets_and_prose_in_words() -> None:
    assert mark_of(Mention(0, 1, "marker", "7", 1.0, "doi:10.1/a")) == "[7]"
    assert mark_of(Mention(0, 1, "prose", "a 2004 study", 0.934, "doi:10.1/a")) == (
        "“a 2004 study” (named in prose, confidence 0.93)"
    )
