"""What an element does to the text that it prints: case, font, quotation marks, affixes."""

from collections.abc import Callable
from typing import Any

from search_api.styling.cited_works import Cite
from search_api.styling.marked_text import Marked, joined, last_visible, marked, plain

Render = Callable[[Cite], Marked | None]

#: Words that title case leaves small inside a title: articles, conjunctions, prepositions (Chicago 8.159).
_LITTLE = """
    a about above across after against along amid among an and around as at before behind below beneath
    beside between beyond but by despite down during except for from in inside into like near nor of off on
    onto or out over past per so than the through throughout till to toward towards under until up upon
    versus via vs with within without yet
"""
_STOP_WORDS = frozenset(_LITTLE.split())
#: Prefixes that are no words by themselves: what follows their hyphen stays small (Chicago 8.161).
_BEGINNINGS = """
    anti auto bi co counter de extra hyper hypo inter intra meta micro mid mini multi non post pre pro pseudo
    re semi sub super tri ultra un
"""
_PREFIXES = frozenset(_BEGINNINGS.split())
_FONTS = (
    ("font-style", {"italic": "italic", "oblique": "italic"}),
    ("font-variant", {"small-caps": "small-caps"}),
    ("font-weight", {"bold": "bold"}),
    ("text-decoration", {"underline": "underline"}),
    ("vertical-align", {"sup": "sup", "sub": "sub"}),
)


def finished(element: Any, inner: Render) -> Render:
    """What ``inner`` prints, in the case, font, quotes and affixes of the element."""
    steps = _steps(element)
    if not steps:
        return inner

    def render(cite: Cite) -> Marked | None:
        text = inner(cite)
        if not text:
            return None
        for step in steps:
            text = step(text, cite)
        return text

    return render


def fonts_and_affixes(element: Any, text: Marked) -> Marked:
    """The text in the font of a layout, within its affixes (which are not set in the font)."""
    wrapped = joined(joined(element.get("prefix", ""), text), element.get("suffix", ""))
    for name in _font_names(element):
        wrapped = marked(name, wrapped)
    return wrapped


def _steps(element: Any) -> list[Callable[[Marked, Cite], Marked]]:
    steps: list[Callable[[Marked, Cite], Marked]] = []
    if element.get("strip-periods", "false").lower() == "true":
        steps.append(lambda text, cite: text.replace(".", ""))
    if (case := element.get("text-case")) in _CASES:
        change = _CASES[case]
        steps.append(lambda text, cite: change(text, cite))
    for name in _font_names(element):
        steps.append(lambda text, cite, name=name: marked(name, text))  # type: ignore[misc]
    if element.get("quotes", "false").lower() == "true":
        opening, closing = (Marked(element.get_single_term(name=f"{end}-quote")) for end in ("open", "close"))
        steps.append(lambda text, cite: joined(joined(opening, text), closing))
    prefix, suffix = element.get("prefix", ""), element.get("suffix", "")
    if prefix or suffix:
        steps.append(lambda text, cite: joined(joined(prefix, text), suffix))
    return steps


def _font_names(element: Any) -> list[str]:
    return [names[element.get(attribute)] for attribute, names in _FONTS if element.get(attribute) in names]


def _titled(text: Marked, cite: Cite) -> Marked:
    """Each word with a capital but the little ones inside; words that have capitals stay as they are."""
    if cite.language != "en":
        return text
    words = []
    before = ":"
    all_words = list(text.words())
    for place, word in enumerate(all_words, start=1):
        if word.islower():
            inside = before not in ":.?!—" and place < len(all_words)
            little = inside and plain(word) in _STOP_WORDS
            word = word.lower() if little else _with_capitals(word)
        before = last_visible(word)
        words.append(word)
    return Marked(" ".join(words))


def _with_capitals(word: Marked) -> Marked:
    """``double-blind`` as ``Double-Blind``, but ``Meta-analysis`` and ``Up-to-Date``."""
    first, *others = word.split("-")
    if not others or plain(first) in _PREFIXES:
        return word.capitalize_first()
    parts = [other if other in _STOP_WORDS else Marked(other).capitalize_first() for other in others]
    return Marked("-".join((Marked(first).capitalize_first(), *parts)))


def _sentenced(text: Marked, cite: Cite) -> Marked:
    """Only the first word with a capital, and words that are capitals throughout."""
    shouted = text.isupper()
    words = [word if shouted or word.isupper() else word.lower() for word in text.words()]
    return Marked(" ".join(words)).capitalize_first()


_CASES: dict[str, Callable[[Marked, Cite], Marked]] = {
    "lowercase": lambda text, cite: text.lower(),
    "uppercase": lambda text, cite: text.upper(),
    "capitalize-first": lambda text, cite: text.capitalize_first(),
    "capitalize-all": lambda text, cite: Marked(" ".join(word.capitalize_first() for word in text.words())),
    "title": _titled,
    "sentence": _sentenced,
}
