"""What reference managers read in a page: COinS spans, ``citation_*`` tags, and links to files.

COinS: an OpenURL ContextObject (ANSI/NISO Z39.88-2004, key/encoded-value format) in the title of an empty
span (https://web.archive.org/web/2017/http://ocoins.info/); Zotero, Mendeley and library resolvers read it
from lists.
``citation_*``: the tags of Highwire Press, by which Google Scholar and Zotero read the page of one work
(https://scholar.google.com/intl/en/scholar/inclusion.html#indexing).
``alternates``: the same source in each export format, for ``<link rel="alternate">``.

Templates have them through `_record_tags.html` and as globals (`register`).
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Flask
from markupsafe import Markup

from corpus.records import Source
from search_api.exports.fields import PersonName, iso_date, issued, names, pages, text
from search_api.exports.formats import FORMATS

_JOURNAL = "info:ofi/fmt:kev:mtx:journal"
_BOOK = "info:ofi/fmt:kev:mtx:book"
_DUBLIN_CORE = "info:ofi/fmt:kev:mtx:dc"
_GENRES = {"article-journal": "article", "article-magazine": "article", "article-newspaper": "article"}
_BOOK_GENRES = {"book": "book", "chapter": "bookitem", "paper-conference": "proceeding", "report": "report"}


def register(app: Flask) -> None:
    """Give the templates of an application what this file makes."""
    app.jinja_env.globals |= {"coins": coins, "citation_meta": citation_meta, "alternates": alternates}


def coins(source: Source) -> Markup:
    """A source as a COinS span, ready to stand in HTML."""
    return Markup('<span class="Z3988" title="{}"></span>').format(context_object(source))


def alternates(address: str) -> list[tuple[str, str, str]]:
    """A source in each format as (media type, address, title); ``address`` is that of its JSON."""
    return [(form.media_type, f"{address}?format={form.name}", form.title) for form in FORMATS.values()]


def context_object(source: Source) -> str:
    """The OpenURL ContextObject of a source, encoded for an address."""
    fields = [("ctx_ver", "Z39.88-2004"), *_identifiers(source), *_referent(source)]
    return urlencode([(name, value) for name, value in fields if value])


def _identifiers(source: Source) -> Iterator[tuple[str, str]]:
    yield "rft_id", f"info:doi/{source.csl['DOI']}" if source.csl.get("DOI") else ""
    yield "rft_id", f"info:pmid/{source.csl['PMID']}" if source.csl.get("PMID") else ""
    yield "rft_id", (source.url or "") if not source.csl.get("DOI") else ""


def _referent(source: Source) -> Iterator[tuple[str, str]]:
    kind = text(source, "type")
    if kind in _GENRES:
        yield from _article(source)
    elif kind in _BOOK_GENRES:
        yield from _book(source, _BOOK_GENRES[kind])
    else:
        yield from _dublin_core(source)


def _article(source: Source) -> Iterator[tuple[str, str]]:
    first, _, last = pages(source).partition("-")
    yield "rft_val_fmt", _JOURNAL
    yield "rft.genre", "article"
    yield "rft.atitle", text(source, "title")
    yield "rft.jtitle", text(source, "container-title")
    yield "rft.stitle", text(source, "container-title-short")
    yield "rft.volume", text(source, "volume")
    yield "rft.issue", text(source, "issue")
    yield "rft.spage", first if last else ""
    yield "rft.epage", last
    yield "rft.pages", pages(source)
    yield "rft.issn", text(source, "ISSN")
    yield from _date_and_names(source)


def _book(source: Source, genre: str) -> Iterator[tuple[str, str]]:
    part = genre in ("bookitem", "proceeding")
    yield "rft_val_fmt", _BOOK
    yield "rft.genre", genre
    yield "rft.atitle", text(source, "title") if part else ""
    yield "rft.btitle", text(source, "container-title" if part else "title")
    yield "rft.pub", text(source, "publisher")
    yield "rft.place", text(source, "publisher-place")
    yield "rft.edition", text(source, "edition")
    yield "rft.pages", pages(source)
    yield "rft.isbn", text(source, "ISBN")
    yield from _date_and_names(source)


def _dublin_core(source: Source) -> Iterator[tuple[str, str]]:
    """What is neither an article nor a book; a web page, mostly."""
    yield "rft_val_fmt", _DUBLIN_CORE
    yield "rft.type", text(source, "type")
    yield "rft.title", text(source, "title")
    yield "rft.source", text(source, "container-title")
    yield "rft.publisher", text(source, "publisher")
    yield "rft.identifier", source.url or ""
    yield "rft.language", text(source, "language")
    yield "rft.date", iso_date(issued(source))
    for name in names(source):
        yield "rft.creator", _in_order(name)


def _date_and_names(source: Source) -> Iterator[tuple[str, str]]:
    yield "rft.date", iso_date(issued(source))
    people = names(source)
    first = people[0] if people else PersonName()
    yield "rft.aulast", first.family
    yield "rft.aufirst", first.given
    yield "rft.ausuffix", first.suffix
    for name in people:
        yield ("rft.aucorp", name.literal) if name.literal else ("rft.au", _family_first(name))


def citation_meta(source: Source) -> list[tuple[str, str]]:
    """The ``citation_*`` tags of a source's page as (name, content), in the order in which they are read."""
    return [(f"citation_{name}", content) for name, content in _tags(source) if content]


def _tags(source: Source) -> Iterator[tuple[str, str]]:
    first, _, last = pages(source).partition("-")
    yield "title", text(source, "title")
    for name in names(source):
        yield "author", name.literal or _family_first(name)
    yield "publication_date", iso_date(issued(source), "/")
    yield "journal_title", text(source, "container-title")
    yield "journal_abbrev", text(source, "container-title-short")
    yield "volume", text(source, "volume")
    yield "issue", text(source, "issue")
    yield "firstpage", first
    yield "lastpage", last
    yield "doi", text(source, "DOI")
    yield "pmid", text(source, "PMID")
    yield "issn", text(source, "ISSN")
    yield "isbn", text(source, "ISBN")
    yield "publisher", text(source, "publisher")
    yield "language", text(source, "language")
    yield "keywords", text(source, "keyword")
    yield "public_url", source.url or ""


def _family_first(name: PersonName) -> str:
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part) or name.literal


def _in_order(name: PersonName) -> str:
    return name.literal or " ".join(part for part in (name.given, name.family, name.suffix) if part)
