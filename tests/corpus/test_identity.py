"""The same study from several files becomes one source, and two studies never do."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from corpus.identity import PRECEDENCE, Identities, merge
from corpus.reading import READERS
from corpus.records import Integrity, Source
from corpus.study_records import StudyRecord, study_from

TITLE = "Magnesium oxide for nocturnal leg cramps: a randomized trial"


def _study(
    origin: str, form: str, abstract: str = "", integrity: Integrity | None = None, **csl: Any
) -> Source:
    record = StudyRecord(
        csl={"type": "article-journal", "title": TITLE, **csl},
        abstract=(("", abstract),) if abstract else (),
        integrity=integrity or Integrity(),
    )
    return replace(study_from(record, origin, "record 1"), format=form)


def _joined(*sources: Source) -> Identities:
    identities = Identities()
    for source in sources:
        identities.add(source)
    return identities


AUTHORS = [{"family": "Maor", "given": "N."}]


def test_a_shared_doi_makes_one_work_of_three_records() -> None:
    seen = _joined(
        _study("a.ris", "RIS", DOI="10.1000/X", volume="1"),
        _study("b.xml", "PubMed XML", DOI="10.1000/x", PMID="7", volume="177"),
        _study("c.bib", "BibTeX", DOI="10.1000/x", publisher="A publisher"),
    )
    (source,) = seen.sources.values()
    assert source.source_id == "doi:10.1000/x"
    assert source.csl["volume"] == "177", "PubMed stands before RIS"
    assert source.csl["publisher"] == "A publisher", "what only one record has is kept"
    assert [merged.by for merged in seen.merged] == ["doi:10.1000/x", "doi:10.1000/x"]


def test_the_order_of_formats_names_readers_that_exist() -> None:
    assert set(PRECEDENCE) <= {reader.NAME for reader in READERS}


def test_every_field_says_which_file_it_came_from() -> None:
    one = _study("b.xml", "PubMed XML", DOI="10.1000/x", volume="177")
    other = _study("a.ris", "RIS", DOI="10.1000/x", issue="5")
    provenance = merge(one, other).provenance
    assert (provenance["volume"], provenance["issue"], provenance["title"]) == ("b.xml", "a.ris", "b.xml")


def test_a_pmid_joins_a_record_that_has_no_doi() -> None:
    seen = _joined(
        _study("a.nbib", "MEDLINE", PMID="7"), _study("b.json", "CSL-JSON", PMID="7", DOI="10.1000/x")
    )
    assert list(seen.sources) == ["doi:10.1000/x"]


def test_title_year_and_first_author_join_records_without_identifiers() -> None:
    parts = {"issued": {"date-parts": [[2017]]}, "author": AUTHORS}
    seen = _joined(_study("a.ris", "RIS", **parts), _study("b.bib", "BibTeX", DOI="10.1000/x", **parts))
    assert list(seen.sources) == ["doi:10.1000/x"]
    assert seen.merged[0].by == "title"


def test_the_same_title_of_another_year_or_author_is_another_work() -> None:
    one = _study("a.ris", "RIS", issued={"date-parts": [[2017]]}, author=AUTHORS)
    later = _study("b.ris", "RIS", issued={"date-parts": [[2019]]}, author=AUTHORS, DOI="10.1000/later")
    other = _study(
        "c.ris", "RIS", issued={"date-parts": [[2017]]}, author=[{"family": "Barna"}], DOI="10.1000/other"
    )
    assert len(_joined(one, later, other).sources) == 3


def test_two_dois_are_two_works_however_alike_their_titles() -> None:
    parts = {"issued": {"date-parts": [[2017]]}, "author": AUTHORS}
    seen = _joined(_study("a", "RIS", DOI="10.1000/x", **parts), _study("b", "RIS", DOI="10.1000/y", **parts))
    assert set(seen.sources) == {"doi:10.1000/x", "doi:10.1000/y"}


def test_a_doi_whose_title_belongs_to_another_paper_is_reported_and_not_merged() -> None:
    right = _study("a.xml", "PubMed XML", DOI="10.1000/x")
    wrong = _study("b.ris", "RIS", DOI="10.1000/x", title="Cheese ripening and its microbial flora in Gouda")
    seen = _joined(right, wrong)
    assert seen.sources == {"doi:10.1000/x": right}
    assert "Cheese ripening" in str(seen.conflicts[0])
    assert "a.xml" in str(seen.conflicts[0])


@given(st.permutations(["PMID", "DOI and PMID", "PMCID and DOI", "PMID again"]))
def test_a_work_is_found_by_every_name_it_had_also_after_a_merge_gave_it_another_id(order: list[str]) -> None:
    names: dict[str, dict[str, str]] = {
        "PMID": {"PMID": "7"},
        "DOI and PMID": {"PMID": "7", "DOI": "10.1000/x"},
        "PMCID and DOI": {"PMCID": "PMC9", "DOI": "10.1000/x"},
        "PMID again": {"PMID": "7"},
    }
    # The one that ties both names together must have come before they can be known to be one.
    order = ["DOI and PMID", *(name for name in order if name != "DOI and PMID")]
    seen = _joined(_study("first", "RIS", PMID="7"), *(_study(name, "RIS", **names[name]) for name in order))
    assert list(seen.sources) == ["doi:10.1000/x"]
    assert len(seen.merged) == 4


def test_the_graver_standing_and_the_fuller_text_win_whatever_the_order() -> None:
    bare = _study(
        "a.xml", "PubMed XML", DOI="10.1000/x", integrity=Integrity("retracted", notice="10.1000/n")
    )
    told = _study("b.ris", "RIS", "An abstract of some length.", DOI="10.1000/x")
    for merged in (merge(bare, told), merge(told, bare)):
        assert merged.integrity == Integrity("retracted", notice="10.1000/n")
        assert "An abstract of some length." in merged.text


def test_two_works_that_share_only_a_citation_key_both_stay() -> None:
    records = [
        StudyRecord({"type": "book", "title": t}, key="smith2004") for t in (TITLE, "On Gouda and its holes")
    ]
    seen = _joined(*(study_from(record, "a.bib", "record 1") for record in records))
    assert {source.title for source in seen.sources.values()} == {TITLE, "On Gouda and its holes"}
    assert seen.conflicts == []


@given(st.permutations([("a", "RIS"), ("b", "PubMed XML"), ("c", "BibTeX"), ("d", "CSV export")]))
def test_the_order_of_the_files_does_not_change_what_comes_out(order: list[tuple[str, str]]) -> None:
    sources = [_study(origin, form, DOI="10.1000/x", note=origin) for origin, form in order]
    (source,) = _joined(*sources).sources.values()
    assert (source.csl["note"], source.format) == ("b", "PubMed XML")
