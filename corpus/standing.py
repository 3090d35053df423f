"""Notices -> the standing of the works that they are about.

A notice names its target by DOI, PMID, PMCID or, failing these, by a title; the graver standing wins, and
a correction is never a retraction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from corpus.catalogue import Catalogue
from corpus.records import Integrity, Notice, Reference, Source

_SERIOUSNESS = {"none-known": 0, "republished": 1, "corrected": 2, "concern": 3, "retracted": 4}


def graver(one: Integrity, other: Integrity) -> Integrity:
    """The more serious of two standings; of equals the one that says more."""
    return max((one, other), key=lambda i: (_SERIOUSNESS[i.status], i.notice is not None, i.note is not None))


@dataclass(frozen=True, slots=True)
class StandingReport:
    """Which works were marked, and which notices are about works that the library lacks."""

    marked: tuple[tuple[str, Notice], ...]
    elsewhere: tuple[Notice, ...]


def apply_notices(
    sources: Mapping[str, Source], notices: Iterable[Notice], catalogue: Catalogue
) -> tuple[dict[str, Source], StandingReport]:
    """The sources with the standing that the notices give them, and a report."""
    changed, report = changed_by(sources, notices, catalogue)
    return {**sources, **changed}, report


def changed_by(
    sources: Mapping[str, Source], notices: Iterable[Notice], catalogue: Catalogue
) -> tuple[dict[str, Source], StandingReport]:
    """The sources whose standing the notices change, by id, as they are then, and a report."""
    marked: list[tuple[str, Notice]] = []
    elsewhere: list[Notice] = []
    changed: dict[str, Source] = {}
    for notice in notices:
        target = _target(notice, catalogue)
        source = (changed.get(target) or sources.get(target)) if target else None
        if target is None or source is None:
            elsewhere.append(notice)
            continue
        marked.append((target, notice))
        if _SERIOUSNESS[notice.status] > _SERIOUSNESS[source.integrity.status]:
            changed[target] = replace(source, integrity=_integrity(notice))
    return changed, StandingReport(tuple(marked), tuple(elsewhere))


def _target(notice: Notice, catalogue: Catalogue) -> str | None:
    reference = Reference("", notice.title or "", doi=notice.doi, pmid=notice.pmid, pmcid=notice.pmcid)
    return catalogue.resolve(reference).source_id


def _integrity(notice: Notice) -> Integrity:
    return Integrity(
        status=notice.status,
        notice=notice.notice,
        date=notice.date,
        recorded_in=notice.recorded_in,
        note=notice.note,
    )
