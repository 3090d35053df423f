"""Notices mark the works that they are about, and no others."""

from pathlib import Path

from corpus.linking import Catalogue
from corpus.reading import read_paths
from corpus.records import Integrity, Notice, Source
from corpus.standing import apply_notices, graver
from corpus.study_records import StudyRecord, study_from


def _library() -> dict[str, Source]:
    records = [
        {"title": "A trial of zinc for the common cold in adults", "DOI": "10.1000/zinc", "PMID": "5"},
        {"title": "Another trial of another thing altogether", "DOI": "10.1000/other"},
    ]
    sources = [study_from(StudyRecord({"type": "article-journal", **r}), "x", "record 1") for r in records]
    return {source.source_id: source for source in sources}


def _applied(*notices: Notice) -> dict[str, Source]:
    sources = _library()
    return apply_notices(sources, notices, Catalogue.of(sources.values()))[0]


def test_a_retraction_by_doi_pmid_or_title_marks_its_target_only() -> None:
    by_title = Notice("retracted", title="A trial of zinc for the common cold in adults", notice="10.1000/n")
    for notice in (Notice("retracted", doi="10.1000/zinc"), Notice("retracted", pmid="5"), by_title):
        seen = _applied(notice)
        assert seen["doi:10.1000/zinc"].integrity.status == "retracted"
        assert seen["doi:10.1000/other"].integrity.status == "none-known"


def test_a_correction_is_no_retraction_and_takes_none_back() -> None:
    correction, retraction = Notice("corrected", pmid="5"), Notice("retracted", pmid="5")
    assert _applied(correction)["doi:10.1000/zinc"].integrity.status == "corrected"
    assert _applied(retraction, correction)["doi:10.1000/zinc"].integrity.status == "retracted"


def test_the_mark_says_where_and_when() -> None:
    notice = Notice(
        "concern", pmid="5", notice="10.1000/n", date="2020-05-01", recorded_in="Retraction Watch"
    )
    seen = _applied(notice)["doi:10.1000/zinc"].integrity
    assert seen == Integrity("concern", "10.1000/n", "2020-05-01", "Retraction Watch")


def test_a_notice_about_a_work_that_is_not_here_is_counted_and_marks_nothing() -> None:
    sources = _library()
    notice = Notice("retracted", doi="10.1000/absent", title="A trial of zinc for the common cold in adults")
    seen, report = apply_notices(sources, [notice], Catalogue.of(sources.values()))
    assert seen == sources, "a DOI that the library lacks names another work, whatever the title"
    assert (report.marked, report.elsewhere) == ((), (notice,))


def test_of_two_standings_the_graver_wins() -> None:
    assert graver(Integrity("corrected"), Integrity("retracted")).status == "retracted"
    assert graver(Integrity("concern"), Integrity("republished")).status == "concern"


def test_the_real_notices_mark_the_works_that_they_are_about(shared: Path) -> None:
    """As the XML names them: two retractions by PMID, two corrections by PMID and DOI."""
    notices = [
        found for found in read_paths([shared / "formats" / "retraction"]) if isinstance(found, Source)
    ]
    named = (
        {"PMID": "24049748"},
        {"PMID": "21804710"},
        {"PMID": "18596958"},
        {"DOI": "10.1038/sj.bjc.6605218"},
    )
    works = [
        study_from(StudyRecord({"title": f"Work {n}", **name}), "x", "record 1")
        for n, name in enumerate(named)
    ]
    sources = {source.source_id: source for source in (*works, *notices)}
    given = [notice for source in notices for notice in source.notices]
    seen, report = apply_notices(sources, given, Catalogue.of(sources.values()))
    assert {sid: s.integrity.status for sid, s in seen.items() if s.integrity.status != "none-known"} == {
        "pmid:24049748": "retracted",
        "pmid:21804710": "retracted",
        "pmid:18596958": "corrected",
        "doi:10.1038/sj.bjc.6605218": "corrected",
    }
    assert seen["pmid:24049748"].integrity.notice == "10.4103/2249-4847.144767"
    assert not report.elsewhere
