"""The columns that databases and reference managers export, and what each means.

Seen in exports of PubMed, Scopus, Embase, CINAHL and EBSCO, Lens, OpenAlex, Zotero, Rayyan, Covidence and
in sheets made by hand. Names are compared in lower case with ``_`` as a blank; a row takes the first column
of a field that is not empty, so the order within a field is the order of trust.
"""

from collections.abc import Mapping, Sequence

ALIASES: Mapping[str, tuple[str, ...]] = {
    "title": (
        "title", "article title", "document title", "display name", "primary title", "paper title",
        "item title", "ti", "titles",
    ),
    "authors": (
        "author full names", "authors", "author", "author/s", "author(s)", "author names",
        "authorships.author.display name", "authorships.raw author name", "authors full name", "au",
        "author list", "creators", "creator",
    ),
    "abstract": ("abstract", "abstract note", "abstract text", "abstracts", "ab"),
    "year": ("year", "publication year", "published year", "year published", "pub year", "py"),
    "date": ("date", "publication date", "date published", "date of publication", "published date"),
    "month": ("month", "published month"),
    "day": ("day",),
    "journal": (
        "journal", "journal/book", "source title", "publication title", "journal title", "journal name",
        "primary location.source.display name", "container title", "secondary title", "publication name",
        "publication", "periodical",
    ),
    "journal-short": ("journal abbreviation", "abbreviated source title", "iso abbreviation"),
    "volume": ("volume", "vol", "biblio.volume"),
    "issue": ("issue", "issue number", "biblio.issue", "number"),
    "pages": ("pages", "page range", "page numbers", "pagination"),
    "first-page": ("start page", "first page", "page start", "biblio.first page", "art. no."),
    "last-page": ("end page", "last page", "page end", "biblio.last page"),
    "doi": ("doi", "ids.doi", "digital object identifier", "doi link", "doi url"),
    "pmid": ("pmid", "pubmed id", "medline pmid", "ids.pmid", "pubmed", "pubmedid"),
    "pmcid": ("pmcid", "pmc id", "ids.pmcid", "pmc"),
    "url": (
        "url", "link", "external url", "primary location.landing page url", "full text link", "plink",
        "permalink", "urls",
    ),
    "issn": ("issn", "issns", "primary location.source.issn", "issn l"),
    "isbn": ("isbn",),
    "language": ("language", "article language", "language of original document", "languages"),
    "publisher": ("publisher", "book publisher"),
    "types": (
        "publication type", "publication types", "document type", "item type", "doctype", "article type",
        "type", "type crossref",
    ),
    "mesh": ("mesh terms", "mesh", "mesh headings", "mesh.descriptor name"),
    "key": ("key", "citation key", "lens id", "ids.openalex", "openalex id", "id", "eid"),
    "retracted": ("is retracted", "retracted"),
    "license": ("primary location.license", "license"),
    "keywords": ("keywords", "author keywords", "manual tags"),
    "csl-type": ("csl type",),
    "standing": ("standing",),
    "design": ("footnote study type",),
    "sample-size": ("footnote sample size",),
    "finding": ("footnote finding",),
}  # fmt: skip

#: A title alone may be that of a film or a job; one of these makes the row bibliographic.
_BIBLIOGRAPHIC = ("abstract", "authors", "year", "doi", "pmid")
#: Such files have titles and authors too, but their rows are notices about works: `corpus.retraction_watch`.
_NOT_BIBLIOGRAPHIC = frozenset({"retractionnature", "originalpaperdoi"})

Columns = Mapping[str, tuple[int, ...]]


def columns_of(header: Sequence[str]) -> Columns:
    """Field -> the columns that may hold it, in order of trust; empty where no bibliography begins so.

    >>> columns_of(["Title", "DOI", "Price"])
    {'title': (0,), 'doi': (1,)}
    >>> columns_of(["Title", "Price"])
    {}
    """
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(_compared(name), place)
    if not _NOT_BIBLIOGRAPHIC.isdisjoint(places):
        return {}
    found = {
        field: tuple(places[alias] for alias in aliases if alias in places)
        for field, aliases in ALIASES.items()
    }
    columns = {field: there for field, there in found.items() if there}
    if "title" not in columns or not any(field in columns for field in _BIBLIOGRAPHIC):
        return {}
    return columns


def _compared(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").replace("_", " ").strip(" \"'").casefold().split())
