"""The lint finds each kind of fault, names it with file, line and remedy, and passes what is right."""

import json
import shutil
from pathlib import Path

import pytest

from corpus.linting.faults import Fault
from corpus.linting.library import lint_library
from corpus.linting.numbers import numbers_in
from corpus.linting.readability import readability_grade
from tests.conftest import STARTER


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A copy of the starter library to put faults into."""
    return Path(shutil.copytree(STARTER, tmp_path / "library"))


def _change(library: Path, article: str, old: str, new: str) -> int:
    """Replace the first ``old`` in an article; the line where it stood."""
    path = library / "articles" / f"{article}.md"
    text = path.read_text("utf-8")
    assert old in text, "the article changed; adapt the test"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def _faults(library: Path, rule: str) -> list[Fault]:
    return [fault for fault in lint_library(library).faults if fault.rule == rule]


def test_the_starter_library_has_no_fault() -> None:
    report = lint_library(STARTER)
    assert (report.articles, report.studies, report.faults) == (14, 95, ())


def test_an_unknown_key_is_named_with_its_line(library: Path) -> None:
    line = _change(library, "nocturnal-leg-cramps", "[@tan2024]", "[@tan2042]")
    (fault,) = [f for f in _faults(library, "unknown-key") if f.line == line]
    assert "@tan2042" in fault.message
    assert fault.file.endswith("nocturnal-leg-cramps.md")
    assert fault.remedy


def test_a_number_that_the_record_lacks_is_named(library: Path) -> None:
    line = _change(library, "nocturnal-leg-cramps", "0.96", "0.69")
    (fault,) = _faults(library, "number-not-in-record")
    assert (fault.line, "0.69" in fault.message) == (line, True)


def test_a_number_in_a_table_row_is_checked_too(library: Path) -> None:
    path = library / "articles" / "nocturnal-leg-cramps.md"
    lines = path.read_text("utf-8").splitlines()
    row = next(n for n, line in enumerate(lines) if line.startswith("|") and "@tan2024" in line)
    lines[row] = lines[row].replace("199", "991")
    path.write_text("\n".join(lines), "utf-8")
    (fault,) = _faults(library, "number-not-in-record")
    assert (fault.line, "991" in fault.message) == (row + 1, True)


def test_a_retracted_study_cited_as_evidence_is_named(library: Path) -> None:
    _change(
        library, "nocturnal-leg-cramps", "## Questions", "MK-4 cut fractures [@sato2002pd].\n\n## Questions"
    )
    (fault,) = _faults(library, "retracted-as-evidence")
    assert "@sato2002pd" in fault.message


def test_et_al_must_name_the_first_author_of_a_cited_study(library: Path) -> None:
    _change(
        library, "nocturnal-leg-cramps", "## Questions", "Zhu et al. tested it [@tan2024].\n\n## Questions"
    )
    (fault,) = _faults(library, "et-al")
    assert "Zhu et al" in fault.message


def test_et_al_of_the_first_author_passes(library: Path) -> None:
    _change(
        library, "nocturnal-leg-cramps", "## Questions", "Tan et al. tested it [@tan2024].\n\n## Questions"
    )
    assert _faults(library, "et-al") == []


def test_a_cut_author_list_without_et_al_is_named(library: Path) -> None:
    _change(
        library,
        "vitamin-k-bone-after-retractions",
        "Sato Y, Honda Y, Kaji M, et al.",
        "Sato Y, Honda Y, Kaji M.",
    )
    (fault,) = _faults(library, "et-al")
    assert "@sato2002pd" in fault.message


def test_a_study_that_nobody_cites_is_named(library: Path) -> None:
    record = json.loads((library / "studies" / "tan2024.json").read_text("utf-8"))
    record |= {"id": "nobody2020", "DOI": "10.1000/nobody", "PMID": "1"}
    (library / "studies" / "nobody2020.json").write_text(json.dumps(record), "utf-8")
    (fault,) = _faults(library, "uncited-study")
    assert "@nobody2020" in fault.message


def test_an_article_without_a_disclaimer_is_named(library: Path) -> None:
    _change(library, "nocturnal-leg-cramps", "## Medical disclaimer", "## Last words")
    (fault,) = _faults(library, "no-disclaimer")
    assert fault.file.endswith("nocturnal-leg-cramps.md")


def test_a_link_to_no_heading_and_to_no_file_is_named(library: Path) -> None:
    old = "## Questions"
    _change(library, "nocturnal-leg-cramps", old, f"See [this](#nowhere) and [that](none.md).\n\n{old}")
    assert [fault.message.split()[0] for fault in _faults(library, "dead-anchor")] == ["#nowhere", "none.md"]


def test_a_link_to_a_heading_passes(library: Path) -> None:
    _change(library, "nocturnal-leg-cramps", "## Questions", "See [these](#references).\n\n## Questions")
    assert _faults(library, "dead-anchor") == []


def test_an_article_that_is_too_short_is_named(library: Path) -> None:
    path = library / "articles" / "nocturnal-leg-cramps.md"
    head, _, tail = path.read_text("utf-8").partition("## Questions")
    path.write_text(head.split("## Key points")[0] + "## Questions" + tail, "utf-8")
    assert [fault.file for fault in _faults(library, "length")] == [str(path)]


def test_an_article_that_is_too_hard_to_read_is_named(library: Path) -> None:
    path = library / "articles" / "nocturnal-leg-cramps.md"
    sentence = "Notwithstanding heterogeneous methodological considerations, interindividual "
    sentence += "pharmacokinetic variability precludes straightforward extrapolation. "
    head, _, tail = path.read_text("utf-8").partition("## Key points")
    path.write_text(head + "## Musings\n\n" + sentence * 40 + "\n\n## Key points" + tail, "utf-8")
    assert [fault.file for fault in _faults(library, "reading-level")] == [str(path)]


def test_a_reference_list_that_does_not_match_is_named(library: Path) -> None:
    path = library / "articles" / "nocturnal-leg-cramps.md"
    lines = path.read_text("utf-8").splitlines()
    last = max(n for n, line in enumerate(lines) if line.endswith("]") and line[:1].isdigit())
    key = lines[last].rsplit("@", 1)[1].rstrip("]")
    lines[last] = lines[last].replace(f"@{key}", "@gast2009")
    path.write_text("\n".join(lines), "utf-8")
    messages = sorted(fault.message for fault in _faults(library, "reference-list"))
    assert messages == sorted([f"@{key} is cited but not listed", "@gast2009 is listed but never cited"])


def test_broken_front_matter_is_named_with_its_line(library: Path) -> None:
    (library / "articles" / "broken.md").write_text("---\ntitle: a: b\n---\n\nText.\n", "utf-8")
    (fault,) = _faults(library, "unreadable")
    assert (fault.line, "front matter" in fault.message) == (2, True)


def test_a_summary_with_a_foreign_number_is_named(library: Path) -> None:
    path = library / "studies" / "tan2024.json"
    path.write_text(path.read_text("utf-8").replace("180 µg", "810 µg"), "utf-8")
    (fault,) = _faults(library, "number-not-in-record")
    assert "810" in fault.message


def test_a_retracted_summary_that_hides_it_is_named(library: Path) -> None:
    path = library / "studies" / "sato2002pd.json"
    path.write_text(path.read_text("utf-8").replace('"summary": "RETRACTED. ', '"summary": "'), "utf-8")
    assert len(_faults(library, "retracted-as-evidence")) == 1


def test_two_records_with_one_key_are_named(library: Path) -> None:
    record = json.loads((library / "studies" / "tan2024.json").read_text("utf-8"))
    record["DOI"] = "10.1000/other"
    (library / "studies" / "zz.json").write_text(json.dumps(record), "utf-8")
    (fault,) = _faults(library, "shared-key")
    assert "tan2024" in fault.message


def test_eight_different_faults_at_once_are_all_named(library: Path) -> None:
    _change(library, "nocturnal-leg-cramps", "[@tan2024]", "[@tan2042]")
    _change(library, "nocturnal-leg-cramps", "## Medical disclaimer", "## Last words")
    _change(library, "vitamin-k-bone-after-retractions", "Kaji M, et al.", "Kaji M.")
    _change(
        library, "k2-circulation-legs", "## Questions", "MK-4 cut fractures [@sato2002pd].\n\n## Questions"
    )
    _change(library, "mk4-mk7-food-sources", "## Questions", "See [this](#nowhere).\n\n## Questions")
    _change(library, "vitamins-d-and-k-together", "402", "204")
    (library / "articles" / "broken.md").write_text("---\ntitle: [\n---\n", "utf-8")
    record = json.loads((library / "studies" / "tan2024.json").read_text("utf-8"))
    record |= {"id": "nobody2020", "DOI": "10.1000/nobody", "PMID": "1"}
    (library / "studies" / "nobody2020.json").write_text(json.dumps(record), "utf-8")
    rules = {fault.rule for fault in lint_library(library).faults}
    assert rules >= {
        "unknown-key",
        "no-disclaimer",
        "et-al",
        "retracted-as-evidence",
        "dead-anchor",
        "number-not-in-record",
        "unreadable",
        "uncited-study",
    }


def test_records_from_elsewhere_can_be_cited() -> None:
    article = STARTER / "articles" / "nocturnal-leg-cramps.md"
    assert any(fault.rule == "unknown-key" for fault in lint_library(article).faults)
    assert lint_library(article, STARTER / "studies").faults == ()


def test_a_hard_wrapped_sentence_is_one_statement(tmp_path: Path) -> None:
    """A number on one line and its citation on the next belong together; the line is the first."""
    text = "---\ntitle: Wrapped\n---\n\n## Summary\n\nIn 999 adults cramps\nwere fewer [@tan2024].\n"
    path = tmp_path / "wrapped.md"
    path.write_text(text, "utf-8")
    faults = [f for f in lint_library(path, STARTER / "studies").faults if f.rule == "number-not-in-record"]
    assert [(fault.line, "999" in fault.message) for fault in faults] == [(7, True)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4,807 adults, RR 0.43 (0.24-0.77)", {"4807", "0.43", "0.24", "0.77"}),
        ("MK-7, vitamin K2, B12, IL-6 and 25(OH)D", set()),
        ("P=.04 in 12,749 events", {"0.04", "12749"}),
        ("18F-NaF PET in 68 people", {"68"}),
        ("no number", set()),
    ],
)
def test_numbers_are_claims_and_names_are_not(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


def test_short_words_and_sentences_read_more_easily() -> None:
    easy = readability_grade("The cat sat. It was red. We saw it.")
    hard = readability_grade("Heterogeneous pharmacokinetic considerations preclude extrapolation entirely.")
    assert easy < 3 < 14 < hard


def test_an_empty_text_has_no_grade() -> None:
    assert readability_grade("") == 0.0
