"""The sentence of a passage that answers: the one that shares the rarest terms with the question."""

from corpus.records import Span
from corpus.sentences import sentence_spans
from indexer.lexical import LexicalIndex


def answering_sentences(question: str, text: str, lexical: LexicalIndex) -> tuple[Span, ...]:
    """The span of the sentence of ``text`` with the highest summed rarity of the question's terms.

    The first of equals; none where no sentence shares a term with the question.
    """
    wanted = {stem: lexical.rarity(stem) for stem in lexical.stems(question)}
    best: tuple[float, Span] | None = None
    for start, end in sentence_spans(text):
        shared = sum(wanted.get(stem, 0.0) for stem in lexical.stems(text[start:end]))
        if shared > 0 and (best is None or shared > best[0]):
            best = (shared, Span(start, end))
    return (best[1],) if best else ()
