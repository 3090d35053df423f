"""Reading PubMed XML: golden records by hand, real files, broken and hostile ones."""

import gzip
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.pubmed_fields import full_range
from corpus.readers.pubmed_xml import claims, read, read_stream
from corpus.records import Integrity, Notice, Reference, Skipped, Source

HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
    '2025//EN"'
    ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


def record(
    pmid: str = "123",
    title: str = "A title.",
    journal: str = "",
    article: str = "",
    citation: str = "",
    data: str = "",
) -> str:
    """A PubmedArticle with what is given in the places where the DTD has it."""
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID>'
        f"<Article><Journal>{journal}</Journal>"
        f"<ArticleTitle>{title}</ArticleTitle>{article}</Article>{citation}</MedlineCitation>"
        f"<PubmedData>{data}</PubmedData></PubmedArticle>\n"
    )


def whole(*records: str) -> str:
    return f"{HEAD}<PubmedArticleSet>\n{''.join(records)}</PubmedArticleSet>\n"


def items(text: str) -> list[Source | Skipped]:
    return list(read(text, "set.xml"))


def one(text: str) -> Source:
    (source,) = items(text)
    assert isinstance(source, Source), source
    return source


def dated(pub_date: str, article: str = "") -> object:
    journal = f"<JournalIssue><PubDate>{pub_date}</PubDate></JournalIssue>"
    return one(whole(record(journal=journal, article=article))).csl.get("issued")


def corrections(*entries: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource>'
        + (f'<PMID Version="1">{pmid}</PMID>' if pmid else "")
        + "</CommentsCorrections>"
        for kind, source, pmid in entries
    )
    return f"<CommentsCorrectionsList>{inner}</CommentsCorrectionsList>"


def typed(*names: str) -> str:
    inner = "".join(f"<PublicationType>{name}</PublicationType>" for name in names)
    return f"<PublicationTypeList>{inner}</PublicationTypeList>"


GOLDEN = whole(
    record(
        "15514282",
        "Intake of <i>menaquinone</i> and CO<sub>2</sub> at 10<sup>-3</sup> mol.",
        '<ISSN IssnType="Print">0022-3166</ISSN><JournalIssue><Volume>134</Volume><Issue>11</Issue><PubDate>'
        "<Year>2004</Year><Month>Nov</Month><Day>2</Day></PubDate></JournalIssue><Title>The Journal of "
        "nutrition"
        "</Title><ISOAbbreviation>J Nutr</ISOAbbreviation>",
        "<Pagination><MedlinePgn>3100-5</MedlinePgn></Pagination>"
        '<ELocationID EIdType="pii">x1</ELocationID>'
        '<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>'
        '<ELocationID EIdType="doi" ValidYN="Y">10.1093/JN/134.11.3100</ELocationID>'
        '<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To test V<sub>max</sub>.</AbstractText>'
        '<AbstractText Label="RESULTS">It was 5 kg/m<sup>2</sup>.</AbstractText>'
        "<CopyrightInformation>Not part of it.</CopyrightInformation></Abstract>"
        '<AuthorList CompleteYN="N"><Author ValidYN="Y"><LastName>Geleijnse</LastName><ForeName>Johanna M'
        "</ForeName><Initials>JM</Initials></Author><Author><LastName>King</LastName><Initials>ML</Initials>"
        '<Suffix>Jr</Suffix></Author><Author ValidYN="N"><LastName>Mistyped</LastName></Author>'
        "<Author><CollectiveName>The Rotterdam Study Group</CollectiveName></Author></AuthorList>"
        "<Language>eng</Language>"
        + typed("Journal Article", "Clinical Trial")
        + "<GrantList><Grant><GrantID>7"
        "</GrantID></Grant></GrantList><ArticleDate><Year>2004</Year><Month>10</Month><Day>1</Day>"
        "</ArticleDate>",
        "<MeshHeadingList><MeshHeading><DescriptorName>Animals</DescriptorName></MeshHeading><MeshHeading>"
        "<DescriptorName>Humans</DescriptorName></MeshHeading></MeshHeadingList>"
        "<KeywordList><Keyword>vitamin K</Keyword></KeywordList><KeywordList><Keyword>artery</Keyword>"
        "</KeywordList>",
        '<ArticleIdList><ArticleId IdType="pubmed">15514282</ArticleId><ArticleId IdType="pmc">PMC77'
        "</ArticleId>"
        "</ArticleIdList><ReferenceList><Title>References</Title><Reference><Citation>First A. 1999"
        "</Citation>"
        '<ArticleIdList><ArticleId IdType="pubmed">111</ArticleId><ArticleId IdType="doi">10.1000/REF'
        "</ArticleId>"
        '<ArticleId IdType="pmc">PMC5</ArticleId></ArticleIdList></Reference><ReferenceList><Reference>'
        "<Citation>Second B. 2000</Citation></Reference></ReferenceList></ReferenceList>",
    )
)


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


@pytest.mark.parametrize(
    ("kind", "status", "note"),
    [
        ("RetractionIn", "retracted", None),
        ("RetractedandRepublishedIn", "retracted", "retracted and republished"),
        ("PartialRetractionIn", "concern", "partially retracted"),
        ("ExpressionOfConcernIn", "concern", None),
        ("ErratumIn", "corrected", None),
        ("CorrectedandRepublishedIn", "republished", "corrected and republished"),
    ],
)
def test_an_in_reference_gives_this_record_its_standing(kind: str, status: str, note: str | None) -> None:
    source = one(whole(record(citation=corrections((kind, "Lancet. 2010 Feb 6;375(9713):445", "20137807")))))
    assert source.integrity == Integrity(
        status=status,  # type: ignore[arg-type]
        notice="pmid:20137807",
        date="2010-02-06",
        recorded_in="PubMed record",
        note=note,
    )
    assert source.notices == ()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("RetractionOf", "retracted"),
        ("RetractedandRepublishedFrom", "retracted"),
        ("PartialRetractionOf", "concern"),
        ("ExpressionOfConcernFor", "concern"),
        ("ErratumFor", "corrected"),
        ("CorrectedandRepublishedFrom", "republished"),
    ],
)
def test_an_of_for_or_from_reference_is_a_notice_about_the_other_and_no_retraction_of_this(
    kind: str, status: str
) -> None:
    text = whole(
        record(
            "77",
            journal="<JournalIssue><PubDate><Year>2010</Year><Month>Feb</Month></PubDate></JournalIssue>",
            citation=corrections((kind, "J Nutr. 2004;134:3100. doi: 10.1093/JN/134.11.3100.", "15514282")),
        )
    )
    source = one(text)
    assert source.notices == (
        Notice(
            status=status,  # type: ignore[arg-type]
            doi="10.1093/jn/134.11.3100",
            pmid="15514282",
            notice="pmid:77",
            date="2010-02",
            recorded_in="PubMed record",
        ),
    )
    assert source.integrity.status == ("republished" if kind.endswith("From") else "none-known")


def test_the_most_serious_standing_wins_and_the_others_are_noted() -> None:
    entries = (("ErratumIn", "A. 2001;1:1", "1"), ("RetractionIn", "B. 2002;2:2. doi: 10.1000/r", "2"))
    integrity = one(whole(record(citation=corrections(*entries)))).integrity
    assert (integrity.status, integrity.notice, integrity.note) == (
        "retracted",
        "10.1000/r",
        "erratum (pmid:1)",
    )


def test_the_publication_type_retracts_without_a_notice_and_an_erratum_alone_never_does() -> None:
    retracted = one(whole(record(article=typed("Journal Article", "Retracted Publication"))))
    corrected = one(whole(record(citation=corrections(("ErratumIn", "A. 2001;1:1", "1")))))
    erratum = one(whole(record(article=typed("Published Erratum"))))
    assert retracted.integrity == Integrity("retracted", recorded_in="PubMed record")
    assert corrected.integrity.status == "corrected"
    assert erratum.integrity == Integrity()


def test_a_retraction_notice_that_names_no_identifier_names_the_other_by_its_title() -> None:
    text = whole(
        record(
            "9", "Retraction: Vitamin K and the arteries of older people.", article=typed("Retraction Notice")
        )
    )
    source = one(text)
    assert source.notices == (
        Notice(
            "retracted",
            title="Vitamin K and the arteries of older people",
            notice="pmid:9",
            recorded_in="PubMed record",
        ),
    )
    assert source.integrity == Integrity()


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


def test_a_record_without_title_or_article_is_skipped_by_number_and_its_neighbours_are_kept() -> None:
    found = items(whole(record(title="One"), record(title=""), "<PubmedArticle/>", record(title="Four")))
    assert [s.title if isinstance(s, Source) else s.position for s in found] == [
        "One",
        "record 2",
        "record 3",
        "Four",
    ]


def test_a_record_that_is_not_well_formed_costs_only_itself() -> None:
    broken = "<PubmedArticle><MedlineCitation>\n<PMID>2</PMI></MedlineCitation></PubmedArticle>\n"
    found = items(whole(record(title="One"), broken, record(title="Three"), record(title="")))
    first, skipped, third, untitled = found
    assert isinstance(first, Source)
    assert isinstance(third, Source)
    assert third.title == "Three"
    assert isinstance(skipped, Skipped)
    assert skipped.position == "line 6"
    assert "PMID" in skipped.reason
    assert isinstance(untitled, Skipped)
    assert untitled.position == "record 4"


def test_of_a_file_that_breaks_off_the_records_before_are_kept_and_the_line_is_told() -> None:
    text = whole(record(title="One"), record(title="Two"), record(title="Three"))
    found = items(text[: text.index("Three")])
    assert [s.title for s in found if isinstance(s, Source)] == ["One", "Two"]
    last = found[-1]
    assert isinstance(last, Skipped)
    assert last.position == "line 6"
    assert "breaks off" in last.reason


def test_a_compressed_stream_that_breaks_off_keeps_what_came_before() -> None:
    packed = gzip.compress(whole(*(record(str(n), f"Title {n}") for n in range(1, 4000))).encode())
    with gzip.open(io.BytesIO(packed[: len(packed) // 2])) as stream:
        found = list(read_stream(stream, "cut.gz"))  # type: ignore[arg-type]
    assert sum(isinstance(item, Source) for item in found) > 1000
    assert isinstance(found[-1], Skipped)
    assert "damaged" in found[-1].reason


@pytest.mark.parametrize(
    "text", ["", "   \n", "<PubmedArticleSet/>", "<PubmedArticleSet></PubmedArticleSet>"]
)
def test_a_file_without_records_says_so(text: str) -> None:
    (skipped,) = items(text)
    assert isinstance(skipped, Skipped)
    assert "no record" in skipped.reason


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;',
        "<!-- " + "x" * 200_000 + ' --><!ENTITY a "late">',
    ],
)
def test_a_doctype_that_declares_entities_is_refused_whole(subset: str) -> None:
    text = (
        f"<!DOCTYPE PubmedArticleSet [{subset}]><PubmedArticleSet>{record(title='Has &a; it')}"
        f"</PubmedArticleSet>"
    )
    found = items(text)
    assert claims(text[:65536], "x.xml")
    assert len(found) == 1
    assert isinstance(found[0], Skipped)
    assert "entities" in found[0].reason


def test_what_the_declaration_says_of_the_encoding_counts_for_streams_and_not_for_decoded_text() -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><PubmedArticleSet>'
        + record(title="Pénurie")
        + "</PubmedArticleSet>"
    )
    (source,) = read_stream(io.BytesIO(text.encode("latin-1")), "latin.xml")
    assert one(text).title == "Pénurie"
    assert isinstance(source, Source)
    assert source.title == "Pénurie"


class _Generated(io.RawIOBase):
    """A stream made while it is read, so that no test holds it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size:
            more = next(self._pieces, b"")
            if not more:
                break
            self._rest += more
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def _long_stream(records: int) -> Iterator[bytes]:
    places = "".join(f"<Affiliation>Department {n} of many</Affiliation>" for n in range(80))
    authors = f"<AuthorList><Author><LastName>Roe</LastName>{places}</Author></AuthorList>"
    yield f"{HEAD}<PubmedArticleSet>".encode()
    for number in range(1, records + 1):
        yield record(str(number), f"Title {number}.", article=authors).encode()
    yield b"</PubmedArticleSet>"


def _resident_kb() -> int:
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="resident memory is read from /proc")
def test_memory_stays_flat_over_a_long_stream() -> None:
    """About 20 MB of XML: the process, parser included, does not grow with the records read."""
    resident, count = [], 0
    for item in read_stream(_Generated(_long_stream(4600)), "long.xml"):  # type: ignore[arg-type]
        assert isinstance(item, Source)
        count += 1
        if count % 1000 == 600:
            resident.append(_resident_kb())
    assert count == 4600
    assert resident[-1] - resident[0] < 4_000


def test_a_record_over_the_limit_is_passed_over_without_being_held() -> None:
    """A record of 30 MB in small elements, under a limit of 1 MB, between two good ones."""

    def pieces() -> Iterator[bytes]:
        yield f"<PubmedArticleSet>{record(title='One')}<PubmedArticle>".encode()
        for _ in range(300):
            yield b"<Keyword>word</Keyword>" * 4500
        yield f"</PubmedArticle>{record(title='Three')}</PubmedArticleSet>".encode()

    tracemalloc.start()
    try:
        before = _resident_kb()
        found = list(read_stream(_Generated(pieces()), "huge.xml", limit=1024 * 1024))  # type: ignore[arg-type]
        grown = _resident_kb() - before
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    first, skipped, third = found
    assert isinstance(first, Source)
    assert isinstance(third, Source)
    assert third.title == "Three"
    assert isinstance(skipped, Skipped)
    assert skipped.position == "record 2"
    assert "larger than 1 MB" in skipped.reason
    assert peak < 8_000_000
    assert grown < 20_000


def test_nesting_by_the_thousand_is_refused_by_its_line_and_not_followed() -> None:
    deep = record(title="<b>" * 5000 + "x" + "</b>" * 5000)
    found = items(whole(record(title="One"), deep, record(title="Three")))
    assert [type(item) for item in found] == [Source, Skipped, Source]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["", "<PubmedArticleSet>", GOLDEN[:900]]))
def test_random_text_only_gives_sources_and_skipped(text: str, before: str) -> None:
    claims(before + text, "x.xml")
    for item in items(before + text):
        assert isinstance(item, Source | Skipped)


_GOOD = whole(
    record("1", "First of three."),
    GOLDEN[GOLDEN.index("<PubmedArticle>") : GOLDEN.index("</PubmedArticleSet>")],
)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_mutations_of_a_good_file_only_give_sources_and_skipped(data: st.DataObject) -> None:
    content = bytearray(_GOOD.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = min(len(content), start + data.draw(st.integers(1, 60)))
        kind = data.draw(st.sampled_from(["delete", "duplicate", "swap", "set"]))
        if kind == "delete":
            del content[start:end]
        elif kind == "duplicate":
            content[end:end] = content[start:end]
        elif kind == "swap":
            content[start:end] = content[start:end][::-1]
        else:
            content[start] = data.draw(st.integers(0, 255))
        content = content or bytearray(b"x")
    found = list(read_stream(io.BytesIO(bytes(content)), "mutated.xml"))
    found += items(bytes(content).decode("utf-8", "replace"))
    assert found
    assert all(isinstance(item, Source | Skipped) for item in found)
