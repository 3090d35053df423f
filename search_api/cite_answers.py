"""What `POST /v1/cite` answers; the rest of the API's documents are in `answers.py`."""

from typing import NotRequired

from typing_extensions import TypedDict

from corpus.records import SourceKind
from search_api.answers import FoundPassageDocument, IntegrityDocument, SourceSummary, SpanDocument
from search_api.drafts.quantities import QuantityKind
from search_api.drafts.records import DraftFormat, Outcome, SentenceKind
from search_api.stance.record import Stance


class BriefSource(TypedDict):
    """A source that is pointed at and not cited: what it is, its standing, no citation."""

    id: str
    kind: SourceKind
    title: str
    year: int | None
    integrity: IntegrityDocument


class StanceDocument(TypedDict):
    """Which way a study's record points, and the span of its finding that says so."""

    verdict: Stance
    confidence: float
    finding: NotRequired[SpanDocument]


class DifferenceDocument(TypedDict):
    """A number of the claim that the record has otherwise."""

    kind: QuantityKind
    claimed: str
    recorded: list[str]


class ViaDocument(TypedDict):
    """An article whose passage led to the study."""

    source: BriefSource
    passage: FoundPassageDocument


class SuggestionDocument(TypedDict):
    """A source for a claim, its warnings first, with the passage that it was found by."""

    warnings: list[str]
    confidence: float
    stance: StanceDocument
    may_oppose: bool
    differences: list[DifferenceDocument]
    missing: list[str]
    source: SourceSummary
    passage: FoundPassageDocument
    via: list[ViaDocument]


class NearestDocument(TypedDict):
    """A source near a claim that none supports, and what of the claim it lacks."""

    source: BriefSource
    confidence: float
    missing: list[str]


class FindingDocument(TypedDict):
    """What was found for a claim."""

    outcome: Outcome
    suggestions: list[SuggestionDocument]
    against: SuggestionDocument | None
    nearest: list[NearestDocument]


class PartDocument(FindingDocument):
    """What was found for a part of a claim."""

    start: int
    end: int
    text: str


class InsertDocument(TypedDict):
    """Where a citation belongs, and of which sources."""

    start: int
    end: int
    sources: list[str]


class OwnCitationDocument(TypedDict):
    """A citation that the draft has already, and whether its source says so."""

    start: int
    end: int
    written: str
    how: str
    verdict: str
    note: str | None
    source: BriefSource | None
    evidence: SuggestionDocument | None


class SentenceDocument(TypedDict):
    """A sentence of a draft; the fields from ``outcome`` on are those of a claim."""

    start: int
    end: int
    text: str
    kind: SentenceKind
    reason: str | None
    own_citations: list[OwnCitationDocument]
    outcome: NotRequired[Outcome]
    suggestions: NotRequired[list[SuggestionDocument]]
    against: NotRequired[SuggestionDocument | None]
    nearest: NotRequired[list[NearestDocument]]
    parts: NotRequired[list[PartDocument]]
    insert: NotRequired[list[InsertDocument]]


class DraftCounts(TypedDict):
    """How many sentences and claims a draft has, and what became of the claims."""

    sentences: int
    claims: int
    outcomes: dict[Outcome, int]


class OutputPart(TypedDict):
    """The draft with citations: as text, or a .docx in base64; ``beside`` holds files that belong to it."""

    media_type: str
    suffix: str
    text: str | None
    base64: str | None
    beside: dict[str, str]
    notes: list[str]


class CiteAnswer(TypedDict):
    """What was found for a draft, sentence by sentence."""

    index_version: str
    took_ms: float
    read_as: DraftFormat
    notes: list[str]
    counts: DraftCounts
    sentences: list[SentenceDocument]
    output: OutputPart | None
