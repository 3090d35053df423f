"""What studies are recognised by: names, journals, numbers and words, each leading back to its studies."""

import pytest

from corpus.study_profiles import StudyProfiles, family_keys, journal_name, name_parts
from corpus.study_words import contradict, countries_in, designs_of, people_in, sizes_in
from corpus.topic_words import abbreviations_in, folded, topic_terms
from tests.corpus.prose_library import PROFILES, study


def keys(clue: str, value: object, profiles: StudyProfiles = PROFILES) -> list[str]:
    rows = profiles.rows(clue, value)  # type: ignore[arg-type]
    return [profiles.profiles[row].source_id.removeprefix("doi:10.1/") for row in rows]


def test_every_clue_leads_to_the_studies_that_have_it() -> None:
    assert keys("year", 2019) == ["odum2019", "lark2019a", "lark2019b"]
    assert keys("family", "quist") == ["quist2006", "quist2012", "odum2019"]
    assert keys("family", "berg") == ["quist2006"]
    assert keys("name", "harbour") == ["quist2006"]
    assert keys("size", 212) == ["tern2012"]
    assert keys("figure", "1403") == ["odum2019"]
    assert keys("term", topic_terms("teeth", {})[0]) == ["wren1999"]
    assert keys("term", "nowhere") == []


def test_a_rare_clue_tells_more_than_a_common_one() -> None:
    assert PROFILES.rarity("family", "tern") < PROFILES.rarity("family", "wren")
    assert PROFILES.rarity("family", "nobody") > PROFILES.rarity("family", "wren")


def test_names_of_trials_are_known_by_what_stands_beside_them() -> None:
    assert PROFILES.is_study_name("SHOULDER-UP")
    assert not PROFILES.is_study_name("SHOULDER-DOWN")
    text = "The PLUM-CAKE II trial enrolled 40 men with peripheral artery disease (PAD). A PAD trial is rare."
    profiles = StudyProfiles.of([study("plum", 2001, "Wren", "Plums in phase III trials of cake", text)])
    assert profiles.is_study_name("PLUM-CAKE II")
    assert not profiles.is_study_name("PLUM-CAKE III")
    assert not profiles.is_study_name("PAD"), "an abbreviation is no name"
    assert not profiles.is_study_name("III")


def test_a_word_that_many_studies_have_is_no_name_of_one() -> None:
    many = [study(f"s{n}", 2001, "Wren", "The HUM cohort", f"Men number {n}.") for n in range(6)]
    assert StudyProfiles.of(many[:5]).is_study_name("HUM")
    assert not StudyProfiles.of(many).is_study_name("HUM")


@pytest.mark.parametrize(
    ("text", "journal"),
    [
        ("A paper in Bone in 2012", "bone"),
        ("Bone is hard", None),
        ("in the Journal of Marine Diets (2006)", "journal of marine diets"),
        ("in the Journal of Dry Diets", None),
        ("A 2019 Cochrane review", "cochrane"),
        ("in nautical medicine", None),
    ],
)
def test_a_journal_is_one_of_the_librarys_written_with_a_capital(text: str, journal: str | None) -> None:
    assert PROFILES.journal_in(text) == journal


def test_an_abbreviation_that_means_two_things_is_not_spelled_out() -> None:
    first = study("a", 2001, "Wren", "Peripheral artery disease (PAD)", "")
    same = study("b", 2001, "Wren", "Peripheral arterial disease (PAD)", "")
    other = study("c", 2001, "Wren", "Plum and dates (PAD)", "Public access doors (PAD) shut.")
    assert StudyProfiles.of([first, same]).abbreviations == {"PAD": "Peripheral artery disease"}
    assert StudyProfiles.of([first, other]).abbreviations == {}


def test_names_are_compared_without_case_accents_marks_and_particles() -> None:
    assert family_keys("van der Avoort") == ("van der avoort", "avoort")
    assert family_keys("Knight Nee Shingler") == ("knight nee shingler", "shingler", "knight")
    assert family_keys("Øvrehus") == ("ovrehus",)
    assert name_parts("Prospect-EPIC") == ("prospectepic", "prospect", "epic")
    assert name_parts("Nurses’") == ("nurses",)
    assert journal_name("The BMJ (Clinical research ed.)") == "bmj"
    assert folded("Salas-Salvadó, 90 µg") == "salas-salvado, 90 ug"


def test_abbreviations_are_those_whose_letters_begin_the_words_before_them() -> None:
    text = "nocturnal leg cramps (NLCs), matrix Gla protein (MGP), a word (ABC), older women (WHO)"
    assert abbreviations_in(text) == {"NLC": "nocturnal leg cramps", "MGP": "matrix Gla protein"}


def test_terms_are_stems_of_what_a_text_is_about() -> None:
    assert topic_terms("The study found that haemodialysis reduced calcifications of MK-7.", {}) == [
        *topic_terms("hemodialysis", {}),
        *topic_terms("calcification", {}),
        "mk7",
    ]
    told = topic_terms("Fewer NLCs", {"NLC": "nocturnal leg cramps"})
    assert {"nlcs", *topic_terms("leg cramp", {})} <= set(told)


@pytest.mark.parametrize(
    ("head", "words", "holds", "lacks"),
    [
        ("trial", "a randomised trial", "RCT", "non-randomised trial"),
        ("trial", "a trial", "non-randomised trial", "cohort"),
        ("trial", "a non-randomised trial", "non-randomised trial", "RCT"),
        ("study", "a cohort study", "cohort", "RCT"),
        ("study", "a study", "RCT", "protocol"),
        ("review", "a Cochrane review", "systematic review", "review"),
        ("review", "a review", "review", "RCT"),
        ("study", "a rat study", "animal", "RCT"),
        ("trial", "the protocol of a randomised trial", "protocol", "RCT"),
        ("guidelines", "the 2024 guidelines", "guideline", "review"),
    ],
)
def test_the_words_for_a_design_are_true_of_some_designs(
    head: str, words: str, holds: str, lacks: str
) -> None:
    assert holds in designs_of(head, words)
    assert lacks not in designs_of(head, words)


def test_a_paper_may_have_any_design() -> None:
    assert designs_of("paper", "a paper") == frozenset()


@pytest.mark.parametrize(
    ("text", "sizes", "roughly"),
    [
        ("244 healthy postmenopausal women", {244}, False),
        ("more than 50,000 people", {50000}, True),
        ("eighteen patients and 13 trials", {18, 13}, False),
        ("a six-man experiment (n = 60)", {6, 60}, False),
        ("180 µg a day for 8 weeks in 2004 adults", set(), False),
        ("6/20 patients and 8–11 children", set(), False),
    ],
)
def test_sizes_count_people_or_studies(text: str, sizes: set[int], roughly: bool) -> None:
    assert sizes_in(text) == (sizes, roughly)


def test_countries_are_told_by_their_names_and_those_of_their_people() -> None:
    assert countries_in("Danes, a Dutch cohort, U.S. centres and the UK; Turkey and us") == {
        "denmark",
        "netherlands",
        "usa",
        "britain",
        "turkey",
    }


@pytest.mark.parametrize(
    ("stated", "recorded", "contradicted"),
    [
        ("women", "men aged 50", True),
        ("women", "men and women", False),
        ("women", "adults", False),
        ("rats", "patients", True),
        ("patients", "rats", True),
        ("children", "older adults", True),
        ("people", "postmenopausal women", False),
        ("sailors", "rats", False),
    ],
)
def test_other_people_than_the_records_contradict_it(stated: str, recorded: str, contradicted: bool) -> None:
    assert contradict(people_in(stated), people_in(recorded)) == contradicted
