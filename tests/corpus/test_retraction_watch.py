"""Rows of the Retraction Watch database become notices of other works' standing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import Notice, Skipped
from corpus.retraction_watch import read_retractions

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes\n"
)


def _row(
    nature: str,
    *,
    doi: str = "10.1000/Old",
    pmid: str = "0",
    notice: tuple[str, str] = ("10.1000/New", "0"),
    date: str = "8/16/2023 0:00",
    title: str = '"A title, with comma"',
) -> str:
    retraction = f"{date},{notice[0]},{notice[1]}"
    return f"1,{title},s,i,j,p,c,a,u,t;,{retraction},9/24/2021 0:00,{doi},{pmid},{nature},r,No,\n"


def _read(tmp_path: Path, text: str) -> list[Notice | Skipped]:
    path = tmp_path / "retractions.csv"
    path.write_text(text, "utf-8")
    return list(read_retractions(path))


def test_a_retraction_names_the_work_the_notice_and_the_day(tmp_path: Path) -> None:
    assert _read(tmp_path, HEADER + _row("Retraction", pmid="123")) == [
        Notice("retracted", doi="10.1000/old", pmid="123", notice="10.1000/new", date="2023-08-16",
               recorded_in="Retraction Watch")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nature", "status"),
    [("Retraction", "retracted"), ("Correction", "corrected"), ("Expression of concern", "concern")],
)
def test_each_nature_gives_its_standing(tmp_path: Path, nature: str, status: str) -> None:
    (notice,) = _read(tmp_path, HEADER + _row(nature))
    assert isinstance(notice, Notice)
    assert notice.status == status


def test_unavailable_and_zero_mean_none(tmp_path: Path) -> None:
    row = _row("Retraction", doi="unavailable", pmid="77", notice=("unavailable", "88"), date="")
    (notice,) = _read(tmp_path, HEADER + row)
    assert notice == Notice("retracted", pmid="77", notice="pmid:88", recorded_in="Retraction Watch")


def test_only_a_work_without_identifier_is_named_by_its_title(tmp_path: Path) -> None:
    (named,) = _read(tmp_path, HEADER + _row("Retraction", doi="Unavailable"))
    assert isinstance(named, Notice)
    assert named.title == "A title, with comma"
    (nothing,) = _read(tmp_path, HEADER + _row("Retraction", doi="", title=""))
    assert isinstance(nothing, Skipped)


def test_a_reinstatement_and_an_unknown_nature_are_skipped_with_their_reason(tmp_path: Path) -> None:
    first, second, third = _read(tmp_path, HEADER + _row("Reinstatement") + _row("Joke") + _row("Retraction"))
    assert isinstance(first, Skipped)
    assert (first.position, "takes a retraction back" in first.reason) == ("line 2", True)
    assert isinstance(second, Skipped)
    assert "'Joke'" in second.reason
    assert isinstance(third, Notice)


@pytest.mark.parametrize("text", ["", "Title,Author\nA,B\n", "\x00\x00"])
def test_another_file_is_refused_with_what_it_lacks(tmp_path: Path, text: str) -> None:
    (skipped,) = _read(tmp_path, text)
    assert isinstance(skipped, Skipped)
    assert "OriginalPaperDOI" in skipped.reason


def test_a_missing_file_and_a_huge_field_do_not_raise(tmp_path: Path) -> None:
    (skipped,) = read_retractions(tmp_path / "absent.csv")
    assert isinstance(skipped, Skipped)
    results = _read(tmp_path, HEADER + _row("Retraction", title="x" * 5_000_000) + _row("Correction"))
    assert [type(result) for result in results] == [Skipped, Notice]


def test_an_open_quote_takes_no_other_retraction_with_it(tmp_path: Path) -> None:
    rows = [_row("Retraction", doi=f"10.1000/{n}", title='"open' if n == 1 else "T") for n in range(4)]
    results = _read(tmp_path, HEADER + "".join(rows))
    assert [r.doi for r in results if isinstance(r, Notice)] == ["10.1000/0", "10.1000/2", "10.1000/3"]
    assert [r.position for r in results if isinstance(r, Skipped)] == ["line 3"]


def test_shifted_columns_are_skipped(tmp_path: Path) -> None:
    (skipped,) = _read(tmp_path, HEADER + _row("Retraction", title="two, cells"))
    assert isinstance(skipped, Skipped)


def test_bytes_that_are_not_utf8_cost_no_row(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes((HEADER + _row("Retraction", title="Caf\u00e9")).encode("latin-1"))
    assert [type(r) for r in read_retractions(path)] == [Notice]


def test_the_published_header_is_known(shared: Path) -> None:
    path = shared / "formats" / "retraction" / "retraction-watch-header-and-one-row.csv"
    assert path.read_text("utf-8").startswith(HEADER.strip())


@given(st.binary() | st.tuples(st.integers(0, 500), st.integers(0, 50)).map(
    lambda c: ((HEADER + _row("Retraction"))[: c[0]] + (HEADER + _row("Retraction"))[c[0] + c[1] :]).encode()
))  # fmt: skip
@settings(max_examples=100)
def test_whatever_the_file_only_notices_and_reasons_come_out(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "r.csv"
    path.write_bytes(data)
    assert all(isinstance(r, Notice | Skipped) for r in read_retractions(path))
