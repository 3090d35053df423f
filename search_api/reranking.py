"""The first passages of a ranking, put in the order of a cross-encoder."""

from collections.abc import Sequence

from corpus.normalising import search_form
from corpus.passages import encoded_form
from indexer.library import Library
from indexer.reranker import Reranker
from search_api.fusion import Rows


def rerank(
    reranker: Reranker, library: Library, question: str, rows: Rows, places: Sequence[int]
) -> dict[int, float]:
    """The places (positions in ``rows``) in the reranker's order, each with its score.

    It reads a passage with its title and section before it, as the encoder does. Draws are in order of
    passage id.
    """
    if not places:
        return {}
    passages = library.passages([int(rows[place]) for place in places])
    titles = [library.source(passage.source_id).title for passage in passages]
    texts = [encoded_form(title, p.section, p.text) for title, p in zip(titles, passages, strict=True)]
    scores = reranker.scores(search_form(question), texts).tolist()
    read = sorted(zip(scores, passages, places, strict=True), key=lambda it: (-it[0], it[1].passage_id))
    return {place: score for score, _, place in read}
