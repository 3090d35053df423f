"""What a title tells of the words of its finding."""

from search_api.stance.record import finding_stance
from search_api.stance.titles import full_names, kind_in_title, spelled_out

FRACTION = "Efficacy of micronized purified flavonoid fraction in venous disease"
CRAMPS = "Magnesium for nocturnal leg cramps"


def test_an_abbreviation_means_the_words_of_the_title_whose_initials_it_has() -> None:
    (short,) = spelled_out("MPFF reduced leg pain.", FRACTION)
    assert short == ("mpff", frozenset({"micronized", "purified", "flavonoid", "fraction"}))
    assert spelled_out("ABCD reduced leg pain.", FRACTION) == ()


def test_a_claim_may_spell_out_what_the_finding_abbreviates() -> None:
    claim = "Micronised purified flavonoid fraction eases leg pain."
    assert finding_stance(claim, "MPFF reduced leg pain.", FRACTION).stance == "supports"
    assert finding_stance(claim, "MPFF reduced leg pain.", "Leg pain").stance == "not judged"


def test_the_kind_of_an_outcome_is_the_one_that_the_title_gives_it() -> None:
    assert kind_in_title(frozenset({"cramp"}), CRAMPS) == {"night"}
    assert kind_in_title(frozenset({"cramp"}), "Nocturnal cramps and exercise cramps") == frozenset()
    assert kind_in_title(frozenset({"cramp", "exercise"}), CRAMPS) == frozenset()
    assert kind_in_title(frozenset({"pain"}), CRAMPS) == frozenset()


def test_the_second_half_of_a_name_may_stand_in_the_title_alone() -> None:
    assert full_names(frozenset({"ginkgo"}), "Ginkgo biloba for claudication") == {"biloba"}
    assert full_names(frozenset({"ginkgo"}), "Ginkgo and garlic") == frozenset()
