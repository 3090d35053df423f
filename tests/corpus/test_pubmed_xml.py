"""Reading PubMed XML: golden records by hand and real files."""

from pathlib import Path

import pytest

from corpus.readers.pubmed_fields import full_range
from corpus.readers.pubmed_xml import claims
from corpus.records import Integrity, Reference, Skipped, Source
from tests.corpus.pubmed_records import GOLDEN, HEAD, corrections, dated, items, one, record, whole


def test_a_whole_record_is_read_into_the_fields_of_csl() -> None:
    source = one(GOLDEN)
    assert source.csl == {
        "id": "10.1093/jn/134.11.3100",
        "type": "article-journal",
        "title": "Intake of menaquinone and CO₂ at 10⁻³ mol",
        "author": [
            {"family": "Geleijnse", "given": "Johanna M"},
            {"family": "King", "given": "M L", "suffix": "Jr"},
            {"literal": "The Rotterdam Study Group"},
        ],
        "container-title": "The Journal of nutrition",
        "container-title-short": "J Nutr",
        "volume": "134",
        "issue": "11",
        "page": "3100-3105",
        "ISSN": "0022-3166",
        "language": "en",
        "keyword": "vitamin K; artery",
        "issued": {"date-parts": [[2004, 11, 2]]},
        "DOI": "10.1093/jn/134.11.3100",
        "PMID": "15514282",
        "PMCID": "PMC77",
    }
    assert source.source_id == "doi:10.1093/jn/134.11.3100"
    assert not source.authors_complete
    assert source.text == (
        "Intake of menaquinone and CO₂ at 10⁻³ mol\n\nAim: To test Vmax.\n\nResults: It was 5 kg/m²."
    )
    assert source.integrity == Integrity()
    assert source.notices == ()


def test_every_mesh_descriptor_reaches_the_study_not_only_the_first() -> None:
    study = one(GOLDEN).study
    assert study is not None
    assert study.human is True  # Animals comes first in the list, Humans second


def test_references_are_numbered_by_position_and_their_identifiers_are_not_the_articles() -> None:
    assert one(GOLDEN).references == (
        Reference("1", "First A. 1999", doi="10.1000/ref", pmid="111", pmcid="PMC5"),
        Reference("2", "Second B. 2000"),
    )
    only_in_reference = record(
        data="<ArticleIdList/><ReferenceList><Reference><Citation>C</Citation><ArticleIdList><ArticleId "
        'IdType="doi">'
        "10.1000/ref</ArticleId></ArticleIdList></Reference></ReferenceList>"
    )
    assert "DOI" not in one(whole(only_in_reference)).csl


def test_older_records_keep_their_references_among_the_comments() -> None:
    text = whole(
        record(citation=corrections(("Cites", "Lancet. 1990;1:2", "5"), ("CommentIn", "X. 1991", "6")))
    )
    assert one(text).references == (Reference("1", "Lancet. 1990;1:2", pmid="5"),)


@pytest.mark.parametrize(
    ("title", "vernacular", "language", "expected", "original"),
    [
        (
            "[Vitamin K and bone].",
            "Vitamin K und Knochen.",
            "ger",
            "Vitamin K and bone",
            "Vitamin K und Knochen",
        ),
        ("[Not Available].", "Os et vitamine K.", "fre", "Os et vitamine K", None),
        ("[18F]FDG in bone [letter].", "", "eng", "[18F]FDG in bone [letter]", None),
        ("Care in the U.S.", "", "eng", "Care in the U.S.", None),
        ("Does it help?", "", "eng", "Does it help?", None),
    ],
)
def test_a_translated_title_loses_its_brackets_and_the_language_is_that_of_the_text(
    title: str, vernacular: str, language: str, expected: str, original: str | None
) -> None:
    article = f"<VernacularTitle>{vernacular}</VernacularTitle><Language>{language}</Language>"
    csl = one(whole(record(title=title, article=article))).csl
    assert csl["title"] == expected
    assert csl.get("original-title") == original
    assert csl["language"] == {"ger": "de", "fre": "fr", "eng": "en"}[language]


@pytest.mark.parametrize(
    ("pub_date", "parts"),
    [
        ("<Year>2004</Year><Month>11</Month><Day>31</Day>", [2004, 11]),
        ("<Year>2004</Year><Season>Spring</Season>", [2004]),
        ("<Year>2004</Year><Day>3</Day>", [2004]),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", [1998]),
        ("<MedlineDate>2004 Spring</MedlineDate>", [2004]),
        ("<MedlineDate>Spring 2004</MedlineDate>", [2004]),
        ("<MedlineDate>2004 Jan-Feb</MedlineDate>", [2004]),
        ("<MedlineDate>2003 Nov 15-Dec 1</MedlineDate>", [2003]),
        ("<MedlineDate>2000 Dec 23-30</MedlineDate>", [2000, 12]),
        ("<MedlineDate>1998-1999</MedlineDate>", [1998]),
    ],
)
def test_of_a_date_only_what_is_certain_is_kept(pub_date: str, parts: list[int]) -> None:
    assert dated(pub_date) == {"date-parts": [parts]}


def test_a_year_of_zeros_is_no_date_and_the_electronic_date_stands_in_only_then() -> None:
    electronic = "<ArticleDate><Year>2003</Year><Month>12</Month><Day>30</Day></ArticleDate>"
    assert dated("<Year>0000</Year>") is None
    assert dated("<MedlineDate>unknown</MedlineDate>", electronic) == {"date-parts": [[2003, 12, 30]]}
    assert dated("<Year>2004</Year>", electronic) == {"date-parts": [[2004]]}


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("3100-5", "3100-3105"),
        ("117-23", "117-123"),
        ("1199-203", "1199-1203"),
        ("S12-5", "S12-S15"),
        ("R67-99", "R67-R99"),
        ("79-89, 91-2", "79-89, 91-92"),
        ("026002", "026002"),
        ("500-3-x", "500-3-x"),
        ("99-5", "99-5"),
        ("", ""),
    ],
)
def test_shortened_page_ranges_are_written_in_full(written: str, full: str) -> None:
    assert full_range(written) == full


def test_pages_of_a_discussion_are_not_the_articles_and_start_and_end_page_serve_alone() -> None:
    medline = "<Pagination><MedlinePgn>123-9; discussion 130</MedlinePgn></Pagination>"
    ends = "<Pagination><StartPage>1396</StartPage><EndPage>401</EndPage></Pagination>"
    assert one(whole(record(article=medline))).csl["page"] == "123-129"
    assert one(whole(record(article=ends))).csl["page"] == "1396-1401"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>2.5</sup> and 5<sup>th</sup>", "10^2.5 and 5th"),
        ("<sup>99m</sup>Tc, HbA<sub>1c</sub>, PM<sub>2.5</sub>", "99mTc, HbA1c, PM2.5"),
        ("<b>bold <i>and</i></b> <u>&lt;</u> plain", "bold and < plain"),
        ("a\n    line   break", "a line break"),
        ("<!-- hidden -->seen &alpha;-helix", "seen α-helix"),
        (
            '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"> <mml:mmultiscripts> <mml:mi>He'
            "</mml:mi>"
            "<mml:mprescripts/><mml:none/><mml:mn>3</mml:mn></mml:mmultiscripts></mml:math> gas",
            "³He gas",
        ),
        (
            '<mml:math xmlns:mml="m"><mml:mfrac><mml:mi>a</mml:mi><mml:mrow><mml:mi>b</mml:mi><mml:mo>+'
            "</mml:mo>"
            "<mml:mn>1</mml:mn></mml:mrow></mml:mfrac><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn>"
            "</mml:msup>"
            "</mml:math>",
            "a/(b+1)x²",
        ),
    ],
)
def test_inline_markup_becomes_readable_plain_text(markup: str, text: str) -> None:
    abstract = f"<Abstract><AbstractText>{markup}</AbstractText></Abstract>"
    assert one(whole(record(article=abstract))).text == f"A title\n\n{text}"


def test_a_chapter_is_read_with_its_book_and_editors() -> None:
    source = one(
        f"{HEAD}<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>20301790</PMID><ArticleIdList>"
        '<ArticleId IdType="bookaccession">NBK1488</ArticleId></ArticleIdList><Book><Publisher>'
        "<PublisherName>"
        "University of Washington</PublisherName><PublisherLocation>Seattle</PublisherLocation></Publisher>"
        "<BookTitle>GeneReviews</BookTitle><PubDate><Year>1993</Year></PubDate>"
        '<AuthorList Type="editors"><Author><LastName>Adam</LastName><ForeName>Margaret P</ForeName></Author>'
        "</AuthorList></Book><ArticleTitle>Resistance to <i>thyroid</i> hormone</ArticleTitle><Language>eng"
        '</Language><AuthorList Type="authors"><Author><LastName>Roe</LastName><Initials>J</Initials>'
        "</Author>"
        "</AuthorList><PublicationType>Review</PublicationType><Abstract><AbstractText>Text.</AbstractText>"
        "</Abstract><ContributionDate><Year>2010</Year><Month>3</Month><Day>23</Day></ContributionDate>"
        "</BookDocument><PubmedBookData/></PubmedBookArticle></PubmedArticleSet>"
    )
    assert source.csl == {
        "id": "20301790",
        "type": "chapter",
        "title": "Resistance to thyroid hormone",
        "author": [{"family": "Roe", "given": "J"}],
        "editor": [{"family": "Adam", "given": "Margaret P"}],
        "container-title": "GeneReviews",
        "publisher": "University of Washington",
        "publisher-place": "Seattle",
        "language": "en",
        "issued": {"date-parts": [[2010, 3, 23]]},
        "PMID": "20301790",
    }
    assert source.source_id == "pmid:20301790"


def test_single_records_and_sets_of_bare_citations_are_read() -> None:
    citation = (
        "<MedlineCitation><PMID>5</PMID><Article><ArticleTitle>Bare.</ArticleTitle></Article>"
        "</MedlineCitation>"
    )
    assert one(record()).title == "A title"
    assert one(citation).title == "Bare"
    assert one(f"<MedlineCitationSet>{citation}</MedlineCitationSet>").source_id == "pmid:5"


def test_several_documents_one_after_another_are_read_as_one() -> None:
    titles = [
        s.title
        for s in items(whole(record(title="One")) + whole(record(title="Two")))
        if isinstance(s, Source)
    ]
    assert titles == ["One", "Two"]


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        (GOLDEN, True),
        ("\ufeff\n<!-- <article> --><PubmedArticle>", True),
        ('<?xml version="1.0"?><eSummaryResult>', True),
        ("<pmc-articleset><article><PubmedArticle/></article></pmc-articleset>", False),
        ("<article><p>PubmedArticleSet</p></article>", False),
        ("<!-- never closed <PubmedArticleSet>", False),
        ("PMID- 123", False),
        ("", False),
    ],
)
def test_a_file_is_claimed_by_its_root_alone(text: str, claimed: bool) -> None:
    assert claims(text, "any.xml") is claimed


def test_mathematics_and_subscripts_of_the_real_files_are_readable(shared: Path) -> None:
    folder = shared / "formats" / "pubmed-xml"
    seventh = one((folder / "biopython-pubmed7.xml").read_text("utf-8"))
    fifth = one((folder / "biopython-pubmed5.xml").read_text("utf-8"))
    assert "(1)\xa0inhaled ³He/¹²⁹Xe\u2009MRI ventilation" in seventh.text
    assert "normal TSH (0.4-<4.5 mIU/L)" in fifth.text
    assert "(ptrend=0.02)" in fifth.text


def test_of_the_real_files_summaries_are_refused_with_the_remedy_and_jats_is_left_to_its_reader(
    shared: Path,
) -> None:
    folder = shared / "formats" / "pubmed-xml"
    assert not claims((folder / "biopython-efetch_pmc.xml").read_text("utf-8"), "efetch_pmc.xml")
    text = (folder / "biopython-esummary1.xml").read_text("utf-8")
    (skipped,) = items(text)
    assert claims(text, "x.xml")
    assert isinstance(skipped, Skipped)
    assert "esummary" in skipped.reason
    assert "efetch" in skipped.reason
