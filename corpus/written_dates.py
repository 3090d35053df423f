"""Dates as people and programs write them -> CSL date-parts, as far as they are certain.

``2004``, ``2004-11-02``, ``2 Nov 2004``, ``November 2, 2004``, ``11/2/2004`` (month first, as the
American databases export it, unless the first number is above 12), ``20041102``. Of ``2004 Spring``,
``2004 Jan-Feb`` and ``1998-1999`` only the (first) year is certain; ``0000`` is no date.
"""

import re
from collections.abc import Sequence
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ISO = re.compile(r"(?<!\d)(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:1\d|20)\d{2})(\d{2})(\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:1\d|20)\d{2})(?!\d)")
_MONTH = re.compile(rf"\b{_NAME}\b", re.IGNORECASE)
_MONTH_RANGE = re.compile(rf"\b{_NAME}\.?\s*[-–/]+\s*{_NAME}\b", re.IGNORECASE)
_DAY = re.compile(
    rf"(?<![\d-])(\d{{1,2}})(?:st|nd|rd|th)?\.?[\s~-]+{_NAME}\b|"
    rf"\b{_NAME}\.?[\s~-]+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d–-])",
    re.IGNORECASE,
)
#: What is longer is no date; only its beginning is looked at.
_LONGEST = 100


def date_parts(written: str) -> list[int]:
    """Year, month and day as far as they are certain; empty where there is no year.

    >>> date_parts("2 Nov 2004"), date_parts("2004 Jan-Feb"), date_parts("0000")
    ([2004, 11, 2], [2004], [])
    """
    text = written[:_LONGEST]
    if match := _DAY_FIRST.search(text):
        return _american(match)
    if match := _COMPACT.search(text):
        return certain([int(part) for part in match.groups()])
    if (match := _ISO.search(text)) and match.group(2):
        return certain([int(part) for part in match.groups() if part])
    year = _YEAR.search(text)
    return certain([int(year.group(1)), *month_and_day(text)]) if year else []


def month_and_day(written: str) -> list[int]:
    """Month, and day where given, of ``jan``, ``11``, ``November 2``; empty for a range of months.

    >>> month_and_day("nov~2"), month_and_day("11"), month_and_day("Jan--Feb")
    ([11, 2], [11], [])
    """
    text = written[:_LONGEST]
    if re.fullmatch(r"\s*\d{1,2}\s*", text):
        return [int(text)] if 1 <= int(text) <= 12 else []
    match = _MONTH.search(text)
    if not match or _MONTH_RANGE.search(text):
        return []
    month = MONTHS.index(match.group()[:3].casefold()) + 1
    day = _DAY.search(text)
    return [month, int(day.group(1) or day.group(2))] if day else [month]


def certain(parts: Sequence[int]) -> list[int]:
    """The leading parts that make a real date: [2004, 13] is only 2004, [0] is none."""
    if not parts or not 1000 <= parts[0] <= 2100:
        return []
    for length in (3, 2):
        if len(parts) >= length and _is_real(parts[:length]):
            return list(parts[:length])
    return [parts[0]]


def iso_date(parts: Sequence[int] | None) -> str | None:
    """Date parts as an ISO date, as far as they go: ``2004-11``; None where there is no year."""
    first, *others = parts or [0]
    return "-".join((f"{first:04d}", *(f"{part:02d}" for part in others))) if parts else None


def _american(match: re.Match[str]) -> list[int]:
    first, separator, second, year = match.groups()
    month, day = (second, first) if int(first) > 12 or separator == "." else (first, second)
    return certain([int(year), int(month), int(day)])


def _is_real(parts: Sequence[int]) -> bool:
    year, month, day = (*parts, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
