"""The highlighted sentence is the one that shares the rarest terms with the question."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Span
from corpus.sentences import sentence_spans
from search_api.highlights import answering_sentence

# Keys are stems: "cramps" and "cramp" are both "cramp".
_WEIGHTS = {"magnesium": 4.0, "cramp": 3.0, "leg": 1.0}


def _quoted(text: str, weights: dict[str, float] = _WEIGHTS) -> list[str]:
    return [text[span.start : span.end] for span in answering_sentence(weights, text)]


def test_the_sentence_with_the_rarest_shared_terms_is_highlighted() -> None:
    text = "Legs can hurt. Magnesium did not reduce cramps. Leg pain is common."
    assert _quoted(text) == ["Magnesium did not reduce cramps."]


def test_one_rare_term_outweighs_a_common_one() -> None:
    assert _quoted("The leg was examined. A cramp followed.") == ["A cramp followed."]


def test_of_two_equal_sentences_the_first_is_highlighted() -> None:
    assert _quoted("Cramps came first. Cramps came again.") == ["Cramps came first."]


def test_a_term_that_is_repeated_counts_once() -> None:
    text = "Leg, leg, leg, leg and leg. A cramp followed."
    assert _quoted(text) == ["A cramp followed."]


def test_an_inflected_form_counts_as_its_stem() -> None:
    assert _quoted("Nothing here. Cramping was common.") == ["Cramping was common."]


def test_nothing_is_highlighted_where_no_term_is_shared() -> None:
    assert _quoted("Bones are strong. Kidneys filter blood.") == []


def test_a_term_without_weight_highlights_nothing() -> None:
    assert _quoted("A cramp followed.", {"cramp": 0.0}) == []


def test_a_question_in_the_passage_is_never_the_answer() -> None:
    assert _quoted("Does magnesium stop leg cramps?") == []
    assert _quoted("“Does magnesium stop leg cramps?” A leg is long.") == ["A leg is long."]


def test_the_sentence_after_a_question_answers_what_it_asks() -> None:
    text = "Does magnesium stop cramps?\n\nNo: a review of trials found it unlikely. A leg cramp is short."
    assert _quoted(text) == ["No: a review of trials found it unlikely."]


def test_the_terms_of_a_question_reach_no_further_than_one_sentence() -> None:
    text = "Does magnesium stop cramps? Leg first. Magnesium did."
    assert _quoted(text) == ["Leg first."]
    assert _quoted("Magnesium? Bone. Magnesium cramps.") == ["Magnesium cramps."]


def test_an_empty_text_has_no_highlight() -> None:
    assert answering_sentence(_WEIGHTS, "") == ()


_WORDS = st.sampled_from(["leg", "cramps", "magnesium", "the", "bone", "P", "=", "0.05", "vs."])
_SENTENCES = st.lists(st.lists(_WORDS, min_size=1, max_size=8).map(lambda w: " ".join(w).capitalize() + "."))


@given(_SENTENCES.map(" ".join))
def test_a_highlight_is_always_one_whole_sentence_of_the_passage(text: str) -> None:
    spans = answering_sentence(_WEIGHTS, text)
    assert set(spans) <= {Span(start, end) for start, end in sentence_spans(text)}
    assert bool(spans) == any(word in text.casefold() for word in ("leg", "cramp", "magnesium"))
