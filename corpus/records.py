"""The nouns of Footnote, frozen, importing nothing of ours.

Offsets are characters (Unicode code points) into ``Source.text``, half open: ``text[start:end]``.
A *source* is something citable whose text we hold; a *passage* is a quotable span of one source;
a *reference* is an entry of a source's reference list; a *mention* is a place in its text that
points at another source; a *hit* is what a reader gets back for a question.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SourceKind = Literal["article", "study"]
BlockKind = Literal[
    "title",
    "summary",
    "key-point",
    "paragraph",
    "list-item",
    "table-row",
    "question",
    "answer",
    "abstract",
    "finding",
    "heading",
    "reference",
    "boilerplate",
]
IntegrityStatus = Literal["none-known", "retracted", "concern", "corrected", "republished"]
LinkedHow = Literal["marker", "identifier", "prose"]

#: Blocks that carry structure or housekeeping; they never become passages.
UNQUOTED_KINDS: frozenset[BlockKind] = frozenset({"title", "heading", "reference", "boilerplate"})


@dataclass(frozen=True, slots=True)
class Block:
    """A structural piece of a source's text; ``section`` is the path of headings above it."""

    kind: BlockKind
    section: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a source's reference list; ``source_id`` is set once it is resolved.

    ``how`` says by what it was resolved (``key``, ``doi``, ``pmid``, ``pmcid``, ``title``) and
    ``confidence`` (0 to 1) how sure that is; both stay empty while it is unresolved.
    """

    label: str
    raw: str
    key: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    source_id: str | None = None
    how: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that points at a source.

    ``label`` is what the text shows: the number of a reference, an identifier, or the words that name a
    study in prose. ``confidence`` (0 to 1) is how sure it is that ``source_id`` is meant.
    """

    start: int
    end: int
    how: LinkedHow
    label: str
    confidence: float = 1.0
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """What a study's record says of it: design, sample size as written, finding in one sentence.

    ``human`` is None where nothing tells. ``design_from``, ``sample_size_from`` and ``human_from``
    say what each was read from (``record``, ``publication type``, ``MeSH``, ``title``, ``abstract``).
    """

    design: str = "unknown"
    sample_size: str | None = None
    finding: str | None = None
    human: bool | None = None
    design_from: str | None = None
    sample_size_from: str | None = None
    human_from: str | None = None


@dataclass(frozen=True, slots=True)
class Integrity:
    """What is known of a source's standing; ``none-known`` is not a clearance.

    ``notice`` is the DOI of the notice (or ``pmid:`` and its PMID), ``date`` its ISO date,
    ``recorded_in`` the place that says so, ``checked`` the ISO date on which that
    was read, ``note`` what else the record flags. ``republished`` is a work that a newer
    version replaced; there ``notice`` names that version.
    """

    status: IntegrityStatus = "none-known"
    notice: str | None = None
    date: str | None = None
    recorded_in: str | None = None
    checked: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a publication says of the standing of another: a retraction, concern or correction notice.

    ``status`` is the standing that the other gets; the other is named by whatever the notice names it
    by; ``notice`` is the DOI (or ``pmid:`` and the PMID) of the notice itself, ``date`` its ISO date,
    ``note`` what the status does not say.
    """

    status: IntegrityStatus
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    title: str | None = None
    notice: str | None = None
    date: str | None = None
    recorded_in: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Something citable whose text we hold.

    ``csl`` is its CSL-JSON item, ``key`` the citation key by which articles name it, ``text`` the
    normalised text that all offsets count in, ``authors_complete`` false where the record's author
    list is cut, ``origin`` the file it was read from, ``notices`` what it says of other works' standing.
    ``format`` names the reader, ``provenance`` the file of each CSL field where records were merged.
    """

    source_id: str
    kind: SourceKind
    csl: Mapping[str, Any]
    text: str
    blocks: tuple[Block, ...]
    key: str | None = None
    references: tuple[Reference, ...] = ()
    mentions: tuple[Mention, ...] = ()
    study: Study | None = None
    integrity: Integrity = field(default_factory=Integrity)
    url: str | None = None
    license: str | None = None
    authors_complete: bool = True
    origin: str | None = None
    notices: tuple[Notice, ...] = ()
    format: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text in UTF-8, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def title(self) -> str:
        """The title of the CSL item, empty where it has none."""
        return str(self.csl.get("title", ""))

    @property
    def year(self) -> int | None:
        """The year of the CSL item's ``issued``, where it has one."""
        parts = (self.csl.get("issued") or {}).get("date-parts") or [[]]
        first = parts[0] if parts else []
        return int(first[0]) if first and first[0] is not None else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotable span: ``source.text[start:end] == text``.

    ``cites`` holds the ids of the sources that the span points at, in order of first mention.
    """

    passage_id: str
    source_id: str
    start: int
    end: int
    text: str
    section: tuple[str, ...]
    kind: BlockKind
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in a passage's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cited:
    """A study that a passage points at: the mention (offsets in the source) and the source."""

    mention: Mention
    source: Source


@dataclass(frozen=True, slots=True)
class SearchHit:
    """What a reader gets for a question.

    ``score`` is the fused score (0 to 1, higher is better, relative to this query's candidates);
    ``confidence`` (0 to 1) is how likely it answers, of itself and not among the others;
    ``scores`` are the raw legs (``dense``: cosine; ``lexical``: BM25), absent where a leg did not
    return the passage. ``warnings`` come first for a reader: retraction before finding.
    """

    rank: int
    score: float
    confidence: float
    scores: Mapping[str, float]
    passage: Passage
    source: Source
    cites: tuple[Cited, ...]
    highlights: tuple[Span, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not read: where it stands and why."""

    origin: str
    position: str | None
    reason: str

    def __str__(self) -> str:
        where = f"{self.origin}, {self.position}" if self.position else self.origin
        return f"{where}: {self.reason}"
