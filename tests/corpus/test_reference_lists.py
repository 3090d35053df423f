"""A reference list in any format becomes entries, one for each, with what its reader would drop."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from corpus.reference_lists import MAX_ENTRIES, pasted_entries, read_reference_list

_RIS = "TY  - JOUR\nTI  - {title}\nPY  - 2004\nDO  - {doi}\nER  - \n"
_BIBTEX = "@article{{{key},\n title = {{{title}}},\n year = 2004,\n doi = {{{doi}}}\n}}\n"
_MEDLINE = "PMID- {pmid}\nTI  - {title}\nDP  - 2004\nAID - {doi} [doi]\n\n"


def test_each_format_is_told_by_its_content() -> None:
    told = {
        "RIS": _RIS.format(title="Night cramps of the calf", doi="10.1000/a"),
        "BibTeX": _BIBTEX.format(key="a", title="Night cramps of the calf", doi="10.1000/a"),
        "MEDLINE": _MEDLINE.format(pmid=123, title="Night cramps of the calf.", doi="10.1000/a"),
        "CSL-JSON": json.dumps(
            [{"id": "a", "type": "article-journal", "title": "Night cramps", "DOI": "10.1000/a"}]
        ),
        "pasted text": "Sato Y. Night cramps of the calf. J Cramps. 2004;1:1. doi:10.1000/a",
    }
    for name, text in told.items():
        read = read_reference_list(text)
        assert read.format == name
        (entry,) = read.entries
        assert entry.csl["DOI"] == "10.1000/a"
        assert entry.position == 1
        assert entry.pasted == (name == "pasted text")


@pytest.mark.parametrize(
    "text",
    [
        _RIS.format(title="Night cramps of the calf", doi="11.1000/a"),
        _BIBTEX.format(key="a", title="Night cramps of the calf", doi="11.1000/a"),
        _MEDLINE.format(pmid=123, title="Night cramps of the calf.", doi="11.1000/a"),
    ],
    ids=["RIS", "BibTeX", "MEDLINE"],
)
def test_a_doi_that_is_none_is_kept_beside_the_entry(text: str) -> None:
    (entry,) = read_reference_list(text).entries
    assert "DOI" not in entry.csl
    assert entry.unusable == (("DOI", "11.1000/a"),)


def test_an_item_that_its_reader_refuses_is_an_entry_with_its_trouble() -> None:
    items = [
        {"id": "good", "type": "article-journal", "title": "Night cramps", "DOI": "10.1000/a"},
        {"id": "bad", "type": "article-journal", "title": "Restless legs", "DOI": "11.1000/b"},
    ]
    good, bad = read_reference_list(json.dumps(items)).entries
    assert (good.label, good.trouble) == ("good", None)
    assert bad.unusable == (("DOI", "11.1000/b"),)
    assert bad.trouble is not None
    assert "DOI" in bad.trouble


def test_a_bibtex_entry_without_title_is_still_an_entry() -> None:
    text = "@article{a, doi = {10.1000/a}}\n" + _BIBTEX.format(key="b", title="Night cramps", doi="10.1000/b")
    by_key = {entry.label: entry for entry in read_reference_list(text, "x.bib").entries}
    assert by_key["a"].csl["DOI"] == "10.1000/a"
    assert by_key["a"].trouble
    assert by_key["b"].csl["title"] == "Night cramps"


def test_the_raw_text_of_a_record_is_its_own() -> None:
    text = "".join(_RIS.format(title=f"Night cramps number {n}", doi=f"10.1000/{n}") for n in range(3))
    entries = read_reference_list(text).entries
    assert [entry.csl["DOI"] for entry in entries] == ["10.1000/0", "10.1000/1", "10.1000/2"]
    assert all(
        f"number {n}" in entry.raw and entry.raw.count("TY  -") == 1 for n, entry in enumerate(entries)
    )


def test_numbered_lines_are_joined_with_those_that_follow() -> None:
    text = "References\n\n1. Sato Y. Night\n   cramps. 2004.\n2. Vissers L. Leg\narteries. 2016.\n"
    assert pasted_entries(text) == [
        "1. Sato Y. Night cramps. 2004.",
        "2. Vissers L. Leg arteries. 2016.",
    ]


def test_lines_without_numbers_are_entries_each() -> None:
    text = "Sato Y. Cramps. 2004.\nVissers L. Arteries. 2016.\nNobody. A title without a year.\n"
    assert len(pasted_entries(text)) == 3


def test_blocks_between_blank_lines_are_entries_each() -> None:
    text = "Sato Y. Night cramps of\nthe calf. 2004.\n\nVissers L. Leg\narteries. 2016.\n"
    assert pasted_entries(text) == [
        "Sato Y. Night cramps of the calf. 2004.",
        "Vissers L. Leg arteries. 2016.",
    ]


def test_hanging_indents_are_joined() -> None:
    text = "Sato, Y. (2004). Cramps.\n    J Cramps, 1, 1.\nVissers, L. (2016). Arteries.\n    J Leg, 2.\n"
    assert len(pasted_entries(text)) == 2


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(InputError, match="holds no reference"):
        read_reference_list("\n\nReferences\n\n")


def test_a_list_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(InputError, match=str(MAX_ENTRIES)):
        read_reference_list("\n".join(f"{n} Sato Y. Cramps. 2004." for n in range(MAX_ENTRIES + 1)))


@given(st.text(max_size=600), st.sampled_from(["", "x.bib", "x.json", "x.ris"]))
def test_any_text_gives_entries_or_is_refused(text: str, name: str) -> None:
    try:
        entries = read_reference_list(text, name).entries
    except InputError:
        return
    assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))


@given(
    st.lists(
        st.from_regex(r"[A-Z][a-z]{3,9} [A-Z]{1,2}\. [A-Z][a-z ]{10,40}\. 20[01]\d\.", fullmatch=True),
        min_size=1,
    )
)
def test_no_entry_of_a_numbered_list_is_lost(entries: list[str]) -> None:
    text = "\n".join(f"[{n}] {entry}" for n, entry in enumerate(entries[:900], start=1))
    assert len(read_reference_list(text).entries) == len(entries)
