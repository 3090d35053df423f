"""Citations in the text and the list that belongs to them, against texts written by hand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnknownStyleError
from corpus.records import Integrity, Source
from search_api.reference_list import CitedWork, list_entries, reference_list
from search_api.styling.cited_works import Locator
from tests.search_api.styling_of_lists import work

_GELEIJNSE, _SATO = work("geleijnse2004"), work("sato2002pd")


def _article(name: str, authors: Sequence[str], year: int, title: str = "Bone", **more: Any) -> Source:
    people = [dict(zip(("family", "given"), author.split(", "), strict=False)) for author in authors]
    csl = {
        "type": "article-journal",
        "title": title,
        "author": people,
        "issued": {"date-parts": [[year]]},
        "container-title": "Bone",
        "volume": "1",
        "page": "1-2",
    }
    return Source(f"study:{name}", "study", csl | more, title, (), key=name)


def _cited(style: str, *clusters: Sequence[CitedWork | Source]) -> list[str]:
    return [citation.text for citation in reference_list(clusters, style).citations]


def test_works_of_one_year_and_author_get_letters_in_the_order_of_the_list() -> None:
    later = _article("b", ["Smith, Ann"], 2004, title="Zinc")
    earlier = _article("a", ["Smith, Ann"], 2004, title="Bone")
    found = reference_list([[later], [earlier], [later, earlier]], "apa")
    assert [c.text for c in found.citations] == ["(Smith, 2004b)", "(Smith, 2004a)", "(Smith, 2004a, 2004b)"]
    assert [e.text for e in found.entries] == [
        "Smith, A. (2004a). Bone. Bone, 1, 1–2.",
        "Smith, A. (2004b). Zinc. Bone, 1, 1–2.",
    ]


def test_chicago_puts_the_letters_together_in_one_citation_and_apa_the_years() -> None:
    works = [_article(name, ["Smith, Ann"], year) for name, year in (("a", 2001), ("b", 2004))]
    assert _cited("chicago-author-date", works) == ["(Smith 2001, 2004)"]
    assert _cited("apa", works) == ["(Smith, 2001, 2004)"]


def test_more_names_tell_works_of_one_first_author_and_year_apart() -> None:
    # APA 8.18: Kapoor, Bloom, Montez, et al. and Kapoor, Bloom, Zucker, et al.
    one = _article("a", ["Kapoor, A.", "Bloom, B.", "Montez, C.", "Ho, D."], 2017)
    other = _article("b", ["Kapoor, A.", "Bloom, B.", "Zucker, C.", "Ho, D."], 2017)
    assert _cited("apa", [one], [other]) == [
        "(Kapoor, Bloom, Montez, et al., 2017)",
        "(Kapoor, Bloom, Zucker, et al., 2017)",
    ]


def test_initials_tell_people_of_one_family_name_apart_but_not_two_spellings_of_one_person() -> None:
    # APA 8.20
    one, other = _article("a", ["Taylor, James M."], 2015), _article("b", ["Taylor, Tom"], 2014)
    assert _cited("apa", [one], [other]) == ["(J. M. Taylor, 2015)", "(T. Taylor, 2014)"]
    short = _article("c", ["Taylor, J."], 2011)
    assert _cited("apa", [one], [short]) == ["(Taylor, 2015)", "(Taylor, 2011)"]


def test_the_list_keeps_the_names_of_the_record_when_the_text_tells_people_apart() -> None:
    works = [_article("a", ["Taylor, James M."], 2015), _article("b", ["Taylor, Tom"], 2014)]
    entries = reference_list([works], "apa").entries
    assert [entry.text[:17] for entry in entries] == ["Taylor, J. M. (20", "Taylor, T. (2014)"]


def test_numbers_are_those_of_first_appearance_and_runs_of_three_become_ranges() -> None:
    works = [_article(str(n), [f"Smith{n}, A."], 2004) for n in range(6)]
    found = reference_list([[works[0]], [works[3], works[1]], works], "nlm-citation-sequence")
    assert [c.text for c in found.citations] == ["(1)", "(2,3)", "(1-6)"]
    assert [entry.label for entry in found.entries] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert [entry.source_id[-1] for entry in found.entries] == ["0", "3", "1", "2", "4", "5"]
    gaps = [works[0], works[1], works[3], works[4], works[5]]
    assert _cited("nlm-citation-sequence", works, gaps)[1] == "(1,2,4-6)"


def test_an_alphabetical_style_with_numbers_counts_in_the_order_of_its_list() -> None:
    zeta, alpha = _article("z", ["Zeta, A."], 2001), _article("a", ["Alpha, A."], 2002)
    found = reference_list([[zeta], [alpha]], "american-medical-association-alphabetical")
    assert [c.text for c in found.citations] == ["2", "1"]
    assert [entry.line[:12] for entry in found.entries] == ["1. Alpha A. ", "2. Zeta A. B"]


def test_raised_numbers_are_digits_in_text_and_raised_in_html() -> None:
    (citation,) = reference_list([[_GELEIJNSE, _SATO]], "american-medical-association").citations
    assert (citation.text, citation.html) == ("1,2", "<sup>1,2</sup>")


def test_a_place_in_the_work_and_words_around_it_are_printed() -> None:
    cited = CitedWork(_GELEIJNSE, Locator("page", "3101-3102"), prefix="see", suffix="and elsewhere")
    assert _cited("apa", [cited]) == ["(see Geleijnse et al., 2004, pp. 3101–3102 and elsewhere)"]
    assert _cited("modern-language-association", [CitedWork(_GELEIJNSE, Locator("page", "3101"))]) == [
        "(Geleijnse et al. 3101)"
    ]


def test_a_work_with_a_place_does_not_join_a_range() -> None:
    works = [_article(str(n), [f"Smith{n}, A."], 2004) for n in range(3)]
    cited = [works[0], CitedWork(works[1], Locator("page", "7")), works[2]]
    assert _cited("american-medical-association", cited) == ["1,2(p7),3"]


def test_notes_say_a_work_in_full_once_then_ibid_or_shortened() -> None:
    bone = _article("a", ["Smith, Ann"], 2001, title="Bones of old")
    other = _article("b", ["Jones, Bob"], 2002, title="Hearts")
    page = Locator("page", "2")
    # Oxford's style of the Modern Humanities Research Association, 4th edition of its guide, has no "ibid.";
    # the one for law journals does.
    found = reference_list([[bone], [bone], [CitedWork(bone, page)], [other], [bone]], "oscola")
    texts = [c.text for c in found.citations]
    assert texts[0].startswith("Ann Smith, ‘Bones of Old’ (2001) 1 Bone 1")
    assert texts[1] == "ibid."
    assert texts[2] == "ibid 2."
    assert texts[3].startswith("Bob Jones, ‘Hearts’")
    assert texts[4] == "Smith (n 1)."


def test_a_style_with_notes_only_gives_notes_and_no_list() -> None:
    found = reference_list([[_GELEIJNSE], [_SATO]], "chicago-notes")
    assert found.kind == "note"
    assert found.entries == ()
    assert found.citations[0].text.startswith(
        "Johanna M. Geleijnse, Cees Vermeer, Diederick E. Grobbee, et al.,"
    )
    assert "RETRACTED" in found.citations[1].text
    with pytest.raises(UnknownStyleError, match="notes only"):
        list_entries([_GELEIJNSE], "chicago-notes")


def test_a_note_without_the_title_still_says_retracted() -> None:
    shortened = reference_list([[_SATO], [_GELEIJNSE], [_SATO]], "oscola").citations[2].text
    assert "RETRACTED" in shortened


def test_a_repeated_author_of_the_list_becomes_three_dashes_where_the_manual_says_so() -> None:
    works = [_article(str(n), ["Smith, Ann"], 2000 + n, title=f"Bone {n}") for n in (1, 2)]
    first, second = reference_list([works], "modern-language-association").entries
    assert first.text.startswith("Smith, Ann. “Bone 1.”")
    assert second.text.startswith("———. “Bone 2.”")


def test_a_list_without_a_text_has_the_same_entries() -> None:
    sources = [_SATO, _GELEIJNSE, work("booth2012")]
    for style in ("apa", "ieee", "modern-language-association"):
        assert list_entries(sources, style) == reference_list([[s] for s in sources], style).entries


def test_works_without_author_or_date_are_cited_by_what_they_have() -> None:
    untold = Source("study:x", "study", {"type": "webpage", "title": "On cramps"}, "On cramps", ())
    assert _cited("apa", [untold]) == ["(On Cramps, n.d.)"]  # APA 8.14
    assert reference_list([[untold]], "nature").entries[0].label == "1."


def test_nothing_cited_gives_an_empty_list() -> None:
    assert reference_list([], "apa").entries == ()
    assert reference_list([[]], "apa").citations[0].text == ""
    assert list_entries([], "ieee") == ()


def test_what_a_title_holds_is_escaped_in_html() -> None:
    source = replace(_GELEIJNSE, csl={**_GELEIJNSE.csl, "title": "p <0.05 & <script>x</script>"})
    entry = list_entries([source], "apa")[0]
    assert "&lt;script&gt;" in entry.html
    assert "<script>" not in entry.html
    assert "<script>x</script>" in entry.text


_LISTS = st.lists(
    st.builds(
        _article,
        st.uuids().map(str),
        st.lists(
            st.sampled_from(["Smith, Ann", "Smith, Bo", "Sato, Y.", "Ho, D.", "Li, Q."]),
            min_size=1,
            max_size=5,
        ),
        st.integers(2000, 2002),
        st.sampled_from(["Bone", "Heart", "Cramps"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_LISTS, st.sampled_from(["apa", "chicago-author-date", "harvard-cite-them-right"]))
def test_no_two_works_are_ever_cited_alike(works: list[Source], style: str) -> None:
    cited = _cited(style, *([source] for source in works))
    assert len(set(cited)) == len(works)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_LISTS, st.sampled_from(["ieee", "nature", "apa", "modern-language-association"]), st.booleans())
def test_every_work_stands_once_in_the_list_and_every_retraction_is_told(
    works: list[Source], style: str, retracted: bool
) -> None:
    standing = Integrity("retracted") if retracted else Integrity()
    marked = [replace(source, integrity=standing) for source in works]
    entries = reference_list([marked, marked[:1]], style).entries
    assert sorted(entry.source_id for entry in entries) == sorted(source.source_id for source in works)
    assert all(("RETRACTED" in entry.text) == retracted for entry in entries)
