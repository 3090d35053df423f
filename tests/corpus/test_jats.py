"""JATS full text: records, text and letters, from files written by hand."""

import pytest

from corpus.readers import jats
from corpus.records import Integrity, Source
from tests.corpus.jats_articles import article, cite, only, shown, texts


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
