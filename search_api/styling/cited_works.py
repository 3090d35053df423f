"""A CSL item in the form that citeproc-py's elements ask for, built once and without its warnings.

citeproc-py's own `Reference` and `Name` compare each field with the list of all variables and warn of the
others, which takes longer than formatting does here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from search_api.styling.marked_text import Marked, incoming

_NAME_PARTS = ("given", "family", "dropping-particle", "non-dropping-particle", "suffix")


class WorkVariables(dict[str, Any]):
    """CSL variable (``_`` for ``-``) -> value; one that is absent raises citeproc-py's `VariableError`."""

    def __init__(self, values: Mapping[str, Any], kind: str) -> None:
        super().__init__(values)
        self.type = kind

    def copy(self) -> "WorkVariables":
        """The same variables, to be changed apart."""
        return WorkVariables(self, self.type)

    def __missing__(self, name: str) -> Any:
        raise absent_variable()(name)

    def __getattr__(self, name: str) -> Any:
        return self[name]


class PartedName:
    """A name whose parts are taken apart when they are first asked for: of a long list few are printed."""

    __slots__ = ("_csl", "_parts")

    def __init__(self, csl: Mapping[str, Any]) -> None:
        self._csl = csl
        self._parts: tuple[Marked | None, ...] | None = None

    def parts(self) -> tuple[Marked | None, ...]:
        """Given name, family name, dropping and non-dropping particle, suffix."""
        if self._parts is None:
            get = self._csl.get
            if literal := get("literal"):
                self._parts = (None, incoming(literal), None, None, None)
            else:
                self._parts = tuple(incoming(part) if (part := get(name)) else None for name in _NAME_PARTS)
        return self._parts


@dataclass(slots=True)
class Cite:
    """One work as it is printed at one place, with what that place asks for.

    ``number`` is its number in the list, ``name_options`` override the style's for names, ``without_names``
    leaves them out, ``position`` is where a note style repeats itself (``first``, ``subsequent``, ``ibid``,
    ``ibid-with-locator``, ``near-note``), ``names_printed`` collects the names as they came out.
    """

    reference: WorkVariables
    language: str | None = None
    number: int = 1
    numbered: bool = False
    locator: Any = None
    name_options: Mapping[str, str] | None = None
    without_names: bool = False
    disambiguate: bool = False
    position: frozenset[str] = frozenset({"first"})
    first_note: int | None = None
    for_sorting: bool = False
    suffix_printed: bool = False
    names_printed: list[str] = field(default_factory=list)
    suppressed: set[str] = field(default_factory=set)

    @property
    def has_locator(self) -> bool:
        """Whether a place in the work is cited."""
        return self.locator is not None

    def __contains__(self, name: str) -> bool:
        return name == "locator" and self.has_locator

    def __getitem__(self, name: str) -> Any:
        return self.reference[name.replace("-", "_")]

    def get_field(self, name: str) -> Any:
        """A variable, None where it is absent."""
        return self.reference.get(name)


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a work: what kind of place (``page``, ``chapter``), and which."""

    label: str
    identifier: str


def work_variables(item: Mapping[str, Any]) -> WorkVariables:
    """The variables of a CSL item; what citeproc-py has no variable for is left out."""
    names, dates = _kinds()
    values: dict[str, Any] = {}
    for key, value in item.items():
        name = key.replace("-", "_")
        if name in ("id", "type", "key", "custom", "abstract") or value in (None, "", []):
            continue
        if name in names:
            values[name] = [PartedName(person) for person in value if isinstance(person, Mapping)]
        elif name in dates:
            values[name] = _date(value)
        else:
            values["title_short" if name == "shortTitle" else name] = _text(value, name)
    return WorkVariables(values, str(item.get("type") or "article-journal"))


def _text(value: Any, name: str) -> Any:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return str(value) if name == "language" else incoming(value)


def _date(value: Any) -> Any:
    from citeproc.source import Date, DateRange, LiteralDate

    if not isinstance(value, Mapping):
        return None
    extra = {"season": value["season"]} if "season" in value else {}
    circa = bool(value.get("circa"))
    dates = [_parts(parts) for parts in value.get("date-parts") or [] if _parts(parts)]
    if len(dates) == 1 and not extra and not circa:
        return _plain_date(*dates[0].values())
    if len(dates) > 1:
        return DateRange(begin=Date(**dates[0], **extra), end=Date(**dates[1], **extra), circa=circa)
    if dates:
        return Date(circa=circa, **dates[0], **extra)
    literal = value.get("literal") or value.get("raw")
    return LiteralDate(incoming(literal), circa=circa) if literal else None


@lru_cache(maxsize=4096)
def _plain_date(*parts: int) -> Any:
    """A date without anything about it; it is never changed, so works may share it."""
    from citeproc.source import Date

    return Date(**dict(zip(("year", "month", "day"), parts, strict=False)))


def _parts(parts: Sequence[Any]) -> dict[str, int]:
    known: dict[str, int] = {}
    for name, part in zip(("year", "month", "day"), parts, strict=False):
        if part in (None, ""):
            break
        known[name] = int(part)
    return known


@cache
def _kinds() -> tuple[frozenset[str], frozenset[str]]:
    from citeproc import DATES, NAMES

    return frozenset(NAMES), frozenset(DATES)


@cache
def absent_variable() -> type[Exception]:
    """What is raised where a work lacks a variable."""
    from citeproc.source import VariableError

    error: type[Exception] = VariableError
    return error
