"""What a PubMed record says of standing, its own and others': alike in XML and in MEDLINE."""

import pytest

from corpus.linking import Catalogue
from corpus.readers import medline
from corpus.readers.standing_rules import RELATION_OF_TAG
from corpus.records import Integrity, IntegrityStatus, Notice, Source
from corpus.standing import apply_notices
from tests.corpus.pubmed_records import corrections, one, record, typed, whole

CITATION = "J Nutr. 2005 Jul 22;12(1):4591. doi: 10.1016/S0140-6736(10)60175-4."
NAMED, PMID = "10.1016/s0140-6736(10)60175-4", "34294709"
PUBMED = "PubMed record"
#: MEDLINE's tag, the RefType of XML, the standing of this record, its note.
OF_THIS: tuple[tuple[str, str, IntegrityStatus, str | None], ...] = (
    ("RIN", "RetractionIn", "retracted", None),
    ("RRI", "RetractedandRepublishedIn", "retracted", f"retracted and republished as {NAMED}"),
    ("PRIN", "PartialRetractionIn", "concern", "partially retracted"),
    ("ECI", "ExpressionOfConcernIn", "concern", None),
    ("EIN", "ErratumIn", "corrected", None),
    ("CRI", "CorrectedandRepublishedIn", "republished", "corrected and republished"),
    ("RPI", "RepublishedIn", "republished", None),
)
#: MEDLINE's tag, the RefType, the standing and the note that the other gets, the note of this record.
OF_ANOTHER: tuple[tuple[str, str, IntegrityStatus, str | None, str | None], ...] = (
    ("ROF", "RetractionOf", "retracted", None, None),
    ("PROF", "PartialRetractionOf", "concern", "partially retracted", None),
    ("ECF", "ExpressionOfConcernFor", "concern", None, None),
    ("EFR", "ErratumFor", "corrected", None, None),
    (
        "RRF",
        "RetractedandRepublishedFrom",
        "retracted",
        "retracted and republished as pmid:77",
        f"the corrected republication of a retracted publication ({NAMED})",
    ),
    (
        "CRF",
        "CorrectedandRepublishedFrom",
        "republished",
        "corrected and republished",
        f"the corrected republication of an earlier publication ({NAMED})",
    ),
    ("RPF", "RepublishedFrom", "republished", None, f"the republication of an earlier publication ({NAMED})"),
)
_TAG_OF = {relation: tag for tag, relation in RELATION_OF_TAG.items()}


def both_forms(
    *pointers: tuple[str, str, str], types: tuple[str, ...] = (), title: str = "A title", pmid: str = "77"
) -> Source:
    """The record in XML, after a look that MEDLINE says the same; a pointer is (RefType, citation, PMID)."""
    journal = "<JournalIssue><PubDate><Year>2010</Year><Month>Feb</Month></PubDate></JournalIssue>"
    in_xml = one(whole(record(pmid, title, journal, typed(*types), corrections(*pointers))))
    lines = [f"PMID- {pmid}", "DP  - 2010 Feb", f"TI  - {title}", *(f"PT  - {kind}" for kind in types)]
    for kind, citation, number in pointers:
        tag = _TAG_OF.get(kind.casefold(), "CIN")
        lines.append(f"{tag:4}- {citation}" + (f" PMID: {number}" if number else ""))
    (in_medline,) = medline.read("\n".join(lines) + "\n", "file.nbib")
    assert isinstance(in_medline, Source)
    assert (in_medline.integrity, in_medline.notices) == (in_xml.integrity, in_xml.notices)
    return in_xml


def test_every_relation_stands_in_one_of_the_tables() -> None:
    known = [(tag, kind) for tag, kind, *_ in OF_THIS] + [(tag, kind) for tag, kind, *_ in OF_ANOTHER]
    assert {tag: kind.casefold() for tag, kind in known} == RELATION_OF_TAG


@pytest.mark.parametrize(("tag", "kind", "status", "note"), OF_THIS)
def test_an_in_reference_gives_this_record_its_standing(
    tag: str, kind: str, status: IntegrityStatus, note: str | None
) -> None:
    source = both_forms((kind, CITATION, PMID))
    assert source.integrity == Integrity(status, NAMED, "2005-07-22", PUBMED, None, note)
    assert source.notices == ()


@pytest.mark.parametrize(("tag", "kind", "status", "other_note", "note"), OF_ANOTHER)
def test_an_of_for_or_from_reference_is_a_notice_about_the_other_and_no_mark_of_this(
    tag: str, kind: str, status: IntegrityStatus, other_note: str | None, note: str | None
) -> None:
    source = both_forms((kind, CITATION, PMID))
    assert source.notices == (
        Notice(
            status,
            doi=NAMED,
            pmid=PMID,
            notice="pmid:77",
            date="2010-02",
            recorded_in=PUBMED,
            note=other_note,
        ),
    )
    assert source.integrity == Integrity(recorded_in=PUBMED if note else None, note=note)


def test_what_was_replaced_names_its_successor_and_the_successor_is_not_marked() -> None:
    """Also where only the successor's record tells of it."""
    replaced = one(whole(record("5", "The first version")))
    for kind, status in (
        ("CorrectedandRepublishedFrom", "republished"),
        ("RetractedandRepublishedFrom", "retracted"),
    ):
        successor = both_forms((kind, "J Nutr. 2005;1:1.", "5"))
        sources = {source.source_id: source for source in (replaced, successor)}
        seen, _ = apply_notices(sources, successor.notices, Catalogue.of(sources.values()))
        marked = seen["pmid:5"].integrity
        assert (marked.status, marked.notice) == (status, "pmid:77")
        assert marked.note is not None
        assert "republished" in marked.note
        assert seen["pmid:77"].integrity.status == "none-known"
        assert "republication" in str(seen["pmid:77"].integrity.note)


def test_the_publication_type_of_a_republication_is_a_note_and_no_standing() -> None:
    kind = "Corrected and Republished Article"
    note = "the corrected republication of an earlier publication"
    assert both_forms(types=(kind,)).integrity == Integrity(recorded_in=PUBMED, note=note)
    named = both_forms(("CorrectedandRepublishedFrom", CITATION, PMID), types=(kind,)).integrity
    assert named.note == f"{note} ({NAMED})"


def test_the_publication_type_retracts_without_a_notice_and_an_erratum_alone_never_does() -> None:
    assert both_forms(types=("Journal Article", "Retracted Publication")).integrity == Integrity(
        "retracted", recorded_in=PUBMED
    )
    assert both_forms(("ErratumIn", "A. 2001;1:1", "1")).integrity.status == "corrected"


@pytest.mark.parametrize(
    "kind", ["Retraction of Publication", "Retraction Notice", "Published Erratum", "Expression of Concern"]
)
def test_a_notice_is_not_itself_retracted_or_corrected(kind: str) -> None:
    assert both_forms(types=(kind,)).integrity == Integrity()


def test_the_gravest_standing_wins_and_the_others_are_noted() -> None:
    entries = (("ErratumIn", "A. 2001;1:1", "1"), ("RetractionIn", "B. 2002;2:2. doi: 10.1000/r", "2"))
    integrity = both_forms(*entries).integrity
    assert (integrity.status, integrity.notice, integrity.note) == (
        "retracted",
        "10.1000/r",
        "erratum (pmid:1)",
    )


def test_a_comment_and_an_update_say_nothing_of_standing() -> None:
    source = both_forms(("CommentIn", CITATION, PMID), ("UpdateIn", CITATION, PMID))
    assert (source.integrity, source.notices) == (Integrity(), ())


def test_a_notice_named_by_pmid_only_or_by_nothing_is_kept() -> None:
    by_pmid = both_forms(("RetractionIn", "Lancet. 2010 Feb 6;375:445.", "20137807")).integrity
    assert (by_pmid.status, by_pmid.notice, by_pmid.date) == ("retracted", "pmid:20137807", "2010-02-06")
    unnamed = both_forms(("RetractionIn", "Smith J. Foo. 2004;3:1", "")).integrity
    assert (unnamed.status, unnamed.notice) == ("retracted", None)
    assert unnamed.note == "retracted: Smith J. Foo. 2004;3:1"
    about_nothing = both_forms(("RetractionOf", "Smith J. Foo. 2004;3:1", ""))
    assert about_nothing.notices == ()
    assert about_nothing.integrity.note == "a notice (retracted) about: Smith J. Foo. 2004;3:1"


def test_a_retraction_notice_that_names_no_identifier_names_the_other_by_its_title() -> None:
    source = both_forms(
        title="Retraction: Vitamin K and the arteries of older people", types=("Retraction Notice",), pmid="9"
    )
    assert source.notices == (
        Notice(
            "retracted",
            title="Vitamin K and the arteries of older people",
            notice="pmid:9",
            date="2010-02",
            recorded_in=PUBMED,
        ),
    )
    assert source.integrity == Integrity()
