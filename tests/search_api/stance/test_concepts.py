"""What a phrase is about, in names that two ways of writing share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.stance.concepts import concepts_in, covers, names_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("peripheral arterial disease", "PAD"),
        ("vitamin K₂", "menaquinones"),
        ("phylloquinone", "Vitamin K1"),
        ("MK-7", "MK7"),
        ("haemodialysis", "dialysis"),
        ("nocturnal leg cramps", "night cramps"),
        ("coronary calcium", "coronary calcification"),
        ("MK‑7", "MK-7"),
    ],
)
def test_two_ways_of_writing_are_one_concept(one: str, other: str) -> None:
    assert names_in(one) == names_in(other)


def test_the_letters_behind_vitamins_are_each_a_vitamin() -> None:
    assert names_in("vitamins E, C and beta-carotene") == {"vitamin e", "vitamin c", "beta", "carotene"}
    assert names_in("vitamins K1 and D") == {"k1", "vitamin d"}


def test_an_antagonist_of_a_vitamin_is_not_the_vitamin() -> None:
    assert names_in("a vitamin K antagonist") == {"vitamin k antagonist"}


def test_what_calcifies_is_named_beside_the_calcium() -> None:
    assert names_in("valve calcium progression") == {"valve", "calcification"}
    assert names_in("valve calcium progression") != names_in("coronary calcium")


def test_stop_words_figures_and_words_that_say_little_are_no_concepts() -> None:
    assert names_in("in 244 of the patients the risk was significantly lower") == frozenset()


def test_a_narrower_concept_covers_the_wider_and_not_the_other_way_round() -> None:
    assert covers("mk7", "k2")
    assert covers("mk7", "vitamin k")
    assert not covers("k2", "mk7")
    assert not covers("k1", "k2")


def test_long_words_of_one_family_cover_each_other() -> None:
    assert covers("anticoagulated", "anticoagulant")
    assert not covers("carotene", "carotid")


@given(st.text(max_size=200))
def test_every_concept_stands_where_it_says(text: str) -> None:
    for concept in concepts_in(text):
        assert 0 <= concept.start < concept.end <= len(text)
