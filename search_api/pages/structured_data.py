"""A source in the words of schema.org, for the head of its page (JSON-LD).

A study is a ``ScholarlyArticle`` with what its record holds, an article a ``MedicalWebPage`` with the studies
that it cites. What the record lacks is left out; a retraction is in the title and in ``creativeWorkStatus``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from corpus.records import Source
from search_api.citations import citable_item
from search_api.pages.wording import standing_of, web_address

Document = dict[str, Any]


def structured_data(source: Source, cited: Iterable[Source] = ()) -> Document:
    """The JSON-LD document of a source; ``cited`` are the sources that an article cites."""
    if source.kind == "article":
        document = {"@context": "https://schema.org", "@type": "MedicalWebPage", **_work(source)}
        citation = [_study(one) for one in cited]
        return document | ({"citation": citation} if citation else {})
    return {"@context": "https://schema.org", **_study(source)}


def _study(source: Source) -> Document:
    csl = source.csl
    document: Document = {"@type": "ScholarlyArticle", **_work(source)}
    doi = csl.get("DOI")
    names = {"doi": doi, "pmid": csl.get("PMID"), "pmcid": csl.get("PMCID")}
    identifiers = [
        {"@type": "PropertyValue", "propertyID": name, "value": str(value)}
        for name, value in names.items()
        if value
    ]
    if identifiers:
        document["identifier"] = identifiers
    if doi:
        document["sameAs"] = f"https://doi.org/{doi}"
    if csl.get("container-title"):
        document["isPartOf"] = {"@type": "Periodical", "name": str(csl["container-title"])}
    for name, field in (("volumeNumber", "volume"), ("issueNumber", "issue"), ("pagination", "page")):
        if csl.get(field):
            document[name] = str(csl[field])
    return document


def _work(source: Source) -> Document:
    document: Document = {"headline": str(citable_item(source).get("title") or source.title)}
    authors = [_author(author) for author in source.csl.get("author") or []]
    if authors:
        document["author"] = authors
    if published := _date(source.csl):
        document["datePublished"] = published
    if standing := standing_of(source):
        document["creativeWorkStatus"] = standing
    if source.license:
        document["license"] = source.license
    if address := web_address(source):
        document["url"] = address
    return document


def _author(author: Mapping[str, Any]) -> Document:
    if author.get("literal"):
        return {"@type": "Organization", "name": str(author["literal"])}
    named = {"givenName": author.get("given"), "familyName": author.get("family")}
    return {"@type": "Person"} | {name: str(value) for name, value in named.items() if value}


def _date(csl: Mapping[str, Any]) -> str | None:
    """The date as far as the record gives it: 2004, 2004-11 or 2004-11-02."""
    parts = ((csl.get("issued") or {}).get("date-parts") or [[]])[0]
    numbers = [int(part) for part in parts if part is not None]
    return "-".join([f"{numbers[0]:04d}", *(f"{n:02d}" for n in numbers[1:3])]) if numbers else None
