"""Sentences as offsets: every character accounted for, medical prose not cut at its full stops."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


GOLDEN = [
    ("", []),
    (" \n\t", []),
    ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
    (
        "The risk fell (HR 0.87, P = .04). It rose later.",
        ["The risk fell (HR 0.87, P = .04).", "It rose later."],
    ),
    ("MK-7 vs. placebo was tested. Nothing changed.", ["MK-7 vs. placebo was tested.", "Nothing changed."]),
    ("Geleijnse et al. In 2004 it was seen.", ["Geleijnse et al. In 2004 it was seen."]),
    ("See Fig. 2 and Tab. 3. Then stop.", ["See Fig. 2 and Tab. 3.", "Then stop."]),
    ("Foods, e.g. Natto, hold K2. Cheese too.", ["Foods, e.g. Natto, hold K2.", "Cheese too."]),
    (
        "Dr. A. Smith and J. B. Jones wrote it. We read it.",
        ["Dr. A. Smith and J. B. Jones wrote it.", "We read it."],
    ),
    ("J. Smith wrote it. We read it.", ["J. Smith wrote it.", "We read it."]),
    ("Natto is rich in vitamin K. Cheese has less.", ["Natto is rich in vitamin K.", "Cheese has less."]),
    (
        "Heated to 40 °C. Then cooled to 5 C. It froze.",
        ["Heated to 40 °C.", "Then cooled to 5 C.", "It froze."],
    ),
    ("It ended in 2004. 12 people stayed.", ["It ended in 2004.", "12 people stayed."]),
    ("“Does it help?” Never. (It does not.) Why?", ["“Does it help?”", "Never.", "(It does not.)", "Why?"]),
    (
        "α-Tocopherol failed. β-Carotene failed. γ did.",
        ["α-Tocopherol failed.", "β-Carotene failed.", "γ did."],
    ),
    ("A change of 0.5 mg. in lower case goes on.", ["A change of 0.5 mg. in lower case goes on."]),
    ("A line without end mark\nAnother vs.\nThird", ["A line without end mark", "Another vs.", "Third"]),
    ("Wait... What?! Yes.", ["Wait...", "What?!", "Yes."]),
    ("It helps [1]. It does not [2].", ["It helps [1].", "It does not [2]."]),
    ("It fell.[3] The next rose.[1 2] No.", ["It fell.[3]", "The next rose.[1 2]", "No."]),
    ("It fell. [3–5, 7] The next.", ["It fell. [3–5, 7]", "The next."]),
    ("It fell.”[3][4] The next.", ["It fell.”[3][4]", "The next."]),
    ("As Lee et al.[3] Then more.", ["As Lee et al.[3]", "Then more."]),
    ("As in Fig. [3] The curve fell.", ["As in Fig. [3] The curve fell."]),
    ("Lee et al. [3] found it.[4] and more.", ["Lee et al. [3] found it.[4] and more."]),
    ("  Padded.   Twice.  ", ["Padded.", "Twice."]),
    ("CI 0.57–0.99; P=0.04 in the U.S. Adults only.", ["CI 0.57–0.99; P=0.04 in the U.S. Adults only."]),
]


@pytest.mark.parametrize(("text", "expected"), GOLDEN)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


PIECES = (
    *(
        "Vitamin",
        "K₂.",
        "vs.",
        "et al.",
        "P = .04",
        "α-",
        "😀",
        "...",
        "?!",
        "A.",
        "(95% CI",
        "1.2)",
        "x" * 40,
    ),
    *("“Yes.”", "[1 2]", "[3", "3–5]", "e.g.", "No", "B", ".", "\n", "\n\n", " ", "  ", "\u00a0", "\u2028"),
)
PROSE = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(st.one_of(PROSE, st.text(max_size=200)))
@settings(max_examples=300)
def test_spans_are_in_order_and_leave_out_nothing_but_white_space(text: str) -> None:
    at = 0
    for start, end in sentence_spans(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@given(PROSE)
@settings(max_examples=200)
def test_no_sentence_reaches_over_a_line_break(text: str) -> None:
    assert not any("\n" in sentence for sentence in sentences(text))


@given(
    st.lists(
        st.sampled_from(["It fell by 1.2%.", "No change (P = .6)!", "Why so?", "β-Carotene failed."]),
        max_size=8,
    )
)
def test_whole_sentences_in_a_row_are_told_apart(given_sentences: list[str]) -> None:
    assert sentences(" ".join(given_sentences)) == given_sentences


@pytest.mark.parametrize(
    "text",
    [
        "." * 200_000 + "a",
        "ACGT" * 20_000 + ". B",
        ". " * 40_000,
        "vs. A " * 20_000,
        "." + " " * 80_000 + "a",
        ".[1]" * 20_000 + "a",
        "." + "[1, 2" * 20_000,
        ".[" + "1 " * 50_000,
    ],
    ids=["dots", "a sequence", "spaced dots", "abbreviations", "blanks", "markers", "open", "numbers"],
)
def test_odd_text_takes_no_longer_than_its_length_deserves(text: str) -> None:
    began = time.process_time()
    sentence_spans(text)
    assert time.process_time() - began < 1.5
