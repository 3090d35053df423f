"""How well the queries of a BEIR collection are answered: nDCG@10, Recall@100, MRR@10, and the time it took.

The collection is indexed by the product's own build and asked through the product's own searcher. A
document's rank is that of its best passage. Means are over every query that the split judges: one that
finds nothing, or that a search refuses (only common words, too long), counts 0 and is reported.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.beir_collection import BeirCollection
from corpus.errors import CollectionError, IndexStateError, ParameterError
from corpus.readers import beir
from indexer.build import BuildReport, build
from indexer.generation import LIBRARY_FILE, IndexDirectory
from indexer.library import Library
from indexer.writing import Progress
from search_api.queries import MAX_LIMIT, query_from
from search_api.search import Searcher

Mode = Literal["hybrid", "dense", "lexical"]
#: The measures by the names they are printed under.
MEASURES = ("nDCG@10", "Recall@100", "MRR@10")
#: Far less than the last decimal of a score, far more than single precision, in which trec_eval sorts.
_STEP = 1e-6

Judgements = Mapping[str, Mapping[str, int]]
#: The scores of documents by their ids, by query.
Run = Mapping[str, Mapping[str, float]]
#: The value of each measure, by query.
Values = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one query: documents best first with falling scores, times in milliseconds.

    ``refused`` is the reason where the search took no such query; it then has no documents and no times.
    """

    query_id: str
    text: str
    documents: Mapping[str, float]
    encoding_ms: float = 0.0
    ranking_ms: float = 0.0
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class BeirEvaluation:
    """The answers of one index to one split, and what they are worth.

    ``unknown_documents`` are judged but in no source of the index; they stay judged, as in the field.
    """

    collection: BeirCollection
    index_version: str
    retrieval_version: str
    model: str
    answers: tuple[Answered, ...]
    values: Values
    unknown_documents: tuple[str, ...]

    @property
    def means(self) -> dict[str, float]:
        """Each measure's mean over the judged queries."""
        return {
            measure: sum(row[measure] for row in self.values.values()) / len(self.values)
            for measure in MEASURES
        }

    @property
    def refused(self) -> tuple[Answered, ...]:
        """The queries that the search refused."""
        return tuple(answer for answer in self.answers if answer.refused is not None)

    @property
    def run(self) -> Run:
        """The documents and scores of every query."""
        return {answer.query_id: answer.documents for answer in self.answers}


def indexed(
    collection: BeirCollection, index: Path, progress: Progress | None = None, aside: bool = False
) -> BuildReport:
    """Build the collection's index at ``index``, or find that it holds just these documents already.

    Raises `IndexStateError` where the index holds anything but a BEIR corpus, which would be lost.
    """
    _refuse_other_library(index)
    return build(index, [collection.corpus], prune=True, progress=progress, aside=aside)


def evaluate(collection: BeirCollection, searcher: Searcher, mode: Mode = "hybrid") -> BeirEvaluation:
    """Ask every query of the split and measure the answers.

    Raises `CollectionError` where no judged document is in the index.
    """
    keys = searcher.library.keys()
    known = set(keys)
    judged = {document: None for grades in collection.judgements.values() for document in grades}
    unknown = tuple(document for document in judged if document not in known)
    if len(unknown) == len(judged):
        raise CollectionError(
            f"{collection.name}, split {collection.split}",
            f"none of its {len(judged)} judged documents is in the index",
            "give the corpus and the judgements of one collection",
        )
    # The first inference of a process takes far longer than any other.
    searcher.encoder.encode_query("warm")
    answers = tuple(
        _ask(searcher, keys, query_id, text, mode) for query_id, text in collection.queries.items()
    )
    run = {answer.query_id: answer.documents for answer in answers}
    return BeirEvaluation(
        collection=collection,
        index_version=searcher.manifest.index_version,
        retrieval_version=searcher.retrieval_version,
        model=str(searcher.manifest.parameters["model"]),
        answers=answers,
        values=measured(collection.judgements, run),
        unknown_documents=unknown,
    )


def _ask(searcher: Searcher, keys: Sequence[str | None], query_id: str, text: str, mode: Mode) -> Answered:
    """The documents for one query, each at the rank of its best passage, at most a hundred."""
    try:
        query = query_from({"query": text, "limit": MAX_LIMIT, "max_per_source": 1, "mode": mode})
    except ParameterError as error:
        return Answered(query_id, text, {}, refused=error.rule)
    ranked = searcher.rank(query)
    documents = [str(keys[row]) for row in searcher.library.passage_sources[ranked.rows]]
    return Answered(
        query_id=query_id,
        text=text,
        documents=dict(zip(documents, falling(ranked.scores.tolist()), strict=True)),
        encoding_ms=ranked.encoding_ms,
        ranking_ms=ranked.ranking_ms,
    )


def falling(scores: Iterable[float]) -> list[float]:
    """Scores of a ranked list made to fall strictly, so that whoever sorts by them keeps the order.

    trec_eval sorts by score and ignores the rank; draws it would decide by document id.
    """
    fallen: list[float] = []
    lowest = float("inf")
    for place, score in enumerate(scores):
        lowest = min(lowest, score)
        fallen.append(lowest - place * _STEP)
    return fallen


def measured(judgements: Judgements, run: Run) -> dict[str, dict[str, float]]:
    """The measures of a run for every judged query, as ir-measures and trec_eval compute them."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    names = {nDCG @ 10: "nDCG@10", R @ 100: "Recall@100", RR @ 10: "MRR@10"}
    graded = {query_id: dict(grades) for query_id, grades in judgements.items()}
    ranked = {query_id: dict(run.get(query_id, {})) for query_id in judgements}
    values = {query_id: dict.fromkeys(MEASURES, 0.0) for query_id in judgements}
    for metric in ir_measures.iter_calc(list(names), graded, ranked):
        values[metric.query_id][names[metric.measure]] = float(metric.value)
    return values


def _refuse_other_library(index: Path) -> None:
    directory = IndexDirectory(index)
    if directory.current_name() is None:
        return
    library = Library(directory.open().path / LIBRARY_FILE)
    try:
        others = {name: count for name, count in library.formats().items() if name != beir.NAME}
    finally:
        library.close()
    if others:
        raise IndexStateError(
            f"--index {index}",
            f"holds sources ({sum(others.values())}) that come from no BEIR corpus and would be dropped",
            "give a folder of its own, or leave --index out",
        )
