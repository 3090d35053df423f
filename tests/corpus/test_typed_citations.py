"""Numbers in brackets are citations where the reference list has them, and intervals are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.composing import Marker
from corpus.readers.typed_citations import typed_markers

LISTED = {str(n) for n in range(1, 31)}


def found(text: str) -> list[tuple[str, str]]:
    """Each marker as what it shows and its label."""
    return [(text[m.start : m.end], m.label) for m in typed_markers(text, LISTED.__contains__)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell [3].", [("3", "3")]),
        ("It fell [3, 7; 9].", [("3", "3"), ("7", "7"), ("9", "9")]),
        ("It fell [1 2].", [("1", "1"), ("2", "2")]),
        ("It fell [3–5].", [("3", "3"), ("3–5", "4"), ("5", "5")]),
        ("It fell [3 - 6].", [("3", "3"), ("3 - 6", "4"), ("3 - 6", "5"), ("6", "6")]),
        ("It fell [1, 4–6].", [("1", "1"), ("4", "4"), ("4–6", "5"), ("6", "6")]),
        ("It fell [29–32].", [("29", "29"), ("29–32", "30")]),
        ("It fell [5–3].", [("5", "5"), ("3", "3")]),
        ("It fell [99].", []),
        ("It fell [n = 3].", []),
        ("In 2004 [3–5] it fell.", [("3", "3"), ("3–5", "4"), ("5", "5")]),
        ("A median of 4 [2–9] days.", []),
        ("A mean of 12.5 [9, 15].", []),
        ("It was 4% [2–9].", []),
        ("It was 4 (95% CI [2, 9]).", []),
        ("The median (IQR: [2–9]) fell.", []),
        ("Of 12 [3] fell.", [("3", "3")]),
    ],
)
def test_typed_numbers_are_citations_but_intervals(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_what_is_marked_already_is_not_marked_again_but_the_members_of_its_range_are() -> None:
    """Of ``[1–3]`` a page often links both ends."""
    given = [Marker(1, 2, "1"), Marker(3, 4, "3")]
    assert typed_markers("[1–3]", LISTED.__contains__, given) == [Marker(1, 4, "2")]


@given(st.text(alphabet="[]0123456789 ,;–-.a%", max_size=60))
def test_a_marker_stands_in_brackets_and_names_a_listed_entry(text: str) -> None:
    for marker in typed_markers(text, LISTED.__contains__):
        assert marker.label in LISTED
        before, behind = text[: marker.start], text[marker.end :]
        assert before.rfind("[") > before.rfind("]")
        assert "]" in behind
