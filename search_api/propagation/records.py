"""The nouns of the report on a library."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import Mention, Passage, Reference, Source


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source points at another.

    ``start`` and ``end`` are those of the sentence in the source's text; ``says_so`` is whether the sentence
    speaks of the other's standing, None where the other has a note only; ``untold`` is whether it should and
    does not; ``passage`` is the quotable one that holds the mention, if one does.
    """

    source: Source
    mention: Mention
    start: int
    end: int
    says_so: bool | None
    untold: bool
    passage: Passage | None = None

    @property
    def sentence(self) -> str:
        """The sentence, a slice of the source's text."""
        return self.source.text[self.start : self.end]

    @property
    def section(self) -> tuple[str, ...]:
        """The headings that it stands under."""
        return section_at(self.source, self.start)


@dataclass(frozen=True, slots=True)
class Leaning:
    """A work of marked standing that others lean on: where they mention it, and who only lists it."""

    cited: Source
    places: tuple[Place, ...]
    only_listed_by: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class UncitedClaim:
    """A sentence of an article that states a fact and cites nothing; ``block_cites``: its paragraph does."""

    source: Source
    start: int
    end: int
    block_cites: bool

    @property
    def sentence(self) -> str:
        """The sentence, a slice of the article's text."""
        return self.source.text[self.start : self.end]

    @property
    def section(self) -> tuple[str, ...]:
        """The headings that it stands under."""
        return section_at(self.source, self.start)


@dataclass(frozen=True, slots=True)
class UnresolvedReference:
    """An entry of a reference list that no source of the library answers to."""

    source: Source
    reference: Reference


def section_at(source: Source, start: int) -> tuple[str, ...]:
    """The headings over a place in a source's text."""
    return next((block.section for block in source.blocks if block.start <= start < block.end), ())


@dataclass(frozen=True, slots=True)
class LibraryReport:
    """What was found; sequences hold rows where records are read when they are shown."""

    leaning: tuple[Leaning, ...]
    uncited_claims: tuple[UncitedClaim, ...]
    unresolved: Sequence[tuple[int, int]]
    uncited_studies: Sequence[int]

    @property
    def counts(self) -> dict[str, int]:
        """How much was found of each."""
        places = [place for leaning in self.leaning for place in leaning.places]
        return {
            "leaned_on_studies": len(self.leaning),
            "leaning_places": len(places),
            "untold_places": sum(place.untold for place in places),
            "uncited_claims": len(self.uncited_claims),
            "uncited_claims_in_uncited_paragraphs": sum(not c.block_cites for c in self.uncited_claims),
            "unresolved_references": len(self.unresolved),
            "uncited_studies": len(self.uncited_studies),
        }
