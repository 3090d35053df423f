"""Reference entries, markers and studies named in prose -> sources.

A reference resolves by its citation key, DOI, PMID or PMCID, or by a title that stands in it
exactly or nearly so; anything less stays unresolved, is kept and is reported. Nothing is guessed:
two titles that fit equally well resolve to neither. Where a sentence carries a marker or an identifier,
that decides what it cites; a study that other sentences name is looked for by `corpus.prose_linking`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from corpus.identifiers import dois_in, normal_doi, normal_pmcid, normal_pmid, pmids_in
from corpus.normalising import search_form
from corpus.prose_linking import resolve
from corpus.prose_mentions import mentions_in
from corpus.records import UNQUOTED_KINDS, Mention, Reference, Source
from corpus.study_profiles import StudyProfiles
from corpus.topic_words import abbreviations_in

#: Goes up when the same sources would be linked differently, so that a build links them again.
LINKING_VERSION = 2

#: A near-exact title must agree to this share of characters (rapidfuzz ratio / 100).
NEAR_TITLE = 0.95
_GRAM = 4
_SHORTEST_TITLE_WORDS = 4
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
    """How the references of a library came out, and the studies that its articles name in prose."""

    references: int
    resolved: int
    unresolved: tuple[UnresolvedReference, ...]
    mentions: int = 0
    unresolved_mentions: tuple[UnresolvedMention, ...] = ()


@dataclass
class Catalogue:
    """What references can be resolved to: every name a source goes by, and its title."""

    aliases: dict[str, str] = field(default_factory=dict)
    _years: dict[str, int | None] = field(default_factory=dict)
    _titles: dict[str, list[str]] = field(default_factory=dict)
    _by_gram: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    _studies: list[Source] = field(default_factory=list)
    _profiles: StudyProfiles | None = None

    @classmethod
    def of(cls, sources: Iterable[Source]) -> "Catalogue":
        """The catalogue of a set of sources; the first to claim an alias keeps it."""
        catalogue = cls()
        for source in sources:
            catalogue.add(source)
        return catalogue

    def add(self, source: Source) -> None:
        """Enter a source under its identifiers, its key and its title."""
        for alias in aliases(source):
            self.aliases.setdefault(alias, source.source_id)
        words = _words(source.title)
        self._years[source.source_id] = source.year
        self._titles[source.source_id] = words
        for gram in _grams(words):
            self._by_gram.setdefault(gram, set()).add(source.source_id)
        if source.kind == "study":
            self._studies.append(source)
            self._profiles = None

    @property
    def profiles(self) -> StudyProfiles:
        """What the studies entered so far are recognised by; made when first asked for."""
        if self._profiles is None:
            self._profiles = StudyProfiles.of(self._studies)
        return self._profiles

    def resolve(self, reference: Reference) -> Reference:
        """The reference with source, how and confidence where one source answers to it."""
        named = (
            ("key", reference.key),
            ("doi", f"doi:{reference.doi}" if reference.doi else None),
            ("pmid", f"pmid:{reference.pmid}" if reference.pmid else None),
            ("pmcid", f"pmcid:{reference.pmcid}" if reference.pmcid else None),
        )
        for how, alias in named:
            if alias is not None and alias in self.aliases:
                return replace(reference, source_id=self.aliases[alias], how=how, confidence=1.0)
        if any(alias for _, alias in named):
            # An identifier that the library lacks names another work: its title decides nothing.
            return replace(reference, source_id=None, how=None, confidence=None)
        source_id, confidence = self._by_title(reference.raw)
        if source_id is None:
            return replace(reference, source_id=None, how=None, confidence=None)
        return replace(reference, source_id=source_id, how="title", confidence=confidence)

    def _by_title(self, raw: str) -> tuple[str | None, float | None]:
        words = _words(raw)
        candidates = {sid for gram in _grams(words) for sid in self._by_gram.get(gram, ())}
        scored = sorted(
            ((self._agreement(words, sid), sid) for sid in candidates if self._year_fits(raw, sid)),
            reverse=True,
        )
        if not scored or scored[0][0] < NEAR_TITLE:
            return None, None
        if len(scored) > 1 and scored[1][0] >= NEAR_TITLE and scored[0][0] - scored[1][0] < 0.02:
            return None, None
        return scored[0][1], round(scored[0][0], 3)

    def _agreement(self, words: list[str], source_id: str) -> float:
        title = self._titles[source_id]
        if len(title) < _SHORTEST_TITLE_WORDS:
            return 0.0
        score = fuzz.partial_ratio(" ".join(title), " ".join(words)) / 100
        # A raw text shorter than the title matches part of it by chance: compare both whole.
        return score if len(words) >= len(title) else fuzz.ratio(" ".join(title), " ".join(words)) / 100

    def _year_fits(self, raw: str, source_id: str) -> bool:
        year = self._years[source_id]
        written = {int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", raw)}
        return year is None or not written or any(abs(year - y) <= 1 for y in written)


def aliases(source: Source) -> tuple[str, ...]:
    """Every name a source answers to: its id, its identifiers, its citation key."""
    csl: Mapping[str, object] = source.csl
    names = [source.source_id]
    for field_name, normal, prefix in (
        ("DOI", normal_doi, "doi"),
        ("PMID", normal_pmid, "pmid"),
        ("PMCID", normal_pmcid, "pmcid"),
    ):
        value = csl.get(field_name)
        form = normal(str(value)) if value else None
        if form:
            names.append(f"{prefix}:{form}")
    if source.key:
        names.append(source.key)
    return tuple(dict.fromkeys(names))


def link(sources: Iterable[Source], catalogue: Catalogue) -> tuple[list[Source], LinkReport]:
    """The sources with references and mentions resolved against the catalogue, and a report."""
    unresolved_mentions: list[UnresolvedMention] = []
    linked = [_linked(source, catalogue, unresolved_mentions) for source in sources]
    references = [(s.source_id, r) for s in linked for r in s.references]
    unresolved = tuple(
        UnresolvedReference(source_id, r.label, r.raw) for source_id, r in references if not r.source_id
    )
    return linked, LinkReport(
        references=len(references),
        resolved=len(references) - len(unresolved),
        unresolved=unresolved,
        mentions=sum(mention.how == "prose" for source in linked for mention in source.mentions),
        unresolved_mentions=tuple(unresolved_mentions),
    )


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


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", search_form(text).casefold())


def _grams(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + _GRAM]) for i in range(len(words) - _GRAM + 1)}
