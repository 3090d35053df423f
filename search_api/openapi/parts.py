"""The schemas of answers with some fields only (``fields``): each result as a whole, or any part of one."""

import json
import re
from collections.abc import Mapping
from typing import Any

from search_api.sparse import ALWAYS

_REFERENCE = re.compile(r'"#/components/schemas/(\w+)"')


def allow_parts(components: dict[str, Any], answer: str, results: str, hit: str) -> None:
    """Let the field ``results`` of the component ``answer`` hold parts of the component ``hit``.

    Every component that a hit is made of gets a twin, ``Part``, that requires nothing; a hit's own requires
    what always comes.
    """
    for name in _made_of(components, hit):
        text = _REFERENCE.sub(r'"#/components/schemas/\1Part"', json.dumps(components[name]))
        part = json.loads(text)
        part["title"] = f"{name}Part"
        part["description"] = f"Some fields of `{name}`: those that the request names."
        part.pop("required", None)
        components[f"{name}Part"] = part
    components[f"{hit}Part"]["required"] = list(ALWAYS)
    whole, part = ({"$ref": f"#/components/schemas/{name}"} for name in (hit, f"{hit}Part"))
    components[answer]["properties"][results]["items"] = {"anyOf": [whole, part]}


def _made_of(components: Mapping[str, Any], name: str) -> set[str]:
    """A component and all that it refers to."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += _REFERENCE.findall(json.dumps(components[one]))
    return found
