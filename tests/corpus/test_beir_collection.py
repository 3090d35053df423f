"""A folder in BEIR's form is read whole, or refused with what is wrong with it."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.beir_collection import read_collection
from corpus.errors import CollectionError
from tests.search_api.small_collection import QUERIES, write_collection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small collection, to be changed."""
    return write_collection(tmp_path / "small")


def test_the_queries_of_a_split_are_those_it_judges(folder: Path) -> None:
    test, dev = read_collection(folder, "test"), read_collection(folder, "dev")
    assert dict(test.queries) == {name: QUERIES[name] for name in ("q1", "q2", "q3")}
    assert test.judgements["q1"] == {"d2": 2, "d3": 1, "d4": 1}
    assert test.judgements["q2"] == {"d5": 1, "d99": 1}
    assert (test.name, test.split, test.corpus) == ("small", "test", folder / "corpus.jsonl")
    assert dict(dev.judgements) == {"q4": {"d4": 1}}


def test_a_judged_query_that_stands_nowhere_is_named_and_left_out(folder: Path) -> None:
    read = read_collection(folder, "test")
    assert read.unknown_queries == ("q9",)
    assert "q9" not in read.judgements


def test_corpus_and_queries_may_be_compressed(folder: Path) -> None:
    plain = read_collection(folder, "test")
    for name in ("corpus.jsonl", "queries.jsonl"):
        content = (folder / name).read_bytes()
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        (folder / name).unlink()
    packed = read_collection(folder, "test")
    assert packed.corpus.name == "corpus.jsonl.gz"
    assert (packed.queries, packed.judgements) == (plain.queries, plain.judgements)


def test_judgements_need_no_line_of_names_and_no_last_newline(folder: Path) -> None:
    (folder / "qrels" / "dev.tsv").write_text("q4\td4\t1\r\nq4\td1\t0", "utf-8")
    assert dict(read_collection(folder, "dev").judgements) == {"q4": {"d4": 1, "d1": 0}}


def test_the_name_of_a_collection_is_that_of_its_folder_however_it_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert read_collection(Path(), "test").name == "small"


def _remove(name: str) -> object:
    return lambda folder: (folder / name).unlink()


def _write(name: str, text: str) -> object:
    return lambda folder: (folder / name).write_text(text, "utf-8")


FAULTS = {
    "no corpus": (_remove("corpus.jsonl"), r"holds neither corpus.jsonl nor corpus.jsonl.gz"),
    "no queries": (_remove("queries.jsonl"), r"holds neither queries.jsonl nor queries.jsonl.gz"),
    "no such split": (_remove("qrels/test.tsv"), r"--split test: .*small has no such split; use one of dev$"),
    "no judgement": (_write("qrels/test.tsv", "query-id\tcorpus-id\tscore\n"), "holds no judgement"),
    "a grade in words": (_write("qrels/test.tsv", "a\tb\tc\nq1\td1\tgood\n"), "line 2: not a judgement"),
    "two columns": (_write("qrels/test.tsv", "q1\td1\n"), "line 1: not a judgement"),
    "spaces for tabs": (_write("qrels/test.tsv", "q1 d1 1\n"), "line 1: not a judgement"),
    "two grades for one": (
        _write("qrels/test.tsv", "q1\td1\t1\nq1\td1\t0\n"),
        "line 2: judges q1 and d1 as 0 and before as 1; keep one",
    ),
    "queries of another collection": (
        _write("queries.jsonl", '{"_id": "x", "text": "y"}\n'),
        r"split test: none of its 4 judged queries is in queries.jsonl",
    ),
    "a broken query": (
        _write("queries.jsonl", '{"_id": "q1", "text": "y"}\n{"'),
        "line 2: not a query",
    ),
    "a query that is a list": (_write("queries.jsonl", '["q1", "y"]\n'), "line 1: not a query"),
    "a query without text": (_write("queries.jsonl", '{"_id": "q1"}\n'), "line 1: not a query"),
    "a text that is a number": (_write("queries.jsonl", '{"_id": "q1", "text": 3}\n'), "line 1: not a query"),
    "bytes that are no text": (
        lambda folder: (folder / "queries.jsonl").write_bytes(b"\xff\xfe\xfd"),
        "queries.jsonl: cannot be read",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_folder_that_is_none_is_refused_with_what_is_wrong(folder: Path, fault: str) -> None:
    spoil, told = FAULTS[fault]
    spoil(folder)  # type: ignore[operator]
    with pytest.raises(CollectionError, match=told):
        read_collection(folder, "test")


def test_a_folder_without_any_judgements_is_refused(folder: Path) -> None:
    for file in (folder / "qrels").iterdir():
        file.unlink()
    with pytest.raises(CollectionError, match=r"holds no judgements \(qrels/SPLIT.tsv\)"):
        read_collection(folder, "test")
    (folder / "qrels").rmdir()
    with pytest.raises(CollectionError, match=r"holds no judgements \(qrels/SPLIT.tsv\)"):
        read_collection(folder, "test")


def test_no_folder_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="nowhere: no such folder"):
        read_collection(tmp_path / "nowhere", "test")


def test_a_cut_archive_is_refused(folder: Path) -> None:
    content = gzip.compress((folder / "queries.jsonl").read_bytes())
    (folder / "queries.jsonl").unlink()
    (folder / "queries.jsonl.gz").write_bytes(content[:-12])
    with pytest.raises(CollectionError, match=r"queries.jsonl.gz: cannot be read"):
        read_collection(folder, "test")


_IDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    judgements=st.dictionaries(
        _IDS, st.dictionaries(_IDS, st.integers(-2, 5), min_size=1, max_size=4), min_size=1, max_size=5
    ),
    texts=st.data(),
)
def test_what_is_written_is_read_back(
    folder: Path, judgements: dict[str, dict[str, int]], texts: st.DataObject
) -> None:
    queries = {query_id: texts.draw(st.text(max_size=30)) for query_id in judgements}
    queries = {query_id: text.encode(errors="ignore").decode() for query_id, text in queries.items()}
    lines = [json.dumps({"_id": q, "text": t}, ensure_ascii=False) for q, t in queries.items()]
    (folder / "queries.jsonl").write_bytes("\n".join(lines).encode())
    rows = [f"{q}\t{d}\t{grade}" for q, grades in judgements.items() for d, grade in grades.items()]
    (folder / "qrels" / "test.tsv").write_bytes("\n".join(["a\tb\tc", *rows]).encode())
    read = read_collection(folder, "test")
    assert dict(read.queries) == queries
    assert {q: dict(grades) for q, grades in read.judgements.items()} == judgements
