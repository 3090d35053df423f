"""What reference managers read in a page, against spans and tags written by hand."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl

from flask import render_template_string
from hypothesis import HealthCheck, given, settings

from corpus.records import Source
from search_api.app import create_app
from search_api.page_metadata import citation_meta, coins
from search_api.settings import Settings
from tests.search_api.exports.made_sources import sources
from tests.search_api.styling_of_lists import work


def test_an_article_is_a_context_object_of_the_journal_format() -> None:
    assert coins(work("geleijnse2004")) == (
        '<span class="Z3988" title="ctx_ver=Z39.88-2004'
        "&amp;rft_id=info%3Adoi%2F10.1093%2Fjn%2F134.11.3100"
        "&amp;rft_id=info%3Apmid%2F15514282"
        "&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Ajournal"
        "&amp;rft.genre=article"
        "&amp;rft.atitle=Dietary+intake+of+menaquinone+is+associated+with+a+reduced+risk+of+coronary+heart"
        "+disease%3A+the+Rotterdam+Study"
        "&amp;rft.jtitle=The+Journal+of+Nutrition"
        "&amp;rft.volume=134&amp;rft.issue=11&amp;rft.spage=3100&amp;rft.epage=3105&amp;rft.pages=3100-3105"
        "&amp;rft.date=2004"
        "&amp;rft.aulast=Geleijnse&amp;rft.aufirst=Johanna+M."
        "&amp;rft.au=Geleijnse%2C+Johanna+M.&amp;rft.au=Vermeer%2C+Cees&amp;rft.au=Grobbee%2C+Diederick+E."
        "&amp;rft.au=Schurgers%2C+Leon+J.&amp;rft.au=Knapen%2C+Marjo+H.+J."
        "&amp;rft.au=van+der+Meer%2C+Irene+M.&amp;rft.au=Hofman%2C+Albert"
        "&amp;rft.au=Witteman%2C+Jacqueline+C.+M."
        '"></span>'
    )


def test_a_web_page_is_a_context_object_in_dublin_core() -> None:
    page = replace(work("nocturnal-leg-cramps"), url="https://example.org/cramps?a=1&b=2")
    assert coins(page) == (
        '<span class="Z3988" title="ctx_ver=Z39.88-2004'
        "&amp;rft_id=https%3A%2F%2Fexample.org%2Fcramps%3Fa%3D1%26b%3D2"
        "&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Adc&amp;rft.type=webpage"
        "&amp;rft.title=Leg+cramps+at+night%3A+what+has+been+tested"
        "&amp;rft.identifier=https%3A%2F%2Fexample.org%2Fcramps%3Fa%3D1%26b%3D2"
        "&amp;rft.date=2026-11-22&amp;rft.creator=Footnote+editors"
        '"></span>'
    )


def test_a_chapter_is_part_of_a_book() -> None:
    csl = {
        "type": "chapter",
        "title": "Bone",
        "container-title": "Vitamin K",
        "publisher": "Elsevier",
        "ISBN": "978-0",
        "author": [{"literal": "Bone Group"}],
    }
    span = coins(Source("study:x", "study", csl, "Bone", ()))
    assert span == (
        '<span class="Z3988" title="ctx_ver=Z39.88-2004'
        "&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Abook&amp;rft.genre=bookitem&amp;rft.atitle=Bone"
        "&amp;rft.btitle=Vitamin+K&amp;rft.pub=Elsevier&amp;rft.isbn=978-0&amp;rft.aucorp=Bone+Group"
        '"></span>'
    )


def test_the_page_of_a_study_has_the_tags_of_highwire_press() -> None:
    assert citation_meta(work("kakkos2018")) == [
        (
            "citation_title",
            "Efficacy of micronized purified flavonoid fraction (Daflon) on improving individual symptoms, "
            "signs and quality of life in patients with chronic venous disease: a systematic review and "
            "meta-analysis of randomized double-blind placebo-controlled trials",
        ),
        ("citation_author", "Kakkos, Stavros K."),
        ("citation_author", "Nicolaides, Andrew N."),
        ("citation_publication_date", "2018"),
        ("citation_journal_title", "International Angiology"),
        ("citation_volume", "37"),
        ("citation_issue", "2"),
        ("citation_firstpage", "143"),
        ("citation_lastpage", "154"),
        ("citation_doi", "10.23736/S0392-9590.18.03975-5"),
        ("citation_public_url", "https://doi.org/10.23736/S0392-9590.18.03975-5".lower()),
    ]


def test_the_head_of_a_page_links_to_the_source_in_each_format() -> None:
    page = "{% from '_record_tags.html' import record_tags %}{{ record_tags(study) }}"
    study = work("sato2002pd")
    with create_app(Settings()).test_request_context():
        head = render_template_string(page, study=study)
    assert '<meta name="citation_doi" content="10.1016/s8756-3282(02)00783-4">' in head
    links = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)" title="([^"]+)">', head)
    address = "/v1/sources/doi:10.1016/s8756-3282(02)00783-4?format="
    assert links[:3] == [
        ("application/vnd.citationstyles.csl+json", f"{address}csl-json", "CSL-JSON"),
        ("application/x-bibtex", f"{address}bibtex", "BibTeX"),
        ("application/x-research-info-systems", f"{address}ris", "RIS"),
    ]
    assert len(links) == 7


def test_what_a_title_holds_is_text_in_the_head_of_a_page() -> None:
    study = replace(work("kakkos2018"), csl={**work("kakkos2018").csl, "title": '"><script>1</script>'})
    page = "{% from '_record_tags.html' import record_tags %}{{ record_tags(study) }}"
    with create_app(Settings()).test_request_context():
        assert "<script>" not in render_template_string(page, study=study)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sources())
def test_whatever_a_record_holds_stays_within_the_attribute(source: Source) -> None:
    span = coins(source)
    match = re.fullmatch(r'<span class="Z3988" title="([^"<>]*)"></span>', span)
    assert match
    fields = dict(parse_qsl(unescape(match.group(1))))
    assert fields.get("rft.atitle", fields.get("rft.title", fields.get("rft.btitle"))) == source.title
    assert dict(citation_meta(source))["citation_title"] == source.title
