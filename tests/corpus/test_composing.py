"""A text composed block by block: every offset is right by construction."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.composing import Marker, TextComposer
from corpus.records import Block, BlockKind, Mention

Piece = tuple[BlockKind, tuple[str, ...], str]
LISTED = ("list-item", "key-point", "table-row", "reference")
PIECES = st.lists(
    st.tuples(
        st.sampled_from(("paragraph", "heading", "answer", *LISTED)),
        st.sampled_from([(), ("A",), ("A", "B")]),
        st.text(alphabet="aK₂α😀 .\n", max_size=12),
    ),
    max_size=12,
)


@given(PIECES)
def test_every_block_spans_the_piece_that_was_added_and_empty_pieces_leave_no_block(
    pieces: list[Piece],
) -> None:
    composer = TextComposer()
    for kind, section, piece in pieces:
        composer.add(kind, section, piece)
    text = composer.text()
    told = [(b.kind, b.section, text[b.start : b.end]) for b in composer.blocks]
    assert told == [piece for piece in pieces if piece[2].strip()]


@given(PIECES)
def test_nothing_but_line_breaks_stands_between_blocks(pieces: list[Piece]) -> None:
    composer = TextComposer()
    for kind, section, piece in pieces:
        composer.add(kind, section, piece)
    text = composer.text()
    gaps = zip(composer.blocks, composer.blocks[1:], strict=False)
    for before, after in gaps:
        one_list = before.kind == after.kind in LISTED and before.section == after.section
        assert text[before.end : after.start] == ("\n" if one_list else "\n\n")
    if composer.blocks:
        assert (composer.blocks[0].start, composer.blocks[-1].end) == (0, len(text))


def test_a_marker_inside_a_piece_becomes_a_mention_in_the_text() -> None:
    composer = TextComposer()
    composer.add("title", (), "Natto")
    composer.add("paragraph", ("Foods",), "Rich in K2 [12].", (Marker(12, 14, "12"),))
    assert composer.text() == "Natto\n\nRich in K2 [12]."
    assert composer.blocks == [Block("title", (), 0, 5), Block("paragraph", ("Foods",), 7, 23)]
    assert composer.mentions == [Mention(19, 21, "marker", "12")]
