"""The sentence of a source that says most of a statement, and the passage around it.

The words of the statement weigh most; then how alike the passage around the sentence is, whether the
sentence reports a result or only a plan, and its place, for results stand behind aims and methods.
Weights and what they are worth: ARCHITECTURE.md, measured by `benchmarks/writing.py`.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from corpus.records import Passage, Span
from corpus.sentences import sentence_spans
from indexer.lexical import stem_set
from search_api.drafts.opposing import denies, ways
from search_api.manner import plans, reports

_LIKENESS, _PLACE, _PLAN, _RESULT, _DIRECTION = 0.5, 0.2, 0.2, 0.05, 0.05
#: An editor's summary is short, and its result does not stand last.
_PLACE_IN_SUMMARY = 0.1
#: Passages further from the most alike one than this are of another part of a long text, in characters.
_SAME_PART = 3_000


def telling_sentence(
    rarities: Mapping[str, float], passages: Sequence[tuple[Passage, float]]
) -> tuple[Passage, Span] | None:
    """The passage to quote and the sentence in it; ``passages`` are those of one source with their cosines.

    None where no sentence shares a word with the statement.
    """
    best = max(passages, key=lambda found: (found[1], -found[0].start))[0]
    near = [(p, cosine) for p, cosine in passages if abs(p.start - best.start) <= _SAME_PART]
    around = _sentences(near)
    first, last = min(around), max(around)
    total = sum(rarities.values())
    scored = []
    for (start, end), (passage, cosine) in around.items():
        sentence = passage.text[start - passage.start : end - passage.start]
        shared = sum(rarities.get(stem, 0.0) for stem in stem_set(sentence))
        if shared > 0:
            place = (start - first[0]) / (last[0] - first[0]) if last != first else 1.0
            weight = _PLACE_IN_SUMMARY if passage.kind == "summary" else _PLACE
            score = shared / total + _LIKENESS * cosine + weight * place + _manner(sentence)
            scored.append((score, -start, passage, Span(start - passage.start, end - passage.start)))
    if not scored:
        return None
    _, _, passage, span = max(scored, key=lambda item: item[:2])
    return passage, span


def _sentences(
    passages: Sequence[tuple[Passage, float]],
) -> dict[tuple[int, int], tuple[Passage, float]]:
    """Every sentence by its place in the source, with the most alike passage that holds it."""
    found: dict[tuple[int, int], tuple[Passage, float]] = {}
    for passage, cosine in passages:
        for start, end in sentence_spans(passage.text):
            place = passage.start + start, passage.start + end
            if place not in found or cosine > found[place][1]:
                found[place] = passage, cosine
    return found


@lru_cache(maxsize=16_384)
def _manner(sentence: str) -> float:
    reported = reports(sentence) or denies(sentence)
    return _RESULT * reported + _DIRECTION * bool(ways(sentence)) - _PLAN * plans(sentence)
