"""What the report finds in a library where all of it is amiss, and in the starter library."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.library import Library
from search_api.propagation.records import Leaning, LibraryReport
from search_api.propagation.reporting import library_report, uncited_studies, unresolved_references
from search_api.propagation.text import report_text
from search_api.search import Searcher
from tests.search_api.command_line import Ended, run
from tests.search_api.propagation.shaky_library import shaky_library


@pytest.fixture(scope="module")
def shaky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The library in which everything is amiss."""
    library = shaky_library(tmp_path_factory.mktemp("shaky") / "library.sqlite")
    yield library
    library.close()


@pytest.fixture(scope="module")
def report(shaky: Library) -> LibraryReport:
    """The report on it."""
    return library_report(shaky)


def _on(report: LibraryReport, source_id: str) -> Leaning:
    (leaning,) = [one for one in report.leaning if one.cited.source_id == source_id]
    return leaning


def test_works_that_are_cited_come_by_gravity_and_those_that_nobody_cites_are_left_out(
    report: LibraryReport,
) -> None:
    assert [one.cited.source_id for one in report.leaning] == [
        "study:retracted",
        "study:doubted",
        "study:noted",
        "study:corrected",
    ]


def test_each_sentence_that_cites_a_retracted_study_is_quoted_with_whether_it_says_so(
    report: LibraryReport,
) -> None:
    places = _on(report, "study:retracted").places
    assert [(place.sentence, place.says_so, place.untold) for place in places] == [
        ("One trial found fewer fractures [1].", False, True),
        ("A second, since retracted, agreed [1, 2].", True, False),
    ]
    assert [place.section for place in places] == [("Trials",), ("Trials",)]
    assert {place.passage.passage_id for place in places if place.passage} == {"p-bone"}


def test_a_correction_needs_to_be_told_once_in_a_text(report: LibraryReport) -> None:
    places = _on(report, "study:corrected").places
    assert [(place.sentence, place.says_so, place.untold) for place in places] == [
        ("A review pooled them [3].", False, False),
        ("A correction to it exists [3].", True, False),
    ]


def test_a_note_is_shown_and_needs_nothing_to_be_said(report: LibraryReport) -> None:
    places = _on(report, "study:noted").places
    assert [(place.sentence, place.says_so, place.untold) for place in places] == [
        ("It held [4].", None, False),
        ("Falls cause most hip fractures [4].", None, False),
    ]


def test_who_only_lists_a_retracted_study_is_named(report: LibraryReport) -> None:
    (listing,) = _on(report, "study:retracted").only_listed_by
    assert listing.source_id == "article:list"


def test_every_sentence_is_a_slice_of_its_source(report: LibraryReport) -> None:
    for leaning in report.leaning:
        for place in leaning.places:
            assert place.source.text[place.start : place.end] == place.sentence
            assert place.start <= place.mention.start < place.mention.end <= place.end


def test_a_sentence_that_states_a_fact_and_cites_nothing_is_a_claim_without_a_citation(
    report: LibraryReport,
) -> None:
    assert [(claim.sentence, claim.section, claim.block_cites) for claim in report.uncited_claims] == [
        ("Bones carry the body.", ("Life",), False),
        ("Most fractures heal within months.", ("Life",), False),
        ("Walking loads the hip.", ("Life",), True),
    ]
    for claim in report.uncited_claims:
        assert claim.source.text[claim.start : claim.end] == claim.sentence
    assert report.counts["uncited_claims_in_uncited_paragraphs"] == 2


def test_references_that_resolve_to_nothing_are_listed(shaky: Library, report: LibraryReport) -> None:
    (found,) = unresolved_references(shaky, report.unresolved)
    assert (found.source.source_id, found.reference.label) == ("article:bone", "5")
    assert found.reference.raw == "Nobody A. A work that is not here. 1999."


def test_studies_that_nobody_cites_are_listed(shaky: Library, report: LibraryReport) -> None:
    found = [study.source_id for study in uncited_studies(shaky, report.uncited_studies)]
    assert found == ["study:sound", "study:alone"]


def test_the_text_puts_the_warning_first_and_counts_what_says_so(
    shaky: Library, report: LibraryReport
) -> None:
    lines = report_text(report, shaky, 100).splitlines()
    assert lines[:10] == [
        "4 retracted, corrected or doubted studies that are cited",
        "   in 7 sentences, 2 of which leave that untold",
        "",
        "   Retracted 2003 (study:retracted)",
        "   ! RETRACTED: this publication was retracted; its findings are not evidence. Notice:",
        "     doi:10.1000/retraction.",
        "   - Bone: 2 sentences, 1 of which says so",
        "     DOES NOT SAY SO: “One trial found fewer fractures [1].” (Trials)",
        "   - Further reading: only in the reference list",
        "",
    ]
    assert "     “Walking loads the hip.” (Life)" in lines
    assert "   Bone [5]: Nobody A. A work that is not here. 1999." in lines
    assert "   Sound 2005 (study:sound): On study:sound" in lines


def test_a_list_that_is_cut_says_how_long_it_is(shaky: Library, report: LibraryReport) -> None:
    text = report_text(report, shaky, 1)
    assert "4 retracted, corrected or doubted studies that are cited, the first 1 of them" in text
    assert "Doubted 2004" not in text


def test_the_starter_library_leaves_no_retraction_unsaid(searcher: Searcher) -> None:
    found = library_report(searcher.library)
    retracted = [one for one in found.leaning if one.cited.integrity.status == "retracted"]
    assert len(retracted) == 4
    assert found.counts["untold_places"] == 0
    assert (found.counts["unresolved_references"], found.counts["uncited_studies"]) == (0, 0)


def test_the_api_and_the_command_give_the_same_document(
    client: FlaskClient, footnote: Callable[..., Ended]
) -> None:
    document = client.get("/v1/report?limit=2&style=vancouver").get_json()
    assert document == json.loads(footnote("--limit", "2", "--style", "vancouver", "--json").out)
    assert document["counts"]["leaned_on_studies"] == 9
    first = document["leaning"][0]
    assert len(document["leaning"]) == 2
    assert first["warnings"][0].startswith("RETRACTED")
    assert first["study"]["integrity"]["status"] == "retracted"
    assert "RETRACTED" in first["study"]["citation"]
    place = first["places"][0]
    source = client.get(f"/v1/sources/{place['source']['id']}").get_json()["source"]
    sentence = place["sentence"]
    assert source["text"][sentence["start"] : sentence["end"]] == sentence["text"]
    passage = client.get(f"/v1/passages/{place['passage_id']}").get_json()
    assert passage["source"]["id"] == place["source"]["id"]


@pytest.mark.parametrize("address", ["limit=0", "limit=10001", "limit=x", "offset=3", "style=vancuver"])
def test_what_the_report_cannot_be_asked_with_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(f"/v1/report?{address}").status_code == 400


@pytest.fixture
def footnote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], starter_index: Path
) -> Callable[..., Ended]:
    """Run ``footnote report`` over the starter index."""
    monkeypatch.setenv("FOOTNOTE_INDEX", str(starter_index))
    return lambda *arguments: run(monkeypatch, capsys, ("report", *arguments))


def test_a_report_is_no_failure_and_a_wrong_limit_is(footnote: Callable[..., Ended]) -> None:
    assert footnote().code == 0
    assert "limit=none" in footnote("--limit", "none").fault()
