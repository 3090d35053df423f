"""What the studies of a library are recognised by: years, authors, names of cohorts, sizes, subject.

Clues are held inverted, clue -> rows of the studies that have it, so that a mention costs what its own words
cost, however large the library is. A row is a study's place in the profiles.
"""

import math
import re
from array import array
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus.linting.numbers import numbers_in
from corpus.records import Source
from corpus.study_words import countries_in, people_in, sizes_in
from corpus.topic_words import abbreviations_in, folded, topic_terms

Rows = npt.NDArray[np.intc]
Clue = Literal["year", "family", "name", "title_name", "size", "figure", "term"]

#: Characters of a study's text that tell what it is about; the rest of a full text names other studies too.
_ABOUT_CHARACTERS = 4000
#: A name that more studies have is a word of the field ("HIV cohort"), or says too little by itself.
_RARE_NAME = 5
#: In a library of fewer studies hardly any word is common; rarity is counted as if it had so many.
_FEWEST = 50
_ACRONYM = r"[\w‐-]*[A-Z][\w‐-]*[A-Z][\w‐-]*"
_NAME = re.compile(
    r"(?<!\w)(?P<name>(?:[A-ZÀ-ÖØ-Þ]|[a-z]{1,4}(?=[A-Z]))[\w’'‐-]*)(?:\s(?P<number>\d{1,2}|[IVX]+)\b)?"
)
_STUDY_NAME = re.compile(
    rf"(?<![\w‐-])(?P<before>{_ACRONYM}(?:\s(?:[IVX]+|\d{{1,2}}))?)(?=\)?,?\s(?:[\w-]+\s){{0,4}}"
    r"(?:[Ss]tudy|[Tt]rial|[Cc]ohort|[Pp]articipants|[Ss]urvey)\b)|"
    rf"(?:[Ss]tudy|[Tt]rial|[Cc]ohort|[Ss]urvey)\s\((?P<after>{_ACRONYM})\)|"
    rf"^(?P<first>{_ACRONYM})\s(?:randomi[sz]ed|gave|assigned|enrolled)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Author:
    """An author: the forms of the family name by which prose may call them, and the first given initial."""

    keys: tuple[str, ...]
    initial: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a study's record states; what it does not state is empty and contradicts nothing."""

    source_id: str
    year: int | None
    design: str
    journal: str
    countries: frozenset[str]
    people: frozenset[str]
    sizes: frozenset[int]
    authors: tuple[Author, ...]
    authors_complete: bool


@dataclass
class StudyProfiles:
    """The profiles of a library's studies, and the rows of the studies that have a clue."""

    profiles: list[Profile] = field(default_factory=list)
    abbreviations: dict[str, str] = field(default_factory=dict)
    _study_names: set[str] = field(default_factory=set)
    _journals: set[str] = field(default_factory=set)
    _rows: dict[tuple[Clue, object], "array[int]"] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Iterable[Source]) -> "StudyProfiles":
        """The profiles of the studies among the sources, which are gone through twice and not kept."""
        held = list(sources) if isinstance(sources, Iterator) else sources
        own = [abbreviations_in(_about(source)) for source in held if source.kind == "study"]
        profiles = cls(abbreviations=_agreed(own))
        for source, abbreviations in zip((s for s in held if s.kind == "study"), own, strict=True):
            profiles._add(source, _about(source), ChainMap(abbreviations, profiles.abbreviations))
        profiles._study_names -= {folded(short) for short in profiles.abbreviations}
        return profiles

    def rows(self, clue: Clue, value: object) -> Rows:
        """The rows of the studies that have a clue, ascending."""
        found = self._rows.get((clue, value))
        return np.frombuffer(found, dtype=np.intc) if found else np.zeros(0, dtype=np.intc)

    def rarity(self, clue: Clue, value: object) -> float:
        """How much a clue tells: the logarithm of the number of studies over that of those that have it."""
        return self.rarity_of(len(self._rows.get((clue, value), ())))

    def rarity_of(self, studies: int) -> float:
        """How much a clue tells that so many studies have."""
        return math.log((max(len(self.profiles), _FEWEST) + 1) / max(studies, 0.5))

    def is_study_name(self, name: str) -> bool:
        """Whether a word is the name of a cohort or trial in some record."""
        parts = name_parts(name)
        known = bool(parts) and parts[0] in self._study_names
        return known and len(self.rows("name", parts[0])) <= _RARE_NAME

    def is_author(self, name: str) -> bool:
        """Whether a word is the family name of an author of some study."""
        return ("family", folded(name)) in self._rows

    def journal_in(self, text: str) -> str | None:
        """The journal of the library that a text names, the longest name that fits; None: none."""
        words = re.findall(r"[\w&’'-]+", text)
        for at, word in enumerate(words):
            if not word[0].isupper() or (at == 0 and len(words) > 1 and word != "Cochrane"):
                continue  # the first word has its capital from the sentence
            for end in range(min(len(words), at + 8), at, -1):
                name = journal_name(" ".join(words[at:end]))
                if name in self._journals:
                    return name
        return None

    def _add(self, source: Source, about: str, abbreviations: Mapping[str, str]) -> None:
        row = len(self.profiles)
        profile = _profile(source, about)
        self.profiles.append(profile)
        self._study_names.update(_study_names_in(about))
        if profile.journal:
            self._journals.add(profile.journal)
            # Reviews of this database are called by the name of its publisher.
            self._journals.update({"cochrane"} if profile.journal.startswith("cochrane ") else ())
        size = (source.study.sample_size if source.study else None) or ""
        facts = f"{about}\n{size}"
        self._enter("year", [profile.year] if profile.year else [], row)
        self._enter("family", (key for author in profile.authors for key in author.keys), row)
        self._enter("name", _names_in(about), row)
        self._enter("title_name", _names_in(source.title), row)
        self._enter("size", profile.sizes | sizes_in(facts)[0], row)
        self._enter("figure", numbers_in(facts), row)
        self._enter("term", topic_terms(facts, abbreviations), row)

    def _enter(self, clue: Clue, values: Iterable[object], row: int) -> None:
        for value in dict.fromkeys(values):
            self._rows.setdefault((clue, value), array("i")).append(row)


def family_keys(name: str) -> tuple[str, ...]:
    """The folded family name, its last word where it has several, and the one before a maiden name.

    >>> family_keys("van der Avoort"), family_keys("Knight Nee Shingler")
    (('van der avoort', 'avoort'), ('knight nee shingler', 'shingler', 'knight'))
    """
    whole = folded(name).strip()
    return tuple(dict.fromkeys((whole, whole.split()[-1], whole.split(" nee ")[0]))) if whole else ()


@lru_cache(maxsize=100_000)
def name_parts(name: str) -> tuple[str, ...]:
    """The word of a name run together, and its parts: Prospect-EPIC, prospect and epic."""
    parts = re.findall(r"[a-z0-9]+", folded(name.replace("’", "'").removesuffix("'s")))
    return tuple(dict.fromkeys(("".join(parts), *parts))) if parts else ()


def journal_name(container: str) -> str:
    """The name of a journal for comparing: folded, without article, marks and what stands in brackets."""
    words = re.findall(r"[a-z0-9&']+", folded(re.sub(r"\(.*", "", container)))
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def _profile(source: Source, about: str) -> Profile:
    study = source.study
    size = (study.sample_size if study else None) or ""
    stated = (int(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*", size))
    return Profile(
        source_id=source.source_id,
        year=source.year,
        design=study.design if study else "unknown",
        journal=journal_name(str(source.csl.get("container-title") or "")),
        countries=countries_in(about),
        people=people_in(f"{about} {size}"),
        sizes=frozenset(stated),
        authors=tuple(_authors(source)),
        authors_complete=source.authors_complete,
    )


def _about(source: Source) -> str:
    """Title, beginning of the text and finding of a study."""
    finding = (source.study.finding if source.study else None) or ""
    beginning = source.text[:_ABOUT_CHARACTERS]
    return "\n".join((source.title, beginning, "" if finding in beginning else finding))


def _agreed(texts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The abbreviations that mean the same wherever they are explained."""
    found: dict[str, str] = {}
    terms: dict[str, list[str]] = {}
    disputed = set()
    for explained in texts:
        for short, long in explained.items():
            if terms.setdefault(short, topic_terms(long, {})) != topic_terms(long, {}):
                disputed.add(short)
            found.setdefault(short, long)
    return {short: long for short, long in found.items() if short not in disputed}


def _authors(source: Source) -> Iterator[Author]:
    for author in source.csl.get("author") or ():
        particle = author.get("non-dropping-particle") or author.get("dropping-particle") or ""
        name = str(author.get("family") or author.get("literal") or "").strip()
        if name:
            yield Author(family_keys(f"{particle} {name}"), folded(str(author.get("given") or ""))[:1])


def _names_in(text: str) -> Iterator[str]:
    """The parts of the capitalised words of a text, and those with a number behind them joined to it."""
    for match in _NAME.finditer(text):
        yield from name_parts(match["name"])
        if match["number"]:
            yield name_parts(match["name"] + match["number"])[0]


def _study_names_in(text: str) -> Iterator[str]:
    for match in _STUDY_NAME.finditer(text):
        name = match["before"] or match["after"] or match["first"]
        capitals = (sum(letter.isupper() for letter in part) for part in re.split(r"[-‐]", name))
        if max(capitals) > 1 and not re.fullmatch(r"[IVX]+", name):
            yield name_parts(name)[0]
