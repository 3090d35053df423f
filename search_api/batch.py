"""Many questions at once: validated one by one, encoded together, each answered or refused for itself."""

import time
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SkipValidation, field_validator

from corpus.errors import FootnoteError, IndexStateError, ParameterError
from indexer.encoder import Vectors
from search_api.answers import AnswerDocument, BatchDocument, BatchItemDocument, ProblemDocument
from search_api.queries import PagedQuery, validated
from search_api.search import Searcher

#: The most questions that one request may ask.
MAX_QUERIES = 100


class BatchRequest(BaseModel):
    """Questions to answer together; each has the parameters of a search, and its own faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    queries: Annotated[
        list[Annotated[PagedQuery | Any, SkipValidation]],
        Field(
            description="The questions, each an object with the parameters of a search; "
            "anything else is answered with a problem in its place.",
            json_schema_extra={"minItems": 1, "maxItems": MAX_QUERIES},
        ),
    ]

    @field_validator("queries")
    @classmethod
    def _some_and_not_too_many(cls, value: list[Any]) -> list[Any]:
        if not value:
            raise ValueError("holds no question; give one or more")
        if len(value) > MAX_QUERIES:
            raise ValueError(f"holds {len(value)} questions, at most {MAX_QUERIES}; ask in parts")
        return value


#: Answers one question, given its vector; raises `FootnoteError` where it cannot be answered.
Answering = Callable[[PagedQuery, Vectors], AnswerDocument]


def answer_batch(
    asked: Sequence[Any],
    using: Searcher,
    answer: Answering,
    problem_of: Callable[[FootnoteError], ProblemDocument],
) -> BatchDocument:
    """The answers in the order of the questions; what one question breaks costs only its own answer.

    Raises `IndexStateError`, which is no question's fault.
    """
    began = time.perf_counter()
    checked = [_checked(parameters) for parameters in asked]
    queries = [query for query in checked if isinstance(query, PagedQuery)]
    vectors = iter(using.encoder.encode_queries([query.query for query in queries]))
    items: list[BatchItemDocument] = []
    for query in checked:
        try:
            if isinstance(query, FootnoteError):
                raise query
            items.append({"answer": answer(query, next(vectors)), "problem": None})
        except IndexStateError:
            raise
        except FootnoteError as error:
            items.append({"answer": None, "problem": problem_of(error)})
    return {
        "index_version": using.manifest.index_version,
        "retrieval_version": using.retrieval_version,
        "took_ms": round((time.perf_counter() - began) * 1000, 2),
        "failed": sum(item["problem"] is not None for item in items),
        "items": items,
    }


def _checked(parameters: Any) -> PagedQuery | FootnoteError:
    if not isinstance(parameters, dict):
        given = str(parameters)[:60]
        return ParameterError("queries", given, "must hold JSON objects", 'send {"query": "..."}')
    try:
        return validated(PagedQuery, parameters, strict=True)
    except FootnoteError as error:
        return error
