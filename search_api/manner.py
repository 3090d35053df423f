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


def plans(sentence: str) -> bool:
    """Whether it tells an aim or a method."""
    return _PLANNING.search(sentence) is not None


def reports(sentence: str) -> bool:
    """Whether it has the words of a result, or a figure."""
    return _REPORTING.search(sentence) is not None
