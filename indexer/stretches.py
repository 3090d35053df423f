"""Stretches: the runs of passages that are ranked as one before the passage in them is chosen.

A window of three sentences says too little of its own: which of two abstracts a question is about shows in the
whole. A study is one stretch; a long source (an article, a full text) has one for each of its main sections.
"""

from collections.abc import Sequence

from corpus.records import Passage, Source

#: A study of at most this many passages is one stretch, sections or not.
WHOLE_STUDY_PASSAGES = 16


def stretch_starts(pairs: Sequence[tuple[Source, Passage]]) -> list[int]:
    """The rows at which a stretch begins, ascending; ``pairs`` in order of rows, sources unbroken."""
    starts: list[int] = []
    row = 0
    while row < len(pairs):
        end = row
        while end < len(pairs) and pairs[end][0].source_id == pairs[row][0].source_id:
            end += 1
        starts += _starts_within(pairs[row:end], row)
        row = end
    return starts


def _starts_within(pairs: Sequence[tuple[Source, Passage]], first: int) -> list[int]:
    if pairs[0][0].kind == "study" and len(pairs) <= WHOLE_STUDY_PASSAGES:
        return [first]
    heads = [passage.section[:1] for _, passage in pairs]
    return [first + i for i, head in enumerate(heads) if i == 0 or head != heads[i - 1]]
