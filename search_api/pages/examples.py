"""Questions that the library answers, for the first page: those its articles ask themselves.

Drawn from the blocks of kind ``question`` and from headings that ask, evenly over the articles. Only
questions that find their own article first are offered: "Which stretches were tested?" makes no
sense outside its article. Where no article asks anything, nothing is offered.
"""

from corpus.records import Block, Source
from search_api.per_generation import once_per_generation
from search_api.queries import SearchQuery
from search_api.search import Searcher

_WANTED = 5
_LOOKED_AT = 100
_TRIED = 3
_LENGTHS = range(20, 64)


@once_per_generation
def example_questions(using: Searcher) -> tuple[str, ...]:
    """Some questions of the library's articles that it answers; empty where they ask none."""
    asking = [(source, asked) for source in _articles(using) if (asked := _questions(source))]
    step = max(1, len(asking) // _WANTED)
    found = []
    for place, (source, asked) in enumerate(asking[::step]):
        # Begin elsewhere in each article, so that not all examples are of one form.
        begin = place % len(asked)
        tried = (*asked[begin:], *asked[:begin])[:_TRIED]
        found += [question for question in tried if _answers(using, question, source)][:1]
        if len(found) == _WANTED:
            break
    return tuple(found)


def _answers(using: Searcher, question: str, source: Source) -> bool:
    answer = using.search(SearchQuery(query=question, limit=1))
    return answer.adequate and answer.hits[0].source.source_id == source.source_id


def _articles(using: Searcher) -> list[Source]:
    library = using.library
    rows = library.source_mask(kind="article").nonzero()[0][:_LOOKED_AT]
    return [library.source_at(int(row)) for row in rows]


def _questions(source: Source) -> list[str]:
    return [text for block in source.blocks if (text := _question(source, block))]


def _question(source: Source, block: Block) -> str | None:
    text = source.text[block.start : block.end].strip()
    asks = block.kind == "question" or (block.kind == "heading" and text.endswith("?"))
    return text if asks and len(text) in _LENGTHS else None
