"""Reference entries, markers and studies named in prose -> sources.

What `corpus.catalogue` finds no source for stays unresolved, is kept and is reported; nothing is guessed.
Where a sentence carries a marker or an identifier, that decides what it cites; a study that other sentences
name is looked for by `corpus.prose_linking`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.catalogue import Catalogue, aliases
from corpus.identifiers import dois_in, pmids_in
from corpus.prose_linking import resolve
from corpus.prose_mentions import mentions_in
from corpus.records import UNQUOTED_KINDS, Mention, Reference, Source
from corpus.topic_words import abbreviations_in

__all__ = ["Catalogue", "LinkReport", "Linker", "UnresolvedMention", "UnresolvedReference", "aliases", "link"]

#: Goes up when the same sources would be linked differently, so that a build links them again.
LINKING_VERSION = 2

#: What is unresolved is listed up to so many, and counted beyond: 200,000 studies cite millions of others.
LISTED = 10_000
#: A reference of fewer words names no work.
_SHORTEST_REFERENCE_WORDS = 3


@dataclass(frozen=True, slots=True)
class UnresolvedReference:
    """A reference that no source of the library answers to."""

    source_id: str
    label: str
    raw: str


@dataclass(frozen=True, slots=True)
class UnresolvedMention:
    """A study that an article names in prose and that stays open: the words, and why."""

    source_id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinkReport:
    """How the references of a library came out, and the studies that its articles name in prose.

    ``unresolved`` and ``unresolved_mentions`` hold the first `LISTED` of each.
    """

    references: int
    resolved: int
    unresolved: tuple[UnresolvedReference, ...]
    mentions: int = 0
    unresolved_mentions: tuple[UnresolvedMention, ...] = ()
    resolved_mentions: int = 0


class Linker:
    """Links sources one after another against a catalogue, and counts what came of it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._references = self._resolved = self._mentions = self._resolved_mentions = 0
        self._unresolved: list[UnresolvedReference] = []
        self._unresolved_mentions: list[UnresolvedMention] = []

    def link(self, source: Source) -> Source:
        """The source with references and mentions resolved."""
        lost: list[UnresolvedMention] = []
        linked = _linked(source, self._catalogue, lost)
        self._unresolved_mentions += lost[: LISTED - len(self._unresolved_mentions)]
        for reference in linked.references:
            self._references += 1
            if reference.source_id:
                self._resolved += 1
            elif len(self._unresolved) < LISTED:
                found = UnresolvedReference(source.source_id, reference.label, reference.raw)
                self._unresolved.append(found)
        prose = sum(mention.how == "prose" for mention in linked.mentions)
        self._mentions += prose
        self._resolved_mentions += prose - len(lost)
        return linked

    def report(self) -> LinkReport:
        """What came of all sources so far."""
        return LinkReport(
            references=self._references,
            resolved=self._resolved,
            unresolved=tuple(self._unresolved),
            mentions=self._mentions,
            unresolved_mentions=tuple(self._unresolved_mentions),
            resolved_mentions=self._resolved_mentions,
        )


def link(sources: Iterable[Source], catalogue: Catalogue) -> tuple[list[Source], LinkReport]:
    """The sources with references and mentions resolved against the catalogue, and a report."""
    linker = Linker(catalogue)
    return [linker.link(source) for source in sources], linker.report()


def _linked(source: Source, catalogue: Catalogue, unresolved: list[UnresolvedMention]) -> Source:
    """The source linked; what its prose names and nothing answers to is added to ``unresolved``."""
    references = tuple(catalogue.resolve(reference) for reference in source.references)
    by_label = {r.label: r.source_id for r in references}
    confidence = {r.label: r.confidence for r in references}
    markers = tuple(
        replace(m, source_id=by_label.get(m.label), confidence=confidence.get(m.label) or 1.0)
        for m in source.mentions
        if m.how == "marker"
    )
    identifiers = _identifiers(source, catalogue)
    saying = {r.label for r in references if _says_something(r)}
    deciding = [m.start for m in (*markers, *identifiers) if m.how == "identifier" or m.label in saying]
    prose = _prose(source, catalogue, deciding, unresolved)
    mentions = sorted((*markers, *identifiers, *prose), key=lambda m: (m.start, m.end))
    return replace(source, references=references, mentions=tuple(mentions))


def _identifiers(source: Source, catalogue: Catalogue) -> list[Mention]:
    """DOIs and PMIDs written into the running text of an article."""
    if source.kind != "article":
        return []
    found = []
    for start, text in _quoted(source):
        named = [(s, e, f"doi:{d}") for s, e, d in dois_in(text)]
        named += [(s, e, f"pmid:{p}") for s, e, p in pmids_in(text)]
        found += [
            Mention(start + s, start + e, "identifier", alias, 1.0, catalogue.aliases.get(alias))
            for s, e, alias in named
        ]
    return found


def _prose(
    source: Source, catalogue: Catalogue, deciding: Iterable[int], unresolved: list[UnresolvedMention]
) -> list[Mention]:
    """The studies that an article names in sentences without a citation, resolved or not."""
    if source.kind != "article":
        return []
    profiles, abbreviations = catalogue.profiles, abbreviations_in(source.text)
    places = sorted(deciding)
    found = []
    for start, text in _quoted(source):
        here = [place - start for place in places if start <= place < start + len(text)]
        for named in mentions_in(text, profiles, here):
            verdict = resolve(named.clues, profiles, abbreviations)
            words = text[named.start : named.end]
            if verdict.source_id is None and named.tentative:
                continue
            if verdict.source_id is None:
                unresolved.append(UnresolvedMention(source.source_id, words, verdict.reason))
            place = start + named.start, start + named.end
            found.append(Mention(*place, "prose", words, verdict.confidence, verdict.source_id))
    return found


def _quoted(source: Source) -> Iterator[tuple[int, str]]:
    """The blocks that a reader is quoted from: where each begins, and its text."""
    for block in source.blocks:
        if block.kind not in UNQUOTED_KINDS:
            yield block.start, source.text[block.start : block.end]


def _says_something(reference: Reference) -> bool:
    """Whether a reference names a work, resolved or not; a bare number of a scraped list does not."""
    named = reference.source_id or reference.key or reference.doi or reference.pmid or reference.pmcid
    return bool(named) or len(re.findall(r"[^\W\d_]{2,}", reference.raw)) >= _SHORTEST_REFERENCE_WORDS
