"""Mentions of studies in prose: what is one and what is none, where it stands, and the clues it states."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.prose_mentions import Clues, ProseMention, mentions_in
from tests.corpus.prose_library import PROFILES


def found(text: str) -> list[str]:
    """The words of the mentions that are sure."""
    return [text[m.start : m.end] for m in mentions_in(text, PROFILES) if not m.tentative]


def clues(text: str) -> Clues:
    """The clues of a text's only mention."""
    (mention,) = mentions_in(text, PROFILES)
    return mention.clues


@pytest.mark.parametrize(
    "marked",
    [
        "According to {a 2004 study from the Rotterdam cohort}, intake was higher.",
        "{A 2024 randomized trial of older adults with leg cramps} found less.",
        "{Knapen and colleagues (2015)} saw less stiffness.",
        "This was seen early ({Geleijnse et al., 2004}).",
        "{Pittler and Ernst (2012)} counted 17 trials.",
        "In 2015, {van der Avoort and co-workers} wrote about juice.",
        "{The AVADEC trial} gave vitamin K to men.",
        "In {the Danish Diet, Cancer, and Health cohort}, more greens were eaten.",
        "{Witham's 2020 trial} was null.",
        "{A review of 17 studies} looked at horse chestnut.",
        "{A paper published in Bone in 2002} was retracted.",
        "{A trial of laser, surgery and foam in 798 patients} came first.",
        "{The FOURIER trial} and {the JUPITER study} changed practice.",
        "{A 2019 trial} found nothing, while {a 2021 cohort} found much.",
        "{Quist and colleagues (2012)} found nothing, but {a trial in 212 women} did.",
        "{Quist 2012} is the one on nails.",
        "Years ago {Quist} reported that nails stay brittle.",
        "Rowing won in {SHOULDER-UP} as well.",
        "First came {Quist (2006)}. Then came {Odum (2019)}.",
        "{A 2006 review in Archives of Internal Medicine} overstated the effect.",
    ],
)
def test_a_study_named_in_prose_is_a_mention_with_these_words(marked: str) -> None:
    assert found(re.sub("[{}]", "", marked)) == re.findall(r"{(.*?)}", marked)


@pytest.mark.parametrize(
    "text",
    [
        "A study found that sleep matters.",
        "Some trials have shown that it slows calcification.",
        "Recent studies highlight a benefit.",
        "Several trials in older adults were null.",
        "The trial was in adults, so it does not speak for the young.",
        "Research suggests that more is not better.",
        "In 2020, the authority changed its advice.",
        "Sales rose by 40% between 2004 and 2015.",
        "In May 2024 the shop closed.",
        "No 2024 style fits a VITAMIN K2 jar.",
        "This study has limits.",
        "Vitamin K2 (menaquinone) is found in cheese.",
        "",
    ],
)
def test_what_names_no_single_study_is_no_mention(text: str) -> None:
    assert found(text) == []


def test_the_clues_are_what_the_words_state() -> None:
    stated = clues("In 2016, a Dutch cohort of about 36,000 women linked cheese to bone.")
    assert (stated.year, stated.countries, stated.sizes, stated.roughly) == (
        2016,
        {"netherlands"},
        {36000},
        True,
    )
    assert stated.designs == {"cohort"}
    assert "women" in stated.people
    assert stated.phrase == "a Dutch cohort of about 36,000 women"
    assert stated.context == "In 2016, a Dutch cohort of about 36,000 women linked cheese to bone."


def test_authors_are_named_in_their_order_with_particles_and_given_names() -> None:
    assert clues("De Vriese, Salas-Salvadó and El Asmar (2021) agreed.").families == (
        "De Vriese",
        "Salas-Salvadó",
        "El Asmar",
    )
    assert clues("In 2025 Femke de Vries and colleagues went back.").families == ("Femke de Vries",)
    assert clues("A 2015 trial by Anna Quist was small.").families == ("Anna Quist",)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("A 2004 study was large.", 2004),
        ("A survey from 2001 to 2004 covered much.", None),
        ("A cohort followed since 1990 was large.", None),
        ("The Harbour City Study, published in 2006, was large.", 2006),
        ("In 2006 the Harbour City Study was large.", 2006),
        ("The Harbour City Study recruited people in 1990.", None),
        ("The Harbour City Study gave 2000 mg a day.", None),
    ],
)
def test_only_a_year_of_publication_is_the_year(text: str, year: int | None) -> None:
    (mention,) = mentions_in(text, PROFILES)
    assert mention.clues.year == year


def test_two_descriptions_of_one_study_are_one_mention_and_share_their_clues() -> None:
    (mention,) = mentions_in("Quist and colleagues (2012) ran a randomised trial in 84 women.", PROFILES)
    assert (mention.form, mention.clues.sizes, mention.clues.designs) == ("authors", {84}, {"RCT"})


def test_a_sentence_with_a_citation_has_no_mention() -> None:
    text = "A 2004 study was large [1]. A 2006 study was small. [2] A 2008 study was odd."
    places = [text.index("1]"), text.index("2]")]
    # A citation behind the full stop belongs to the sentence before it.
    assert [text[m.start : m.end] for m in mentions_in(text, PROFILES, places)] == ["A 2008 study"]
    assert [text[m.start : m.end] for m in mentions_in(text, PROFILES, places[:1])] == [
        "A 2006 study",
        "A 2008 study",
    ]


def test_the_sentences_around_help_unless_they_cite_or_name_a_study() -> None:
    text = "Seaweed is salty. A 2006 study weighed bones. It lasted nine years. A 2012 trial was null."
    first, second = mentions_in(text, PROFILES)
    assert first.clues.nearby == "Seaweed is salty. It lasted nine years."
    assert second.clues.nearby == "It lasted nine years."
    (cited, _) = mentions_in(text, PROFILES, [text.index("salty")])
    assert cited.clues.nearby == "It lasted nine years."


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    ["A, ", "Van Van ", "A study of ", "Name and ", "2004 ", "(2004) ", "1,234 ", "ABC-D ", "a trial by A "],
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    mentions_in(piece * 4000, PROFILES)
    mentions_in((piece * (1900 // len(piece)) + ". ") * 3, PROFILES)
    assert time.process_time() - began < 10


WORDS = """a the one 2004 (2015) study trial cohort review of in from and colleagues et al. Knapen van der
Berg
Rotterdam SHOULDER-UP Quist 's , . ; ( ) women 4,807 Dutch found that published Bone by α K₂ “ ” — In Among
[1] meta-analysis"""
PROSE = st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=40).map(" ".join)


def slices_are_real(text: str, mentions: list[ProseMention]) -> None:
    for mention in mentions:
        words = text[mention.start : mention.end]
        assert 0 <= mention.start < mention.end <= len(text)
        assert words == words.strip() != ""
        assert "\n" not in words
    assert all(a.end <= b.start for a, b in pairwise(mentions))


@given(PROSE)
@settings(max_examples=300)
def test_every_mention_is_a_slice_of_the_text_and_none_overlap(text: str) -> None:
    slices_are_real(text, mentions_in(text, PROFILES))


@given(st.text(max_size=200), st.lists(st.integers(0, 200)))
def test_no_text_and_no_place_of_a_citation_raises(text: str, places: list[int]) -> None:
    slices_are_real(text, mentions_in(text, PROFILES, places))
