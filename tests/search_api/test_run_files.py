"""Runs in TREC's format: what is written is read back, also by pytrec_eval; what is no run is refused."""

from pathlib import Path

import ir_measures
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import CollectionError, StorageError
from search_api.run_files import read_run, write_run

RUN = {"q1": {"d1": 0.25, "d2": 0.9}, "q2": {"d5": -1.5}}


def test_a_line_holds_query_document_rank_score_and_tag(tmp_path: Path) -> None:
    write_run(tmp_path / "run", RUN, "footnote")
    assert (tmp_path / "run").read_text().splitlines() == [
        "q1 Q0 d2 1 0.900000 footnote",
        "q1 Q0 d1 2 0.250000 footnote",
        "q2 Q0 d5 1 -1.500000 footnote",
    ]


def test_the_reader_of_ir_measures_reads_the_same(tmp_path: Path) -> None:
    write_run(tmp_path / "run", RUN, "footnote")
    read = [(d.query_id, d.doc_id, d.score) for d in ir_measures.read_trec_run(str(tmp_path / "run"))]
    assert read == [("q1", "d2", 0.9), ("q1", "d1", 0.25), ("q2", "d5", -1.5)]


_WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
_SCORES = st.floats(-1000, 1000).map(lambda score: round(score, 6) + 0.0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(_WORDS, st.dictionaries(_WORDS, _SCORES, min_size=1), min_size=1))
def test_what_is_written_is_read_back(tmp_path: Path, run: dict[str, dict[str, float]]) -> None:
    write_run(tmp_path / "run", run, "tag")
    assert read_run(tmp_path / "run", run) == run


def test_the_score_decides_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("\ufeffq1 0 d1 7 1e-3 x\n\n  q1\tQ0  d2\t1 2 x \n", "utf-8")
    assert read_run(tmp_path / "run", ["q1"]) == {"q1": {"d1": 0.001, "d2": 2.0}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"q1 Q0 d1 1 0.5 x\nq1 Q0 d1 1 0.5\n", "line 2: not a line of a run; give lines of: query Q0"),
        (b"q1 Q0 d1 1 high x\n", "line 1: not a line of a run"),
        (b"q1 Q0 d1 1 nan x\n", "line 1: not a line of a run"),
        (b"", "answers none of these queries; give a run of the same split"),
        (b"q7 Q0 d1 1 0.5 x\n", "answers none of these queries"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "run").write_bytes(content)
    with pytest.raises(CollectionError, match=told):
        read_run(tmp_path / "run", ["q1", "q2"])


def test_a_run_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="cannot be read"):
        read_run(tmp_path / "none", ["q1"])


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere/run: cannot be written \(No such file"):
        write_run(tmp_path / "nowhere" / "run", RUN, "footnote")


@pytest.mark.parametrize("run", [{"q 1": {"d1": 1.0}}, {"q1": {"d 1": 1.0}}, {"": {"d1": 1.0}}])
def test_an_id_with_a_blank_is_refused_for_it_could_not_be_read_back(
    tmp_path: Path, run: dict[str, dict[str, float]]
) -> None:
    with pytest.raises(CollectionError, match="cannot hold an id with a blank"):
        write_run(tmp_path / "run", run, "footnote")
    assert not (tmp_path / "run").exists()
