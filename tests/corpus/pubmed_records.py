"""Records of PubMed in XML as its DTD has them, for the tests of their reader."""

from corpus.readers.pubmed_xml import read
from corpus.records import Skipped, Source

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


#: A record with something in every place that is read.
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
