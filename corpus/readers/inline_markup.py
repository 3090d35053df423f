"""Titles and abstracts with inline markup -> plain text that reads as the page does.

Emphasis goes; what stands above or below the line stays readable: 10<sup>-3</sup> becomes 10⁻³,
CO<sub>2</sub> CO₂, V<sub>max</sub> Vmax, 10<sup>2.5</sup> 10^2.5. MathML is written in one line.
"""

import html
import re
from typing import Any

Element = Any

_BLANKS = re.compile(r"[ \t\r\n]+")
_UP = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
_DOWN = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_RAISED = frozenset({"sup", "superscript"})
_LOWERED = frozenset({"sub", "inf", "subscript"})
_LEFT_OUT = frozenset({"annotation", "annotation-xml", "none", "mprescripts", "tex-math"})
#: Markup nested deeper than this is read without regard to it.
_DEEPEST = 60


def plain(element: Element) -> str:
    """The text of an element without its markup, blanks and line breaks as one blank."""
    text = _text(element, 0) if len(element) else element.text or ""
    # Most texts are in one line already, and looking is several times faster than replacing.
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        text = _BLANKS.sub(" ", text)
    return text.strip()


def raised(text: str, before: str = "") -> str:
    """A superscript after the character ``before``; ``^`` where plain digits would mislead."""
    if text and all(c in _UP for c in text):
        return "".join(_UP[c] for c in text)
    return f"^{text}" if before.isalnum() and any(c.isdigit() for c in text) else text


def lowered(text: str, before: str = "") -> str:
    """A subscript after the character ``before``; ``_`` where a number would run into another."""
    if text and all(c in _DOWN for c in text):
        return "".join(_DOWN[c] for c in text)
    return f"_{text}" if before.isdigit() and text[:1].isdigit() else text


def _text(element: Element, depth: int) -> str:
    if depth > _DEEPEST:
        return "".join(element.itertext())
    text = element.text or ""
    for child in element:
        text += _child(child, text[-1:], depth + 1)
        text += child.tail or ""
    return text


def _child(child: Element, before: str, depth: int) -> str:
    if not isinstance(child.tag, str):
        # An entity that only the DTD declares, &alpha;; comments are gone before.
        return html.unescape(child.text or "") if (child.text or "").startswith("&") else ""
    name = _name(child)
    if name == "math":
        return _math(child, depth)
    text = _text(child, depth)
    if name in _RAISED:
        return raised(text, before)
    return lowered(text, before) if name in _LOWERED else text


def _math(node: Element, depth: int) -> str:
    if not isinstance(node.tag, str) or _name(node) in _LEFT_OUT:
        return ""
    if len(node) == 0 or depth > _DEEPEST:
        text = _BLANKS.sub(" ", "".join(node.itertext()))
        return text if _name(node) == "mtext" else text.strip()
    parts = [_math(child, depth + 1) for child in node]
    return _arranged(_name(node), parts, node)


def _arranged(name: str, parts: list[str], node: Element) -> str:
    """The parts of a MathML element in one line."""
    if name == "mmultiscripts":
        return _multiscripts(parts, [_name(child) for child in node])
    if name in ("msup", "msub") and len(parts) == 2:
        base, script = parts
        return base + (raised if name == "msup" else lowered)(script, base[-1:])
    if name == "msubsup" and len(parts) == 3:
        base, below, above = parts
        return base + lowered(below, base[-1:]) + raised(above, base[-1:])
    if name == "mfrac" and len(parts) == 2:
        return "/".join(part if part.isalnum() else f"({part})" for part in parts)
    if name == "msqrt":
        return f"√({''.join(parts)})"
    return "".join(parts)


def _multiscripts(parts: list[str], names: list[str]) -> str:
    """Base, pairs of sub- and superscripts, and after ``mprescripts`` those that stand in front."""
    middle = names.index("mprescripts") if "mprescripts" in names else len(names)
    base, after, front = "".join(parts[:1]), parts[1:middle], parts[middle + 1 :]
    return _scripts(front, "") + base + _scripts(after, base[-1:])


def _scripts(parts: list[str], before: str) -> str:
    pairs = zip(parts[::2], [*parts[1::2], ""], strict=False)
    return "".join(lowered(below, before) + raised(above, before) for below, above in pairs)


def _name(element: Element) -> str:
    """The local name; the prefix stays in the tag where nothing declares it."""
    tag: str = element.tag if isinstance(element.tag, str) else ""
    return re.split("[}:]", tag)[-1].casefold()
