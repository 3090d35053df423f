"""What each format can hold of a source, and with it what Footnote reads back equal.

Names of CSL variables, and ours: ``key``, ``authors-complete``, ``standing`` (status, notice, date, note
and where it was recorded), ``abstract`` (the authors' own, its parts where they are labelled), ``study``
(design, sample size, finding), ``summary``, ``license``. No format holds full text, references and mentions.

Limits that the formats set: a date is one year (1000 to 2099), month and day; text is one line without
markup; particles become part of the name that they are printed with; a DOI ends neither in ``.`` nor ``,``
nor ``;``; in MEDLINE, RIS and CSV a suffix is Jr, Sr, II, III or IV; a group's name has no comma in RIS
and no semicolon in CSV. CSL-JSON gives back whatever stands in the item.
"""

from collections.abc import Mapping

_EVERYWHERE = """
    title author container-title container-title-short issued volume issue page DOI PMID PMCID ISSN language
    keyword authors-complete standing abstract
"""
_ALL_BUT_MEDLINE = "type key URL"
_ALL_BUT_RIS = "ISBN publisher"
_BOOKS = "editor publisher-place edition collection-title"


def _fields(*lists: str) -> frozenset[str]:
    return frozenset(" ".join(lists).split())


HELD: Mapping[str, frozenset[str]] = {
    "csl-json": _fields(_EVERYWHERE, _ALL_BUT_MEDLINE, _ALL_BUT_RIS, _BOOKS, "study", "summary", "license"),
    "bibtex": _fields(_EVERYWHERE, _ALL_BUT_MEDLINE, _ALL_BUT_RIS, _BOOKS),
    "ris": _fields(_EVERYWHERE, _ALL_BUT_MEDLINE),
    "medline": _fields(_EVERYWHERE, _ALL_BUT_RIS),
    "csv": _fields(_EVERYWHERE, _ALL_BUT_MEDLINE, _ALL_BUT_RIS, "study", "license"),
}
