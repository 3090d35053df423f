"""A source's text laid out for reading: headings, paragraphs, lists, tables, references, notes beside.

Laid out from the blocks, by offsets, so that what is read is what is quoted. Every passage gets a name in
the page (``p-`` and its id) where it begins; the citations of a block stand beside it, each once a section.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.records import Block, Mention, Passage, Reference, Source, Span
from search_api.pages.quoting import Run, runs
from search_api.pages.tables import Table, table_of

PartKind = Literal["heading", "text", "list", "table", "references", "aside"]
#: Blocks that join the block before them into one part.
_JOINED: Mapping[str, PartKind] = {"list-item": "list", "key-point": "list", "table-row": "table"}
#: Finds a source by its id; None where the library has it no more.
Find = Callable[[str], Source | None]


@dataclass(frozen=True, slots=True)
class Note:
    """A source that is cited beside a block, and the first mention in the block that points at it."""

    mention: Mention
    source: Source


@dataclass(frozen=True, slots=True)
class Row:
    """A block as it is read: its runs, cell by cell in a table; notes beside it; a passage to name it by."""

    kind: str
    cells: tuple[tuple[Run, ...], ...]
    notes: tuple[Note, ...]
    passage_id: str | None


@dataclass(frozen=True, slots=True)
class ListedReference:
    """A reference with the source that it resolved to, where there is one."""

    reference: Reference
    source: Source | None


@dataclass(frozen=True, slots=True)
class Part:
    """Something to read in one piece; ``level`` is a heading's, ``header`` a table's first row."""

    kind: PartKind
    level: int = 2
    header: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    references: tuple[ListedReference, ...] = ()


class Layout:
    """Lays out one source; ``quoted`` is the passage to mark, ``find`` gives the sources it cites."""

    def __init__(
        self, source: Source, passages: Sequence[Passage], quoted: Passage | None, find: Find
    ) -> None:
        self._source = source
        self._passages = passages
        self._marked = [Span(quoted.start, quoted.end)] if quoted else []
        self._find = find
        self._noted: set[tuple[str | None, str]] = set()
        self._anchors: dict[int, list[str]] = {}
        for passage in passages:
            self._anchors.setdefault(passage.start, []).append(f"p-{passage.passage_id}")

    def parts(self) -> list[Part]:
        """The whole text, in order."""
        found: list[Part] = []
        for kind, blocks in _grouped(self._source.blocks):
            if kind == "table":
                found.append(self._table(blocks))
            elif kind == "references":
                found.append(self._references())
            elif kind is not None:
                rows = tuple(self._row(block) for block in blocks)
                found.append(Part(kind, level=_level(blocks[0]), rows=rows))
        if self._source.references and not any(part.kind == "references" for part in found):
            found.append(self._references())
        return found

    def _row(self, block: Block, table: Table | None = None) -> Row:
        spans = table.cells_of(block) if table else [Span(block.start, block.end)]
        anchors = self._anchors_in(block, spans)
        return Row(
            kind=block.kind,
            cells=tuple(tuple(self._runs(span, anchors)) for span in spans),
            notes=self._notes(block),
            passage_id=self._passage_of(block),
        )

    def _runs(self, span: Span, anchors: Mapping[int, list[str]]) -> list[Run]:
        return runs(self._source.text, span, self._marked, self._source.mentions, anchors)

    def _anchors_in(self, block: Block, spans: Sequence[Span]) -> dict[int, list[str]]:
        """The names of the passages that begin in a block; one that begins between cells goes to the next."""
        moved: dict[int, list[str]] = {}
        shown = [span for span in spans if span.start < span.end]
        for at, names in self._anchors.items():
            if shown and block.start <= at < block.end:
                cell = next((span for span in shown if at < span.end), shown[-1])
                moved.setdefault(min(max(at, cell.start), cell.end - 1), []).extend(names)
        return moved

    def _table(self, blocks: Sequence[Block]) -> Part:
        table = table_of(self._source.text, blocks)
        rows = tuple(self._row(block, table) for block in blocks)
        return Part("table", header=table.header if table else (), rows=rows)

    def _references(self) -> Part:
        listed = tuple(
            ListedReference(r, self._find(r.source_id) if r.source_id else None)
            for r in self._source.references
        )
        return Part("references", references=listed)

    def _notes(self, block: Block) -> tuple[Note, ...]:
        """What the block cites and its section has not noted yet."""
        section = block.section[0] if block.section else None
        found = []
        for mention in self._source.mentions:
            inside = block.start <= mention.start and mention.end <= block.end
            if not inside or not mention.source_id or (section, mention.source_id) in self._noted:
                continue
            source = self._find(mention.source_id)
            if source is not None:
                self._noted.add((section, mention.source_id))
                found.append(Note(mention, source))
        return tuple(found)

    def _passage_of(self, block: Block) -> str | None:
        """The first passage that begins in the block, else the one that the block lies in."""
        begins = (p for p in self._passages if block.start <= p.start < block.end)
        holds = (p for p in self._passages if p.start <= block.start and block.end <= p.end)
        found = next(begins, None) or next(holds, None)
        return found.passage_id if found else None


def _grouped(blocks: Iterable[Block]) -> list[tuple[PartKind | None, list[Block]]]:
    """Blocks with the kind of part they make; list items, rows and references that follow each other join."""
    grouped: list[tuple[PartKind | None, list[Block]]] = []
    for block in blocks:
        kind = _part_kind(block)
        joins = grouped and kind in ("list", "table", "references") and grouped[-1][0] == kind
        if joins and grouped[-1][1][0].section == block.section:
            grouped[-1][1].append(block)
        else:
            grouped.append((kind, [block]))
    return grouped


def _part_kind(block: Block) -> PartKind | None:
    if block.kind in _JOINED:
        return _JOINED[block.kind]
    if block.kind in ("heading", "question"):
        return "heading"
    if block.kind == "reference":
        return "references"
    if block.kind == "boilerplate":
        return "aside"
    return None if block.kind == "title" else "text"


def _level(block: Block) -> int:
    return min(2 + len(block.section), 6)
