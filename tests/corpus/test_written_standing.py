"""The standing of a work travels as one line of a note."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Integrity
from corpus.written_standing import standing_in, standing_line

_STANDINGS = st.builds(
    Integrity,
    status=st.sampled_from(["retracted", "concern", "corrected", "republished"]),
    notice=st.none() | st.sampled_from(["10.1000/a;b", "pmid:123", "10.1002/(SICI)1:2<3::AID>3.0.CO;2-#"]),
    date=st.none() | st.sampled_from(["2004", "2004-11", "2004-11-02"]),
    recorded_in=st.none() | st.sampled_from(["PubMed record", "Retraction Watch"]),
    checked=st.none() | st.just("2026-11-22"),
    note=st.none()
    | st.sampled_from(["retracted; note: and republished", "a notice (concern) about: Bone. 2004"]),
)


@given(_STANDINGS)
def test_a_standing_is_read_from_its_line_as_it_was(integrity: Integrity) -> None:
    assert standing_in(["another note", standing_line(integrity)]) == integrity


def test_the_line_is_for_people_too() -> None:
    integrity = Integrity(
        "retracted", "10.1000/x", "2012-03-04", "PubMed record", "2026-11-22", "see the notice"
    )
    assert standing_line(integrity) == (
        "Standing: retracted; notice: 10.1000/x; date: 2012-03-04; recorded in: PubMed record; "
        "checked: 2026-11-22; note: see the notice"
    )
    assert standing_line(Integrity()) == ""
    assert standing_line(Integrity(note="doubted")) == "Standing: none-known; note: doubted"


@pytest.mark.parametrize("note", ["", "Standing: fine", "It said Standing: retracted", "standing: retracted"])
def test_other_notes_say_nothing_of_standing(note: str) -> None:
    assert standing_in([note]) is None
