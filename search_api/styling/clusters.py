"""The works of one citation put together: sorted, grouped, collapsed, within the style's brackets.

Rules of CSL (https://docs.citationstyles.org/en/stable/specification.html#collapse): three or more numbers
in a row become a range, works of the same authors share their names. Where the specification leaves it
open, the range has the style's own ``page-range-delimiter``, else an en dash; two in a row stay two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from search_api.styling.cited_works import Cite
from search_api.styling.finish_text import fonts_and_affixes
from search_api.styling.finishing import finished_citation
from search_api.styling.marked_text import Marked, joined, joined_by, plain
from search_api.styling.sorting import sorted_cites
from search_api.styling.styles import LoadedStyle

_SHORTEST_RANGE = 3


@dataclass(frozen=True, slots=True)
class Printed:
    """One work of a citation as it came out, and the names that were printed."""

    cite: Cite
    text: Marked
    names: str
    affixed: bool


def printed_cluster(style: LoadedStyle, cites: Sequence[Cite], affixes: Sequence[tuple[str, str]]) -> Marked:
    """The citation of some works; ``affixes`` are the words before and after each, in the same order."""
    around = {id(cite): affix for cite, affix in zip(cites, affixes, strict=True)}
    printed = [_printed(style, cite, around[id(cite)]) for cite in sorted_cites(style, "citation", cites)]
    printed = [one for one in printed if one.text]
    if not printed:
        return Marked()
    whole = fonts_and_affixes(style.layout("citation"), _assembled(style, printed))
    return finished_citation(whole, style)


def _printed(style: LoadedStyle, cite: Cite, affix: tuple[str, str]) -> Printed:
    place = replace(cite, names_printed=[], suppressed=set(), suffix_printed=False)
    text = style.cited(place) or Marked()
    names = plain(place.names_printed[0]) if place.names_printed else ""
    if any(affix):
        text = joined(joined(_spaced(affix[0], ""), text), _spaced("", affix[1]))
    return Printed(cite, text, names, any(affix) or cite.has_locator)


def _spaced(prefix: str, suffix: str) -> str:
    if prefix:
        return prefix if prefix.endswith((" ", "(", "“", "‘")) else f"{prefix} "
    return suffix if not suffix or suffix[0] in " ,;.:)" else f" {suffix}"


def _assembled(style: LoadedStyle, printed: list[Printed]) -> Marked:
    options = style.area("citation").attrib
    delimiter = style.layout("citation").get("delimiter", "")
    collapse = options.get("collapse", "")
    if collapse == "citation-number":
        return _numbers(style, printed, delimiter)
    if collapse or "cite-group-delimiter" in options:
        return _grouped(style, printed, delimiter, collapse)
    return joined_by([one.text for one in printed], delimiter)


def _numbers(style: LoadedStyle, printed: list[Printed], delimiter: str) -> Marked:
    """``1,2,4-6``: runs of three or more numbers become ranges."""
    pieces: list[Marked] = []
    dash = style.own_term("page-range-delimiter") or "–"
    at = 0
    while at < len(printed):
        end = at
        while end + 1 < len(printed) and _follows(printed[end], printed[end + 1]):
            end += 1
        if end - at + 1 >= _SHORTEST_RANGE:
            pieces.append(joined(joined(printed[at].text, dash), printed[end].text))
        else:
            pieces += [one.text for one in printed[at : end + 1]]
        at = end + 1
    return joined_by(pieces, delimiter)


def _follows(one: Printed, other: Printed) -> bool:
    return not one.affixed and not other.affixed and other.cite.number == one.cite.number + 1


def _grouped(style: LoadedStyle, printed: list[Printed], delimiter: str, collapse: str) -> Marked:
    """Works of the same names together, at the place of the first; their names once, where that is asked."""
    options = style.area("citation").attrib
    between = options.get("cite-group-delimiter", ", ")
    after = options.get("after-collapse-delimiter", delimiter)
    groups: dict[str, list[Printed]] = {}
    for place, one in enumerate(printed):
        groups.setdefault(one.names or f"\0{place}", []).append(one)
    whole = Marked()
    last_collapsed = False
    for group in groups.values():
        text = joined_by(_collapsed(style, group, collapse) if collapse else [p.text for p in group], between)
        whole = joined(joined(whole, after if last_collapsed else delimiter), text) if whole else text
        last_collapsed = bool(collapse) and len(group) > 1
    return whole


def _collapsed(style: LoadedStyle, group: list[Printed], collapse: str) -> list[Marked]:
    """The first work whole, of the others what follows the names; or the year's letter only."""
    pieces = [group[0].text]
    for one, other in pairwise(group):
        suffix = other.cite.reference.get("year_suffix")
        if collapse.startswith("year-suffix") and suffix and _year(one.cite) == _year(other.cite):
            shared = style.area("citation").get("year-suffix-delimiter") or style.layout("citation").get(
                "delimiter", ", "
            )
            pieces[-1] = joined(joined(pieces[-1], shared), suffix)
            continue
        text = style.cited(
            replace(other.cite, without_names=True, names_printed=[], suppressed=set(), suffix_printed=False)
        )
        pieces.append(text or other.text)
    return pieces


def _year(cite: Cite) -> object:
    date = cite.reference.get("issued")
    return date.get("year") if date else None
