"""A sentence cut into clauses, each as long as it stood, with what is no part of its wording blanked.

What stands in brackets is blanked, and so is a comparison with a control ("more than placebo"),
because its ``more`` is not said of an outcome. Blanks keep the offsets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search_api.stance.directions import cues_in

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CUT = re.compile(
    r"\s*[;:]\s+|,?\s+(?=(?:but|whereas|while|although|though|yet|however|because)\b)"
    r"|,\s+(?=not\b)|(?<=[a-z]{3})\.\s+"
    # "and fractures did not differ" is a sentence of its own.
    r"|(?P<anew>\s+)(?=and\s+(?:[\w-]+\s+){1,4}(?:did|was|were)\s+(?:not|un\w+)\b)",
    re.IGNORECASE,
)
_CONTROL = (
    r"(?:(?:an? |those (?:on |given )|on )?"
    r"(?:placebo(?: (?:juice|capsules?|tablets?|pills?|drinks?|group|arm))?"
    r"|controls?|(?:standard|usual) care|(?:dummy|sugar) (?:pills?|tablets?))|no \w+|doing nothing)"
)
_THAN_CONTROL = re.compile(
    rf"\b(?:(?P<no>no|not|not any|n't)\s+)?(?:(?:slightly|significantly|a little|somewhat|any)\s+)*"
    rf"(?:more|better|greater)\s+(?:effective\s+)?than\s+(?:with\s+)?{_CONTROL}(?:\s+(?:does|did))?",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"(?:In|Among|Across|After|Over|Within|During|At|Pooling)\b(?:[^,]|,(?=\d))*,(?!\d)\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause at ``text[start:start + len(words)]``, with what was blanked behind it up to ``end``.

    ``leading`` is the end of an opening phrase ("In 80 adults over 55, "), 0 without one.
    ``control`` says how the clause compares with a control (``more``, ``no more`` or not at all), and
    ``control_end`` where that stood.
    """

    words: str
    start: int
    end: int
    leading: int
    control: str | None
    control_end: int


def clauses_of(text: str) -> Iterator[Clause]:
    """The clauses of a sentence in order."""
    blanked = _BRACKETS.sub(lambda match: " " * len(match.group()), text).rstrip(" .")
    begin = 0
    for cut in [*_CUT.finditer(blanked), None]:
        if cut and cut["anew"] and not any(cues_in(blanked[begin : cut.start()])):
            continue
        end = cut.start() if cut else len(blanked)
        if blanked[begin:end].strip():
            yield _clause(blanked[begin:end], begin, end if cut else len(text))
        begin = cut.end() if cut else end


def _clause(words: str, start: int, end: int) -> Clause:
    control, control_end = None, 0
    match = _THAN_CONTROL.search(words)
    if match:
        control = "no more" if match.group("no") else "more"
        control_end = match.end()
        words = words[: match.start()] + " " * len(match.group()) + words[match.end() :]
    leading = _LEADING.match(words)
    return Clause(words, start, end, leading.end() if leading else 0, control, control_end)
