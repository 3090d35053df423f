"""What a mention asks for -> the studies that may answer, and what each has in common with it.

The clues of a mention are put in the terms of the library's profiles: its names as families or cohorts that
records have, its words as stems, its numbers. Year, authors and names choose the rows, the other
facts exclude rows, the features say how much the rest has in common with the mention.
"""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from corpus.linting.numbers import numbers_in
from corpus.prose_mentions import Clues
from corpus.study_profiles import Clue, Profile, Rows, StudyProfiles, name_parts
from corpus.study_words import contradict, is_country
from corpus.topic_words import folded, topic_terms

Values = npt.NDArray[np.float64]

#: A single clue tells at most so much, however large the library is.
_MOST_TELLING = 5.0
#: Stems that more than this share of the library has do not lead to candidates.
_COMMON = 0.5
#: "About 37,000" is true of 36,629: numbers may differ by this share.
_ROUGHLY = 0.12
#: The rarity of some four words: of a shorter sentence, what is missing says little.
_FEW_WORDS = 10.0
_TRIALS = frozenset({"RCT", "non-randomised trial"})


class Asked:
    """What one mention asks for, in the terms of the profiles."""

    def __init__(self, clues: Clues, profiles: StudyProfiles, abbreviations: Mapping[str, str]) -> None:
        self.clues = clues
        self.profiles = profiles
        self._abbreviations = abbreviations
        self.names = {name: rows for name in clues.names if len(rows := self._rows_of_name(name))}
        unknown = [name for name in clues.names if name not in self.names]
        # "The Geleijnse study": a name that no record mentions may be that of its author.
        owners = [name for name in unknown if self._family(name)[0]] if not clues.families else []
        self.is_unheard_of = len(unknown) > len(owners)
        self.families = (*clues.families, *owners)
        self.family, self.given = self._family(self.families[0]) if self.families else ("", "")
        self.journal = profiles.journal_in(clues.context)
        self.years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", clues.context)}
        self._all_sizes = sorted(clues.sizes)
        #: A number below ten may count anything; it excludes nothing.
        self.sizes = [size for size in self._all_sizes if size >= 10]

    @cached_property
    def figures(self) -> list[str]:
        """Numbers of two and more digits that the sentence and its neighbours state; no years."""
        stated = numbers_in(f"{self.clues.context} {self.clues.nearby}")
        return sorted(
            number
            for number in stated
            if len(number.replace(".", "").lstrip("0")) > 1 and not re.fullmatch(r"(?:19|20)\d\d", number)
        )

    @cached_property
    def terms(self) -> tuple[list[str], list[str], list[str]]:
        """The stems of phrase, rest of the sentence and neighbours; each stem once, at its first place."""
        own = {part for name in (*self.clues.names, *self.families) for part in re.split(r"[\s,]+", name)}
        own |= {word for word in re.findall(r"\w+", self.clues.context) if is_country(word)}
        keep = re.compile(rf"\b(?:{'|'.join(map(re.escape, own))})\b" if own else r"(?!)")
        seen: set[str] = set(topic_terms(self.journal or "", {}))
        found = []
        for text in (self.clues.phrase, self.clues.context, self.clues.nearby):
            new = [t for t in topic_terms(keep.sub(" ", text), self._abbreviations) if t not in seen]
            seen.update(new)
            found.append(new)
        return found[0], found[1], found[2]

    def rows_by_subject(self) -> list[int]:
        """The rows that have the year, authors and names; those that share most of the subject first."""
        phrase, context, _ = self.terms
        mass = np.zeros(len(self.profiles.profiles))
        for term in (*phrase, *context):
            mass[self.profiles.rows("term", term)] += self.profiles.rarity("term", term)
        rows = self._stated_rows(phrase + context)
        return [int(row) for row in rows[np.lexsort((rows, -mass[rows]))]]

    def _stated_rows(self, terms: Sequence[str]) -> Rows:
        stated = list(self.names.values())
        if self.clues.year:
            stated.append(self.profiles.rows("year", self.clues.year))
        if self.families:
            stated.append(self._rows_of_authors())
        if self.is_unheard_of:
            stated.append(np.zeros(0, dtype=np.intc))
        if stated:
            rows = stated[0]
            for other in stated[1:]:
                rows = np.intersect1d(rows, other, assume_unique=True)
            return rows
        common = math.log(1 / _COMMON)
        found = [self.profiles.rows("term", t) for t in terms if self.profiles.rarity("term", t) > common]
        found += [self.profiles.rows("size", size) for size in self.sizes]
        found += [self.profiles.rows("figure", figure) for figure in self.figures]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.intc)

    def _rows_of_name(self, name: str) -> Rows:
        """The rows of the studies that have every capitalised word of a cohort's or trial's name."""
        numbered = re.fullmatch(r"(.+)\s(\d{1,2}|[IVX]+)", name)
        words = ["".join(numbered.groups())] if numbered else re.split(r"[\s,]+", name)
        rows: Rows | None = None
        for word in words:
            parts = name_parts(word)
            if not parts or word.islower() or is_country(word):
                continue
            found = self.profiles.rows("name", parts[0])
            if not len(found) and len(parts) > 1 and not numbered:
                found = self.profiles.rows("name", parts[1])
                for part in parts[2:]:
                    found = np.intersect1d(found, self.profiles.rows("name", part), assume_unique=True)
            rows = found if rows is None else np.intersect1d(rows, found, assume_unique=True)
        return rows if rows is not None else np.zeros(0, dtype=np.intc)

    def _family(self, name: str) -> tuple[str, str]:
        """The family name by which the library knows a written name, and the given name before it."""
        words = folded(name.replace("’", "'").removesuffix("'s")).split()
        for at in range(len(words)):
            key = " ".join(words[at:])
            if len(self.profiles.rows("family", key)):
                return key, " ".join(words[:at])
        return "", ""

    def _rows_of_authors(self) -> Rows:
        """The rows of the studies whose first author is the first named, with all others named."""
        others = [self._family(name)[0] for name in self.families[1:]]
        rows = [
            row
            for row in self.profiles.rows("family", self.family).tolist()
            if self._is_by(self.profiles.profiles[row], others)
        ]
        return np.array(rows, dtype=np.intc)

    def _is_by(self, profile: Profile, others: Sequence[str]) -> bool:
        first = profile.authors[0]
        if self.family not in first.keys or (self.given and first.initial not in ("", self.given[0])):
            return False
        everyone = {key for author in profile.authors for key in author.keys}
        return not profile.authors_complete or all(other in everyone for other in others)

    def allows(self, row: int) -> bool:
        """Whether no stated fact contradicts the record."""
        clues, profile = self.clues, self.profiles.profiles[row]
        if clues.designs and profile.design != "unknown" and profile.design not in clues.designs:
            return False
        if clues.countries and profile.countries and not clues.countries & profile.countries:
            return False
        if contradict(clues.people, profile.people) or not self._may_be_in(profile.journal):
            return False
        return not (self.sizes and profile.sizes) or any(self._size(size, row) for size in self.sizes)

    def _may_be_in(self, journal: str) -> bool:
        if self.journal is None or not journal or journal == self.journal:
            return True
        return self.journal == "cochrane" and journal.startswith("cochrane ")

    def _size(self, size: int, row: int) -> float:
        """How well a stated size fits a record: more for exact, large and uneven numbers, 0 for not."""
        sizes = self.profiles.profiles[row].sizes
        if size in sizes or self._has("size", size, np.array([row]))[0]:
            return min(3.0, math.log10(size) + (0.5 if size % 10 else 0.0))
        if self.clues.roughly and any(abs(stated - size) <= _ROUGHLY * size for stated in sizes):
            return min(2.0, 0.6 * math.log10(size))
        return 0.0

    def features(self, rows: Rows) -> dict[str, Values]:
        """What each of the rows has in common with the mention, by the names of the clues, each (n,)."""
        clues, profiles = self.clues, [self.profiles.profiles[row] for row in rows]
        phrase, context, nearby = self.terms
        known = [term for term in context if len(self.profiles.rows("term", term))]
        in_phrase, in_context = self._mass("term", phrase, rows), self._mass("term", context, rows)
        whole = self._whole("term", [*phrase, *known])
        year_near = [not clues.year and profile.year in self.years for profile in profiles]
        sizes = [max((self._size(n, row) for n in self._all_sizes), default=0.0) for row in rows.tolist()]
        told = clues.year or self.families or self.names
        values: dict[str, Sequence[float] | Values] = {
            "constant": [1.0] * len(rows),
            "year": [float(bool(clues.year))] * len(rows),
            "year_in_sentence": [float(near) for near in year_near],
            "author": [self._rarity("family", self.family) if self.families else 0.0] * len(rows),
            "author_without_year": [
                float(bool(self.families) and not clues.year and not near) for near in year_near
            ],
            "given_name": [float(bool(self.given))] * len(rows),
            "name": [sum(self._telling(len(found)) for found in self.names.values())] * len(rows),
            "name_of_trial": self._named_in_title(rows) * [float(p.design in _TRIALS) for p in profiles],
            "size": sizes,
            "country": [self._country(profile) for profile in profiles],
            "journal": [float(bool(self.journal and profile.journal)) for profile in profiles],
            "figures": self._mass("figure", self.figures, rows),
            "phrase": np.sqrt(in_phrase),
            "context": np.sqrt(in_context),
            "nearby": np.sqrt(self._mass("term", nearby, rows)),
            "missing": (whole - in_phrase - in_context) / (whole + _FEW_WORDS),
            "subject_alone": [float(not told and not size) for size in sizes],
        }
        return {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}

    def _named_in_title(self, rows: Rows) -> Values:
        """Whether the title of each row has a name that the mention states, (n,)."""
        found = np.zeros(len(rows))
        for name in self.names:
            found = np.maximum(found, self._has("title_name", name_parts(name)[0], rows))
        return found

    def _country(self, profile: Profile) -> float:
        if not self.clues.countries:
            return 0.0
        return 1.0 if self.clues.countries & profile.countries else -0.5

    def _mass(self, clue: Clue, values: Sequence[object], rows: Rows) -> Values:
        """The summed rarity of the values that each row has, (n,)."""
        mass = np.zeros(len(rows))
        for value in values:
            mass += self._rarity(clue, value) * self._has(clue, value, rows)
        return mass

    def _whole(self, clue: Clue, values: Sequence[object]) -> float:
        return sum(self._rarity(clue, value) for value in values)

    def _rarity(self, clue: Clue, value: object) -> float:
        return min(_MOST_TELLING, self.profiles.rarity(clue, value))

    def _telling(self, studies: int) -> float:
        return min(_MOST_TELLING, self.profiles.rarity_of(studies))

    def _has(self, clue: Clue, value: object, rows: Rows) -> npt.NDArray[np.bool_]:
        """Whether each row has a clue, (n,)."""
        having = self.profiles.rows(clue, value)
        if not len(having):
            return np.zeros(len(rows), dtype=np.bool_)
        places = np.minimum(np.searchsorted(having, rows), len(having) - 1)
        return np.asarray(having[places] == rows)
