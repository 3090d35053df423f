"""A statement -> the sources that may hold its evidence: studies first, articles as a way to them.

A passage of an article leads to the studies that its telling sentence cites; the study is suggested, with its
own passage, and the article's passage is shown as the way there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.records import Passage, Source, Span
from indexer.encoder import Vectors
from search_api.drafts import evidence
from search_api.drafts.opposing import may_oppose
from search_api.drafts.quantities import differences
from search_api.drafts.records import Suggestion, Via
from search_api.drafts.telling import telling_sentence
from search_api.highlights import answering_sentence
from search_api.queries import MAX_QUERY_CHARACTERS, SearchQuery
from search_api.search import Searcher
from search_api.stance.record import record_stance
from search_api.standing import is_retracted, warnings_for

#: Hits that are looked at for one statement.
_LOOKED_AT = 8
#: What is left of an article's likelihood for a study that its sentence cites.
_OF_VIA = 0.9


@dataclass
class Candidate:
    """A source that may hold the evidence: its most alike passage, how likely it is, the ways to it."""

    source: Source
    passage: Passage
    likelihood: float
    via: list[Via] = field(default_factory=list)


@dataclass(frozen=True)
class Statement:
    """A statement that is looked up: its words, its vector, and its stems with their rarity."""

    text: str
    vector: Vectors
    rarities: Mapping[str, float]


class Suggester:
    """Finds sources for statements; made for one draft, over one generation."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def statement(self, text: str) -> Statement:
        """A statement made ready to be looked up."""
        return Statement(text, self._searcher.encoder.encode_query(text), self._rarities(text))

    def candidates(self, statement: Statement) -> list[Candidate]:
        """The sources that may hold a statement's evidence, the most likely first."""
        query = SearchQuery(query=statement.text[:MAX_QUERY_CHARACTERS], limit=_LOOKED_AT, max_per_source=1)
        ranked = self._searcher.rank(query)
        library = self._searcher.library
        passages = library.passages([int(row) for row in ranked.rows])
        cosines = ranked.candidates.dense[list(ranked.places)]
        found: dict[str, Candidate] = {}
        for passage, cosine in zip(passages, cosines, strict=True):
            source = library.source(passage.source_id)
            candidate = Candidate(
                source, passage, self._likelihood(statement, source, passage, float(cosine))
            )
            if source.kind != "article" or not self._follow(candidate, statement, found):
                _note(found, candidate)
        return sorted(found.values(), key=lambda c: (-c.likelihood, c.source.source_id))

    def candidate_of(self, statement: Statement, source: Source) -> Candidate | None:
        """One source as a candidate, by its most alike passage; None where it has no passage."""
        passages = self._searcher.passages_of(source.source_id, statement.vector)
        if not passages:
            return None
        passage, cosine = max(passages, key=lambda found: found[1])
        return Candidate(source, passage, self._likelihood(statement, source, passage, cosine))

    def suggestion(self, statement: Statement, candidate: Candidate) -> Suggestion:
        """A candidate looked at closely: the sentence that tells, its numbers, its stance."""
        source, passage = candidate.source, candidate.passage
        passages = self._searcher.passages_of(source.source_id, statement.vector)
        if source.kind == "article":
            passages = [found for found in passages if found[0].passage_id == passage.passage_id]
        differing = () if is_retracted(source) else differences(statement.text, _record_of(source))
        verdict = record_stance(statement.text, source)
        judged = verdict.stance != "not judged"
        finding = _finding_of(source)
        said = finding or evidence.nearby(source, passage)
        doubtful = not judged and may_oppose(statement.text, statement.rarities, said)
        # The sentence to show is the one behind the verdict, not the one that shares most with the claim.
        telling = telling_sentence(self._rarities(finding) if judged else statement.rarities, passages)
        return Suggestion(
            source=source,
            passage=telling[0] if telling else passage,
            sentence=telling[1] if telling else None,
            confidence=round(candidate.likelihood * (evidence.NUMBERS_DIFFER if differing else 1.0), 3),
            verdict=verdict,
            may_oppose=doubtful,
            differences=differing,
            missing=evidence.missing_from(statement.text, source, passage),
            via=tuple(candidate.via),
            warnings=warnings_for(source, ()),
        )

    def _rarities(self, text: str) -> Mapping[str, float]:
        frequencies = self._searcher.lexical.frequencies(text)
        return {stem: self._searcher.lexical.rarity(count) for stem, count in frequencies.items()}

    def _follow(self, article: Candidate, statement: Statement, found: dict[str, Candidate]) -> bool:
        """Go from an article's passage to the studies that its telling sentence cites; whether any."""
        passage = article.passage
        spans = answering_sentence(statement.rarities, passage.text)
        sentence = spans[0] if spans else Span(0, len(passage.text))
        start, end = passage.start + sentence.start, passage.start + sentence.end
        cited = self._searcher.cites_of(article.source, start, end)
        studies = [c.source for c in cited if c.source.kind == "study"]
        for study in studies:
            own = self.candidate_of(statement, study)
            if own is not None:
                own.likelihood = max(own.likelihood, _OF_VIA * article.likelihood)
                own.via.append(Via(article.source, passage, sentence))
                _note(found, own)
        return bool(studies)

    @staticmethod
    def _likelihood(statement: Statement, source: Source, passage: Passage, cosine: float) -> float:
        return evidence.support(cosine, evidence.coverage_of(statement.rarities, source, passage))


def _note(found: dict[str, Candidate], candidate: Candidate) -> None:
    """Enter a candidate, or join it with what is known of its source."""
    known = found.setdefault(candidate.source.source_id, candidate)
    if known is not candidate:
        known.likelihood = max(known.likelihood, candidate.likelihood)
        known.via += candidate.via


def _finding_of(source: Source) -> str:
    return source.study.finding if source.study and source.study.finding else ""


def _record_of(source: Source) -> str:
    """What the numbers of a claim are compared with: the text, and the sample size of the record."""
    size = source.study.sample_size if source.study and source.study.sample_size else ""
    return f"{source.text}\n{_finding_of(source)}\n{size}\n{source.year or ''}"
