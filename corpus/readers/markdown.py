"""An article in Markdown with YAML front matter and inline citations by key (``[@geleijnse2004]``).

The source's text is the rendered text, not the markup: emphasis and links are gone, a table row
reads ``Header: cell; Header: cell``, and a citation reads as the number of its reference, ``[3]``,
with a mention at that place. A key that the reference list lacks gets the next free number.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.article_parts import Part, part_of, slug_of
from corpus.composing import Marker, TextComposer
from corpus.identifiers import dois_in, pmids_in
from corpus.normalising import normalised
from corpus.readers.markdown_citations import KeyedCitation, keyed_citations, without_citations
from corpus.readers.typed_citations import typed_markers
from corpus.records import UNQUOTED_KINDS, BlockKind, Reference, Skipped, Source

NAME = "Markdown with YAML front matter"

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:(.*?)\n)??---[ \t]*(?:\n|$)", re.DOTALL)
_KINDS: dict[Part, BlockKind] = {
    "section": "paragraph",
    "summary": "summary",
    "key-points": "paragraph",
    "questions": "answer",
    "references": "reference",
    "disclaimer": "boilerplate",
    "housekeeping": "boilerplate",
}
_ITEM_KINDS: dict[Part, BlockKind] = {
    "key-points": "key-point",
    "section": "list-item",
    "summary": "list-item",
}


def claims(text: str, name: str) -> bool:
    """A Markdown name or a front matter fence in the first line."""
    return text.startswith(("---\n", "---\r\n")) or name.casefold().endswith((".md", ".markdown"))


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """The article of the file, or why it is none."""
    text = normalised(text)
    match = _FRONT_MATTER.match(text)
    if match is None:
        why = (
            "front matter is never closed by a line ---"
            if text.startswith("---\n")
            else "no YAML front matter"
        )
        yield Skipped(origin, "line 1", f"{why}; begin the file with ---, title: ..., ---")
        return
    try:
        meta = yaml.safe_load(match.group(1) or "")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 2}" if mark is not None else "line 1"
        problem = getattr(error, "problem", None) or "not valid YAML"
        yield Skipped(origin, line, f"broken front matter ({problem}); quote values that hold a colon")
        return
    except (ValueError, RecursionError) as error:
        # A date such as 2024-13-45, or brackets nested by the thousand.
        yield Skipped(origin, "line 1", f"broken front matter ({error}); mend the value or quote it")
        return
    if not isinstance(meta, dict) or not str(meta.get("title") or "").strip():
        yield Skipped(origin, "line 1", "the front matter has no title; add a line title: ...")
        return
    yield _article(meta, text[match.end() :], origin)


def _article(meta: dict[str, Any], body: str, origin: str) -> Source:
    title = normalised(str(meta["title"])).strip()
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(body)
    rendering = _Rendering(references=_References.from_tokens(tokens))
    rendering.composer.add("title", (), title)
    rendering.render(tokens)
    slug = str(meta.get("slug") or slug_of(title))
    return Source(
        source_id=f"article:{slug}",
        kind="article",
        csl=_csl(meta, slug, title),
        text=rendering.composer.text(),
        blocks=tuple(rendering.composer.blocks),
        key=slug,
        references=rendering.references.entries(),
        mentions=tuple(rendering.composer.mentions),
        url=_optional(meta.get("url")),
        license=_optional(meta.get("license")),
        origin=origin,
    )


def _csl(meta: dict[str, Any], slug: str, title: str) -> dict[str, Any]:
    csl: dict[str, Any] = {"id": slug, "type": "webpage", "title": title}
    authors = meta.get("author") or meta.get("authors") or []
    names = authors if isinstance(authors, list) else [authors]
    if names:
        csl["author"] = [{"literal": str(name)} for name in names]
    published = meta.get("published") or meta.get("date")
    if isinstance(published, datetime.date):
        csl["issued"] = {"date-parts": [[published.year, published.month, published.day]]}
    elif (year := re.search(r"\b(1[89]|20)\d\d\b", str(published or ""))) is not None:
        csl["issued"] = {"date-parts": [[int(year.group())]]}
    if meta.get("publisher"):
        csl["container-title"] = str(meta["publisher"])
    if meta.get("url"):
        csl["URL"] = str(meta["url"])
    return csl


def _optional(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None


@dataclass
class _References:
    """The numbered reference list; keys cited without an entry are appended."""

    _entries: dict[str, Reference] = field(default_factory=dict)
    _label_of_key: dict[str, str] = field(default_factory=dict)
    _listed: set[str] = field(default_factory=set)

    @classmethod
    def from_tokens(cls, tokens: list[Token]) -> "_References":
        references = cls()
        level = 0  # of the heading References while its list is open, else 0
        for index, token in enumerate(tokens):
            if token.type == "heading_open":
                own = int(token.tag[1])
                if part_of(_flat(tokens[index + 1])) == "references":
                    level = own
                elif own <= level:
                    level = 0
            elif level and token.type == "list_item_open":
                label = token.info or str(len(references._entries) + 1)
                references._add_entry(label, tokens[index + 2])
        return references

    def _add_entry(self, label: str, entry: Token) -> None:
        flat = _flat(entry)
        keys = [one.key for citation in keyed_citations(flat) for one in citation.cited]
        raw = without_citations(flat).strip()
        shown_or_linked = f"{raw} {entry.content}"
        key = keys[0] if keys else None
        if label in self._entries:
            # Markdown counts a list of nothing but "1." by itself; no two entries share a number.
            label = self._next_label()
        self._listed.add(label)
        self._entries[label] = Reference(
            label=label,
            raw=raw or (f"@{key}" if key else ""),
            key=key,
            doi=next((doi for _, _, doi in dois_in(shown_or_linked)), None),
            pmid=next((pmid for _, _, pmid in pmids_in(shown_or_linked)), None),
        )
        if key is not None:
            self._label_of_key.setdefault(key, label)

    def label_for(self, key: str) -> str:
        """The number under which a key is cited."""
        if key not in self._label_of_key:
            label = self._next_label()
            self._entries[label] = Reference(label=label, raw=f"@{key}", key=key)
            self._label_of_key[key] = label
        return self._label_of_key[key]

    def has_key(self, key: str) -> bool:
        """Whether an entry of the list has that key."""
        return key in self._label_of_key

    def lists(self, label: str) -> bool:
        """Whether the article's own list has that number."""
        return label in self._listed

    def _next_label(self) -> str:
        return str(max((int(label) for label in self._entries if label.isdigit()), default=0) + 1)

    def entries(self) -> tuple[Reference, ...]:
        return tuple(self._entries.values())


@dataclass
class _Rendering:
    """Walks the tokens of one article and composes its text."""

    references: _References
    composer: TextComposer = field(default_factory=TextComposer)
    headings: list[tuple[int, str]] = field(default_factory=list)
    part: Part = "section"
    item_depth: int = 0
    header: list[str] = field(default_factory=list)
    row: list[tuple[str, tuple[Marker, ...]]] = field(default_factory=list)
    in_header: bool = False

    def render(self, tokens: list[Token]) -> None:
        """Compose the blocks of a token stream."""
        for index, token in enumerate(tokens):
            match token.type:
                case "inline":
                    self._inline(token, tokens[index - 1])
                case "list_item_open":
                    self.item_depth += 1
                case "list_item_close":
                    self.item_depth -= 1
                case "thead_open":
                    self.in_header, self.header = True, []
                case "thead_close":
                    self.in_header = False
                case "tr_open":
                    self.row = []
                case "tr_close" if not self.in_header:
                    self._table_row()
                case "fence" | "code_block":
                    self._add(self._kind(), token.content.strip(), ())

    def _inline(self, token: Token, opener: Token) -> None:
        text, markers = self._plain(token)
        if opener.type == "heading_open":
            self._heading(int(opener.tag[1]), text)
        elif opener.type in ("th_open", "td_open"):
            if self.in_header:
                self.header.append(text)
            else:
                self.row.append((text, markers))
        elif self.part == "references":
            self.composer.add("reference", self._section(), text, ())
        else:
            self._add(self._kind(), text, markers)

    def _heading(self, level: int, text: str) -> None:
        self.headings = [(depth, name) for depth, name in self.headings if depth < level]
        if self.part == "questions" and self.headings and part_of(self.headings[-1][1]) == "questions":
            self.composer.add("question", self._section(), text)
            return
        part = part_of(text)
        self.part = self._inherited_part() if part == "section" else part
        kind: BlockKind = "boilerplate" if part in ("disclaimer", "housekeeping") else "heading"
        self.composer.add(kind, self._section(), text)
        self.headings.append((level, text))

    def _inherited_part(self) -> Part:
        """A sub-heading, however deep, stays in the part that a heading above it opened."""
        above = (part_of(name) for _, name in reversed(self.headings))
        return next((part for part in above if part != "section"), "section")

    def _section(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.headings)

    def _kind(self) -> BlockKind:
        if self.item_depth:
            return _ITEM_KINDS.get(self.part, _KINDS[self.part])
        return _KINDS[self.part]

    def _add(self, kind: BlockKind, text: str, markers: tuple[Marker, ...]) -> None:
        self.composer.add(kind, self._section(), text, markers if kind != "boilerplate" else ())

    def _table_row(self) -> None:
        text = ""
        markers: list[Marker] = []
        for column, (cell, cell_markers) in enumerate(self.row):
            name = self.header[column] if column < len(self.header) else ""
            lead = ("; " if text else "") + (f"{name}: " if name else "")
            if not cell:
                continue
            at = len(text) + len(lead)
            markers.extend(Marker(at + m.start, at + m.end, m.label) for m in cell_markers)
            text += lead + cell
        own = _KINDS[self.part]
        self._add(own if own in UNQUOTED_KINDS else "table-row", text, tuple(markers))

    def _plain(self, token: Token) -> tuple[str, tuple[Marker, ...]]:
        """The text of an inline token, citations as numbers, with a marker for each."""
        flat = _flat(token)
        out, unkeyed, at = "", "", 0
        markers: list[Marker] = []
        for citation in keyed_citations(flat, self.references.has_key):
            between = flat[at : citation.start]
            at = citation.end
            out, unkeyed = out + between, unkeyed + between
            if self.part == "references":
                out, unkeyed = out.rstrip(), unkeyed.rstrip()
                continue
            shown = self._shown(citation, len(out), markers)
            out, unkeyed = out + shown, unkeyed + " " * len(shown)
        out, unkeyed = out + flat[at:], unkeyed + flat[at:]
        # A number behind a key is a page, so numbers are looked for where no key stands.
        markers += typed_markers(unkeyed, self.references.lists)
        shift = len(out) - len(out.lstrip())
        return out.strip(), tuple(Marker(m.start - shift, m.end - shift, m.label) for m in markers)

    def _shown(self, citation: KeyedCitation, at: int, markers: list[Marker]) -> str:
        """A bracket of keys as a bracket of numbers, which begins at ``at``; its markers are appended."""
        shown = "["
        for position, one in enumerate(citation.cited):
            label = self.references.label_for(one.key)
            shown += (citation.separator if position else "") + one.before
            markers.append(Marker(at + len(shown), at + len(shown) + len(label), label))
            shown += label + one.behind
        return shown + "]"


def _flat(token: Token) -> str:
    """What a reader sees of an inline token."""
    return "".join(_text_of(child) for child in token.children or [])


def _text_of(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "image":
        return token.content
    return ""
