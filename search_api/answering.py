"""A question with its cursor, fields and facets -> its answer and the document of it, for every surface."""

from indexer.encoder import Vectors
from search_api.answers import AnswerDocument
from search_api.cursors import next_cursor, offset_of
from search_api.documents import answer_document
from search_api.neighbours import facets_document
from search_api.queries import PagedQuery
from search_api.search import SearchAnswer, Searcher
from search_api.sparse import sparse


def answered(query: PagedQuery, using: Searcher, vector: Vectors | None = None) -> SearchAnswer:
    """The answer to a question, of the page that its cursor asks for; ``vector`` is the question encoded.

    Raises `ParameterError` for a cursor of another list.
    """
    return using.search(query, offset=offset_of(query.cursor, query, using), vector=vector)


def document_of(answer: SearchAnswer, query: PagedQuery, using: Searcher, style: str) -> AnswerDocument:
    """The document of an answer, with the fields and facets that the question asks for."""
    document = answer_document(answer, using, style, next_cursor(answer, using))
    document["results"] = sparse(document["results"], query.fields)
    if query.facets:
        document["facets"] = facets_document(query, using)
    return document
