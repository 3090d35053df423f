"""The command `footnote`: what it prints, its exit codes, one line for every fault."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient

from indexer.generation import LIBRARY_FILE, IndexDirectory
from search_api.cli import footnote, main
from search_api.settings import SETTINGS

_STUDIES = Path(__file__).resolve().parents[2] / "corpus" / "starter" / "studies"
_QUESTION = "Did a cohort study link menaquinone intake to coronary heart disease?"


class _Ended(NamedTuple):
    code: int
    out: str
    err: str

    def fault(self) -> str:
        """The one line of a refusal."""
        assert (self.code, self.out) == (2, "")
        (line,) = self.err.splitlines()
        assert line.startswith("footnote: ")
        return line.removeprefix("footnote: ")


_Run = Callable[..., _Ended]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(f"FOOTNOTE_{name.upper()}", raising=False)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> _Run:
    """Run the command in this process, as `main` would in its own."""

    def ended(*arguments: object) -> _Ended:
        monkeypatch.setattr(sys, "argv", ["footnote", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return _Ended(int(end.value.code or 0), captured.out, captured.err)

    return ended


def _process(*arguments: object) -> _Ended:
    ended = subprocess.run(
        [sys.executable, "-m", "search_api", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return _Ended(ended.returncode, ended.stdout, ended.stderr)


def _study(folder: Path, name: str = "cold") -> Path:
    record = {
        "id": name,
        "DOI": f"10.1000/{name}",
        "type": "article-journal",
        "title": f"Zinc for {name}",
        "issued": {"date-parts": [[2021]]},
        "custom": {"summary": f"Zinc for {name}: a small trial."},
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record))
    return path


# As processes


def test_a_search_in_its_own_process_prints_the_study_that_answers(starter_index: Path) -> None:
    ended = _process("search", _QUESTION, "--index", starter_index, "--limit", "3")
    assert ended.code == 0
    assert ended.err == ""
    assert "Geleijnse, J. M., Vermeer, C." in ended.out


def test_a_missing_index_is_one_line_and_exit_2_in_its_own_process(tmp_path: Path) -> None:
    fault = _process("search", "leg cramps", "--index", tmp_path / "none").fault()
    assert fault.endswith("none: no index is published there; run footnote index, or give --index DIR")


def test_bytes_that_are_no_text_are_refused_in_one_line() -> None:
    ended = subprocess.run(
        [sys.executable.encode(), b"-m", b"search_api", b"search", b"leg \xff cramps"],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1
    assert b"not UTF-8 text" in ended.stderr


def test_a_reader_that_goes_away_is_no_fault(starter_index: Path) -> None:
    """The document is larger than what a pipe holds, so that writing it does fail."""
    search = f"{sys.executable} -m search_api search 'vitamin K' --index {starter_index} --limit 100 --json"
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{search} --style ama | head -1"],
        capture_output=True,
        text=True,
        timeout=120,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        check=False,
    )
    assert ended.stdout == "{\n"
    assert ended.stderr == ""
    assert ended.returncode == 0


# Search


def test_json_is_the_document_of_the_api_but_for_the_time_it_took(
    run: _Run, client: FlaskClient, starter_index: Path
) -> None:
    ended = run("search", _QUESTION, "--index", starter_index, "--limit", 5, "--kind", "study", "--json")
    printed: dict[str, Any] = json.loads(ended.out)
    asked = {"query": _QUESTION, "limit": 5, "kind": "study"}
    answered = client.get("/v1/search", query_string=asked).get_json()
    assert (ended.code, ended.err) == (0, "")
    assert printed.pop("took_ms") > 0
    assert answered.pop("took_ms") > 0
    assert printed == answered
    assert list(printed) == list(answered)


def test_every_option_of_a_search_reaches_the_search(
    run: _Run, client: FlaskClient, starter_index: Path
) -> None:
    given = {
        "limit": "7",
        "kind": "study",
        "year-from": "2005",
        "year-to": "2020",
        "integrity": "exclude",
        "mode": "lexical",
        "max-per-source": "1",
        "style": "vancouver",
    }
    options = [part for name, value in given.items() for part in (f"--{name}", value)]
    types = ["--study-type", "RCT", "--study-type", "cohort"]
    ended = run("search", "vitamin K", "--index", starter_index, *options, *types, "--json")
    asked = {"query": "vitamin K", "study_type": "RCT,cohort"}
    asked |= {name.replace("-", "_"): value for name, value in given.items()}
    answered = client.get("/v1/search", query_string=asked).get_json()
    assert answered["results"]
    assert json.loads(ended.out)["results"] == answered["results"]


def test_every_parameter_of_a_search_has_its_option() -> None:
    from search_api.queries import PagedQuery

    options = {p.name for p in footnote.commands["search"].params} - {
        "index",
        "as_json",
        "question",
        "profile",
        "rerank",
        "backend",
        "uri",
        "collection",
        "form_name",
    }
    assert options == set(PagedQuery.model_fields) - {"query"}


def test_a_retraction_is_printed_before_the_quote(run: _Run, starter_index: Path) -> None:
    out = run("search", "Sato menatetrenone Parkinson fractures", "--index", starter_index).out
    assert out.startswith("1. RETRACTED, RCT, 120 women (as reported), 2002")
    first = out.split("\n2. ")[0]
    assert first.index("! RETRACTED: this publication was retracted") < first.index("“")
    assert "Summary of the study's record, not the authors' words" in first
    assert "et al. (2002). RETRACTED: Amelioration" in first


def test_an_inadequate_answer_says_so_first(run: _Run, starter_index: Path) -> None:
    ended = run("search", "How do I change the oil of a motorcycle?", "--index", starter_index)
    assert ended.code == 0
    assert ended.out.startswith("Nothing adequate found.")


def test_an_answer_without_hits_says_so(run: _Run, starter_index: Path) -> None:
    ended = run("search", "vitamin K", "--year-to", "1001", "--index", starter_index)
    assert (ended.code, ended.out.splitlines()[0]) == (0, "Nothing found.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["the of"], "query=the of: holds only symbols or common words; name what"),
        ([""], "query=: must not be empty; ask a question"),
        (["cramps", "--limit", "0"], "limit=0: "),
        (["cramps", "--limit", "101"], "limit=101: "),
        (["cramps", "--limit", "abc"], "limit=abc: "),
        (["cramps", "--year-from", "2020", "--year-to", "2010"], "year_to=2010; swap them"),
        (["cramps", "--kind", "book"], "kind=book: "),
        (["cramps", "--study-type", "horoscope"], "study_type=horoscope: no study of this library"),
        (["cramps", "--style", "vancouvr"], "did you mean vancouver"),
        (["cramps", "--style", "chicago-notes"], "notes only"),
        (["cramps", "--format", "bibtx"], "no export format of that name; use one of"),
        (["x" * 2001], "has 2001 characters, at most 2000; shorten it"),
    ],
)
def test_a_search_that_cannot_be_asked_is_refused_in_one_line(
    run: _Run, starter_index: Path, arguments: list[str], words: str
) -> None:
    assert words in run("search", *arguments, "--index", starter_index).fault()


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "cramps", "--bogus"],
        ["search", "cramps", "and", "more"],
        ["frobnicate"],
        ["serve", "--port", "0"],
        ["serve", "--port", "65536"],
        ["serve", "--workers", "none"],
        ["read"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(run: _Run, arguments: list[str]) -> None:
    run(*arguments).fault()


def test_the_index_may_be_named_in_the_environment(
    run: _Run, starter_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX", str(starter_index))
    monkeypatch.setenv("FOOTNOTE_STYLE", "vancouver")
    assert "Geleijnse JM, Vermeer C" in run("search", _QUESTION).out


# Help


def test_without_a_command_the_help_is_shown_and_the_exit_code_is_2(run: _Run) -> None:
    ended = run()
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Usage: ")
    assert ended.err.count("\n") > 10


def test_asking_for_help_is_no_fault(run: _Run) -> None:
    ended = run("--help")
    assert (ended.code, ended.err) == (0, "")
    assert all(name in ended.out for name in footnote.commands)


@pytest.mark.parametrize("command", sorted(footnote.commands))
def test_every_command_has_help(run: _Run, command: str) -> None:
    ended = run(command, "--help")
    assert ended.code == 0
    assert ended.out.startswith("Usage: ")


def test_the_commands_of_this_floor_are_there() -> None:
    assert {"index", "search", "serve", "read", "info", "verify", "rollback"} <= set(footnote.commands)


def test_the_version_is_told(run: _Run) -> None:
    assert run("--version").out.startswith("footnote, version ")
    assert _process("--help").out.startswith("Usage: footnote ")


# The index


def test_info_tells_what_the_api_tells(run: _Run, client: FlaskClient, starter_index: Path) -> None:
    facts = json.loads(run("info", "--index", starter_index, "--json").out)
    answered = client.get("/v1/index").get_json()
    shared = set(facts) & set(answered)
    assert shared >= {"generation", "index_version", "fingerprint", "counts", "parameters", "created"}
    assert {name: facts[name] for name in shared} == {name: answered[name] for name in shared}
    files = [p for p in (starter_index / "generations" / facts["generation"]).rglob("*") if p.is_file()]
    listed = [p for p in files if p.name != "manifest.json" and not p.name.startswith(".tantivy-")]
    assert facts["bytes"] == sum(path.stat().st_size for path in listed)


def test_info_in_words_names_the_generation_and_the_counts(run: _Run, starter_index: Path) -> None:
    ended = run("info", "--index", starter_index)
    assert ended.code == 0
    assert "generation     000001" in ended.out
    assert "studies " in ended.out


def test_a_sound_index_verifies_with_exit_0(run: _Run, starter_index: Path) -> None:
    ended = run("verify", "--index", starter_index)
    assert ended.code == 0
    assert "generation 000001 is sound" in ended.out


def test_a_damaged_index_verifies_with_exit_1_and_names_the_file(
    run: _Run, starter_index: Path, tmp_path: Path
) -> None:
    copytree(starter_index, tmp_path / "index")
    library = tmp_path / "index" / "generations" / "000001" / LIBRARY_FILE
    data = bytearray(library.read_bytes())
    data[len(data) // 2] ^= 0xFF
    library.write_bytes(data)
    ended = run("verify", "--index", tmp_path / "index")
    assert ended.code == 1
    assert ended.out.splitlines() == [f"{LIBRARY_FILE}: its content changed since it was published"]
    assert "is damaged" in ended.err


def test_an_index_is_updated_rolled_back_and_refuses_to_roll_back_further(
    run: _Run, starter_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    copytree(starter_index, index)
    ended = run("index", _study(tmp_path), "--index", index, "--prune")
    assert (ended.code, ended.err) == (0, ""), "progress is drawn on a terminal only"
    assert ended.out.startswith("published 000002-")
    assert "0 articles, 1 studies, 1 passages (1 encoded)" in ended.out
    assert run("index", tmp_path / "cold.json", "--index", index).out.startswith("unchanged 000002-")
    back = run("rollback", "--index", index)
    assert (back.code, back.out) == (0, "generation 000001 is live\n")
    assert "no earlier generation is kept" in run("rollback", "--index", index).fault()


@pytest.mark.parametrize("command", ["info", "verify", "rollback", "serve"])
def test_every_command_on_a_missing_index_is_one_line_and_exit_2(
    run: _Run, tmp_path: Path, command: str
) -> None:
    assert "no index is published there" in run(command, "--index", tmp_path / "none").fault()


def test_indexing_a_path_that_is_not_there_is_refused_and_publishes_nothing(
    run: _Run, tmp_path: Path
) -> None:
    fault = run("index", tmp_path / "gone", "--index", tmp_path / "index").fault()
    assert "no such file or folder" in fault
    assert IndexDirectory(tmp_path / "index").current_name() is None


def test_another_model_than_the_indexs_own_is_refused(run: _Run, starter_index: Path, tmp_path: Path) -> None:
    copytree(starter_index, tmp_path / "index")
    fault = run("index", _study(tmp_path), "--index", tmp_path / "index", "--model", "other/model").fault()
    assert "vectors of two models cannot be mixed" in fault


# Read


def test_read_prints_one_source_a_line_and_counts_them(run: _Run) -> None:
    ended = run("read", _STUDIES)
    sources = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.code == 0
    assert len(sources) == len(list(_STUDIES.glob("*.json")))
    assert {"source_id", "kind", "text", "blocks", "text_sha256"} <= set(sources[0])
    assert ended.err.splitlines()[0] == f"{len(sources)} studies from CSL-JSON"
    assert "skipped" not in ended.err


def test_read_says_what_it_skipped_and_keeps_the_rest(run: _Run, tmp_path: Path) -> None:
    _study(tmp_path)
    (tmp_path / "broken.json").write_text("{")
    ended = run("read", tmp_path)
    assert ended.code == 0
    assert len(ended.out.splitlines()) == 1
    skipped = ended.err.splitlines()[-2:]
    assert skipped[0].startswith("skipped     1 x not valid JSON")
    assert skipped[1].strip() == "broken.json, line 1"
    assert "skipped " + str(tmp_path / "broken.json") not in ended.err
    assert f"skipped {tmp_path / 'broken.json'}, line 1: " in run("read", tmp_path, "--verbose").err


def test_a_file_of_which_nothing_could_be_read_ends_with_exit_2(run: _Run, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    ended = run("read", tmp_path / "broken.json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith("footnote: ")


def test_reading_a_file_that_is_not_there_is_one_line(run: _Run, tmp_path: Path) -> None:
    assert "no such file or folder" in run("read", tmp_path / "gone").fault()


# Leaving


def test_a_user_who_stops_the_command_is_told_that_nothing_was_published(
    run: _Run, monkeypatch: pytest.MonkeyPatch, starter_index: Path
) -> None:
    def interrupted(self: IndexDirectory) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(IndexDirectory, "open", interrupted)
    fault = run("info", "--index", starter_index)
    assert fault.code == 2
    assert fault.err.strip().endswith("stopped by the user; nothing was published")
