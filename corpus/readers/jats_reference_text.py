"""A citation of a JATS reference list as a reader sees it, in one line.

Text with fields in it (``mixed-citation``) stays as written, parted where fields touch; fields without
punctuation (``element-citation``) are put together in the Vancouver manner.
"""

from collections.abc import Callable

from corpus.normalising import normalised
from corpus.readers.jats_text import Element, plain, words

HREF = "{http://www.w3.org/1999/xlink}href"
#: Kinds of identifiers, as ``pub-id-type`` and ``ext-link-type`` call them.
KINDS = {"doi": "doi", "pmid": "pmid", "pubmed": "pmid", "pmc": "pmcid", "pmcid": "pmcid"}
_INLINE = words("italic bold sup sub sc monospace underline styled-content named-content")
_FIELDS = words(
    "person-group name string-name collab etal year month day season article-title chapter-title "
    "part-title trans-title source volume issue fpage lpage page-range elocation-id pub-id label "
    "ext-link edition publisher-name publisher-loc object-id"
)


def raw_text(citation: Element) -> str:
    """The citation as a reader sees it, in one line."""
    text = _written(citation) if is_mixed(citation) else _assembled(citation)
    return " ".join(normalised(text).split()).strip()


def is_mixed(citation: Element) -> bool:
    """Whether the citation has text of its own between its fields."""
    if citation.text and citation.text.strip():
        return True
    return any(child.tail and child.tail.strip() for child in citation)


def _written(element: Element) -> str:
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def _gather(element: Element, pieces: list[str]) -> None:
    """The text of a mixed citation; fields that touch are parted, as a style sheet would."""
    pieces.append(element.text or "")
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("label", "object-id"):
            pieces.append(child.tail or "")
            continue
        at = len(pieces)
        if child.tag == "pub-id":
            pieces.append(_announced(child, "".join(pieces[-2:])))
        else:
            _gather(child, pieces)
        if child.tag not in _INLINE:
            _part(pieces, at)
        tail = child.tail or ""
        if child.tag in ("name", "string-name") and not tail.strip() and _is_name(child.getnext()):
            tail = ", "
        elif tail and child.tag not in _INLINE and tail[0].isalnum():
            tail = f" {tail}"
        pieces.append(tail)


def _part(pieces: list[str], at: int) -> None:
    """Put a blank before the field that begins at ``pieces[at]`` where it would touch a word."""
    before = next((p for p in reversed(pieces[max(0, at - 4) : at]) if p), "")
    field_text = next((p for p in pieces[at:] if p), "")
    if before[-1:].isalnum() and field_text[:1].isalnum():
        pieces.insert(at, " ")


def _is_name(element: Element | None) -> bool:
    return element is not None and element.tag in ("name", "string-name")


def _announced(pub_id: Element, before: str) -> str:
    """An identifier with its kind in front, unless the text says it already."""
    text = "".join(pub_id.itertext()).strip()
    kind = KINDS.get((pub_id.get("pub-id-type") or "").casefold())
    lead = {"doi": "doi:", "pmid": "PMID: ", "pmcid": "PMCID: "}.get(kind or "", "")
    said = before.rstrip(" :").casefold().endswith((lead.strip(" :").casefold(), "doi.org/"))
    return (
        text
        if not lead or said or text.casefold().startswith((lead.strip().casefold(), "http"))
        else f" {lead}{text}"
    )


def _assembled(citation: Element) -> str:
    """A citation in fields as one line: authors. title. source. year;volume(issue):pages. identifiers."""
    # One walk over the children: a search for each field would take longer than all else.
    fields: dict[str, Element] = {}
    for child in citation:
        fields.setdefault(child.tag, child)

    def text(tag: str) -> str:
        return plain(fields[tag]) if tag in fields else ""

    titles = [text(tag) for tag in ("article-title", "chapter-title", "part-title")]
    year = text("year") or text("date-in-citation")
    volume, issue, pages = text("volume"), text("issue"), _pages(text)
    place = f"{volume}({issue})" if issue else volume
    where = f"{year}{';' if year and place else ''}{place}{':' if pages else ''}{pages}"
    publisher = ": ".join(part for part in (text("publisher-loc"), text("publisher-name")) if part)
    others = [plain(child) for child in citation if child.tag not in _FIELDS]
    links = [plain(link) or link.get(HREF) or "" for link in citation.iterchildren("ext-link")]
    ids = [_announced(pub_id, "") for pub_id in citation.iterchildren("pub-id")]
    parts = [_authors(citation), *titles, text("source"), text("edition"), publisher, where]
    return " ".join(_ended(part) for part in [*parts, *others, *links, *ids] if part.strip())


def _ended(part: str) -> str:
    bare = part.strip()
    return bare if bare[-1] in ".?!" or bare.startswith(("doi:", "PMID", "PMCID", "http")) else f"{bare}."


def _pages(text: Callable[[str], str]) -> str:
    first, last = text("fpage") or text("page-range"), text("lpage")
    if not first:
        return text("elocation-id")
    return f"{first}-{last}" if last and last != first else first


def _authors(citation: Element) -> str:
    groups = citation.findall("person-group")
    authors = [g for g in groups if g.get("person-group-type") in (None, "author", "allauthors")] or groups[
        :1
    ]
    names = [
        _name(child) for group in [*authors, citation] for child in group.iterchildren() if _names(child)
    ]
    return ", ".join(name for name in names if name)


def _names(child: Element) -> bool:
    return child.tag in ("name", "string-name", "collab", "etal", "anonymous")


def _name(child: Element) -> str:
    if child.tag == "etal":
        return "et al"
    if child.tag != "name":
        return " ".join(_written(child).split())
    given = {part.tag: part.text for part in child}
    parts = (given.get("surname"), given.get("given-names"), given.get("suffix"))
    return " ".join(" ".join(part for part in parts if part).split())
