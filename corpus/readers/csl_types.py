"""The types of CSL, for readers of formats that may name one."""

_NAMES = """
    article article-journal article-magazine article-newspaper book chapter dataset document entry
    entry-dictionary entry-encyclopedia interview legislation manuscript pamphlet paper-conference patent
    periodical post post-weblog report review review-book software speech standard thesis webpage
"""
#: The types of CSL 1.0.2 that a work in a bibliography may have.
CSL_TYPES = frozenset(_NAMES.split())
