"""``footnote evaluate`` on a BEIR folder, against an earlier run and against a generation aside."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build
from tests.search_api.command_line import Ended, run
from tests.search_api.small_collection import MEANS, write_collection
from tests.small_models import write_encoder

Command = Callable[..., Ended]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small collection with its index: generation 000001 live, 000002 of a wider model aside."""
    folder = tmp_path_factory.mktemp("beir")
    corpus = write_collection(folder / "small") / "corpus.jsonl"
    build(folder / "index-beir" / "small", [corpus], model=str(write_encoder(folder / "narrow")))
    wide = write_encoder(folder / "wide", dim=48)
    build(folder / "index-beir" / "small", [], model=str(wide), aside=True)
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it as the current folder."""
    shutil.copytree(made, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("FOOTNOTE_INDEX", raising=False)
    return tmp_path / "here"


@pytest.fixture
def footnote(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return lambda *arguments: run(monkeypatch, capsys, arguments)


def _document(ended: Ended) -> Any:
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


@pytest.mark.usefixtures("here")
def test_a_collection_is_measured_with_the_index_beside_it(footnote: Command) -> None:
    document = _document(footnote("evaluate", "small", "--mode", "lexical", "--json"))
    assert document["measures"] == pytest.approx(MEANS, abs=1e-6)
    assert (document["collection"], document["split"], document["queries"]) == ("small", "test", 3)
    assert document["index_version"].startswith("000001-")


@pytest.mark.usefixtures("here")
def test_the_table_shows_measures_times_and_what_was_left_out(footnote: Command) -> None:
    ended = footnote("evaluate", "small", "--mode", "lexical")
    lines = ended.out.splitlines()
    assert lines[0].startswith("small, split test: 3 queries, index 000001-")
    assert lines[2].split() == ["nDCG@10", "Recall@100", "MRR@10"]
    assert lines[3].split() == ["0.3920", "0.3889", "0.5000"]
    assert [line.split()[0] for line in lines[5:8]] == ["milliseconds", "encoding", "ranking"]
    assert lines[-4:] == [
        "queries with fewer than 100 documents: 2, the fewest 1",
        "queries refused, counted 0: 1, q3 (holds only symbols or common words)",
        "judged documents that are not in the index: 1, d99",
        "judged queries that are not in queries.jsonl, left out: 1, q9",
    ]
    assert ended.err == ""


def test_a_run_is_written_and_compared_with(here: Path, footnote: Command) -> None:
    """Without the two words that d1 has beside it, d2 comes first for q1: its reciprocal rank is 1."""
    assert footnote("evaluate", "small", "--mode", "lexical", "--run", "lexical.run").code == 0
    assert [line.split()[:4] for line in (here / "lexical.run").read_text().splitlines()] == [
        ["q1", "Q0", "d1", "1"],
        ["q1", "Q0", "d2", "2"],
        ["q1", "Q0", "d3", "3"],
        ["q2", "Q0", "d5", "1"],
    ]
    (here / "other.run").write_text("q1 Q0 d2 1 9 x\nq2 Q0 d5 1 9 x\nq3 Q0 d1 1 9 x\n")
    compared = _document(
        footnote("evaluate", "small", "--mode", "lexical", "--compare", "other.run", "--json")
    )["comparison"]
    assert (compared["before"], compared["queries"]) == ("other.run", 3)
    # before 1, 1, 1; after 1/2, 1, 0: of the four sign patterns of -1/2 and -1 two are as far out
    assert compared["MRR@10"] == {
        "before": 1.0,
        "after": 0.5,
        "mean_difference": -0.5,
        "better": 0,
        "worse": 2,
        "p": 0.5,
    }
    text = footnote("evaluate", "small", "--mode", "lexical", "--compare", "other.run").out
    assert "this run against other.run, 3 queries, paired randomisation test" in text
    assert "-1.000  1.000 -> 0.000  q3  what is it" in text


def test_setting_a_value_to_what_it_is_changes_nothing_and_another_does(
    here: Path, footnote: Command
) -> None:
    """A small library has settings of its own; switching one must not bring back the others' defaults."""
    runs = []
    for name, settings in (("plain", []), ("same", ["depth=300"]), ("other", ["dense_weight=0.1"])):
        given = [word for setting in settings for word in ("--set", setting)]
        assert footnote("evaluate", "small", "--run", name, *given).code == 0
        runs.append((here / name).read_text())
    assert runs[0] == runs[1] != runs[2]


def test_a_row_is_written_for_each_query(here: Path, footnote: Command) -> None:
    assert footnote("evaluate", "small", "--per-query", "rows.tsv").code == 0
    rows = [line.split("\t") for line in (here / "rows.tsv").read_text().splitlines()]
    assert [row[0] for row in rows] == ["query_id", "q1", "q2", "q3"]


@pytest.mark.usefixtures("here")
def test_a_generation_aside_is_compared_with_the_live_one_promoted_and_rolled_back(
    footnote: Command,
) -> None:
    told = footnote("evaluate", "small", "--against", "000002", "--mode", "dense")
    assert (told.code, told.err) == (0, "")
    assert "index 000002-" in told.out.splitlines()[0]
    assert "000002 against 000001-" in told.out
    same_words = _document(
        footnote("evaluate", "small", "--against", "000002", "--mode", "lexical", "--json")
    )
    assert same_words["comparison"]["nDCG@10"]["mean_difference"] == 0
    index = ("--index", "index-beir/small")
    assert "aside          000002-" in footnote("info", *index).out
    assert footnote("verify", "000002", *index).out.startswith("generation 000002 is sound")
    assert footnote("promote", *index).out.startswith("generation 000002 is live, made with ")
    assert "aside" not in footnote("info", *index).out
    assert footnote("rollback", *index).out == "generation 000001 is live\n"
    again = footnote("promote", "000002", *index)
    assert (again.code, again.err) == (0, "")


def test_questions_are_compared_as_well(here: Path, footnote: Command) -> None:
    questions = [
        {"id": "a", "asked_by": "x", "question": "warfarin and greens", "answers": ["study:d5"]},
        {"id": "b", "asked_by": "x", "question": "stockings and veins", "answers": ["study:d4"]},
        {"id": "c", "asked_by": "x", "question": "iron", "answers": []},
    ]
    (here / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in questions))
    common = ("--questions", "questions.jsonl", "--index", "index-beir/small", "--mode", "lexical")
    document = _document(footnote("evaluate", *common, "--against", "000002", "--json"))
    assert document["comparison"]["answered"] == {
        "before": 1.0,
        "after": 1.0,
        "mean_difference": 0.0,
        "better": 0,
        "worse": 0,
        "p": 1.0,
    }
    assert document["comparison"]["queries"] == 2


def test_a_promotion_of_what_was_built_beside_an_older_one_says_so(here: Path, footnote: Command) -> None:
    (here / "more.jsonl").write_text('{"_id": "d6", "title": "Iron", "text": "Iron and restless legs."}\n')
    index = ("--index", "index-beir/small")
    assert footnote("index", "more.jsonl", *index).out.startswith("published 000003-")
    told = footnote("promote", *index)
    assert told.code == 0
    assert "it was built beside 000001, and 000003 was live since: run footnote index" in told.err


@pytest.mark.usefixtures("here")
def test_changing_the_model_without_building_is_refused_in_one_line_that_names_both(
    footnote: Command,
) -> None:
    told = footnote("index", "small", "--model", "wide/model", "--index", "index-beir/small").fault()
    assert told.startswith("--model wide/model: this index was made with ")
    assert "narrow/model" in told
    assert "--aside" in told


@pytest.mark.usefixtures("here")
def test_an_encoder_of_another_index_is_refused_in_one_line_that_names_both(footnote: Command) -> None:
    generations = Path("index-beir/small/generations")
    shutil.rmtree(generations / "000001" / "encoder")
    shutil.copytree(generations / "000002" / "encoder", generations / "000001" / "encoder")
    manifest = json.loads((generations / "000001" / "manifest.json").read_text())
    for file in (generations / "000001" / "encoder").iterdir():
        manifest["files"][f"encoder/{file.name}"]["bytes"] = file.stat().st_size
    (generations / "000001" / "manifest.json").write_text(json.dumps(manifest))
    told = footnote("search", "warfarin", "--index", "index-beir/small").fault()
    assert "wide/model: the vectors of generation 000001 were made with " in told
    assert "narrow/model" in told


FAULTS = {
    "nothing to ask": ((), "give one of BEIR_DIR, --starter and --questions FILE"),
    "two things to ask": (("small", "--starter"), "give one of BEIR_DIR"),
    "no such split": (
        ("small", "--split", "train"),
        "small has no such split; use one of dev, test",
    ),
    "no such folder": (("nowhere",), "nowhere: no such folder"),
    "an unknown setting": (("small", "--set", "k1=2"), "set=k1=2: no setting of that name; use dense_weight"),
    "a setting out of its rule": (("small", "--set", "dense_weight=2"), "dense_weight=2.0: must be 0 to 1"),
    "no such generation": (("small", "--against", "000007"), "000007: no such generation; use one of 000001"),
    "no such run": (("small", "--compare", "none.run"), "none.run: cannot be read"),
    "two comparisons": (("small", "--compare", "a", "--against", "000002"), "give one of them"),
    "nowhere to write": (("small", "--run", "no/where.run"), "no/where.run: its folder does not exist"),
    "a run of questions": (("--starter", "--run", "x"), "--run, --per-query and --compare need BEIR_DIR"),
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_asked_is_refused_in_one_line(footnote: Command, fault: str) -> None:
    arguments, told = FAULTS[fault]
    assert told in footnote("evaluate", *arguments).fault()


def test_a_folder_without_judgements_or_corpus_is_refused_in_one_line(here: Path, footnote: Command) -> None:
    shutil.rmtree(here / "small" / "qrels")
    assert "holds no judgements (qrels/SPLIT.tsv)" in footnote("evaluate", "small").fault()
    (here / "small" / "corpus.jsonl").unlink()
    assert "holds neither corpus.jsonl nor corpus.jsonl.gz" in footnote("evaluate", "small").fault()


def test_an_empty_corpus_is_refused_in_one_line_and_the_index_stays(here: Path, footnote: Command) -> None:
    (here / "small" / "corpus.jsonl").write_text("\n")
    assert "nothing in it can be indexed" in footnote("evaluate", "small").fault()
    assert footnote("verify", "--index", "index-beir/small").code == 0


@pytest.mark.usefixtures("here")
def test_a_path_that_is_no_model_is_refused_in_one_line(footnote: Command) -> None:
    told = footnote("index", "--aside", "--model", "small", "--index", "index-beir/small").fault()
    assert told.startswith("small: not a sentence-transformers model (no modules.json)")
    told = footnote("index", "--aside", "--prune", "--index", "index-beir/small").fault()
    assert "give PATHS" in told
