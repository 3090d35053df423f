"""What a page tells machines in its head: valid JSON, no more than the record says."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from corpus.records import Integrity, Source
from search_api.pages.structured_data import structured_data


def test_a_study_is_a_scholarly_article_with_what_its_record_holds() -> None:
    csl: dict[str, Any] = {
        "title": "Legs and K2",
        "author": [{"family": "Sato", "given": "Y."}, {"literal": "The Group"}],
        "issued": {"date-parts": [[2004, 3]]},
        "container-title": "Bone",
        "volume": "9",
        "DOI": "10.1/x",
        "PMID": "7",
    }
    source = Source("doi:10.1/x", "study", csl, "", (), url="https://doi.org/10.1/x")
    assert structured_data(source) == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": "Legs and K2",
        "author": [
            {"@type": "Person", "givenName": "Y.", "familyName": "Sato"},
            {"@type": "Organization", "name": "The Group"},
        ],
        "datePublished": "2004-03",
        "url": "https://doi.org/10.1/x",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "doi", "value": "10.1/x"},
            {"@type": "PropertyValue", "propertyID": "pmid", "value": "7"},
        ],
        "sameAs": "https://doi.org/10.1/x",
        "isPartOf": {"@type": "Periodical", "name": "Bone"},
        "volumeNumber": "9",
    }


def test_what_the_record_lacks_is_left_out() -> None:
    assert structured_data(Source("x", "study", {"title": "T"}, "", ())) == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": "T",
    }


def test_a_retraction_is_told_to_machines_as_well() -> None:
    source = Source("x", "study", {"title": "T"}, "", (), integrity=Integrity("retracted"))
    document = structured_data(source)
    assert (document["headline"], document["creativeWorkStatus"]) == ("RETRACTED: T", "Retracted")


def test_an_article_is_a_medical_page_that_cites_its_studies() -> None:
    study = Source("doi:10.1/x", "study", {"title": "S", "DOI": "10.1/x"}, "", ())
    document = structured_data(Source("article:x", "article", {"title": "A"}, "", ()), [study])
    assert (document["@type"], document["citation"][0]["headline"]) == ("MedicalWebPage", "S")


@pytest.mark.parametrize("name", ["10.1093/jn/134.11.3100", "article:nocturnal-leg-cramps"])
def test_it_stands_in_the_page_as_json(client: FlaskClient, name: str) -> None:
    page = html.fromstring(client.get(f"/sources/{name}").get_data(as_text=True))
    (script,) = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(script.text)["headline"] in page.xpath("//h1")[0].text_content()


def test_a_title_cannot_end_the_script(client: FlaskClient) -> None:
    source = Source("x", "study", {"title": "</script><script>alert(1)</script>"}, "", ())
    with client.application.test_request_context():
        text = client.application.jinja_env.from_string("{{ one | tojson }}").render(
            one=structured_data(source)
        )
    assert "</script>" not in text
