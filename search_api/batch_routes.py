"""``POST /v1/search/batch``: many questions in one request."""

from flask import Blueprint, Response, jsonify

from indexer.encoder import Vectors
from search_api.answering import answered, document_of
from search_api.answers import AnswerDocument, BatchDocument
from search_api.api import object_of_body, searcher, style_or_default
from search_api.batch import BatchRequest, answer_batch
from search_api.openapi.operation import Operation, described
from search_api.problems import problem_of
from search_api.queries import PagedQuery, validated

blueprint = Blueprint("batch", __name__, url_prefix="/v1")


@blueprint.post("/search/batch")
@described(Operation(BatchDocument, "search", body=BatchRequest))
def search_batch() -> Response:
    """Answer up to 100 questions, each for itself."""
    asked = validated(BatchRequest, object_of_body('send {"queries": [{"query": "..."}]}'), strict=True)
    using = searcher()

    def answer(query: PagedQuery, vector: Vectors) -> AnswerDocument:
        style = style_or_default(query.style)
        return document_of(answered(query, using, vector), query, using, style)

    return jsonify(answer_batch(asked.queries, using, answer, problem_of))
