"""A draft -> for each of its sentences what an editor would do: cite, warn, or say that there is nothing."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.records import Source
from indexer.encoder import Encoder, Vectors
from search_api.drafts import evidence
from search_api.drafts.claims import sentences
from search_api.drafts.own_citations import own_citations
from search_api.drafts.records import (
    CitedDraft,
    CitedSentence,
    ClaimPart,
    Draft,
    Finding,
    Insertion,
    JudgedCitation,
    Outcome,
    OwnCitation,
    Sentence,
    Suggestion,
)
from search_api.drafts.suggesting import Statement, Suggester
from search_api.search import Searcher
from search_api.standing import is_retracted

#: Suggestions for a claim unless another number is asked for.
DEFAULT_SUGGESTIONS = 3
_GOOD: frozenset[Outcome] = frozenset({"supported", "source found"})
#: A source counts beside the likeliest one from this share of its confidence on.
_STRONG = 0.5


def cite_draft(
    draft: Draft, searcher: Searcher, suggestions: int = DEFAULT_SUGGESTIONS, unjudged: bool = False
) -> CitedDraft:
    """Every sentence of the draft with its sources, at most ``suggestions`` for each claim.

    Only sources whose record supports the claim are to be inserted; with ``unjudged`` also those that no
    record was judged of.
    """
    found = sentences(draft)
    claims = [sentence for sentence in found if sentence.kind == "claim"]
    texts = dict.fromkeys(text for s in claims for text in (s.text, *(part.text for part in s.parts)))
    prepared = searcher.with_encoder(_Prepared(searcher.encoder, list(texts)))
    desk = _Desk(Suggester(prepared), suggestions, unjudged)
    own = _by_sentence(found, own_citations(draft, searcher.library))
    cited = tuple(desk.cited(sentence, own[n]) for n, sentence in enumerate(found))
    return CitedDraft(draft, cited, (*draft.notes, *_notes(found)))


def _by_sentence(found: Sequence[Sentence], own: Sequence[OwnCitation]) -> list[list[OwnCitation]]:
    """For each sentence the citations within it, and those that follow its full stop."""
    ends = [*(sentence.start for sentence in found[1:]), 1 << 62][: len(found)]
    return [
        [c for c in own if sentence.start <= c.start < max(sentence.end, min(end, sentence.end + 40))]
        for sentence, end in zip(found, ends, strict=True)
    ]


def _by_part(parts: Sequence[ClaimPart], own: Sequence[OwnCitation]) -> list[list[OwnCitation]]:
    """For each clause the citations before the next one."""
    starts = [0, *(part.start for part in parts[1:]), 1 << 62]
    return [[c for c in own if low <= c.start < high] for low, high in pairwise(starts)]


def _notes(found: Sequence[Sentence]) -> tuple[str, ...]:
    languages = dict.fromkeys(str(s.reason) for s in found if s.kind == "not English")
    count = sum(s.kind == "not English" for s in found)
    if not count:
        return ()
    which = ", ".join(languages)
    return (f"{count} sentences are not in English ({which}); the library is, so they were not looked up",)


class _Desk:
    """Looks sentence by sentence."""

    def __init__(self, suggester: Suggester, most: int, unjudged: bool) -> None:
        self._suggester = suggester
        self._most = most
        self._inserted: frozenset[Outcome] = _GOOD if unjudged else frozenset({"supported"})

    def cited(self, sentence: Sentence, own: Sequence[OwnCitation]) -> CitedSentence:
        if sentence.kind != "claim":
            judged = tuple(JudgedCitation(c, "retracted") for c in own if c.source and is_retracted(c.source))
            return CitedSentence(sentence, own=judged)
        if not sentence.parts:
            finding, judged = self._stated(sentence.text, own)
            found = CitedSentence(sentence, finding, own=judged)
        else:
            stated = [
                self._stated(part.text, among)
                for part, among in zip(sentence.parts, _by_part(sentence.parts, own), strict=True)
            ]
            parts = tuple(finding for finding, _ in stated)
            judged = tuple(citation for _, citations in stated for citation in citations)
            whole = self._finding(self._suggester.statement(sentence.text))
            found = CitedSentence(sentence, _of_parts(whole, parts), parts, judged)
        return replace(found, insert=self._to_insert(found))

    def _stated(self, text: str, own: Sequence[OwnCitation]) -> tuple[Finding, tuple[JudgedCitation, ...]]:
        """What is found for one statement, and whether what it cites already supports it."""
        statement = self._suggester.statement(text)
        judged = tuple(self._judged(statement, citation) for citation in own)
        finding = self._finding(statement)
        if any(citation.verdict in ("supports", "may support") for citation in judged):
            finding = replace(finding, outcome="already cited")
        return finding, judged

    def _finding(self, statement: Statement) -> Finding:
        found = self._suggester.candidates(statement)
        likely = [c for c in found if c.likelihood >= evidence.ADEQUATE] or found[: self._most]
        looked_at = [self._suggester.suggestion(statement, candidate) for candidate in likely]
        adequate = [s for s in looked_at if s.confidence >= evidence.ADEQUATE]
        usable = [s for s in adequate if not is_retracted(s.source)]
        against = next((s for s in usable if s.stance == "contradicts"), None)
        pro = [s for s in adequate if s.stance != "contradicts"]
        outcome = _outcome(pro, against)
        if outcome in ("supported", "source found"):  # elsewhere the likeliest is what has to be read first
            pro.sort(key=_preference)
        shown = tuple(pro[: self._most])
        nearest = () if adequate else tuple(looked_at[: self._most])
        return Finding(outcome, shown, against, nearest)

    def _judged(self, statement: Statement, citation: OwnCitation) -> JudgedCitation:
        if citation.source is None:
            return JudgedCitation(citation, "unknown")
        candidate = self._suggester.candidate_of(statement, citation.source)
        looked = self._suggester.suggestion(statement, candidate) if candidate else None
        if is_retracted(citation.source):
            return JudgedCitation(citation, "retracted", looked)
        if looked is None:
            return JudgedCitation(citation, "unknown")
        if looked.stance in ("supports", "contradicts"):
            return JudgedCitation(
                citation, "supports" if looked.stance == "supports" else "contradicts", looked
            )
        doubtful = looked.differences or looked.may_oppose
        likely = looked.confidence >= evidence.ADEQUATE and not doubtful
        return JudgedCitation(citation, "may support" if likely else "does not seem to support", looked)

    def _to_insert(self, cited: CitedSentence) -> tuple[Insertion, ...]:
        """The best source behind the sentence, or behind each clause that has one; none beside own ones."""
        sentence, finding = cited.sentence, cited.finding
        if finding is None or finding.outcome == "already cited":
            return ()
        known = {judged.citation.source.source_id for judged in cited.own if judged.citation.source}
        places: Sequence[tuple[Sentence | ClaimPart, Finding]] = [(sentence, finding)]
        if finding.outcome not in self._inserted or not finding.suggestions:
            places = list(zip(sentence.parts, cited.parts, strict=True))
        return tuple(
            Insertion(place.start, place.end, (one.suggestions[0].source,))
            for place, one in places
            if one.outcome in self._inserted and one.suggestions[0].source.source_id not in known
        )


def _preference(suggestion: Suggestion) -> tuple[bool, bool, bool, bool, bool, bool, float, str]:
    """What a writer would rather cite: a study in good standing that says it, then the likelier one."""
    return (
        is_retracted(suggestion.source),
        bool(suggestion.differences),
        suggestion.may_oppose,
        suggestion.source.kind != "study",
        _is_plan(suggestion.source),
        suggestion.stance != "supports",
        -suggestion.confidence,
        suggestion.source.source_id,
    )


def _is_plan(source: Source) -> bool:
    """Whether a source tells what will be looked at, and has no result."""
    return source.study is not None and source.study.design == "protocol"


def _outcome(pro: Sequence[Suggestion], against: Suggestion | None) -> Outcome:
    likeliest = max((s.confidence for s in pro), default=0.0)
    # A weaker source must not stand in for the one that says something else, or that was retracted.
    strong = [s for s in pro if s.confidence >= _STRONG * likeliest and not is_retracted(s.source)]
    fitting = [s for s in strong if not s.differences and not s.may_oppose]
    if against is not None:
        return "disputed" if any(s.stance == "supports" for s in fitting) else "contradicted"
    if fitting:
        return "supported" if any(s.stance == "supports" for s in fitting) else "source found"
    if strong:
        best = max(strong, key=lambda s: s.confidence)
        return "numbers differ" if best.differences else "check the direction"
    return "only retracted" if pro else "nothing adequate found"


def _of_parts(whole: Finding, parts: Sequence[Finding]) -> Finding:
    """What a sentence of several claims comes to: one source for all, else what its clauses have."""
    outcomes = {part.outcome for part in parts}
    if outcomes == {"already cited"}:
        return replace(whole, outcome="already cited")
    if whole.outcome in _GOOD and outcomes <= _GOOD:
        return whole
    grave: tuple[Outcome, ...] = (
        *("contradicted", "disputed", "only retracted", "numbers differ", "check the direction"),
    )
    for outcome in grave:
        if outcome in outcomes:
            return replace(whole, outcome=outcome)
    if outcomes <= _GOOD | {"already cited"}:
        return replace(whole, outcome="source found" if "source found" in outcomes else "supported")
    if outcomes & (_GOOD | {"already cited"}):
        return replace(whole, outcome="partly supported")
    return whole


class _Prepared:
    """An encoder that has the vectors of a draft's statements already, encoded together."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self._encoder = encoder
        self.dim, self.max_tokens = encoder.dim, encoder.max_tokens
        self.fingerprint, self.model_name = encoder.fingerprint, encoder.model_name
        self._vectors: dict[str, Vectors] = (
            dict(zip(texts, encoder.encode_queries(texts), strict=True)) if texts else {}
        )

    def count_tokens(self, text: str) -> int:
        return self._encoder.count_tokens(text)

    def encode_query(self, text: str) -> Vectors:
        known = self._vectors.get(text)
        return known if known is not None else self._encoder.encode_query(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], done: object = None) -> Vectors:
        return self._encoder.encode_passages(texts)
