"""A sentence in the plain words of direction that the rest of `stance` reads, idioms put back into them.

"Were less likely to die of" becomes "had a lower risk of death from", "left it unchanged" becomes "did not
change it", "averaged 0.96 cramps against 3.63 on placebo" becomes "had less cramps". Each character of the
plain wording knows where it came from, so a span of it can be quoted from the sentence as it was written.
"""

import re
from dataclasses import dataclass

from search_api.stance.idioms import IDIOMS, NUMBER

_COMPILED = tuple((re.compile(written, re.IGNORECASE), read) for written, read in IDIOMS)
#: Two figures that are set against each other: of the treated, then of the others.
_FIGURES = (
    re.compile(
        rf"\b(?:averaged|had|reported|recorded)\s+(?P<a>{NUMBER})\s+(?P<what>[a-z][a-z -]*?)"
        r"(?:\s+(?:a|per)\s+(?:night|day|week|month|year))?\s+(?:against|versus|vs\.?|compared with)\s+"
        rf"(?P<b>{NUMBER})\s+(?:on|with|in)\s+(?:the\s+)?(?:placebo|controls?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:showed|had|developed)\s+(?P<what>[a-z][a-z -]*?)\s+in\s+"
        rf"(?P<a>{NUMBER})\s*%\s+(?:versus|vs\.?)\s+"
        rf"(?P<b>{NUMBER})\s*%",
        re.IGNORECASE,
    ),
)
_GROUP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """``text`` in plain words; character ``i`` of it came from ``origin[i]`` of the sentence."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the sentence as it was written."""
        if start >= end:
            there = (
                self.origin[start] if start < len(self.origin) else self.origin[-1] + 1 if self.origin else 0
            )
            return there, there
        places = self.origin[start:end]
        return min(places), max(places) + 1


def plain_wording(sentence: str) -> Wording:
    """The sentence with its idioms put into plain words of direction."""
    wording = Wording(sentence, tuple(range(len(sentence))))
    for figures in _FIGURES:
        wording = _replaced(wording, figures, None)
    for written, read in _COMPILED:
        wording = _replaced(wording, written, read)
    return wording


def _replaced(wording: Wording, written: re.Pattern[str], read: str | None) -> Wording:
    text: list[str] = []
    origin: list[int] = []
    after = 0
    for match in written.finditer(wording.text):
        text.append(wording.text[after : match.start()])
        origin.extend(wording.origin[after : match.start()])
        for piece, place in _pieces(wording, match, read or _compared(match)):
            text.append(piece)
            origin.extend(place)
        after = match.end()
    if not after:
        return wording
    return Wording("".join(text) + wording.text[after:], (*origin, *wording.origin[after:]))


def _pieces(wording: Wording, match: re.Match[str], read: str) -> list[tuple[str, tuple[int, ...]]]:
    """The words that replace a match, each with its places: a group's own, else the start of the match."""
    pieces = []
    for number, piece in enumerate(_GROUP.split(read)):
        if number % 2 == 0:
            pieces.append((piece, (wording.origin[match.start()],) * len(piece)))
        elif match.group(piece):
            pieces.append((match.group(piece), wording.origin[match.start(piece) : match.end(piece)]))
    return pieces


def _compared(match: re.Match[str]) -> str:
    """What two figures say of the first: fewer, more or the same."""
    first, second = float(match.group("a")), float(match.group("b"))
    if first == second:
        return "had no difference in {what}"
    return "had less {what}" if first < second else "had more {what}"
