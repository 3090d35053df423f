"""Text with markup -> the same text with blanks for markup, character for character.

What is left is the prose, every letter at its own offset: sentences are found and searched in it, and
their places are places of the draft.
"""

import re

_CITATION_KEYS = r"-?@[\w][\w:.#$%&+?<>~/-]*"
#: Spans that hold no prose at all.
_WHOLE = re.compile(
    rf"""
    <!--.*?-->                                   # comments
  | `{{1,3}}[^`\n]+`{{1,3}}                      # code
  | !\[[^\]\n]*\]\([^)\n]*\)                     # images
  | \[[^\]\[\n]{{0,80}}{_CITATION_KEYS}[^\]\[\n]{{0,200}}\]   # [see @key, p. 3; @other]
  | \[\^[^\]\n]{{1,40}}\]                        # footnote marks
  | \\(?:cite|citep|citet|parencite|autocite)\*?(?:\[[^\]\n]*\])*\{{[^}}\n]*\}}
  | \[\d{{1,3}}(?:\s*[,;–-]\s*\d{{1,3}})*\](?!\() # [3], [1, 4]
  | \^\d{{1,3}}(?:\s*[,–-]\s*\d{{1,3}})*\^       # ^3^
  | [⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[⁻,][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*(?=[\s.,;:)]|$)
  | </?[A-Za-z][^<>\n]{{0,200}}>                 # tags
  | <(?:https?://|doi:)[^<>\s]+>
    """,
    re.VERBOSE | re.DOTALL,
)
#: ``(Author, 2004; Other & Third, 2005)``, and DOIs and PMIDs in brackets or bare.
_AUTHOR_YEAR = re.compile(
    r"\((?:see |e\.g\.,? |cf\. )?[A-Z][^()\n]{1,120}?,?\s(?:1[89]|20)\d\d[a-z]?(?:[,:]\s*p+\.?\s*\d+)?"
    r"(?:;\s*[A-Z][^()\n]{1,120}?,?\s(?:1[89]|20)\d\d[a-z]?)*\)"
)
_IDENTIFIER = re.compile(
    r"[\[(]?\s*(?:(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?\b10\.\d{4,9}/[^\s\"<>\])]+|PMID:?\s*\d{1,9})\s*[\])]?",
    re.IGNORECASE,
)
_LINK = re.compile(r"(\[)([^\]\[\n]*)(\]\([^)\n]*\)|\]\[[^\]\n]*\])")
_EMPHASIS = re.compile(r"(?<![\w*])([*_]{1,3})(?=\S)|(?<=\S)([*_]{1,3})(?![\w*])|(~~|==)")
_LINE_START = re.compile(
    r"^[ \t]*(?:>[ \t]?)*(?:#{1,6}[ \t]+|(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?", re.M
)


def masked(text: str, markup: bool = True) -> str:
    """The text with blanks for markup and citations, of the same length; line breaks stay."""
    chars = list(text)
    if markup:
        for match in _LINE_START.finditer(text):
            _blank(chars, match.start(), match.end())
    for pattern in (_WHOLE, _AUTHOR_YEAR, _IDENTIFIER):
        for match in pattern.finditer(text):
            end = match.end() - len(match.group()) + len(match.group().rstrip(".,;:"))
            _blank(chars, match.start(), end)
    if markup:
        for match in _LINK.finditer(text):
            _blank(chars, *match.span(1))
            _blank(chars, *match.span(3))
        for match in _EMPHASIS.finditer(text):
            _blank(chars, *match.span())
    return "".join(chars)


def _blank(chars: list[str], start: int, end: int) -> None:
    for place in range(start, end):
        if chars[place] != "\n":
            chars[place] = " "
