"""What citeproc-py leaves to be done on a printed entry or citation, always in the same order.

A cut author list is marked by a last author whose name becomes "et al."; what stood around a number that is
not printed goes; American styles have the full stop inside the quotation marks.
"""

import re
from functools import cache

from search_api.styling.marked_text import MARKS, Marked, marked
from search_api.styling.styles import LoadedStyle

#: The family name of the author who stands for those that a record leaves out.
SENTINEL = "ETALSENTINEL"
#: What stood around the number that a style prints in front of an entry.
_LEADING_DEBRIS = re.compile(r"^[\s.,;:)\]]+|^\[(?![^\[]*\])")
_BLANKS = re.compile(r"\s+")
_AFTER_QUOTE = re.compile(f"”({MARKS})([.,])")
_STOP_TWICE = re.compile(rf"([.?!])({MARKS})”({MARKS})\.")


def finished_entry(text: Marked, style: LoadedStyle, numbered: bool = False) -> Marked:
    """An entry of a reference list; ``numbered`` says that the number in front is printed."""
    line = _BLANKS.sub(" ", text).strip()
    entry = _finished(line if numbered else _LEADING_DEBRIS.sub("", line), style, style.comma_before_et_al)
    return Marked(style.by_manual(entry))


def finished_citation(text: Marked, style: LoadedStyle) -> Marked:
    """A citation as it stands in the text, or a note."""
    comma = style.kind == "note" and style.comma_before_et_al
    return _finished(_BLANKS.sub(" ", text).strip(), style, comma)


def _finished(text: str, style: LoadedStyle, comma: bool) -> Marked:
    if SENTINEL.casefold() in text.casefold():
        words = marked("italic", "et al.") if style.et_al_is_italic else "et al."
        text = _with_et_al(text, str(style.root.get_single_term(name="and")), words, comma)
    if "”" in text and str(style.root.get_locale_option("punctuation-in-quote")).casefold() == "true":
        text = _AFTER_QUOTE.sub(r"\2”\1", _STOP_TWICE.sub(r"\1\2”\3", text))
    return Marked(text)


def _with_et_al(text: str, conjunction: str, words: str, comma: bool) -> str:
    """The sentinel and whatever joins it to the name before become "et al."."""

    def et_al(match: re.Match[str]) -> str:
        before, after = match.groups()
        return f"{',' if comma else ''} {words}" + ("" if len(before) == len(after) else before + after)

    joint, in_label = _sentinel_patterns(conjunction)
    # A style may make a label of the names: bibtex does.
    return in_label.sub("", joint.sub(et_al, text))


@cache
def _sentinel_patterns(conjunction: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    joint = rf"(?:[\s,;/&+…·–—-]|(?<!\w)(?:and|{re.escape(conjunction)})(?!\w))*"
    return (
        re.compile(rf"{joint}({MARKS}){SENTINEL}({MARKS})\.?"),
        re.compile(rf"[_-]?{SENTINEL}", re.IGNORECASE),
    )
