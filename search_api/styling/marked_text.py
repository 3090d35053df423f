"""Text that carries its italics: a string with invisible marks, turned into plain text or HTML at the end.

Styles are applied once, whatever comes out of it; what is mended afterwards is mended once as well. The
marks are characters of the private use area (U+E000 to U+E00B), which are taken out of whatever comes in.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

_NAMES = ("italic", "bold", "small-caps", "sup", "sub", "underline")
ON = {name: chr(0xE000 + 2 * place) for place, name in enumerate(_NAMES)}
OFF = {name: chr(0xE001 + 2 * place) for place, name in enumerate(_NAMES)}
#: Any number of marks, for use in patterns over marked text.
MARKS = "[\ue000-\ue00b]*"

_MARK = re.compile("[\ue000-\ue00b]")
_TAGS = {"italic": "i", "bold": "b", "small-caps": "span", "sup": "sup", "sub": "sub", "underline": "u"}
_HTML = {
    **{
        ON[name]: f'<{tag} class="small-caps">' if tag == "span" else f"<{tag}>"
        for name, tag in _TAGS.items()
    },
    **{OFF[name]: f"</{tag}>" for name, tag in _TAGS.items()},
}
_ADDRESS = re.compile(r"https?://[^\s<>\"”’\ue000-\ue00b]*[^\s<>\"”’.,;:!?)\]\ue000-\ue00b]")
#: Punctuation that is not doubled where two pieces meet; so it is in citeproc-py.
_SEAM = frozenset(" .,;:!?")
#: The few tags that CSL-JSON allows in a text.
_INPUT_TAGS = re.compile(r"<(/?)(i|b|sub|sup|sc|span)(?: [^<>]*)?>")
_TAG_NAMES = {"i": "italic", "b": "bold", "sub": "sub", "sup": "sup", "sc": "small-caps"}


class Marked(str):
    """A string with marks, and the operations that citeproc-py asks of its own strings."""

    __slots__ = ()

    def __add__(self, other: str) -> "Marked":
        return joined(self, other)

    def __radd__(self, other: str) -> "Marked":
        return joined(other, self)

    def replace(self, *args: Any) -> "Marked":
        """As of a string."""
        return Marked(super().replace(*args))

    def rstrip(self, *args: Any) -> "Marked":
        """As of a string."""
        return Marked(super().rstrip(*args))

    def lower(self) -> "Marked":
        """As of a string."""
        return Marked(super().lower())

    soft_lower = lower

    def upper(self) -> "Marked":
        """As of a string."""
        return Marked(super().upper())

    def capitalize_first(self) -> "Marked":
        """The first letter as a capital, marks in front of it notwithstanding."""
        at = next((place for place, sign in enumerate(self) if not _is_mark(sign)), len(self))
        return Marked(self[:at] + self[at : at + 1].upper() + self[at + 1 :])

    def words(self) -> Iterator["Marked"]:
        """The words between blanks."""
        return map(Marked, self.split())


def marked(name: str, text: Any) -> Marked:
    """The text within the marks of that name; no text needs none."""
    return Marked() if not text else Marked(f"{ON[name]}{text}{OFF[name]}")


def incoming(value: Any) -> Marked:
    """A value of a record as marked text."""
    text = str(value)
    if not text.isascii():
        text = _MARK.sub("", text)
    return Marked(_INPUT_TAGS.sub(_as_mark, text) if "<" in text else text)


def _as_mark(match: re.Match[str]) -> str:
    name = _TAG_NAMES.get(match.group(2))
    return "" if name is None else OFF[name] if match.group(1) else ON[name]


def joined(left: str, right: str) -> Marked:
    """Both as one; a blank or punctuation mark that both have where they meet stands once."""
    if not left or not right:
        return Marked(left or right)
    last, first = left[-1], right[0]
    if last not in _SEAM and not _is_mark(last):
        return Marked(str.__add__(left, right))
    if last == first:
        return Marked(str.__add__(left, right[1:]))
    if _is_mark(last) or _is_mark(first):
        return _joined_across_marks(left, right)
    return Marked(str.__add__(left, right))


def _joined_across_marks(left: str, right: str) -> Marked:
    last = next((sign for sign in reversed(left) if not _is_mark(sign)), "")
    at = next((place for place, sign in enumerate(right) if not _is_mark(sign)), len(right))
    doubled = at < len(right) and right[at] == last and last in _SEAM
    return Marked(str.__add__(left, right[:at] + right[at + 1 :] if doubled else right))


def joined_by(pieces: list[Marked], delimiter: str) -> Marked:
    """The pieces with the delimiter between them."""
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = joined(joined(whole, delimiter), piece) if delimiter else joined(whole, piece)
    return whole


def last_visible(text: str) -> str:
    """The last character that is no mark."""
    if text and not _is_mark(text[-1]):
        return text[-1]
    return next((sign for sign in reversed(text) if not _is_mark(sign)), "")


def plain(text: str) -> str:
    """The text without its marks."""
    return str.__str__(text) if text.isascii() else _MARK.sub("", text)


def html(text: str) -> str:
    """The text as HTML, with addresses as links."""
    pieces = []
    at = 0
    for match in _ADDRESS.finditer(text):
        address = escape(match.group())
        pieces += [_tagged(text[at : match.start()]), f'<a href="{address}">{address}</a>']
        at = match.end()
    return "".join([*pieces, _tagged(text[at:])])


def _tagged(text: str) -> str:
    return _MARK.sub(lambda mark: _HTML[mark.group()], escape(text, quote=False))


def _is_mark(sign: str) -> bool:
    return "\ue000" <= sign <= "\ue00b"
