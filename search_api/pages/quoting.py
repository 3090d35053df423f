"""A stretch of a source's text cut into pieces that a page can mark and link.

Every character comes out once and in order, so that what a page shows is the source's own words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.records import Mention, SearchHit, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a quote; ``mention`` where they point at a source, ``anchors`` that begin here."""

    text: str
    mention: Mention | None = None
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces that are marked, or not, together."""

    marked: bool
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The characters of all pieces."""
        return "".join(piece.text for piece in self.pieces)


def runs(
    text: str,
    span: Span,
    marked: Sequence[Span] = (),
    mentions: Iterable[Mention] = (),
    anchors: Mapping[int, Sequence[str]] | None = None,
) -> list[Run]:
    """The span of ``text`` as runs; all offsets count in ``text``.

    ``anchors`` maps an offset to the names that are to be found there. Where mentions overlap, the
    one that begins first is linked.
    """
    named = anchors or {}
    linked = _without_overlaps(m for m in mentions if span.start <= m.start < m.end <= span.end)
    cuts = {span.start, span.end, *(at for at in named if span.start <= at < span.end)}
    edges = [(m.start, m.end) for m in marked] + [(m.start, m.end) for m in linked]
    cuts |= {max(span.start, min(span.end, at)) for edge in edges for at in edge}
    found: list[tuple[bool, Piece]] = []
    for start, end in pairwise(sorted(cuts)):
        is_marked = any(m.start <= start and end <= m.end for m in marked)
        mention = next((m for m in linked if m.start <= start and end <= m.end), None)
        found.append((is_marked, Piece(text[start:end], mention, tuple(named.get(start, ())))))
    return _grouped(found)


def quote_runs(hit: SearchHit, answers: bool = True) -> list[Run]:
    """The passage of a hit, its citations linked, the answering sentence marked where it ``answers``."""
    passage = hit.passage
    offset = passage.start
    marked = [Span(offset + s.start, offset + s.end) for s in hit.highlights if answers]
    known = {cited.source.source_id for cited in hit.cites}
    mentions = [m for m in hit.source.mentions if m.source_id in known]
    return runs(hit.source.text, Span(passage.start, passage.end), marked, mentions)


def _without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _grouped(found: Sequence[tuple[bool, Piece]]) -> list[Run]:
    grouped: list[Run] = []
    for is_marked, piece in found:
        if grouped and grouped[-1].marked == is_marked:
            grouped[-1] = Run(is_marked, (*grouped[-1].pieces, piece))
        else:
            grouped.append(Run(is_marked, (piece,)))
    return grouped
