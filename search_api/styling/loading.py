"""A CSL style parsed into citeproc-py's elements, with its locales, and mended where they misread it.

``initialize="false"`` is unknown to citeproc-py, and a names element without ``name`` would get one more
at every use.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from search_api.styling.elements import element_classes
from search_api.styling.manuals import HYPHENATED_PAGES, RANGES_OF_NUMBERS, ellipsis_of

_CSL = "http://purl.org/net/xbiblio/csl"
#: What a style concludes from a missing volume: the record's gap is ours.
_UNPRINTED = ".//cs:text[@term='advance-online-publication'] | .//cs:text[@value='Preprint']"
#: The locale where a style names none and its manual is not American.
_LOCALES: Mapping[str, str] = {"harvard-cite-them-right": "en-GB"}


def parsed_style(path: Path) -> Any:
    """The root of a style, mended, with its locales; an element of citeproc-py's own kind."""
    root = _parsed(str(path))
    mended(root)
    _name_every_names(root)
    if path.stem.startswith(HYPHENATED_PAGES):
        _set_term(root, "page-range-delimiter", "-")
    citation = root.find("cs:citation", root.nsmap)
    if path.stem.startswith(RANGES_OF_NUMBERS) and citation is not None:
        citation.set("collapse", "citation-number")
    root.ellipsis = ellipsis_of(path.stem)
    root.locales = _locales(root, _LOCALES.get(path.stem) or root.get("default-locale") or "en-US")
    # lxml makes a new object for an element that nobody holds, and what it remembers would be lost.
    root.held = list(root.iter())
    return root


def _set_term(root: Any, name: str, text: str) -> None:
    """A term of the style's own, which goes before those of the locales."""
    locale, terms, term = (root.makeelement(f"{{{_CSL}}}{tag}") for tag in ("locale", "terms", "term"))
    term.set("name", name)
    term.text = text
    terms.append(term)
    locale.append(terms)
    root.insert(0, locale)


def _parsed(path: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    lookup = etree.ElementNamespaceClassLookup()
    namespace = lookup.get_namespace(_CSL)
    namespace[None], others = element_classes()
    namespace.update(others)
    parser = etree.XMLParser(remove_comments=True, no_network=True, resolve_entities=False)
    parser.set_element_class_lookup(lookup)
    return etree.parse(path, parser).getroot()


def _locales(root: Any, wanted: str) -> list[Any]:
    """Where terms are looked for, in CSL's order: the style's own locales, then those of the language.

    https://docs.citationstyles.org/en/stable/specification.html#locale-fallback
    """
    from citeproc import LANGUAGE_NAMES, PRIMARY_DIALECTS

    language = wanted.split("-")[0]
    own = [
        element
        for name in (wanted, language, None)
        for element in root.xpath_search(
            f"./cs:locale[@xml:lang='{name}']" if name else "./cs:locale[not(@xml:lang)]"
        )
    ]
    files = [wanted if wanted in LANGUAGE_NAMES else None, PRIMARY_DIALECTS.get(language), "en-US"]
    return [*dict.fromkeys(own), *(_system_locale(name) for name in dict.fromkeys(filter(None, files)))]


@cache
def _system_locale(name: str) -> Any:
    from citeproc import LOCALES_PATH

    root = _parsed(str(Path(LOCALES_PATH) / f"locales-{name}.xml"))
    root.held = list(root.iter())
    return root


def mended(root: Any) -> None:
    """Mend in the tree of a style what would be read amiss, or would say more than the record does."""
    for element in root.xpath_search(_UNPRINTED):
        element.getparent().remove(element)
    _spell_out_given_names(root)


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


def _name_every_names(root: Any) -> None:
    """Give names elements without a ``name`` an empty one; citeproc-py would insert one at every use."""
    for names in root.xpath_search(".//cs:names[not(cs:name) and not(parent::cs:substitute)]"):
        names.insert(0, root.makeelement(re.sub(r"}.*", "}name", names.tag)))
