"""Plain text: which files are articles, and how wrapped lines become paragraphs again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers import plain_text
from corpus.reading import READERS
from corpus.records import Skipped, Source

PROSE = (
    "Cramps at night trouble one older adult in three. They come without a warning, and they last for "
    "seconds or for minutes. In a trial of 199 people those who took vitamin K2 had fewer of them. "
    "Magnesium was tried as well, and it did not help more than a dummy pill did. Nobody knows yet "
    "whether the result holds in other places, for only one group has tried it so far."
)
WRAPPED = """Cramps at
night

Cramps at night trouble one older adult in three. They come without a
warning, and they last for seconds or for minutes. In a trial of 199
people those who took vitamin K2 had fewer of them [1].

What does not help

Magnesium was tried as well, and it did not help more than a dummy pill
did. Nobody knows yet whether the result holds in other places, for only
one group has tried it so far.

- Stretch before you
  go to bed.
- Walk.

References

1. Tan J. Vitamin K2 in cramps. 2024.
   doi:10.1001/jamainternmed.2024.5726
"""


def read(text: str) -> Source:
    (found,) = plain_text.read(text, "a.txt")
    assert isinstance(found, Source)
    return found


def blocks(source: Source) -> list[tuple[str, str]]:
    return [(b.kind, source.text[b.start : b.end]) for b in source.blocks]


def test_a_title_and_sixty_words_of_sentences_make_an_article() -> None:
    assert plain_text.claims(f"Cramps at night\n\n{PROSE}", "a.txt")
    assert blocks(read(f"Cramps at night\n\n{PROSE}")) == [("title", "Cramps at night"), ("paragraph", PROSE)]


def test_wrapped_lines_are_joined_and_headings_lists_and_references_are_told() -> None:
    source = read(WRAPPED)
    assert blocks(source) == [
        ("title", "Cramps at night"),
        (
            "paragraph",
            "Cramps at night trouble one older adult in three. They come without a warning, and they "
            "last for seconds or for minutes. In a trial of 199 people those who took vitamin K2 "
            "had fewer of them [1].",
        ),
        ("heading", "What does not help"),
        (
            "paragraph",
            "Magnesium was tried as well, and it did not help more than a dummy pill did. Nobody knows yet "
            "whether the result holds in other places, for only one group has tried it so far.",
        ),
        ("list-item", "Stretch before you go to bed."),
        ("list-item", "Walk."),
        ("heading", "References"),
        ("reference", "1. Tan J. Vitamin K2 in cramps. 2024. doi:10.1001/jamainternmed.2024.5726"),
    ]
    assert source.source_id == "article:cramps-at-night"
    assert source.references[0].doi == "10.1001/jamainternmed.2024.5726"
    assert [m.label for m in source.mentions] == ["1"]


def test_a_title_may_stand_right_above_its_paragraph() -> None:
    assert blocks(read(f"Cramps at night\n{PROSE}")) == [("title", "Cramps at night"), ("paragraph", PROSE)]


def test_long_lines_without_blank_lines_between_are_paragraphs_each() -> None:
    source = read(f"Cramps at night\n{PROSE}\n{PROSE}")
    assert [kind for kind, _ in blocks(source)] == ["title", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Cramps at night",
        "Cramps at night\n\nToo few words. They say little.",
        PROSE,
        f"This first line is a sentence already.\n\n{PROSE}",
        "Words without an end\n\n" + "word " * 200,
        "a\tb\tc\n\n" + "1\t2\t3\n" * 100,
        "name,year,size\n" + "Lee,2004,12\n" * 100,
        "Table of numbers\n\n" + "12.5 13.7 9.1. " * 100,
        f"import os\n\n{PROSE}",
        "def run(self):\n\n    return self.value. " + "x = y + 1; " * 60,
        f"{{\n\n{PROSE}",
        f"<?xml version='1.0'?>\n\n{PROSE}",
        f"#!/bin/sh\n\n{PROSE}",
        f"2026-01-01 12:00:00 INFO started: ok;\n\n{PROSE}",
    ],
)
def test_what_is_no_prose_under_a_title_is_not_claimed(text: str) -> None:
    assert not plain_text.claims(text, "a.txt")


def test_plain_text_is_asked_last() -> None:
    assert READERS[-1].NAME == plain_text.NAME


def test_a_text_without_title_that_is_read_all_the_same_is_skipped() -> None:
    (found,) = plain_text.read(PROSE, "a.txt")
    assert isinstance(found, Skipped)
    assert found.reason.startswith("no title line")


def test_one_long_line_does_not_take_long() -> None:
    for text in ("T t\n\n" + "word " * 200_000, "T t\n\n" + "." * 300_000, "T t\n\n" + "a. " * 100_000):
        plain_text.claims(text, "a.txt")


@given(st.text(max_size=400))
def test_any_text_gives_a_source_or_a_reason(text: str) -> None:
    plain_text.claims(text, "a.txt")
    for found in plain_text.read(text, "a.txt"):
        assert isinstance(found, Source | Skipped)


@given(st.integers(0, len(WRAPPED)), st.integers(0, 60), st.text(max_size=5))
def test_a_damaged_text_gives_a_source_whose_offsets_hold(at: int, cut: int, put: str) -> None:
    for found in plain_text.read(WRAPPED[:at] + put + WRAPPED[at + cut :], "a.txt"):
        if isinstance(found, Source):
            assert all(found.text[b.start : b.end].strip() for b in found.blocks)
