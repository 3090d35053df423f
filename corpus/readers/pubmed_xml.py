"""PubMed records as XML: what efetch, the website's export and the yearly baseline files hold.

A set holds ``PubmedArticle`` (the citation and PubMed's data on it) and ``PubmedBookArticle`` (a book or
a chapter); older sets hold bare ``MedlineCitation``. The DTD with the elements' meanings is
https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html. The citation's publication date (PubDate) is
when it was issued; the date of the electronic article counts only where that is missing.
"""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from corpus.errors import MalformedRecordError
from corpus.identifiers import bare_doi, normal_pmcid
from corpus.readers.inline_markup import Element, plain
from corpus.readers.pubmed_fields import (
    at,
    date_of,
    identifiers,
    language,
    pages,
    people,
    references,
    text_at,
    texts_at,
    titles,
)
from corpus.readers.pubmed_standing import standing_of
from corpus.readers.xml_stream import MAX_RECORD_BYTES, RecordStream, root_of
from corpus.records import Skipped, Source
from corpus.study_records import StudyRecord, study_from

NAME = "PubMed XML"

_IN_SETS = ("PubmedArticle", "PubmedBookArticle")
_RECORDS_OF = {
    "PubmedArticleSet": _IN_SETS,
    "PubmedBookArticleSet": _IN_SETS,
    "PubmedArticle": ("PubmedArticle",),
    "PubmedBookArticle": ("PubmedBookArticle",),
    "MedlineCitationSet": ("MedlineCitation",),
    "MedlineCitation": ("MedlineCitation",),
}
_REMEDY = "fetch the records with efetch from PubMed as XML"
_REFUSALS = {
    "eSummaryResult": f"a result of esummary, which holds summaries and not the records; {_REMEDY}",
    "eSearchResult": f"a result of esearch, which holds numbers and not the records; {_REMEDY}",
    "eFetchResult": f"an error message of efetch, not records; {_REMEDY}",
}


def claims(text: str, name: str) -> bool:
    """XML whose root is a set of PubMed records, one of them, or another answer of NCBI's that has none."""
    root = root_of(text)
    return root in _RECORDS_OF or root in _REFUSALS


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """Every record of the file; what is broken is skipped."""
    # What the XML declares is no longer so: the text is decoded.
    yield from _read(io.BytesIO(text.encode("utf-8", "replace")), origin, MAX_RECORD_BYTES, "utf-8")


def read_stream(stream: BinaryIO, origin: str, limit: int = MAX_RECORD_BYTES) -> Iterator[Source | Skipped]:
    """Every record of a stream of any length, one held at a time; ``limit`` is a record's bytes."""
    yield from _read(stream, origin, limit, None)


def _read(stream: BinaryIO, origin: str, limit: int, encoding: str | None) -> Iterator[Source | Skipped]:
    records = RecordStream(origin, _RECORDS_OF, _REFUSALS, encoding=encoding, limit=limit)
    for item in records.read(stream):
        if isinstance(item, Skipped):
            yield item
            continue
        number, element = item
        position = f"record {number}"
        try:
            yield study_from(_record(element, position), origin, position)
        except MalformedRecordError as error:
            yield Skipped(origin, position, str(error))


def _record(element: Element, position: str) -> StudyRecord:
    if element.tag == "PubmedBookArticle":
        return _book(element, position)
    citation = element if element.tag == "MedlineCitation" else at(element, "MedlineCitation")
    article = at(citation, "Article")
    if article is None:
        raise MalformedRecordError(element.tag, "holds no Article", "fetch the record again", position)
    data = at(element, "PubmedData")
    csl = _article_csl(article, citation, data)
    types = texts_at(article, "PublicationTypeList", "PublicationType")
    if "Preprint" in types:
        csl["type"] = "article"
    integrity, notices = standing_of(citation, csl, types)
    return StudyRecord(
        csl=csl,
        abstract=_abstract(article, citation),
        publication_types=tuple(types),
        mesh=tuple(texts_at(citation, "MeshHeadingList", "MeshHeading", "DescriptorName")),
        integrity=integrity,
        notices=notices,
        references=references(data, citation),
        authors_complete=_complete(article),
    )


def _article_csl(article: Element, citation: Element, data: Element) -> dict[str, Any]:
    title, original = titles(article)
    journal = at(article, "Journal")
    medline = at(citation, "MedlineJournalInfo")
    abbreviation = text_at(journal, "ISOAbbreviation") or text_at(medline, "MedlineTA")
    csl = {
        "type": "article-journal",
        "title": title,
        "original-title": original if original != title else "",
        **_contributors(article),
        "container-title": text_at(journal, "Title") or abbreviation,
        "container-title-short": abbreviation,
        "volume": text_at(journal, "JournalIssue", "Volume"),
        "issue": text_at(journal, "JournalIssue", "Issue"),
        "page": pages(article),
        "ISSN": text_at(journal, "ISSN") or text_at(medline, "ISSNLinking"),
        "language": language(article),
        "keyword": "; ".join(texts_at(citation, "KeywordList", "Keyword")),
        **_article_identifiers(article, citation, data),
    }
    dates = (
        at(journal, "JournalIssue", "PubDate"),
        at(article, "ArticleDate"),
    )
    return _with_date(csl, *dates)


def _article_identifiers(article: Element, citation: Element, data: Element) -> dict[str, str]:
    """The article's own identifiers; those of its references stand in lists of their own."""
    found = identifiers(at(data, "ArticleIdList"))
    other = (normal_pmcid(plain(entry)) for entry in citation.iterchildren("OtherID"))
    return {
        "PMID": text_at(citation, "PMID") or found.get("PMID", ""),
        "DOI": _located_doi(article) or found.get("DOI", ""),
        "PMCID": found.get("PMCID") or next((pmcid for pmcid in other if pmcid), ""),
    }


def _located_doi(holder: Element) -> str | None:
    located = holder.iterfind("ELocationID[@EIdType='doi']")
    dois = (bare_doi(plain(entry)) for entry in located if entry.get("ValidYN") != "N")
    return next((doi for doi in dois if doi), None)


def _contributors(*holders: Element) -> dict[str, list[dict[str, str]]]:
    """Authors and editors of the lists that stand in an article, or in a book and its chapter."""
    found: dict[str, list[dict[str, str]]] = {"author": [], "editor": []}
    for holder in holders:
        for names in holder.iterchildren("AuthorList") if holder is not None else ():
            role = "editor" if names.get("Type") == "editors" else "author"
            found[role] = found[role] or people(names)
    return found


def _complete(*holders: Element) -> bool:
    lists = [names for h in holders if h is not None for names in h.iterchildren("AuthorList")]
    return all(names.get("CompleteYN") != "N" for names in lists)


def _with_date(csl: dict[str, Any], *elements: Element) -> dict[str, Any]:
    parts = next((parts for parts in map(date_of, elements) if parts), None)
    return csl | {"issued": {"date-parts": [parts]}} if parts else csl


def _abstract(article: Element, citation: Element) -> tuple[tuple[str, str], ...]:
    """The abstract in its sections; one in another place only where the article has none."""
    found = _sections(at(article, "Abstract"))
    return found or _sections(citation.find("OtherAbstract[@Language='eng']"))


def _sections(abstract: Element) -> tuple[tuple[str, str], ...]:
    if abstract is None:
        return ()
    sections = ((_label(section), plain(section)) for section in abstract.iterchildren("AbstractText"))
    return tuple((label, text) for label, text in sections if text)


def _label(section: Element) -> str:
    label = section.get("Label") or section.get("NlmCategory") or ""
    return "" if label.casefold() in ("unassigned", "unlabelled") else label


def _book(element: Element, position: str) -> StudyRecord:
    document = at(element, "BookDocument")
    if document is None:
        raise MalformedRecordError(element.tag, "holds no BookDocument", "fetch the record again", position)
    return StudyRecord(
        csl=_book_csl(document, at(document, "Book"), at(element, "PubmedBookData")),
        abstract=_sections(at(document, "Abstract")),
        publication_types=tuple(texts_at(document, "PublicationType")),
        references=references(document, document),
        authors_complete=_complete(document, at(document, "Book")),
    )


def _book_csl(document: Element, book: Element, data: Element) -> dict[str, Any]:
    """A chapter in its book, or the book; the date of the chapter's contribution is the chapter's."""
    title, original = titles(document)
    of_book = text_at(book, "BookTitle").rstrip(".")
    ids = [at(holder, "ArticleIdList") for holder in (document, data)]
    csl = {
        "type": "chapter" if title and of_book and title != of_book else "book",
        "title": title or of_book,
        "original-title": original if original != title else "",
        **_contributors(document, book),
        "container-title": of_book if title and title != of_book else "",
        "collection-title": text_at(book, "CollectionTitle"),
        "publisher": text_at(book, "Publisher", "PublisherName"),
        "publisher-place": text_at(book, "Publisher", "PublisherLocation"),
        "edition": text_at(book, "Edition"),
        "volume": text_at(book, "Volume"),
        "ISBN": text_at(book, "Isbn"),
        "page": pages(document),
        "language": language(document),
        "keyword": "; ".join(texts_at(document, "KeywordList", "Keyword")),
        **identifiers(*ids),
    }
    csl |= {"PMID": text_at(document, "PMID") or csl.get("PMID", "")}
    doi = csl.get("DOI") or (_located_doi(book) if book is not None else None)
    dates = [at(document, "ContributionDate")]
    dates += [at(book, name) for name in ("PubDate", "BeginningDate")]
    return _with_date(csl | {"DOI": doi or ""}, *dates)
