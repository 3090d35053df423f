"""The types of RIS records in CSL's terms, and the publication types that a record names."""

import re
from collections.abc import Sequence

from rispy.config import TYPE_OF_REFERENCE_MAPPING  # type: ignore[import-untyped]

_CSL_TYPES = {
    "article-journal": "JOUR EJOUR JFULL ABST INPR SER",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK EDBOOK EBOOK CLSWK PAMP",
    "chapter": "CHAP ECHAP",
    "dataset": "DATA AGGR DBASE",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "paper-conference": "CONF CPAPER",
    "manuscript": "UNPB MANSCPT",
    "patent": "PAT",
    "post-weblog": "BLOG",
    "report": "RPRT GOVDOC STAND",
    "software": "COMP",
    "thesis": "THES",
    "webpage": "ELEC ICOMM",
}
_CSL_TYPE_OF = {code: csl for csl, codes in _CSL_TYPES.items() for code in codes.split()}
_CODE_OF_NAME = {name.casefold(): code for code, name in TYPE_OF_REFERENCE_MAPPING.items()} | {
    "journal article": "JOUR",
    "book section": "CHAP",
    "thesis": "THES",
}
_PUBLICATION_TYPE_OF = {
    "ABST": "Meeting Abstract",
    "CONF": "Congress",
    "CPAPER": "Congress",
    "RPRT": "Technical Report",
    "THES": "Academic Dissertation",
}
#: M3 also holds DOIs and, in PsycINFO, subject classes; only what names a publication type counts.
_PUBLICATION_TYPE = re.compile(
    r"\b(?:article|review|trial|meta-analysis|study|case reports?|editorial|letter|note|comment|erratum|"
    r"corrigendum|correction|abstract|conference paper|survey|guideline|protocol|preprint|dissertation|"
    r"report|retract(?:ed|ion)\b.*)$",
    re.IGNORECASE,
)


def type_code(written: str) -> str:
    """``JOUR`` of ``JOUR`` or, as some tools write it, of ``Journal Article``."""
    return str(_CODE_OF_NAME.get(written.casefold(), written.upper()))


def csl_type(code: str, in_journal: bool) -> str:
    """The CSL type; one that RIS does not know is an article where the record names a journal."""
    return _CSL_TYPE_OF.get(code, "article-journal" if in_journal else "document")


def publication_types(code: str, written: Sequence[str]) -> tuple[str, ...]:
    """Those of the written values that name a publication type, and what the type itself says."""
    named = [value for value in written if len(value) < 60 and _PUBLICATION_TYPE.search(value)]
    own = _PUBLICATION_TYPE_OF.get(code)
    return tuple(dict.fromkeys([*named, own] if own else named))


def code_of(csl: str) -> str:
    """The RIS code for a CSL type, ``GEN`` where RIS has none.

    >>> code_of("article-journal"), code_of("interview")
    ('JOUR', 'GEN')
    """
    return _CSL_TYPES[csl].split()[0] if csl in _CSL_TYPES else "GEN"
