"""Forms of a text: the one that offsets count in, and the one that is searched.

``normalised`` keeps every character that a reader sees, so that a quote stays verbatim; only line
endings, trailing blanks and control characters go. ``search_form`` is what the encoder and the
lexical leg see: K₂ and K2, α- and alpha-, µg, μg and mcg become one spelling. It is used on
questions and on passages alike, never shown.
"""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u00ad]")
# Without the look behind, a long run of blanks inside a line would take time by the square of its length.
_TRAILING_BLANKS = re.compile(r"(?<![ \t])[ \t]+(?=\n)")
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_MICRO = re.compile(r"μ(?=(?:g|l|m|mol|M|L)\b)")
_MICROGRAM = re.compile(r"\b(?:mcg|ug)\b")
_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
_GREEK_TABLE = str.maketrans(_GREEK | {k.upper(): v for k, v in _GREEK.items() if k.upper() not in "ΜΧ"})


def normalised(text: str) -> str:
    r"""Line endings as ``\\n``, no control characters, no blanks at line ends; all else as it is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _TRAILING_BLANKS.sub("", _CONTROL.sub("", text))


def search_form(text: str) -> str:
    """The spelling under which a text is searched: NFKC, plain hyphens, Greek letters by name.

    >>> search_form("Vitamin K₂, 90 µg and α‑tocopherol")
    'Vitamin K2, 90 ug and alpha-tocopherol'
    """
    if text.isascii():  # nearly every sentence; of all that is changed only micrograms are in ASCII
        return _MICROGRAM.sub("ug", text) if "mcg" in text else text
    text = unicodedata.normalize("NFKC", text)
    text = _MICRO.sub("u", _HYPHENS.sub("-", text))
    text = text.translate(_GREEK_TABLE)
    return _MICROGRAM.sub("ug", text)
