"""What every export asks of a source: its names, dates, pages and abstract as values that can be written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.records import Source

#: What stands in front of a part of a structured abstract, as `corpus.study_records` composes it.
_LABEL = re.compile(r"([A-Z][^:.?!]{2,70}): ")
_DASHES = re.compile(r"\s*[‐-―-]+\s*")
_MARKUP = re.compile(r"</?(?:i|b|sup|sub|sc|span)(?: [^<>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in the parts that all formats know; that of a group is ``literal`` and nothing else."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


def names(source: Source, role: str = "author") -> list[PersonName]:
    """The names of a role; particles stand with the part that they are printed with."""
    return [name for given in source.csl.get(role) or [] if (name := _name(given)) != PersonName()]


def _name(csl: Mapping[str, Any]) -> PersonName:
    if csl.get("literal"):
        return PersonName(literal=one_line(csl["literal"]))
    family = " ".join(one_line(csl.get(part)) for part in ("non-dropping-particle", "family"))
    given = " ".join(one_line(csl.get(part)) for part in ("given", "dropping-particle"))
    return PersonName(family.strip(), given.strip(), one_line(csl.get("suffix")))


def text(source: Source, variable: str) -> str:
    """A CSL variable as one line of plain text; empty where the source lacks it."""
    return one_line(source.csl.get(variable))


def one_line(value: Any) -> str:
    """The value as one line, without the few tags that CSL allows in text."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):  # some exports give several journals or ISSNs
        value = value[0] if value else ""
    return " ".join(_MARKUP.sub("", str(value)).split())


def issued(source: Source) -> tuple[int, ...]:
    """Year, month and day as far as the record has them; empty where it has no year."""
    parts = ((source.csl.get("issued") or {}).get("date-parts") or [[]])[0]
    known: list[int] = []
    for part in parts[:3]:
        if part in (None, "") or not str(part).lstrip("-").isdigit():
            break
        known.append(int(part))
    return tuple(known)


def iso_date(parts: Sequence[int], separator: str = "-") -> str:
    """(2004, 11) as ``2004-11``; as far as the date is known."""
    return separator.join(f"{part:04d}" if not place else f"{part:02d}" for place, part in enumerate(parts))


def pages(source: Source) -> str:
    """Pages or article number, ranges with a hyphen."""
    return _DASHES.sub("-", text(source, "page"))


def abstract_parts(source: Source) -> tuple[str, ...]:
    """The parts of the authors' own abstract; an editor's summary of the record is none."""
    blocks = [source.text[b.start : b.end] for b in source.blocks if b.kind == "abstract"]
    return tuple(part for part in map(one_line, blocks) if part)


def abstract_line(source: Source) -> str:
    """The abstract as one line, its labels in capitals, so that they can be told from the text."""
    parts = abstract_parts(source)
    return " ".join(_labelled(parts)) if len(parts) > 1 else "".join(parts)


def _labelled(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        match = _LABEL.match(part)
        yield f"{match.group(1).upper()}: {part[match.end() :]}" if match else part
