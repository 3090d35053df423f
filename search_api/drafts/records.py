"""The nouns of the writer's desk, frozen.

Offsets are characters of ``Draft.text``, half open, unless a field says otherwise. A *claim* is a
statement of fact that a source could support; a *suggestion* is a source for it, with the passage.
"""

from dataclasses import dataclass
from typing import Literal

from corpus.records import Passage, Source, Span
from search_api.drafts.quantities import NumberDifference
from search_api.stance.record import NOT_JUDGED, Stance, StanceVerdict

DraftFormat = Literal["markdown", "text", "docx"]
ParagraphKind = Literal[
    "paragraph", "heading", "list-item", "quote", "table", "code", "front-matter", "reference"
]
#: What a sentence is; only claims are looked up.
SentenceKind = Literal[
    "claim", "question", "opinion", "instruction", "transition", "own account", "fragment", "not English"
]


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A paragraph: its place, what it is, and for a .docx the number of the paragraph in the file.

    ``prefix`` counts the characters at its start that the file does not hold ("## ", "- ").
    """

    kind: ParagraphKind
    start: int
    end: int
    docx: int | None = None
    prefix: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is read.

    ``masked`` is the text with markup, citations and code as blanks, of the same length, so that an offset
    into one is an offset into the other. ``notes`` say what was done in reading.
    """

    format: DraftFormat
    text: str
    masked: str
    paragraphs: tuple[DraftParagraph, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """A clause that says one thing: its place, and its words without markup."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the draft: its place, its words without markup, what it is and why.

    ``parts`` holds the clauses of a claim that says several things; one that says one thing has none.
    """

    start: int
    end: int
    text: str
    kind: SentenceKind
    reason: str | None = None
    parts: tuple[ClaimPart, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnCitation:
    """A citation that the draft has: its place, as written, by what it was recognised, what it names.

    ``source`` is None where the library has no such work, or several.
    """

    start: int
    end: int
    written: str
    how: str
    source: Source | None
    note: str | None = None


#: What an editor concludes of a claim.
Outcome = Literal[
    "supported",
    "source found",
    "already cited",
    "contradicted",
    "disputed",
    "numbers differ",
    "check the direction",
    "only retracted",
    "partly supported",
    "nothing adequate found",
]


@dataclass(frozen=True, slots=True)
class Via:
    """The passage of an article that led to a study: the first of two hops."""

    article: Source
    passage: Passage
    sentence: Span


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A source for a claim.

    ``sentence`` is the sentence of the passage that says most of it (offsets in the passage), ``confidence``
    how likely the source holds the evidence (0 to 1), ``verdict`` what the study's record says of the claim,
    ``may_oppose`` whether, where that is not judged, it seems to go another way, ``differences`` the
    claim's numbers that the record contradicts, ``missing`` its words that stand nowhere near the passage.
    """

    source: Source
    passage: Passage
    sentence: Span | None
    confidence: float
    verdict: StanceVerdict = NOT_JUDGED
    may_oppose: bool = False
    differences: tuple[NumberDifference, ...] = ()
    missing: tuple[str, ...] = ()
    via: tuple[Via, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def stance(self) -> Stance:
        """Whether the record supports or contradicts the claim; silence is not agreement."""
        return self.verdict.stance


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one statement: its outcome, the adequate sources, what points the other way.

    ``nearest`` holds what was found where nothing was adequate: weak, and not to be cited.
    """

    outcome: Outcome
    suggestions: tuple[Suggestion, ...] = ()
    against: Suggestion | None = None
    nearest: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedCitation:
    """A citation that the draft has in a sentence, and whether its source supports it."""

    citation: OwnCitation
    verdict: Literal[
        "supports", "contradicts", "may support", "does not seem to support", "retracted", "unknown"
    ]
    suggestion: Suggestion | None = None


@dataclass(frozen=True, slots=True)
class Insertion:
    """Sources whose citation belongs into the draft at the end of a sentence or clause, and its span."""

    start: int
    end: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the draft with what was found for it, clause by clause where it has several."""

    sentence: Sentence
    finding: Finding | None = None
    parts: tuple[Finding, ...] = ()
    own: tuple[JudgedCitation, ...] = ()
    insert: tuple[Insertion, ...] = ()


@dataclass(frozen=True, slots=True)
class CitedDraft:
    """A draft with what was found for each of its sentences."""

    draft: Draft
    sentences: tuple[CitedSentence, ...]
    notes: tuple[str, ...] = ()
