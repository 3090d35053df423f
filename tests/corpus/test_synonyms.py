"""A synonym list is read as written, and a line that breaks a rule is refused with its number."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import MalformedRecordError
from corpus.normalising import search_form
from corpus.synonyms import FILE, Synonyms, parse_synonyms, read_synonyms
from tests.conftest import STARTER

_NAMES = st.text(st.sampled_from("abcdeK27αβ-' ()"), min_size=1, max_size=12).filter(
    lambda name: any(character.isalnum() for character in name)
)


def test_each_line_is_a_group_of_names_trimmed_and_comments_are_passed_over() -> None:
    text = "# names\n\n MK-7 =  menaquinone-7 \nPAD = peripheral artery disease = a   b\n"
    assert parse_synonyms(text, "here").groups == (
        ("MK-7", "menaquinone-7"),
        ("PAD", "peripheral artery disease", "a b"),
    )


@given(st.lists(_NAMES, unique_by=lambda name: search_form(" ".join(name.split())).casefold(), max_size=9))
def test_the_plain_form_of_a_list_reads_as_the_same_list(names: list[str]) -> None:
    groups = tuple(zip(names[::2], names[1::2], strict=False))
    written = "".join(f"{one} = {other}\n" for one, other in groups)
    once = parse_synonyms(written, "x")
    assert len(once.groups) == len(groups)
    assert parse_synonyms(once.text, "x") == once


def test_a_comment_or_more_blanks_do_not_change_the_plain_form() -> None:
    assert parse_synonyms("# a\nA1  =B2", "x").text == parse_synonyms("A1 = B2\n", "y").text == "A1 = B2\n"
    assert parse_synonyms("", "x").text == ""


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("MK-7 = menaquinone-7\nMGP\n", 2, "has one name only"),
        ("# list\n\nMGP =\n", 3, "a name has neither letter nor digit"),
        ("= MGP", 1, "a name has neither letter nor digit"),
        ("a = – = b", 1, "a name has neither letter nor digit"),
        ("PAD = a\nCVI = b\npad = c\n", 3, "“pad” stands in line 1 already"),
        ("PAD = PAD\n", 1, "“PAD” stands in line 1 already"),
        ("K₂ = a\nK2 = b\n", 2, "“K2” stands in line 1 already"),
    ],
)
def test_a_line_that_breaks_a_rule_is_refused_with_its_number(text: str, line: int, rule: str) -> None:
    with pytest.raises(MalformedRecordError) as caught:
        parse_synonyms(text, "list.txt")
    assert str(caught.value).startswith(f"list.txt, line {line} (")
    assert (caught.value.rule, caught.value.position) == (rule, f"line {line}")


def test_a_long_line_is_named_by_its_beginning() -> None:
    with pytest.raises(MalformedRecordError) as caught:
        parse_synonyms("name " * 50, "list.txt")
    assert len(str(caught.value)) < 200


def test_a_file_that_is_no_text_or_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe = x")
    for path in (tmp_path / FILE, tmp_path / "none.txt"):
        with pytest.raises(MalformedRecordError, match="not a readable text in UTF-8; mend or remove it"):
            read_synonyms(path)


def test_a_list_written_on_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes("\ufeffMK-7 = menaquinone-7\r\nA = B\r\n".encode())
    assert read_synonyms(tmp_path / FILE).groups == (("MK-7", "menaquinone-7"), ("A", "B"))


def test_the_starter_list_holds_what_its_library_is_about() -> None:
    found: Synonyms = read_synonyms(STARTER / FILE)
    assert ("MK-7", "menaquinone-7") in found.groups
    assert ("MGP", "matrix Gla protein") in found.groups
    assert found.origin == str(STARTER / FILE)
