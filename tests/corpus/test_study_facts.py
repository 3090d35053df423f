"""Design, people and size come from what a record says, and stay unknown where it says nothing."""

import pytest

from corpus.study_facts import facts_of


@pytest.mark.parametrize(
    ("types", "design"),
    [
        (["Journal Article", "Randomized Controlled Trial"], "RCT"),
        (["Meta-Analysis", "Systematic Review"], "meta-analysis"),
        (["Systematic Review", "Review"], "systematic review"),
        (["Practice Guideline"], "guideline"),
        (["Case Reports"], "case report"),
        (["Letter"], "letter"),
        (["Clinical Trial Protocol"], "protocol"),
        (["Retraction of Publication"], "notice"),
    ],
)
def test_a_publication_type_decides(types: list[str], design: str) -> None:
    facts = facts_of("A title that says nothing", "", types)
    assert (facts.design, facts.design_from) == (design, "publication type")


def test_a_clinical_trial_is_randomised_only_where_the_text_says_so() -> None:
    assert facts_of("Zinc", "Patients were randomly assigned.", ["Clinical Trial"]).design == "RCT"
    assert facts_of("Zinc", "All patients took zinc.", ["Clinical Trial"]).design == "non-randomised trial"


def test_mesh_headings_decide_where_types_do_not() -> None:
    facts = facts_of("Zinc and colds", "", ["Journal Article"], ["Humans", "Prospective Studies"])
    assert (facts.design, facts.design_from, facts.human, facts.human_from) == (
        "cohort",
        "MeSH",
        True,
        "MeSH",
    )


def test_animals_without_humans_are_an_animal_study() -> None:
    facts = facts_of("Zinc", "", ["Journal Article"], ["Animals", "Rats"])
    assert (facts.design, facts.human) == ("animal", False)


@pytest.mark.parametrize(
    ("title", "design"),
    [
        ("Zinc for colds: a randomised, double-blind trial", "RCT"),
        ("Zinc for colds: a non-randomised trial", "non-randomised trial"),
        ("Zinc for colds: study protocol of a randomised trial", "protocol"),
        ("Zinc for colds: systematic review and meta-analysis", "meta-analysis"),
        ("Zinc intake and colds: a prospective cohort study", "cohort"),
        ("Zinc and colds: a cross-sectional survey", "cross-sectional"),
        ("Zinc deficiency in mice", "animal"),
        ("Zinc in immunity: a review", "review"),
        ("Zinc and the common cold", "unknown"),
    ],
)
def test_the_title_decides_where_nothing_else_does(title: str, design: str) -> None:
    assert facts_of(title, "").design == design


def test_the_abstract_comes_last() -> None:
    facts = facts_of("Zinc and colds", "In total, 40 adults were randomly assigned to zinc or placebo.")
    assert (facts.design, facts.design_from) == ("RCT", "abstract")


@pytest.mark.parametrize(
    ("abstract", "size"),
    [
        ("A total of 1,234 healthy older adults took part.", "1,234 healthy older adults"),
        ("We enrolled 94 patients with cramps.", "94 patients"),
        ("In 199 adults aged 65 or over, zinc helped.", "199 adults"),
        ("120 women were randomly assigned to zinc.", "120 women"),
        ("Doses of 25 mg were given for 12 weeks.", None),
    ],
)
def test_the_size_is_as_written_or_empty(abstract: str, size: str | None) -> None:
    assert facts_of("Zinc", abstract).sample_size == size


def test_nothing_is_guessed_where_nothing_is_said() -> None:
    facts = facts_of("Zinc", "")
    assert (facts.design, facts.human, facts.sample_size, facts.design_from) == ("unknown", None, None, None)
