"""Fields agree where only their spelling differs; everything else is a difference with both values."""

from typing import Any

import pytest

from corpus.records import Source
from corpus.reference_lists import ListedReference
from search_api.reference_fields import compared, same_journal, same_name, same_title

_RECORD: dict[str, Any] = {
    "title": "Menaquinone-7 and bone loss: a randomised trial",
    "author": [{"family": "Martínez", "given": "A."}, {"family": "Zomer"}],
    "container-title": "The Journal of Nutrition",
    "issued": {"date-parts": [[2004]]},
    "volume": "134",
    "issue": "11",
    "page": "3100-3105",
    "DOI": "10.1000/ABC",
}


def _source(**changes: Any) -> Source:
    return Source("doi:10.1000/abc", "study", _RECORD | changes, "", ())


def _agreements(given: dict[str, Any], **changes: Any) -> dict[str, str]:
    entry = ListedReference(1, None, "", _RECORD | given)
    return {f.field: f.agreement for f in compared(entry, _source(**changes))}


def test_the_record_agrees_with_itself() -> None:
    assert set(_agreements({}).values()) == {"same"}


@pytest.mark.parametrize(
    ("field", "name", "value", "agreement"),
    [
        ("title", "title", "menaquinone-7 and bone loss: A Randomized Trial", "written otherwise"),
        ("title", "title", "Menaquinone-7 and bone loss", "written otherwise"),
        ("title", "title", "Menaquinone-7 and bone gain: a randomised trial", "different"),
        ("title", "title", "Menaquinone-4 and bone loss: a randomised trial", "different"),
        ("first author", "author", [{"family": "Martinez"}], "written otherwise"),
        ("first author", "author", [{"family": "Zomer"}], "different"),
        ("year", "issued", {"date-parts": [[2003]]}, "different"),
        ("journal", "container-title", "J. Nutr.", "written otherwise"),
        ("journal", "container-title", "British Journal of Nutrition", "different"),
        ("volume", "volume", "143", "different"),
        ("issue", "issue", "Suppl 1", "written otherwise"),
        ("issue", "issue", "12", "different"),
        ("pages", "page", "3100-5", "written otherwise"),
        ("pages", "page", "3100", "written otherwise"),
        ("pages", "page", "3100-3109", "different"),
        ("pages", "page", "3010-3105", "different"),
        ("DOI", "DOI", "https://doi.org/10.1000/abc", "same"),
        ("DOI", "DOI", "10.1000/abd", "different"),
    ],
)
def test_a_changed_field_is_judged(field: str, name: str, value: Any, agreement: str) -> None:
    found = _agreements({name: value})
    assert found.pop(field) == agreement
    assert set(found.values()) == {"same"}


def test_a_year_that_is_one_off_is_named_mildly() -> None:
    entry = ListedReference(1, None, "", _RECORD | {"issued": {"date-parts": [[2003]]}})
    (year,) = [f for f in compared(entry, _source()) if f.field == "year"]
    assert (year.given, year.recorded) == ("2003", "2004")
    assert year.note is not None
    assert "online and in print" in year.note


def test_a_field_that_one_side_lacks_is_no_difference() -> None:
    found = _agreements({"volume": "", "page": ""}, volume="134", issue="")
    assert (found["volume"], found["pages"], found["issue"]) == ("not given", "not given", "not recorded")


def test_an_identifier_that_is_none_differs() -> None:
    csl = {name: value for name, value in _RECORD.items() if name != "DOI"}
    entry = ListedReference(1, None, "", csl, unusable=(("DOI", "11.1000/abc"),))
    (doi,) = [f for f in compared(entry, _source()) if f.field == "DOI"]
    assert (doi.given, doi.agreement) == ("11.1000/abc", "different")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("J Nutr", "The Journal of Nutrition"),
        ("N Engl J Med", "New England Journal of Medicine"),
        ("NEJM", "The New England Journal of Medicine"),
        ("Proc Natl Acad Sci", "Proceedings of the National Academy of Sciences"),
        ("Cochrane Database Syst Rev", "Cochrane Database of Systematic Reviews"),
        ("BMJ", "BMJ (Clinical research ed.)"),
        ("Annals of Nutrition & Metabolism", "Annals of Nutrition and Metabolism"),
        ("Arterioscler. Thromb. Vasc. Biol.", "Arteriosclerosis, Thrombosis, and Vascular Biology"),
    ],
)
def test_an_abbreviated_journal_is_the_journal(one: str, other: str) -> None:
    assert same_journal(one, other)
    assert same_journal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("J Nutr", "Journal of Neurotrauma"),
        ("J Nutr", "British Journal of Nutrition"),
        ("Circulation", "Circulation Research"),
        ("JAMA", "JAMA Internal Medicine"),
        ("Bone", "Blood"),
    ],
)
def test_another_journal_is_another(one: str, other: str) -> None:
    assert not same_journal(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Müller", "Muller"),
        ("Brønner", "Bronner"),
        ("van der Meer", "Meer"),
        ("O'Neill", "O’Neill"),
    ],
)
def test_a_name_may_be_spelt_in_several_ways(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("Geleijnse", "Geleinse"), ("Sato", "Saito")])
def test_a_misspelt_name_is_another(one: str, other: str) -> None:
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Tumour growth and haemoglobin", "Tumor Growth and Hemoglobin", True),
        ("A meta-analysis of statins", "Metaanalysis of the statins", True),
        ("Statins increase the risk of falls", "Statins decrease the risk of falls", False),
        ("Part 1: statins and falls", "Part 2: statins and falls", False),
    ],
)
def test_titles_are_the_same_where_spelling_alone_differs(one: str, other: str, same: bool) -> None:
    assert same_title(one, other) is same
