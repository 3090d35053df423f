"""Formulas of a JATS article as one line of readable text: MathML or TeX -> ``(a + b)/c²``.

A formula that is only a picture reads ``[formula]``, so that no sentence quietly lacks its number.
"""

import re
from collections.abc import Callable
from typing import Any

from corpus.readers.inline_markup import lowered, raised

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
#: Elements that hold a formula and nothing else.
FORMULAS = frozenset({"inline-formula", "disp-formula", "tex-math", "chem-struct", f"{_MATHML}math"})
_PREAMBLE = re.compile(r"\\(?:documentclass|usepackage|setlength|begin\{document\}|end\{document\})")
_TEX_BODY = re.compile(r"\\begin\{document\}(.*)\\end\{document\}", re.DOTALL)
_SPACED_SIGNS = frozenset("=<>≤≥±×+−-≈∼→⇒∈·÷≠")


def formula_text(element: Any) -> str:
    """The formula in one line, its number (``(1)``) behind it."""
    math = element if element.tag == f"{_MATHML}math" else next(element.iter(f"{_MATHML}math"), None)
    tex = element if element.tag == "tex-math" else next(element.iter("tex-math"), None)
    label = (element.findtext("label") or "").strip()
    if math is not None:
        text = " ".join(_math(math).split())
    elif tex is not None:
        text = _tex("".join(tex.itertext()))
    else:
        text = " ".join(_texts(element).split())
    text = text or "[formula]"
    return f" {text} {label} " if label else text if element.tag != "disp-formula" else f" {text} "


def _texts(element: Any) -> str:
    """Characters of a formula that is written with letters and markup; the label apart."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag not in ("label", "graphic", "inline-graphic", "object-id", "alt-text", "long-desc"):
            pieces.append(_texts(child) if isinstance(child.tag, str) else "")
        pieces.append(child.tail or "")
    return "".join(pieces)


def _tex(source: str) -> str:
    body = _TEX_BODY.search(source)
    text = body.group(1) if body else _PREAMBLE.sub(" ", source)
    return " ".join(text.strip().strip("$").replace("\\[", " ").replace("\\]", " ").split())


def _math(node: Any) -> str:
    """One node of MathML as text."""
    if not isinstance(node.tag, str):
        return ""
    name = node.tag.removeprefix(_MATHML)
    if name in ("mi", "mn", "mtext", "ms"):
        return "".join(node.itertext()).strip(" \t\r\n")
    if name == "mo":
        sign = "".join(node.itertext()).strip()
        return f" {sign} " if sign in _SPACED_SIGNS else sign
    if name == "mspace":
        return " "
    if name in ("annotation", "annotation-xml"):
        return ""
    return _arranged(name, [_math(child) for child in node])


def _arranged(name: str, parts: list[str]) -> str:
    """What a layout element makes of its parts."""
    if name == "mfrac" and len(parts) == 2:
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if name in ("msup", "mover") and len(parts) == 2:
        return _base(parts[0]) + _script(parts[1], raised, "^")
    if name in ("msub", "munder") and len(parts) == 2:
        return parts[0] + _script(parts[1], lowered, "_")
    if name in ("msubsup", "munderover") and len(parts) == 3:
        return parts[0] + _script(parts[1], lowered, "_") + _script(parts[2], raised, "^")
    if name == "msqrt":
        return f"√({''.join(parts).strip()})"
    if name == "mfenced":
        return f"({', '.join(part.strip() for part in parts)})"
    if name in ("mtr", "mtable"):
        return ("; " if name == "mtable" else ", ").join(parts)
    return "".join(parts)


def _grouped(part: str) -> str:
    bare = part.strip()
    return bare if len(bare) <= 2 or bare.replace(".", "").isalnum() else f"({bare})"


def _base(part: str) -> str:
    """What a power is of: letters, a number or a bracket as it is, all else in brackets."""
    bare = part.strip()
    return bare if bare.endswith((")", "]", "|")) or bare.isalnum() else _grouped(part)


def _script(part: str, written: Callable[[str, str], str], sign: str) -> str:
    """A script as raised or lowered signs where Unicode has them, else after its sign."""
    bare = "".join(part.split())
    small = written(bare, "")
    return small if small != bare else f"{sign}{_grouped(part)}" if bare else ""
