"""Composing a source's text block by block, so that every offset is exact by construction."""

from dataclasses import dataclass, field

from corpus.records import Block, BlockKind, LinkedHow, Mention


@dataclass(frozen=True, slots=True)
class Marker:
    """A mention inside a piece of text, with offsets in that piece."""

    start: int
    end: int
    label: str
    how: LinkedHow = "marker"


@dataclass
class TextComposer:
    r"""Collects pieces into one text; a blank line stands between pieces, one ``\\n`` in lists."""

    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    blocks: list[Block] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    def add(
        self, kind: BlockKind, section: tuple[str, ...], text: str, markers: tuple[Marker, ...] = ()
    ) -> None:
        """Append one block; empty text is left out. ``markers`` count from the piece's start."""
        if not text.strip():
            return
        if self._pieces:
            self._append("\n" if self._continues_list(kind, section) else "\n\n")
        start = self._length
        self._append(text)
        self.blocks.append(Block(kind, section, start, self._length))
        self.mentions.extend(Mention(start + m.start, start + m.end, m.how, m.label) for m in markers)

    def text(self) -> str:
        """The whole text composed so far."""
        return "".join(self._pieces)

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def _continues_list(self, kind: BlockKind, section: tuple[str, ...]) -> bool:
        last = self.blocks[-1]
        in_list = kind in ("list-item", "key-point", "table-row", "reference")
        return in_list and last.kind == kind and last.section == section
