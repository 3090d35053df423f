"""A health article as scraped plain text: a title, then headings and paragraphs in lines.

Such pages are known by their headings (Quick Summary, Key Points, References, ...). A heading is a
short line by itself without an end mark. Tables arrive flattened into lines without blank lines
between them; question lists arrive as questions with answers, or with the questions lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.article_parts import Part, is_crumb, part_of, slug_of
from corpus.composing import TextComposer
from corpus.identifiers import dois_in, pmids_in
from corpus.normalising import normalised
from corpus.readers.typed_citations import typed_markers
from corpus.records import BlockKind, Mention, Reference, Skipped, Source

NAME = "scraped article text"

_BULLET = re.compile(r"^\s*[•*‣◦-]\s+")
_NUMBERED = re.compile(r"^\s*[\[(]?(\d{1,3})[\]).]\s+(.*)$")
_PARAGRAPH_KINDS: dict[Part, BlockKind] = {
    "section": "paragraph",
    "summary": "summary",
    "key-points": "key-point",
    "questions": "answer",
    "references": "reference",
    "disclaimer": "boilerplate",
    "housekeeping": "paragraph",
}
_MINIMUM_OF_KNOWN_HEADINGS = 2


def claims(text: str, name: str) -> bool:
    """Plain text with at least two headings that such articles have."""
    known = {part_of(line) for line in text.splitlines() if len(line) < 60} - {"section"}
    return len(known) >= _MINIMUM_OF_KNOWN_HEADINGS


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """The article of the file, or why it is none."""
    groups = [group.split("\n") for group in re.split(r"\n\s*\n", normalised(text).strip("\n"))]
    crumbs = [group for group in groups[:6] if all(is_crumb(line) for line in group)]
    title = next((_joined(group) for group in groups[:6] if group not in crumbs), "")
    if not title or len(title) > 300:
        yield Skipped(origin, "line 1", "no title line; begin the text with the article's title")
        return
    parsing = _Parsing(title)
    for index, group in enumerate(groups):
        parsing.group(group, groups[index + 1] if index + 1 < len(groups) else None)
    slug = slug_of(title)
    yield Source(
        source_id=f"article:{slug}",
        kind="article",
        csl={"id": slug, "type": "webpage", "title": title},
        text=parsing.composer.text(),
        blocks=tuple(parsing.composer.blocks),
        key=slug,
        references=tuple(parsing.references),
        mentions=tuple(parsing.mentions()),
        origin=origin,
    )


@dataclass
class _Parsing:
    """The state while the groups of lines of one article are read."""

    title: str
    composer: TextComposer = field(default_factory=TextComposer)
    references: list[Reference] = field(default_factory=list)
    part: Part = "section"
    heading: str | None = None
    has_title: bool = False

    def group(self, lines: list[str], following: list[str] | None) -> None:
        """Compose the blocks of one group of lines between blank lines."""
        joined = _joined(lines)
        if not joined:
            return
        if all(is_crumb(line) for line in lines if line.strip()):
            self.composer.add("boilerplate", (), joined)
        elif not self.has_title and joined == self.title:
            self.composer.add("title", (), joined)
            self.has_title = True
        elif self._is_heading(lines, following):
            self._open(joined)
        elif self.part == "references":
            self._references(lines)
        elif self._is_list(lines):
            self._list(lines)
        elif len(lines) > 1 and self._is_table(lines):
            self._table(lines)
        else:
            self._paragraphs(lines)

    def mentions(self) -> Iterator[Mention]:
        """Bracketed numbers that the reference list has."""
        labels = {reference.label for reference in self.references}
        return (m for m in self.composer.mentions if m.label in labels)

    def _section(self) -> tuple[str, ...]:
        return (self.heading,) if self.heading else ()

    def _open(self, heading: str) -> None:
        self.part = part_of(heading)
        furniture = self.part in ("disclaimer", "housekeeping")
        self.composer.add("boilerplate" if furniture else "heading", (), heading)
        self.heading = None if furniture else heading

    def _is_heading(self, lines: list[str], following: list[str] | None) -> bool:
        line = lines[0].strip()
        if len(lines) != 1 or _BULLET.match(lines[0]) or _NUMBERED.match(line):
            return False
        if part_of(line) != "section":
            return True
        if self.part == "references" and any(character.isdigit() for character in line):
            return False  # an entry: it has a year, a heading after the list has none
        short = len(line) <= 90 and len(line.split()) <= 14
        if self.part == "questions" and line.endswith("?"):
            return False
        return short and line[-1] not in ".!;:,)" and following is not None

    def _is_list(self, lines: list[str]) -> bool:
        return any(_BULLET.match(line) for line in lines)

    def _is_table(self, lines: list[str]) -> bool:
        return len(lines) >= 3 and not any(line.rstrip().endswith((".", "?", "!")) for line in lines)

    def _list(self, lines: list[str]) -> None:
        kind: BlockKind = "key-point" if self.part == "key-points" else "list-item"
        for line in lines:
            bulleted = _BULLET.match(line) is not None
            self._add(kind if bulleted else "paragraph", _BULLET.sub("", line).strip())

    def _table(self, lines: list[str]) -> None:
        self._add("heading", lines[0].strip())
        for line in lines[1:]:
            self._add("table-row", line.strip())

    def _paragraphs(self, lines: list[str]) -> None:
        for line in lines:
            kind = _PARAGRAPH_KINDS[self.part]
            if is_crumb(line):
                kind = "boilerplate"
            elif self.part == "questions" and line.strip().endswith("?"):
                kind = "question"
            self._add(kind, line.strip())

    def _references(self, lines: list[str]) -> None:
        for line in _entries(lines):
            match = _NUMBERED.match(line)
            label = match.group(1) if match else str(len(self.references) + 1)
            raw = (match.group(2) if match else line).strip()
            self.references.append(
                Reference(
                    label=label,
                    raw=raw,
                    doi=next((doi for _, _, doi in dois_in(raw)), None),
                    pmid=next((pmid for _, _, pmid in pmids_in(raw)), None),
                )
            )
            self.composer.add("reference", self._section(), line.strip())

    def _add(self, kind: BlockKind, text: str) -> None:
        if self.part == "disclaimer" or (self.part == "housekeeping" and kind != "paragraph"):
            kind = "boilerplate"
        # The list comes last: `mentions` drops what it turns out not to hold.
        markers = tuple(typed_markers(text, lambda label: True)) if kind != "boilerplate" else ()
        self.composer.add(kind, self._section(), text, markers)


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines).strip()


def _entries(lines: list[str]) -> list[str]:
    """The entries of a reference list; under a number, a line without one goes on with it."""
    entries: list[str] = []
    for line in lines:
        if entries and _NUMBERED.match(entries[-1]) and not _NUMBERED.match(line):
            entries[-1] = f"{entries[-1]} {line.strip()}"
        else:
            entries.append(line)
    return entries
