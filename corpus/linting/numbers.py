"""Numbers in prose, as far as they are claims: 4,807 and 0.43, not the 7 of MK-7."""

import re

from corpus.normalising import search_form

#: Names that hold digits: MK-7, menaquinone-7, K2, B12, IL-6, 18F-NaF, 25(OH)D, CYP2C9, VKORC1.
_NAME = re.compile(
    r"\b[A-Za-z]+-\d+\b|\b\d+\(?[A-Z][A-Za-z()-]*\b|\b[A-Za-z]+\d+[A-Za-z]*\d*\b",
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|(?<![\w.])\d+(?:\.\d+)?|(?<![\w.])\.\d+")


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text in one spelling: no thousands commas, a zero before a bare point.

    >>> sorted(numbers_in("4,807 adults took MK-7; RR 0.43, P=.04"))
    ['0.04', '0.43', '4807']
    """
    plain = _NAME.sub(" ", search_form(text))
    return frozenset(_normal(match.group()) for match in _NUMBER.finditer(plain))


def _normal(number: str) -> str:
    number = number.replace(",", "")
    return f"0{number}" if number.startswith(".") else number
