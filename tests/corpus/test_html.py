"""Web pages: the article's text and structure, its references, what its head declares; pages without one.

The pages are written by hand in the forms that health sites, PubMed Central, PubMed and blogs use.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import html
from corpus.readers.html_references import marked
from corpus.records import Skipped, Source

HEALTH_SITE = """<!DOCTYPE html><html lang="en"><head><title>Leg cramps - HealthSite</title>
<meta property="og:title" content="Leg cramps - HealthSite"><meta
 property="og:site_name" content="HealthSite">
<link rel="canonical" href="https://healthsite.org/leg-cramps">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "WebSite", "name": "HealthSite"},
 {"@type": "MedicalWebPage", "author": [{"@type": "Person", "name": "Jane Doe, MD"}],
  "datePublished": "2024-03-05T10:00:00Z"}]}</script></head><body>
<nav><a href="/">Home</a><a href="/b">Topics</a></nav>
<main><article><h1>Leg cramps</h1><p class="byline">By Jane Doe</p>
<h2>Quick Summary</h2><p>Vitamin K<sub>2</sub> eased nocturnal leg cramps in one trial of older adults
in China,
and it is not yet known whether that holds elsewhere.</p>
<aside class="key-points"><h2>Key Points</h2><ul><li>One trial: fewer cramps.</li><li>No
harm.</li></ul></aside>
<h2>Evidence</h2><p>In a trial, <strong>fewer</strong> cramps were seen<sup><a href="#ref1">1</a>,<a
 href="#ref2">2</a></sup>.
Magnesium did not help <a href="#ref2">[2]</a>, says <a
 href="https://x.org">a review</a>. Raised.<sup>1</sup>
Of 10<sup>3</sup> people (<a href="#ref1">Tan et al., 2024</a>) some had cramps [2], not [9].</p>
<table><thead><tr><th>Drug</th><th>Effect</th></tr></thead>
<tbody><tr><td>K2</td><td>fewer cramps <a
 href="#ref1">[1]</a></td></tr><tr><td>Magnesium</td><td>none</td></tr></tbody></table>
<h3>What to do</h3><ol><li>First stretch</li><li>Then rest<ul><li>for an hour</li></ul></li></ol>
<h2>FAQ</h2><details><summary>Is it safe?</summary><p>In trials of up to three years no harm was
seen.</p></details>
<h2>Disclaimer</h2><p>This is not advice. See [1].</p>
<h2>References</h2><ol><li id="ref1">Tan J. Vitamin K2 in cramps. JAMA Intern Med 2024.
<a href="https://doi.org/10.1001/jamainternmed.2024.5726">doi</a></li>
<li id="ref2">Garrison SR. Magnesium. Cochrane 2020. <a
 href="https://pubmed.ncbi.nlm.nih.gov/32956536/">PubMed</a></li></ol>
</article></main><footer>Copyright 2020 <a href="/p">Privacy</a></footer></body></html>"""

PMC = """<!DOCTYPE html><html lang="en"><head><title>Menaquinone and Heart Disease - PMC</title>
<meta name="citation_journal_title" content="The Journal of Nutrition">
<meta name="citation_title" content="Dietary Intake of Menaquinone">
<meta name="citation_author" content="Johanna M Geleijnse"><meta
 name="citation_author" content="Cees Vermeer">
<meta name="citation_publication_date" content="2004 Nov 2"><meta name="citation_volume" content="134">
<meta name="citation_issue" content="11"><meta name="citation_firstpage" content="3100">
<meta name="citation_lastpage" content="3105"><meta name="citation_doi" content="10.1093/JN/134.11.3100">
<meta name="citation_pmid" content="15514282">
<link rel="canonical" href="https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/"></head><body>
<main><article><h1>Dietary Intake of Menaquinone</h1><section class="body">
<section class="abstract" id="abstract1"><h2>Abstract</h2><section><h3>Background</h3>
<p>Vitamin K-dependent proteins inhibit vascular calcification, as the abstract of this study
says.</p></section>
<section><h3>Methods</h3><p>The analysis included 4807 subjects with dietary data.</p></section></section>
<section id="sec1"><h2>1. Introduction</h2>
<p>Calcification is common<sup>[<a href="#B1" aria-describedby="B1">1</a>,<a
 href="#B2">2</a>]</sup>, and known for long.</p></section>
<section class="ref-list"><h2>References</h2><section><ul class="ref-list" style="list-style-type:none">
<li id="B1"><span class="label">1.</span><cite>Schurgers LJ. Role of vitamin K. Blood. 2007.</cite>
 [<a href="https://doi.org/10.1182/blood-2006-07-035345">DOI</a>] [<a
 href="https://pubmed.ncbi.nlm.nih.gov/17138823/">PubMed</a>]
 [<a href="https://scholar.google.com/x">Google Scholar</a>]</li>
<li id="B2"><span class="label">2.</span><cite>Price PA. Warfarin causes calcification. 1998.</cite>
 [<a href="/articles/PMC99/">PMC free article</a>]</li></ul></section></section>
</section></article></main></body></html>"""

BLOG = """<html><head><meta charset="utf-8"><title>Does K2 help? – The Leg Blog</title>
<meta name="author" content="A. Writer"><meta
 property="article:published_time" content="2023-07-01T08:00:00+00:00">
<meta property="og:site_name" content="The Leg Blog"></head><body><div id="page">
<div id="sidebar"><ul><li><a href="1">Recent post</a></li></ul></div>
<div class="entry-content"><h1 class="entry-title">Does K2 help?</h1>
<p>Vitamin K2 is a vitamin that many people take for their legs, and its effect was studied in a few
trials.<sup
 id="fnref-1"><a class="footnote-ref" href="#fn-1">1</a></sup> This is what they found in older adults
who took it
 for eight weeks.<sup>2</sup></p><p>Another trial gave 90&nbsp;µg a day in rooms of 60 m<sup>2</sup> each.</p>
<div class="footnotes"><hr><ol><li id="fn-1"><p>Tan J, et al. JAMA Intern Med 2024.
 <a href="#fnref-1" class="footnote-backref">↩</a></p></li>
<li id="fn-2"><p>Garrison SR. 2020. <a
 href="https://doi.org/10.1002/14651858.CD009402.pub3">full text</a></p></li></ol></div></div>
<div id="comments"><h2>Comments</h2><ol><li>Great post, I love it very much and will share it!</li></ol></div>
</div></body></html>"""

PUBMED = """<!DOCTYPE html><html lang="en"><head><title>A trial of K2 - PubMed</title>
<meta name="citation_title" content="A trial of K2"><meta name="citation_authors" content="Tan J;Zhu R;">
<meta name="citation_pmid" content="39466236"><meta name="citation_date" content="12/01/2024"></head><body>
<main><h1>A trial of K2</h1><div class="abstract" id="abstract"><h2>Abstract</h2>
<div class="abstract-content"><p><strong
 class="sub-title">Importance:</strong> Cramps are common.</p></div></div></main></body></html>"""

LEE = "Lee A. Cramps. 2004. doi:10.1000/a"
EK = "Ek B. 2005."
WORDS = "The cramps of older people were fewer in this trial than in the one before it. " * 6
PAGE = (
    "<html><head><title>T</title></head><body><article><h1>Cramps at night</h1>"
    f"<p>{WORDS}</p>%s</article></body></html>"
)


def read(page: str) -> Source:
    (found,) = html.read(page, "page.html")
    assert isinstance(found, Source), found
    return found


def skipped(page: str) -> str:
    (found,) = html.read(page, "page.html")
    assert isinstance(found, Skipped)
    return found.reason


def blocks(source: Source) -> list[tuple[str, tuple[str, ...], str]]:
    return [(b.kind, b.section, source.text[b.start : b.end]) for b in source.blocks]


def pointed(source: Source) -> list[tuple[str, str]]:
    return [(m.label, source.text[m.start : m.end]) for m in source.mentions]


def test_a_health_sites_article_keeps_its_parts_lists_and_tables() -> None:
    evidence, sub = ("Evidence",), ("Evidence", "What to do")
    paragraph = (
        "In a trial, fewer cramps were seen[1,2]. Magnesium did not help [2], says a review. Raised.[1] "
        "Of 10³ people (Tan et al., 2024) some had cramps [2], not [9]."
    )
    summary = (
        "Vitamin K₂ eased nocturnal leg cramps in one trial of older adults in China, "
        "and it is not yet known whether that holds elsewhere."
    )
    assert blocks(read(HEALTH_SITE)) == [
        ("title", (), "Leg cramps"),
        ("heading", (), "Quick Summary"),
        ("summary", ("Quick Summary",), summary),
        ("heading", (), "Key Points"),
        ("key-point", ("Key Points",), "One trial: fewer cramps."),
        ("key-point", ("Key Points",), "No harm."),
        ("heading", (), "Evidence"),
        ("paragraph", evidence, paragraph),
        ("table-row", evidence, "Drug: K2; Effect: fewer cramps [1]"),
        ("table-row", evidence, "Drug: Magnesium; Effect: none"),
        ("heading", evidence, "What to do"),
        ("list-item", sub, "First stretch"),
        ("list-item", sub, "Then rest"),
        ("list-item", sub, "for an hour"),
        ("heading", (), "FAQ"),
        ("question", ("FAQ",), "Is it safe?"),
        ("answer", ("FAQ",), "In trials of up to three years no harm was seen."),
        ("boilerplate", (), "Disclaimer"),
        ("boilerplate", ("Disclaimer",), "This is not advice. See [1]."),
        ("heading", (), "References"),
        ("reference", ("References",), "1. Tan J. Vitamin K2 in cramps. JAMA Intern Med 2024."),
        ("reference", ("References",), "2. Garrison SR. Magnesium. Cochrane 2020."),
    ]


def test_links_raised_and_typed_numbers_point_at_the_reference_list() -> None:
    assert pointed(read(HEALTH_SITE)) == [
        ("1", "1"),
        ("2", "2"),
        ("2", "2"),
        ("1", "1"),
        ("1", "Tan et al., 2024"),
        ("2", "2"),
        ("1", "1"),
    ]


def test_references_take_their_identifiers_from_words_and_links() -> None:
    first, second = read(HEALTH_SITE).references
    assert (first.label, first.doi, first.pmid) == ("1", "10.1001/jamainternmed.2024.5726", None)
    assert (second.label, second.doi, second.pmid) == ("2", None, "32956536")


def test_an_article_is_described_by_what_its_head_declares() -> None:
    source = read(HEALTH_SITE)
    assert (source.source_id, source.kind, source.key) == ("article:leg-cramps", "article", "leg-cramps")
    assert (source.url, source.origin) == ("https://healthsite.org/leg-cramps", "page.html")
    assert source.csl == {
        "id": "leg-cramps",
        "type": "webpage",
        "title": "Leg cramps",
        "author": [{"literal": "Jane Doe"}],
        "issued": {"date-parts": [[2024, 3, 5]]},
        "container-title": "HealthSite",
        "language": "en",
        "URL": "https://healthsite.org/leg-cramps",
    }


def test_a_page_with_citation_tags_is_a_study() -> None:
    source = read(PMC)
    assert (source.source_id, source.kind) == ("doi:10.1093/jn/134.11.3100", "study")
    assert source.csl == {
        "id": "10.1093/jn/134.11.3100",
        "type": "article-journal",
        "title": "Dietary Intake of Menaquinone",
        "author": [{"family": "Geleijnse", "given": "Johanna M"}, {"family": "Vermeer", "given": "Cees"}],
        "container-title": "The Journal of Nutrition",
        "issued": {"date-parts": [[2004, 11, 2]]},
        "volume": "134",
        "issue": "11",
        "page": "3100-3105",
        "language": "en",
        "DOI": "10.1093/jn/134.11.3100",
        "PMID": "15514282",
        "PMCID": "PMC1234567",
        "URL": "https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/",
    }
    kinds = [kind for kind, _, _ in blocks(source)]
    assert kinds == [
        "title",
        "heading",
        "heading",
        "abstract",
        "heading",
        "abstract",
        "heading",
        "paragraph",
        "heading",
        "reference",
        "reference",
    ]
    assert pointed(source) == [("1", "1"), ("2", "2")]


def test_the_reference_list_of_pubmed_central_loses_its_buttons_and_keeps_what_they_link_to() -> None:
    first, second = read(PMC).references
    assert (first.label, first.raw) == ("1", "Schurgers LJ. Role of vitamin K. Blood. 2007.")
    assert (first.doi, first.pmid) == ("10.1182/blood-2006-07-035345", "17138823")
    assert (second.label, second.raw) == ("2", "Price PA. Warfarin causes calcification. 1998.")
    assert second.pmcid == "PMC99"


def test_a_blogs_footnotes_are_references_and_its_comments_are_not_read() -> None:
    source = read(BLOG)
    assert (source.source_id, source.title) == ("article:does-k2-help", "Does K2 help?")
    assert source.csl["author"] == [{"literal": "A. Writer"}]
    assert source.year == 2023
    assert [(r.label, r.raw, r.doi) for r in source.references] == [
        ("1", "Tan J, et al. JAMA Intern Med 2024.", None),
        ("2", "Garrison SR. 2020. full text", "10.1002/14651858.cd009402.pub3"),
    ]
    assert pointed(source) == [("1", "1"), ("2", "2")]
    assert "trials.[1] This" in source.text
    assert "60 m² each" in source.text
    assert "Great post" not in source.text
    assert "Recent post" not in source.text


def test_a_page_of_pubmed_is_a_study_however_short_its_abstract() -> None:
    source = read(PUBMED)
    assert (source.source_id, source.year) == ("pmid:39466236", 2024)
    assert source.csl["author"] == [{"family": "Tan", "given": "J"}, {"family": "Zhu", "given": "R"}]
    assert ("abstract", ("Abstract",), "Importance: Cramps are common.") in blocks(source)


def test_json_ld_alone_can_make_a_study() -> None:
    linked = """<script type="application/ld+json">{"@type": ["ScholarlyArticle"],
    "headline": "A cohort of walkers",
    "author": [{"name": "Ann Lee"}, {"name": "Bo Ek"}], "datePublished": "2019-05", "pagination": "1-9",
    "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": "10.1000/xyz"},
    "isPartOf": {"@type": "PublicationIssue", "issueNumber": "4",
      "isPartOf": {"@type": "PublicationVolume", "volumeNumber": "12", "name": "Walking"}}}</script>"""
    source = read(PAGE.replace("</head>", f"{linked}</head>") % "")
    assert source.source_id == "doi:10.1000/xyz"
    wanted: dict[str, Any] = {"title": "A cohort of walkers", "container-title": "Walking", "volume": "12"}
    wanted |= {"issue": "4", "page": "1-9", "issued": {"date-parts": [[2019, 5]]}}
    assert wanted.items() <= dict(source.csl).items()


@pytest.mark.parametrize(
    "linked", ["{broken", "[" * 5000, '{"@type": 3}', '"x"', '{"@type": "Article", "author": 1}']
)
def test_broken_json_ld_does_not_spoil_the_page(linked: str) -> None:
    page = PAGE.replace("</head>", f'<script type="application/ld+json">{linked}</script></head>')
    assert read(page % "").title == "Cramps at night"


@pytest.mark.parametrize("written", ["0000", "yesterday", "2024-13-45"])
def test_a_date_gives_what_is_certain(written: str) -> None:
    page = PAGE.replace("</head>", f'<meta property="article:published_time" content="{written}"></head>')
    assert read(page % "").csl.get("issued") == ({"date-parts": [[2024]]} if "2024" in written else None)


@pytest.mark.parametrize(
    "listed",
    [
        f'<h2>Sources</h2><ul><li id="a">{LEE}</li><li>{EK}</li></ul>',
        f'<h3>References:</h3><p id="a">1. {LEE}</p><p>2. {EK}</p>',
        f'<p><strong>References</strong></p><ol><li><a name="a"></a>{LEE}</li><li>{EK}</li></ol>',
        f'<details><summary>References</summary><ol><li id="a">{LEE}</li><li>{EK}</li></ol></details>',
        f'<ol class="references"><li id="a"><b><a href="#up">^</a></b> {LEE}</li><li>{EK}</li></ol>',
        f'<section role="doc-endnotes"><ol><li id="a">{LEE}</li><li>{EK}</li></ol></section>',
        f'<div class="reference" id="a">[1] {LEE}</div><div class="reference">[2] {EK}</div>',
    ],
)
def test_reference_lists_of_many_forms_are_found(listed: str) -> None:
    source = read(PAGE % f'<p>Cramps were seen by some <a href="#a">1</a>.</p>{listed}')
    assert [(r.label, r.raw, r.doi) for r in source.references] == [
        ("1", LEE, "10.1000/a"),
        ("2", EK, None),
    ]
    assert pointed(source) == [("1", "1")]
    assert source.text.count("Lee A.") == 1


def test_a_list_of_food_sources_is_no_reference_list() -> None:
    source = read(
        PAGE % "<h2>Sources</h2><ul><li>Natto, a dish of soybeans</li><li>Hard cheese of all kinds</li></ul>"
    )
    assert source.references == ()
    assert "Natto" in source.text


def test_what_follows_the_reference_list_is_kept() -> None:
    source = read(
        PAGE % "<h2>References</h2><ol><li>Lee A. 2004.</li></ol><h2>Disclaimer</h2><p>No advice.</p>"
    )
    assert ("boilerplate", ("Disclaimer",), "No advice.") in blocks(source)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("", "empty page"),
        ("<html></html>", "no article text"),
        ("<html><body><nav><a href=1>Home</a></nav></body></html>", "a page of links"),
        (
            "<html><head><title>Sign in</title></head><body><form><h1>Sign in</h1>"
            f"<p>{WORDS}</p><input name=u><input type=password></form></body></html>",
            "login page",
        ),
        (
            "<html><head><title>Topics</title></head><body><h1>Topics</h1><ul>"
            + "".join(f"<li><a href=/{n}>All about cramps of kind {n} at night</a></li>" for n in range(40))
            + "</ul></body></html>",
            "a page of links",
        ),
        (f"<html><body><p>{WORDS}</p></body></html>", "without a title"),
    ],
)
def test_a_page_without_an_article_is_skipped_with_the_reason(page: str, said: str) -> None:
    reason = skipped(page)
    assert said in reason
    assert reason.endswith("save the page of the article itself, with its text")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<!DOCTYPE html><p>x", "a.txt"),
        ("\ufeff \n<HTML lang=en>", "a"),
        ('<?xml version="1.0"?>\n<!-- saved -->\n<!DOCTYPE html PUBLIC "x"><html xmlns="y">', "a.xml"),
        ("<article class=post><h1>T</h1><p>x</p></article>", "a.html"),
    ],
)
def test_a_page_is_told_by_its_beginning(text: str, name: str) -> None:
    assert html.claims(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<p>In Markdown</p>", "a.md"),
        ("A text about <html> pages", "a.html"),
        ('<?xml version="1.0"?><PubmedArticleSet/>', "a.html"),
        ("<article><front><article-meta/></front><body><sec><p>x</p></sec></body></article>", "a.xml"),
        ("<!-- a comment -->", "a.html"),
        ("TY  - JOUR\nT1  - <p>x</p>", "a.ris"),
        ("", "a.html"),
    ],
)
def test_other_files_are_no_pages(text: str, name: str) -> None:
    assert not html.claims(text, name)


def test_tokens_become_markers_with_brackets_where_none_are_open() -> None:
    labels = {"1", "2", "3"}
    assert marked("a⟦1|1⟧–⟦3|3⟧ b (⟦2|2⟧)", labels)[0] == "a[1–3] b (2)"
    assert marked("a ⟦9|9⟧", labels) == ("a ⟦9|9⟧", ())
    text, markers = marked("x ⟦1|Lee 2004⟧", labels)
    assert [text[m.start : m.end] for m in markers] == ["Lee 2004"]


def test_deep_nesting_and_huge_fields_do_not_raise() -> None:
    for page in ("<div>" * 20_000 + WORDS, PAGE % ("<ul><li>" * 3000), f"<html><title>{'x' * 10**6}</title>"):
        assert all(isinstance(found, Source | Skipped) for found in html.read(page, "x"))


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from(
                [
                    "<p>",
                    "<a",
                    "href='#a'>",
                    "</a>",
                    "<li>",
                    "[1]",
                    "⟦1|",
                    "⟧",
                    "<sup>",
                    "&#0;",
                    "<h2>References</h2>",
                    "<ol>",
                    "2004",
                    "<table>",
                    "<td>",
                ]
            ),
            max_size=40,
        ).map(" ".join),
    )
)
@settings(max_examples=60)
def test_any_text_gives_a_source_or_a_reason(text: str) -> None:
    for found in html.read(PAGE % text, "x"):
        assert isinstance(found, Source | Skipped)
    for found in html.read(text, "x"):
        assert isinstance(found, Source | Skipped)


@given(st.sampled_from([HEALTH_SITE, PMC, BLOG]), st.data())
@settings(max_examples=60)
def test_a_damaged_page_gives_a_source_whose_offsets_hold(page: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(page)))
    cut = data.draw(st.integers(0, 200))
    again = data.draw(st.integers(0, len(page)))
    for found in html.read(page[:at] + page[again : again + cut] + page[at + cut :], "x"):
        if isinstance(found, Source):
            assert found.text_sha256
            assert all(found.text[b.start : b.end].strip() for b in found.blocks)
            assert {m.label for m in found.mentions} <= {r.label for r in found.references}
            assert all(0 <= m.start < m.end <= len(found.text) for m in found.mentions)
