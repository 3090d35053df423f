"""What the head of a web page says of it: citation_* tags, schema.org JSON-LD, Open Graph, Dublin Core.

The tags of Google Scholar (https://scholar.google.com/intl/en/scholar/inclusion.html#indexing) come first,
for publishers make them from the record; then JSON-LD (https://schema.org/Article), Dublin Core and Open
Graph (https://ogp.me). A date is taken only where the page declares it, never guessed from its text.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from corpus.identifiers import normal_doi, normal_pmcid, normal_pmid
from corpus.normalising import normalised
from corpus.written_dates import date_parts
from corpus.written_names import Name, names_in

#: An element of lxml, which comes without types.
Element = Any

_STUDY_TYPES = frozenset({"scholarlyarticle", "medicalscholarlyarticle"})
_ARTICLE_TYPES = _STUDY_TYPES | {
    "article",
    "newsarticle",
    "blogposting",
    "medicalwebpage",
    "techarticle",
    "report",
    "webpage",
    "faqpage",
}
_STUDY_TAGS = ("citation_doi", "citation_pmid", "citation_journal_title", "prism.doi", "bepress_citation_doi")
_DEGREES = re.compile(
    r"(?:,\s*|\s+)(?:M\.?D|Ph\.?D|R\.?D\.?N?|R\.?N|M\.?P\.?H|M\.?Sc?|B\.?Sc?|D\.?O|Pharm\.?D|F[A-Z]{3,4})\.?(?=,|\s|$)"
)
_DATE_TAGS = (
    "citation_publication_date",
    "citation_date",
    "citation_cover_date",
    "citation_online_date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "prism.publicationdate",
    "article:published_time",
    "date",
    "pubdate",
)
_TITLE_BAR = re.compile(r"\s+[|–—·:-]\s+")
_DEEPEST_JSON = 6


@dataclass(frozen=True)
class PageHead:
    """The declarations of one page; each property is empty where the page says nothing."""

    tags: Mapping[str, tuple[str, ...]]
    linked: tuple[Mapping[str, Any], ...]
    shown_title: str
    headings: tuple[str, ...]
    canonical: str
    declared_dates: tuple[str, ...]
    bylines: tuple[str, ...]
    language: str

    @classmethod
    def of(cls, tree: Element) -> "PageHead":
        """The declarations of a parsed page."""
        return cls(
            tags=_tags(tree),
            linked=tuple(_articles(tree)),
            shown_title=_words(tree.findtext(".//title")),
            headings=tuple(_words(h.text_content()) for h in tree.iter("h1")),
            canonical=next((_words(e.get("href")) for e in tree.xpath("//link[@rel='canonical']")), ""),
            declared_dates=tuple(
                _words(e.get("datetime") or e.get("content"))
                for e in tree.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]")
            ),
            bylines=tuple(
                _words(e.text_content())
                for e in tree.xpath("//a[@rel='author'] | //*[@itemprop='author' and not(@content)]")
            ),
            language=_words(tree.get("lang")),
        )

    @property
    def is_study(self) -> bool:
        """Whether the page calls itself a scholarly article or carries the tags of one."""
        scholarly = any(_types(thing) & _STUDY_TYPES for thing in self.linked)
        return scholarly or any(tag in self.tags for tag in _STUDY_TAGS)

    @cached_property
    def title(self) -> str:
        """The title without the site's name; the page's only first heading where nothing contradicts it."""
        declared = self._tag("citation_title", "dc.title") or self._linked("headline")
        if declared:
            return declared
        named = self._tag("og:title") or self._linked("name")
        single = self.headings[0] if len({heading for heading in self.headings if heading}) == 1 else ""
        if single and not self._is_site(single) and single.casefold() in (named or single).casefold():
            return single
        return _without_site(named or self.shown_title, self.site) or single

    def _is_site(self, heading: str) -> bool:
        """Whether a heading is the site's logo: its name, or what stands behind the bar in the title."""
        parts = _TITLE_BAR.split(self.shown_title)
        return heading.casefold() in {self.site.casefold(), parts[-1].casefold() if len(parts) > 1 else ""}

    @property
    def site(self) -> str:
        """The name of the site or publisher."""
        publisher = self._thing("publisher").get("name")
        return self._tag("og:site_name", "application-name") or _words(publisher)

    @property
    def authors(self) -> tuple[list[Name], bool]:
        """CSL names, and whether the list is complete."""
        written = list(self.tags.get("citation_author", ())) or list(self.tags.get("dc.creator", ()))
        written = written or [
            part for tag in self.tags.get("citation_authors", ()) for part in tag.split(";")
        ]
        written = written or self._linked_authors()
        return names_in("; ".join(_DEGREES.sub("", name).strip() for name in written if name.strip()))

    @property
    def bylined(self) -> list[str]:
        """The authors as the page writes them, without degrees: a health page's authors."""
        written = self._linked_authors() or [
            *self.tags.get("author", ()),
            *self.tags.get("article:author", ()),
        ]
        names = (_DEGREES.sub("", name).strip(" ,") for name in written or self.bylines)
        return list(dict.fromkeys(name for name in names if name and "//" not in name and len(name) < 80))

    @property
    def date(self) -> list[int]:
        """Year, month, day as far as declared."""
        written = [value for tag in _DATE_TAGS for value in self.tags.get(tag, ())]
        written += [self._linked("datePublished"), self._linked("dateCreated"), *self.declared_dates]
        return next((parts for value in written if (parts := date_parts(value))), [])

    @property
    def doi(self) -> str | None:
        """The DOI that the page gives itself."""
        tags = ("citation_doi", "prism.doi", "bepress_citation_doi", "dc.identifier", "dc.identifier.doi")
        written = [value for tag in tags for value in self.tags.get(tag, ())]
        return next((doi for value in [*written, *self._identifiers()] if (doi := normal_doi(value))), None)

    @property
    def pmid(self) -> str | None:
        """The PMID that the page gives itself."""
        named = [v for v in self._identifiers() if v.casefold().startswith("pmid:")]
        tags = [*self.tags.get("citation_pmid", ()), *self.tags.get("ncbi_pmid", ())]
        return next((pmid for value in tags + named if (pmid := normal_pmid(value))), None)

    @property
    def pmcid(self) -> str | None:
        """The PMCID, from its tag or from the address of a PubMed Central page."""
        found = re.search(
            r"/(?:pmc/)?articles/(PMC\d+)", f"{self.url} {self._tag('citation_fulltext_html_url')}"
        )
        return normal_pmcid(self._tag("citation_pmcid", "ncbi_acc") or (found.group(1) if found else ""))

    @property
    def url(self) -> str:
        """The page's own address."""
        tags = ("og:url", "citation_public_url", "citation_abstract_html_url", "citation_fulltext_html_url")
        address = self.canonical or self._tag(*tags) or self._linked("url")
        return address if address.startswith(("http://", "https://")) else ""

    def csl(self) -> dict[str, Any]:
        """What the page says of the study in it, as a CSL item without title and authors."""
        first, last = self._tag("citation_firstpage", "prism.startingpage"), self._tag("citation_lastpage")
        part_of = self._thing("isPartOf")
        journal = self._tag("citation_journal_title", "prism.publicationname") or _words(part_of.get("name"))
        found: dict[str, Any] = {
            "container-title": journal,
            "container-title-short": self._tag("citation_journal_abbrev"),
            "volume": self._tag("citation_volume", "prism.volume") or _words(part_of.get("volumeNumber")),
            "issue": self._tag("citation_issue", "prism.number") or _words(part_of.get("issueNumber")),
            "page": f"{first}-{last}" if last and last != first else first or self._linked("pagination"),
            "ISSN": self._tag("citation_issn", "prism.issn") or _words(part_of.get("issn")),
            "language": self._tag("citation_language", "dc.language") or self.language,
            "publisher": self._tag("citation_publisher", "dc.publisher"),
            "DOI": self.doi,
            "PMID": self.pmid,
            "PMCID": self.pmcid,
            "URL": self.url,
            "issued": {"date-parts": [self.date]} if self.date else None,
        }
        return {field: value for field, value in found.items() if value}

    def _tag(self, *names: str) -> str:
        return next((value for name in names for value in self.tags.get(name, ()) if value), "")

    def _linked(self, field: str) -> str:
        values = (thing.get(field) for thing in self.linked)
        return next((_words(value) for value in values if isinstance(value, str) and value.strip()), "")

    def _thing(self, field: str) -> Mapping[str, Any]:
        """The object that a field holds, that of the outer object included (volume, then journal)."""
        for thing in self.linked:
            inner = thing.get(field)
            inner = inner[0] if isinstance(inner, list) and inner else inner
            if isinstance(inner, dict):
                outer = inner.get("isPartOf") if field == "isPartOf" else None
                return {**outer, **inner} if isinstance(outer, dict) else inner
        return {}

    def _linked_authors(self) -> list[str]:
        for thing in self.linked:
            authors = thing.get("author") or thing.get("creator")
            authors = authors if isinstance(authors, list) else [authors]
            names = [_words(a.get("name") if isinstance(a, dict) else a) for a in authors]
            if any(names):
                return [name for name in names if name]
        return []

    def _identifiers(self) -> Iterator[str]:
        for thing in self.linked:
            for field in ("identifier", "sameAs", "@id"):
                given = thing.get(field)
                for value in given if isinstance(given, list) else [given]:
                    yield _words(
                        f"{_prefix(value)}{value.get('value')}" if isinstance(value, dict) else value
                    )


def _prefix(value: Mapping[str, Any]) -> str:
    """``PMID:`` where a PropertyValue is named so; its value alone would be any number."""
    name = str(value.get("propertyID") or value.get("name") or "")
    return "pmid:" if name.casefold() in ("pmid", "pubmed") else ""


def _tags(tree: Element) -> dict[str, tuple[str, ...]]:
    """The contents of all meta tags by name or property in lower case."""
    tags: dict[str, tuple[str, ...]] = {}
    for element in tree.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().casefold()
        content = _words(element.get("content"))
        if name and content:
            tags[name] = (*tags.get(name, ()), content)
    return tags


def _articles(tree: Element) -> Iterator[Mapping[str, Any]]:
    """The objects of JSON-LD that describe an article, scholarly ones first, mere pages last."""
    found: list[Mapping[str, Any]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue  # a page may be read without it
        found += [thing for thing in _objects([data], 0) if _types(thing) & _ARTICLE_TYPES]
    yield from sorted(found, key=lambda thing: (not _types(thing) & _STUDY_TYPES, "webpage" in _types(thing)))


def _objects(data: Iterable[Any], depth: int) -> Iterator[Mapping[str, Any]]:
    for thing in data:
        if isinstance(thing, list) and depth < _DEEPEST_JSON:
            yield from _objects(thing, depth + 1)
        elif isinstance(thing, dict):
            yield thing
            inner = [thing.get("@graph"), thing.get("mainEntity"), thing.get("mainEntityOfPage")]
            if depth < _DEEPEST_JSON:
                yield from _objects(inner, depth + 1)


def _types(thing: Mapping[str, Any]) -> set[str]:
    given = thing.get("@type")
    return {
        str(name).casefold().rsplit("/", 1)[-1] for name in (given if isinstance(given, list) else [given])
    }


def _words(value: Any) -> str:
    """A value as one line of text; JSON may spell half a character, which is left out."""
    if not isinstance(value, str | int):
        return ""
    return " ".join(normalised(str(value).encode("utf-8", "ignore").decode()).split())


def _without_site(title: str, site: str) -> str:
    """``Leg cramps | HealthSite`` without the site, where the page names the site so."""
    parts = _TITLE_BAR.split(title)
    is_site = len(parts) > 1 and site != "" and parts[-1].casefold() == site.casefold()
    return title[: len(title) - len(parts[-1])].rstrip(" |–—·:-") if is_site else title
