"""A source is found by title, by author and year, by volume and page; what is found is a candidate."""

from typing import Any

import pytest

from corpus.records import Notice
from indexer.bibliography import BibliographicRow, Bibliography, first_page, plain_title
from tests.indexer.small_index import SmallIndex


def _item(title: str, family: str = "Sato", year: int = 2004, **more: Any) -> dict[str, Any]:
    return {"title": title, "author": [{"family": family}], "issued": {"date-parts": [[year]]}, **more}


_ITEMS = [
    _item("Night cramps of the calf in older people", "Okafor", 2010, volume="12", page="34-40"),
    _item("Night cramps of the calf in younger people", "Okafor", 2012, DOI="10.1000/x.1"),
    _item("Matrix <i>Gla</i> protein and the stiffness of leg arteries", "van der Meer", 2004),
    _item("RETRACTED: Folate after stroke in elderly patients"),
]


@pytest.fixture(scope="module")
def bibliography() -> Bibliography:
    notice = Notice("retracted", doi="10.1000/gone", notice="10.1000/notice")
    return Bibliography(BibliographicRow(n, csl, [notice] if n == 3 else []) for n, csl in enumerate(_ITEMS))


def test_the_nearest_title_comes_first(bibliography: Bibliography) -> None:
    found = bibliography.titled("Night cramps of the calf in older people.", least=0.8)
    assert [match.row for match in found] == [0, 1]
    assert found[0].agreement == 1.0
    assert found[1].agreement < 1.0


def test_a_misspelt_title_is_found(bibliography: Bibliography) -> None:
    (match,) = bibliography.titled("Matrix Gla-protein and stifness of leg artery", least=0.8)
    assert match.row == 2


def test_a_strange_title_finds_nothing(bibliography: Bibliography) -> None:
    assert bibliography.titled("Cobalt in the deep sea", least=0.8) == []
    assert bibliography.titled("", least=0.8) == []


def test_a_title_is_found_inside_a_longer_text(bibliography: Bibliography) -> None:
    found = bibliography.titled_within("3. Sato Y. Folate after stroke in elderly patients. JAMA 2004.", 0.95)
    assert [match.row for match in found] == [3]


def test_a_part_of_a_title_is_not_the_whole(bibliography: Bibliography) -> None:
    assert bibliography.titled_within("Night cramps", least=0.95) == []


def test_author_and_year_find_their_sources(bibliography: Bibliography) -> None:
    assert bibliography.by_author_and_year("Okafor", 2010) == [0]
    assert bibliography.by_author_and_year("OKAFOR", 2012) == [1]
    assert bibliography.by_author_and_year("Okafor", 2011) == []


@pytest.mark.parametrize("family", ["van der Meer", "Van der Meer", "Meer"])
def test_a_particle_may_be_left_out(bibliography: Bibliography, family: str) -> None:
    assert bibliography.by_author_and_year(family, 2004) == [2]


def test_volume_and_first_page_find_their_source(bibliography: Bibliography) -> None:
    assert bibliography.by_place("12", "34", 2010) == [0]
    assert bibliography.by_place("12", "35", 2010) == []


def test_the_end_of_a_doi_finds_its_source(bibliography: Bibliography) -> None:
    assert bibliography.by_doi_suffix("X.1") == [1]


def test_a_notice_about_a_work_that_is_not_here_is_found(bibliography: Bibliography) -> None:
    notice = bibliography.notice_about("doi:10.1000/gone")
    assert notice is not None
    assert notice.status == "retracted"
    assert bibliography.notice_about("doi:10.1000/x.1") is None


def test_titles_are_compared_without_case_markup_or_a_word_of_retraction() -> None:
    assert plain_title("RETRACTED ARTICLE: Vitamin <sub>K2</sub> & α-linolenic acid!") == (
        "vitamin k2 alpha linolenic acid"
    )


@pytest.mark.parametrize(("page", "first"), [("3100-5", "3100"), ("E34", "e34"), ("12–19", "12")])
def test_the_first_page_of_a_range(page: str, first: str) -> None:
    assert first_page(page) == first


def test_a_library_has_a_bibliography_of_its_sources(base_index: SmallIndex) -> None:
    from indexer.generation import LIBRARY_FILE
    from indexer.library import Library

    library = Library(base_index.live().path / LIBRARY_FILE)
    (row,) = library.bibliography.by_author_and_year("Okafor", 2010)
    assert library.source_at(row).title == "Night cramps of the calf in older people"
    assert library.bibliography is library.bibliography
    library.close()
