"""The verdict on an entry of a reference list, against the starter library; each written by hand."""

from pathlib import Path

import pytest

from corpus.records import Integrity, Source
from corpus.reference_lists import read_reference_list
from indexer.library import Library
from indexer.library_writing import LibraryWriter
from search_api.check_report import check_text
from search_api.checking import VERDICTS, CheckedReference, check_references
from search_api.search import Searcher
from tests.conftest import REPOSITORY

_EXAMPLES = REPOSITORY / "docs" / "examples"
_GELEIJNSE = (
    "Geleijnse JM, et al. Dietary intake of menaquinone is associated with a reduced risk of coronary heart "
    "disease: the Rotterdam Study. J Nutr. 2004;134(11):3100-5."
)
_VISSERS = (
    "Vissers LET, et al. The relationship between vitamin K and peripheral arterial disease. "
    "Atherosclerosis. 2016;252:15-20."
)


def _checked(text: str, searcher: Searcher, name: str = "") -> list[CheckedReference]:
    return check_references(read_reference_list(text, name).entries, searcher.library)


def _one(text: str, searcher: Searcher) -> CheckedReference:
    (checked,) = _checked(text, searcher)
    return checked


def _different(checked: CheckedReference) -> dict[str, tuple[str, str]]:
    return {f.field: (f.given, f.recorded) for f in checked.fields if f.agreement == "different"}


@pytest.mark.parametrize("file", ["references.bib", "references.ris", "references.txt"])
def test_five_entries_get_five_right_verdicts(file: str, searcher: Searcher) -> None:
    path: Path = _EXAMPLES / file
    right, year, swapped, retracted, unknown = _checked(path.read_text("utf-8"), searcher, path.name)
    assert (right.verdict, right.needs_person) == ("verified", False)
    assert year.verdict == "mismatch"
    assert _different(year) == {"year": ("2010", "2013")}
    assert swapped.verdict == "identifier points to a different work"
    assert swapped.source is not None
    assert swapped.source.key == "vissers2016"
    assert swapped.elsewhere is not None
    assert swapped.elsewhere["DOI"].key == "westin2014"
    assert retracted.verdict == "retracted"
    assert retracted.integrity is not None
    assert retracted.integrity.status == "retracted"
    assert unknown.verdict == "not in the library"
    assert unknown.source is None
    assert all(checked.needs_person for checked in (year, swapped, retracted, unknown))


def test_a_right_entry_without_identifier_is_verified_by_its_title(searcher: Searcher) -> None:
    checked = _one(_GELEIJNSE, searcher)
    assert checked.verdict == "verified"
    assert checked.found_by[0].startswith("title")


def test_a_doi_with_a_wrong_prefix_is_a_mismatch(searcher: Searcher) -> None:
    checked = _one(f"{_GELEIJNSE} doi:10.1094/jn/134.11.3100", searcher)
    assert checked.verdict == "mismatch"
    assert _different(checked) == {"DOI": ("10.1094/jn/134.11.3100", "10.1093/jn/134.11.3100")}


def test_a_bare_doi_with_a_wrong_prefix_gets_the_right_one_named(searcher: Searcher) -> None:
    checked = _one("doi:10.1094/jn/134.11.3100", searcher)
    assert checked.verdict == "not in the library"
    assert any("10.1093/jn/134.11.3100" in note for note in checked.notes)


def test_a_doi_that_is_none_is_a_mismatch(searcher: Searcher) -> None:
    checked = _one(f"{_GELEIJNSE} doi:11.1093/jn/134.11.3100", searcher)
    assert checked.verdict == "mismatch"
    assert _different(checked)["DOI"][0] == "11.1093/jn/134.11.3100"


def test_doi_and_pmid_of_two_works_are_found_out(searcher: Searcher) -> None:
    """The PMID is that of Knapen 2013."""
    checked = _one(f"{_GELEIJNSE} doi:10.1093/jn/134.11.3100 PMID: 23525894", searcher)
    assert checked.verdict == "identifier points to a different work"
    assert checked.source is not None
    assert checked.source.key == "geleijnse2004"
    assert checked.elsewhere is not None
    assert set(checked.elsewhere) == {"PMID"}


def test_a_pmid_that_the_record_contradicts_is_a_mismatch(searcher: Searcher) -> None:
    checked = _one(f"{_GELEIJNSE} doi:10.1093/jn/134.11.3100 PMID: 99999999", searcher)
    assert _different(checked) == {"PMID": ("99999999", "15514282")}


def test_a_doi_of_another_work_is_found_out_where_the_title_is_unknown(searcher: Searcher) -> None:
    text = "Nobody N. Cobalt and the deep sea in winter. J Sea. 1999;1:2-3. doi:10.1093/jn/134.11.3100"
    checked = _one(text, searcher)
    assert checked.verdict == "identifier points to a different work"
    assert checked.source is None
    assert any("Dietary intake of menaquinone" in note for note in checked.notes)


def test_a_wrong_title_over_right_author_year_and_pages_is_a_mismatch(searcher: Searcher) -> None:
    text = "Geleijnse JM. Butter and the brain of the mouse. J Nutr. 2004;134(11):3100-5. PMID: 15514282"
    checked = _one(text, searcher)
    assert checked.verdict == "mismatch"
    assert set(_different(checked)) == {"title"}


def test_without_a_title_volume_page_year_and_author_find_the_work(searcher: Searcher) -> None:
    checked = _one("Geleijnse JM, et al. J Nutr. 2004;134(11):3100-5.", searcher)
    assert checked.source is not None
    assert checked.source.key == "geleijnse2004"
    assert checked.found_by == ("first author, year, volume and page",)


def test_a_subtitle_behind_a_full_stop_may_be_left_out_and_the_year_is_still_compared(
    searcher: Searcher,
) -> None:
    checked = _one(
        "Knapen MHJ, Braam LA, Drummen NE, Bekers O, Hoeks AP, Vermeer C. Menaquinone-7 supplementation "
        "improves arterial stiffness in healthy postmenopausal women. Thromb Haemost. 2012;113(5):1135-1144.",
        searcher,
    )
    assert checked.source is not None
    assert checked.source.key == "knapen2015"
    assert (checked.verdict, _different(checked)) == ("mismatch", {"year": ("2012", "2015")})


def test_an_identifier_alone_is_verified_and_says_so(searcher: Searcher) -> None:
    checked = _one("PMID: 15514282", searcher)
    assert checked.verdict == "verified"
    assert "nothing but the identifier could be compared" in checked.notes


@pytest.mark.parametrize("text", ["Geleijnse 2004", "see the Rotterdam Study", "Sato Y, 2005."])
def test_too_little_is_unverifiable(text: str, searcher: Searcher) -> None:
    assert _one(text, searcher).verdict == "unverifiable"


@pytest.mark.parametrize(
    ("doi", "verdict"),
    [
        ("10.1186/1475-2840-13-85", "corrected"),
        ("10.1001/jama.293.9.1082", "retracted"),
    ],
)
def test_the_standing_of_a_right_entry_is_its_verdict(doi: str, verdict: str, searcher: Searcher) -> None:
    checked = _one(f"doi:{doi}", searcher)
    assert checked.verdict == verdict
    assert checked.needs_person


def test_a_republication_is_verified_and_says_what_it_replaces(searcher: Searcher) -> None:
    text = "doi:10.1056/NEJMoa1800389"
    references = read_reference_list(text)
    checked = _one(text, searcher)
    assert checked.verdict == "verified"
    assert "! Note: the corrected republication" in check_text([checked], references)


def test_what_was_republished_needs_a_person_and_names_the_newer_version(tmp_path: Path) -> None:
    integrity = Integrity("republished", notice="10.5555/new.1")
    csl = {"title": "Olive oil and the heart of the rower", "DOI": "10.5555/old.1"}
    writer = LibraryWriter(tmp_path / "library.sqlite")
    writer.add_source(Source("doi:10.5555/old.1", "study", csl, "", (), integrity=integrity))
    writer.close()
    references = read_reference_list("doi:10.5555/old.1")
    library = Library(tmp_path / "library.sqlite")
    (checked,) = check_references(references.entries, library)
    library.close()
    assert (checked.verdict, checked.needs_person) == ("republished", True)
    text = " ".join(check_text([checked], references).split())
    assert "a newer version of this publication exists" in text
    assert "Newer version: doi:10.5555/new.1" in text


def test_a_retracted_entry_with_a_wrong_year_says_both(searcher: Searcher) -> None:
    title = "Effect of folate and mecobalamin on hip fractures in patients with stroke"
    checked = _one(f"Sato Y. {title}. JAMA. 2001;293(9):1082-8.", searcher)
    assert (checked.verdict, checked.also) == ("retracted", ("mismatch",))


def test_a_work_that_is_listed_twice_needs_a_person(searcher: Searcher) -> None:
    first, other, second = _checked(f"{_GELEIJNSE}\n{_VISSERS}\nPMID: 15514282\n", searcher)
    assert not first.needs_person
    assert not other.needs_person
    assert second.needs_person
    assert any("entry 1" in note for note in second.notes)


def test_the_order_of_verdicts_holds_each_once() -> None:
    from typing import get_args

    from search_api.checking import Verdict

    assert sorted(VERDICTS) == sorted(get_args(Verdict))
