"""What a library holds, by the names and titles under which references ask for it.

A reference resolves by its citation key, DOI, PMID or PMCID, or by a title that stands in it exactly or
nearly so; two titles that fit equally well resolve to neither. Titles are only taken apart when the first
reference asks by one, and of a source no more is kept than its names, title and year, so that a catalogue of
many is small.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from corpus.identifiers import normal_doi, normal_pmcid, normal_pmid
from corpus.normalising import search_form
from corpus.records import Reference, Source
from corpus.study_profiles import StudyProfiles

#: A near-exact title must agree to this share of characters (rapidfuzz ratio / 100).
NEAR_TITLE = 0.95
_GRAM = 4
_SHORTEST_TITLE_WORDS = 4


@dataclass
class Catalogue:
    """What references can be resolved to: every name a source goes by, and its title."""

    aliases: dict[str, str] = field(default_factory=dict)
    _ids: list[str] = field(default_factory=list)
    _years: list[int | None] = field(default_factory=list)
    _titles: list[str] = field(default_factory=list)
    _holdings: list[Iterable[Source]] = field(default_factory=list)
    _grams: "_TitleGrams | None" = None
    _profiles: StudyProfiles | None = None

    @classmethod
    def of(cls, sources: Iterable[Source]) -> "Catalogue":
        """The catalogue of a set of sources; the first to claim an alias keeps it.

        The studies among them are read once more where prose is asked about; an iterator is kept as a list.
        """
        catalogue = cls()
        holdings = list(sources) if isinstance(sources, Iterator) else sources
        for source in holdings:
            catalogue._enter(source)
        catalogue._holdings.append(holdings)
        return catalogue

    def add(self, source: Source) -> None:
        """Enter a source under its identifiers, its key and its title."""
        self._enter(source)
        self._holdings.append((source,))
        self._grams = self._profiles = None

    def _enter(self, source: Source) -> None:
        for alias in aliases(source):
            self.aliases.setdefault(alias, source.source_id)
        self._ids.append(source.source_id)
        self._years.append(source.year)
        self._titles.append(source.title)

    @property
    def profiles(self) -> StudyProfiles:
        """What the studies entered so far are recognised by; made when first asked for."""
        if self._profiles is None:
            self._profiles = StudyProfiles.of(_Chained(self._holdings))
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
        if self._grams is None:
            self._grams = _TitleGrams(self._titles)
        candidates = (row for row in self._grams.rows(words) if self._year_fits(raw, row))
        scored = sorted(((self._agreement(words, row), self._ids[row]) for row in candidates), reverse=True)
        if not scored or scored[0][0] < NEAR_TITLE:
            return None, None
        if len(scored) > 1 and scored[1][0] >= NEAR_TITLE and scored[0][0] - scored[1][0] < 0.02:
            return None, None
        return scored[0][1], round(scored[0][0], 3)

    def _agreement(self, words: list[str], row: int) -> float:
        title = _words(self._titles[row])
        if len(title) < _SHORTEST_TITLE_WORDS:
            return 0.0
        score = fuzz.partial_ratio(" ".join(title), " ".join(words)) / 100
        # A raw text shorter than the title matches part of it by chance: compare both whole.
        return score if len(words) >= len(title) else fuzz.ratio(" ".join(title), " ".join(words)) / 100

    def _year_fits(self, raw: str, row: int) -> bool:
        year = self._years[row]
        written = {int(y) for y in re.findall(r"\b(?:19|20)\d\d\b", raw)}
        return year is None or not written or any(abs(year - y) <= 1 for y in written)


class _TitleGrams:
    """Runs of four words -> the titles that hold them, as two sorted arrays: 12 bytes a run."""

    def __init__(self, titles: Iterable[str]) -> None:
        hashes, rows = array("q"), array("i")
        for row, title in enumerate(titles):
            found = _grams(_words(title))
            hashes.extend(found)
            rows.extend([row] * len(found))
        held = np.frombuffer(hashes, dtype=np.int64) if hashes else np.zeros(0, dtype=np.int64)
        order = np.argsort(held, kind="stable")
        self._hashes: npt.NDArray[np.int64] = held[order]
        self._rows = np.array(rows, dtype=np.int32)[order]

    def rows(self, words: list[str]) -> list[int]:
        """The titles that share a run of words with these, each once."""
        wanted = np.array(sorted(_grams(words)), dtype=np.int64)
        begins = np.searchsorted(self._hashes, wanted, "left")
        ends = np.searchsorted(self._hashes, wanted, "right")
        return sorted({int(r) for b, e in zip(begins, ends, strict=True) for r in self._rows[b:e]})


class _Chained:
    """Several collections as one that can be gone through again."""

    def __init__(self, parts: list[Iterable[Source]]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[Source]:
        for part in self._parts:
            yield from part


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


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", search_form(text).casefold())


def _grams(words: list[str]) -> set[int]:
    """A number for each run of words; two that share one by chance are told apart by their titles."""
    return {hash(tuple(words[i : i + _GRAM])) for i in range(len(words) - _GRAM + 1)}
