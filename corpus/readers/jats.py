"""JATS and its forerunner NLM: full text of journal articles as PubMed Central and publishers give it.

One ``article`` or many in a ``pmc-articleset``. Front matter becomes the bibliographic record, the text is
composed block by block with a marker wherever it cites, and notices of retraction, concern and correction
become `Notice`. Sub-articles that are works of their own (translations, abstracts of a meeting, replies)
become sources of their own; letters of peer review stay with their article as boilerplate. The file is
read as a stream, without DTD, entities or network.

Source: JATS 1.3, ANSI/NISO Z39.96-2021, https://jats.nlm.nih.gov/archiving/tag-library/1.3/.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from corpus.errors import MalformedRecordError
from corpus.readers.jats_body import FullText, abstract_parts, is_main
from corpus.readers.jats_front import (
    authors_complete,
    csl_of,
    doi_or_pmid,
    issued_of,
    license_of,
    publication_types,
)
from corpus.readers.jats_notices import integrity_of, notices_of
from corpus.readers.jats_references import ReferenceList
from corpus.readers.jats_text import Element, plain, words
from corpus.readers.xml_stream import RecordStream, root_of
from corpus.records import Skipped, Source
from corpus.study_records import StudyRecord, study_from
from corpus.written_dates import iso_date

NAME = "JATS full text (PubMed Central)"

_FRONT = re.compile(r"<(?:[\w.-]+:)?(?:article-meta|journal-meta|front|front-stub)[\s>]")
_JATS_DTD = re.compile(
    r"<!DOCTYPE\s+[\w:-]+\s+PUBLIC\s+[\"']-//NLM//DTD (?:JATS|Journal|ARTICLE SET)", re.IGNORECASE
)
_JATS_ATTRIBUTE = re.compile(r"<(?:[\w.-]+:)?article\b[^<>]{0,3000}\b(?:article-type|dtd-version)\s*=")
_RECORDS_OF = dict.fromkeys(
    ("article", "pmc-articleset", "articleset", "articles", "OAI-PMH", "records"), ("article",)
)
_ARTICLE = re.compile(r"<(?:[\w.-]+:)?article[\s>]")
_PEER_REVIEW = words(
    "decision-letter referee-report editor-report reviewer-report author-comment peer-review "
    "aggregated-review-documents community-comment editorial-assessment"
)
_PEER_REVIEW_TITLES = re.compile(
    r"(decision letter|author(?:s['’]|['’]s|s)? response|elife assessment).*", re.IGNORECASE
)


def claims(text: str, name: str) -> bool:
    """XML whose root is an ``article`` with JATS front matter, type or DTD, or a set of such articles."""
    root = root_of(text)
    if root not in _RECORDS_OF:
        return False
    if root == "article":
        found = (pattern.search(text) for pattern in (_FRONT, _JATS_DTD, _JATS_ATTRIBUTE))
        return any(match is not None for match in found)
    return root == "pmc-articleset" or (_ARTICLE.search(text) is not None and _FRONT.search(text) is not None)


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """Every article of a decoded file, whatever encoding its declaration names."""
    return _read(BytesIO(text.encode("utf-8", "replace")), origin, "utf-8")


def read_stream(stream: BinaryIO, origin: str) -> Iterator[Source | Skipped]:
    """Every article of a file; one article at a time is held in memory."""
    return _read(stream, origin, None)


def _read(stream: BinaryIO, origin: str, encoding: str | None) -> Iterator[Source | Skipped]:
    records = RecordStream(origin, _RECORDS_OF, {}, encoding=encoding)
    for item in records.read(stream):
        if isinstance(item, Skipped):
            yield item
        else:
            yield from _sources(item[1], origin, f"record {item[0]}")


def _local(element: Element | None) -> str:
    return "" if element is None else str(element.tag).rpartition("}")[2]


def _sources(article: Element, origin: str, position: str) -> Iterator[Source | Skipped]:
    """The article and its sub-articles; what cannot be read is said with its place."""
    namespace = str(article.tag).rpartition("}")[0]
    if namespace:
        for element in article.iter(f"{namespace}}}*"):
            element.tag = _local(element)
    try:
        yield from _read_article(article, None, origin, position)
    except MalformedRecordError as error:
        yield Skipped(origin, position, str(error))
    except RecursionError:
        yield Skipped(origin, position, "elements nested by the hundred; mend the file")


def _read_article(
    article: Element, parent: Element | None, origin: str, position: str
) -> Iterator[Source | Skipped]:
    subs = [*article.iterchildren("sub-article", "response")]
    for sub in subs:
        article.remove(sub)
    letters = [sub for sub in subs if _is_peer_review(sub)]
    try:
        yield _source(article, parent, letters, origin, position)
    except MalformedRecordError as error:
        yield Skipped(origin, position, str(error))
    for number, sub in enumerate(subs, start=1):
        if sub not in letters:
            yield from _read_article(sub, article, origin, f"{position}, {sub.tag} {number}")


def _is_peer_review(sub: Element) -> bool:
    kind = (sub.get("article-type") or "").casefold()
    return (
        kind in _PEER_REVIEW or _PEER_REVIEW_TITLES.fullmatch(plain(sub.find(".//article-title"))) is not None
    )


def _source(
    article: Element, parent: Element | None, letters: list[Element], origin: str, position: str
) -> Source:
    meta = _meta(article)
    if meta is None:
        raise MalformedRecordError(
            _local(article), "an article needs front matter (article-meta) with a title", "add it", position
        )
    above = _meta(parent) if parent is not None else None
    journal = article.find("front/journal-meta")
    if journal is None and parent is not None:
        journal = parent.find("front/journal-meta")
    issued = issued_of(meta) or (issued_of(above) if above is not None else None)
    csl = csl_of(article, meta, journal, issued)
    title = " ".join(csl["title"].split())
    listed = ReferenceList.of(article)
    related = list(article.iter("related-article"))
    named = doi_or_pmid(csl)
    record = StudyRecord(
        csl=csl,
        abstract=_abstract(meta),
        publication_types=publication_types(article, meta),
        integrity=integrity_of(article, related),
        notices=notices_of(article, title, related, named, iso_date(issued)),
        references=tuple(listed.references),
        license=license_of(meta) or (license_of(above) if above is not None else None),
        authors_complete=authors_complete(meta),
    )
    body = FullText(listed.citations())
    body.compose(title, article, meta, listed.references)
    for letter in letters:
        body.peer_review(letter)
    return study_from(record, origin, position, body.composer)


def _meta(article: Element | None) -> Element | None:
    if article is None:
        return None
    found = article.find("front/article-meta")
    return found if found is not None else article.find("front-stub")


def _abstract(meta: Element) -> tuple[tuple[str, str], ...]:
    """The abstract proper as (label, text); paragraphs of one part stand together."""
    parts: list[tuple[str, str]] = []
    for abstract in meta.iterchildren("abstract"):
        for label, element in abstract_parts(abstract) if is_main(abstract) else ():
            text = plain(element)
            if parts and not label:
                parts[-1] = (parts[-1][0], f"{parts[-1][1]} {text}")
            else:
                parts.append((label, text))
    return tuple(parts)
