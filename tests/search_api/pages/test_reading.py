"""A source laid out for reading: whole, in order, its passages named, its citations beside it."""

from corpus.records import Block, Mention, Passage, Reference, Source, Span
from search_api.pages.reading import Layout, Part
from search_api.pages.tables import table_of
from search_api.search import Searcher

_GARRISON = Source("doi:10.1/g", "study", {"title": "G"}, "", ())
_TAN = Source("doi:10.1/t", "study", {"title": "T"}, "", ())
_TEXT = "Title\n\nTrials\n\nTan helped [1], twice [1].\n\nAlso [2].\n\nDoes it?\n\nYes [1].\n\n1. Tan\n2. G"


def _at(words: str, number: int = 0) -> int:
    at = -1
    for _ in range(number + 1):
        at = _TEXT.index(words, at + 1)
    return at


def _block(kind: str, words: str, section: tuple[str, ...] = ()) -> Block:
    return Block(kind, section, _at(words), _at(words) + len(words))  # type: ignore[arg-type]


def _mention(number: int, label: str, source_id: str) -> Mention:
    at = _at(f"[{label}]", number) + 1
    return Mention(at, at + 1, "marker", label, source_id=source_id)


_SOURCE = Source(
    "article:x",
    "article",
    {"title": "Title"},
    _TEXT,
    (
        _block("title", "Title"),
        _block("heading", "Trials"),
        _block("paragraph", "Tan helped [1], twice [1].", ("Trials",)),
        _block("paragraph", "Also [2].", ("Trials",)),
        _block("question", "Does it?", ("Questions",)),
        _block("answer", "Yes [1].", ("Questions",)),
        _block("reference", "1. Tan"),
        _block("reference", "2. G"),
    ),
    references=(Reference("1", "Tan", source_id="doi:10.1/t"), Reference("2", "G", source_id="gone")),
    mentions=(
        _mention(0, "1", "doi:10.1/t"),
        _mention(1, "1", "doi:10.1/t"),
        _mention(0, "2", "doi:10.1/g"),
        _mention(2, "1", "doi:10.1/t"),
    ),
)
_FOUND = {source.source_id: source for source in (_GARRISON, _TAN)}


def _passage(name: str, words: str) -> Passage:
    return Passage(name, "article:x", _at(words), _at(words) + len(words), words, (), "paragraph")


def _parts(quoted: Passage | None = None, *passages: Passage) -> list[Part]:
    return Layout(_SOURCE, passages, quoted, _FOUND.get).parts()


def test_parts_come_in_order_and_the_title_is_left_to_the_page() -> None:
    kinds = [part.kind for part in _parts()]
    assert kinds == ["heading", "text", "text", "heading", "text", "references"]


def test_headings_go_one_level_deeper_than_what_they_stand_in() -> None:
    assert [part.level for part in _parts() if part.kind == "heading"] == [2, 3]


def test_a_citation_is_noted_once_a_section() -> None:
    notes = [[n.source.source_id for n in row.notes] for part in _parts() for row in part.rows]
    assert notes == [[], ["doi:10.1/t"], ["doi:10.1/g"], [], ["doi:10.1/t"]]


def test_a_reference_is_linked_only_where_the_library_holds_it() -> None:
    (part,) = [part for part in _parts() if part.kind == "references"]
    assert [listed.source for listed in part.references] == [_TAN, None]


def test_references_without_a_place_in_the_text_come_at_the_end() -> None:
    source = Source(
        "article:x", "article", {}, "Text", (Block("paragraph", (), 0, 4),), references=(Reference("1", "R"),)
    )
    assert [part.kind for part in Layout(source, (), None, _FOUND.get).parts()] == ["text", "references"]


def test_passages_are_named_where_they_begin_and_rows_by_the_first_or_the_one_around() -> None:
    whole = _passage("qa", "Does it?\n\nYes [1].")
    second = _passage("second", "twice [1].")
    parts = _parts(None, _passage("first", "Tan helped [1],"), second, whole)
    rows = [row for part in parts for row in part.rows]
    anchors = [
        p.anchors for row in rows for cell in row.cells for run in cell for p in run.pieces if p.anchors
    ]
    assert anchors == [("p-first",), ("p-second",), ("p-qa",)]
    assert [row.passage_id for row in rows] == [None, "first", None, "qa", "qa"]


def test_the_quoted_passage_is_marked_across_blocks_and_nothing_else() -> None:
    quoted = _passage("qa", "Does it?\n\nYes [1].")
    rows = [row for part in _parts(quoted, quoted) for row in part.rows]
    marked = [run.text for row in rows for cell in row.cells for run in cell if run.marked]
    assert marked == ["Does it?", "Yes [1]."]


def test_every_block_of_every_source_is_read_whole(searcher: Searcher) -> None:
    library = searcher.library
    for source in library.sources():
        passages = library.passages(library.holdings.passage_rows(source.source_id))
        parts = Layout(source, passages, None, lambda _: None).parts()
        tabular = any(part.header for part in parts)
        left_out = {"title", "reference", "table-row"} if tabular else {"title", "reference"}
        rows = [row for part in parts for row in part.rows if not part.header]
        shown = ["".join(run.text for cell in row.cells for run in cell) for row in rows]
        expected = [source.text[b.start : b.end] for b in source.blocks if b.kind not in left_out]
        assert shown == expected
        cells = [cell for part in parts for row in part.rows for cell in row.cells]
        anchors = {name for cell in cells for run in cell for piece in run.pieces for name in piece.anchors}
        assert anchors == {f"p-{passage.passage_id}" for passage in passages}


def _rows(*lines: str) -> tuple[str, list[Block]]:
    text = "\n".join(lines)
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    return text, [Block("table-row", (), at, at + len(line)) for at, line in zip(starts, lines, strict=True)]


def test_rows_that_share_their_headers_become_a_table_with_the_cells_of_the_text() -> None:
    text, rows = _rows(
        "Study: Tan; People: Ukraine; 175: in all; Result: 0.96", "Study: B; People: 80; Result: "
    )
    table = table_of(text, rows)
    assert table is not None
    assert table.header == ("Study", "People", "Result")
    cells = [[text[span.start : span.end] for span in table.cells_of(row)] for row in rows]
    assert cells == [["Tan", "Ukraine; 175: in all", "0.96"], ["B", "80", ""]]


def test_rows_with_headers_of_their_own_stay_lines() -> None:
    assert table_of(*_rows("Study: Tan; People: 5", "Drug: K2; Dose: 9")) is None
    assert table_of(*_rows("No header at all", "Nor here")) is None


def test_spans_of_cells_are_slices_of_the_row() -> None:
    text, rows = _rows("A: 1; B: 2")
    table = table_of(text, rows)
    assert table is not None
    assert table.cells_of(rows[0]) == [Span(3, 4), Span(9, 10)]
