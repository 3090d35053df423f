"""What each export looks like, by files written by hand from the formats' descriptions."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import ParameterError
from corpus.records import Block, Integrity, Source, Study
from search_api.exports.formats import FORMATS, export, format_named
from search_api.exports.latex_escapes import escaped, with_capitals_kept
from tests.conftest import REPOSITORY

_GOLDEN = REPOSITORY / "tests" / "golden" / "exports"

_TITLE = "Götze's 50% rule: MK-7 & dp-ucMGP in the {Rotterdam} Study"
_ABSTRACT = "Objective: To test.", "Results: It works, p<0.05 & more."
_TEXT = "\n\n".join((_TITLE, *_ABSTRACT))


def _everything() -> Source:
    """A record with something in every field that a format must take care of."""
    starts = [_TEXT.index(part) for part in (_TITLE, *_ABSTRACT)]
    return Source(
        source_id="doi:10.1000/(sici)12<1::aid-x>3.0.co;2-#",
        kind="study",
        csl={
            "id": "gotze2004",
            "type": "article-journal",
            "title": _TITLE,
            "author": [
                {"family": "Götze", "given": "Anna M."},
                {"family": "Meer", "non-dropping-particle": "van der", "given": "I."},
                {"family": "King", "given": "Martin", "suffix": "Jr"},
                {"literal": "Bone and Mineral Group"},
            ],
            "container-title": "Bone & Joint",
            "container-title-short": "Bone Jt",
            "issued": {"date-parts": [[2004, 11, 2]]},
            "volume": "31",
            "issue": "1",
            "page": "114–118",
            "DOI": "10.1000/(SICI)12<1::AID-X>3.0.CO;2-#",
            "PMID": "15514282",
            "URL": "https://example.org/a_b?c=1&d=50%25",
        },
        text=_TEXT,
        blocks=(
            Block("title", (), starts[0], starts[0] + len(_TITLE)),
            *(
                Block("abstract", (), at, at + len(part))
                for at, part in zip(starts[1:], _ABSTRACT, strict=True)
            ),
        ),
        key="gotze2004",
        study=Study("RCT", "=SUM(A1)", "It works"),
        integrity=Integrity(
            "retracted", notice="10.1000/notice", date="2012-03-04", recorded_in="PubMed record"
        ),
        authors_complete=False,
    )


@pytest.mark.parametrize("name", ["bibtex", "ris", "medline", "csv", "csl-json"])
def test_a_record_with_everything_is_written_as_the_format_has_it(name: str) -> None:
    form = FORMATS[name]
    expected = (_GOLDEN / f"everything.{form.suffix}").read_text("utf-8")
    written = export([_everything()], form, "apa").replace("\r\n", "\n")
    if name == "csl-json":
        assert json.loads(written) == json.loads(expected)
    else:
        assert written == expected


@pytest.mark.parametrize("name", ["bibtex", "ris", "medline", "csv", "csl-json"])
def test_no_source_gives_a_file_without_records(name: str) -> None:
    written = export([], FORMATS[name], "apa")
    assert written.count("\n") <= 1
    assert "TY  -" not in written


def test_an_editors_summary_is_never_exported_as_the_abstract_of_the_work() -> None:
    text = "Bone\n\nThis trial found less."
    source = replace(
        _everything(), text=text, blocks=(Block("title", (), 0, 4), Block("summary", (), 6, len(text)))
    )
    for name in ("bibtex", "ris", "medline", "csv"):
        assert "found less" not in export([source], FORMATS[name], "apa"), name
    (item,) = json.loads(export([source], FORMATS["csl-json"], "apa"))
    assert "abstract" not in item
    assert item["custom"]["summary"] == "This trial found less."


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1"])
def test_no_cell_of_a_table_begins_a_formula(start: str) -> None:
    source = replace(_everything(), csl={**_everything().csl, "title": f"{start} in bone"})
    rows = list(csv.reader(io.StringIO(export([source], FORMATS["csv"], "apa"))))
    assert f"'{start} in bone" in rows[1]
    assert not [cell for cell in rows[1] if re.match(r"[=+@-]", cell)]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% of $5 & more_less #1", r"50\% of \$5 \& more\_less \#1"),
        (
            "{a} \\b ~c ^d",
            r"{\textbraceleft}a{\textbraceright} {\textbackslash}b {\textasciitilde}c {\textasciicircum}d",
        ),
        ("é ø ß Å", r"{\'e} {\o} {\ss} {\r{A}}"),
        ("K₂ and m²", r"K\textsubscript{2} and m\textsuperscript{2}"),
        ("a -- b ''c'' ?`", r"a -{}- b '{}'c'{}' ?{}`"),
        ("&lt; is an entity", r"{\&}lt; is an entity"),
        ("α-linolenic", r"\ensuremath{\alpha}-linolenic"),
        ("维生素", "维生素"),
    ],
)
def test_what_latex_would_take_for_itself_is_escaped(text: str, latex: str) -> None:
    assert escaped(text) == latex


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Vitamin K and bone", "Vitamin {K} and bone"),
        ("MK-7 (menaquinone) in Rotterdam", "{MK-7} (menaquinone) in {Rotterdam}"),
        ("“Bone” and (COPD).", "{\\textquotedblleft}Bone{\\textquotedblright} and ({COPD})."),
        ("Étude of bone", "{\\'E}tude of bone"),
    ],
)
def test_capitals_that_a_style_must_keep_stand_in_braces(title: str, kept: str) -> None:
    assert with_capitals_kept(title) == kept


def test_an_unknown_format_is_answered_with_the_known_ones() -> None:
    assert format_named(" RIS ").name == "ris"
    with pytest.raises(ParameterError, match="csl-json, bibtex, ris, medline, csv, text, html"):
        format_named("endnote")


def test_the_golden_files_are_all_used() -> None:
    assert {path.name for path in Path(_GOLDEN).iterdir()} == {
        f"everything.{FORMATS[name].suffix}" for name in ("bibtex", "ris", "medline", "csv", "csl-json")
    }
