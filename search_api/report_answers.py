"""What `GET /v1/report` answers; the rest of the API's documents are in `answers.py`."""

from typing_extensions import TypedDict

from corpus.records import LinkedHow, SourceKind
from search_api.answers import IntegrityDocument, ReferenceDocument


class NamedSource(TypedDict):
    """A source by its name."""

    id: str
    kind: SourceKind
    title: str
    url: str | None


class CitedStudy(TypedDict):
    """A study with its standing and its citation."""

    id: str
    kind: SourceKind
    title: str
    year: int | None
    integrity: IntegrityDocument
    citation: str


class QuotedSentence(TypedDict):
    """A sentence, a slice of its source's text."""

    text: str
    start: int
    end: int


class PlaceDocument(TypedDict):
    """A place that leans on a study; ``says_so`` is whether it speaks of the study's standing."""

    source: NamedSource
    sentence: QuotedSentence
    section: list[str]
    passage_id: str | None
    label: str
    how: LinkedHow
    confidence: float
    says_so: bool | None
    untold: bool


class LeaningDocument(TypedDict):
    """A study of marked standing that others lean on, where, and who only lists it."""

    study: CitedStudy
    warnings: list[str]
    places: list[PlaceDocument]
    only_listed_by: list[NamedSource]


class UncitedClaimDocument(TypedDict):
    """A sentence that states a fact and cites nothing; ``paragraph_cites``: its paragraph does."""

    source: NamedSource
    sentence: QuotedSentence
    section: list[str]
    paragraph_cites: bool


class UnresolvedDocument(ReferenceDocument):
    """An entry of a reference list that no source of the library answers to."""

    source: NamedSource


class ReportAnswer(TypedDict):
    """What a library leans on, and what stands on nothing."""

    index_version: str
    counts: dict[str, int]
    leaning: list[LeaningDocument]
    uncited_claims: list[UncitedClaimDocument]
    unresolved_references: list[UnresolvedDocument]
    uncited_studies: list[CitedStudy]
