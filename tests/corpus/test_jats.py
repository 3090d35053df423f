"""JATS full text: records, text, citations and notices, from files written by hand and real ones."""

import io
import random
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from benchmarks.reading_jats import generated_article
from corpus.identifiers import normal_doi
from corpus.readers import jats
from corpus.readers.jats_notices import bare_title
from corpus.records import Integrity, Notice, Skipped, Source

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
FRONT = """<front><journal-meta><journal-id journal-id-type="nlm-ta">J Walk</journal-id><journal-title-group>
<journal-title>Journal of Walking</journal-title></journal-title-group><issn>1234-5678</issn>
</journal-meta>
<article-meta><article-id pub-id-type="pmid">123456</article-id>
<article-id pub-id-type="pmc">7654321</article-id>
<article-id pub-id-type="doi">10.5555/Walk.1</article-id>
<article-categories><subj-group subj-group-type="heading"><subject>Research</subject></subj-group>
</article-categories>
<title-group>
<article-title>Zinc<xref ref-type="fn" rid="f1">*</xref> and 10<sup>6</sup> <italic>E. coli</italic>
</article-title><subtitle>a trial</subtitle></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Ødegård</surname>
<given-names>Ann B</given-names>
<suffix>Jr</suffix></name><xref ref-type="aff" rid="a1">1</xref></contrib>
<contrib contrib-type="author"><collab>The
Walking Group<contrib-group><contrib contrib-type="author"><name><surname>Member</surname></name>
</contrib>
</contrib-group></collab></contrib><contrib contrib-type="editor"><name><surname>Editor</surname>
</name></contrib>
</contrib-group>
<pub-date pub-type="collection"><year>2008</year></pub-date>
<pub-date pub-type="epub"><day>4</day><month>8</month><year>2008</year></pub-date>
<volume>3</volume><issue>8</issue><fpage>10</fpage><lpage>19</lpage>
<permissions><license xlink:href="http://creativecommons.org/licenses/by/4.0/">
<license-p>Free.</license-p></license>
</permissions>%s
<abstract><sec><title>BACKGROUND</title><p>Zinc is sold.</p></sec><sec><title>Results:</title>
<p>It helped.</p>
<p>A little.</p></sec></abstract><kwd-group><kwd>zinc</kwd><kwd>walking</kwd></kwd-group>
</article-meta></front>"""
REFERENCES = """<back><ack><p>We thank all.</p></ack><ref-list><title>References</title>
<ref id="r1"><label>1.</label><mixed-citation>Smith A. Zinc. <source>BMJ</source> 2001;1:2. <ext-link
ext-link-type="uri" xlink:href="https://doi.org/10.5555/ABC">link</ext-link></mixed-citation></ref>
<ref id="r2"><label>2.</label><element-citation><person-group person-group-type="author"><name>
<surname>Li</surname>
<given-names>X</given-names></name><etal/></person-group><article-title>Cold</article-title>
<source>Lancet</source>
<year>1999</year><volume>5</volume><issue>2</issue><fpage>7</fpage><lpage>9</lpage>
<pub-id pub-id-type="pmid">22</pub-id>
<pub-id pub-id-type="pmc">PMC333</pub-id></element-citation></ref>
<ref id="r3"><label>3.</label><citation>Text only, doi: 10.5555/three.</citation></ref>
<ref id="r4"><label>4.</label><citation><article-title>Same</article-title>
<pub-id pub-id-type="doi">10.5555/four</pub-id>
</citation>
<citation citation-type="display-unstructured">Same, in words <pub-id pub-id-type="pmid">44</pub-id>
</citation>
</ref><ref id="r5"><label>5.</label><mixed-citation>a) First. PMID: 51</mixed-citation>
<mixed-citation>b) Second. PMID: 52
</mixed-citation></ref></ref-list></back>"""


def article(body: str, meta: str = "", kind: str = "research-article", back: str = REFERENCES) -> str:
    return f'<article {XLINK} article-type="{kind}">{FRONT % meta}<body>{body}</body>{back}</article>'


def only(text: str) -> Source:
    (source,) = jats.read(text, "a.nxml")
    assert isinstance(source, Source), source
    return source


def shown(source: Source) -> list[tuple[str, str]]:
    return [(source.text[m.start : m.end], m.label) for m in source.mentions]


def texts(source: Source, kind: str) -> list[str]:
    return [source.text[b.start : b.end] for b in source.blocks if b.kind == kind]


def cite(number: int, rid: str = "") -> str:
    return f'<xref ref-type="bibr" rid="{rid or f"r{number}"}">{number}</xref>'


def test_the_front_matter_becomes_the_record() -> None:
    source = only(article("<p>Text.</p>"))
    assert source.source_id == "doi:10.5555/walk.1"
    assert {k: v for k, v in source.csl.items() if k != "id"} == {
        "type": "article-journal",
        "title": "Zinc and 10⁶ E. coli: a trial",
        "author": [
            {"family": "Ødegård", "given": "Ann B", "suffix": "Jr"},
            {"literal": "The Walking Group"},
        ],
        "issued": {"date-parts": [[2008, 8, 4]]},
        "container-title": "Journal of Walking",
        "container-title-short": "J Walk",
        "ISSN": "1234-5678",
        "volume": "3",
        "issue": "8",
        "page": "10-19",
        "keyword": "zinc, walking",
        "DOI": "10.5555/walk.1",
        "PMID": "123456",
        "PMCID": "PMC7654321",
    }
    assert source.license == "http://creativecommons.org/licenses/by/4.0/"
    assert (source.notices, source.integrity, source.authors_complete) == ((), Integrity(), True)


@pytest.mark.parametrize(
    ("dates", "parts"),
    [
        ('<pub-date pub-type="ppub"><season>Jan-Feb</season><year>2018</year></pub-date>', [2018]),
        ('<pub-date pub-type="ppub"><month>Jan-Feb</month><year>2018</year></pub-date>', [2018]),
        ('<pub-date pub-type="ppub"><month>Oct</month><year>2018</year></pub-date>', [2018, 10]),
        ('<pub-date pub-type="epub"><day>31</day><month>2</month><year>2018</year></pub-date>', [2018, 2]),
        ('<pub-date pub-type="ppub"><year>0000</year></pub-date>', None),
        ('<pub-date pub-type="ppub"><year>1998-1999</year></pub-date>', [1998]),
        (
            '<pub-date pub-type="epub"><year>2012</year></pub-date><pub-date pub-type="ppub">'
            "<year>2013</year></pub-date>",
            [2013],
        ),
        ('<pub-date pub-type="pmc-release"><month>3</month><year>2012</year></pub-date>', [2012, 3]),
        ('<pub-date iso-8601-date="2015-02-03"><year/></pub-date>', [2015]),
    ],
)
def test_dates_give_what_is_certain(dates: str, parts: list[int] | None) -> None:
    text = (
        "<article><front><article-meta><title-group><article-title>T</article-title>"
        f"</title-group>{dates}</article-meta></front></article>"
    )
    assert only(text).csl.get("issued") == ({"date-parts": [parts]} if parts else None)


def test_a_structured_abstract_keeps_its_labels() -> None:
    source = only(article("<p>Text.</p>"))
    assert texts(source, "abstract") == ["Background: Zinc is sold.", "Results: It helped.", "A little."]


def test_sections_nest_and_blocks_know_their_path() -> None:
    source = only(
        article(
            "<sec><title>Methods</title><p>We walked.</p><sec><title>Dose</title><list><list-item><p>One</p>"
            "</list-item><list-item><p>Two</p></list-item></list></sec></sec><sec>"
            "<title>Competing interests</title>"
            "<p>None.</p></sec><sec sec-type='COI-statement'><p>Nothing.</p></sec>"
        )
    )
    body = [(b.kind, b.section, source.text[b.start : b.end]) for b in source.blocks][4:]
    assert body[:5] == [
        ("heading", (), "Methods"),
        ("paragraph", ("Methods",), "We walked."),
        ("heading", ("Methods",), "Dose"),
        ("list-item", ("Methods", "Dose"), "One"),
        ("list-item", ("Methods", "Dose"), "Two"),
    ]
    assert texts(source, "boilerplate") == ["Competing interests", "None.", "Nothing.", "We thank all."]


def test_a_paragraph_is_parted_by_what_stands_in_it_and_followed_by_what_floats() -> None:
    source = only(
        article(
            "<p>Before <fig><label>Figure 1.</label><caption><title>Flow</title><p>Of people.</p>"
            "</caption></fig>"
            "and on<list><list-item><p>item</p></list-item></list>after.</p>"
        )
    )
    assert [source.text[b.start : b.end] for b in source.blocks if b.kind in ("paragraph", "list-item")] == [
        "Before and on",
        "item",
        "after.",
        "Figure 1. Flow. Of people.",
    ]


def test_a_table_reads_row_by_row_under_its_headers() -> None:
    source = only(
        article(
            "<table-wrap><label>Table 1</label><caption><p>Distances</p></caption><table><thead><tr>"
            "<th rowspan='2'/>"
            "<th colspan='2'>Zinc</th></tr><tr><th>n</th>"
            "<th>km<xref ref-type='table-fn' rid='t1'>a</xref></th></tr>"
            f"</thead><tbody><tr><td rowspan='2'>Women</td><td>5</td><td>1.2 [{cite(2)}]</td></tr>"
            "<tr><td>6</td><td>1.3"
            "</td></tr><tr><td colspan='3'>Men</td></tr></tbody></table><table-wrap-foot>"
            "<fn id='t1'><label>a</label>"
            "<p>Median.</p></fn></table-wrap-foot></table-wrap>"
        )
    )
    assert texts(source, "table-row") == [
        "Women; Zinc n: 5; Zinc kmᵃ: 1.2 [2]",
        "Women; Zinc n: 6; Zinc kmᵃ: 1.3",
        "Men",
    ]
    assert texts(source, "paragraph") == ["Table 1. Distances", "a Median."]
    assert {b.section for b in source.blocks if b.kind == "table-row"} == {("Table 1. Distances",)}
    assert shown(source) == [("2", "2")]


def test_formulas_read_as_text() -> None:
    mml = 'xmlns:m="http://www.w3.org/1998/Math/MathML"'
    source = only(
        article(
            f"<p>So <inline-formula><m:math {mml}><m:mi>x</m:mi><m:mo>=</m:mo><m:mfrac><m:mrow><m:mi>a</m:mi>"
            "<m:mo>+</m:mo><m:mi>b</m:mi></m:mrow><m:msup><m:mi>c</m:mi><m:mn>2</m:mn></m:msup>"
            "</m:mfrac></m:math>"
            "</inline-formula> and <inline-formula><tex-math>\\documentclass{minimal}\\begin{document}$$y^2$$"
            "\\end{document}</tex-math></inline-formula> or <inline-formula><inline-graphic/>"
            "</inline-formula>, 10"
            "<sup>−3</sup> and 10<sup>1.5</sup>.</p>"
        )
    )
    assert texts(source, "paragraph") == ["So x = (a + b)/c² and y^2 or [formula], 10⁻³ and 10^1.5."]


def test_citations_are_marked_exactly_where_they_are_shown() -> None:
    source = only(
        article(f"<sec><title>A</title><p>As [{cite(1)}, {cite(2)}] and\n   Li [ {cite(3)} ] say.</p></sec>")
    )
    assert texts(source, "paragraph") == ["As [1, 2] and Li [ 3 ] say."]
    assert shown(source) == [("1", "1"), ("2", "2"), ("3", "3")]


@pytest.mark.parametrize("dash", ["-", "–", " – "])
def test_members_between_the_ends_of_a_range_are_mentioned_too(dash: str) -> None:
    source = only(article(f"<p>Known [{cite(1)}{dash}{cite(4)}].</p>"))
    assert [label for _, label in shown(source)] == ["1", "4", "2", "3"]
    assert shown(source)[2] == (f"1{dash}4", "2")


def test_a_range_inside_one_pointer_mentions_every_member() -> None:
    one = only(article('<p>Known.<xref ref-type="bibr" rid="r1">1–3</xref> Next.</p>'))
    assert texts(one, "paragraph") == ["Known.[1–3] Next."]
    assert shown(one) == [("1–3", "1"), ("1–3", "2"), ("1–3", "3")]
    several = only(article('<p>Known.<xref ref-type="bibr" rid="r1 r2">1,2</xref></p>'))
    assert [label for _, label in shown(several)] == ["1", "2"]


def test_raised_citations_get_brackets_and_never_join_a_number() -> None:
    source = only(
        article(f"<p>In 2004<sup>{cite(1)},{cite(2)}</sup> and 20 km<sup>2</sup>{cite(3)}{cite(4)}.</p>")
    )
    assert texts(source, "paragraph") == ["In 2004[1,2] and 20 km²[3,4]."]
    assert shown(source) == [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")]


def test_an_author_and_year_citation_is_marked_whole() -> None:
    text = article('<p>(<xref ref-type="bibr" rid="r2">Li et al., 1999</xref>)</p>')
    assert shown(only(text)) == [("Li et al., 1999", "2")]


def test_every_entry_becomes_a_reference_with_its_identifiers() -> None:
    source = only(article(f"<p>All {cite(5)}.</p>"))
    found = [(r.label, r.doi, r.pmid, r.pmcid) for r in source.references]
    assert found == [
        ("1", "10.5555/abc", None, None),
        ("2", None, "22", "PMC333"),
        ("3", "10.5555/three", None, None),
        ("4", "10.5555/four", "44", None),
        ("5a", None, "51", None),
        ("5b", None, "52", None),
    ]
    assert source.references[1].raw == "Li X, et al. Cold. Lancet. 1999;5(2):7-9. PMID: 22 PMCID: PMC333"
    assert shown(source) == [("5", "5a"), ("5", "5b")]
    assert texts(source, "reference")[0].startswith("1. Smith A. Zinc. BMJ 2001;1:2.")


def test_a_list_without_labels_is_numbered_and_two_lists_share_no_label() -> None:
    entry = "<ref id='{0}'><mixed-citation>Work {0}</mixed-citation></ref>"
    back = f"<back><ref-list>{entry.format('x')}{entry.format('y')}</ref-list></back>"
    assert [r.label for r in only(article("", back=back)).references] == ["1", "2"]
    twice = "<ref-list><ref><label>1</label><mixed-citation>W</mixed-citation></ref></ref-list>"
    assert [r.label for r in only(article("", back=f"<back>{twice}{twice}</back>")).references] == [
        "1",
        "1 (2)",
    ]


RELATED = (
    '<related-article related-article-type="{0}" ext-link-type="{1}" xlink:href="{2}">{3}</related-article>'
)


@pytest.mark.parametrize(
    ("kind", "relation", "status"),
    [
        ("retraction", "retracted-article", "retracted"),
        ("correction", "corrected-article", "corrected"),
        ("correction", "retracted-article", "corrected"),
        ("expression-of-concern", "object-of-concern", "concern"),
        ("addendum", "addended-article", "corrected"),
        ("editorial", "retracted-article", "retracted"),
        ("partial-retraction", "partial-retraction", "concern"),
    ],
)
def test_a_notice_marks_the_work_it_names(kind: str, relation: str, status: str) -> None:
    related = RELATED.format(
        relation, "doi", "https://doi.org/10.5555/OLD", "<article-title>Old</article-title>"
    )
    source = only(article("<p>Text.</p>", related, kind))
    (notice,) = source.notices
    assert (notice.status, notice.doi, notice.notice, notice.date) == (
        status,
        "10.5555/old",
        "10.5555/walk.1",
        "2008-08-04",
    )
    assert source.integrity == Integrity()


@pytest.mark.parametrize(
    ("link", "address", "named"),
    [
        ("pubmed", "24049748", ("pmid", "24049748")),
        ("pmc", "PMC123456", ("pmcid", "PMC123456")),
        ("pmc", "123456", ("pmcid", "PMC123456")),
        ("uri", "http://dx.doi.org/10.5555/x", ("doi", "10.5555/x")),
        ("doi", "info:doi/10.5555/x", ("doi", "10.5555/x")),
    ],
)
def test_the_related_work_is_known_by_any_link(link: str, address: str, named: tuple[str, str]) -> None:
    (notice,) = only(
        article("", RELATED.format("retracted-article", link, address, ""), "retraction")
    ).notices
    assert {k: getattr(notice, k) for k in ("doi", "pmid", "pmcid") if getattr(notice, k)} == dict([named])


def test_a_notice_named_by_volume_and_page_alone_keeps_the_title() -> None:
    related = (
        '<related-article related-article-type="retracted-article" vol="2" page="75">'
        "<article-title>Zinc for colds: "
        "Retraction</article-title></related-article>"
    )
    (notice,) = only(article("", related, "retraction")).notices
    assert notice.title == "Zinc for colds"


def test_a_companion_is_no_notice_and_a_retracted_article_says_so_of_itself() -> None:
    assert only(article("", RELATED.format("companion", "doi", "10.5555/x", ""))).notices == ()
    assert only(article("", RELATED.format("retracted-article", "doi", "10.5555/x", ""))).notices == ()
    source = only(article("", RELATED.format("retraction-forward", "doi", "10.5555/note", "")))
    assert (source.integrity.status, source.integrity.notice) == ("retracted", "10.5555/note")
    assert source.notices == ()


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Retraction: Zinc for colds", "Zinc for colds"),
        ("Correction to: Zinc for colds", "Zinc for colds"),
        ("Zinc for colds: Retraction", "Zinc for colds"),
        ("Retraction of state taxes", "state taxes"),
        ("Gingival retraction in dogs", "Gingival retraction in dogs"),
    ],
)
def test_the_title_of_the_work_comes_out_of_the_title_of_the_notice(title: str, bare: str) -> None:
    assert bare_title(title) == bare


def test_letters_of_peer_review_are_never_quoted_and_translations_stand_alone() -> None:
    sub = (
        '<sub-article article-type="{0}" xml:lang="es"><front-stub><title-group>'
        "<article-title>{1}</article-title>"
        "</title-group></front-stub><body><p>Texto {1}.</p></body></sub-article>"
    )
    inside = sub.format("decision-letter", "Decision letter") + sub.format("translation", "Cinc y salud")
    found = list(jats.read(article("<p>Own.</p>").replace("</article>", f"{inside}</article>"), "a.xml"))
    assert [s.title for s in found if isinstance(s, Source)] == [
        "Zinc and 10⁶ E. coli: a trial",
        "Cinc y salud",
    ]
    parent, child = found
    assert isinstance(parent, Source)
    assert isinstance(child, Source)
    assert "Texto Decision letter." in texts(parent, "boilerplate")
    assert (child.csl["container-title"], child.year, child.csl["language"]) == (
        "Journal of Walking",
        2008,
        "es",
    )


def test_a_set_yields_each_article_and_says_which_is_broken() -> None:
    nameless = "<article><front><article-meta/></front></article>"
    text = f"<pmc-articleset>{article('<p>A</p>')}{nameless}{article('<p>B</p>')}</pmc-articleset>"
    first, second, third = jats.read(text, "set.xml")
    assert isinstance(first, Source)
    assert isinstance(third, Source)
    assert isinstance(second, Skipped)
    assert second.position == "record 2"
    assert "title" in second.reason


def test_an_article_that_is_not_well_formed_costs_only_itself() -> None:
    broken = article("<p>A</i></p>")
    text = f"<pmc-articleset>\n{article('<p>A</p>')}\n{broken}\n{article('<p>B</p>')}</pmc-articleset>"
    first, second, third = jats.read(text, "set.xml")
    assert isinstance(first, Source)
    assert isinstance(second, Skipped)
    assert isinstance(third, Source)


def test_a_default_namespace_is_read_alike() -> None:
    text = article(f"<p>See {cite(1)}.</p>").replace(
        "<article ", '<article xmlns="https://jats.nlm.nih.gov/ns" ', 1
    )
    assert shown(only(text)) == [("1", "1")]


def test_a_stream_is_read_in_its_own_encoding() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + article("<p>Ødegård é</p>")
    (source,) = jats.read_stream(io.BytesIO(text.encode("latin-1", "xmlcharrefreplace")), "a.xml")
    assert isinstance(source, Source)
    assert "Ødegård é" in source.text
    assert only(text).text == source.text


def _bomb() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE article [<!ENTITY l0 "lol">{levels}]>' + article("<p>&l9;</p>")


BAD = {
    "truncated": article("<p>Text.</p>")[:-400],
    "entity bomb": _bomb(),
    "external entity": '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + article("<p>&x;</p>"),
    "no title": article("<p>T</p>").replace("article-title", "nothing").replace("subtitle", "nothing"),
    "deep": article("<sec>" * 10_000 + "</sec>" * 10_000),
    "nested by hundreds": article("<p>" + "<italic>" * 240 + "deep" + "</italic>" * 240 + "</p>"),
    "no article": "<root><a/></root>",
    "empty": "",
    "not XML": "JATS <article",
    "no front matter": "<article><body><p>Text</p></body></article>",
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_said_in_one_record(name: str) -> None:
    (found,) = jats.read(BAD[name], "bad.xml")
    if name != "nested by hundreds":  # which may be read, or said to be too deep
        assert isinstance(found, Skipped)
        assert ";" in found.reason
        assert "passwd" not in found.reason


def test_a_truncated_set_keeps_what_came_whole() -> None:
    text = f"<pmc-articleset>{article('<p>A</p>')}{article('<p>B</p>')[:-300]}"
    first, second = jats.read(text, "set.xml")
    assert isinstance(first, Source)
    assert isinstance(second, Skipped)
    assert str(second.position).startswith("line ")


def test_a_span_of_a_billion_columns_and_a_range_of_a_million_do_no_harm() -> None:
    table = (
        "<table-wrap><table><tr><td colspan='999999999' rowspan='999999999'>x</td></tr><tr>"
        "<td>y</td></tr></table></table-wrap>"
    )
    ranges = (
        '<p>See <xref ref-type="bibr" rid="r1">1</xref>-<xref ref-type="bibr" '
        'rid="r3">999999999999</xref>.</p>'
    )
    assert [label for _, label in shown(only(article(table + ranges)))] == ["1", "3"]


def test_spans_cannot_make_a_small_table_large() -> None:
    cell = f"<td rowspan='500'>{'x' * 300}</td>"
    text = f"<table-wrap><table><tr>{cell * 300}</tr>{'<tr><td>y</td></tr>' * 300}</table></table-wrap>"
    assert len(only(article(text)).text) < 4 * len(text)


def test_an_entity_of_an_unread_dtd_reads_as_its_character() -> None:
    text = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "jats.dtd">' + article("<p>5 &micro;g&nbsp;daily</p>")
    assert texts(only(text), "paragraph") == ["5 µg\xa0daily"]


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        (article(""), True),
        ("\ufeff<?xml version='1.0'?>\n<!-- c -->\n" + article(""), True),
        (f"<pmc-articleset>{article('')}</pmc-articleset>", True),
        (_bomb(), True),
        ("<html><body><article><p>Hello</p></article></body></html>", False),
        ("<article xmlns='http://docbook.org/ns/docbook'><title>Book</title></article>", False),
        ("<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>", False),
        ("TY  - JOUR\nTI  - <article-meta>\n", False),
        ("", False),
        ("{}", False),
    ],
)
def test_claims_decides_by_content(text: str, claimed: bool) -> None:
    assert jats.claims(text[:65536], "a.xml") is claimed


def _real(shared: Path) -> Iterator[tuple[str, str]]:
    formats = shared / "formats"
    single = [*(formats / "jats").iterdir(), *(formats / "retraction").glob("*.nxml")]
    for path in sorted([*single, formats / "pubmed-xml" / "biopython-efetch_pmc.xml"]):
        yield path.name, path.read_text("utf-8")
    for archive in sorted((formats / "jats-fulltext").glob("*.tar.gz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile() and member.name.endswith(("xml", "nxml")):
                    stream = tar.extractfile(member)
                    assert stream is not None
                    yield Path(member.name).name, stream.read().decode("utf-8")


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, tuple[etree._Element, Source]]:
    """Every real article: what an independent parse says, and what the reader says."""
    found = {}
    for name, text in _real(shared):
        assert jats.claims(text[:65536], name), name
        parser = etree.XMLParser(
            load_dtd=False, no_network=True, resolve_entities=False, remove_comments=True
        )
        root = etree.fromstring(text.encode(), parser)
        found[name] = (root, only(text))
    return found


def test_every_real_article_is_read_whole(real: dict[str, tuple[etree._Element, Source]]) -> None:
    assert len(real) == 106
    for name, (root, source) in real.items():
        in_list = root.xpath("count(//ref[not(ancestor::sub-article)])")
        assert len(source.references) == in_list, name
        doi = root.xpath("string((//article-meta)[1]/article-id[@pub-id-type='doi'])")
        assert source.csl.get("DOI") == normal_doi(doi) or not doi, name
        assert len({r.label for r in source.references}) == len(source.references), name
        for block in source.blocks:
            assert source.text[block.start : block.end].strip(), name


def test_nearly_every_identifier_of_a_reference_is_kept(
    real: dict[str, tuple[etree._Element, Source]],
) -> None:
    given, kept = 0, 0
    for root, source in real.values():
        refs = root.xpath("//ref[not(ancestor::sub-article)]")
        for ref, reference in zip(refs, source.references, strict=True):
            for kind, value in (("doi", reference.doi), ("pmid", reference.pmid)):
                written = ref.xpath(f"string((.//pub-id[@pub-id-type='{kind}'])[1])").strip()
                given += bool(written)
                kept += bool(written) and value == written.lower().removeprefix("doi:").strip()
    assert given > 3700
    assert kept / given >= 0.99


def test_citations_of_sampled_passages_point_where_the_xml_says(
    real: dict[str, tuple[etree._Element, Source]],
) -> None:
    """Paragraphs without floats or lists, found again in the text by the words that follow a citation."""
    paragraphs = []
    for name, (root, source) in sorted(real.items()):
        ids = root.xpath("//ref[not(ancestor::sub-article)]/@id")
        label_of = dict(zip(ids, [r.label for r in source.references], strict=True)) if ids else {}
        xpath = (
            "/article/body//p[count(.//xref[@ref-type='bibr'])>1 and not(.//p) and not(ancestor::table-wrap)]"
        )
        paragraphs += [(name, source, p, label_of) for p in root.xpath(xpath)]
    checked = 0
    for name, source, paragraph, label_of in random.Random(7).sample(paragraphs, 60):
        opening = " ".join((paragraph.text or "").split())[:40]
        blocks = [
            b for b in source.blocks if b.kind == "paragraph" and source.text[b.start :].startswith(opening)
        ]
        if len(opening) < 30 or len(blocks) != 1:
            continue
        wanted = []
        for xref in paragraph.xpath(".//xref[@ref-type='bibr']"):
            words = " ".join("".join(xref.itertext()).split())
            wanted += [(words, label_of[rid]) for rid in xref.get("rid").split()]
        inside = [m for m in source.mentions if blocks[0].start <= m.start and m.end <= blocks[0].end]
        found = [(source.text[m.start : m.end], m.label) for m in inside]
        assert [pair for pair in found if pair in wanted] == wanted, name
        labels = [r.label for r in source.references]
        for words, _ in (pair for pair in found if pair not in wanted):
            assert not words.isdecimal(), (name, words)
        assert {label for _, label in found} <= set(labels)
        checked += 1
    assert checked >= 20


def test_the_real_notices_mark_what_they_name(real: dict[str, tuple[etree._Element, Source]]) -> None:
    marked = {name: source.notices for name, (_, source) in real.items() if source.notices}
    assert {n: [(x.status, x.doi, x.pmid, x.notice) for x in notices] for n, notices in marked.items()} == {
        "PMC2651656-correction-notice.nxml": [
            ("corrected", None, "18596958", "10.1371/annotation/5abf9f11-280c-4682-9b95-001435014303")
        ],
        "PMC2743355-correction-notice.nxml": [
            ("corrected", "10.1038/sj.bjc.6605218", None, "10.1038/sj.bjc.6605295")
        ],
        "PMC4608484-retraction-notice.nxml": [("retracted", None, "24049748", "10.4103/2249-4847.144767")],
        "PMC4784206-retraction-notice.nxml": [("retracted", None, "21804710", "10.4103/0970-9185.175731")],
        "biopython-efetch_pmc.xml": [
            ("corrected", "10.1183/23120541.00193-2021", None, "10.1183/23120541.50193-2021")
        ],
    }
    assert isinstance(marked["PMC4784206-retraction-notice.nxml"][0], Notice)
    assert all(source.integrity.status == "none-known" for _, source in real.values())


def _holds_together(text: str) -> None:
    for found in jats.read(text, "fuzz.xml"):
        assert isinstance(found, Source | Skipped)
        if isinstance(found, Source):
            assert all(0 <= b.start < b.end <= len(found.text) for b in found.blocks)
            assert all(0 <= m.start < m.end <= len(found.text) for m in found.mentions)
            assert {m.label for m in found.mentions} <= {r.label for r in found.references}
    jats.claims(text, "fuzz.xml")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_sources_or_reasons(text: str) -> None:
    _holds_together(text)
    _holds_together(article(text))


GOOD = article(
    f"<sec><title>A</title><p>One [{cite(1)}-{cite(4)}] two<sup>{cite(2)}</sup>.</p>"
    "<table-wrap><table><tr><th>a</th></tr>"
    "<tr><td>b</td></tr></table></table-wrap></sec>",
    RELATED.format("companion", "doi", "10.5555/x", ""),
)
_PIECES = GOOD.replace(">", ">\x00").replace("<", "\x00<").split("\x00")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["drop", "twice", "swap"]), st.integers(0), st.integers(0)), max_size=6
    )
)
def test_any_mutation_of_a_good_file_gives_sources_or_reasons(changes: list[tuple[str, int, int]]) -> None:
    """Tags and texts, or single characters, are dropped, doubled and swapped."""
    for units in (list(_PIECES), list(GOOD)):
        for how, first, second in changes:
            at, other = first % len(units), second % len(units)
            if how == "drop":
                del units[at]
            elif how == "twice":
                units.insert(other, units[at])
            else:
                units[at], units[other] = units[other], units[at]
        _holds_together("".join(units))


def test_the_generated_article_of_the_benchmark_is_read_whole() -> None:
    source = only(generated_article())
    assert (len(source.references), len(source.mentions)) == (40, 240)
