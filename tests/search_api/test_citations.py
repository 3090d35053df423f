"""Citations: golden texts written by hand from the styles' manuals, and what no style may lose.

The manuals and where the goldens knowingly stay behind them, for want of data in the record: the
abbreviated journal title ("J Nutr") that AMA and Vancouver ask for, and the day and month of issue.
"""

import random
import re
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnknownStyleError
from corpus.reading import read_file
from corpus.records import Source
from search_api import citations
from search_api.citations import ALIASES, CitationFormatter, citable_item, format_citation, style_name
from search_api.styling.styles import available

_STUDIES = Path(__file__).resolve().parents[2] / "corpus" / "starter" / "studies"


def _study(key: str) -> Source:
    (source,) = read_file(_STUDIES / f"{key}.json")
    assert isinstance(source, Source)
    return source


@pytest.fixture(scope="module")
def studies() -> list[Source]:
    """All retracted and all cut records of the starter library, and every fifth of the others."""
    every = [_study(path.stem) for path in sorted(_STUDIES.glob("*.json"))]
    special = [s for s in every if s.integrity.status == "retracted" or not s.authors_complete]
    return special + [s for s in every if s not in special][::5]


@pytest.fixture(scope="module")
def formatter() -> CitationFormatter:
    """One formatter for the tests that format the whole library in every style."""
    return CitationFormatter()


#: A complete record: eight authors, volume, issue, pages, DOI, PMID.
_GELEIJNSE = {
    # APA 7th ed., 9.8 (up to 20 authors), 6.17 (capital after a colon), 9.25
    "apa": "Geleijnse, J. M., Vermeer, C., Grobbee, D. E., Schurgers, L. J., Knapen, M. H. J., "
    "van der Meer, I. M., Hofman, A., & Witteman, J. C. M. (2004). Dietary intake of menaquinone is "
    "associated with a reduced risk of coronary heart disease: The Rotterdam Study. The Journal of "
    "Nutrition, 134(11), 3100–3105. https://doi.org/10.1093/jn/134.11.3100",
    # AMA 11th ed., 3.7 (more than six authors: three, et al), 3.11
    "ama": "Geleijnse JM, Vermeer C, Grobbee DE, et al. Dietary intake of menaquinone is associated with "
    "a reduced risk of coronary heart disease: the Rotterdam Study. The Journal of Nutrition. "
    "2004;134(11):3100-3105. doi:10.1093/jn/134.11.3100",
    # ICMJE samples (six authors, et al), Citing Medicine chapter 1
    "vancouver": "Geleijnse JM, Vermeer C, Grobbee DE, Schurgers LJ, Knapen MHJ, van der Meer IM, et al. "
    "Dietary intake of menaquinone is associated with a reduced risk of coronary heart disease: the "
    "Rotterdam Study. The Journal of Nutrition. 2004;134(11):3100-5. doi:10.1093/jn/134.11.3100 "
    "PubMed PMID: 15514282.",
    # Chicago 18th ed., 13.107 (more than six: three, et al.), 9.63 (3100–3105 in full), 6.9 (stop inside)
    "chicago": "Geleijnse, Johanna M., Cees Vermeer, Diederick E. Grobbee, et al. 2004. “Dietary Intake of "
    "Menaquinone Is Associated with a Reduced Risk of Coronary Heart Disease: The Rotterdam Study.” The "
    "Journal of Nutrition 134 (11): 3100–3105. https://doi.org/10.1093/jn/134.11.3100.",
    # Cite Them Right (four or more: the first, et al.; single quotation marks, stop outside)
    "harvard": "Geleijnse, J.M. et al. (2004) ‘Dietary intake of menaquinone is associated with a reduced "
    "risk of coronary heart disease: the Rotterdam Study’, The Journal of Nutrition, 134(11), "
    "pp. 3100–3105. Available at: https://doi.org/10.1093/jn/134.11.3100.",
    # MLA 9th ed., 5.8 (three or more: the first, et al.), 5.61, last two digits of a range
    "mla": "Geleijnse, Johanna M., et al. “Dietary Intake of Menaquinone Is Associated with a Reduced Risk "
    "of Coronary Heart Disease: The Rotterdam Study.” The Journal of Nutrition, vol. 134, no. 11, 2004, "
    "pp. 3100–05, https://doi.org/10.1093/jn/134.11.3100.",
}
#: Retracted, and its author list is cut after three.
_SATO = {
    "apa": "Sato, Y., Honda, Y., Kaji, M., et al. (2002). RETRACTED: Amelioration of osteoporosis by "
    "menatetrenone in elderly female Parkinson's disease patients with vitamin D deficiency. Bone, 31(1), "
    "114–118. https://doi.org/10.1016/s8756-3282(02)00783-4",
    "ama": "Sato Y, Honda Y, Kaji M, et al. RETRACTED: Amelioration of osteoporosis by menatetrenone in "
    "elderly female Parkinson's disease patients with vitamin D deficiency. Bone. 2002;31(1):114-118. "
    "doi:10.1016/s8756-3282(02)00783-4",
    "vancouver": "Sato Y, Honda Y, Kaji M, et al. RETRACTED: Amelioration of osteoporosis by menatetrenone "
    "in elderly female Parkinson's disease patients with vitamin D deficiency. Bone. 2002;31(1):114-8. "
    "doi:10.1016/s8756-3282(02)00783-4 PubMed PMID: 12110423.",
    "chicago": "Sato, Y., Y. Honda, M. Kaji, et al. 2002. “RETRACTED: Amelioration of Osteoporosis by "
    "Menatetrenone in Elderly Female Parkinson's Disease Patients with Vitamin D Deficiency.” Bone 31 (1): "
    "114–18. https://doi.org/10.1016/s8756-3282(02)00783-4.",
    "harvard": "Sato, Y. et al. (2002) ‘RETRACTED: Amelioration of osteoporosis by menatetrenone in elderly "
    "female Parkinson's disease patients with vitamin D deficiency’, Bone, 31(1), pp. 114–118. Available at: "
    "https://doi.org/10.1016/s8756-3282(02)00783-4.",
    "mla": "Sato, Y., et al. “RETRACTED: Amelioration of Osteoporosis by Menatetrenone in Elderly Female "
    "Parkinson's Disease Patients with Vitamin D Deficiency.” Bone, vol. 31, no. 1, 2002, pp. 114–18, "
    "https://doi.org/10.1016/s8756-3282(02)00783-4.",
}
#: Fifteen authors; our record has no volume, issue, pages or PMID. No style may call it a preprint,
#: in press or ahead of print for that: it has been printed, we only lack the numbers.
_SARITAS = {
    "apa": "Saritas, T., Reinartz, S., Krueger, T., Ketteler, M., Liangos, O., Labriola, L., Stenvinkel, P., "
    "Kopp, C., Westenfeld, R., Evenepoel, P., Siepmann, R., Wied, S., Hilgers, R. D., Schurgers, L., & "
    "Floege, J. (2022). Vitamin K1 and progression of cardiovascular calcifications in hemodialysis "
    "patients: The VitaVasK randomized controlled trial. Clinical Kidney Journal. "
    "https://doi.org/10.1093/ckj/sfac184",
    "ama": "Saritas T, Reinartz S, Krueger T, et al. Vitamin K1 and progression of cardiovascular "
    "calcifications in hemodialysis patients: the VitaVasK randomized controlled trial. Clinical Kidney "
    "Journal. 2022. doi:10.1093/ckj/sfac184",
    "vancouver": "Saritas T, Reinartz S, Krueger T, Ketteler M, Liangos O, Labriola L, et al. Vitamin K1 and "
    "progression of cardiovascular calcifications in hemodialysis patients: the VitaVasK randomized "
    "controlled trial. Clinical Kidney Journal. 2022. doi:10.1093/ckj/sfac184",
    "chicago": "Saritas, T., S. Reinartz, T. Krueger, et al. 2022. “Vitamin K1 and Progression of "
    "Cardiovascular Calcifications in Hemodialysis Patients: The VitaVasK Randomized Controlled Trial.” "
    "Clinical Kidney Journal. https://doi.org/10.1093/ckj/sfac184.",
    "harvard": "Saritas, T. et al. (2022) ‘Vitamin K1 and progression of cardiovascular calcifications in "
    "hemodialysis patients: the VitaVasK randomized controlled trial’, Clinical Kidney Journal. Available "
    "at: https://doi.org/10.1093/ckj/sfac184.",
    "mla": "Saritas, T., et al. “Vitamin K1 and Progression of Cardiovascular Calcifications in Hemodialysis "
    "Patients: The VitaVasK Randomized Controlled Trial.” Clinical Kidney Journal, 2022, "
    "https://doi.org/10.1093/ckj/sfac184.",
}
_GOLDEN = [
    pytest.param(key, style, text, id=f"{key}-{style}")
    for key, texts in (("geleijnse2004", _GELEIJNSE), ("sato2002pd", _SATO), ("saritas2022", _SARITAS))
    for style, text in texts.items()
]


@pytest.mark.parametrize(("key", "style", "expected"), _GOLDEN)
def test_a_citation_reads_as_the_manual_of_its_style_has_it(key: str, style: str, expected: str) -> None:
    assert CitationFormatter().format(_study(key), style) == expected


@pytest.mark.parametrize("style", ALIASES)
def test_every_retracted_study_says_so_in_every_style_we_name(
    formatter: CitationFormatter, studies: list[Source], style: str
) -> None:
    retracted = [study for study in studies if study.integrity.status == "retracted"]
    assert len(retracted) >= 4
    for study in retracted:
        assert formatter.format(study, style).count("RETRACTED") == 1


@pytest.mark.parametrize("style", ALIASES)
def test_no_other_study_is_called_retracted(
    formatter: CitationFormatter, studies: list[Source], style: str
) -> None:
    for study in studies:
        if study.integrity.status != "retracted" and "retract" not in study.title.casefold():
            assert "RETRACTED" not in formatter.format(study, style)


@pytest.mark.parametrize("style", ALIASES)
def test_every_cut_author_list_ends_in_et_al_in_every_style_we_name(
    formatter: CitationFormatter, studies: list[Source], style: str
) -> None:
    cut = [study for study in studies if not study.authors_complete]
    assert len(cut) >= 10
    for study in cut:
        text = formatter.format(study, style)
        assert len(re.findall(r"\bet al\b", text)) == 1, text


@pytest.mark.parametrize("style", ALIASES)
def test_two_authors_and_a_complete_list_need_no_et_al(
    formatter: CitationFormatter, studies: list[Source], style: str
) -> None:
    few = [s for s in studies if s.authors_complete and len(s.csl.get("author", [])) <= 2]
    assert few
    for study in few:
        assert "et al" not in formatter.format(study, style)


@pytest.mark.parametrize("style", ALIASES)
def test_every_study_has_a_citation_with_its_title_and_year_in_every_style_we_name(
    formatter: CitationFormatter, studies: list[Source], style: str
) -> None:
    for study in studies:
        text = formatter.format(study, style)
        assert str(study.year) in text
        assert study.title[:30].casefold() in text.casefold()
        assert "ETALSENTINEL" not in text
        assert "None" not in text
        assert not re.match(r"[\s\[(]*1[\].)]", text), "the number of a list stands in front"
        assert text == text.strip()


def _tried_styles() -> list[str]:
    """150 of all installed styles, the same ones every time."""
    names = sorted(available())
    assert len(names) > 2000
    return random.Random(20261122).sample(names, 150)


def _texts_in(style: str, records: list[Source]) -> list[str] | UnknownStyleError:
    try:
        return [CitationFormatter().format(record, style) for record in records]
    except UnknownStyleError as error:
        return error


def test_the_sentinel_leaks_and_a_retraction_is_lost_in_none_of_150_styles() -> None:
    """Also that a style which citeproc-py cannot process is refused in our words, and how many are."""
    records = [_study(key) for key in ("geleijnse2004", "sato2002pd", "saritas2022", "akbulut2020")]
    refused = []
    for style in _tried_styles():
        texts = _texts_in(style, records)
        if isinstance(texts, UnknownStyleError):
            assert (texts.field, texts.given) == ("style", style)
            assert "use one of" in texts.remedy
            refused.append(style)
            continue
        for record, text in zip(records, texts, strict=True):
            assert text, style
            assert "etalsentinel" not in text.casefold(), style
            assert "None" not in text, style
            if record.integrity.status == "retracted":
                assert "RETRACTED" in text, style
    assert len(refused) <= 15, f"{len(refused)} of 150 styles cannot be used: {refused}"


def test_a_style_with_notes_only_is_refused_at_once() -> None:
    with pytest.raises(UnknownStyleError, match="notes only") as caught:
        style_name("chicago-notes")
    assert "apa" in caught.value.remedy


@pytest.mark.parametrize("style", ["chicago-notes", "not-there"])
def test_a_style_that_cannot_be_processed_is_refused_not_crashed_on(style: str) -> None:
    with pytest.raises(UnknownStyleError) as caught:
        format_citation(_study("geleijnse2004"), style)
    assert caught.value.field == "style"
    assert caught.value.given == style


def test_a_style_that_would_print_nothing_for_a_source_is_refused() -> None:
    article = Source("article:x", "article", {"type": "webpage", "title": "On cramps"}, "On cramps", ())
    with pytest.raises(UnknownStyleError, match="prints nothing for article:x"):
        format_citation(article, "springer-basic-note")


@pytest.mark.parametrize(
    ("language", "style", "expected"),
    [
        ("German", "iso690-author-date-de", "M. KAJI, et al., 2002"),
        ("French", "chicago-author-date-fr", "M. Kaji, et al. 2002"),
        ("semicolons", "arkivoc", "Kaji, M., et al. Bone"),
        ("slashes", "beltz-padagogik", "Kaji, M. et al. (2002)"),
        ("bibtex, which makes a label of names", "bibtex", "@article{sato_honda_kaji_2002"),
    ],
)
def test_no_conjunction_or_separator_is_left_in_front_of_et_al(
    language: str, style: str, expected: str
) -> None:
    assert expected in format_citation(_study("sato2002pd"), style)


def test_every_alias_names_an_installed_style_and_the_default_is_one() -> None:
    for alias, name in ALIASES.items():
        assert style_name(alias) == name
    assert style_name(citations.DEFAULT_STYLE) == "apa"


@pytest.mark.parametrize(("typed", "meant"), [(" APA ", "apa"), ("Vancouver", "nlm-citation-sequence")])
def test_case_and_spaces_around_a_style_do_not_matter(typed: str, meant: str) -> None:
    assert style_name(typed) == meant


@pytest.mark.parametrize(("typo", "near"), [("vancouvr", "vancouver"), ("harvrd", "harvard"), ("ap", "apa")])
def test_an_unknown_style_is_answered_with_the_nearest_names(typo: str, near: str) -> None:
    with pytest.raises(UnknownStyleError) as caught:
        style_name(typo)
    offered = re.findall(r"[\w-]+", caught.value.remedy.removeprefix("did you mean "))
    assert near in offered
    assert len(offered) == len(set(offered)) == 4


@pytest.mark.parametrize(
    "title",
    ["Bones", "RETRACTED: Bones", "Retracted: Bones", "[Retracted] Bones", "Retracted article: Bones"],
)
def test_a_title_that_already_says_retracted_says_it_once(title: str) -> None:
    source = _study("sato2002pd")
    assert citable_item(replace(source, csl={**source.csl, "title": title}))["title"] == "RETRACTED: Bones"


def test_the_sentinel_stands_last_and_only_in_a_cut_list_and_the_record_stays_as_it_was() -> None:
    cut, complete = _study("sato2002pd"), _study("geleijnse2004")
    before = str(cut.csl)
    assert [a["family"] for a in citable_item(cut)["author"]] == ["Sato", "Honda", "Kaji", "ETALSENTINEL"]
    assert len(citable_item(complete)["author"]) == 8
    assert str(cut.csl) == before


def test_a_retracted_work_says_so_even_in_a_style_without_titles() -> None:
    text = format_citation(_study("sato2002pd"), "angewandte-chemie")
    assert text.count("RETRACTED") == 1
    text = format_citation(_study("sato2002pd"), "arkivoc")
    assert text.startswith("RETRACTED. Sato, Y.")


@pytest.mark.parametrize(
    "style", [*ALIASES, "chicago-notes-bibliography", "new-harts-rules-author-date", "mhra-notes"]
)
def test_no_style_says_more_of_the_publication_than_the_record_does(style: str) -> None:
    text = CitationFormatter().format(_study("saritas2022"), style)
    assert not re.search(r"(?i)preprint|in press|ahead of print|epub", text)


@pytest.mark.parametrize(
    ("title", "as_cited"),
    [
        ("Cramps: a randomised trial", "Cramps: A randomised trial"),
        ("Cramps: low-dose magnesium", "Cramps: Low-dose magnesium"),
        ("Cramps: n-3 fatty acids", "Cramps: n-3 fatty acids"),
        ("Calcification: dp-ucMGP in dialysis", "Calcification: dp-ucMGP in dialysis"),
        ("Ageing: mTOR and more", "Ageing: mTOR and more"),
        ("Cramps: trial", "Cramps: Trial"),
        ("A ratio of 1:a mystery", "A ratio of 1:a mystery"),
    ],
)
def test_apa_capitalises_a_subtitle_but_not_a_name(title: str, as_cited: str) -> None:
    source = _study("geleijnse2004")
    renamed = replace(source, csl={**source.csl, "title": title})
    assert f"). {as_cited}. The Journal" in format_citation(renamed, "apa")
    assert f" {title}. The Journal" in format_citation(renamed, "american-medical-association")


def test_a_question_mark_inside_american_quotes_takes_the_place_of_the_full_stop() -> None:
    source = _study("geleijnse2004")
    asked = replace(source, csl={**source.csl, "title": "Does menaquinone help?"})
    assert "“Does Menaquinone Help?” The Journal" in format_citation(asked, "chicago-author-date")


@pytest.mark.parametrize(
    "style",
    ["nist-technical-publication-journal-of-research-of-nist", "laboratory-animal-science-professional"],
)
def test_what_stood_around_the_number_of_an_entry_goes_with_it(style: str) -> None:
    assert format_citation(_study("geleijnse2004"), style).startswith("Geleijnse JM, Vermeer C")


def test_an_author_without_a_given_name_is_not_called_none() -> None:
    text = format_citation(_study("akbulut2020"), "revue-des-etudes-byzantines")
    assert text.startswith("Akbulut, et al., Vitamin K2 Needs an RDI Separate from Vitamin K1")


def test_a_style_that_changes_the_case_of_formatted_text_can_be_used() -> None:
    text = format_citation(_study("geleijnse2004"), "the-british-journal-of-criminology")
    assert "The Journal of Nutrition" in text


def test_a_title_that_begins_with_a_number_keeps_it() -> None:
    source = _study("geleijnse2004")
    untold = {k: v for k, v in source.csl.items() if k != "author"} | {"title": "1. 25-hydroxyvitamin D"}
    for style in ("ama", "vancouver", "ieee"):
        assert "1. 25-hydroxyvitamin D" in format_citation(replace(source, csl=untold), ALIASES[style])


def test_an_organisation_as_author_is_cited_by_its_name() -> None:
    article = Source(
        "article:x",
        "article",
        {
            "type": "webpage",
            "title": "Leg cramps",
            "author": [{"literal": "Footnote editors"}],
            "issued": {"date-parts": [[2026, 11, 22]]},
        },
        "Leg cramps",
        (),
    )
    assert format_citation(article, "apa") == "Footnote editors. (2026, November 22). Leg cramps."


_PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "family": st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True),
            "given": st.from_regex(r"[A-Z][a-z]{2,6}( [A-Z]\.)?", fullmatch=True),
        }
    ),
    min_size=1,
    max_size=25,
)


@given(_PEOPLE, st.booleans(), st.sampled_from(sorted(ALIASES)))
def test_any_author_list_names_its_first_author_and_is_cut_visibly_or_not_at_all(
    people: list[dict[str, str]], complete: bool, style: str
) -> None:
    source = _study("geleijnse2004")
    made = replace(source, csl={**source.csl, "author": people}, authors_complete=complete)
    text = format_citation(made, ALIASES[style])
    assert people[0]["family"] in text
    assert "sentinel" not in text.casefold()
    if not complete:
        assert "et al" in text
    if complete and "et al" not in text and "…" not in text and ". . ." not in text:
        assert all(person["family"] in text for person in people)


def test_a_formatter_formats_each_source_once_per_style(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def counting(source: Source, style: str) -> str:
        asked.append((source.source_id, style))
        return format_citation(source, style)

    monkeypatch.setattr(citations, "format_citation", counting)
    formatter = CitationFormatter()
    source = _study("geleijnse2004")
    texts = {formatter.format(source, name) for name in ("vancouver", "nlm-citation-sequence", "vancouver")}
    assert len(texts) == 1
    assert asked == [(source.source_id, "nlm-citation-sequence")]


@pytest.fixture
def _impatient() -> Iterator[None]:
    """Threads that give way to each other after a microsecond."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("_impatient")
def test_several_threads_get_what_one_would_and_leave_warnings_switched_on() -> None:
    work = [(_study(key), style) for key in ("geleijnse2004", "sato2002pd") for style in ("apa", "ieee")] * 6
    expected = [format_citation(source, style) for source, style in work]
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda task: format_citation(*task), work)) == expected
    assert list(warnings.filters) == before
