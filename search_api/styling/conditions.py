"""The conditions of a style: which of them a work decides once and for all, and which depend on the place.

citeproc-py's rules, and what it leaves out: ``disambiguate``, and positions in notes, which
`search_api.reference_list` finds out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from search_api.styling.cited_works import Cite
from search_api.styling.elements import area_of

Results = Iterable[object]
Test = bool | Callable[[Cite], bool]


_MATCHES: Mapping[str, Callable[[Results], bool]] = {
    "any": any,
    "none": lambda results: not any(results),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides which parts of a style concern a work."""

    kind: str
    variables: frozenset[str]
    numeric: frozenset[str]


def holds_for(branch: Any, shape: Shape) -> Test:
    """Whether a branch is taken for works of a shape; a function where the place decides."""
    if local_name(branch) == "else":
        return True
    tests = [*_tests_of_work(branch, shape), *_tests_of_place(branch)]
    decide = _MATCHES.get(branch.get("match", ""), all)
    if not any(callable(test) for test in tests):
        return bool(decide(tests))
    return lambda cite: bool(decide([test(cite) if callable(test) else test for test in tests]))


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _tests_of_work(branch: Any, shape: Shape) -> Iterator[Test]:
    for kind in _words(branch, "type"):
        yield kind.lower() == shape.kind
    for name in _variables(branch, "variable"):
        yield _has_locator if name == "locator" else name in shape.variables
    for name in _variables(branch, "is-numeric"):
        yield _locator_is_numeric if name == "locator" else name in shape.numeric


def _tests_of_place(branch: Any) -> Iterator[Test]:
    for name in _variables(branch, "is-uncertain-date"):
        yield _uncertain(name)
    for label in _words(branch, "locator"):
        yield _located(label.replace("-", " "))
    if branch.get("position"):
        in_list = local_name(area_of(branch)) == "bibliography"
        yield from ([False] if in_list else map(_placed, _words(branch, "position")))
    if branch.get("disambiguate"):
        yield _told_apart(branch.get("disambiguate") == "true")


def _words(branch: Any, attribute: str) -> list[str]:
    return list((branch.get(attribute) or "").split())


def _variables(branch: Any, attribute: str) -> list[str]:
    return [word.replace("-", "_") for word in _words(branch, attribute)]


def _has_locator(cite: Cite) -> bool:
    return cite.has_locator


def _locator_is_numeric(cite: Cite) -> bool:
    return cite.has_locator and cite.locator.identifier.replace("-", "").isdigit()


def _uncertain(name: str) -> Test:
    def test(cite: Cite) -> bool:
        date = cite.reference.get(name)
        return bool(date and date.get("circa"))

    return test


def _located(label: str) -> Test:
    return lambda cite: cite.has_locator and cite.locator.label == label


def _placed(position: str) -> Test:
    return lambda cite: position in cite.position


def _told_apart(wanted: bool) -> Test:
    return lambda cite: cite.disambiguate == wanted
