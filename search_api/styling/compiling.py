"""A layout of a CSL style as functions for works of one shape.

Most of a style does not concern a given work: conditions on other types, variables that its record lacks.
The *shape* of a work is its type, the variables it has, and which of them are numbers; for one shape all of
that is decided once, and what is left is a short chain of functions. Names, dates and numbers are printed by
citeproc-py's elements, and everything follows its rules (`citeproc.model`), except where CSL asks for
more: ``disambiguate``, positions in notes and year suffixes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from search_api.styling.cited_works import Cite, absent_variable
from search_api.styling.conditions import Shape, holds_for, local_name
from search_api.styling.finish_text import Render, finished
from search_api.styling.manuals import is_article_number
from search_api.styling.marked_text import Marked, joined, joined_by

#: Variables that belong to the place and not to the work.
_OF_THE_PLACE = frozenset({"locator", "citation-number", "first-reference-note-number", "year-suffix"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a layout: ``render`` is None where it prints nothing for the shape.

    ``calls`` says whether it prints a variable: a group whose variables are all empty prints nothing.
    """

    render: Render | None
    calls: bool


def nothing(calls: bool) -> Piece:
    """A piece that prints nothing."""
    return Piece(None, calls)


class Compiler:
    """Compiles parts of one style for one shape."""

    def __init__(self, root: Any, shape: Shape) -> None:
        self._root = root
        self._shape = shape
        self._calls: dict[Any, bool] = root.__dict__.setdefault("calls", {})

    def layout(self, layout: Any) -> Render:
        """The inside of a layout, without the layout's own format and affixes."""
        return self.sequence(layout, None, "").render or _nothing

    def macro(self, name: str, layout: Any) -> Render:
        """A macro by itself, as sorting asks for it."""
        return self.sequence(_macro(self._root, name), layout, "").render or _nothing

    def sequence(self, elements: Iterable[Any], context: Any, delimiter: str) -> Piece:
        """Elements one after the other; ``context`` is the element of the layout that they belong to."""
        pieces = [self._piece(element, context, delimiter) for element in elements]
        live = [piece.render for piece in pieces if piece.render is not None]
        calls = any(piece.calls for piece in pieces)
        if len(live) < 2:
            return Piece(live[0], calls) if live else nothing(calls)

        def render(cite: Cite) -> Marked | None:
            texts = [text for piece in live if (text := piece(cite))]
            return joined_by(texts, delimiter) if texts else None

        return Piece(render, calls)

    def _piece(self, element: Any, context: Any, delimiter: str) -> Piece:
        kind = local_name(element)
        calls = self._calls_variable(element)
        if kind == "choose":
            return Piece(self._choose(element, context, delimiter), calls)
        make: Callable[[Any, Any], Render | None] | None = {
            "text": self._text,
            "group": self._group,
            "names": self._names,
            "date": self._date,
            "number": self._number,
            "label": self._label,
        }.get(kind)
        return Piece(make(element, context), calls) if make else nothing(calls)

    def _calls_variable(self, element: Any) -> bool:
        if element not in self._calls:
            caller: Any = getattr(type(element), "calls_variable", None)
            # "Ibid." is all that its group may have to say, so it counts like a variable.
            self._calls[element] = element.get("term") == "ibid" or bool(caller and caller(element))
        return self._calls[element]

    def _text(self, element: Any, context: Any) -> Render | None:
        if variable := element.get("variable"):
            inner = self._variable(element, variable)
        elif macro := element.get("macro"):
            inner = self.sequence(
                _macro(self._root, macro), element if context is None else context, ""
            ).render
        elif element.get("term") is not None:
            inner = _constant(element._term(None))
        else:
            inner = _constant(element.get("value"))
        return finished(element, inner) if inner else None

    def _variable(self, element: Any, variable: str) -> Render | None:
        if variable in _OF_THE_PLACE:
            return _PLACES[variable]
        name = variable.replace("-", "_")
        if element.get("form") == "short" and f"{name}_short" in self._shape.variables:
            name += "_short"
        is_page = variable.startswith("page")
        if ("page" if is_page else name) not in self._shape.variables:
            return None

        def render(cite: Cite) -> Marked | None:
            if cite.suppressed and variable in cite.suppressed:
                return None
            if is_page:
                return Marked(element._process(cite.reference["page"], variable))
            text: Marked = cite.reference[name]
            return text

        return render

    def _group(self, element: Any, context: Any) -> Render | None:
        delimiter = element.get("delimiter", "")
        pieces = [self._piece(child, context, delimiter) for child in element]
        live = [(piece.render, piece.calls) for piece in pieces if piece.render is not None]
        calls = any(piece.calls for piece in pieces)
        if not live or (calls and not any(own for _, own in live)):
            return None

        def render(cite: Cite) -> Marked | None:
            texts = []
            printed = not calls
            for piece, own in live:
                if text := piece(cite):
                    texts.append(text)
                    printed = printed or own
            return joined_by(texts, delimiter) if texts and printed else None

        return finished(element, render)

    def _choose(self, element: Any, context: Any, delimiter: str) -> Render | None:
        branches: list[tuple[Any, Render | None]] = []
        for branch in element:
            holds = holds_for(branch, self._shape)
            if holds is False:
                continue
            branches.append((holds, self.sequence(branch, context, delimiter).render))
            if holds is True:
                break
        if not branches or branches[0][0] is True:
            return branches[0][1] if branches else None

        def render(cite: Cite) -> Marked | None:
            for holds, inner in branches:
                if holds is True or holds(cite):
                    return inner(cite) if inner else None
            return None

        return render

    def _names(self, element: Any, context: Any, names_context: Any = None) -> Render | None:
        variables = (element.get("variable") or "").split()
        inner: Render | None
        if any(variable in self._shape.variables for variable in variables):
            inner = _printed_names(element, context, names_context)
        else:
            substitute = element.find("cs:substitute", element.nsmap)
            inner = None if substitute is None else self._substitute(element, substitute, context)
        if inner is None:
            return None
        whole: Render = finished(element, inner)

        def render(cite: Cite) -> Marked | None:
            if cite.suppressed and not cite.suppressed.isdisjoint(variables):
                return None
            text = whole(cite)
            if text and not cite.for_sorting:
                cite.names_printed.append(text)
            return None if cite.without_names else text

        return render

    def _substitute(self, names: Any, substitute: Any, context: Any) -> Render | None:
        """The first of the substitutes that prints something; it is not printed again further on."""
        choices: list[tuple[Render, str | None]] = []
        for child in substitute:
            bare = local_name(child) == "names" and child.find("cs:name", child.nsmap) is None
            piece = self._names(child, context, names) if bare else self._piece(child, context, "").render
            if piece is not None:
                choices.append((piece, child.get("variable")))

        def render(cite: Cite) -> Marked | None:
            for piece, variable in choices:
                if text := piece(cite):
                    cite.suppressed.update((variable or "").split())
                    return text
            return None

        return render if choices else None

    def _date(self, element: Any, context: Any) -> Render | None:
        name = element.get("variable", "").replace("-", "_")
        if name not in self._shape.variables:
            return None
        known: dict[Any, Marked | None] = {}
        explicit = self._root.has_year_suffix

        def render(cite: Cite) -> Marked | None:
            date = cite.reference[name]
            if not date or cite.for_sorting:
                return Marked(date.sort_key()) if date else None
            key = tuple(date.items())
            if key not in known:
                known[key] = _delegated(element, cite, context=context)
            text = known[key]
            suffix = cite.reference.get("year_suffix")
            if suffix and text and not explicit and not cite.suffix_printed:
                cite.suffix_printed = True
                return joined(text, suffix)
            return text

        return render

    def _number(self, element: Any, context: Any) -> Render | None:
        name = element.get("variable", "")
        known = name == "locator" or ("page" if name == "page-first" else name) in self._shape.variables
        return (lambda cite: _delegated(element, cite, context=context)) if known else None

    def _label(self, element: Any, context: Any) -> Render:
        if element.get("variable") == "locator":
            return lambda cite: _delegated(element, cite, context=context) if cite.has_locator else None
        if element.get("variable") != "page":
            return lambda cite: _delegated(element, cite, context=context)

        def render(cite: Cite) -> Marked | None:
            page = cite.reference.get("page")
            return None if is_article_number(page) else _delegated(element, cite, context=context)

        return render


def _printed_names(element: Any, context: Any, names_context: Any) -> Render:
    def render(cite: Cite) -> Marked | None:
        options = cite.name_options
        try:
            text = element.process(cite, names_context=names_context, context=context, sort_options=options)
        except absent_variable():
            return None
        return Marked(text) if text else None

    return render


def _delegated(element: Any, cite: Cite, context: Any) -> Marked | None:
    """What citeproc-py's element prints."""
    try:
        text = element.render(cite, context=context)
    except absent_variable():
        return None
    return None if text is None else text if isinstance(text, Marked) else Marked(text)


def _nothing(cite: Cite) -> Marked | None:
    return None


def _constant(text: Any) -> Render | None:
    if not text:
        return None
    constant = Marked(text)
    return lambda cite: constant


_PLACES: dict[str, Render] = {
    "citation-number": lambda cite: Marked(cite.number) if cite.numbered else None,
    "locator": lambda cite: Marked(cite.locator.identifier.replace("-", "–")) if cite.has_locator else None,
    "first-reference-note-number": lambda cite: Marked(cite.first_note) if cite.first_note else None,
    "year-suffix": lambda cite: cite.reference.get("year_suffix"),
}


def _macro(root: Any, name: str) -> Any:
    macros = root.__dict__.get("macros")
    if macros is None:
        macros = root.__dict__["macros"] = {m.get("name"): m for m in root.findall("cs:macro", root.nsmap)}
    return macros[name]
