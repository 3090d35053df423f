"""The one entry: a question -> cited passages.

Candidates come from both legs, filtered before the top is taken; every candidate gets a score from
both; the weighted sum ranks them. Overlapping windows of one source count once, and a source has
at most ``max_per_source`` places. Same query, same index and retrieval version: same answer.
"""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus.errors import FingerprintError, NotFoundError, ParameterError
from corpus.records import Cited, Passage, SearchHit, Source
from indexer import forward, lexical, stretches, synonyms
from indexer.background import Background
from indexer.encoder import Encoder, OpenVinoEncoder, Vectors
from indexer.forward import ForwardIndex
from indexer.generation import ENCODER_FOLDER, LIBRARY_FILE, Generation
from indexer.legs import Backend, DenseLeg, LexicalLeg, LocalFiles
from indexer.library import Library
from indexer.manifest import Manifest
from indexer.reranker import Reranker
from indexer.stretches import StretchVectors
from indexer.synonyms import SynonymTable
from search_api import adequacy, confidence, fusion
from search_api.citations import CitationFormatter
from search_api.highlights import AnswerMarker
from search_api.queries import SearchQuery
from search_api.ranked_passages import RankedPassages
from search_api.ranking import Question, Ranked, Ranker
from search_api.ranking_settings import DEFAULT_PROFILE, Ranking
from search_api.reranking import rerank
from search_api.standing import is_retracted, warnings_for

#: Raise when the same question on the same index would be answered otherwise.
RETRIEVAL_VERSION = "4"
#: A page asks with each of its filters in turn; a mask has a byte for each passage.
_REMEMBERED_FILTERS = 16


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The hits for a question; ``adequate`` is false where nothing found seems to answer it.

    ``took_ms`` is the whole search in milliseconds, ``encoding_ms`` the question's encoding and
    ``ranking_ms`` taking and ordering the candidates; the rest of it makes the hits. ``next_offset`` is how
    many results come before the next ones, None where there are no more.
    """

    query: SearchQuery
    index_version: str
    took_ms: float
    encoding_ms: float
    ranking_ms: float
    adequate: bool
    hits: tuple[SearchHit, ...]
    next_offset: int | None = None


class Searcher:
    """Answers questions from one generation."""

    def __init__(
        self,
        manifest: Manifest,
        library: Library,
        encoder: Encoder,
        vector_index: DenseLeg,
        lexical_index: LexicalLeg,
        forward_index: ForwardIndex,
        stretch_vectors: StretchVectors,
        synonyms: SynonymTable | None = None,
        ranking: Ranking | None = None,
        reranker: Reranker | None = None,
        profile: str = DEFAULT_PROFILE,
        backend: str = "",
    ) -> None:
        self.manifest = manifest
        self.backend = backend
        self.reranker = reranker
        self.profile = profile
        self.ranking = ranking or Ranking.for_library(len(forward_index), profile)
        self.background = Background.of_manifest(manifest.parameters)
        self.library = library
        self.encoder = encoder
        self.citations = CitationFormatter()
        self.lexical = lexical_index
        self.forward = forward_index
        self._passing = lru_cache(_REMEMBERED_FILTERS)(self._mask_of)
        self._observer: Callable[[float, float, float, int], None] | None = None
        self._ranker = Ranker(vector_index, lexical_index, forward_index, stretch_vectors, synonyms)

    @classmethod
    def open(
        cls,
        generation: Generation,
        encoder: Encoder | None = None,
        threads: int = 0,
        ranking: Ranking | None = None,
        reranker: Reranker | None = None,
        profile: str = DEFAULT_PROFILE,
        backend: Backend | None = None,
    ) -> "Searcher":
        """Open a generation; ``encoder`` may be handed on from one with the same fingerprint.

        ``profile`` names settings of ranking that suit the size of the library; ``ranking``, where it is
        given, stands in their place. ``backend`` searches in the place of the generation's own files. Raises
        `IndexStateError`, for an encoder of another fingerprint too, and `ParameterError` for a profile that
        is none.
        """
        used = encoder or OpenVinoEncoder(generation.path / ENCODER_FOLDER, threads or None)
        manifest = generation.manifest
        if used.fingerprint != manifest.fingerprint:
            raise FingerprintError(
                f"encoder {used.model_name}",
                f"the vectors of generation {manifest.name} were made with {manifest.parameters['model']}, "
                "and two models cannot be mixed",
                "run footnote rollback, or footnote index",
            )
        asked = backend or LocalFiles()
        legs = asked.legs(generation)
        return cls(
            manifest,
            Library(generation.path / LIBRARY_FILE),
            used,
            legs.dense,
            legs.lexical,
            ForwardIndex(generation.path / forward.FOLDER),
            StretchVectors(generation.path / stretches.FILE),
            SynonymTable(synonyms.read(generation.path / synonyms.FILE).groups),
            ranking,
            reranker,
            profile,
            asked.name,
        )

    @property
    def vectors(self) -> DenseLeg:
        """The vectors of all passages, by row."""
        return self._ranker.vectors

    @property
    def retrieval_version(self) -> str:
        """What besides the index decides an answer: this code, the profile, the reranker, the backend."""
        profile = "" if self.profile == DEFAULT_PROFILE else f"-{self.profile}"
        reranker = "" if self.reranker is None else f"-rerank-{self.reranker.fingerprint[:8]}"
        backend = f"-{self.backend}" if self.backend else ""
        return RETRIEVAL_VERSION + profile + reranker + backend

    def observe(self, told: Callable[[float, float, float, int], None]) -> None:
        """Tell ``told`` of each search: ms of encoding, of ranking, of all; number of candidates."""
        self._observer = told

    def close(self) -> None:
        """Close the library's file."""
        self.library.close()

    def search(
        self,
        query: SearchQuery,
        ranking: Ranking | None = None,
        offset: int = 0,
        vector: Vectors | None = None,
    ) -> SearchAnswer:
        """The best passages for a question; raises `ParameterError` for a design nobody has.

        ``ranking`` takes the place of the searcher's own settings for this one search, ``vector``, ``(dim,)
        float32``, that of encoding the question; ``offset`` results are passed over.
        """
        began = time.perf_counter()
        ranked = self.rank(query, ranking, offset, vector)
        candidates = ranked.candidates
        passages = self.library.passages([int(row) for row in ranked.rows])
        frequencies = self.lexical.frequencies(query.query)
        weights = {stem: self.lexical.rarity(count) for stem, count in frequencies.items()}
        marker = AnswerMarker(weights, self._first_text(ranked))
        sureness = confidence.confidences(self.background, ranked.cosines)
        hits = tuple(
            self._hit(rank, place, passage, ranked, marker, round(float(sure), 4))
            for rank, (place, passage, sure) in enumerate(
                zip(ranked.places, passages, sureness, strict=True), offset + 1
            )
        )
        unknown = adequacy.unknown_share(weights, frequencies)
        best = float(self.background.closeness(candidates.dense).max()) if len(candidates.dense) else 0.0
        took_ms = _milliseconds(began, time.perf_counter())
        if self._observer is not None:
            self._observer(ranked.encoding_ms, ranked.ranking_ms, took_ms, len(candidates.rows))
        return SearchAnswer(
            query=query,
            index_version=self.manifest.index_version,
            took_ms=took_ms,
            encoding_ms=ranked.encoding_ms,
            ranking_ms=ranked.ranking_ms,
            adequate=bool(len(candidates.dense)) and adequacy.is_adequate(best, unknown),
            hits=hits,
            next_offset=offset + query.limit if ranked.more else None,
        )

    def rank(
        self,
        query: SearchQuery,
        ranking: Ranking | None = None,
        offset: int = 0,
        vector: Vectors | None = None,
    ) -> RankedPassages:
        """The passages that `search` would make into hits, for whoever needs no more than their order."""
        began = time.perf_counter()
        self._check_study_types(query)
        vector = self.encoder.encode_query(query.query) if vector is None else vector
        encoded = time.perf_counter()
        question = self._ranker.question(query.query, vector)
        settings = ranking or self.ranking
        candidates = self._candidates(query, question, settings)
        read = settings.rerank_depth if self.reranker is not None else 0
        end = offset + query.limit
        places = self._chosen(candidates.rows, query.max_per_source, max(end + 1, read))
        reranked = (
            rerank(self.reranker, self.library, query.query, candidates.rows, places[:read])
            if self.reranker is not None
            else {}
        )
        ended = time.perf_counter()
        ordered = [*reranked, *places[read:]]
        return RankedPassages(
            question,
            candidates,
            tuple(ordered[offset:end]),
            reranked,
            _milliseconds(began, encoded),
            _milliseconds(encoded, ended),
            more=len(places) > end,
            first=ordered[0] if ordered else None,
        )

    def with_encoder(self, encoder: Encoder) -> "Searcher":
        """The same generation asked through another encoder, such as one that has the vectors already."""
        other = copy.copy(self)
        other.encoder = encoder
        return other

    def passages_of(self, source_id: str, question: Vectors) -> list[tuple[Passage, float]]:
        """Every passage of a source with its cosine to a question's vector, in order of the text."""
        rows = self.library.passage_rows(source_id)
        cosines = self._ranker.vectors.scores(question, np.array(rows, dtype=np.int64))
        return [(passage, float(c)) for passage, c in zip(self.library.passages(rows), cosines, strict=True)]

    def cites_of(self, source: Source, start: int, end: int) -> tuple[Cited, ...]:
        """The sources that a span of a source points at, each at its first mention."""
        found: dict[str, Cited] = {}
        for mention in source.mentions:
            inside = start <= mention.start and mention.end <= end
            if inside and mention.source_id and mention.source_id not in found:
                try:
                    found[mention.source_id] = Cited(mention, self.library.source(mention.source_id))
                except NotFoundError:  # the cited source was removed from the library
                    continue
        return tuple(found.values())

    def _check_study_types(self, query: SearchQuery) -> None:
        known = self.library.designs()
        folded = {design.casefold() for design in known}
        for study_type in query.study_type:
            if study_type.casefold() not in folded:
                raise ParameterError(
                    "study_type",
                    study_type,
                    "no study of this library has that design",
                    f"use {', '.join(known)}",
                )

    def _candidates(self, query: SearchQuery, question: Question, ranking: Ranking) -> Ranked:
        where = query.source_filter()
        ranked = self._ranker.rank(
            question, ranking, query.mode, 4 * query.limit, where, self._allowed(where)
        )
        order = fusion.ranked(ranked.rows, ranked.fused, self.library.passage_ids[ranked.rows])
        return Ranked(ranked.rows[order], ranked.fused[order], ranked.dense[order], ranked.lexical[order])

    def _allowed(self, where: lexical.LexicalFilter) -> npt.NDArray[np.bool_] | None:
        """Which passages pass the filter, ``(passages,) bool``; None where all do."""
        return None if where.is_empty() else self._passing(where)

    def _mask_of(self, where: lexical.LexicalFilter) -> npt.NDArray[np.bool_]:
        sources = self.library.source_mask(
            where.kind, where.study_types, where.year_from, where.year_to, where.container, where.statuses
        )
        mask: npt.NDArray[np.bool_] = sources[self.library.passage_sources]
        mask.setflags(write=False)  # it is handed out again
        return mask

    def _chosen(self, rows: fusion.Rows, max_per_source: int, limit: int) -> list[int]:
        """Places of the candidates that become hits, best first, at most ``limit``."""
        library = self.library
        taken: dict[int, list[int]] = {}
        chosen: list[int] = []
        for place, row in enumerate(rows):
            earlier = taken.setdefault(int(library.passage_sources[row]), [])
            overlaps = any(
                library.passage_starts[row] < library.passage_ends[other]
                and library.passage_starts[other] < library.passage_ends[row]
                for other in earlier
            )
            if overlaps or len(earlier) >= max_per_source:
                continue
            earlier.append(int(row))
            chosen.append(place)
            if len(chosen) == limit:
                break
        return chosen

    def _first_text(self, ranked: RankedPassages) -> str:
        """The text of the first passage of the whole list, whatever part of it was asked for."""
        if ranked.first is None:
            return ""
        (passage,) = self.library.passages([int(ranked.candidates.rows[ranked.first])])
        return passage.text

    def _hit(
        self,
        rank: int,
        place: int,
        passage: Passage,
        ranked: RankedPassages,
        marker: AnswerMarker,
        confidence: float,
    ) -> SearchHit:
        candidates = ranked.candidates
        source = self.library.source(passage.source_id)
        cites = self.cites_of(source, passage.start, passage.end)
        scores = {"dense": round(float(candidates.dense[place]), 4)}
        if candidates.lexical[place] > 0:
            scores["lexical"] = round(float(candidates.lexical[place]), 4)
        if place in ranked.reranked:
            scores["rerank"] = round(ranked.reranked[place], 4)
        return SearchHit(
            rank=rank,
            score=round(float(candidates.fused[place]), 4),
            confidence=confidence,
            scores=scores,
            passage=passage,
            source=source,
            cites=cites,
            highlights=() if is_retracted(source) else marker.spans(passage.text),
            warnings=warnings_for(source, cites),
        )


def _milliseconds(began: float, ended: float) -> float:
    return round((ended - began) * 1000, 2)
