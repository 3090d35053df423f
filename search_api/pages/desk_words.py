"""What the desk's page says of a reference: a few words, and how grave it is.

The gravity (``good``, ``read``, ``look``, ``wrong``, ``open``) decides the colour; the words say the same
without one.
"""

from collections.abc import Mapping
from typing import Literal

from search_api.checking import Verdict

Gravity = Literal["good", "read", "look", "wrong", "open"]

VERDICTS: Mapping[Verdict, tuple[Gravity, str]] = {
    "verified": ("good", "Verified"),
    "corrected": ("look", "Corrected since"),
    "republished": ("look", "Republished since"),
    "mismatch": ("look", "Differs from the record"),
    "concern": ("wrong", "Expression of concern"),
    "retracted": ("wrong", "Retracted"),
    "identifier points to a different work": ("wrong", "Identifier of another work"),
    "not in the library": ("open", "Not in this library"),
    "unverifiable": ("open", "Cannot be checked"),
}
