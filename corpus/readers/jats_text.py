"""Running text of a JATS article: inline markup -> plain text with markers at exact offsets.

Apart from the blocks because everything that holds text needs it: paragraphs, titles, cells, captions.
White space is collapsed as XML means it. What plain text cannot show is written so that no meaning is
lost: ``10<sup>6</sup>`` becomes ``10⁶`` and never ``106``; a citation number that stands raised, or
hard upon a word, gets the house's brackets, ``population.[3–5]``, with the marker on the number alone.
An ``xref`` is JATS's word for a pointer within the document; ``rid`` names what it points at.

Source: JATS 1.3, https://jats.nlm.nih.gov/archiving/tag-library/1.3/.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from corpus.composing import Marker
from corpus.normalising import normalised
from corpus.readers.inline_markup import lowered, raised
from corpus.readers.jats_citations import NUMBERS, Citations
from corpus.readers.jats_formulas import FORMULAS, formula_text

#: An element of lxml, which carries no types.
Element = Any


def words(text: str) -> frozenset[str]:
    """The words of a text as a set: names of elements, values of attributes."""
    return frozenset(text.split())


#: Elements that stand by themselves: they end the run of text around them.
SPLITTING = words(
    "list def-list disp-quote boxed-text preformat code verse-group statement speech sec "
    "disp-formula-group array fn-group ref-list"
)
#: Elements that float: they follow the paragraph that holds them.
FLOATING = words(
    "fig fig-group table-wrap table-wrap-group supplementary-material media graphic fn chem-struct-wrap"
)
_UNREAD = words("object-id alt-text long-desc inline-graphic index-term xref-group graphic media")
_SPACED = words("p list list-item def-list def-item term def title label sec break tr td th caption")
_STYLES = words("italic bold sub sc underline named-content styled-content ext-link uri email monospace")
_CITING = frozenset({"bibr", "ref"})
_NOTES = frozenset({"fn", "table-fn"})
_BLANKS = re.compile(r"[ \t\r\n]+")
_DASH = re.compile(r"\s*[-‐‑‒–—−]\s*")
_BETWEEN = re.compile(r"[\s,;‐‑‒–—−-]*")
_RAISED_LETTERS = dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and the markers in it."""

    text: str
    markers: tuple[Marker, ...] = ()

    def shifted(self, by: int) -> tuple[Marker, ...]:
        """The markers, as they stand where ``by`` characters come before the text."""
        return tuple(Marker(m.start + by, m.end + by, m.label) for m in self.markers) if self.markers else ()

    def after(self, lead: str) -> "Piece":
        """The piece with a lead before it."""
        return Piece(lead + self.text, self.shifted(len(lead))) if lead else self


@dataclass(slots=True)
class Inline:
    """Collects one run of text. ``split`` is told of an element that stands by itself."""

    citations: Citations
    split: Callable[[Element], None] | None = None
    in_title: bool = False
    floats: list[Element] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _last: str = ""
    _markers: list[Marker] = field(default_factory=list)
    _flat_sup: bool = False
    _bracketed: bool = False
    _range_from: tuple[str, int, int] | None = None

    def put(self, text: str | None) -> None:
        """Append text, white space collapsed."""
        if not text:
            return
        text = _collapsed(text)
        if text[:1] == " " and self._last in ("", " "):
            text = text[1:]
        if text:
            self._parts.append(text)
            self._length += len(text)
            self._last = text[-1]

    def walk(self, element: Element) -> None:
        """Append the text of an element."""
        self.put(element.text)
        for child in element:
            self._child(child)
            if child.tail:
                self.put(child.tail)

    def take(self) -> Piece:
        """What was collected; the collector is empty afterwards."""
        text = "".join(self._parts).rstrip(" ")
        piece = Piece(text, tuple(m for m in self._markers if m.end <= len(text)))
        self._parts, self._length, self._last, self._markers = [], 0, "", []
        return piece

    def _child(self, child: Element) -> None:
        tag = child.tag
        if not isinstance(tag, str):
            self.put(html.unescape(f"&{child.name};"))  # an entity that the DTD, which is not read, defines
        elif tag == "xref":
            self._xref(child)
        elif tag == "sub" and not len(child):
            self.put(lowered(_collapsed(child.text or ""), self._last))
        elif tag in _STYLES:
            self.walk(child)
        elif tag == "sup":
            self._sup(child)
        elif tag in FORMULAS:
            self.put(formula_text(child))
        elif tag in FLOATING and (self.split is not None or self.in_title or tag in _UNREAD):
            self.floats.append(child)
        elif tag in SPLITTING and self.split is not None:
            self.split(child)
        elif tag in _SPACED:
            self.put(" ")
            self.walk(child)
            self.put(" ")
        elif tag not in _UNREAD:
            self.walk(child)

    def _sup(self, element: Element) -> None:
        if self._flat_sup:
            self.walk(element)
            return
        if not len(element):
            self.put(_raised(_collapsed(element.text or ""), self._last))
            return
        if any(x.get("ref-type") in _CITING for x in element.iter("xref")):
            self._raised_citations(element)
            return
        inner = Inline(self.citations, in_title=self.in_title)
        inner.walk(element)
        self.put(_raised(inner.take().text, self._last))

    def _raised_citations(self, element: Element) -> None:
        shown = _BLANKS.sub("", "".join(element.itertext()))
        bracketed = self._bracketed
        opens = bool(NUMBERS.fullmatch(shown.strip(",;"))) and not bracketed and self._last not in "[("
        self.put("[" if opens else None)
        self._bracketed = True
        self.walk(element)
        self._bracketed = bracketed
        self.put("]" if opens else None)

    def _xref(self, element: Element) -> None:
        kind = element.get("ref-type")
        if self.in_title:
            return
        if kind not in _CITING:
            (self._sup if kind in _NOTES and self._stands_hard() else self.walk)(element)
            return
        shown = _shown(element)
        rids = (element.get("rid") or "").split()
        if self._last.isdecimal() and shown[:1].isdecimal() and _follows_pointer(element):
            self.put(",")  # 4 and 5 that stand side by side are not 45
        if not self._bracketed and NUMBERS.fullmatch(shown) and self._stands_hard():
            self.put("[")
            self._bracketed = True
        self._marked(element, rids, shown)
        if self._bracketed and not _goes_on(element) and element.getparent().tag != "sup":
            self.put("]")
            self._bracketed = False

    def _stands_hard(self) -> bool:
        """Whether what comes next would touch a word or a full stop, outside of any bracket."""
        if not (self._last.isalnum() or self._last in tuple(".,;:!?%”’\"')")):
            return False
        tail = "".join(self._parts[-60:])[-160:]
        return tail.rfind("[") <= tail.rfind("]") and tail.rfind("(") <= tail.rfind(")")

    def _marked(self, element: Element, rids: list[str], shown: str) -> None:
        before = len(self._parts)
        start = self._length
        flat, self._flat_sup = self._flat_sup, True
        self.walk(element)
        self._flat_sup = flat
        written = self._parts[before] if len(self._parts) == before + 1 else "".join(self._parts[before:])
        start += len(written) - len(written.lstrip())
        end = start + len(written.strip())
        if start == end:
            start, end = self._unshown(rids)
        if start < end:
            labels = self.citations.shown(rids, shown)
            self._markers.extend(Marker(start, end, label) for label in labels)
        self._close_range(rids, shown, end)
        self._open_range(element, rids, shown, start)

    def _unshown(self, rids: list[str]) -> tuple[int, int]:
        """A pointer without text: after another it shares that one's place, else it shows its label."""
        if self._markers and self._markers[-1].end >= self._length - 1:
            return self._markers[-1].start, self._markers[-1].end
        label = next((label for rid in rids for label in self.citations.labels.get(rid, ())), "")
        start = self._length
        self.put(label)
        return start, start + len(label)

    def _open_range(self, element: Element, rids: list[str], shown: str, start: int) -> None:
        following = element.getnext()
        is_range = (
            following is not None
            and following.tag == "xref"
            and shown.isdecimal()
            and rids
            and _DASH.fullmatch(element.tail or "")
        )
        self._range_from = (rids[0], int(shown[:6]), start) if is_range else None

    def _close_range(self, rids: list[str], shown: str, end: int) -> None:
        """Members between two ends are mentioned by the whole range that is shown, ``3–5``."""
        if self._range_from is None or not rids or not shown.isdecimal():
            return
        first, low, start = self._range_from
        labels = self.citations.between(first, rids[0], low, int(shown[:6]))
        self._markers.extend(Marker(start, end, label) for label in labels)


def _raised(text: str, before: str) -> str:
    """A superscript after the character ``before``; a single letter is the sign of a footnote."""
    bare = text.strip()
    if bare in _RAISED_LETTERS:
        return _RAISED_LETTERS[bare] + ("" if before else " ")
    return raised(bare.replace("–", "−"), before) if any(c.isdigit() for c in bare) else text


def piece_of(element: Element, citations: Citations | None = None, in_title: bool = False) -> Piece:
    """The text of an element with everything in it, and its markers."""
    if not len(element):
        return Piece(_collapsed(element.text or "").strip(" "))
    inline = Inline(citations or _NONE, in_title=in_title)
    inline.walk(element)
    return inline.take()


def plain(element: Element | None) -> str:
    """The text of an element without pointers and footnotes, empty where there is no element."""
    return "" if element is None else piece_of(element, in_title=True).text


def _collapsed(text: str) -> str:
    """Runs of white space as one blank, no control characters; most texts are so already."""
    if not text.isascii() or "\x7f" in text:
        text = normalised(text)
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        return _BLANKS.sub(" ", text)
    return text


def _shown(element: Element) -> str:
    """What a pointer shows, in one line."""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return text if text.isalnum() else _BLANKS.sub(" ", text).strip()


def _follows_pointer(element: Element) -> bool:
    before = element.getprevious()
    return before is not None and before.tag == "xref" and not before.tail


def _goes_on(element: Element) -> bool:
    """Whether a citation is followed by another with only commas or dashes between."""
    following = element.getnext()
    return (
        following is not None
        and following.tag == "xref"
        and following.get("ref-type") in _CITING
        and _BETWEEN.fullmatch(element.tail or "") is not None
        and NUMBERS.fullmatch(_shown(following)) is not None
    )


_NONE = Citations()
