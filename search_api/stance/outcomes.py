"""Which words of a clause a word of direction is said of."""

import re

from search_api.stance.directions import Cue

_OF = re.compile(r"\s+(?:in|on|for|with|to|between|of|at|against)\s+(?:the\s+)?", re.IGNORECASE)
_OF_AGENT = re.compile(r"\s+of\s+[\w -]+?\s+(?:in|on|for)\s+", re.IGNORECASE)
_LIST = r",\s+[\w -]{1,40}(?:,[\w -]{1,40})*,?\s+(?:or|and)\s"
_TIME_OR_PEOPLE = (
    r"(?:\w+ )?(?:\d|one|two|three|four|five|six|a\b|years?|months?|weeks?|people|patients|men|women|adults"
    r"|older|anticoag|post|healthy|type|hemo|haemo|dialysis|chronic|critical|kidney|rats|PAD|peripheral|diabet|"
    r"individuals|children|those|claudication|humans|placebo|either|stage)"
)
_ENDS = re.compile(
    rf",(?!{_LIST[1:]})"
    r"|\s(?:than|versus|vs|compared|against|among|after|by|for|from|with|when|during|within|if|across|without|over|more|sooner|faster"
    r"|shortly|driven|on placebo|no more)\b"
    rf"|\s(?:at|in|on) (?:the )?{_TIME_OR_PEOPLE}"
    r"|\s(?:and|or|yet|that) (?=(?:was|were|is|are|did|had|has)\b)",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"(?:(?:^|\s+)(?:was|were|is|are|be|been|seen|found|did|do|does|has|have|had|not|no|neither|still|also|significantly|tended"
    r"|to|on average|far|much|slightly|less|more|barely|hardly))+\s*$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\s*(?:$|,|(?:than|with|in|among|after|for|on|over|by|from|when|at|faster|sooner)\b|\d)", re.IGNORECASE
)
_THAN_FOR = re.compile(r"\s+than\s+[^,]*?\s(?:for|at|against)\s+(?:improving\s+)?", re.IGNORECASE)
_TAIL = re.compile(r"(?:\s+(?:and|or|but|with|in|[a-z]+ly))*[\s,.]*$", re.IGNORECASE)
_BOUND = re.compile(r".*(?:,|\b(?:had|have|has|that|made|make|makes|found)\b)", re.IGNORECASE | re.DOTALL)


def outcome_span(words: str, cue: Cue, low: int, high: int) -> tuple[int, int]:
    """``words[start:end]`` is what the cue is of; an empty span where nothing stands there.

    ``low`` is the end of the cue before it or of an opening phrase, ``high`` the start of the next cue.
    """
    if cue.kind == "noun":
        tie = _OF.match(words, cue.end)
        if cue.direction in ("better", "linked"):
            tie = _OF_AGENT.match(words, cue.end) or tie
        return _until_end(words, tie.end(), high) if tie else (cue.end, cue.end)
    matter = _THAN_FOR.match(words, cue.end, high) if cue.direction in ("better", "worse") else None
    if matter:
        return _until_end(words, matter.end(), high)
    if cue.kind == "moved" or _ALONE.match(words, cue.end):
        return _ahead(words, low, cue.start)
    return _until_end(words, cue.end, high)


def _until_end(words: str, start: int, high: int) -> tuple[int, int]:
    end = _ENDS.search(words, start, high)
    return _trimmed(words, start, end.start() if end else high)


def _ahead(words: str, low: int, end: int) -> tuple[int, int]:
    ahead = words[low:end]
    auxiliary = _AUXILIARY.search(ahead)
    if auxiliary:
        ahead = ahead[: auxiliary.start()]
    bound = _BOUND.match(ahead)
    return _trimmed(words, low + (bound.end() if bound else 0), low + len(ahead))


def _trimmed(words: str, start: int, end: int) -> tuple[int, int]:
    piece = _TAIL.sub("", words[start:end])
    bare = piece.strip(" ,")
    begin = start + piece.index(bare) if bare else start
    return begin, begin + len(bare)
