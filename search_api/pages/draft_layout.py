"""A cited draft laid out for reading: its text whole, each claim a piece that can be coloured and pointed at.

Every character of a paragraph comes out once and in order; nothing of the draft is rendered as markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from search_api.drafts.records import CitedDraft, CitedSentence, Draft, Suggestion
from search_api.standing import is_retracted


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """A sentence that something was found for, with its number among those."""

    number: int
    cited: CitedSentence


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion with the place that it would be cited behind, and whether it is unless it is rejected."""

    start: int
    end: int
    suggestion: Suggestion
    taken: bool


@dataclass(frozen=True, slots=True)
class DraftPiece:
    """Some characters of the draft; ``sentence`` where something was found for them."""

    text: str
    sentence: NumberedSentence | None = None


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A paragraph as it is read."""

    kind: str
    pieces: tuple[DraftPiece, ...]


def numbered(cited: CitedDraft) -> tuple[NumberedSentence, ...]:
    """The sentences that something is to be said of, numbered in order."""
    told = (s for s in cited.sentences if s.finding is not None or s.own)
    return tuple(NumberedSentence(number, s) for number, s in enumerate(told, start=1))


def draft_rows(draft: Draft, told: Sequence[NumberedSentence]) -> list[DraftRow]:
    """The paragraphs of a draft, cut at its sentences."""
    return [
        DraftRow(p.kind, tuple(_pieces(draft.text, p.start, p.end, told)))
        for p in draft.paragraphs
        if p.end > p.start
    ]


def _pieces(text: str, start: int, end: int, told: Sequence[NumberedSentence]) -> list[DraftPiece]:
    pieces = []
    at = start
    for one in told:
        begin, stop = one.cited.sentence.start, one.cited.sentence.end
        if begin < at or stop > end:
            continue
        pieces += [DraftPiece(text[at:begin]), DraftPiece(text[begin:stop], one)]
        at = stop
    pieces.append(DraftPiece(text[at:end]))
    return [piece for piece in pieces if piece.text]


def offers_of(cited: CitedSentence) -> list[Offer]:
    """What may be cited behind a sentence or one of its clauses, each source once, what is taken first.

    A retracted work is not among it.
    """
    sentence = cited.sentence
    places = [(sentence.start, sentence.end, cited.finding)]
    places += [(p.start, p.end, f) for p, f in zip(sentence.parts, cited.parts, strict=True)]
    taken = {(i.start, i.end, source.source_id) for i in cited.insert for source in i.sources}
    offers = [
        Offer(start, end, s, (start, end, s.source.source_id) in taken)
        for start, end, finding in places
        if finding is not None
        for s in finding.suggestions
        if not is_retracted(s.source)
    ]
    offers.sort(key=lambda offer: not offer.taken)
    once: dict[str, Offer] = {}
    for offer in offers:
        once.setdefault(offer.suggestion.source.source_id, offer)
    return list(once.values())


def retracted_of(cited: CitedSentence) -> list[Suggestion]:
    """The retracted works that were found for a sentence: to be known of, not to be cited."""
    findings = [one for one in (cited.finding, *cited.parts) if one is not None]
    every = {s.source.source_id: s for one in findings for s in one.suggestions}
    return [s for s in every.values() if is_retracted(s.source)]
