"""RIS records are read in the dialects of the tools that write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import ris
from corpus.records import Integrity, Skipped, Source
from tests.corpus.damage import damaged

RECORD = """\
TY  - JOUR
ID  - geleijnse2004
TI  - Dietary intake of menaquinone is associated with a reduced risk of coronary heart disease
AU  - Geleijnse, Johanna M.
AU  - King, Martin, Jr.
AU  - Rotterdam Study Group
JF  - The Journal of Nutrition
JA  - J Nutr
PY  - 2004
DA  - 2004/11/02
VL  - 134
IS  - 11
SP  - 3100
EP  - 5
SN  - 0022-3166 (print); 1541-6100
DO  - https://doi.org/10.1093/jn/134.11.3100
AN  - PMID: 15514282
C2  - PMC1234567
LA  - English
KW  - *Menaquinone
KW  - Aged
AB  - BACKGROUND: Vitamin K may protect. RESULTS: Risk was lower.
UR  - https://example.org/a https://example.org/b
ER  -
"""


def _read(text: str) -> list[Source | Skipped]:
    return list(ris.read(text, "file.ris"))


def _one(text: str) -> Source:
    (source,) = _read(text)
    assert isinstance(source, Source), str(source)
    return source


def _record(*lines: str, kind: str = "JOUR") -> Source:
    """A record of these lines, with a title."""
    return _one("\n".join((f"TY  - {kind}", "TI  - A title", *lines, "ER  - ", "")))


def test_a_whole_record_becomes_a_study_with_all_its_fields() -> None:
    source = _one(RECORD)
    assert source.source_id == "doi:10.1093/jn/134.11.3100"
    assert dict(source.csl) == {
        "id": "geleijnse2004",
        "type": "article-journal",
        "title": "Dietary intake of menaquinone is associated with a reduced risk of coronary heart disease",
        "author": [
            {"family": "Geleijnse", "given": "Johanna M."},
            {"family": "King", "given": "Martin", "suffix": "Jr."},
            {"literal": "Rotterdam Study Group"},
        ],
        "container-title": "The Journal of Nutrition",
        "container-title-short": "J Nutr",
        "issued": {"date-parts": [[2004, 11, 2]]},
        "volume": "134",
        "issue": "11",
        "page": "3100-3105",
        "DOI": "10.1093/jn/134.11.3100",
        "PMID": "15514282",
        "PMCID": "PMC1234567",
        "ISSN": "0022-3166",
        "language": "en",
        "keyword": "Menaquinone; Aged",
        "URL": "https://example.org/a",
    }
    abstract = [source.text[b.start : b.end] for b in source.blocks if b.kind == "abstract"]
    assert abstract == ["Background: Vitamin K may protect.", "Results: Risk was lower."]
    assert (source.key, source.authors_complete, source.origin) == ("geleijnse2004", True, "file.ris")


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("DO  - doi:10.1/x", None),
        ("DO  - doi:10.1000/X.1", "10.1000/x.1"),
        ("DO  - http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("M3  - 10.1000/x", "10.1000/x"),
        ("L3  - 10.1000/x", "10.1000/x"),
        ("UR  - https://a.org/1 http://dx.doi.org/10.1000%2F(SICI)1%3C2", "10.1000/(sici)1<2"),
        ("N1  - doi: 10.1000/x.", "10.1000/x"),
        ("N1  - A comment on doi: 10.1000/x", None),
        ("UR  - https://onlinelibrary.wiley.com/doi/10.1000/x/abstract", "10.1000/x"),
        ("UR  - https://example.org/store/10.1000/x/asset/a.pdf?v=1", None),
    ],
)
def test_a_doi_is_found_in_every_tag_that_tools_use_for_it(line: str, doi: str | None) -> None:
    assert _record(line).csl.get("DOI") == doi


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        (("AN  - PMID: 123",), "123"),
        (("C2  - pmid:123",), "123"),
        (("ID  - Medline:123",), "123"),
        (("M1  - PubMed ID: 123",), "123"),
        (("N1  - Journal Article; PMID: 123",), "123"),
        (("C3  - PUBMED 123,EMBASE 456",), "123"),
        (("L2  - https://pubmed.ncbi.nlm.nih.gov/123/", "L2  - http://europepmc.org/article/MED/123"), "123"),
        (("AN  - 123", "DP  - NLM"), "123"),
        (("AN  - 123", "DB  - Scopus"), None),
        (("AN  - 123",), None),
        (("ID  - 123", "M1  - 123", "C2  - 123", "C5  - 123", "N1  - 123"), None),
        (("M1  - Boulter, C. (2014). Intolerance. 44, PMID: 123",), None),
        (("N1  - PMID: 123", "C2  - PMID: 124"), None),
    ],
)
def test_a_number_is_a_pmid_only_where_it_is_announced(lines: tuple[str, ...], pmid: str | None) -> None:
    assert _record(*lines).csl.get("PMID") == pmid


@pytest.mark.parametrize(
    ("lines", "page"),
    [
        (("SP  - 359-376",), "359-376"),
        (("SP  - 1396", "EP  - 401"), "1396-1401"),
        (("SP  - 359-376", "EP  - 376"), "359-376"),
        (("SP  - e0815", "EP  - "), "e0815"),
        (("SP  - No-Specified",), None),
        (("SP  - ", "C7  - e12292"), "e12292"),
        (("SP  -",), None),
    ],
)
def test_pages_come_from_one_tag_or_two(lines: tuple[str, ...], page: str | None) -> None:
    assert _record(*lines).csl.get("page") == page


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (("PY  - 2014//",), [[2014]]),
        (("PY  - 1948/07//",), [[1948, 7]]),
        (("PY  - 2010", "DA  - SEP 22"), [[2010, 9, 22]]),
        (("Y1  - 2024///", "DA  - JUL-DEC"), [[2024]]),
        (("DA  - 2018/03/01/", "PY  - 2018"), [[2018, 3, 1]]),
        (("PY  - 2011", "DA  - 2012/07/03"), [[2011]]),
        (("PY  - 1998-1999",), [[1998]]),
        (("PY  - 2004 Spring",), [[2004]]),
        (("PY  - 0000",), None),
        (("PY  - in press",), None),
    ],
)
def test_a_date_is_read_as_far_as_it_is_certain(
    lines: tuple[str, ...], parts: list[list[int]] | None
) -> None:
    issued = _record(*lines).csl.get("issued")
    assert issued == ({"date-parts": parts} if parts else None)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("JOUR", "article-journal"),
        ("Journal Article", "article-journal"),
        ("CHAP", "chapter"),
        ("THES", "thesis"),
        ("RPRT", "report"),
        ("ELEC", "webpage"),
        ("CPAPER", "paper-conference"),
        ("GEN", "document"),
        ("nonsense", "document"),
    ],
)
def test_the_type_is_told_in_csl_terms(kind: str, expected: str) -> None:
    assert _record(kind=kind).csl["type"] == expected


def test_a_book_and_its_chapter_have_their_titles_where_they_belong() -> None:
    book = _one("TY  - BOOK\nBT  - The book\nT2  - A series\nSN  - 978-3-16-148410-0\nPB  - House\nER  - \n")
    chapter = _record("T2  - The book", "A2  - Editor, Ann", kind="CHAP")
    assert (book.title, book.csl["collection-title"]) == ("The book", "A series")
    assert (book.csl["ISBN"], book.csl["publisher"]) == ("978-3-16-148410-0", "House")
    assert (chapter.title, chapter.csl["container-title"]) == ("A title", "The book")
    assert chapter.csl["editor"] == [{"family": "Editor", "given": "Ann"}]


def test_the_longer_name_of_the_journal_is_the_full_one() -> None:
    csl = _record("T2  - Psychiatry Res", "J2  - Psychiatry research").csl
    assert (csl["container-title"], csl["container-title-short"]) == ("Psychiatry research", "Psychiatry Res")
    assert "container-title-short" not in _record("JO  - Nature").csl


def test_names_without_a_comma_and_lists_that_are_cut_are_understood() -> None:
    source = _record(
        "A1  - Brownstein C D", "A1  - Hoven, null", "A1  - World Health Organization", "A1  - et al."
    )
    assert source.csl["author"] == [
        {"family": "Brownstein", "given": "C D"},
        {"family": "Hoven"},
        {"literal": "World Health Organization"},
    ]
    assert not source.authors_complete


def test_keywords_stand_in_one_tag_each_or_in_lines_below_one() -> None:
    assert _record("KW  - Adolescence", "Complex trauma", "Mental health").csl["keyword"] == (
        "Adolescence; Complex trauma; Mental health"
    )


def test_values_go_on_in_lines_without_a_tag() -> None:
    source = _one(
        "TY  - JOUR\nTI  - First\n      second\nthird\nAB  - One,\nER then two\nHR - 0.5 and three.\nER  -\n"
    )
    assert source.title == "First second third"
    assert source.text.endswith("One, ER then two HR - 0.5 and three.")


def test_tags_with_one_blank_or_without_a_blank_behind_the_hyphen_are_read() -> None:
    assert _one("TY - JOUR\nTI - A title\nPY - 2004\nER -\n").year == 2004
    assert _one("TY  -  JOUR\nT1  -  A title\nPY  -2004\nER  -\n").year == 2004


def test_markup_and_a_final_stop_are_not_part_of_a_title() -> None:
    source = _one("TY  - JOUR\nT1  - On <i>T. rex</i> &amp; others.\nER  - \n")
    assert source.title == "On T. rex & others"


def test_only_what_names_a_publication_type_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, ...]] = []
    real = ris.study_from
    monkeypatch.setattr(
        ris,
        "study_from",
        lambda record, *rest: (seen.append(record.publication_types), real(record, *rest))[1],
    )
    _record("M3  - Cognitive Therapy [3311]", "M3  - Randomized Controlled Trial", "M1  - Journal Article")
    _record(kind="THES")
    assert seen == [("Randomized Controlled Trial", "Journal Article"), ("Academic Dissertation",)]


def test_a_record_that_says_it_is_retracted_is_marked_and_a_notice_is_not() -> None:
    assert _record("M3  - Retracted Publication").integrity == Integrity(
        "retracted", recorded_in="RIS record"
    )
    assert _record("M3  - Retraction of Publication").integrity == Integrity()
    assert _record("M3  - Erratum").integrity == Integrity()


def test_a_bare_number_is_no_citation_key() -> None:
    assert _record("ID  - 139").key is None
    assert _record("ID  - 2021-94054-001").key is None
    assert _record("ID  - 006-338-60X").key is None


def test_a_record_without_end_is_kept_and_reported() -> None:
    first, report, second, cut = _read("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n")
    assert isinstance(first, Source)
    assert isinstance(second, Source)
    assert (first.title, second.title) == ("One", "Two")
    assert str(report).startswith("file.ris, record 1: no end (ER  -)")
    assert str(cut).startswith("file.ris, record 2: no end (ER  -)")


def test_a_record_without_type_is_kept_and_reported() -> None:
    whole, source, report = _read(RECORD + "TI  - No type\nJO  - Nature\nER  - \n")
    assert isinstance(whole, Source)
    assert isinstance(source, Source)
    assert (source.title, source.csl["type"]) == ("No type", "article-journal")
    assert str(report).startswith("file.ris, record 2: no type (TY  - )")
    assert ris.claims("TI  - No type\nJO  - Nature\nER  - \n", "x")


def test_a_record_inside_garbage_is_kept_and_the_garbage_reported_once_a_run() -> None:
    before, source, after = _read(f"%%% broken\nmore of it\n\n{RECORD}\nthe end, really\n")
    assert isinstance(source, Source)
    assert str(before).startswith("file.ris, line 1: '%%% broken' belongs to no record")
    assert "'the end, really'" in str(after)


def test_what_databases_print_above_records_is_no_garbage() -> None:
    preamble = "Record #3 of 18\nProvider: John Wiley & Sons, Ltd.\n\n1.\n<2>\n"
    assert isinstance(_one(preamble + RECORD), Source)


def test_a_record_without_title_is_skipped_with_its_doi() -> None:
    (skipped,) = _read("\ufeffTY  - JOUR\nDO  - 10.1186/s40981-020-0316-0\nER  - \n")
    assert str(skipped) == ("file.ris, record 1: 10.1186/s40981-020-0316-0: a record needs a title; add one")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_endings_and_a_byte_order_mark_read_alike(ending: str) -> None:
    text = "\ufeff" + RECORD.replace("\n", ending)
    assert ris.claims(text, "x")
    assert _one(text) == _one(RECORD)


def test_an_empty_file_has_no_records_and_a_broken_one_what_is_left() -> None:
    assert _read("") == _read("\n\n") == []
    source, report = _read(RECORD[:200])
    assert isinstance(source, Source)
    assert isinstance(report, Skipped)


def test_huge_fields_are_read_in_time() -> None:
    lines = "many words of an abstract that never ends\n" * 40_000
    title = f"TI  - T{' ' * 300_000}x"
    text = f"{'!' * 300_000}\nTY  - JOUR\n{title}\nAB  - Start\n{lines}KW  - {'a;' * 100_000}\nER  - \n"
    source = next(item for item in _read(text) if isinstance(item, Source))
    assert len(source.text) > 1_500_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "PMID- 1\nTI  - x\nN1  - y\nTY  - z\nAB  - a\n",
        "# TY and ER\n\nA text.\n",
        "a,b\n1,2\n",
    ],
)
def test_other_formats_are_not_claimed(text: str) -> None:
    assert not ris.claims(text, "x.ris")


@settings(max_examples=100)
@given(damaged(RECORD + RECORD.replace("2004", "2005")) | st.text() | st.text(alphabet="TYERPIAU01 -\n,;"))
def test_whatever_the_text_only_sources_and_reports_come_out(text: str) -> None:
    ris.claims(text, "x")
    assert all(isinstance(item, Source | Skipped) for item in ris.read(text, "x"))


def test_two_authors_of_one_name_are_two_and_the_same_people_under_two_tags_are_one_list() -> None:
    record = "TY  - JOUR\nTI  - Bone\nA1  - Wang, L.\nAU  - Wang, L.\nAU  - Wang, L.\nER  - \n"
    assert _one(record).csl["author"] == [{"family": "Wang", "given": "L."}] * 2


def test_a_doi_keeps_the_signs_that_only_look_like_an_address() -> None:
    assert _one("TY  - JOUR\nTI  - Bone\nDO  - 10.1000/a%2Fb\nER  - \n").csl["DOI"] == "10.1000/a%2fb"
    assert _one("TY  - JOUR\nTI  - Bone\nDO  - 10.1000%2Fab.\nER  - \n").csl["DOI"] == "10.1000/ab"


def test_a_name_without_comma_is_a_group_where_footnote_wrote_the_record() -> None:
    record = "TY  - JOUR\nTI  - Bone\nAU  - Ann Smith\n{}ER  - \n"
    assert _one(record.format("DP  - Footnote\n")).csl["author"] == [{"literal": "Ann Smith"}]
    assert _one(record.format("")).csl["author"] == [{"family": "Smith", "given": "Ann"}]


def test_a_book_keeps_its_edition_and_place() -> None:
    csl = _one("TY  - BOOK\nTI  - Bone\nET  - 2\nCY  - Leiden\nER  - \n").csl
    assert (csl["edition"], csl["publisher-place"]) == ("2", "Leiden")
