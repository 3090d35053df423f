r"""LaTeX in a BibTeX value -> the characters that a reader sees.

Accents and symbols by pylatexenc (https://pylatexenc.readthedocs.io). What it would get wrong in
bibliographies is corrected before: a bare ``%`` is a per cent sign in an abstract, not the start of a
comment; ``$5 and $10`` are prices, not a formula; ``K$_2$`` and ``H\textsubscript{2}O`` are K₂ and H₂O.
Braces go, the capitals that they protect stay.
"""

import re
from functools import cache, lru_cache
from html import unescape

from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]
from pylatexenc.latexwalker import LatexWalkerError  # type: ignore[import-untyped]

_SPECIAL = re.compile(r"[\\{}$~%^_]|``|''|--|&(?:#?\w{2,8});")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
# What pandoc takes for a formula: no blank inside the dollar signs, no digit after the closing one.
_FORMULA = re.compile(r"(?<!\\)\$(?=\S)([^$]{1,300}?)(?<=[^\s\\])\$(?!\d)")
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]{1,20})\}|([^\s\\{}]))")
_TEXT_SCRIPT = re.compile(r"\\text(sub|super)script\s*\{([^{}]{1,20})\}")
_UPRIGHT = re.compile(r"\\(?:mathrm|mathit|mathbf|mathsf|rm|it|bf|text|textrm|ensuremath|mbox)\s*(?=\{)")
_BRACE = re.compile(r"\\.|([{}])", re.DOTALL)
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
# An accent over one letter, in any of the ways to brace it: \\'e \\'{e} {\\'e} {\\'{\\i}} {\\v{s}}
_ACCENT = re.compile(
    r"""\{\\["'`^~=.]\{?\\?[A-Za-z]\}?\}|\{\\[uvHtcdbkr]\{\\?[A-Za-z]\}\}|\\["'`^~=.](?:\{[A-Za-z]\}|[A-Za-z])"""
)
_MACRO = re.compile(r"\\(?![%&_$#])")
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " "), ("{", ""), ("}", ""))
_DEEPEST = 20
#: Names that pylatexenc does not know, or takes for a modifier letter that only looks like the sign.
_MISREAD = (
    (re.compile(r"\\textasciicircum(?![A-Za-z])(?:\{\}|\s+)?"), "^"),
    (re.compile(r"\\textbrace(left|right)(?![A-Za-z])"), lambda m: rf"\{m.group(1)[0]}brace"),
)
#: Only whole entities: in an address, "&copy=2" is a parameter.
_ENTITY = re.compile(r"&(?:#\w{1,7}|[A-Za-z]\w{1,30});")
#: Beyond it a value is taken apart without the parser, which needs 0.1 ms a macro.
_LONGEST = 50_000


def plain(value: str) -> str:
    r"""The text of a LaTeX value on one line.

    >>> plain(r"{An} $\alpha$-study of G{\"o}tze \& K$_2$: 50% of $5")
    'An α-study of Götze & K₂: 50% of $5'
    """
    if not _SPECIAL.search(value):
        return " ".join(value.split())
    value = with_paired_braces(value)
    prepared = _BARE_PERCENT.sub(r"\\%", without_entities(value))
    for misread, meant in _MISREAD:
        prepared = misread.sub(meant, prepared)
    prepared = _TEXT_SCRIPT.sub(lambda m: _script(m.group(2), m.group(1) == "sub"), prepared)
    accented = _ACCENT.sub(lambda m: _character(m.group()), _with_formulas(prepared))
    return " ".join((_decoded if _MACRO.search(accented) else _unescaped)(accented).split())


def verbatim(value: str) -> str:
    r"""An identifier or address, in which only the escapes of LaTeX's own signs are undone.

    >>> verbatim(r"10.1000/a\_b{\%}c")
    '10.1000/a_b%c'
    """
    bare = re.sub(r"\\url\s*(?=\{)|[{}]|\\(?=[_%&#~$])", "", value).replace(r"\textunderscore", "_")
    return "".join(without_entities(bare).split())


def without_entities(value: str) -> str:
    """The characters that entities of HTML stand for in their place."""
    return _ENTITY.sub(lambda match: unescape(match.group()), value)


def with_paired_braces(value: str) -> str:
    """The value itself, or without any brace where they do not pair or nest too deep to mean anything."""
    return value if _sound(value) else value.replace("{", "").replace("}", "")


def _with_formulas(text: str) -> str:
    """Formulas set in Unicode; a dollar sign that opens none is escaped."""
    pieces = []
    at = 0
    for match in _FORMULA.finditer(text):
        pieces += [_dollars_escaped(text[at : match.start()]), _formula(match.group(1))]
        at = match.end()
    return "".join([*pieces, _dollars_escaped(text[at:])])


def _dollars_escaped(text: str) -> str:
    return re.sub(r"(?<!\\)\$", r"\\$", text)


def _formula(inner: str) -> str:
    inner = _UPRIGHT.sub("", inner)
    set_scripts = _SCRIPT.sub(lambda m: _script(m.group(2) or m.group(3), m.group(1) == "_"), inner)
    return set_scripts if "\\" not in set_scripts else f"{{{set_scripts}}}"


def _script(text: str, below: bool) -> str:
    moved = text.translate(_SUBSCRIPTS if below else _SUPERSCRIPTS)
    return moved if not moved.isascii() else text


@lru_cache(maxsize=4096)
def _character(accent: str) -> str:
    return _decoded(accent)


def _unescaped(text: str) -> str:
    """What the parser would make of a text without macros, a hundred times faster."""
    for written, sign in _LIGATURES:
        text = text.replace(written, sign)
    return re.sub(r"\\([%&_$#])", r"\1", text)


def _decoded(text: str) -> str:
    if len(text) > _LONGEST:
        return re.sub(r"[{}\\]", "", text)
    try:
        return str(_converter().latex_to_text(text))
    except (LatexWalkerError, RecursionError, ValueError, IndexError, TypeError):
        # Not LaTeX after all: the letters are worth more than the signs.
        return re.sub(r"[{}\\]", "", text)


@cache
def _converter() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False, keep_comments=True)


def _sound(value: str) -> bool:
    """Whether the braces pair, and not so deep that a recursive parser would give up."""
    depth = 0
    for match in _BRACE.finditer(value):
        depth += {"{": 1, "}": -1}.get(match.group(1) or "", 0)
        if not 0 <= depth <= _DEEPEST:
            return False
    return depth == 0
