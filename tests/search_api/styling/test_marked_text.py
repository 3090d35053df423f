"""Text that carries its italics: joined like citeproc-py's strings, and safe as HTML."""

import pytest
from citeproc.string import String
from hypothesis import assume, given
from hypothesis import strategies as st

from search_api.styling.marked_text import MARKS, Marked, html, incoming, joined, marked, plain

_PIECES = st.text(st.sampled_from("ab .,:;!?()"), max_size=4)


@given(_PIECES, _PIECES)
def test_pieces_join_as_citeproc_joins_them(left: str, right: str) -> None:
    assume(right[:1] != right[1:2])  # where citeproc-py drops two signs of three
    assert joined(left, right) == str(String(left) + String(right)) if left and right else left or right


@given(_PIECES, _PIECES)
def test_italics_at_the_seam_change_nothing_of_the_text(left: str, right: str) -> None:
    expected = plain(joined(left, right))
    assert plain(joined(marked("italic", left), right)) == expected
    assert plain(joined(left, marked("italic", right))) == expected


@given(st.text())
def test_marks_in_what_comes_in_are_taken_out_and_html_is_escaped(text: str) -> None:
    value = incoming(text.replace("<", "&"))
    assert plain(value) == "".join(sign for sign in value if not "\ue000" <= sign <= "\ue00b")
    assert "<script" not in html(Marked("<script>" + value))


@pytest.mark.parametrize(
    ("given_text", "as_text", "as_html"),
    [
        ("K<sub>2</sub> in <i>E. coli</i>", "K2 in E. coli", "K<sub>2</sub> in <i>E. coli</i>"),
        ("p < 0.05 & more", "p < 0.05 & more", "p &lt; 0.05 &amp; more"),
        ('<span class="nocase">pH</span>', "pH", "pH"),
    ],
)
def test_the_tags_that_csl_allows_become_marks(given_text: str, as_text: str, as_html: str) -> None:
    assert plain(incoming(given_text)) == as_text
    assert html(incoming(given_text)) == as_html


def test_an_address_becomes_a_link_without_the_full_stop_behind_it() -> None:
    text = joined(marked("italic", "Bone"), ". https://doi.org/10.1000/a<b>&c. More")
    assert html(text) == (
        '<i>Bone</i>. <a href="https://doi.org/10.1000/a">https://doi.org/10.1000/a</a>&lt;b&gt;&amp;c. More'
    )


def test_the_first_letter_behind_a_mark_becomes_a_capital() -> None:
    assert plain(marked("italic", "bone").capitalize_first()) == "Bone"
    assert MARKS.endswith("*")
