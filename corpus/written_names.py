"""Author names as exports write them in one cell -> CSL names.

A cell holds ``Family, Given; Family, Given`` or ``Given Family; Given Family`` (Lens, Zotero, EBSCO),
``Family GG, Family GG`` (PubMed, Embase, older Scopus), ``Family, G. and Family, G.`` (Rayyan) or
``Given Family|Given Family`` (OpenAlex). Which one is told by the separators; within one name a comma
or closing initials tell the family name. Groups ("... Study Group") are kept whole, as a literal.
"""

import re
from typing import Any

from bibtexparser.middlewares.names import parse_single_name_into_parts

Name = dict[str, str]

_ET_AL = re.compile(r"\s*[,;|]?\s*(?:\band others|\bet\.? al\.?|\.\.\.|…)\s*$", re.IGNORECASE)
_PUBMED_LIST = re.compile(r"[^.;]*,[^.;,]* [^.;,]*\.")
_SCOPUS_ID = re.compile(r"\s*\(\d{5,}\)\s*$")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|2nd|3rd)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[-‐]?){1,5}\.?")
_GROUP = re.compile(
    r"\b(?:group|consortium|collaborat\w+|committee|team|network|investigators|association|society|"
    r"organi[sz]ation|institute|ministry|department|university|foundation|agency|council|trialists|"
    r"federation|college|cent(?:er|re)|initiative|task force|study|trial)\b",
    re.IGNORECASE,
)
_NOTHING = frozenset({"", "null", "none", "nan", "anonymous", "[no authors listed]", "no authors listed"})


def names_in(cell: str) -> tuple[list[Name], bool]:
    """The names of a cell, and whether the list is complete (no "et al.").

    >>> names_in("Yang Z., Dos Santos H.B., et al.")
    ([{'family': 'Yang', 'given': 'Z.'}, {'family': 'Dos Santos', 'given': 'H.B.'}], False)
    """
    text = " ".join(cell.split())
    cut = _ET_AL.search(text[-40:])
    if cut:
        text = text[: max(len(text) - 40, 0) + cut.start()] + (";" if ";" in cut.group() else "")
    if _PUBMED_LIST.fullmatch(text):
        text = text[:-1]  # PubMed ends the whole list with a full stop: "Tan J, Zhu R."
    written = [part.strip(" ;|").lstrip(",") for part in _split(text)]
    commas = any("," in part for part in written)
    names = [_named(_SCOPUS_ID.sub("", part), commas) for part in written if part.casefold() not in _NOTHING]
    return [name for name in names if name], cut is None


def person(family: str, given: str = "", suffix: str = "") -> Name:
    """A CSL name of the parts that are not empty."""
    parts = {"family": family, "given": given, "suffix": suffix}
    return {field: value for field, value in parts.items() if value}


def given_first(words: str) -> Name:
    """``Ludwig van Beethoven`` as a CSL name; the particle stays with the family name."""
    # Lens writes "null" for a given name that it lacks.
    known = " ".join(word for word in words.replace("\\", "").split() if word.casefold() != "null")
    parts: Any = parse_single_name_into_parts(known, strict=False)
    return person(" ".join((*parts.von, *parts.last)), " ".join(parts.first), " ".join(parts.jr))


def _split(text: str) -> list[str]:
    for separator in (r"\s*\|\s*", r"\s*;\s*", r"\s+and\s+(?=[^,]+,)"):
        parts = re.split(separator, text)
        if len(parts) > 1:
            return parts
    pieces = [piece.strip() for piece in re.split(r",|\s+(?:and|&)\s+", text) if piece.strip()]
    return _comma_list(pieces)


def _comma_list(pieces: list[str]) -> list[str]:
    """Names from a list with commas only, which stand between names or inside them."""
    if len(pieces) < 2 or all(_family_and_initials(piece) for piece in pieces):
        return pieces
    paired = len(pieces) % 2 == 0
    givens = pieces[1::2]
    single_words = all(" " not in piece for piece in pieces)
    if paired and (single_words or len(pieces) == 2 or all(_is_initials(given) for given in givens)):
        both_whole = (
            len(pieces) == 2 and all(" " in piece for piece in pieces) and not _is_initials(pieces[1])
        )
        return pieces if both_whole else [f"{a}, {b}" for a, b in zip(pieces[::2], givens, strict=True)]
    if len(pieces) == 3 and _SUFFIX.fullmatch(pieces[2]):
        return [", ".join(pieces)]
    return pieces


def _named(words: str, others_have_commas: bool) -> Name:
    if words[:1] == "{" and words[-1:] == "}":
        return {"literal": words[1:-1]}
    if words.endswith(",") and (shortened := _family_and_initials(words[:-1])):
        return shortened
    if "," in words:
        family, *rest = (part.strip() for part in words.split(","))
        suffix = next((part for part in rest if _SUFFIX.fullmatch(part)), "")
        return person(family, " ".join(part for part in rest if part and part != suffix), suffix)
    if others_have_commas or " " not in words or _GROUP.search(words):
        return {"literal": words} if words else {}
    return _family_and_initials(words) or given_first(words)


def _family_and_initials(words: str) -> Name:
    """``Dos Santos H.B.`` as a name, empty where the words do not end in initials."""
    tokens = words.split()
    first = len(tokens)
    while first > 1 and _is_initials(tokens[first - 1]):
        first -= 1
    if first == len(tokens) or not tokens or len(tokens[0].rstrip(".")) < 2:
        return {}
    given = " ".join(tokens[first:])
    return person(" ".join(tokens[:first]), given)


def _is_initials(words: str) -> bool:
    return words == words.upper() and all(_INITIALS.fullmatch(token) for token in words.split())
