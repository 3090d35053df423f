"""Which sentences of a draft make a claim that a source could support; each told by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ParameterError
from search_api.drafts.claims import kind_of, sentences
from search_api.drafts.reading import read_text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Vitamin K2 lowers blood pressure.", "claim"),
        ("However, magnesium did not prevent cramps.", "claim"),
        ("Does vitamin K2 help?", "question"),
        ("I think cheese is underrated.", "opinion"),
        ("Everyone should eat more natto.", "opinion"),
        ("Ask your doctor before you take warfarin.", "instruction"),
        ("In the next section we turn to the bones.", "transition"),
        ("My knees hurt after every run.", "own account"),
        ("Complex I is damaged by reperfusion.", "claim"),
        ("A good start.", "fragment"),
    ],
)
def test_a_sentence_is_told_by_its_words(text: str, kind: str) -> None:
    assert kind_of(text)[0] == kind


def test_headings_tables_and_code_make_no_claims() -> None:
    draft = read_text(
        "# Vitamin K2 helps bones\n\n| a | K2 helps |\n|---|---|\n\n```\nK2 helps\n```\n\nK2 slows loss.\n"
    )
    assert [s.text for s in sentences(draft)] == ["K2 slows loss."]


def test_a_sentence_of_three_claims_is_looked_up_in_three_parts() -> None:
    text = (
        "MK-7 slowed the loss of bone density, and magnesium did not prevent night cramps, "
        "but smoking raised the risk of peripheral artery disease."
    )
    (sentence,) = sentences(read_text(text))
    assert [part.text for part in sentence.parts] == [
        "MK-7 slowed the loss of bone density",
        "magnesium did not prevent night cramps",
        "smoking raised the risk of peripheral artery disease",
    ]
    assert [text[part.start : part.end].rstrip(".") for part in sentence.parts] == [
        part.text for part in sentence.parts
    ]


def test_a_clause_that_leans_on_another_is_no_claim_of_its_own() -> None:
    (sentence,) = sentences(read_text("MK-7 slowed bone loss in women, but it did not do so at the hip."))
    assert sentence.parts == ()


def test_another_language_is_named() -> None:
    german = "Die Einnahme von Vitamin K2 senkt nach einer Studie das Risiko von Brüchen und ist nicht teuer."
    (sentence,) = sentences(read_text(german))
    assert (sentence.kind, sentence.reason) == ("not English", "German")


def test_where_a_citation_stood_no_blank_is_left_before_the_full_stop() -> None:
    (sentence,) = sentences(read_text("MK-7 slowed bone loss [@knapen2013]."))
    assert sentence.text == "MK-7 slowed bone loss."


@given(st.text(min_size=1, max_size=400))
def test_every_sentence_is_a_place_of_the_draft(text: str) -> None:
    try:
        draft = read_text(text)
    except ParameterError:
        return
    assert len(draft.masked) == len(draft.text)
    at = 0
    for sentence in sentences(draft):
        assert at <= sentence.start < sentence.end <= len(text)
        at = sentence.end
        for part in sentence.parts:
            assert sentence.start <= part.start < part.end <= sentence.end
