"""Who cites a source in this library, and where."""

from corpus.records import Source
from search_api.answers import CitedByAnswer, CitingDocument
from search_api.documents import source_summary
from search_api.search import Searcher


def citing_sources(cited: Source, searcher: Searcher) -> list[Source]:
    """The sources whose text points at a source, in the order in which they were read."""
    library = searcher.library
    return [library.source(source_id) for source_id in library.cited_by(cited.source_id)]


def cited_by_document(cited: Source, searcher: Searcher, style: str) -> CitedByAnswer:
    """A source, and the places of other texts that point at it."""
    return {
        "index_version": searcher.manifest.index_version,
        "source": source_summary(cited, searcher, style),
        "cited_by": [_citing(source, cited, searcher, style) for source in citing_sources(cited, searcher)],
    }


def _citing(source: Source, cited: Source, searcher: Searcher, style: str) -> CitingDocument:
    return {
        "source": source_summary(source, searcher, style),
        "mentions": [
            {
                "label": mention.label,
                "start": mention.start,
                "end": mention.end,
                "how": mention.how,
                "confidence": mention.confidence,
                "text": source.text[mention.start : mention.end],
            }
            for mention in source.mentions
            if mention.source_id == cited.source_id
        ],
    }
