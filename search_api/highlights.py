"""The sentence of a passage that answers: the one that shares the rarest terms with the question.

A question in the passage answers nothing; the sentence after it answers what it asks, and has its terms.
"""

from collections.abc import Mapping

from corpus.records import Span
from corpus.sentences import sentence_spans
from indexer.lexical import stem_set

_CLOSING = " \"'”’)]"


def answering_sentence(weights: Mapping[str, float], text: str) -> tuple[Span, ...]:
    """The span of the sentence of ``text`` with the highest summed weight of the terms it holds.

    ``weights`` maps the stems of the question to their rarity. The first of equals; none where no
    sentence shares a term with the question.
    """
    best: tuple[float, Span] | None = None
    asked: frozenset[str] = frozenset()
    for start, end in sentence_spans(text):
        held = stem_set(text[start:end]) | asked
        asked = held if text[start:end].rstrip(_CLOSING).endswith("?") else frozenset()
        shared = 0.0 if asked else sum(weights.get(stem, 0.0) for stem in held)
        if shared > 0 and (best is None or shared > best[0]):
            best = (shared, Span(start, end))
    return (best[1],) if best else ()
