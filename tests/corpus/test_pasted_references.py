"""A pasted reference is read in whatever style it is written; the expected fields are typed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.pasted_references import pasted_reference

_TITLE = "Dietary intake of menaquinone is associated with a reduced risk of coronary heart disease"
_STYLES = {
    "APA": f"Geleijnse, J. M., Vermeer, C., & Witteman, J. C. M. (2004). {_TITLE}. The Journal of Nutrition, "
    "134(11), 3100–3105. https://doi.org/10.1093/jn/134.11.3100",
    "AMA": f"1. Geleijnse JM, Vermeer C, Grobbee DE, et al. {_TITLE}. The Journal of Nutrition. "
    "2004;134(11):3100-3105. doi:10.1093/jn/134.11.3100",
    "Chicago": f"Geleijnse, Johanna M., Cees Vermeer, and Jacqueline Witteman. 2004. “{_TITLE}.” The Journal "
    "of Nutrition 134 (11): 3100–3105. https://doi.org/10.1093/jn/134.11.3100.",
    "Chicago note": f"Johanna M. Geleijnse et al., “{_TITLE},” The Journal of Nutrition 134, no. 11 (2004): "
    "3100–3105, https://doi.org/10.1093/jn/134.11.3100.",
    "Harvard": f"Geleijnse, J.M. et al. (2004) ‘{_TITLE}’, The Journal of Nutrition, 134(11), "
    "pp. 3100–3105. Available at: https://doi.org/10.1093/jn/134.11.3100.",
    "MLA": f"Geleijnse, Johanna M., et al. “{_TITLE}.” The Journal of Nutrition, vol. 134, no. 11, "
    "Nov. 2004, pp. 3100–3105, https://doi.org/10.1093/jn/134.11.3100.",
    "IEEE": f"[1] J. M. Geleijnse et al., “{_TITLE},” The Journal of Nutrition, vol. 134, no. 11, "
    "pp. 3100–3105, 2004, doi: 10.1093/jn/134.11.3100.",
    "Vancouver": f"1. Geleijnse JM, Vermeer C. {_TITLE}. The Journal of Nutrition [Internet]. "
    "2004 Nov;134(11):3100–3105. Available from: https://doi.org/10.1093/jn/134.11.3100",
}


@pytest.mark.parametrize("written", _STYLES.values(), ids=_STYLES.keys())
def test_every_style_gives_the_same_fields(written: str) -> None:
    csl = pasted_reference(written).csl
    assert csl["title"] == _TITLE
    assert csl["author"] == [{"family": "Geleijnse"}]
    assert csl["issued"] == {"date-parts": [[2004]]}
    assert csl["container-title"] == "The Journal of Nutrition"
    assert (csl["volume"], csl["issue"], csl["page"].replace("–", "-")) == ("134", "11", "3100-3105")
    assert csl["DOI"] == "10.1093/jn/134.11.3100"


def test_nature_gives_initials_with_stops_and_no_issue() -> None:
    csl = pasted_reference(
        "Van der Avoort, C. M. T. & Hopman, M. T. E. Acute effects of dietary nitrate on exercise. "
        "Int. J. Sport Nutr. 31, 385–396 (2021)."
    ).csl
    assert csl["title"] == "Acute effects of dietary nitrate on exercise"
    assert csl["author"] == [{"family": "Van der Avoort"}]
    assert csl["container-title"] == "Int. J. Sport Nutr"
    assert (csl["volume"], csl["page"]) == ("31", "385–396")


@pytest.mark.parametrize(
    ("written", "label"),
    [("[12] Sato Y.", "12"), ("3. Sato Y.", "3"), ("(4) Sato Y.", "4"), ("Sato Y.", None)],
)
def test_the_label_is_told_from_the_entry(written: str, label: str | None) -> None:
    assert pasted_reference(written).label == label


def test_identifiers_of_each_kind_are_found() -> None:
    csl = pasted_reference(
        "Some trial. PMID: 15514282; PMCID: PMC1234567. https://doi.org/10.1093/Jn/134"
    ).csl
    assert (csl["PMID"], csl["PMCID"], csl["DOI"]) == ("15514282", "PMC1234567", "10.1093/jn/134")
    assert pasted_reference("https://pubmed.ncbi.nlm.nih.gov/15514282/").csl["PMID"] == "15514282"


@pytest.mark.parametrize("written", ["doi:11.1093/jn/134", "https://doi.org/1O.1093/jn/134"])
def test_what_is_announced_as_a_doi_and_is_none_is_kept_aside(written: str) -> None:
    read = pasted_reference(f"Sato Y. Folate after stroke. {written}")
    assert "DOI" not in read.csl
    assert [name for name, _ in read.unusable] == ["DOI"]


def test_a_page_number_is_no_year() -> None:
    csl = pasted_reference("A. Akbulut, “Vitamin K2 needs an RDI,” Nutrients, vol. 12, p. 1852, 2020.").csl
    assert csl["issued"] == {"date-parts": [[2020]]}
    assert csl["page"] == "1852"


def test_an_article_number_after_the_volume_is_its_page() -> None:
    csl = pasted_reference("Pittler MH, Ernst E. Horse chestnut seed extract. Phleb. 2012;11:CD003230.").csl
    assert (csl["volume"], csl["page"]) == ("11", "CD003230")


@given(st.text(max_size=400))
def test_any_text_can_be_pasted(text: str) -> None:
    read = pasted_reference(text)
    assert all(value for value in read.csl.values())


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["A. ", "(2004). ", "“a", "et al. ", "2004;1(1):", "10.1093/", "J. M. & "])
def test_a_long_entry_takes_no_long_time(piece: str) -> None:
    pasted_reference(piece * 5_000)
