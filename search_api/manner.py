"""How a sentence speaks: whether it reports a result or only tells a plan.

Told by words that abstracts use; for marking what answers and for choosing what to show of a source.
"""

import re

_PLANNING = re.compile(
    r"\b(?:aim(?:s|ed)?|objective|purpose|sought|hypothesi[sz]\w+|this study|tested|enrolled|recruited|"
    r"conducted|performed|to (?:determine|investigate|examine|assess|evaluate|test|compare|identify)|"
    r"we (?:investigated|examined|studied|assessed|evaluated|compared)|randomi[sz]ed to)\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:found|show\w*|demonstrat\w*|reveal\w*|results?|conclu\w*|associated|significant\w*|suggest\w*|"
    r"indicat\w*|identif\w+|thus|therefore|observed|report\w*|le(?:a)?d|p ?[<=])\b|\d",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")


#: One of these is in every match: looking for them is much faster than the patterns are.
_PLANNING_PARTS = (
    *("aim", "objective", "purpose", "sought", "hypothes", "this study", "tested", "enrolled", "recruited"),
    *("conducted", "performed", "to ", "we ", "randomi"),
)
_REPORTING_PARTS = (
    *("found", "show", "demonstrat", "reveal", "result", "conclu", "associated", "significant", "suggest"),
    *("indicat", "identif", "thus", "therefore", "observed", "report", "led", "lead", "<", "="),
)


def plans(sentence: str) -> bool:
    """Whether it tells an aim or a method."""
    folded = sentence.casefold()
    return any(part in folded for part in _PLANNING_PARTS) and _PLANNING.search(sentence) is not None


def reports(sentence: str) -> bool:
    """Whether it has the words of a result, or a figure."""
    if _FIGURE.search(sentence):
        return True
    folded = sentence.casefold()
    return any(part in folded for part in _REPORTING_PARTS) and _REPORTING.search(sentence) is not None
