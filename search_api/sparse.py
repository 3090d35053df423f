"""Answers with some fields only: ``fields=passage.text,source.citation``.

``rank`` and ``warnings`` are never left out: whoever asks for the text of a retracted study alone gets
the word with it.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any, get_args

from typing_extensions import get_type_hints, is_typeddict

from search_api.answers import HitDocument

#: Fields of a result that come whatever is asked for.
ALWAYS = ("rank", "warnings")

_Tree = dict[str, Any]


@cache
def field_names() -> tuple[str, ...]:
    """Every field of a result by its path, the whole before its parts."""
    return tuple(_paths(HitDocument, ""))


def unknown_fields(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The names that are no field of a result, each with those that come nearest."""
    known = field_names()
    for name in names:
        if name not in known:
            nearest = get_close_matches(name[:80], known, n=3, cutoff=0.5)
            yield name, " or ".join(nearest or [*HitDocument.__annotations__])


def sparse(results: Iterable[HitDocument], fields: tuple[str, ...]) -> list[HitDocument]:
    """The results with those fields only, in the order of the whole; all of them where none is named."""
    if not fields:
        return list(results)
    tree: _Tree = {}
    # The longest first, so that a whole that is named besides its part stays whole.
    for name in sorted((*fields, *ALWAYS), key=len, reverse=True):
        *path, last = name.split(".")
        branch = tree
        for part in path:
            branch = branch.setdefault(part, {})
        branch[last] = {}
    return [_kept(result, tree) for result in results]


def _paths(document: Any, prefix: str) -> Iterator[str]:
    for name, kind in get_type_hints(document).items():
        yield f"{prefix}{name}"
        inner = _document_in(kind)
        if inner is not None:
            yield from _paths(inner, f"{prefix}{name}.")


def _document_in(kind: Any) -> Any:
    """The document that a type is, or is a list of, or is if it is not None."""
    if is_typeddict(kind):
        return kind
    return next(filter(None, map(_document_in, get_args(kind))), None)


def _kept(value: Any, tree: _Tree) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_kept(item, tree) for item in value]
    if isinstance(value, dict):
        return {name: _kept(item, tree[name]) for name, item in value.items() if name in tree}
    return value
