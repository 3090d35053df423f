"""What the pointers of a JATS article to its reference list mean: ``rid`` and shown numbers -> labels.

A pointer (``xref``) shows ``3``, ``3–5`` or a name and a year; of a range often only the ends, or only
the first member, are pointed at, and the members between are known by the list's order.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: One number or several, as markers show them: ``3``, ``3–5``, ``3, 7``, ``3 7``.
NUMBERS = re.compile(r"\d{1,4}(?:(?:\s*[,;‐‑‒–—−-]\s*|\s)\d{1,4})*")
_STEP = re.compile(r"(\d+)(?:\s*[‐‑‒–—−-]\s*(\d+))?")
#: Longer ranges of citations are mistakes or attacks.
_LONGEST_RANGE = 100


@dataclass(frozen=True, slots=True)
class Citations:
    """What an ``xref`` to the reference list means: labels by ``rid``, and the list's order."""

    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Mapping[str, int] = field(default_factory=dict)
    entries: tuple[tuple[str, ...], ...] = ()
    numbered: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def between(self, first: str, last: str, low: int, high: int) -> tuple[str, ...]:
        """Labels of the entries strictly between two ``rid``, shown as the numbers low and high."""
        if not 1 < high - low <= _LONGEST_RANGE:
            return ()
        start, end = self.place.get(first), self.place.get(last)
        if start is not None and end is not None and end - start == high - low:
            return tuple(label for entry in self.entries[start + 1 : end] for label in entry)
        return tuple(label for n in range(low + 1, high) for label in self.numbered.get(n, ()))

    def shown(self, rids: list[str], text: str) -> tuple[str, ...]:
        """Labels that one ``xref`` points at: those of its ``rid``, and the members of a shown range."""
        labels = [label for rid in rids for label in self.labels.get(rid, ())]
        if text in labels:
            return (text,)
        if len(rids) == 1 and labels and NUMBERS.fullmatch(text) and not text.isdigit():
            first = int(_STEP.match(text).group(1))  # type: ignore[union-attr]
            if labels[0] in self.numbered.get(first, ()):
                labels += self._written(rids[0], text)
        return tuple(dict.fromkeys(labels))

    def _written(self, rid: str, text: str) -> list[str]:
        """Labels of the numbers written in one marker (``3–5, 7``) of the list that ``rid`` is in."""
        found: list[str] = []
        numbers: list[int] = []
        for step in _STEP.finditer(text):
            low, high = int(step.group(1)), int(step.group(2) or step.group(1))
            numbers += range(low, min(high, low + _LONGEST_RANGE) + 1)
        start = self.place.get(rid, 0)
        for number in numbers:
            at = start + number - numbers[0]
            found += self.entries[at] if 0 <= at < len(self.entries) else ()
        return found
