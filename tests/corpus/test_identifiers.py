"""DOI, PMID, PMCID and arXiv identifiers: one normal form for every spelling, and no false ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.identifiers import (
    aliases_of,
    bare_doi,
    doi_in_address,
    dois_in,
    normal_arxiv,
    normal_doi,
    normal_pmcid,
    normal_pmid,
    pmids_in,
    source_id_for,
)

SUFFIX = st.text(alphabet="abcXYZ0189.-_/;()", min_size=1, max_size=30)
DOI = st.builds("10.{}/{}".format, st.integers(1000, 999_999_999), SUFFIX)


@pytest.mark.parametrize(
    "written",
    [
        "10.1093/jn/134.11.3100",
        "10.1093/JN/134.11.3100",
        " 10.1093/jn/134.11.3100 ",
        "doi:10.1093/jn/134.11.3100",
        "DOI: 10.1093/jn/134.11.3100",
        "https://doi.org/10.1093/jn/134.11.3100",
        "http://dx.doi.org/10.1093/JN/134.11.3100",
        "HTTPS://DOI.ORG/10.1093/jn/134.11.3100",
    ],
)
def test_every_spelling_of_a_doi_has_one_normal_form(written: str) -> None:
    assert normal_doi(written) == "10.1093/jn/134.11.3100"


@pytest.mark.parametrize(
    ("address", "doi"),
    [
        ("https://doi.org/10.1000/X.1", "10.1000/X.1"),
        (
            "http://dx.doi.org/10.1000%2F(SICI)1%3C2::AID-A3%3E3.0.CO;2-X",
            "10.1000/(SICI)1<2::AID-A3>3.0.CO;2-X",
        ),
        ("https://doi.org/10.1000/x/full", "10.1000/x/full"),
        ("https://example.org/doi/10.1000/x", "10.1000/x"),
        ("http://example.com/doi/pdfplus/10.1000/x.2014.1", "10.1000/x.2014.1"),
        ("https://example.org/doi/full/10.1000/x/abstract?rfr=a#b", "10.1000/x"),
        ("https://example.org/doi/10.1093/jn/134.11.3100/", "10.1093/jn/134.11.3100"),
        ("https://example.org/doi/abs/10.1000/x).", "10.1000/x"),
        ("https://example.org/store/10.1000/x/asset/a.pdf?v=1", None),
        ("https://example.org/articles/12", None),
        ("https://example.org/?next=/doi/10.1/x", None),
        ("", None),
    ],
)
def test_a_doi_is_read_from_an_address_that_stands_for_it(address: str, doi: str | None) -> None:
    assert doi_in_address(address) == doi


@pytest.mark.parametrize(
    "written",
    [
        "",
        "10.1093",
        "10.1093/",
        "10.109/abc",
        "11.1093/abc",
        "10.1093/a b",
        "see 10.1093/abc",
        "x10.1093/abc",
        '10.1093/a"b',
        "https://example.org/10.1093/abc",
        "10.1234567890/abc",
    ],
)
def test_what_is_not_a_doi_has_no_normal_form(written: str) -> None:
    assert normal_doi(written) is None
    assert bare_doi(written) is None


def test_a_doi_of_the_1990s_with_angle_brackets_is_one() -> None:
    sici = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"
    assert normal_doi(sici) == sici.lower()


def test_the_bare_doi_keeps_its_case_and_loses_its_resolver() -> None:
    assert (
        bare_doi("https://doi.org/10.1161/CIRCULATIONAHA.121.057008") == "10.1161/CIRCULATIONAHA.121.057008"
    )


@given(DOI)
def test_the_normal_form_of_a_doi_is_its_own_normal_form(doi: str) -> None:
    normal = normal_doi(doi)
    assert normal == doi.lower()
    assert normal_doi(f"https://doi.org/{doi}") == normal_doi(f"doi: {normal}") == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("15514282", "15514282"),
        ("PMID: 15514282", "15514282"),
        ("pmid:15514282", "15514282"),
        (" 1 ", "1"),
        ("015514282", None),
        ("0", None),
        ("1234567890", None),
        ("PMC1234", None),
        ("15514282a", None),
        ("", None),
    ],
)
def test_a_pmid_is_one_to_nine_digits_without_leading_zero(written: str, normal: str | None) -> None:
    assert normal_pmid(written) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("PMC4566462", "PMC4566462"),
        ("pmc4566462", "PMC4566462"),
        ("PMCID: PMC4566462", "PMC4566462"),
        ("4566462", None),
        ("PMC0123", None),
        ("PMC", None),
    ],
)
def test_a_pmcid_is_pmc_and_digits(written: str, normal: str | None) -> None:
    assert normal_pmcid(written) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("arXiv:2004.12345v2", "2004.12345"),
        ("2004.1234", "2004.1234"),
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("math.GT/0309136", "math.gt/0309136"),
        ("2004.123", None),
        ("12345", None),
    ],
)
def test_an_arxiv_identifier_loses_its_version(written: str, normal: str | None) -> None:
    assert normal_arxiv(written) == normal


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("As shown (10.1093/jn/134.11.3100).", "10.1093/jn/134.11.3100"),
        ("See https://doi.org/10.1136/bmj.a1840, and more.", "10.1136/bmj.a1840"),
        ("doi:10.1016/S0021-9150(03)00196-5;", "10.1016/S0021-9150(03)00196-5"),
        ("(see 10.1016/S0021-9150(03)00196-5)", "10.1016/S0021-9150(03)00196-5"),
        ("Have you read 10.1136/bmj.a1840?", "10.1136/bmj.a1840"),
        ("“10.1136/bmj.a1840”", "10.1136/bmj.a1840"),
        ("*10.1136/bmj.a1840*", "10.1136/bmj.a1840"),
        ("[10.1136/bmj.a1840]", "10.1136/bmj.a1840"),
        ("<https://doi.org/10.1136/bmj.a1840>", "10.1136/bmj.a1840"),
        ("DOI 10.1136/BMJ.A1840…", "10.1136/BMJ.A1840"),
    ],
)
def test_a_doi_in_prose_is_found_without_the_punctuation_around_it(text: str, written: str) -> None:
    ((start, end, normal),) = dois_in(text)
    assert text[start:end] == written
    assert normal == written.lower()


def test_every_doi_of_a_text_is_found_in_order_and_nothing_else() -> None:
    text = "10.1/x, version 10.1093.5, 10.1093/abc and 10.1136/def: 210.1093/no."
    assert [(text[s:e], doi) for s, e, doi in dois_in(text)] == [
        ("10.1093/abc", "10.1093/abc"),
        ("10.1136/def", "10.1136/def"),
    ]


@given(st.lists(st.tuples(DOI, st.sampled_from([" ", ". ", " (see ", "; α₂ ", ", 😀 "])), max_size=6))
def test_the_span_of_a_found_doi_is_the_doi_as_written(parts: list[tuple[str, str]]) -> None:
    text = "".join(doi + gap for doi, gap in parts)
    for start, end, normal in dois_in(text):
        assert normal_doi(text[start:end]) == normal
        assert text[end - 1] not in ".,;:"


def test_a_pmid_is_found_only_where_the_text_says_that_it_is_one() -> None:
    text = "PubMed PMID: 15514282. pmid 9052783, but 27927636 and PMID: 0123 are none."
    assert [(text[s:e], pmid) for s, e, pmid in pmids_in(text)] == [
        ("PMID: 15514282", "15514282"),
        ("pmid 9052783", "9052783"),
    ]


def test_a_source_is_named_by_its_doi_before_its_pmid_before_its_slug() -> None:
    assert source_id_for("10.1093/abc", "15514282", "study:x") == "doi:10.1093/abc"
    assert source_id_for(None, "15514282", "study:x") == "pmid:15514282"
    assert source_id_for(None, None, "study:x") == "study:x"


def test_what_a_user_types_is_tried_as_every_identifier_it_can_be() -> None:
    assert aliases_of("https://doi.org/10.1093/JN/1") == ("doi:10.1093/jn/1", "https://doi.org/10.1093/JN/1")
    assert aliases_of(" 15514282 ") == ("pmid:15514282", "15514282")
    assert aliases_of("pmc12") == ("pmcid:PMC12", "pmc12")
    assert aliases_of("tan2024") == ("tan2024",)
