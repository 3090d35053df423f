"""What a JATS article says of standing: of other works (notices) and of itself.

A notice says what it is twice: by its ``article-type`` (``retraction``, ``correction``,
``expression-of-concern``, ``addendum``) and by the ``related-article-type`` of the work it is about
(``retracted-article``, ``corrected-article``, ``object-of-concern``). The article's type decides, so that
a correction never retracts; where the type is no notice's (``editorial``, ``other``), the relation decides,
but a research article never becomes a notice. The other way round, an article that points forward
(``retraction-forward``) says that it was itself retracted.

Source: https://jats.nlm.nih.gov/archiving/tag-library/1.3/attribute/related-article-type.html
"""

import re
from collections.abc import Iterator

from corpus.readers.jats_reference_text import HREF, KINDS
from corpus.readers.jats_references import identifier
from corpus.readers.jats_text import Element, plain, words
from corpus.records import Integrity, IntegrityStatus, Notice

#: What stands in ``recorded_in``.
RECORDED_IN = "JATS related-article"
#: A partial retraction leaves the rest standing, so it is a concern about the whole.
_NOTICE_TYPES: dict[str, IntegrityStatus] = {
    "retraction": "retracted",
    "retraction-notice": "retracted",
    "withdrawal": "retracted",
    "removal": "retracted",
    "partial-retraction": "concern",
    "expression-of-concern": "concern",
    "correction": "corrected",
    "corrigendum": "corrected",
    "erratum": "corrected",
    "addendum": "corrected",
}
_OBJECTS: dict[str, IntegrityStatus] = {
    "retracted-article": "retracted",
    "withdrawn-article": "retracted",
    "removed-article": "retracted",
    "partially-retracted-article": "concern",
    "partial-retraction": "concern",
    "object-of-concern": "concern",
    "corrected-article": "corrected",
    "addended-article": "corrected",
}
_FORWARD: dict[str, IntegrityStatus] = {
    "retraction-forward": "retracted",
    "retraction": "retracted",
    "retraction-notice": "retracted",
    "retracted": "retracted",
    "withdrawal-forward": "retracted",
    "partial-retraction-forward": "concern",
    "expression-of-concern-forward": "concern",
    "expression-of-concern": "concern",
    "concern-forward": "concern",
    "correction-forward": "corrected",
    "correction": "corrected",
    "corrigendum": "corrected",
    "erratum": "corrected",
    "addendum-forward": "corrected",
    "addendum": "corrected",
}
_GRAVITY: tuple[IntegrityStatus, ...] = ("retracted", "concern", "corrected")
#: Types of articles that are works of their own whatever they relate to.
_WORKS = words(
    "research-article review-article systematic-review brief-report case-report rapid-communication "
    "meeting-report data-paper methods-article clinical-trial abstract translation"
)
_WORD = (
    r"(?:partial )?(?:retraction|correction|corrigendum|erratum|addendum|withdrawal|expression of concern)"
)
_BEFORE = re.compile(
    rf"(?:{_WORD}|retracted|withdrawn)(?: note| notice)?(?:\s*(?:to|of|for|on)\b\s*:?|\s*[:.–—-])\s*", re.I
)
_BEHIND = re.compile(rf"\s*[:.–—(\[-]\s*{_WORD}(?: note| notice)?\s*[.)\]]*$", re.I)


def notices_of(
    article: Element, title: str, related: list[Element], named: str | None, date: str | None
) -> tuple[Notice, ...]:
    """The notices that an article gives; ``named`` is its own DOI or PMID, ``date`` its own ISO date."""
    own_type = (article.get("article-type") or "").casefold()
    own = _NOTICE_TYPES.get(own_type)
    found = [
        _notice(own or _OBJECTS[_relation(element)], element, title if own else "", named, date)
        for element in related
        if own_type not in _WORKS and _relation(element) in _OBJECTS
    ]
    if own is not None and not found and bare_title(title) != title:
        found = [
            Notice(own, title=bare_title(title), notice=named, date=date, recorded_in="title of the notice")
        ]
    return tuple(_distinct(found))


def integrity_of(article: Element, related: list[Element]) -> Integrity:
    """What an article says of its own standing: the gravest of what it points forward to."""
    own_type = (article.get("article-type") or "").casefold()
    if own_type in _NOTICE_TYPES:
        return Integrity()
    said = [(_FORWARD[_relation(e)], e) for e in related if _relation(e) in _FORWARD]
    if not said:
        return Integrity()
    status, element = min(said, key=lambda pair: _GRAVITY.index(pair[0]))
    target = dict(_identifiers(element))
    named = target.get("doi") or (f"pmid:{target['pmid']}" if target.get("pmid") else None)
    return Integrity(status, notice=named, recorded_in=RECORDED_IN)


def bare_title(title: str) -> str:
    """The title of the work that a notice is about, out of the title of the notice.

    >>> bare_title("Retraction: Zinc for the common cold")
    'Zinc for the common cold'
    """
    bare = _BEHIND.sub("", _BEFORE.sub("", title, count=1) if _BEFORE.match(title) else title)
    return bare.strip(' “”"') if bare != title else title


def _relation(element: Element) -> str:
    return (element.get("related-article-type") or "").casefold().replace("_", "-")


def _notice(
    status: IntegrityStatus, element: Element, title: str, named: str | None, date: str | None
) -> Notice:
    target = dict(_identifiers(element))
    given = element.find("article-title")
    about = bare_title((plain(given) if given is not None else "") or title)
    return Notice(
        status,
        doi=target.get("doi"),
        pmid=target.get("pmid"),
        pmcid=target.get("pmcid"),
        title=about.strip(' “”"') or None,
        notice=named,
        date=date,
        recorded_in=RECORDED_IN,
    )


def _identifiers(element: Element) -> Iterator[tuple[str, str]]:
    """How the related work is named: by the link, by identifiers inside, by an address in its text."""
    declared = KINDS.get((element.get("ext-link-type") or "").casefold())
    address = element.get(HREF) or ""
    kinds = (declared,) if declared else ("doi", "pmcid") if not address.isdecimal() else ()
    named = [(kind, identifier(kind, address)) for kind in kinds if address]
    if not any(value for _, value in named) and "10." in address:
        named.append(("doi", identifier("doi", address)))
    for pub_id in element.iter("pub-id"):
        kind = KINDS.get((pub_id.get("pub-id-type") or "").casefold())
        if kind:
            named.append((kind, identifier(kind, "".join(pub_id.itertext()))))
    seen: set[str] = set()
    for kind, value in named:
        if value and kind not in seen:
            seen.add(kind)
            yield kind, value


def _distinct(notices: list[Notice]) -> Iterator[Notice]:
    """Each work once: front matter and text often both name it."""
    seen: set[str] = set()
    for notice in notices:
        names = {n for n in (notice.doi, notice.pmid, notice.pmcid) if n}
        key = names or ({notice.title} if notice.title else set())
        if key and not key & seen:
            yield notice
        seen |= key
