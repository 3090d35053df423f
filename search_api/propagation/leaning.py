"""Where the sources of a library lean on works that were retracted, corrected or doubted."""

import re
from collections.abc import Iterator, Mapping

from corpus.records import Mention, Source
from corpus.sentences import sentence_spans
from indexer.library import Library
from search_api.propagation.records import Leaning, Place

#: Gravest first; a note without a standing comes after a concern.
_GRAVITY = ("retracted", "concern", "none-known", "republished", "corrected")
#: Words by which a sentence says that it knows of the standing of what it cites.
_SAID: Mapping[str, re.Pattern[str]] = {
    "retracted": re.compile(r"retract", re.IGNORECASE),
    "concern": re.compile(r"concern", re.IGNORECASE),
    "republished": re.compile(r"republi|retract|newer version|replace", re.IGNORECASE),
    "corrected": re.compile(r"correct|errat|corrigend", re.IGNORECASE),
}


def leanings(library: Library) -> tuple[Leaning, ...]:
    """The works of marked standing that others cite, the gravest first, each with the places."""
    graph = library.citation_graph
    found = []
    for cited in map(library.source_at, graph.flagged()):
        rows = graph.mentioning(cited.source_id)
        places = tuple(place for row in rows for place in _places(library, row, cited))
        listed = tuple(map(library.source_at, graph.only_listing(cited.source_id)))
        if places or listed:
            found.append(Leaning(cited, places, listed))
    return tuple(sorted(found, key=lambda one: _GRAVITY.index(one.cited.integrity.status)))


def _places(library: Library, row: int, cited: Source) -> Iterator[Place]:
    """Where the source of a row mentions a work: one place a sentence, at its first mention there.

    A correction leaves a work's other findings as they are, so it is enough to tell of it once in a text.
    """
    citing = library.source_at(row)
    passages = library.passages((library.passage_sources == row).nonzero()[0].tolist())
    mentions = [mention for mention in citing.mentions if mention.source_id == cited.source_id]
    by_sentence: dict[tuple[int, int], Mention] = {}
    for mention in mentions:
        by_sentence.setdefault(sentence_of(citing, mention), mention)
    status = cited.integrity.status
    said = [_says_so(citing.text[start:end], status) for start, end in by_sentence]
    told = status == "corrected" and any(said)
    for ((start, end), mention), says_so in zip(by_sentence.items(), said, strict=True):
        holding = (p for p in passages if p.start <= mention.start and mention.end <= p.end)
        untold = says_so is False and not told
        yield Place(citing, mention, start, end, says_so, untold, next(holding, None))


def _says_so(sentence: str, status: str) -> bool | None:
    """Whether a sentence that cites a work speaks of the work's standing; a note is none, and gives None."""
    said = _SAID.get(status)
    return None if said is None else said.search(sentence) is not None


def sentence_of(source: Source, mention: Mention) -> tuple[int, int]:
    """Start and end of the sentence that holds a mention, in the source's text."""
    holding = (b for b in source.blocks if b.start <= mention.start and mention.end <= b.end)
    block = next(holding, None)
    if block is None:
        return mention.start, mention.end
    for start, end in sentence_spans(source.text[block.start : block.end]):
        if block.start + start <= mention.start < block.start + end:
            return block.start + start, block.start + end
    return block.start, block.end
