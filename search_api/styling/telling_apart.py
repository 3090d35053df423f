"""Works that would be cited alike in the text, told apart as the style asks (CSL's disambiguation).

In CSL's order (https://docs.citationstyles.org/en/stable/specification.html#disambiguation): given names are
added to people of one family name, then more names of a list, then what the style prints under
``disambiguate``, then a letter to the year, in the order of the reference list. Two given names are those of
two people only where they cannot be one: ``Y.`` and ``Yoshihiro`` may be the same person.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from search_api.styling.cited_works import Cite, PartedName
from search_api.styling.finishing import finished_citation
from search_api.styling.marked_text import Marked, plain
from search_api.styling.styles import LoadedStyle

#: More names of a list than this are never added.
_MOST_NAMES = 50


@dataclass(slots=True)
class Told:
    """What tells a work from others in the text: options of its names, the condition, the letter."""

    name_options: dict[str, str] = field(default_factory=dict)
    disambiguate: bool = False
    year_suffix: str = ""


def told_apart(
    style: LoadedStyle, cites: Mapping[str, Cite], in_list_order: Sequence[str]
) -> dict[str, Told]:
    """For each work by its id, what tells it apart; the cites may get given names into their references."""
    options = style.area("citation").attrib
    if options.get("disambiguate-add-givenname") == "true":
        _add_given_names(_Telling(style, cites), options.get("givenname-disambiguation-rule", "by-cite"))
    telling = _Telling(style, cites)
    if options.get("disambiguate-add-names") == "true":
        for alike in telling.alike(cites):
            _add_names(telling, alike)
    if style.root.xpath_search("./cs:citation//@disambiguate | ./cs:macro//@disambiguate"):
        for alike in telling.alike(cites):
            _add_condition(telling, alike)
    if options.get("disambiguate-add-year-suffix") == "true":
        for alike in telling.alike(in_list_order):
            for number, work in enumerate(alike, start=1):
                telling.told[work].year_suffix = _letters(number)
    return telling.told


class _Telling:
    """What tells works apart so far, and how each is printed with it; nothing is printed twice."""

    def __init__(self, style: LoadedStyle, cites: Mapping[str, Cite]) -> None:
        self.style = style
        self.cites = cites
        self.told = {work: Told() for work in cites}
        self._printed: dict[tuple[str, str, bool], str] = {}

    def printed(self, work: str, told: Told) -> str:
        """The work as it is cited with that."""
        key = (work, told.name_options.get("et-al-use-first", ""), told.disambiguate)
        if key not in self._printed:
            text = self.style.cited(as_told(self.cites[work], told)) or Marked()
            self._printed[key] = plain(finished_citation(text, self.style))
        return self._printed[key]

    def groups(self, works: Iterable[str]) -> list[list[str]]:
        """The works by how they are printed as things stand."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for work in works:
            if text := self.printed(work, self.told[work]):
                groups[text].append(work)
        return list(groups.values())

    def alike(self, works: Iterable[str]) -> list[list[str]]:
        """Works that are printed alike as things stand."""
        return [group for group in self.groups(works) if len(group) > 1]


def as_told(cite: Cite, told: Told) -> Cite:
    """The cite with what tells it apart."""
    options = {**(cite.name_options or {}), **told.name_options}
    return replace(
        cite,
        name_options=options or None,
        disambiguate=told.disambiguate,
        names_printed=[],
        suppressed=set(),
        suffix_printed=False,
    )


def _add_names(telling: _Telling, alike: Sequence[str]) -> None:
    """As many names as it takes for each work to differ from all others; none where no number does."""
    most = max(len(telling.cites[work].reference.get("author") or ()) for work in alike)
    left = list(alike)
    for number in range(2, min(most, _MOST_NAMES) + 1):
        options = {"et-al-use-first": str(number), "et-al-min": str(number + 1)}
        printed = {work: telling.printed(work, Told(name_options=options)) for work in alike}
        texts = list(printed.values())
        for work in [work for work in left if texts.count(printed[work]) == 1]:
            telling.told[work].name_options = options
            left.remove(work)
        if not left:
            return


def _add_condition(telling: _Telling, alike: Sequence[str]) -> None:
    """What the style prints under ``disambiguate``, where that makes a difference."""
    for work in alike:
        telling.told[work].disambiguate = True
    if len(telling.groups(alike)) == 1:
        for work in alike:
            telling.told[work].disambiguate = False


def _add_given_names(telling: _Telling, rule: str) -> None:
    """Initials, or else given names, before the family names that several people share.

    ``by-cite`` does so only where whole citations are alike, the other rules wherever names are; ``primary``
    rules look at first authors only.
    """
    cites = telling.cites
    works = list(cites)
    if rule == "by-cite":
        works = [work for group in telling.alike(cites) for work in group]
    primary = rule.startswith("primary")
    people: defaultdict[str, set[str]] = defaultdict(set)
    for work in works:
        for name in _shown(cites[work], primary):
            given, family = _given_and_family(name)
            if given and family:
                people[family].add(given)
    forms = {family: _form(givens, "initials" in rule) for family, givens in people.items()}
    for work in works:
        _expand(cites[work], forms, primary)


def _shown(cite: Cite, primary: bool) -> list[PartedName]:
    authors: list[PartedName] = cite.reference.get("author") or []
    return authors[:1] if primary else authors


def _given_and_family(name: PartedName) -> tuple[str, str]:
    given, family, _, particle, _ = name.parts()
    return plain(given or ""), plain(" ".join(part for part in (particle, family) if part)).casefold()


def _form(givens: Iterable[str], initials_only: bool) -> Callable[[str], str] | None:
    """How to write the given names of people who share a family name; None where they may be one person."""
    different = sorted(set(givens))
    pairs = [(a, b) for at, a in enumerate(different) for b in different[at + 1 :]]
    if all(_may_be_one(a, b) for a, b in pairs):
        return None
    told_by_initials = all(_may_be_one(a, b) or _initials(a) != _initials(b) for a, b in pairs)
    return _initials if initials_only or told_by_initials else lambda given: given


def _may_be_one(one: str, other: str) -> bool:
    """Whether two given names may be those of one person, one of them shortened."""
    return all(
        a.startswith(b) or b.startswith(a) for a, b in zip(_name_words(one), _name_words(other), strict=False)
    )


def _name_words(given: str) -> list[str]:
    return [word.casefold() for word in re.split(r"[\s.\-‐]+", given) if word]


def _initials(given: str) -> str:
    return " ".join(f"{word[0].upper()}." for word in re.split(r"[\s.]+", given) if word)


def _expand(cite: Cite, forms: Mapping[str, Callable[[str], str] | None], primary: bool) -> None:
    authors = cite.reference.get("author")
    if not authors:
        return
    shown = _shown(cite, primary)
    cite.reference["author"] = [
        _expanded(name, forms) if place < len(shown) else name for place, name in enumerate(authors)
    ]


def _expanded(name: PartedName, forms: Mapping[str, Callable[[str], str] | None]) -> PartedName:
    given, family = _given_and_family(name)
    form = forms.get(family)
    if form is None or not given:
        return name
    _, own, _, particle, suffix = name.parts()
    family_name = " ".join(part for part in (particle, own) if part)
    return PartedName(
        {"family": Marked(f"{form(given)} {family_name}"), "given": given, "suffix": suffix or ""}
    )


def _letters(number: int) -> str:
    """1 -> a, 27 -> aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(97 + rest) + letters
    return letters
