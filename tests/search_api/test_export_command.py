"""``footnote export`` and ``footnote search --format``: which sources, which format, where to."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.reading import read_file
from corpus.records import Source
from tests.search_api.command_line import Ended, run

_Export = Callable[..., Ended]


@pytest.fixture
def footnote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], starter_index: Path
) -> _Export:
    """Run ``footnote`` over the starter index."""
    monkeypatch.setenv("FOOTNOTE_INDEX", str(starter_index))
    return lambda *arguments: run(monkeypatch, capsys, arguments)


def _sources(path: Path) -> list[Source]:
    return [found for found in read_file(path) if isinstance(found, Source)]


def test_without_an_id_every_study_is_written_in_the_format_of_the_suffix(
    footnote: _Export, tmp_path: Path
) -> None:
    for name, format_read in (("all.ris", "RIS"), ("all.nbib", "MEDLINE"), ("all.json", "CSL-JSON")):
        file = tmp_path / name
        ended = footnote("export", "--output", file)
        assert (ended.code, ended.out, ended.err) == (0, "", f"95 sources in {file}\n")
        assert {source.format for source in _sources(file)} == {format_read}
        assert len(_sources(file)) == 95


def test_sources_are_printed_in_the_order_of_the_ids_each_once(footnote: _Export) -> None:
    ids = ("10.1016/S8756-3282(02)00783-4", "kakkos2018", "pmid:12110423")
    ended = footnote("export", *ids, "--format", "csl-json")
    assert [item["id"] for item in json.loads(ended.out)] == ["sato2002pd", "kakkos2018"]


def test_bibtex_is_what_is_printed_where_nothing_else_is_said(footnote: _Export) -> None:
    assert footnote("export", "kakkos2018").out.startswith("@article{kakkos2018,\n  author = {Kakkos")


def test_a_reference_list_comes_in_the_order_of_its_style(footnote: _Export) -> None:
    asked = ("export", "nocturnal-leg-cramps", "--references", "--format", "text")
    lines = footnote(*asked, "--style", "ama").out.splitlines()
    assert [line.partition(" ")[0] for line in lines] == [f"{n}." for n in range(1, 9)]
    assert lines[0].startswith("1. Tan J, Zhu R, Li Y, et al. Vitamin K2 in Managing Nocturnal Leg Cramps")
    by_name = footnote(*asked).out.splitlines()
    assert len(by_name) == 8
    assert by_name == sorted(by_name)


def test_what_a_search_found_is_printed_as_a_file_each_source_once(footnote: _Export) -> None:
    ended = footnote(
        "search", "night cramps and magnesium", "--kind", "study", "--limit", "3", "--format", "csl-json"
    )
    ids = [item["id"] for item in json.loads(ended.out)]
    assert "roguinmaor2017" in ids
    assert len(ids) == len(set(ids)) <= 3


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("nope",), "ids=nope: no source of the index has that id"),
        (
            ("kakkos2018", "--format", "bibtx"),
            "format=bibtx: no export format of that name; use one of",
        ),
        (("kakkos2018", "--style", "vancuver"), "no citation style of that name; did you mean vancouver"),
        (("--references",), "needs the ID of what cites"),
        (("kakkos2018", "--output", "/no/such/folder/x.ris"), "cannot be written"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    footnote: _Export, arguments: tuple[str, ...], fault: str
) -> None:
    assert fault in footnote("export", *arguments).fault()
