"""The tree of exceptions as drawn is the tree as built."""

import inspect
import re

import pytest

from corpus import errors
from corpus.errors import FootnoteError, MalformedRecordError, ParameterError

CLASSES = {
    name: thing
    for name, thing in vars(errors).items()
    if inspect.isclass(thing) and thing.__module__ == errors.__name__
}


def drawn() -> dict[str, str | None]:
    """Every class that the docstring draws, and the class that it is drawn under."""
    parents: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    for line in str(errors.__doc__).splitlines():
        found = re.match(r"([ |`-]*)([A-Z]\w*Error)\b", line)
        if found is None:
            continue
        depth, name = len(found[1]), found[2]
        above = [(d, n) for d, n in above if d < depth]
        assert name not in parents, f"{name} is drawn twice"
        parents[name] = above[-1][1] if above else None
        above.append((depth, name))
    return parents


def test_the_docstring_draws_every_exception_and_no_other() -> None:
    assert sorted(drawn()) == sorted(CLASSES)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_each_exception_stands_under_the_one_that_it_inherits_from(name: str) -> None:
    (base,) = CLASSES[name].__bases__
    assert drawn().get(name, "not drawn") == (None if base is Exception else base.__name__)


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_exception_says_in_one_line_what_it_is(name: str) -> None:
    assert CLASSES[name].__doc__


def test_only_one_class_of_the_tree_is_a_bare_exception() -> None:
    assert [c for c in CLASSES.values() if not issubclass(c, FootnoteError)] == []


def test_an_error_reads_as_value_rule_and_remedy() -> None:
    error = FootnoteError("--limit 0", "must be 1 to 100", "give a number in that range")
    assert str(error) == "--limit 0: must be 1 to 100; give a number in that range"
    assert (error.value, error.rule, error.remedy) == (
        "--limit 0",
        "must be 1 to 100",
        "give a number in that range",
    )


def test_a_parameter_error_names_the_field_and_what_was_given() -> None:
    error = ParameterError("limit", "0", "must be 1 to 100", "raise it")
    assert (error.field, error.given) == ("limit", "0")
    assert str(error) == "limit=0: must be 1 to 100; raise it"


def test_a_malformed_record_knows_its_position() -> None:
    assert MalformedRecordError("DOI x", "not a valid DOI", "correct it", "item 3").position == "item 3"
    assert MalformedRecordError("DOI x", "not a valid DOI", "correct it").position is None
