"""citeproc-py's elements, remembering what they would look up again and again.

citeproc-py asks the XML tree by XPath for each option of each name and each term of each locale, every
time: half of the time of an entry. These subclasses ask once per element; the text they make is the same.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from search_api.styling.marked_text import Marked, joined_by, marked


def _marking(name: str) -> Callable[[Any], Any]:
    """A font: marks around the text; a name that is absent stays absent."""
    return staticmethod(lambda text: text if text is None else marked(name, text))


class Formatter:
    """citeproc-py's formatter for marked text."""

    @staticmethod
    def preformat(text: Any) -> Any:
        """The text as citeproc's kind of string."""
        return text if text is None or isinstance(text, Marked) else Marked(text)

    Light = preformat
    Italic = Oblique = _marking("italic")
    Bold = _marking("bold")
    SmallCaps = _marking("small-caps")
    Superscript = _marking("sup")
    Subscript = _marking("sub")
    Underline = _marking("underline")


#: Form of a term -> the form that is taken where a locale lacks it, as CSL has it.
_WIDER: dict[str | None, str | None] = {"verb-short": "verb", "symbol": "short", "verb": None, "short": None}


class _Remembering:
    """Terms and options of the locale are looked up once per element."""

    def get_formatter(self) -> type[Formatter]:
        """The one formatter; the marks become what is asked for at the end."""
        return Formatter

    def get_term(self, name: str, form: str | None = None, **kwargs: Any) -> Any:
        """The term of that name and form, else of the form that CSL falls back to."""
        key = ("term", name, form, *kwargs.items())
        found = self._remembered(key, super().get_term, name, form, **kwargs)  # type: ignore[misc]
        return self.get_term(name, _WIDER[form], **kwargs) if found is None and form in _WIDER else found

    def get_locale_option(self, name: str) -> Any:
        """An option of the first locale that has any."""
        return self._remembered(("option", name), super().get_locale_option, name)  # type: ignore[misc]

    def case(self, text: Any, language: str | None = None) -> Any:
        """The text in the case that the element asks for; also a bare string can change its case."""
        if text is None or self.get("text-case") is None:  # type: ignore[attr-defined]
            return text
        return super().case(Formatter.preformat(text), language)  # type: ignore[misc]

    def _remembered(self, key: Any, look_up: Any, *args: Any, **kwargs: Any) -> Any:
        if key not in self.__dict__:
            self.__dict__[key] = look_up(*args, **kwargs)
        return self.__dict__[key]


class _RememberingTerm(_Remembering):
    @property
    def single(self) -> Any:
        """The term in the singular."""
        return self._remembered("single", lambda: super(_RememberingTerm, self).single)  # type: ignore[misc]

    @property
    def multiple(self) -> Any:
        """The term in the plural."""
        return self._remembered("multiple", lambda: super(_RememberingTerm, self).multiple)  # type: ignore[misc]


#: What a style may set apart for works that were cited before.
_SUBSEQUENT = {"et-al-min": "et-al-subsequent-min", "et-al-use-first": "et-al-subsequent-use-first"}


_SMALL_AFTER_HYPHEN = re.compile(r"(?<=\w-)[^\W\d_]")


def _as_capital(match: re.Match[str]) -> str:
    return match.group().upper()


class _RememberingName(_Remembering):
    """A name's options depend on the element and on where it is used: in the citation or the list."""

    def get_option(self, name: str, context: Any = None, sort_options: Any = None) -> Any:
        """An option of the names: what the place overrides, else the element's, else what it inherits."""
        if sort_options and name in sort_options:
            return super().get_option(name, context, sort_options)  # type: ignore[misc]
        shortened = sort_options and "subsequent" in sort_options and name in _SUBSEQUENT
        if shortened and self.get_option("et-al-subsequent-min", context):
            return self.get_option(_SUBSEQUENT[name], context)
        area = area_of(self if context is None else context)
        return self._remembered((name, area), super().get_option, name, context)  # type: ignore[misc]

    def initialize(self, given: Any, mark: str, context: Any) -> Any:
        """Initials of a given name; citeproc-py makes ``W.-. ping .`` of ``Wei-ping``."""
        return super().initialize(_SMALL_AFTER_HYPHEN.sub(_as_capital, str(given)), mark, context)  # type: ignore[misc]

    def join(self, strings: Any, default_delimiter: str = "") -> Any:
        """The names with the delimiter between them."""
        known = [text for text in strings if text is not None]
        return joined_by(known, self.get("delimiter", default_delimiter)) if known else Marked()  # type: ignore[attr-defined]

    def unicode_character(self, name: str) -> Any:
        """Used for the ellipsis before a last author, which manuals print differently."""
        return Marked(self.get_root().ellipsis)  # type: ignore[attr-defined]

    def et_al(self) -> Any:
        """The words for cut names."""
        return self._remembered("et-al", super().et_al)  # type: ignore[misc]


class _RememberingNames(_Remembering):
    def get_parent_delimiter(self, context: Any = None) -> Any:
        """What stands between the names of two roles."""
        area = area_of(self if context is None else context)
        return self._remembered(("delimiter", area), super().get_parent_delimiter, context)  # type: ignore[misc]


class _RestoredDatePart(_Remembering):
    """citeproc-py writes the style's attributes into the locale's date and leaves them there."""

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """The part of a date; the element is afterwards as it was."""
        before = dict(self.attrib)  # type: ignore[attr-defined]
        try:
            return super().render(*args, **kwargs)  # type: ignore[misc]
        finally:
            self.attrib.clear()  # type: ignore[attr-defined]
            self.attrib.update(before)  # type: ignore[attr-defined]


_PARTICULAR = {
    "Date_Part": _RestoredDatePart,
    "Name": _RememberingName,
    "Names": _RememberingNames,
    "Term": _RememberingTerm,
}


@cache
def element_classes() -> tuple[type, dict[str, type]]:
    """The class of elements that CSL does not know, and that of each element by its name."""
    from citeproc.model import CitationStylesElement

    classes = {
        cls.__name__.replace("_", "-").lower(): type(
            cls.__name__, (_PARTICULAR.get(cls.__name__, _Remembering), cls), {}
        )
        for cls in CitationStylesElement.__subclasses__()
    }
    return CitationStylesElement, classes


def area_of(element: Any) -> Any:
    """The citation or bibliography element that an element of a layout stands in."""
    known = element.__dict__
    if "area" not in known:
        within = element.xpath_search("./ancestor::*[self::cs:citation or self::cs:bibliography][1]")
        known["area"] = within[0] if within else element
    return known["area"]
