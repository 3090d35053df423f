"""CSV exports of databases and reference managers become studies, told by their header."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import csv_exports
from corpus.records import Integrity, Skipped, Source, Study
from corpus.written_dates import date_parts
from corpus.written_names import names_in
from tests.corpus.damage import damaged

PUBMED = (
    "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
    '15514282,"Dietary intake of ""menaquinone"".","Geleijnse JM, Vermeer C, Grobbee DE.","J Nutr. 2004",'
    "Geleijnse JM,J Nutr,2004,2004/10/29,PMC123,,10.1093/jn/134.11.3100\n"
    "15514283,Second,Schurgers LJ,x,Schurgers LJ,Blood,2007,2007/01/01,,,\n"
    "15514284,Third,Cranenburg EC,x,Cranenburg EC,Thromb Haemost,2010,2010/01/01,,,10.1160/TH09\n"
)
SCOPUS = (
    '"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Art. No.",'
    '"Page start","Page end","DOI","Abstract","Document Type","EID"\n'
    '"Yang Z.; Jiang B.","Yang, Zixiao (57212345678); Jiang, Baoyu (7103187)","572;71","A title",2024,'
    '"Nature Communications","15","1","4063","","","10.1038/s41467-024-48400-3",'
    '"Line one\nand two, with comma","Article","2-s2.0-85194"\n'
)


def _read(text: str) -> tuple[list[Source], list[Skipped]]:
    results = list(csv_exports.read(text, "file.csv"))
    return [r for r in results if isinstance(r, Source)], [r for r in results if isinstance(r, Skipped)]


def test_a_pubmed_export_is_read() -> None:
    sources, skipped = _read(PUBMED)
    assert not skipped
    assert [s.source_id for s in sources] == [
        "doi:10.1093/jn/134.11.3100",
        "pmid:15514283",
        "doi:10.1160/th09",
    ]
    assert sources[0].csl == {
        "id": "10.1093/jn/134.11.3100",
        "type": "article-journal",
        "title": 'Dietary intake of "menaquinone"',
        "author": [
            {"family": "Geleijnse", "given": "JM"},
            {"family": "Vermeer", "given": "C"},
            {"family": "Grobbee", "given": "DE"},
        ],
        "container-title": "J Nutr",
        "issued": {"date-parts": [[2004]]},
        "DOI": "10.1093/jn/134.11.3100",
        "PMID": "15514282",
        "PMCID": "PMC123",
    }


def test_a_scopus_export_gives_full_names_and_text_over_several_lines() -> None:
    (source,), skipped = _read(SCOPUS)
    assert not skipped
    assert source.csl["author"] == [
        {"family": "Yang", "given": "Zixiao"},
        {"family": "Jiang", "given": "Baoyu"},
    ]
    assert source.csl["page"] == "4063"
    assert source.key == "2-s2.0-85194"
    assert "Line one\nand two, with comma" in source.text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_header(delimiter: str) -> None:
    text = f"TITLE{delimiter}Year{delimiter}Doi\r\nA study{delimiter}2004{delimiter}https://doi.org/10.1000/X\r\n"
    (source,), skipped = _read(text)
    assert (source.source_id, source.year, skipped) == ("doi:10.1000/x", 2004, [])


def test_lines_about_the_search_may_stand_above_the_header() -> None:
    (source,), _ = _read("SEARCH QUERY;k2:ti;;\n-----;;;\n;;;\nTitle;Author Names;PMID;X\nA;Yang Z.;12;\n")
    assert (source.source_id, source.title) == ("pmid:12", "A")


@pytest.mark.parametrize(
    ("cell", "names", "complete"),
    [
        ("Yang, Z.; Jiang, B.", ["Yang|Z.", "Jiang|B."], True),
        ("Yang Z., Dos Santos H.B.", ["Yang|Z.", "Dos Santos|H.B."], True),
        ("Yang, Z. and Jiang, B.", ["Yang|Z.", "Jiang|B."], True),
        ("Alba Vicente|Khaled van den Berg", ["Vicente|Alba", "van den Berg|Khaled"], True),
        ("Björn A. Blomberg; Abass Alavi", ["Blomberg|Björn A.", "Alavi|Abass"], True),
        ("Smith J, Doe A, et al.", ["Smith|J", "Doe|A"], False),
        ("Tan J, Zhu R.", ["Tan|J", "Zhu|R"], True),
        ("Smith, John", ["Smith|John"], True),
        ("Smith, J., Doe, A.", ["Smith|J.", "Doe|A."], True),
        ("John Smith, Mary Jones", ["Smith|John", "Jones|Mary"], True),
        ("King, M. L., Jr.; Doe, A.", ["King|M. L.|Jr.", "Doe|A."], True),
        ("Doe, A.; CARDIA Study Group", ["Doe|A.", "=CARDIA Study Group"], True),
        ("null van den Hoven; L. Verkooijen", ["van den Hoven", "Verkooijen|L."], True),
        ("", [], True),
    ],
)
def test_names_in_all_their_forms(cell: str, names: list[str], complete: bool) -> None:
    found, whole = names_in(cell)
    shown = ["=" + n["literal"] if "literal" in n else "|".join(n.values()) for n in found]
    assert (shown, whole) == (names, complete)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("4/3/2024", [2024, 4, 3]),
        ("23/3/2024", [2024, 3, 23]),
        ("15.03.2004", [2004, 3, 15]),
        ("1 Dec 2024", [2024, 12, 1]),
        ("November 2, 2004", [2004, 11, 2]),
        ("2004 Jan-Feb", [2004]),
        ("2004 Spring", [2004]),
        ("1998-1999", [1998]),
        ("2004-13-01", [2004]),
        ("2004-02-30", [2004, 2]),
        ("20041102", [2004, 11, 2]),
        ("2024-08-20T21:20:16", [2024, 8, 20]),
        ("0000", []),
        ("0000-00-00", []),
        ("", []),
    ],
)
def test_dates_give_what_is_certain(written: str, parts: list[int]) -> None:
    assert date_parts(written) == parts


def test_a_quote_that_never_closes_costs_one_record() -> None:
    broken = PUBMED.replace("15514283,Second", '15514283,"Second')
    sources, (skipped,) = _read(broken)
    assert [s.csl["PMID"] for s in sources] == ["15514282", "15514284"]
    assert skipped.position == "line 3"
    assert "quote" in skipped.reason


def test_a_row_with_too_many_cells_or_no_title_is_named_with_its_line() -> None:
    sources, skipped = _read("Title,Year\nA,2001\nB,2002,extra\n,2003\nC,2004,,\n\nD\n")
    assert [s.title for s in sources] == ["A", "C", "D"]
    assert [s.position for s in skipped] == ["line 3", "line 4"]


def test_a_cut_file_loses_its_last_record_only() -> None:
    sources, (skipped,) = _read(SCOPUS + SCOPUS.split("\n", 1)[1].replace("48400", "1")[:-40])
    assert len(sources) == 1
    assert "cut" in skipped.reason


def test_spreadsheet_text_addresses_and_decimals_are_understood() -> None:
    (source,), _ = _read(
        'Title,PMID,ISSN,is_retracted\nA,https://pubmed.ncbi.nlm.nih.gov/77,"=""19326203""",True\n'
    )
    assert (source.csl["PMID"], source.csl["ISSN"]) == ("77", "19326203")
    assert (source.integrity.status, source.integrity.recorded_in) == ("retracted", "CSV export")
    (source,), _ = _read("title,pmid,year\nA,77.0,2004.0\n")
    assert (source.csl["PMID"], source.year) == ("77", 2004)


def test_a_row_number_is_no_key() -> None:
    assert _read("id,title,year\n1,A,2004\n")[0][0].source_id == "study:a"


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        (PUBMED, True),
        (SCOPUS, True),
        ("Title,Price\nA,3\n", False),
        ("Name,Year\nA,3\n", False),
        ("Record ID,Title,Author,RetractionNature,OriginalPaperDOI\n1,A,B,Retraction,10.1/x\n", False),
        ("# Title\n\nA text, with commas, and title.\n", False),
        ('[{"title": "x", "author": []}]', False),
        ("TY  - JOUR\nTI  - x\n", False),
        ("", False),
    ],
)
def test_only_bibliographies_are_claimed(text: str, mine: bool) -> None:
    assert csv_exports.claims(text, "a.csv") is mine


def test_a_huge_cell_is_read_and_an_empty_file_is_reported() -> None:
    assert len(_read("Title,Abstract\nA," + "x" * 1_000_000 + "\n")[0]) == 1
    assert len(_read("")[1]) == 1
    assert len(_read("Title,Year\n" + 'A,"' * 3000)[1]) >= 1


@given(
    st.text()
    | damaged(PUBMED, SCOPUS)
    | st.text(alphabet='",;\t\n\r ab1', max_size=200).map(lambda t: "Title,Author,Year,DOI\n" + t)
)
@settings(max_examples=100)
def test_whatever_the_text_only_studies_and_reasons_come_out(text: str) -> None:
    csv_exports.claims(text, "a.csv")
    assert all(isinstance(r, Source | Skipped) for r in csv_exports.read(text, "a.csv"))


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_no_name_and_no_date_breaks_their_readers(text: str) -> None:
    names, _ = names_in(text)
    assert all(name.get("family") or name.get("literal") for name in names)
    assert all(isinstance(part, int) for part in date_parts(text))


def test_an_apostrophe_against_formulas_is_taken_off_and_others_stay() -> None:
    titles = ["'=1 bone", "''=1 bone", "'s Hertogenbosch", "'Bone' and more"]
    sources, _ = _read("Title,DOI\n" + "".join(f"{title},10.1000/{n}\n" for n, title in enumerate(titles)))
    assert [s.title for s in sources] == ["=1 bone", "'=1 bone", "'s Hertogenbosch", "'Bone' and more"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Schurgers, Leon J.;", [{"family": "Schurgers", "given": "Leon J."}]),
        ("Akbulut,; et al.", [{"family": "Akbulut"}]),
        ("Van Ballegooijen, Adriana Johanne;", [{"family": "Van Ballegooijen", "given": "Adriana Johanne"}]),
        ("{Footnote editors};", [{"literal": "Footnote editors"}]),
        ("Tan J, Zhu R.", [{"family": "Tan", "given": "J"}, {"family": "Zhu", "given": "R"}]),
    ],
)
def test_a_single_author_and_a_group_are_told_from_two_people(cell: str, names: list[dict[str, str]]) -> None:
    assert names_in(cell)[0] == names


def test_the_columns_of_our_own_exports_are_read() -> None:
    table = (
        "Title,DOI,CSL Type,Standing,Footnote Study Type,Footnote Sample Size,Footnote Finding,Keywords\n"
        "Bone,10.1000/x,report,Standing: concern; notice: 10.1000/n,RCT,20 rats,None seen,a; b\n"
    )
    (source,), _ = _read(table)
    assert (source.csl["type"], source.csl["keyword"]) == ("report", "a; b")
    assert source.integrity == Integrity("concern", notice="10.1000/n")
    assert source.study == Study("RCT", "20 rats", "None seen", design_from="record")
