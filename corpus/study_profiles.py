"""What the studies of a library can be recognised by: years, authors, names of cohorts and trials, sizes, subject.

Everything is held by row, inverted: clue -> the rows of the studies that have it, so that a mention costs
what its own words cost, however large the library is.
"""

import math
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.linting.numbers import numbers_in
from corpus.normalising import search_form
from corpus.records import Source
from corpus.study_words import PEOPLE, countries_in, people_in

Rows = npt.NDArray[np.intc]

#: Characters of a study's text that tell what it is about; the rest of a full text names other studies too.
_ABOUT_CHARACTERS = 4000
_WORD = re.compile(r"[a-z]+\d*(?:-\d+)?[a-z]*|\d+[a-z]+")
_NAME = re.compile(r"(?:[A-ZÀ-ÖØ-Þ]|[a-z]{1,4}(?=[A-Z]))[\w’'‐-]*|(?<=[A-Za-z] )(?:\d{1,2}|[IVX]+)\b")
_STUDY_NAME = re.compile(
    r"\b(?P<before>[\w‐-]*[A-Z][\w‐-]*[A-Z][\w‐-]*)(?=\)?(?:\s[IVX\d]+)?,?\s(?:[\w-]+\s){0,4}"
    r"(?:[Ss]tudy|[Tt]rial|[Cc]ohort|[Pp]articipants|[Ss]urvey)\b)|"
    r"(?:[Ss]tudy|[Tt]rial|[Cc]ohort|[Ss]urvey)\s\((?P<after>[\w‐-]*[A-Z][\w‐-]*[A-Z][\w‐-]*)\)|"
    r"^(?P<first>[\w‐-]*[A-Z][\w‐-]*[A-Z][\w‐-]*)\s(?:randomi[sz]ed|gave|assigned|enrolled)"
)
_DEFINITION = re.compile(r"\((?P<short>[A-Za-z][\w-]*[A-Z][\w-]*?)s?\)")
_SIZE = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d{2,})(?![\d.,]*\d|%)")


@dataclass
class StudyProfiles:
    """The studies of a library by what they can be recognised by; a row is a study's place in ``ids``."""

    ids: list[str] = field(default_factory=list)
    years: list[int | None] = field(default_factory=list)
    designs: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    countries: list[frozenset[str]] = field(default_factory=list)
    people: list[frozenset[str]] = field(default_factory=list)
    sizes: list[frozenset[int]] = field(default_factory=list)
    authors: list[tuple[str, ...]] = field(default_factory=list)
    study_names: set[str] = field(default_factory=set)
    abbreviations: dict[str, str] = field(default_factory=dict)
    _rows: dict[tuple[str, object], "array[int]"] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Iterable[Source]) -> "StudyProfiles":
        """The profiles of the studies among the sources."""
        profiles = cls()
        studies = [source for source in sources if source.kind == "study"]
        for source in studies:
            profiles.abbreviations |= abbreviations_in(_about(source))
        for source in studies:
            profiles._add(source)
        return profiles

    def _add(self, source: Source) -> None:
        row = len(self.ids)
        text = _about(source)
        size = source.study.sample_size if source.study else None
        facts = f"{text} {size or ''}"
        self.ids.append(source.source_id)
        self.years.append(source.year)
        self.designs.append(source.study.design if source.study else "unknown")
        self.titles.append(source.title)
        self.containers.append(folded(str(source.csl.get("container-title") or "")))
        self.countries.append(countries_in(facts))
        self.people.append(people_in(facts))
        self.sizes.append(numbers_of_people(size or ""))
        self.authors.append(tuple(folded(name) for name in _families(source)))
        self.study_names |= {name for line in text.split("\n") for name in _study_names_in(line)}
        self._enter("year", source.year, row)
        for family in dict.fromkeys(key for name in self.authors[-1] for key in family_keys(name)):
            self._enter("family", family, row)
        for part in dict.fromkeys(part for name in _NAME.findall(text) for part in name_parts(name)):
            self._enter("name", part, row)
        for number in numbers_of_people(facts):
            self._enter("size", number, row)
        for number in numbers_in(facts):
            self._enter("figure", number, row)
        for term in dict.fromkeys(topic_terms(facts, self.abbreviations)):
            self._enter("term", term, row)

    def _enter(self, kind: str, value: object, row: int) -> None:
        if value is not None:
            self._rows.setdefault((kind, value), array("i")).append(row)

    def rows(self, kind: str, value: object) -> Rows:
        """The rows of the studies that have a clue, ascending."""
        found = self._rows.get((kind, value))
        return np.frombuffer(found, dtype=np.intc) if found else np.zeros(0, dtype=np.intc)

    def rarity(self, kind: str, value: object) -> float:
        """How much a clue tells: the logarithm of the number of studies over that of those that have it."""
        found = self._rows.get((kind, value))
        return math.log((len(self.ids) + 1) / (len(found) if found else 0.5))


def _about(source: Source) -> str:
    """Title, abstract and what else begins the text of a study, with its finding."""
    finding = (source.study.finding if source.study else None) or ""
    beginning = source.text[:_ABOUT_CHARACTERS]
    return "\n".join((source.title, beginning, "" if finding in beginning else finding))


def _families(source: Source) -> Iterator[str]:
    for author in source.csl.get("author") or ():
        particle = author.get("non-dropping-particle") or author.get("dropping-particle") or ""
        name = author.get("family") or author.get("literal") or ""
        if name:
            yield f"{particle} {name}".strip()


def family_keys(name: str) -> tuple[str, ...]:
    """The folded family name, and its last word where it has several (van der Avoort: avoort)."""
    return tuple(dict.fromkeys((name, name.split()[-1]))) if name else ()


def name_parts(name: str) -> tuple[str, ...]:
    """The parts by which the name of a cohort or trial is found: Prospect-EPIC, prospect and epic."""
    parts = re.findall(r"[a-z0-9]+", folded(name.replace("’", "'").removesuffix("'s")))
    return tuple(dict.fromkeys(("".join(parts), *parts))) if parts else ()


def numbers_of_people(text: str) -> frozenset[int]:
    """The whole numbers of two and more digits in a text that may count people or studies; no years."""
    found = (int(match.replace(",", "")) for match in _SIZE.findall(text))
    return frozenset(n for n in found if not 1900 <= n <= 2100)


def abbreviations_in(text: str) -> dict[str, str]:
    """What a text says its abbreviations mean: those in brackets behind words with these initials.

    >>> abbreviations_in("nocturnal leg cramps (NLCs) and peripheral artery disease (PAD)")
    {'NLC': 'nocturnal leg cramps', 'PAD': 'peripheral artery disease'}
    """
    found = {}
    for match in _DEFINITION.finditer(text):
        letters = [c for c in match["short"].casefold() if c.isalpha()]
        words = re.findall(r"[\w’']+", text[max(0, match.start() - 120) : match.start()])[-len(letters) :]
        if len(words) > 1 and [word[0].casefold() for word in words] == letters:
            found[match["short"]] = " ".join(words)
    return found


def folded(text: str) -> str:
    """Lower case without accents, in the search spelling."""
    import unicodedata

    form = search_form(text).replace("ø", "o").replace("Ø", "O")
    if not form.isascii():
        form = "".join(c for c in unicodedata.normalize("NFKD", form) if not unicodedata.combining(c))
    return form.casefold()


def topic_terms(text: str, abbreviations: dict[str, str]) -> list[str]:
    """The stems of a text's words of subject, with those of what its abbreviations stand for."""
    written = [text]
    if abbreviations:
        shorts = set(re.findall(r"[A-Za-z][\w-]*[A-Z][\w-]*", text))
        for short in sorted(shorts):
            long = abbreviations.get(short) or abbreviations.get(short.removesuffix("s"))
            if long:
                written.append(long)
    words = [w.replace("-", "") for w in _WORD.findall(folded(" ".join(written)))]
    return [_stem(word) for word in words if word not in GENERIC and len(word) > 1]


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    """The stem of a word (Porter2), in American spelling."""
    for british, american in (("haem", "hem"), ("oedem", "edem"), ("ischaem", "ischem"), ("isation", "ization")):
        word = word.replace(british, american)
    (stem,) = _stemmer().analyze(word) or [word]
    return str(stem)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    return builder.filter(tantivy.Filter.stemmer("english")).build()


def _study_names_in(line: str) -> Iterator[str]:
    for match in _STUDY_NAME.finditer(line):
        yield name_parts(match["before"] or match["after"] or match["first"])[0]


GENERIC = frozenset(
    """the of and in to for with by from on at as into than is are was were be been being has have had that which
    who whom whose while whereas but or if because since when where not no nor can may might could will would
    should does do did per between among during after before about against under over it its they them their he
    she his her we our you your this these those there here then thus so such also only even just very more most
    less least much many some any all each every both either neither other another same own few several one two
    three four five six seven eight nine ten first second third new recent recently old earlier later up down out
    off again further once study studies trial trials review reviews research researchers scientist scientists
    investigator investigators team author authors colleague colleagues group groups analysis analyses
    meta-analysis metaanalysis paper papers report reports reported reporting article publication published
    publish evidence data result results finding findings found find finds show shows showed shown suggest
    suggests suggested suggesting indicate indicates indicated conclude concluded concludes observe observed
    observes note noted notes see saw seen look looked examine examined investigate investigated assess assessed
    evaluate evaluated test tested tests testing compare compared comparing comparison measure measured measures
    measuring randomized randomised randomly randomization controlled control controls clinical placebo double
    single blind blinded cohort prospective retrospective observational cross sectional pilot systematic pooled
    pooling pool participants participant patients patient people persons person subjects subject individuals
    adults adult volunteers women woman men man enrolled enrolling recruited included include including includes
    involve involved involving follow followed following follow-up assigned given gave give gives taking took take
    takes taken received receive receiving receives year years month months week weeks day days daily time times
    associated association associations linked link links tied related relation relationship effect effects
    affect affected improve improved improves improvement increase increased increases increasing decrease
    decreased decreases reduce reduced reduces reduction lower lowered lowers lowering higher high low raise
    raised rise rose fall fell risk risks significant significantly significance change changed changes
    difference differences different benefit benefits beneficial help helps helped help role potential possible
    likely unlikely great greater greatest large larger small smaller versus vs mean average total number numbers
    level levels rate rates ratio hazard odds confidence interval ci hr rr or according like well however
    although though despite still yet often use used uses using user users based part parts way ways set led lead
    leads make makes made come came comes went go goes get got work works worked called named known say says said
    tell told state stated states describe described describes world large-scale landmark famous major
    well-known important interesting older younger healthy""".split()
)
