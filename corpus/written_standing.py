"""The standing of a work as one line of text, for formats that have a note but no field for it.

``Standing: retracted; notice: 10.1016/x; date: 2012-03-04; recorded in: PubMed record; note: ...``. Exports
write the line into a note, readers find it there, and a person who reads the note understands it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from corpus.records import Integrity, IntegrityStatus

_LINE = re.compile(
    r"Standing: (?P<status>none-known|retracted|concern|corrected|republished)"
    r"(?:; notice: (?P<notice>\S+))?(?:; date: (?P<date>[\d-]+))?(?:; recorded in: (?P<recorded_in>.+?))?"
    r"(?:; checked: (?P<checked>[\d-]+))?(?:; note: (?P<note>.+))?"
)


@dataclass(frozen=True, slots=True)
class _Part:
    label: str
    value: str | None


def standing_line(integrity: Integrity) -> str:
    """The line for a standing; empty where nothing is known and nothing noted.

    >>> standing_line(Integrity("retracted", notice="10.1/x"))
    'Standing: retracted; notice: 10.1/x'
    """
    if integrity.status == "none-known" and not integrity.note:
        return ""
    parts = (
        _Part("notice", integrity.notice),
        _Part("date", integrity.date),
        _Part("recorded in", integrity.recorded_in),
        _Part("checked", integrity.checked),
        _Part("note", integrity.note),
    )
    told = [f"{part.label}: {' '.join(part.value.split())}" for part in parts if part.value]
    return "; ".join((f"Standing: {integrity.status}", *told))


def standing_in(notes: Iterable[str]) -> Integrity | None:
    """The standing of the first note that is such a line; None where none is."""
    for note in notes:
        if match := _LINE.fullmatch(" ".join(note.split())):
            status, *rest = match.group("status", "notice", "date", "recorded_in", "checked", "note")
            return Integrity(cast(IntegrityStatus, status), *rest)
    return None
