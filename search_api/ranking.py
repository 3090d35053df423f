"""Candidates -> an order: what the legs found, scored again by all that is known of it.

1. Both legs give candidates; the stretches that hold them are scored whole (`indexer.stretches`).
2. The best of them move the question: its vector towards theirs (doi:10.1145/3570724), its words towards
   theirs (a relevance model, doi:10.1145/383952.383972). Each counts by a steep softmax of its score, so
   that one clear answer is not diluted by the nine behind it.
3. The moved question searches again, and all are scored by it.
4. What is left of the scale, ``1 - score``, is shared out by the nearest neighbours among the candidates
   (after doi:10.1145/1099554.1099722): that lifts the tail and leaves a sure first place where it is.

A passage has the score of its stretch, less what it falls behind the best passage there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from indexer.forward import ForwardIndex, spread
from indexer.legs import DenseLeg, LexicalLeg
from indexer.lexical import LexicalFilter, stems
from indexer.stretches import StretchVectors
from indexer.synonyms import SynonymTable
from search_api.candidates import Candidates
from search_api.fusion import Rows, Scores, min_max, scores_at, weighted_sum
from search_api.lexical_features import CandidateText, WeightedStems, mixed, passage_bm25
from search_api.ranking_settings import Ranking

Vectors = npt.NDArray[np.float32]

#: The least width of the scale on which the cosines of a stretch's passages are compared. Fifty questions of
#: the development collections had 0.6 at least; one stretch alone has 0, and all but its best passage would
#: fall to the same score.
LEAST_SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the legs see it: its text, unit vector ``(dim,)`` and stems in order.

    ``added`` are the stems that synonyms add, with their weights; the words of the question count 1.
    """

    text: str
    vector: Vectors
    stems: tuple[str, ...]
    added: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Passages from best to worst: library rows, fused scores (0 to 1), cosine and BM25, ``(n,)`` each."""

    rows: Rows
    fused: Scores
    dense: Scores
    lexical: Scores

    def at(self, places: npt.NDArray[np.bool_]) -> "Ranked":
        """Those of them that ``places``, ``(n,) bool``, keeps, in their order."""
        return Ranked(self.rows[places], self.fused[places], self.dense[places], self.lexical[places])


class Ranker:
    """Orders the passages of one generation for a question."""

    def __init__(
        self,
        vectors: DenseLeg,
        lexical: LexicalLeg,
        forward: ForwardIndex,
        means: StretchVectors,
        synonyms: SynonymTable | None = None,
    ) -> None:
        self.vectors = vectors
        self.lexical = lexical
        self.forward = forward
        self.means = means
        self.synonyms = synonyms or SynonymTable()

    def question(self, text: str, vector: Vectors) -> Question:
        """A question that was encoded."""
        words = tuple(stems(text))
        return Question(text, vector, words, self.synonyms.added(words))

    def rank(
        self,
        question: Question,
        settings: Ranking,
        mode: str = "hybrid",
        depth: int = 0,
        where: LexicalFilter | None = None,
        allowed: npt.NDArray[np.bool_] | None = None,
    ) -> Ranked:
        """All candidates, best first; the same each time, but draws are left to the caller.

        The modes ``dense`` and ``lexical`` give the order of that leg alone. ``allowed``,
        ``(passages,) bool``, and ``where`` say the same of vectors and of words; ``depth`` may ask for more
        than the settings do.
        """
        depth = max(settings.depth, depth)
        if mode == "dense":
            rows, near = self.vectors.search(question.vector, depth, allowed, where)
            cosines = near.astype(np.float64)
            return Ranked(rows, min_max(cosines), cosines, np.zeros(len(rows)))
        matching = self.lexical.search(question.text, depth, where, question.added)
        if mode == "lexical":
            cosines = self.vectors.scores(question.vector, matching[0]).astype(np.float64)
            words = matching[1].astype(np.float64)
            return Ranked(matching[0], min_max(words), cosines, words)
        ranked = self._rank_stretches(question, settings, matching, depth, allowed, where)
        return ranked if allowed is None else ranked.at(allowed[ranked.rows])

    def _rank_stretches(
        self,
        question: Question,
        settings: Ranking,
        matching: tuple[Rows, Vectors],
        depth: int,
        allowed: npt.NDArray[np.bool_] | None,
        where: LexicalFilter | None,
    ) -> Ranked:
        """The passages of all stretches that a leg found, also those which ``allowed`` refuses."""
        found, _ = self.vectors.search(question.vector, depth, allowed, where)
        stretches = self._stretches_of(np.concatenate([found, matching[0]]))
        if not len(stretches):
            return Ranked(found, *(np.zeros(0) for _ in range(3)))
        scoring = _Scoring(self, question, settings)
        scoring.add(stretches)
        if not settings.feedback:
            scores = scoring.fused(question.vector, scoring.stem_scores)
            return scoring.passages(scores, question.vector, matching)
        moved = scoring.moved_vector()
        again, _ = self.vectors.search(moved, depth, allowed, where)
        scoring.add(np.setdiff1d(self._stretches_of(again), stretches))
        return scoring.passages(scoring.fed_back(moved), moved, matching)

    def _stretches_of(self, rows: Rows) -> Rows:
        return np.unique(self.forward.stretches_of(rows))


class _Scoring:
    """The features of one question's candidates; stretches may be added, their order stays."""

    def __init__(self, ranker: Ranker, question: Question, settings: Ranking) -> None:
        self._stores = ranker
        self._question = question
        self._settings = settings
        forward = ranker.forward
        numbers = [forward.id_of(stem) for stem in question.stems]
        self._ids = [-1 if number is None else number for number in numbers]
        weights = {number: float(self._ids.count(number)) for number in sorted(set(self._ids) - {-1})}
        added = ((forward.id_of(stem), weight) for stem, weight in question.added.items())
        weights |= {number: weight for number, weight in added if number is not None}
        self._stems = WeightedStems(
            np.array(list(weights), dtype=np.int64), np.array(list(weights.values()), dtype=np.float64)
        )
        self._texts: list[CandidateText] = []
        self.stem_scores = np.zeros(0)
        self._gram_scores = np.zeros(0)
        dim = len(question.vector)
        none = np.zeros(0, dtype=np.int64)
        empty = np.zeros((0, dim), dtype=np.float32)
        self._candidates = Candidates(none, none, none, empty, empty)

    def add(self, stretches: Rows) -> None:
        """Take more stretches in; none of them may be there already."""
        if not len(stretches):
            return
        forward, old = self._stores.forward, self._candidates
        begins, ends = forward.stretch_passages[stretches], forward.stretch_passages[stretches + 1]
        rows, _ = spread(begins, ends)
        firsts = np.cumsum(ends - begins) - (ends - begins)
        vectors = self._stores.vectors.vectors(rows)
        means = self._stores.means.of(stretches)
        if len(old.rows):
            self._candidates = Candidates(
                np.concatenate([old.stretches, stretches]),
                np.concatenate([old.rows, rows]),
                np.concatenate([old.firsts, firsts + len(old.rows)]),
                np.concatenate([old.vectors, vectors]),
                np.concatenate([old.means, means]),
            )
        else:
            self._candidates = Candidates(stretches, rows, firsts, vectors, means)
        text = CandidateText(forward, stretches)
        self._texts.append(text)
        self.stem_scores = np.append(self.stem_scores, text.bm25(self._stems))
        grams = (
            text.gram_bm25(self._question.stems) if self._settings.gram_weight else np.zeros(len(stretches))
        )
        self._gram_scores = np.append(self._gram_scores, grams)

    def fused(self, vector: Vectors, stem_scores: Scores, bigrams: bool = False) -> Scores:
        """The weighted sum of the features, each min-max normalised over the candidates, brought to 0..1."""
        settings = self._settings
        parts = [
            (settings.dense_weight, self._candidates.cosines(vector)[1]),
            (settings.lexical_weight, stem_scores),
            (settings.gram_weight, self._gram_scores),
        ]
        if bigrams and settings.bigram_weight:
            parts.append((settings.bigram_weight, self._over_texts(lambda t: t.bigram_bm25(self._ids))))
        return weighted_sum(parts)

    def moved_vector(self) -> Vectors:
        """The question's vector moved towards the best passages of the best stretches."""
        question = self._question.vector
        each, _ = self._candidates.cosines(question)
        chosen, shares = self._best(self.fused(question, self.stem_scores))
        mean = shares[chosen].astype(np.float32) @ self._candidates.best_vectors(each, chosen)
        share = self._settings.feedback_share
        moved = (1 - share) * question + share * mean / max(float(np.linalg.norm(mean)), 1e-9)
        return np.asarray(moved / max(float(np.linalg.norm(moved)), 1e-9), dtype=np.float32)

    def fed_back(self, moved: Vectors) -> Scores:
        """The scores of the stretches by the moved question, in words as well.

        The best has 1; where they are all equal each has 1, or 0 where nothing speaks for any.
        """
        settings = self._settings
        stem_scores = self.stem_scores
        if settings.expansion_terms and len(self._stems.ids):
            _, shares = self._best(self.fused(moved, self.stem_scores))
            stem_scores = self._expanded(shares)
        scores = min_max(self.fused(moved, stem_scores, bigrams=True))
        if settings.neighbour_weight and min(len(scores), settings.neighbour_pool) > settings.neighbours:
            scores = scores + settings.neighbour_weight * (1 - scores) * min_max(self._smoothed(scores))
        return scores

    def passages(self, scores: Scores, vector: Vectors, matching: tuple[Rows, Vectors]) -> Ranked:
        """The passages of the candidates: their stretch's score, less how far they fall behind there."""
        candidates, settings = self._candidates, self._settings
        each, whole = candidates.cosines(vector)
        local = settings.dense_weight * each / max(float(np.ptp(whole)), LEAST_SPREAD)
        if len(self._stems.ids):
            words = passage_bm25(self._stores.forward, candidates.rows, self._stems)
            local = local + settings.lexical_weight * words / max(float(words.max()), 1e-9)
        owner = candidates.owner
        behind = np.maximum.reduceat(local, candidates.firsts)[owner] - local
        fused = np.maximum(scores[owner] - behind, 0.0)
        dense = (candidates.vectors @ self._question.vector).astype(np.float64)
        order = np.argsort(-fused, kind="stable")
        rows = candidates.rows[order]
        return Ranked(rows, fused[order], dense[order], scores_at(rows, *matching))

    def _best(self, scores: Scores) -> tuple[Rows, Scores]:
        """The stretches that are fed back, best first, and the share of every stretch, in sum 1."""
        chosen = np.lexsort((self._candidates.stretches, -scores))[: self._settings.feedback]
        weights = np.exp((scores[chosen] - scores[chosen[0]]) / self._settings.feedback_temperature)
        shares = np.zeros(len(scores))
        shares[chosen] = weights / weights.sum()
        return chosen, shares

    def _expanded(self, shares: Scores) -> Scores:
        """BM25 of the question's stems mixed with those of the best stretches."""
        sizes = np.cumsum([0, *(len(text.stretches) for text in self._texts)])
        fed = [
            (float(part.sum()), text.feedback(part, self._settings.expansion_terms))
            for text, begin, end in zip(self._texts, sizes[:-1], sizes[1:], strict=True)
            if (part := shares[begin:end]).any()
        ]
        ids = np.concatenate([stems.ids for _, stems in fed])
        weights = np.concatenate([mass * stems.weights for mass, stems in fed])
        question = mixed(self._stems, WeightedStems(ids, weights), self._settings.expansion_share)
        return self._over_texts(lambda text: text.bm25(question))

    def _smoothed(self, scores: Scores) -> Scores:
        """The mean score of each stretch's nearest candidates by the cosine of their mean vectors.

        Among the best `Ranking.neighbour_pool` only; the others have 0. The pool must hold more than
        `Ranking.neighbours`; of equally near ones the better is among them.
        """
        settings = self._settings
        pool = np.lexsort((self._candidates.stretches, -scores))[: settings.neighbour_pool]
        means = self._candidates.means[pool]
        likeness = means @ means.T
        np.fill_diagonal(likeness, -np.inf)
        smoothed = np.zeros(len(scores))
        smoothed[pool] = scores[pool][_nearest(likeness, settings.neighbours)].mean(axis=1)
        return smoothed

    def _over_texts(self, scores_of: Callable[[CandidateText], Scores]) -> Scores:
        return np.concatenate([scores_of(text) for text in self._texts])


def _nearest(likeness: Vectors, count: int) -> Rows:
    """The columns of the ``count`` greatest values of each row, ``(rows, count)``; writes over ``likeness``.

    For a handful, finding the greatest again and again takes a tenth of the time of a partial sort.
    """
    rows = np.arange(len(likeness))
    found = np.empty((len(likeness), count), dtype=np.int64)
    for place in range(count):
        found[:, place] = likeness.argmax(axis=1)
        likeness[rows, found[:, place]] = -np.inf
    return found
