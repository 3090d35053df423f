"""Quotes cut into pieces: nothing lost, nothing doubled, marks and links where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Cited, Mention, Passage, SearchHit, Source, Span
from search_api.pages.quoting import quote_runs, runs


def _spans(longest: int) -> st.SearchStrategy[Span]:
    pair = st.tuples(st.integers(0, longest), st.integers(0, longest))
    return pair.map(lambda p: Span(min(p), max(p)))


@given(
    text=st.text(max_size=60),
    marked=st.lists(_spans(70), max_size=3),
    mentioned=st.lists(_spans(70), max_size=4),
    named=st.dictionaries(st.integers(0, 70), st.just(["a"]), max_size=3),
    data=st.data(),
)
def test_every_character_comes_out_once_and_in_order(
    text: str, marked: list[Span], mentioned: list[Span], named: dict[int, list[str]], data: st.DataObject
) -> None:
    span = data.draw(_spans(len(text)))
    mentions = [Mention(m.start, m.end, "marker", "1") for m in mentioned]
    cut = runs(text, span, marked, mentions, named)
    assert "".join(run.text for run in cut) == text[span.start : span.end]
    at = span.start
    for run in cut:
        for piece in run.pieces:
            inside = any(m.start <= at and at + len(piece.text) <= m.end for m in marked)
            assert run.marked == inside
            at += len(piece.text)
    if span.start < span.end:
        inside_names = sum(span.start <= place < span.end for place in named)
        assert sum(len(piece.anchors) for run in cut for piece in run.pieces) == inside_names


def _hit(text: str, *spans: Span) -> SearchHit:
    source = Source("article:x", "article", {"title": "X"}, text, ())
    passage = Passage("p", "article:x", 0, len(text), text, (), "paragraph")
    return SearchHit(1, 1.0, 0.5, {}, passage, source, (), spans, ())


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ((), [("One. Two. Three.", False)]),
        ((Span(5, 9),), [("One. ", False), ("Two.", True), (" Three.", False)]),
        ((Span(0, 4),), [("One.", True), (" Two. Three.", False)]),
        ((Span(10, 16),), [("One. Two. ", False), ("Three.", True)]),
        ((Span(0, 4), Span(5, 9)), [("One.", True), (" ", False), ("Two.", True), (" Three.", False)]),
    ],
)
def test_a_quote_is_cut_at_its_highlights(spans: tuple[Span, ...], pieces: list[tuple[str, bool]]) -> None:
    assert [(run.text, run.marked) for run in quote_runs(_hit("One. Two. Three.", *spans))] == pieces


def test_nothing_is_marked_where_nothing_answers() -> None:
    cut = quote_runs(_hit("One. Two.", Span(0, 4)), answers=False)
    assert [(run.text, run.marked) for run in cut] == [("One. Two.", False)]


def test_a_citation_inside_a_marked_sentence_is_linked_and_stays_marked() -> None:
    text = "Before. It helped [3]. After."
    mention = Mention(19, 20, "marker", "3", source_id="doi:10.1/x")
    cited = Source("doi:10.1/x", "study", {}, "", ())
    source = Source("article:x", "article", {}, text, (), mentions=(mention,))
    passage = Passage("p", "article:x", 8, 22, text[8:22], (), "paragraph")
    hit = SearchHit(1, 1.0, 0.5, {}, passage, source, (Cited(mention, cited),), (Span(0, 14),), ())
    (run,) = quote_runs(hit)
    assert run.marked
    assert [(piece.text, piece.mention) for piece in run.pieces] == [
        ("It helped [", None),
        ("3", mention),
        ("].", None),
    ]


def test_of_two_mentions_that_overlap_the_one_that_begins_first_is_linked() -> None:
    first, second = Mention(0, 5, "prose", "a"), Mention(3, 9, "identifier", "b")
    (run,) = runs("abcdefghij", Span(0, 10), mentions=[second, first])
    assert [(piece.text, piece.mention) for piece in run.pieces] == [("abcde", first), ("fghij", None)]
