"""What `footnote read` says of a file: counts by subject, and what was skipped by reason and place."""

from typing import Any

from corpus.records import Integrity, Mention, Notice, Reference, Skipped, Source
from search_api.reading_report import PLACES, REASONS, ReadingReport

_NO_TITLE = "a record needs a title; add one"


def study(**given: Any) -> Source:
    csl = given.pop("csl", {"title": "Zinc", "issued": {"date-parts": [[2004]]}})
    return Source("study:zinc", "study", csl, "Zinc", (), format="RIS", **given)


def reported(*found: Source | Skipped, path: str = "a.ris") -> list[str]:
    report = ReadingReport(path)
    for thing in found:
        report.add(thing)
    return list(report.lines())


def test_nothing_read_is_no_record_and_no_other_line() -> None:
    assert reported() == ["0 records"]


def test_records_are_counted_by_kind_and_format_and_identifier() -> None:
    named = {"title": "Zinc", "issued": {"date-parts": [[2004]]}, "DOI": "10.1000/a", "PMID": "7"}
    article = Source("article:a", "article", {"title": "A", "PMCID": "PMC1"}, "A", (), format="Markdown")
    assert reported(study(csl=named), study(), article) == [
        "2 studies, 1 article from RIS 2, Markdown 1",
        "identifiers DOI 1 (33 %), PMID 1 (33 %), PMCID 1 (33 %), none 1 (33 %)",
        "no year     1",
    ]


def test_references_are_counted_by_identifier_and_those_outside_the_list_are_told() -> None:
    references = (
        Reference("1", "One", doi="10.1000/a", pmid="7"),
        Reference("2", "Two"),
        Reference("3", "@three", key="three"),
    )
    mentions = (
        Mention(0, 1, "marker", "1"),
        Mention(1, 2, "marker", "9"),
    )
    assert reported(study(references=references, mentions=mentions))[2:] == [
        "references  3: DOI 1 (33 %), PMID 1 (33 %), key 1 (33 %), no identifier 1 (33 %);"
        " 1 cited but not in the own list",
        "markers     2 in the text, 1 point at no entry of the own list",
    ]
    assert reported(study(references=references[:1], mentions=mentions[:1]))[2:] == [
        "references  1: DOI 1, PMID 1",
        "markers     1 in the text, each points at an entry of the own list",
    ]


def test_standing_and_notices_are_told_with_the_works_that_they_are_about() -> None:
    notices = (Notice("retracted", doi="10.1000/b", pmid="8"), Notice("retracted", title="Tin"))
    lines = reported(study(integrity=Integrity("corrected"), notices=(*notices, Notice("corrected"))))
    assert lines[2:] == [
        "standing    corrected 1",
        "notices     2 of retracted, about doi:10.1000/b, title:Tin;"
        " 1 of corrected, about a work that it does not name",
    ]


def test_what_was_skipped_is_grouped_by_its_reason_with_places_and_values() -> None:
    found = [
        Skipped("a.ris", "record 1", f"Lee2004: {_NO_TITLE}"),
        Skipped("a.ris", "record 3", "10.1000/x: y: must be text; give one title: or none"),
        Skipped("a.ris", "record 4", f"Kim2005: {_NO_TITLE}"),
        Skipped("a.ris", None, "the file is empty"),
        Skipped("a.ris", "line 9", "not XML (a limit: too long: 3); mend it"),
        Skipped("a.ris", "line 9", "@book b: not complete (a block: @c); check it"),
    ]
    assert reported(*found) == [
        "0 records",
        "skipped     2 x a record needs a title; add one",
        "            record 1 (Lee2004), record 4 (Kim2005)",
        "skipped     1 x must be text; give one title: or none",
        "            record 3 (10.1000/x: y)",
        "skipped     1 x the file is empty",
        "            the file",
        "skipped     1 x not XML (a limit: too long: 3); mend it",
        "            line 9",
        "skipped     1 x not complete (a block: @c); check it",
        "            line 9 (@book b)",
    ]


def test_a_place_inside_a_folder_or_container_is_told_from_there_on() -> None:
    found = [Skipped("set/b.zip!c.ris", "record 1", "bad"), Skipped("set/d.ris", None, "bad")]
    assert reported(*found, path="set")[2].strip() == "b.zip!c.ris, record 1, d.ris"
    assert reported(found[0], path="set/b.zip")[2].strip() == "c.ris, record 1"


def test_many_places_and_many_reasons_are_counted_and_not_all_told() -> None:
    many = [Skipped("a.ris", f"record {n}", f"x: {_NO_TITLE}") for n in range(1000)]
    lines = reported(*many)
    assert lines[1] == f"skipped     1000 x {_NO_TITLE}"
    assert lines[2].endswith(f"record {PLACES - 1} (x) and {1000 - PLACES} more")
    lines = reported(*(Skipped("a.ris", "line 1", f"reason {n}") for n in range(1000)))
    assert len(lines) == 1 + 2 * (REASONS + 1)
    assert lines[-2] == f"skipped     {1000 - REASONS} x other reasons"
