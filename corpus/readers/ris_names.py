"""The names of a RIS record: ``Family, Given, Suffix``, or whatever else a tool writes."""

import re
from collections.abc import Sequence

from corpus.written_names import names_in, person

_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd)\.?", re.IGNORECASE)
_ET_AL = re.compile(r"\bet\.? al\b|\bothers\b", re.IGNORECASE)


def names_of(written: Sequence[str], ours: bool) -> tuple[list[dict[str, str]], bool]:
    """Authors in order, and whether the list is complete.

    In Footnote's own exports (``ours``) a name without a comma is a group's; elsewhere it may be "A. Person".
    """
    names: list[dict[str, str]] = []
    complete = True
    for value in written:
        if "," in value and ";" not in value and not _ET_AL.search(value):
            names.append(_family_first(value))
            continue
        if ours and not _ET_AL.fullmatch(value.rstrip(".")):
            names.append({"literal": value})
            continue
        own, whole = names_in(value)
        names += own
        complete = complete and whole
    return [name for name in names if name], complete


def once(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Both lists; some tools give the same people under two tags, and two people may share a name."""
    return [*first, *(value for value in second if value not in first)]


def _family_first(value: str) -> dict[str, str]:
    family, *rest = (part.strip() for part in value.split(","))
    # Lens writes "null" where it knows no given name.
    given = [part for part in rest if part not in ("", "null")]
    suffix = next((part for part in given if _SUFFIX.fullmatch(part)), "")
    return person(family, " ".join(part for part in given if part != suffix), suffix)
