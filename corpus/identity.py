"""The same study from several files -> one source, with the provenance of every field.

Records are one work when they share a DOI, a PMID or a PMCID, or else title, year and first author. A
shared identifier whose titles disagree is a conflict: it is reported, and nothing is merged. Fields come
from the first record that has them, in the order of `PRECEDENCE`; the standing is the most serious that any
of them gives; the text is the fullest.
"""

import hashlib
import re
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from corpus.catalogue import aliases
from corpus.normalising import search_form
from corpus.records import Notice, Source, Study
from corpus.standing import graver

#: Formats, by the names of their readers, in order of how carefully their makers curate the fields.
PRECEDENCE = (
    "PubMed XML",
    "MEDLINE",
    "JATS full text (PubMed Central)",
    "CSL-JSON",
    "RIS",
    "BibTeX",
    "CSV export",
    "HTML",
    "BEIR corpus.jsonl",
)
#: Titles that agree less than this (0 to 100) belong to different works.
SAME_TITLE = 75.0
_SURE_TITLE = 97.0


@dataclass(frozen=True, slots=True)
class Merged:
    """Records that became one source: its id, the origins, and by what they were known to be one."""

    source_id: str
    origins: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two records that share an identifier but not a title; both stay as they are, the second is left out."""

    identifier: str
    kept: Source
    left_out: Source

    def __str__(self) -> str:
        return (
            f'{self.identifier} stands for "{self.kept.title[:80]}" in {self.kept.origin} '
            f'and for "{self.left_out.title[:80]}"; correct one of them'
        )


@dataclass
class Identities:
    """Sources so far, by id, with every name that they go by.

    ``sources`` may be a mapping that keeps them on disk; names and titles stay in memory.
    """

    sources: MutableMapping[str, Source] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)
    _titles: dict[tuple[str, int | None, str], str] = field(default_factory=dict)
    _renamed: dict[str, str] = field(default_factory=dict)

    def add(self, source: Source) -> None:
        """Enter a source: as a new work, or merged into the one that it is."""
        known_id, by = self._known(source)
        if known_id is None:
            self._enter(source)
            return
        known = self.sources[known_id]
        if by != "title" and not _same_work(known, source):
            if by.startswith(("doi:", "pmid:", "pmcid:")):
                self.conflicts.append(Conflict(by, known, source))
            else:  # two works whose titles or keys gave them one name: each keeps its own
                self._enter(replace(source, source_id=_distinct_id(source)))
            return
        one = merge(known, source)
        del self.sources[known_id]
        if one.source_id != known_id:
            self._renamed[known_id] = one.source_id
        self._renamed.pop(one.source_id, None)
        self._enter(one)
        origins = tuple(dict.fromkeys(str(s.origin) for s in (known, source)))
        self.merged.append(Merged(one.source_id, origins, by))

    def _known(self, source: Source) -> tuple[str | None, str]:
        for name in aliases(source):
            if name in self._names and name != source.key:
                return self._now(self._names[name]), name
        key = _title_key(source)
        if key is not None and key in self._titles:
            known_id = self._now(self._titles[key])
            if not self._other_identifier(source, known_id):
                return known_id, "title"
        return None, ""

    def _now(self, source_id: str) -> str:
        """The id that a source has after every merge that gave it another."""
        while source_id in self._renamed:
            source_id = self._renamed[source_id]
        return source_id

    def _other_identifier(self, source: Source, known_id: str) -> bool:
        """Two different DOIs, or two different PMIDs, are two works however alike their titles."""
        known = self.sources[known_id].csl
        return any(
            known.get(name)
            and source.csl.get(name)
            and str(known[name]).casefold() != str(source.csl[name]).casefold()
            for name in ("DOI", "PMID", "PMCID")
        )

    def _enter(self, source: Source) -> None:
        self.sources[source.source_id] = source
        for name in aliases(source):
            if name != source.key:
                self._names.setdefault(name, source.source_id)
        key = _title_key(source)
        if key is not None:
            self._titles.setdefault(key, source.source_id)


def merge(one: Source, other: Source) -> Source:
    """Two records of one work as one source; the order of the arguments does not matter."""
    first, second = sorted((one, other), key=_rank)
    fuller, _ = sorted((first, second), key=lambda s: (-_fullness(s), _rank(s)))
    csl = {**second.csl, **first.csl, "id": first.csl.get("id", second.csl.get("id"))}
    provenance = {**_provenance(second), **_provenance(first)}
    best_id = min((first.source_id, second.source_id), key=_id_rank)
    return replace(
        fuller,
        source_id=best_id,
        csl=csl,
        key=first.key or second.key,
        study=_merged_study(first.study, second.study),
        integrity=graver(first.integrity, second.integrity),
        url=first.url or second.url,
        license=first.license or second.license,
        authors_complete=first.authors_complete if first.csl.get("author") else second.authors_complete,
        origin=first.origin,
        notices=_all_notices(first.notices, second.notices),
        references=fuller.references or first.references or second.references,
        format=first.format,
        provenance=provenance,
    )


def _same_work(one: Source, other: Source) -> bool:
    return fuzz.token_sort_ratio(_plain(one.title), _plain(other.title)) >= SAME_TITLE or (
        fuzz.partial_ratio(_plain(one.title), _plain(other.title)) >= _SURE_TITLE
    )


def _distinct_id(source: Source) -> str:
    """An id for a work without identifiers whose first id is taken; the same in every order of files."""
    return f"{source.source_id}-{hashlib.sha256(source.title.encode()).hexdigest()[:8]}"


def _title_key(source: Source) -> tuple[str, int | None, str] | None:
    """Title, year and first author as they are compared; None where one is missing."""
    authors = source.csl.get("author") or []
    first = str(authors[0].get("family") or authors[0].get("literal") or "") if authors else ""
    title = _plain(source.title)
    if source.kind != "study" or source.year is None or not first or len(title.split()) < 4:
        return None
    return title, source.year, _plain(first)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", search_form(text).casefold()))


def _rank(source: Source) -> tuple[int, str, str]:
    known = source.format in PRECEDENCE
    return (
        PRECEDENCE.index(source.format) if known else len(PRECEDENCE),
        str(source.origin),
        source.text_sha256,
    )


def _id_rank(source_id: str) -> tuple[int, str]:
    return ("doi", "pmid").index(source_id.split(":")[0]) if source_id.startswith(
        ("doi:", "pmid:")
    ) else 2, source_id


def _fullness(source: Source) -> int:
    """Full text before abstract before summary before bare title."""
    kinds = {block.kind for block in source.blocks}
    if "paragraph" in kinds:
        return 3
    if "abstract" in kinds:
        return 2
    return 1 if kinds & {"summary", "finding"} else 0


def _provenance(source: Source) -> dict[str, str]:
    return {**{name: str(source.origin) for name in source.csl}, **source.provenance}


def _merged_study(first: Study | None, second: Study | None) -> Study | None:
    if first is None or second is None:
        return first or second
    # What an editor wrote into a record stands before what was read from types and texts.
    a, b = (
        (second, first)
        if first.design_from not in (None, "record") and second.design_from == "record"
        else (first, second)
    )
    known = a if a.design != "unknown" else b
    sized = a if a.sample_size else b
    human = a if a.human is not None else b
    return Study(
        design=known.design,
        sample_size=sized.sample_size,
        finding=a.finding or b.finding,
        human=human.human,
        design_from=known.design_from,
        sample_size_from=sized.sample_size_from,
        human_from=human.human_from,
    )


def _all_notices(*lists: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple(dict.fromkeys(notice for notices in lists for notice in notices))
