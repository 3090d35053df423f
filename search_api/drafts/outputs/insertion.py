"""Where citations go into a draft, and the draft with something put there; all else stays as it is.

What is cited together at one place is a *cluster* of `search_api.reference_list`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.records import Source
from search_api.drafts.records import CitedDraft
from search_api.reference_list import PrintedText, ReferenceList, reference_list

_CLOSING = re.compile(r"[.!?…,;:]+(?P<quotes>[\"'”’)\]*_]*)\s*$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the draft where works are cited: before the full stop, and behind it for raised numbers."""

    before: int
    behind: int
    sources: tuple[Source, ...]


def places(cited: CitedDraft) -> tuple[Place, ...]:
    """The places for citations in the order of the text."""
    found = []
    for insertion in (insertion for sentence in cited.sentences for insertion in sentence.insert):
        words = cited.draft.text[insertion.start : insertion.end]
        end = insertion.start + len(words.rstrip())
        closing = _CLOSING.search(cited.draft.text, insertion.start, end)
        quoted = closing is not None and closing.group("quotes")
        found.append(Place(closing.start() if closing and not quoted else end, end, insertion.sources))
    return tuple(found)


def printed(where: Sequence[Place], style: str) -> ReferenceList:
    """The citations of the places in a style, and the list of what they cite; raises `UnknownStyleError`."""
    return reference_list([place.sources for place in where], style)


def is_raised(citation: PrintedText) -> bool:
    """Whether a citation stands above the line, and so behind the full stop."""
    return citation.html.startswith("<sup")


def with_insertions(text: str, insertions: Sequence[tuple[int, str]]) -> str:
    """The text with each string put in at its offset; offsets ascend."""
    pieces = []
    at = 0
    for offset, inserted in insertions:
        pieces += [text[at:offset], inserted]
        at = offset
    return "".join([*pieces, text[at:]])


def works_of(cited_places: Sequence[Place], own: Sequence[Source] = ()) -> tuple[Source, ...]:
    """Every work that is cited, once, in the order of the text, then the draft's own."""
    works = {source.source_id: source for place in cited_places for source in place.sources}
    return tuple((works | {source.source_id: source for source in own}).values())


def without_fence(code: str) -> str:
    """Code without the lines of signs around it."""
    return re.sub(r"\A\s*(`{3,}|~{3,})[^\n]*\n|\n\s*(`{3,}|~{3,})\s*\Z", "", code)


def named_by_key(cited: CitedDraft) -> tuple[Source, ...]:
    """The works that the draft cites by key already: a bibliography file has to hold them too."""
    own = (judged.citation for sentence in cited.sentences for judged in sentence.own)
    found = {c.source.source_id: c.source for c in own if c.how == "key" and c.source is not None}
    return tuple(found.values())


def list_title(cited: CitedDraft) -> str:
    """The heading of the appended list; another one where the draft has a list of its own."""
    own = any(p.kind == "reference" for p in cited.draft.paragraphs)
    return "Further references" if own else "References"
