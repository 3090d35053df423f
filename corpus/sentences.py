"""Where sentences begin and end, as offsets.

Own code for a reason: quotes are built on these offsets, so every character must be accounted for,
and medical prose is full of ``vs.``, ``et al.``, ``P = .04`` and ``1.20 (95% CI ...)``. ARCHITECTURE.md
has the comparison with the libraries.
"""

import re

_BLANK = r"[^\S\n]"
#: One number or several, as brackets hold them where an author types citations: ``3–5, 7``, ``1 2``.
CITATION_NUMBERS = rf"\d{{1,3}}(?:(?:{_BLANK}*[,;‐‑‒–—−-]{_BLANK}*|{_BLANK})\d{{1,3}})*"
TYPED_MARKER = rf"\[{CITATION_NUMBERS}\]"
# Possessive, and only from the first mark of a run: a line of 20,000 dots must not take seconds. A citation
# behind the mark belongs to the sentence that the mark ends, "It fell.[3] The next".
_END = re.compile(
    r"""(?<![.!?])(?P<mark>[.!?]++["'”’)\]]*+)"""
    rf"""(?P<cited>(?:{_BLANK}?{TYPED_MARKER})*+)(?=\s++["'“‘(\[]?[A-Z0-9α-ω*•])|\n+"""
)
_ABBREVIATIONS = frozenset(
    [
        "vs",
        "al",
        "e.g",
        "i.e",
        "cf",
        "fig",
        "figs",
        "tab",
        "eq",
        "ref",
        "refs",
        "no",
        "nos",
        "vol",
        "pp",
        "ed",
        "eds",
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "st",
        "approx",
        "ca",
        "resp",
        "incl",
        "viz",
        "sp",
        "spp",
        "subsp",
        "var",
        "jr",
        "sr",
        "ph.d",
        "m.d",
        "u.s",
        "u.k",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.]*)\.$")
#: Characters before a full stop that can hold an abbreviation and the word before it.
_TAIL = 32


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a text, in order, without the white space between them.

    A line break always ends a sentence. Every character outside the spans is white space.
    """
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _END.finditer(text):
        if match["mark"] == "." and _is_abbreviation(text, begin, match):
            continue
        _append_trimmed(spans, text, begin, match.end())
        begin = match.end()
    _append_trimmed(spans, text, begin, len(text))
    return spans


def _is_abbreviation(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether the full stop belongs to a word: ``vs.``; before a citation ``et al.`` ends a sentence."""
    end = match.end("mark")
    tail = text[max(begin, end - _TAIL) : end]
    word = _LAST_WORD.search(tail)
    if word is None:
        return False
    bare = word.group(1)
    if match["cited"]:
        return bare.lower() in _ABBREVIATIONS - {"al"}
    is_initial = len(bare) == 1 and bare.isupper() and not tail[: word.start()].rstrip()[-1:].isdigit()
    return bare.lower() in _ABBREVIATIONS or (is_initial and bare not in "IKDCE")


def _append_trimmed(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    stripped = piece.strip()
    if stripped:
        start = begin + piece.index(stripped)
        spans.append((start, start + len(stripped)))
