r"""Text -> LaTeX that `corpus.readers.latex_text` turns back into the same text.

Accents and symbols by pylatexenc's table; a character is only escaped where reading it gives it back,
else it stays as it is, in UTF-8, which LaTeX reads since 2018. What LaTeX would make of neighbours
(``--``, two apostrophes, ``?`` and an accent) is kept apart by empty braces; braces are written by name,
for BibTeX counts them however they are escaped.
"""

import re
import unicodedata
from functools import lru_cache

from corpus.readers.latex_text import plain

_BY_NAME = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{sign: "\\" + sign for sign in "%&$#_"},
}
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+-=()", strict=True))
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", "0123456789+-=()n", strict=True))
_SCRIPTS = re.compile(f"([{''.join(_SUBSCRIPTS)}]+)|([{''.join(_SUPERSCRIPTS)}]+)")
_NEIGHBOURS = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')|(?<=[?!])(?=`)|(?<=<)(?=<)|(?<=>)(?=>)")
_ENTITY = re.compile(r"\\&(?=#?\w{1,31};)")
_SPECIAL = re.compile(r"[^\w\s.,;:!?()\[\]/+=*@<>'\"`|-]|[^\x00-\x7f]|_")
_WORD = re.compile(r"\S+")
_CORE = re.compile(r"[^\W_](?:.*[^\W_])?")


def escaped(text: str) -> str:
    r"""The text in LaTeX.

    >>> escaped("Götze & K₂: 50% of x_1")
    'G{\\"o}tze \\& K\\textsubscript{2}: 50\\% of x\\_1'
    """
    if not text.isascii() or _SPECIAL.search(text):
        pieces = []
        at = 0
        for match in _SCRIPTS.finditer(text):
            pieces += [_signs(text[at : match.start()]), _script(match)]
            at = match.end()
        return "".join([*pieces, _signs(text[at:])])
    return _NEIGHBOURS.sub("{}", text)


def with_capitals_kept(title: str) -> str:
    """The title in LaTeX, each word in braces whose capitals a style must not take away.

    The first word may begin with a capital anyway; whatever else the record capitalises stays so.

    >>> with_capitals_kept("Vitamin K and dp-ucMGP in the Rotterdam Study")
    'Vitamin {K} and {dp-ucMGP} in the {Rotterdam} {Study}'
    """
    pieces = []
    at = 0
    for number, match in enumerate(_WORD.finditer(title)):
        pieces += [escaped(title[at : match.start()]), _word(match.group(), first=number == 0)]
        at = match.end()
    return "".join(pieces)


def _word(word: str, first: bool) -> str:
    core = _CORE.search(word)
    letters = core.group()[1:] if core and first else word
    if core is None or letters == letters.lower():
        return escaped(word)
    before, after = word[: core.start()], word[core.end() :]
    return f"{escaped(before)}{{{escaped(core.group())}}}{escaped(after)}"


def _signs(text: str) -> str:
    apart = _NEIGHBOURS.sub("\0", text)
    written = "".join(_BY_NAME.get(sign) or (sign if sign.isascii() else _sign(sign)) for sign in apart)
    return _ENTITY.sub(r"{\\&}", written).replace("\0", "{}")


def _script(match: re.Match[str]) -> str:
    table, name = (_SUBSCRIPTS, "sub") if match.group(1) else (_SUPERSCRIPTS, "super")
    return rf"\text{name}script{{{''.join(table[sign] for sign in match.group())}}}"


@lru_cache(maxsize=4096)
def _sign(sign: str) -> str:
    from pylatexenc.latexencode import unicode_to_latex  # type: ignore[import-untyped]

    if unicodedata.combining(sign):
        return sign
    written = str(unicode_to_latex(sign, unknown_char_policy="keep", unknown_char_warning=False))
    if written == sign or not written.isascii():
        return sign
    whole = written if written.startswith(("{", r"\ensuremath{")) else f"{{{written}}}"
    return whole if plain(f"a{whole}b") == f"a{sign}b" else sign
