"""A web page that holds an article: of a health site, a blog, a journal or PubMed Central.

A page with the tags of a scholarly article is a study, any other an article. The text is what trafilatura
takes for the page's main text; what it would lose is taken out before: the reference list, the links
and raised numbers that point at it, boxes with key points, questions that unfold.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from corpus.article_parts import part_of, slug_of
from corpus.errors import MalformedRecordError
from corpus.normalising import normalised
from corpus.readers.html_blocks import BodyComposing, words_in
from corpus.readers.html_metadata import PageHead
from corpus.readers.html_references import ReferenceList, take_references
from corpus.records import UNQUOTED_KINDS, Skipped, Source
from corpus.study_records import StudyRecord, study_from

NAME = "HTML"

#: An element of lxml, which comes without types.
Element = Any

_LEAD = r"\s*(?:<\?xml[^>]{0,200}\?>\s*|<!--.{0,4000}?-->\s*)*"
_PAGE = re.compile(_LEAD + r"<(?:!doctype\s+html|html|head|body|meta)\b", re.IGNORECASE | re.DOTALL)
_FRAGMENT = re.compile(
    r"\s*<(?:title|article|main|section|div|header|h1|h2|p)\b(?!.*<(?:sec|front|para)\b).*(?:</p>|<p\b|<br\b|<div\b)",
    re.IGNORECASE | re.DOTALL,
)
_BOX = re.compile(
    r"key-?(?:point|takeaway|fact|message)s?|highlights|summary|abstract|at-a-glance", re.IGNORECASE
)
_LEAST_WORDS = 40
#: A page that asks for a password and has fewer words than this is the door, not the article.
_LEAST_WORDS_BESIDE_LOGIN = 150
_MOST_LINKED = 0.5
_NO_ARTICLE = "save the page of the article itself, with its text"
#: What lxml and trafilatura raise for trees that are like no page.
_EXTRACTION_FAULTS = (
    etree.LxmlError,
    RecursionError,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
)


def claims(text: str, name: str) -> bool:
    """Text that begins as a web page does, or as a piece of one; in a Markdown file HTML is part of it."""
    if name.casefold().endswith((".md", ".markdown")):
        return False
    text = text.lstrip("\ufeff")
    return _PAGE.match(text) is not None or _FRAGMENT.match(text) is not None


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """The article of the page, or why it has none."""
    try:
        yield _source(_parsed(text), origin)
    except _NoArticleError as error:
        yield Skipped(origin, None, f"{error}; {_NO_ARTICLE}")
    except MalformedRecordError as error:
        yield Skipped(origin, None, str(error))
    except _EXTRACTION_FAULTS as error:
        yield Skipped(
            origin, None, f"not readable as a web page ({type(error).__name__}: {error}); save it anew"
        )


class _NoArticleError(Exception):
    """The page holds no article; the message says what it looks like."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's parts: what its head declares, its references, the blocks of its text."""

    head: PageHead
    references: ReferenceList
    body: BodyComposing


def _parsed(text: str) -> Element:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    data = normalised(text).encode("utf-8", "ignore")
    try:
        return lxml_html.document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise _NoArticleError("an empty page") from error


def _source(tree: Element, origin: str) -> Source:
    head = PageHead.of(tree)
    has_login = bool(tree.xpath("//input[@type='password']"))
    references = take_references(tree)
    _keep_boxes(tree)
    extracted = _main_text(tree)
    is_index = extracted is not None and _is_index(tree, extracted)
    body = BodyComposing(head.title, references.labels, head.is_study)
    body.composer.add("title", (), head.title)
    if extracted is not None and not is_index:
        body.body(extracted)
    if not (head.is_study and head.title):
        _check_article(head, body, is_index, has_login)
    _add_references(body, references)
    page = _Page(head, references, body)
    return _study(page, origin) if head.is_study else _article(page, origin)


def _keep_boxes(tree: Element) -> None:
    """Make plain what extraction drops although it belongs to the article."""
    for box in list(tree.iter("aside", "section", "details")):
        names = f"{box.get('class') or ''} {box.get('id') or ''}"
        headings = (" ".join(h.text_content().split()) for h in box.iter("h2", "h3", "h4", "strong"))
        known = box.tag == "details" or _BOX.search(names) or part_of(next(headings, "")) != "section"
        if known:
            box.tag = "div"
            box.attrib.clear()
    for summary in list(tree.iter("summary")):
        summary.tag = "h6"


def _main_text(tree: Element) -> Element | None:
    # trafilatura opens its settings when it is imported, which no module of ours may do.
    from trafilatura import bare_extraction

    body = None
    for fast in (True, False):
        document = bare_extraction(
            deepcopy(tree),
            fast=fast,
            favor_recall=True,
            include_comments=False,
            include_tables=True,
            include_links=True,
            include_formatting=False,
            with_metadata=False,
        )
        body = getattr(document, "body", None)
        if body is not None and words_in(body, "ref")[1] >= _LEAST_WORDS:
            break
    return body


def _is_index(tree: Element, extracted: Element) -> bool:
    """Whether a page is links and little else.

    Where trafilatura finds no article it gives all words of the page in one paragraph, without links;
    then the page itself has to tell.
    """
    is_dump = len(extracted) == 1 and "\n" in "".join(extracted.itertext()).strip()
    page = next(tree.iter("body"), tree)
    linked, total = words_in(page, "a") if is_dump else words_in(extracted, "ref")
    return linked > _MOST_LINKED * total


def _check_article(head: PageHead, body: BodyComposing, is_index: bool, has_login: bool) -> None:
    """Raise `_NoArticleError` for a page that holds no article's text."""
    text = body.composer.text()
    quoted = (b for b in body.composer.blocks if b.kind not in UNQUOTED_KINDS)
    words = sum(len(text[block.start : block.end].split()) for block in quoted)
    if is_index:
        raise _NoArticleError("a page of links, no article")
    if has_login and words < _LEAST_WORDS_BESIDE_LOGIN:
        raise _NoArticleError("a login page")
    if words < _LEAST_WORDS:
        raise _NoArticleError("no article text on this page")
    if not head.title:
        raise _NoArticleError("a page without a title")


def _add_references(body: BodyComposing, references: ReferenceList) -> None:
    if not references.entries:
        return
    body.headings = []
    body.open(2, "References")
    for entry in references.entries:
        body.composer.add("reference", ("References",), f"{entry.label}. {entry.raw}")


def _article(page: _Page, origin: str) -> Source:
    slug = slug_of(page.head.title)
    csl: dict[str, Any] = {"id": slug, "type": "webpage", "title": page.head.title}
    given = {
        "author": [{"literal": name} for name in page.head.bylined],
        "issued": {"date-parts": [page.head.date]} if page.head.date else None,
        "container-title": page.head.site,
        "language": page.head.language,
        "URL": page.head.url,
    }
    composer = page.body.composer
    return Source(
        source_id=f"article:{slug}",
        kind="article",
        csl=csl | {field: value for field, value in given.items() if value},
        text=composer.text(),
        blocks=tuple(composer.blocks),
        key=slug,
        references=tuple(page.references.entries),
        mentions=tuple(composer.mentions),
        url=page.head.url or None,
        origin=origin,
    )


def _study(page: _Page, origin: str) -> Source:
    authors, complete = page.head.authors
    composer = page.body.composer
    text = composer.text()
    abstract = tuple(("", text[b.start : b.end]) for b in composer.blocks if b.kind == "abstract")
    record = StudyRecord(
        csl={"type": "article-journal", "title": page.head.title, "author": authors} | page.head.csl(),
        abstract=abstract,
        references=tuple(page.references.entries),
        authors_complete=complete,
    )
    return study_from(record, origin, "the page", body=composer)
