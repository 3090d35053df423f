"""One linked source -> its passages, the text of each that is encoded, and the terms of its stretches.

All that can be done for a source without knowing the others, so that several processes can share it
(`indexer.working`). A stretch's text is turned into terms once, between the bounds of its passages; both
the lexical leg and the forward index take their terms from there.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.passages import CountTokens, encoded_form, fitting_context, split
from corpus.records import Passage, Source
from indexer.lexical import counted_terms, names_of
from indexer.stretches import stretch_starts


@dataclass(frozen=True, slots=True)
class StretchTerms:
    """The terms of one stretch: of the title with all headings, of the text, and what each passage holds.

    ``heads`` are the terms of the title with a passage's own headings, ``spans`` its half-open range of
    ``body``.
    """

    title: tuple[str, ...]
    body: tuple[str, ...]
    heads: tuple[tuple[str, ...], ...]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a source gives to the stores; passages in order, ``stretches`` one after another over them.

    ``forms`` are the texts to encode, ``digests`` their SHA-256, 32 bytes each. ``cut`` counts the passages
    that end inside a sentence.
    """

    passages: tuple[Passage, ...]
    forms: tuple[str, ...]
    digests: tuple[bytes, ...]
    names: tuple[str, ...]
    stretches: tuple[StretchTerms, ...]
    cut: int


def prepared(source: Source, count_tokens: CountTokens, max_tokens: int) -> Prepared:
    """What a linked source gives to the stores, for an encoder that reads ``max_tokens``."""
    found = split(source, count_tokens, max_tokens)
    contexts: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    for passage in found.passages:
        if passage.section not in contexts:
            fitting = fitting_context(source.title, passage.section, count_tokens, max_tokens)
            contexts[passage.section] = fitting
    forms = tuple(encoded_form(*contexts[p.section], p.text) for p in found.passages)
    return Prepared(
        passages=found.passages,
        forms=forms,
        digests=tuple(hashlib.sha256(form.encode()).digest() for form in forms),
        names=tuple(counted_terms(names_of(source))) if forms else (),
        stretches=tuple(_stretches(source, found.passages)),
        cut=found.cut_sentences,
    )


def _stretches(source: Source, passages: Sequence[Passage]) -> list[StretchTerms]:
    starts = stretch_starts([(source, passage) for passage in passages])
    return [stretch_terms(source, passages[a:b]) for a, b in pairwise([*starts, len(passages)])]


def stretch_terms(source: Source, passages: Sequence[Passage]) -> StretchTerms:
    """The terms of a stretch, each sentence once: consecutive passages of a source, at least one."""
    headings = tuple(dict.fromkeys(heading for passage in passages for heading in passage.section))
    sections = {passage.section for passage in passages} | {headings}
    heads = {section: tuple(counted_terms(" ".join((source.title, *section)))) for section in sections}
    bounds = sorted({place for p in passages for place in (p.start, p.end)})
    at = {bounds[0]: 0}
    body: list[str] = []
    coming = sorted(passages, key=lambda passage: passage.start, reverse=True)
    reached = 0
    for start, end in pairwise(bounds):
        while coming and coming[-1].start <= start:
            reached = max(reached, coming.pop().end)
        if end <= reached:  # some passage holds all of it, for none begins or ends inside
            body += counted_terms(source.text[start:end])
        at[end] = len(body)
    return StretchTerms(
        title=heads[headings],
        body=tuple(body),
        heads=tuple(heads[passage.section] for passage in passages),
        spans=tuple((at[p.start], at[p.end]) for p in passages),
    )
