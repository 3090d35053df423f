"""What `footnote read` says on standard error: what a file held, and what was left out of it.

Kept as counts, so that a file of any length can be summed up in the memory of one record.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.records import Notice, Reference, Skipped, Source

#: Places that are named for each reason; the rest are counted.
PLACES = 8
#: Reasons that are told apart; what goes beyond is counted under one line.
REASONS = 40
#: Before the last colon that stands in no brackets is the value, behind it the rule that it breaks.
_NAMED = re.compile(r"(?P<value>[^()]*(?:\([^()]*\)[^()]*)*): (?P<rule>.+)", re.DOTALL)
_OTHER_REASONS = "other reasons"
_LABEL_WIDTH = 11
_PLURAL = {"study": "studies", "article": "articles"}


@dataclass(slots=True)
class _Seen:
    """How often something was seen, and the first places where."""

    count: int = 0
    places: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        more = self.count - len(self.places)
        return ", ".join(self.places) + (f" and {more} more" if more else "")


@dataclass(slots=True)
class ReadingReport:
    """Counts what the readers give, one thing after another; ``path`` is what was asked for."""

    path: str
    records: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    identified: Counter[str] = field(default_factory=Counter)
    references: Counter[str] = field(default_factory=Counter)
    markers: Counter[str] = field(default_factory=Counter)
    standing: Counter[str] = field(default_factory=Counter)
    notices: dict[str, _Seen] = field(default_factory=dict)
    skipped: dict[str, _Seen] = field(default_factory=dict)

    def add(self, found: Source | Skipped) -> None:
        """Count one thing that a reader gave."""
        if isinstance(found, Skipped):
            self._add_skipped(found)
        else:
            self._add_source(found)

    def lines(self) -> Iterator[str]:
        """The report, a line a subject; a subject of which there is nothing to say has no line."""
        yield self._headline()
        for label, said in self._subjects():
            if said:
                yield f"{label:<{_LABEL_WIDTH}} {said}"
        for reason, seen in self.skipped.items():
            yield f"{'skipped':<{_LABEL_WIDTH}} {seen.count} x {reason}"
            yield f"{'':<{_LABEL_WIDTH}} {seen}"

    def _subjects(self) -> Iterator[tuple[str, str]]:
        total = self.records.total()
        yield "identifiers", _shares(self.identified, ("DOI", "PMID", "PMCID", "none"), total)
        yield "no year", str(self.identified["no year"] or "")
        yield "references", self._reference_line()
        yield "markers", self._marker_line()
        yield "standing", _listed(self.standing)
        told = (f"{seen.count} of {status}, about {seen}" for status, seen in self.notices.items())
        yield "notices", "; ".join(told)

    def _headline(self) -> str:
        if not self.records:
            return "0 records"
        named = [f"{count} {_PLURAL[kind] if count > 1 else kind}" for kind, count in self.records.items()]
        formats = _listed(self.formats) if len(self.formats) > 1 else next(iter(self.formats))
        return f"{', '.join(named)} from {formats}"

    def _reference_line(self) -> str:
        total = self.references["all"]
        if not total:
            return ""
        unlisted = self.references["unlisted"]
        more = f"; {unlisted} cited but not in the own list" if unlisted else ""
        named = ("DOI", "PMID", "PMCID", "key", "no identifier")
        return f"{total}: {_shares(self.references, named, total)}{more}"

    def _marker_line(self) -> str:
        total, unresolved = self.markers["all"], self.markers["unresolved"]
        if not total:
            return ""
        said = f"{unresolved} point at no entry" if unresolved else "each points at an entry"
        return f"{total} in the text, {said} of the own list"

    def _add_source(self, source: Source) -> None:
        self.records[source.kind] += 1
        self.formats[source.format or "an unnamed format"] += 1
        names = [name for name in ("DOI", "PMID", "PMCID") if source.csl.get(name)]
        self.identified.update(names or ["none"])
        self.identified["no year"] += source.year is None
        for reference in source.references:
            self._add_reference(reference)
        labels = {reference.label for reference in source.references}
        self.markers["all"] += len(source.mentions)
        self.markers["unresolved"] += sum(mention.label not in labels for mention in source.mentions)
        if source.integrity.status != "none-known":
            self.standing[source.integrity.status] += 1
        for notice in source.notices:
            _note(self.notices, notice.status, _target(notice))

    def _add_reference(self, reference: Reference) -> None:
        named = {"DOI": reference.doi, "PMID": reference.pmid, "PMCID": reference.pmcid, "key": reference.key}
        self.references["all"] += 1
        self.references.update([name for name, value in named.items() if value] or ["no identifier"])
        self.references["unlisted"] += reference.key is not None and reference.raw == f"@{reference.key}"

    def _add_skipped(self, skipped: Skipped) -> None:
        value, reason = _value_and_reason(skipped.reason)
        if reason not in self.skipped and len(self.skipped) >= REASONS:
            reason = _OTHER_REASONS
        inside = skipped.origin.removeprefix(self.path).lstrip("!/")
        place = ", ".join(part for part in (inside, skipped.position) if part) or "the file"
        _note(self.skipped, reason, f"{place} ({value})" if value else place)


def _note(reasons: dict[str, _Seen], name: str, place: str) -> None:
    seen = reasons.setdefault(name, _Seen())
    seen.count += 1
    if len(seen.places) < PLACES:
        seen.places.append(place)


def _value_and_reason(said: str) -> tuple[str, str]:
    """``Smith2004: a record needs a title; add one`` as the value and what is wrong with it."""
    head, semicolon, remedy = said.partition("; ")
    named = _NAMED.fullmatch(head)
    value, rule = (named["value"], named["rule"]) if named else ("", head)
    return value, rule + semicolon + remedy


def _target(notice: Notice) -> str:
    named = (("doi", notice.doi), ("pmid", notice.pmid), ("pmcid", notice.pmcid), ("title", notice.title))
    return next((f"{name}:{value}" for name, value in named if value), "a work that it does not name")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def _shares(counts: Counter[str], names: Sequence[str], total: int) -> str:
    """The counts of some names, each with its share where that is neither nothing nor all."""
    return ", ".join(f"{name} {counts[name]}{_share(counts[name], total)}" for name in names if counts[name])


def _share(count: int, total: int) -> str:
    return "" if count == total else f" ({100 * count / total:.0f} %)"
