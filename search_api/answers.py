"""What the HTTP API answers: the shape of every document, for the type checker, the client and the
OpenAPI page.

`documents.py` makes them as plain dictionaries. They are typed dictionaries and no models, because a
model would be built, checked and taken apart again for every answer; that the real answers have these
shapes is tested.
"""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from corpus.records import BlockKind, IntegrityStatus, LinkedHow, SourceKind


class SpanDocument(TypedDict):
    """A half-open range of characters in a passage's text."""

    start: int
    end: int


class PassageDocument(TypedDict):
    """A quotable span with what proves it: its place in the source's text, its digest, the characters
    around it.
    """

    id: str
    text: str
    kind: BlockKind
    section: list[str]
    start: int
    end: int
    sha256: str
    prefix: str
    suffix: str


class FoundPassageDocument(PassageDocument):
    """A passage that was found, with the sentences that answer best."""

    highlights: list[SpanDocument]


class StudyDocument(TypedDict):
    """What a study's record says of it; ``*_from`` names what each was read from."""

    design: str
    sample_size: str | None
    finding: str | None
    human: bool | None
    design_from: str | None
    sample_size_from: str | None
    human_from: str | None


class IntegrityDocument(TypedDict):
    """What is known of a source's standing, without the fields that nothing is known of."""

    status: IntegrityStatus
    notice: NotRequired[str]
    date: NotRequired[str]
    recorded_in: NotRequired[str]
    checked: NotRequired[str]
    note: NotRequired[str]


class SourceSummary(TypedDict):
    """A source as it stands beside a passage: what it is, its standing, its citation."""

    id: str
    kind: SourceKind
    title: str
    authors: list[str]
    authors_complete: bool
    year: int | None
    container: str | None
    doi: str | None
    pmid: str | None
    url: str | None
    study: StudyDocument | None
    integrity: IntegrityDocument
    citation: str


class ReferenceDocument(TypedDict):
    """An entry of a reference list, with the id of the source that it names."""

    label: str
    raw: str
    key: str | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    source_id: str | None
    how: str | None
    confidence: float | None


class ResolvedReferenceDocument(ReferenceDocument):
    """An entry of a reference list with the source that it names, where the library has it."""

    source: SourceSummary | None


class SourceDocument(SourceSummary):
    """A source whole: its text, its references as resolved, who cites it here."""

    key: str | None
    license: str | None
    csl: dict[str, Any]
    text: str
    text_sha256: str
    references: list[ReferenceDocument]
    cited_by: list[str]


class CitedDocument(TypedDict):
    """A study that a passage points at; ``start`` and ``end`` count in the text of the citing source."""

    label: str
    start: int
    end: int
    how: LinkedHow
    confidence: float
    source: SourceSummary


class ScoresDocument(TypedDict, total=False):
    """The raw scores of a passage: cosine, BM25 and cross-encoder, each where that leg has one."""

    dense: float
    lexical: float
    rerank: float


class HitDocument(TypedDict):
    """A passage that answers, its source and the studies that it cites; warnings stand before the finding."""

    rank: int
    warnings: list[str]
    score: float
    confidence: float
    scores: ScoresDocument
    passage: FoundPassageDocument
    source: SourceSummary
    cites: list[CitedDocument]


class FacetValueDocument(TypedDict):
    """A value that a filter can take, how many sources have it, and whether it is chosen."""

    value: str
    count: int
    chosen: bool


class YearsDocument(TypedDict):
    """Some years, first and last, and how many sources are of them."""

    first: int
    last: int
    count: int
    chosen: bool


class FacetsDocument(TypedDict):
    """What the ``sources`` nearest to a question are, by the names of the filters.

    Each facet counts what passes every filter but its own.
    """

    sources: int
    kind: list[FacetValueDocument]
    study_type: list[FacetValueDocument]
    container: list[FacetValueDocument]
    integrity: list[FacetValueDocument]
    years: list[YearsDocument]


class AnswerDocument(TypedDict):
    """The answer to a question; ``adequate`` is false where nothing found seems to answer it.

    ``facets`` come where they are asked for.
    """

    query: str
    index_version: str
    retrieval_version: str
    took_ms: float
    adequate: bool
    next_cursor: str | None
    results: list[HitDocument]
    facets: NotRequired[FacetsDocument]


class FaultDocument(TypedDict):
    """A parameter out of its rule: its name, what was given, the rule, and what to do."""

    field: str
    value: str
    rule: str
    remedy: str


class ProblemDocument(TypedDict):
    """Why a request was not answered (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: NotRequired[str]
    errors: NotRequired[list[FaultDocument]]


class BatchItemDocument(TypedDict):
    """One question of a batch: its answer, or the problem with it; the other is null."""

    answer: AnswerDocument | None
    problem: ProblemDocument | None


class BatchDocument(TypedDict):
    """The answers to a batch of questions, in the order of the questions."""

    index_version: str
    retrieval_version: str
    took_ms: float
    failed: int
    items: list[BatchItemDocument]


class PassageAnswer(TypedDict):
    """One passage with its source and what it cites."""

    index_version: str
    passage: PassageDocument
    source: SourceSummary
    cites: list[SourceSummary]


class SourceAnswer(TypedDict):
    """One source whole."""

    index_version: str
    source: SourceDocument


class ReferencesAnswer(TypedDict):
    """The reference list of a source."""

    index_version: str
    source: SourceSummary
    references: list[ResolvedReferenceDocument]


class CitingMentionDocument(TypedDict):
    """A place in a text that points at the source; ``start`` and ``end`` count in the citing source's
    text.
    """

    label: str
    start: int
    end: int
    how: LinkedHow
    confidence: float
    text: str


class CitingDocument(TypedDict):
    """A source that cites another, with the places where it does so."""

    source: SourceSummary
    mentions: list[CitingMentionDocument]


class CitedByAnswer(TypedDict):
    """The sources of the library whose text points at a source."""

    index_version: str
    source: SourceSummary
    cited_by: list[CitingDocument]


class SimilarDocument(TypedDict):
    """A source with the cosine of its nearest passage."""

    cosine: float
    source: SourceSummary


class SimilarAnswer(TypedDict):
    """The sources most like a source, best first."""

    index_version: str
    source: SourceSummary
    similar: list[SimilarDocument]


class IndexDocument(TypedDict):
    """What is being searched: generation, fingerprint, counts, versions."""

    generation: str
    index_version: str
    retrieval_version: str
    fingerprint: str
    created: str
    parent: str | None
    parameters: dict[str, Any]
    counts: dict[str, int]


class AliveDocument(TypedDict):
    """The process runs."""

    status: Literal["ok"]


class ReadyDocument(TypedDict):
    """An index is open."""

    status: Literal["ready"]
    index_version: str


class SkippedDocument(TypedDict):
    """What a file held that was left out, and why."""

    place: str
    reason: str


class OutcomeDocument(TypedDict):
    """What became of a change: ids of sources as the library has them now.

    ``merged`` are those of the others that were joined with a record that was there; ``skipped`` names up
    to 100.
    """

    index_version: str
    added: list[str]
    changed: list[str]
    unchanged: list[str]
    merged: list[str]
    removed: list[str]
    skipped: list[SkippedDocument]
    skipped_count: int


class JobDocument(TypedDict):
    """A change of the library; ``outcome`` is there once it is done, ``problem`` where it failed."""

    id: str
    kind: Literal["put", "delete"]
    state: Literal["queued", "running", "done", "failed"]
    subject: str
    submitted: str
    started: str | None
    finished: str | None
    outcome: OutcomeDocument | None
    problem: ProblemDocument | None
