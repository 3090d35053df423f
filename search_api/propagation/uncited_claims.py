"""Sentences of an article that state a fact and cite nothing.

What states a fact is told by the rules for drafts (`search_api.drafts.claims`), in the article's own running
text, lists and answers; table rows, questions, headings and what every page carries are left out.
"""

from collections.abc import Iterator

from corpus.records import Block, Source
from corpus.sentences import sentence_spans
from search_api.drafts.claims import kind_of
from search_api.propagation.records import UncitedClaim

_STATING = frozenset({"paragraph", "list-item", "summary", "key-point", "answer"})


def uncited_claims(article: Source) -> Iterator[UncitedClaim]:
    """The claims of an article without a mention of a source in the sentence, in order of the text."""
    for block in article.blocks:
        if block.kind in _STATING:
            yield from _of_block(article, block)


def _of_block(article: Source, block: Block) -> Iterator[UncitedClaim]:
    text = article.text[block.start : block.end]
    places = [m.start - block.start for m in article.mentions if block.start <= m.start < block.end]
    for start, end in sentence_spans(text):
        cites = any(start <= place < end for place in places)
        if not cites and kind_of(" ".join(text[start:end].split()))[0] == "claim":
            yield UncitedClaim(article, block.start + start, block.start + end, bool(places))
