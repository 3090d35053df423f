"""What `POST /v1/check` answers; the rest of the API's documents are in `answers.py`."""

from typing_extensions import TypedDict

from search_api.answers import IntegrityDocument, SourceSummary
from search_api.checking import Verdict
from search_api.reference_fields import Agreement


class ComparedFieldDocument(TypedDict):
    """A field of an entry: what is given, what is recorded, and whether they agree."""

    field: str
    given: str
    recorded: str
    agreement: Agreement
    note: str | None


class CheckedEntryDocument(TypedDict):
    """An entry of a reference list with its verdict and the evidence; ``points_to`` is by identifier."""

    position: int
    label: str | None
    verdict: Verdict
    also: list[Verdict]
    needs_person: bool
    found_by: list[str]
    integrity: IntegrityDocument | None
    notes: list[str]
    given: str
    fields: list[ComparedFieldDocument]
    source: SourceSummary | None
    points_to: dict[str, SourceSummary]


class CheckAnswer(TypedDict):
    """The verdicts on a reference list; ``read_as`` is the format in which it was read."""

    index_version: str
    read_as: str
    counts: dict[Verdict, int]
    need_a_person: int
    entries: list[CheckedEntryDocument]
