"""Marked is what answers the question; where one sentence is needed, the one with its rarest terms."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Span
from corpus.sentences import sentence_spans
from search_api.highlights import FEATURES, AnswerMarker, answering_sentence

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


# What a first result that holds the whole question has.
_FIRST = "Magnesium and leg cramps."


def _marked(text: str, first: str = _FIRST) -> list[str]:
    return [text[span.start : span.end] for span in AnswerMarker(_WEIGHTS, first).spans(text)]


def test_every_sentence_that_answers_is_marked_and_no_other() -> None:
    text = (
        "Legs can hurt. Magnesium did not reduce leg cramps (P = .67). Bones are strong. "
        "Cramps were as frequent on magnesium as on placebo in 94 people."
    )
    assert _marked(text) == [
        "Magnesium did not reduce leg cramps (P = .67).",
        "Cramps were as frequent on magnesium as on placebo in 94 people.",
    ]


def test_an_aim_answers_nothing_where_its_words_are_those_of_the_question() -> None:
    aim = "This study aimed to determine whether magnesium reduces leg cramps."
    assert _marked(f"{aim} Magnesium cramps were found in 12 legs.") == [
        "Magnesium cramps were found in 12 legs."
    ]


def test_a_passage_without_the_terms_has_no_mark() -> None:
    assert _marked("Results were significant (P = .01). In conclusion, thus it was shown.") == []


def test_words_of_the_question_that_no_answer_holds_do_not_count_against_it() -> None:
    text = "A leg was hurt in 3 of 9."
    assert _marked(text, "A leg is long.") == [text]
    assert _marked(text) == []


def test_another_form_of_a_word_counts_by_its_parts() -> None:
    weights = {"calcif": 3.0, "vascular": 3.0}
    text = "Bones grew. Vascular calcium was lower, as shown."
    marked = AnswerMarker(weights, "Vascular calcification.").spans(text)
    features = AnswerMarker(weights, "Vascular calcification.").features(text)[1]
    assert [text[span.start : span.end] for span in marked] == ["Vascular calcium was lower, as shown."]
    assert features[0, FEATURES.index("grams")] == 0
    assert features[1, FEATURES.index("grams")] == 1


def test_a_question_is_never_marked_and_lends_its_terms_to_the_next_sentence() -> None:
    text = "Does magnesium stop leg cramps?\n\nNo: a review of trials found it unlikely. A leg is long."
    assert _marked(text) == ["No: a review of trials found it unlikely."]
    assert _marked("Does magnesium stop leg cramps?") == []


def test_nothing_is_marked_without_words_or_text() -> None:
    assert AnswerMarker({}, "").spans("A cramp was found.") == ()
    assert _marked("") == []
    assert AnswerMarker({"cramp": 0.0}, "").spans("A cramp was found.") == ()


@given(_SENTENCES.map(" ".join), st.sampled_from(["", _FIRST, "leg"]))
def test_marks_are_whole_sentences_in_order(text: str, first: str) -> None:
    spans = AnswerMarker(_WEIGHTS, first).spans(text)
    assert list(spans) == [Span(*place) for place in sentence_spans(text) if Span(*place) in spans]
