"""The full text of a JATS article -> blocks of the composed text.

What is read for itself: abstract, sections with their paragraphs and lists, boxes, tables row by row,
captions, footnotes that the text points at. What keeps house is kept as ``boilerplate`` and never
quoted: acknowledgements, funding, interests, contributions, supplements, and letters of peer review.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from corpus.composing import TextComposer
from corpus.readers.jats_citations import Citations
from corpus.readers.jats_formulas import formula_text
from corpus.readers.jats_tables import rows_of
from corpus.readers.jats_text import Element, Inline, Piece, piece_of, plain, words
from corpus.records import BlockKind, Reference

_HOUSEKEEPING = re.compile(
    r"(?:\d[\d.]*\s*)?(?:acknowledge?ments?.*|funding.*|"
    r"(?:source|role)s? of (?:funding|support|the funding).*|"
    r"(?:financial )?(?:support|disclosures?)(?: and .*)?|declarations?|disclosure (?:of .*|statement)|"
    r"(?:declarations? of )?(?:competing|conflicts? of|conflicting|duality of|potential conflicts? of) "
    r"(?:financial )?interests?.*|"
    r"authors?['’]?s?['’]? contributions?.*|contributors?(?:hip)?.*|contributions|pre-publication history|"
    r"(?:supporting|supplement\w*|additional|author) (?:information|materials?|data|files?|notes?).*|"
    r"data (?:availability|sharing).*|availability of data.*|abbreviations?(?: used)?|list of abbreviations|"
    r"publisher['’]s note|consent for publication|provenance and peer review|copyright.*|web resources|"
    r"ethics approval and consent to participate|patient consent|open access|additional files)",
    re.IGNORECASE,
)
_HOUSEKEEPING_TYPES = words(
    "ack coi-statement supplementary-material additional-information data-availability funding-statement "
    "author-contributions financial-disclosure datasets display-objects"
)
_HOUSEKEEPING_TAGS = words("ack notes glossary bio supplementary-material media permissions")
_TITLED = ("label", "title", "subtitle")
_PARTS_OF_FIGURE = words("label title caption object-id alt-text long-desc graphic permissions email uri")
_TABLES = ("table", "alternatives", "oasis-table")
#: A caption longer than this does not stand in the section path of its rows.
_LONGEST_NAME = 160


@dataclass
class FullText:
    """Composes the text of one article."""

    citations: Citations
    composer: TextComposer = field(default_factory=TextComposer)
    #: Footnotes that the text points at; others keep house.
    pointed_at: frozenset[str] = frozenset()

    def compose(
        self, title: str, article: Element, meta: Element, references: list[Reference]
    ) -> TextComposer:
        """Title, abstracts, body, floats, back matter and reference list, in this order."""
        self.pointed_at = frozenset(
            x.get("rid") for x in article.iter("xref") if x.get("ref-type") == "fn" and x.get("rid")
        )
        self.composer.add("title", (), title)
        self._abstracts(meta)
        for tag in ("body", "floats-group", "floats-wrap"):
            for part in article.iterchildren(tag):
                self.blocks(part, ())
        back = [part for back in article.iterchildren("back") for part in back]
        for part in sorted(back, key=_keeps_house):
            self.block(part, (), keeps_house=_keeps_house(part))
        self._references(references)
        return self.composer

    def peer_review(self, sub: Element) -> None:
        """The letters of peer review, never quoted."""
        title = plain(sub.find(".//article-title"))
        self.composer.add("boilerplate", (), title)
        for tag in ("body", "back"):
            for part in sub.iterchildren(tag):
                self.blocks(part, (), keeps_house=True)

    def blocks(self, parent: Element, section: tuple[str, ...], keeps_house: bool = False) -> None:
        """Every block in an element, text between them as paragraphs."""
        self._loose(parent.text, section, keeps_house)
        for child in parent:
            if isinstance(child.tag, str):
                self.block(child, section, keeps_house)
            self._loose(child.tail, section, keeps_house)

    def block(self, element: Element, section: tuple[str, ...], keeps_house: bool = False) -> None:
        """One block, whatever it is."""
        compose = _COMPOSING.get(element.tag)
        if element.tag in _HOUSEKEEPING_TAGS:
            keeps_house = True
        if compose is not None:
            compose(self, element, section, keeps_house)
        elif element.tag not in _TITLED and element.tag not in (
            "ref-list",
            "object-id",
            "sub-article",
            "response",
        ):
            if _holds_blocks(element):
                self._section(element, section, keeps_house)
            else:
                self._paragraph(element, section, keeps_house)

    def _add(
        self, kind: BlockKind, section: tuple[str, ...], piece: Piece, keeps_house: bool = False
    ) -> None:
        if keeps_house:
            self.composer.add("boilerplate", (), piece.text)
        else:
            self.composer.add(kind, section, piece.text, piece.markers)

    def _loose(self, text: str | None, section: tuple[str, ...], keeps_house: bool) -> None:
        if text and not text.isspace():
            inline = Inline(self.citations)
            inline.put(text)
            self._add("paragraph", section, inline.take(), keeps_house)

    def _abstracts(self, meta: Element) -> None:
        for abstract in meta.iterchildren("abstract"):
            if is_main(abstract):
                for label, element in abstract_parts(abstract):
                    lead = f"{label.rstrip(':').capitalize()}: " if label else ""
                    self._run(element, (), "abstract", False, lead)
        for abstract in meta.iterchildren("abstract", "trans-abstract"):
            if abstract.tag == "trans-abstract" or not is_main(abstract):
                named = plain(abstract.find("title"))
                section = (named,) if named else ()
                for label, element in abstract_parts(abstract):
                    self._run(element, section, "summary", False, f"{label.rstrip(':')}: " if label else "")

    def _section(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        heading = " ".join(part for part in (plain(element.find(tag)) for tag in ("label", "title")) if part)
        keeps_house = keeps_house or _keeps_house(element)
        if heading:
            title = element.find("title")
            marked = title is not None and element.find("label") is None and not keeps_house
            piece = piece_of(title, self.citations) if marked else Piece(heading)
            self._add("heading", section, piece, keeps_house)
            section = (*section, heading)
        self.blocks(element, section, keeps_house)

    def _paragraph(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        self._run(element, section, "paragraph", keeps_house)

    def _run(
        self, element: Element, section: tuple[str, ...], kind: BlockKind, keeps_house: bool, lead: str = ""
    ) -> None:
        """A run of text; what stands by itself in it parts it, what floats follows it."""
        leads = [lead]

        def flush() -> None:
            piece = inline.take()
            if piece.text:
                self._add(kind, section, piece.after(leads.pop() if leads else ""), keeps_house)

        def split(child: Element) -> None:
            flush()
            self.block(child, section, keeps_house)

        inline = Inline(self.citations, split)
        inline.walk(element)
        flush()
        for child in inline.floats:
            self.block(child, section, keeps_house)

    def _list(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        title = element.find("title")
        if title is not None:
            self._add("paragraph", section, piece_of(title, self.citations), keeps_house)
        for item in element.iterchildren("list-item", "def-item"):
            label = plain(item.find("label"))
            if item.tag == "def-item":
                self._definition(item, section, keeps_house)
                continue
            lead = f"{label} " if label else ""
            for child in item:
                if child.tag in ("list", "def-list"):
                    self._list(child, section, keeps_house)
                elif isinstance(child.tag, str) and child.tag != "label":
                    self._run(child, section, "list-item", keeps_house, lead)
                    lead = ""

    def _definition(self, item: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        term = " / ".join(plain(t) for t in item.iterchildren("term"))
        for number, meaning in enumerate(item.iterchildren("def")):
            self._run(meaning, section, "list-item", keeps_house, f"{term}: " if term and number == 0 else "")

    def _figure(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        """Label and caption as one paragraph, further paragraphs of the caption each for itself."""
        self._caption(element, section, keeps_house)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _PARTS_OF_FIGURE:
                self.block(child, section, keeps_house)

    def _caption(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        label = plain(element.find("label")).rstrip(".:")
        lead = f"{label}. " if label else ""
        caption = element.find("caption")
        title = caption.find("title") if caption is not None else element.find("title")
        if title is not None:
            piece = piece_of(title, self.citations)
            ended = piece.text[-1:] in tuple(".?!")
            first = next(iter(caption.iterchildren("p")), None) if caption is not None else None
            if first is None or not piece.text:
                self._add("paragraph", section, piece.after(lead), keeps_house)
                lead = ""
            else:
                lead += piece.text + (" " if ended else ". ")
        for paragraph in caption.iterchildren("p") if caption is not None else ():
            self._run(paragraph, section, "paragraph", keeps_house, lead)
            lead = ""

    def _table(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        self._caption(element, section, keeps_house)
        name = _table_name(element)
        below = (*section, name) if name else section
        for child in element:
            if child.tag == "table-wrap":
                self._table(child, section, keeps_house)
            elif child.tag in _TABLES:
                self._rows(child, below, keeps_house)
            elif child.tag == "table-wrap-foot":
                for note in child:
                    self._footnote_text(note, below, keeps_house)

    def _rows(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        table = element if element.tag != "alternatives" else element.find("table")
        if table is None:
            return
        rows = list(rows_of(table, self.citations)) or [piece_of(table, self.citations)]
        for row in rows:
            self._add("table-row", section, row, keeps_house)

    def _footnote(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        """A footnote of the text is read where the text points at it; all others keep house."""
        wanted = element.get("id") in self.pointed_at or element.getparent().tag in ("p", "td", "th", "title")
        self._footnote_text(element, section, keeps_house or not wanted)

    def _footnote_text(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        if element.tag == "fn-group" or (element.tag == "attrib" and not len(element) and not element.text):
            self.blocks(element, section, keeps_house)
            return
        label = plain(element.find("label")) if element.tag == "fn" else ""
        lead = f"{label} " if label else ""
        parts = [child for child in element if child.tag == "p"] if element.tag == "fn" else [element]
        for part in parts or [element]:
            self._run(part, section, "paragraph", keeps_house, lead if part is not element else "")
            lead = ""

    def _formula(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        self._add("paragraph", section, Piece(formula_text(element).strip()), keeps_house)

    def _skip(self, element: Element, section: tuple[str, ...], keeps_house: bool) -> None:
        """A picture without words."""

    def _references(self, references: list[Reference]) -> None:
        if references:
            self.composer.add("heading", (), "References")
        for reference in references:
            self.composer.add("reference", ("References",), f"{reference.label}. {reference.raw}".strip())


_Composing = Callable[[FullText, Element, tuple[str, ...], bool], None]
_COMPOSING: dict[str, _Composing] = {
    "sec": FullText._section,
    "app": FullText._section,
    "ack": FullText._section,
    "boxed-text": FullText._section,
    "p": FullText._paragraph,
    "list": FullText._list,
    "def-list": FullText._list,
    "fig": FullText._figure,
    "fig-group": FullText._figure,
    "supplementary-material": FullText._figure,
    "media": FullText._figure,
    "table-wrap": FullText._table,
    "table-wrap-group": FullText._table,
    "fn": FullText._footnote,
    "disp-formula": FullText._formula,
    "graphic": FullText._skip,
    "inline-graphic": FullText._skip,
}


def is_main(abstract: Element) -> bool:
    """The abstract proper, not a digest, a teaser or a table-of-contents line beside it."""
    return abstract.get("abstract-type") in (None, "", "abstract", "structured", "section", "normal")


def abstract_parts(abstract: Element) -> Iterator[tuple[str, Element]]:
    """The paragraphs of an abstract, each with the label of its part where it opens one."""
    label = ""
    for child in abstract:
        if child.tag == "sec":
            label = plain(child.find("title"))
            for inner, paragraph in abstract_parts(child):
                yield ": ".join(part for part in (label, inner) if part), paragraph
                label = ""
        elif isinstance(child.tag, str) and child.tag not in (*_TITLED, "object-id"):
            yield "", child


def _keeps_house(element: Element) -> bool:
    kinds = (element.get("sec-type"), element.get("notes-type"), element.get("content-type"))
    if element.tag in _HOUSEKEEPING_TAGS or any((k or "").casefold() in _HOUSEKEEPING_TYPES for k in kinds):
        return True
    return _HOUSEKEEPING.fullmatch(plain(element.find("title")).rstrip(" .:")) is not None


def _holds_blocks(element: Element) -> bool:
    return any(child.tag in _COMPOSING or child.tag in ("title", "fn-group", "app") for child in element)


def _table_name(element: Element) -> str:
    label = plain(element.find("label")).rstrip(".:")
    title = element.find("caption/title")
    caption = plain(title if title is not None else element.find("caption/p")).rstrip(".")
    name = f"{label}. {caption}" if label and caption else label or caption
    return name if len(name) <= _LONGEST_NAME else label
