"""Tables of a JATS article: rows as ``Header: cell; Header: cell`` with the markers of each cell.

Header rows that stand above one another are read together (``CMF Grade 1``); a cell that spans rows
holds for each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.composing import Marker
from corpus.readers.jats_citations import Citations
from corpus.readers.jats_text import Element, Piece, piece_of

#: Wider and longer spans than these are mistakes or attacks.
_WIDEST, _LONGEST, _MOST_COLUMNS = 60, 500, 200
#: A longer text is not repeated in the rows that it spans or under which it stands, in characters.
_LONGEST_REPEATED = 200


@dataclass(frozen=True, slots=True)
class _Cell:
    column: int
    piece: Piece
    width: int


def rows_of(table: Element, citations: Citations) -> Iterator[Piece]:
    """The rows of a table's body, each as one piece of text."""
    heads = [tr for head in table.iter("thead") for tr in head.iter("tr", "row")]
    all_rows = list(table.iter("tr", "row"))
    if not heads:
        heads = all_rows[:1] if all_rows and _all_headers(all_rows[0]) else []
    in_head = set(heads)
    header = _header(_laid_out(heads, citations)) if len(all_rows) > len(heads) else []
    rows = [tr for tr in all_rows if tr not in in_head] if header or not heads else all_rows
    for cells in _laid_out(rows, citations):
        row = _row(cells, header)
        if row.text:
            yield row


def _all_headers(row: Element) -> bool:
    return len(row) > 0 and all(cell.tag == "th" for cell in row)


def _laid_out(rows: list[Element], citations: Citations) -> Iterator[list[_Cell]]:
    """Cells by column, those that span rows repeated in each."""
    hanging: dict[int, tuple[int, _Cell]] = {}
    for row in rows:
        cells = []
        column = 0
        waiting = [cell for cell in reversed(row) if cell.tag in ("td", "th", "entry")]
        while waiting or column in hanging:
            if column in hanging:
                left, cell = hanging.pop(column)
            else:
                element = waiting.pop()
                left = _span(element, "rowspan", _LONGEST)
                cell = _Cell(column, piece_of(element, citations), _span(element, "colspan", _WIDEST))
            cells.append(cell)
            if left > 1 and column < _MOST_COLUMNS:
                hanging[column] = (
                    left - 1,
                    cell if len(cell.piece.text) <= _LONGEST_REPEATED else _blank(cell),
                )
            column += cell.width
        yield cells


def _blank(cell: _Cell) -> _Cell:
    return _Cell(cell.column, Piece(""), cell.width)


def _span(cell: Element, name: str, most: int) -> int:
    written = cell.get(name)
    if written is None:
        return 1
    written = written.strip()
    return max(1, min(int(written[:6]), most)) if written.isdecimal() and written.isascii() else 1


def _header(rows: Iterator[list[_Cell]]) -> list[str]:
    """The name of each column: what stands above it, from top to bottom."""
    columns: list[list[str]] = []
    for cells in rows:
        for cell in cells:
            columns += [[] for _ in range(cell.column + cell.width - len(columns))]
            for names in columns[cell.column : cell.column + cell.width]:
                name = cell.piece.text.strip().rstrip(":")[:_LONGEST_REPEATED]
                if name and name not in names:
                    names.append(name)
    return [" ".join(names) for names in columns]


def _row(cells: list[_Cell], header: list[str]) -> Piece:
    filled = [cell for cell in cells if cell.piece.text.strip()]
    text = ""
    markers: list[Marker] = []
    for cell in filled:
        name = header[cell.column] if cell.column < len(header) and len(filled) > 1 else ""
        text += ("; " if text else "") + (f"{name}: " if name else "")
        markers += cell.piece.shifted(len(text))
        text += cell.piece.text
    return Piece(text, tuple(markers))
