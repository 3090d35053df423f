"""The bibliographic fields of all sources of a library, to find one that no identifier names.

By title (its words vote, weighted by rarity), by first author and year, by volume and first page. Kept as
sorted arrays of hashes beside the plain titles; what is found is a candidate, and the caller compares the
fields themselves.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from corpus.normalising import search_form
from corpus.records import Notice

_Hashes = npt.NDArray[np.uint32]
_Rows = npt.NDArray[np.int32]
#: Sources whose titles are compared letter by letter, of those that share most words.
_COMPARED = 40
#: A word of more titles than this says too little to look through them all.
_COMMONEST = 20_000
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,40}>")
_RETRACTED = re.compile(r"^\W*(?:retracted|withdrawn|retraction)(?:\s+article)?\W+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BibliographicRow:
    """What one source gives to the bibliography."""

    row: int
    csl: Mapping[str, Any]
    notices: Sequence[Notice] = ()


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A source whose title is like the one asked for; ``agreement`` 0 to 1, of words in any order."""

    row: int
    agreement: float


class Bibliography:
    """Finds sources by title, by first author and year, by volume and page; immutable."""

    def __init__(self, rows: Iterable[BibliographicRow]) -> None:
        words, people, places, suffixes = _Postings(), _Postings(), _Postings(), _Postings()
        self._titles: dict[int, str] = {}
        self._notices: dict[str, Notice] = {}
        for entry in rows:
            title = plain_title(str(entry.csl.get("title") or ""))
            self._titles[entry.row] = title
            for word in set(title.split()):
                words.add(word, entry.row)
            for key in _people(entry.csl):
                people.add(key, entry.row)
            for key in _places(entry.csl):
                places.add(key, entry.row)
            if doi := str(entry.csl.get("DOI") or ""):
                suffixes.add(doi.partition("/")[2].casefold(), entry.row)
            for notice in entry.notices:
                for name in _named_by(notice):
                    self._notices.setdefault(name, notice)
        self._words, self._people, self._places = words.sealed(), people.sealed(), places.sealed()
        self._suffixes = suffixes.sealed()

    def titled(self, title: str, least: float) -> list[TitleMatch]:
        """The sources whose titles agree with ``title`` at least so far (0 to 1), best first."""
        plain = plain_title(title)
        scored = [
            TitleMatch(row, fuzz.token_sort_ratio(plain, self._titles[row]) / 100)
            for row in self._near(plain)
        ]
        return sorted((m for m in scored if m.agreement >= least), key=lambda m: (-m.agreement, m.row))

    def titled_within(self, text: str, least: float) -> list[TitleMatch]:
        """The sources whose whole title stands in a longer text, best first; short titles never do."""
        plain = plain_title(text)
        found = []
        for row in self._near(plain):
            title = self._titles[row]
            if len(title.split()) >= 4 and len(title) <= len(plain):
                found.append(TitleMatch(row, fuzz.partial_ratio(title, plain) / 100))
        kept = (match for match in found if match.agreement >= least)
        return sorted(kept, key=lambda m: (-m.agreement, -len(self._titles[m.row]), m.row))

    def by_author_and_year(self, family: str, year: int) -> list[int]:
        """Rows of the sources whose first author may be so called, of that year; compare before use."""
        return [int(row) for row in self._people.rows(f"{plain_title(family)}|{year}")]

    def by_place(self, volume: str, page: str, year: int) -> list[int]:
        """Rows of the sources that may begin on that page of that volume and year; compare before use."""
        return [int(row) for row in self._places.rows(f"{volume}|{first_page(page)}|{year}")]

    def by_doi_suffix(self, suffix: str) -> list[int]:
        """Rows of the sources whose DOI may end so behind its prefix; compare before use."""
        return [int(row) for row in self._suffixes.rows(suffix.casefold())]

    def notice_about(self, name: str) -> Notice | None:
        """What a source of the library says of the standing of a work: ``doi:...`` or ``pmid:...``."""
        return self._notices.get(name)

    def _near(self, plain: str) -> list[int]:
        """Rows whose titles share the most weight of words with the text."""
        found = [self._words.rows(word) for word in set(plain.split())]
        found = [rows for rows in found if 0 < len(rows) <= _COMMONEST]
        if not found:
            return []
        weights = [np.full(len(rows), np.log1p(len(self._titles) / len(rows))) for rows in found]
        votes = np.bincount(np.concatenate(found), np.concatenate(weights))
        best = np.argsort(-votes, kind="stable")[:_COMPARED]
        return [int(row) for row in best if votes[row] > 0]


def plain_title(title: str) -> str:
    """A title as it is compared: folded words without markup or a word of retraction in front."""
    text = _RETRACTED.sub("", _TAG.sub("", title))
    return " ".join(re.findall(r"[^\W_]+", search_form(text).casefold()))


def first_page(page: str) -> str:
    """The first page of a range, folded: ``3100-5`` -> ``3100``."""
    return re.split(r"\s*[-–—,]\s*", page.strip(), maxsplit=1)[0].casefold()


class _Postings:
    """Key -> rows, while it is filled."""

    def __init__(self) -> None:
        self._hashes = array("I")
        self._rows = array("i")

    def add(self, key: str, row: int) -> None:
        self._hashes.append(crc32(key.encode()))
        self._rows.append(row)

    def sealed(self) -> "_SealedPostings":
        hashes = np.array(self._hashes, dtype=np.uint32)
        rows = np.array(self._rows, dtype=np.int32)
        order = np.lexsort((rows, hashes))
        return _SealedPostings(hashes[order], rows[order])


@dataclass(frozen=True, slots=True)
class _SealedPostings:
    """Key -> rows, sorted; two keys may share a hash."""

    hashes: _Hashes
    row_of: _Rows

    def rows(self, key: str) -> _Rows:
        wanted = np.uint32(crc32(key.encode()))
        begin, end = (np.searchsorted(self.hashes, wanted, side=side) for side in ("left", "right"))
        return self.row_of[begin:end]


def _people(csl: Mapping[str, Any]) -> list[str]:
    authors, year = csl.get("author") or [], _year(csl)
    if not authors or year is None:
        return []
    first = authors[0]
    family = plain_title(str(first.get("family") or first.get("literal") or ""))
    particle = plain_title(str(first.get("non-dropping-particle") or ""))
    names = {family, f"{particle} {family}".strip(), *family.split()[-1:]}
    return [f"{name}|{year}" for name in names if name]


def _places(csl: Mapping[str, Any]) -> list[str]:
    volume, page, year = str(csl.get("volume") or ""), str(csl.get("page") or ""), _year(csl)
    return [f"{volume}|{first_page(page)}|{year}"] if volume and page and year else []


def _year(csl: Mapping[str, Any]) -> int | None:
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    return int(parts[0][0]) if parts[0] and parts[0][0] is not None else None


def _named_by(notice: Notice) -> list[str]:
    named = (("doi", notice.doi), ("pmid", notice.pmid), ("pmcid", notice.pmcid))
    return [f"{kind}:{value}" for kind, value in named if value]
