"""The text that offsets count in keeps what a reader sees; the searched form has one spelling."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.normalising import normalised, search_form

TEXT = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\r\n\t \u00ad\ufeffα₂µ😀‑")), max_size=200
)
#: What has no glyph and is dropped: control characters, zero-width blanks, the soft hyphen, half characters.
INVISIBLE = {*map(chr, range(32)), "\x7f", "\u200b", "\u2060", "\ufeff", "\u00ad"}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("blank at the end  \t\nof a line", "blank at the end\nof a line"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("bell\x07 and null\x00", "bell and null"),
        ("blank \x07\nbefore a bell", "blank\nbefore a bell"),
        ("\ufeffmarked", "marked"),
        ("tab\tinside stays", "tab\tinside stays"),
        ("K₂, α‑tocopherol, 90 µg, β → 10⁻⁹ 😀", "K₂, α‑tocopherol, 90 µg, β → 10⁻⁹ 😀"),
        ("  indented", "  indented"),
    ],
)
def test_only_line_endings_trailing_blanks_and_control_characters_change(written: str, kept: str) -> None:
    assert normalised(written) == kept


@given(TEXT)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(TEXT)
def test_every_character_that_a_reader_sees_is_kept_in_order(text: str) -> None:
    def seen(written: str) -> list[str]:
        return [c for c in written if not c.isspace() and c not in INVISIBLE]

    assert seen(normalised(text)) == seen(text)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Vitamin K₂", "Vitamin K2"),
        ("MK‑7", "MK-7"),
        ("MK–7 − 1", "MK-7 - 1"),
        ("90 µg", "90 ug"),
        ("90 μg/day", "90 ug/day"),
        ("90 mcg", "90 ug"),
        ("5 μmol and 2 µL", "5 umol and 2 uL"),
        ("μ-opioid", "mu-opioid"),
        ("α‑tocopherol and β-carotene", "alpha-tocopherol and beta-carotene"),
        ("TGF-Β and Δ", "TGF-beta and delta"),
        ("ﬁbre, ½ and 10⁻⁹", "fibre, 1⁄2 and 10-9"),
        ("mcgregor", "mcgregor"),
        ("", ""),
    ],
)
def test_one_thing_has_one_spelling_when_it_is_searched(written: str, searched: str) -> None:
    assert search_form(written) == searched


@given(st.text(alphabet="aKαβγΔω₂²µμ‑–−-gl 0123 mc", max_size=60))
def test_the_searched_form_of_biomedical_text_is_its_own_searched_form(text: str) -> None:
    once = search_form(text)
    assert search_form(once) == once
    assert not set(once) & set("αβγΔω₂²µμ‑–−")


@given(TEXT)
def test_composed_and_decomposed_letters_are_searched_alike(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert search_form(decomposed) == search_form(text)
