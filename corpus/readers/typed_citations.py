"""Citations that an author typed as numbers in brackets: ``[3]``, ``[3, 7]``, ``[3–5]``, ``[1 2]``.

A number is a citation only where the reference list has it. Of a range the members between the ends are
mentioned by the whole range that is shown. Two numbers behind a measure, ``12 [9–15]`` or ``95% CI [2, 5]``,
are an interval and no citation; a year may stand before a citation.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from corpus.composing import Marker
from corpus.sentences import TYPED_MARKER

_DASH = "[-‐‑‒–—−]"
_GROUP = re.compile(TYPED_MARKER)
_STEP = re.compile(rf"(\d{{1,3}})(?:\s*{_DASH}\s*(\d{{1,3}}))?")
_MEASURE = re.compile(
    r"(?:(?<![\d.,])(?!(?:1[89]|20)\d\d\b)\d[\d.,]*|%|\bCI|\bC\.I\.|\bIQR|\bSDs?|\brange|\binterval)[:,=]?\s*$"
)
#: Characters before a bracket in which a measure may stand.
_BEFORE = 24
#: Longer ranges of citations are mistakes or attacks.
_LONGEST_RANGE = 100


def typed_markers(text: str, lists: Callable[[str], bool], given: Sequence[Marker] = ()) -> list[Marker]:
    """A marker for each number that ``lists`` says the reference list has, but for those that are ``given``.

    >>> [(m.label, m.start, m.end) for m in typed_markers("so [1–3].", lambda label: True)]
    [('1', 4, 5), ('2', 4, 7), ('3', 6, 7)]
    """
    taken = {(marker.start, marker.label) for marker in given}
    return [
        marker
        for group in _GROUP.finditer(text)
        if not _is_interval(text, group)
        for marker in _markers(group)
        if (marker.start, marker.label) not in taken and lists(marker.label)
    ]


def _markers(group: re.Match[str]) -> Iterator[Marker]:
    for step in _STEP.finditer(group.group()):
        low, high = int(step.group(1)), int(step.group(2) or step.group(1))
        at = group.start()
        yield Marker(at + step.start(1), at + step.end(1), str(low))
        for number in range(low + 1, min(high, low + _LONGEST_RANGE)):
            yield Marker(at + step.start(), at + step.end(), str(number))
        if step.group(2):
            yield Marker(at + step.start(2), at + step.end(2), str(high))


def _is_interval(text: str, group: re.Match[str]) -> bool:
    """Whether two numbers stand behind a measure."""
    if len(re.findall(r"\d+", group.group())) != 2:
        return False
    return _MEASURE.search(text[max(0, group.start() - _BEFORE) : group.start()]) is not None
