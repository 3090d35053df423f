"""The order of a reference list and of the works in one citation, as the style's ``sort`` asks.

Names and words are compared without case, accents and punctuation; a work that lacks what is compared
comes last, whatever the direction; draws keep their order of appearance.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from search_api.styling.cited_works import Cite
from search_api.styling.marked_text import plain
from search_api.styling.styles import Area, LoadedStyle

_LEAST = re.compile(r"[^\w\s,]|_")
Value = tuple[int, int, str]


def sorted_cites(style: LoadedStyle, area: Area, cites: Sequence[Cite]) -> list[Cite]:
    """The cites in the order of the style; as they are where it gives none."""
    sort = style.area(area).find("cs:sort", style.root.nsmap)
    if sort is None or len(cites) < 2:
        return list(cites)
    # Draws within a citation stand as in the list.
    ordered = sorted(cites, key=lambda cite: cite.number) if area == "citation" else list(cites)
    keys = [(_value_of(style, area, key), key.get("sort") == "descending") for key in sort]
    return _sorted_by(keys, ordered)


def _sorted_by(keys: Sequence[tuple[Callable[[Cite], Value | None], bool]], cites: list[Cite]) -> list[Cite]:
    """Sorted by the first key, draws by the next; a key is only asked for where there are draws."""
    if not keys or len(cites) < 2:
        return cites
    (value_of, descending), *others = keys
    groups: dict[Value | None, list[Cite]] = {}
    for cite in cites:
        groups.setdefault(value_of(cite), []).append(cite)
    known = sorted((value for value in groups if value is not None), reverse=descending)
    order = [*known, *([None] if None in groups else [])]
    return [cite for value in order for cite in _sorted_by(others, groups[value])]


def _value_of(style: LoadedStyle, area: Area, key: Any) -> Callable[[Cite], Value | None]:
    macro = key.get("macro")
    if not macro:
        name = str(key.get("variable")).replace("-", "_")
        return lambda cite: _of_variable(cite, name)
    options = {"name-as-sort-order": "all"}
    for option in ("names-min", "names-use-first", "names-use-last"):
        if option in key.attrib:
            options[option.replace("names", "et-al")] = key.get(option)

    def of_macro(cite: Cite) -> Value | None:
        place = replace(
            cite, name_options=options, for_sorting=True, names_printed=[], suppressed=set(), numbered=True
        )
        text = style.macro(macro, area, place)
        return None if text is None else _comparable(plain(text))

    return of_macro


def _of_variable(cite: Cite, name: str) -> Value | None:
    if name == "citation_number":
        return 0, cite.number, ""
    value = cite.reference.get(name)
    if value in (None, "", []):
        return None
    if isinstance(value, list):
        return _comparable("; ".join(_name(person) for person in value))
    return _comparable(value.sort_key() if hasattr(value, "sort_key") else plain(value))


def _name(person: Any) -> str:
    given, family, dropping, non_dropping, suffix = person.parts()
    parts = (family, " ".join(filter(None, (given, dropping, non_dropping))), suffix)
    return ", ".join(plain(part) for part in parts if part)


@lru_cache(maxsize=16384)
def _comparable(text: str) -> Value:
    if text.isdigit():
        return 0, int(text), ""
    bare = unicodedata.normalize("NFKD", text)
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return 1, 0, " ".join(_LEAST.sub("", letters).casefold().split())
