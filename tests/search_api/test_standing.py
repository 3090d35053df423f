"""What a reader is told before they use a hit."""

import pytest

from corpus.records import Cited, Integrity, IntegrityStatus, Mention, Passage, Source
from search_api.standing import short_name, warnings_for, words_of


def _study(
    status: IntegrityStatus = "none-known",
    notice: str | None = None,
    note: str | None = None,
    family: str = "Sato",
    complete: bool = True,
) -> Source:
    return Source(
        source_id=f"doi:10.1000/{family.lower()}",
        kind="study",
        csl={"title": "A title", "author": [{"family": family}], "issued": {"date-parts": [[2002]]}},
        text="A title",
        blocks=(),
        integrity=Integrity(status=status, notice=notice, note=note),
        authors_complete=complete,
    )


def _cited(source: Source) -> Cited:
    return Cited(Mention(0, 3, "marker", "1", 1.0, source.source_id), source)


def test_a_source_of_which_nothing_is_known_has_no_warning() -> None:
    assert warnings_for(_study(), []) == ()


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("retracted", "RETRACTED"),
        ("concern", "EXPRESSION OF CONCERN"),
        ("corrected", "CORRECTED"),
        ("republished", "REPUBLISHED"),
    ],
)
def test_each_standing_has_its_warning_and_the_notice_is_named(status: IntegrityStatus, word: str) -> None:
    (warning,) = warnings_for(_study(status, notice="10.1000/notice"), [])
    assert warning.startswith(f"{word}: ")
    what = "Newer version" if status == "republished" else "Notice"
    assert warning.endswith(f" {what}: doi:10.1000/notice.")


def test_a_retraction_warning_says_that_the_findings_are_not_evidence() -> None:
    (warning,) = warnings_for(_study("retracted"), [])
    assert "not evidence" in warning
    assert "Notice" not in warning


def test_a_successor_is_not_warned_of_but_noted() -> None:
    """What was replaced names its successor; the successor is the version to use."""
    note = "the corrected republication of a retracted publication (pmid:5)"
    assert warnings_for(_study(note=note), []) == (f"Note: {note}.",)


def test_a_note_of_the_record_is_passed_on_after_the_standing() -> None:
    first, second = warnings_for(_study("republished", note="related to a retracted publication"), [])
    assert first.startswith("REPUBLISHED")
    assert second == "Note: related to a retracted publication."


def test_a_passage_that_cites_a_retracted_study_says_which() -> None:
    citing, cited = _study(family="Writer"), _study("retracted", family="Sato", complete=False)
    assert warnings_for(citing, [_cited(cited)]) == (
        "CITES A RETRACTED STUDY: Sato et al. 2002 (doi:10.1000/sato)",
    )


def test_the_own_standing_comes_before_that_of_what_is_cited() -> None:
    warnings = warnings_for(_study("retracted"), [_cited(_study("concern", family="Doe"))])
    assert [warning.split(":")[0] for warning in warnings] == [
        "RETRACTED",
        "CITES A STUDY UNDER AN EXPRESSION OF CONCERN",
    ]


def test_a_cited_correction_needs_no_warning() -> None:
    assert warnings_for(_study(), [_cited(_study("corrected", family="Doe"))]) == ()


def test_a_study_cited_twice_is_warned_of_once() -> None:
    cited = _study("retracted")
    assert len(warnings_for(_study(family="Writer"), [_cited(cited), _cited(cited)])) == 1


def test_a_cut_author_list_is_named_with_et_al_even_where_one_author_is_known() -> None:
    assert short_name(_study(complete=False)) == "Sato et al. 2002 (doi:10.1000/sato)"
    assert short_name(_study()) == "Sato 2002 (doi:10.1000/sato)"


def test_a_source_without_authors_goes_by_its_title() -> None:
    source = Source("article:x", "article", {"title": "On cramps"}, "On cramps", ())
    assert short_name(source) == "On cramps (article:x)"


@pytest.mark.parametrize(("kind", "own"), [("summary", False), ("finding", False), ("abstract", True)])
def test_a_summary_of_a_study_is_not_passed_off_as_the_authors_words(kind: str, own: bool) -> None:
    source = _study()
    passage = Passage("p", source.source_id, 0, 7, "A title", (), kind)  # type: ignore[arg-type]
    said = words_of(source, passage)
    assert said is None if own else said is not None and "not the authors' words" in said


def test_an_articles_own_summary_is_its_own_words() -> None:
    source = Source("article:x", "article", {"title": "On cramps"}, "On cramps", ())
    assert words_of(source, Passage("p", "article:x", 0, 9, "On cramps", (), "summary")) is None
