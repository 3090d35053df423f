"""The extracted text of a web page -> blocks: headings, paragraphs, lists and table rows, part by part.

The input is the tree that trafilatura makes of a page (https://trafilatura.readthedocs.io, the elements of
its XML output): ``head`` with its level in ``rend``, ``p``, ``list`` of ``item``, ``table`` of ``row`` of
``cell``, ``quote``, and inside them ``ref``, ``hi``, ``lb``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus.article_parts import Part, is_crumb, part_of
from corpus.composing import Marker, TextComposer
from corpus.readers.html_references import marked
from corpus.records import BlockKind

#: An element of lxml, which comes without types.
Element = Any

_BLOCK_TAGS = frozenset({"head", "p", "list", "item", "table", "row", "quote", "code", "div", "body", "main"})
_KINDS: dict[Part, BlockKind] = {
    "section": "paragraph",
    "summary": "summary",
    "key-points": "key-point",
    "questions": "answer",
    "references": "reference",
    "disclaimer": "boilerplate",
    "housekeeping": "boilerplate",
}
_ITEM_KINDS: dict[Part, BlockKind] = {"section": "list-item", "summary": "list-item"}
_BYLINE = re.compile(
    r"(?:(?:written|reviewed|medically reviewed|edited|fact checked) )?by:? [A-Z].{2,80}", re.I
)
_DEEPEST_HEADING = 6


@dataclass
class BodyComposing:
    """The state while the blocks of one page are composed; ``labels`` are those of its references."""

    title: str
    labels: set[str]
    is_study: bool
    composer: TextComposer = field(default_factory=TextComposer)
    headings: list[tuple[int, str]] = field(default_factory=list)
    part: Part = "section"

    def body(self, element: Element) -> None:
        """Compose the blocks of an element that holds others."""
        loose = element.text or ""
        for child in element:
            if child.tag in _BLOCK_TAGS:
                self._text(loose, self._kind())
                self._block(child)
                loose = child.tail or ""
            else:
                loose += _inline(child) + (child.tail or "")
        self._text(loose, self._kind())

    def open(self, level: int, heading: str) -> None:
        """Begin a section under a heading; under Questions a sub-heading is a question."""
        self.headings = [(depth, name) for depth, name in self.headings if depth < level]
        if self.part == "questions" and any(part_of(name) == "questions" for _, name in self.headings):
            self.composer.add("question", self._section(), heading)
            return
        part = part_of(heading)
        self.part = self._inherited_part() if part == "section" else part
        furniture = self.part in ("disclaimer", "housekeeping")
        self.composer.add("boilerplate" if furniture else "heading", self._section(), heading)
        self.headings.append((level, heading))

    def _block(self, element: Element) -> None:
        match element.tag:
            case "head":
                self._heading(element)
            case "list":
                self._list(element)
            case "table":
                self._table(element)
            case "p" | "code" | "row":
                self._text(_inline_of(element), self._kind())
                for block in _blocks_inside(element):
                    self._block(block)
            case _:
                self.body(element)

    def _heading(self, element: Element) -> None:
        words, _ = marked(_line(_inline_of(element)), self.labels)
        level = re.search(r"\d", element.get("rend") or "")
        is_title = words.casefold() == self.title.casefold()
        if words and not is_title:
            self.open(int(level.group()) if level else _DEEPEST_HEADING, words)

    def _list(self, element: Element) -> None:
        for item in element:
            if item.tag == "item":
                self._text(_inline_of(item), _ITEM_KINDS.get(self.part, self._kind()))
                for block in _blocks_inside(item):
                    self._block(block)
            elif item.tag in _BLOCK_TAGS:
                self._block(item)

    def _table(self, element: Element) -> None:
        names: list[str] = []
        for row in element.iter("row"):
            cells = [_line(" ".join(cell.itertext())) for cell in row.iter("cell")]
            is_header = all(cell.get("role") == "head" for cell in row.iter("cell"))
            if is_header and not names:
                names = cells
            elif any(cells):
                self._row(names, cells)

    def _row(self, names: list[str], cells: list[str]) -> None:
        """``Header: cell; Header: cell``, as in Markdown articles."""
        named = (
            f"{names[column]}: {cell}" if column < len(names) and names[column] else cell
            for column, cell in enumerate(cells)
            if cell
        )
        own = self._kind()
        self._text("; ".join(named), own if own in ("boilerplate", "reference") else "table-row")

    def _text(self, text: str, kind: BlockKind) -> None:
        words, markers = marked(_line(text), self.labels)
        if not words or words.casefold() == self.title.casefold():
            return
        if is_crumb(words) or _BYLINE.fullmatch(words):
            kind = "boilerplate"
        elif self.part == "questions" and words.endswith("?"):
            kind = "question"
        self.composer.add(kind, self._section(), words, _kept(markers, kind))

    def _kind(self) -> BlockKind:
        if self.is_study and self.part == "summary":
            return "abstract"
        return _KINDS[self.part]

    def _inherited_part(self) -> Part:
        """A sub-heading, however deep, stays in the part that a heading above it opened."""
        above = (part_of(name) for _, name in reversed(self.headings))
        return next((part for part in above if part != "section"), "section")

    def _section(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.headings)


def words_in(tree: Element, tag: str) -> tuple[int, int]:
    """How many words stand in elements of a tag, and how many in all: navigation is nearly all links."""
    texts = tree.xpath(".//text()[not(parent::script or parent::style)]")
    inside = sum(len(" ".join(element.itertext()).split()) for element in tree.iter(tag))
    return inside, sum(len(text.split()) for text in texts)


def _kept(markers: tuple[Marker, ...], kind: BlockKind) -> tuple[Marker, ...]:
    return markers if kind != "boilerplate" else ()


def _inline_of(element: Element) -> str:
    """The text of an element without the blocks inside it."""
    inner = (_inline(child) + (child.tail or "") for child in element)
    return (element.text or "") + "".join(inner)


def _inline(element: Element) -> str:
    if not isinstance(element.tag, str) or element.tag in _BLOCK_TAGS:
        return " "
    return " " if element.tag == "lb" else _inline_of(element)


def _blocks_inside(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag in _BLOCK_TAGS:
            yield child
        else:
            yield from _blocks_inside(child)


def _line(text: str) -> str:
    return " ".join(text.split())
