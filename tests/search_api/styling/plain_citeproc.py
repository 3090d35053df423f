"""An entry as citeproc-py makes it by itself, without what we compile, remember or mend in its text."""

import warnings
from typing import Any

from corpus.records import Source
from search_api.citations import citable_item
from search_api.styling.loading import mended
from search_api.styling.manuals import item_by_manual
from search_api.styling.styles import available


class _Plain:
    """Plain text; citeproc's own kind of string is handed on, for a ``str`` cannot change its case."""

    @staticmethod
    def preformat(text: Any) -> Any:
        return text

    Italic = Oblique = Bold = Light = Underline = Superscript = Subscript = SmallCaps = preformat


class PlainCiteproc:
    """One style, as citeproc-py's own classes apply it."""

    def __init__(self, style: str) -> None:
        from citeproc import CitationStylesStyle

        locale = {"harvard-cite-them-right": "en-GB"}.get(style)
        self._name = style
        self._style = CitationStylesStyle(str(available()[style]), locale=locale, validate=False)
        mended(self._style.root)
        for number in self._style.root.xpath_search(
            ".//*[@variable='citation-number' and not(self::cs:key)]"
        ):
            number.getparent().remove(number)

    def entry(self, source: Source) -> str:
        """The entry as it comes out."""
        from citeproc import Citation, CitationItem, CitationStylesBibliography
        from citeproc.source.json import CiteProcJSON

        item = item_by_manual(citable_item(source), self._name, True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of CSL fields that it does not know
            listing = CitationStylesBibliography(self._style, CiteProcJSON([item]), _Plain)
            listing.register(Citation([CitationItem(item["id"])]))
            return "".join(str(entry) for entry in listing.bibliography())
