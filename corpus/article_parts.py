"""The parts that health articles share, told by their headings, whatever the file's format."""

import hashlib
import re
import unicodedata
from typing import Literal

Part = Literal["section", "summary", "key-points", "questions", "references", "disclaimer", "housekeeping"]

_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("summary", re.compile(r"(quick |short |plain[- ]language )?summary|abstract|at a glance")),
    ("key-points", re.compile(r"key (points|takeaways|facts|messages)|highlights")),
    ("questions", re.compile(r"(common |frequently asked )?questions( and answers)?|faqs?|q ?& ?a")),
    ("references", re.compile(r"references|bibliography|citations|sources|literature( cited)?")),
    ("disclaimer", re.compile(r"(medical )?disclaimer|medical advice disclaimer")),
    (
        "housekeeping",
        re.compile(r"in this article|table of contents|contents|additional resources|related articles"),
    ),
)
_CRUMB = re.compile(
    r"skip to (main )?content|\d+ min(ute)?s? read|share( this)?|advertisement|sign up.*|subscribe.*|"
    r"(last (updated|reviewed)( on| by)?:?|(medically )?(updated|reviewed)( on| by|:)) .{0,60}|"
    r"(updated|reviewed) .{0,20}(19|20)\d\d\.?|home( [>»/] .*)+|back to top",
    re.IGNORECASE,
)


def part_of(heading: str) -> Part:
    """Which part of an article a heading opens; ``section`` for any heading of its own."""
    plain = heading.strip().rstrip(":").casefold()
    return next((part for part, pattern in _PARTS if pattern.fullmatch(plain)), "section")


def is_crumb(line: str) -> bool:
    """Whether a line is navigation or page furniture ("Skip to content", "3 min read")."""
    return _CRUMB.fullmatch(line.strip()) is not None


def slug_of(title: str) -> str:
    """A title as an identifier: lower-case words joined by hyphens, at most 80 characters.

    Of a title in another script few or no letters are left; a digest of the title tells such titles apart.

    >>> slug_of("Does Vitamin K2 Help Circulation in Legs?"), slug_of("Витамин K2 и сосуды")
    ('does-vitamin-k2-help-circulation-in-legs', 'k2-b302cdb7e7')
    """
    words = re.findall(r"[a-z0-9]+", title.casefold())
    slug = "-".join(words)[:80].rstrip("-")
    letters = sum(character.isalnum() for character in unicodedata.normalize("NFKD", title))
    if not letters or 2 * sum(map(len, words)) >= letters:
        return slug or "untitled"
    digest = hashlib.sha256(unicodedata.normalize("NFKC", title).casefold().encode()).hexdigest()[:10]
    return f"{slug[:69].rstrip('-') or 'untitled'}-{digest}"
