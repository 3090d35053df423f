"""Citations by key in Markdown, as Pandoc writes them: ``[@a; @b]``, ``[see @key, p. 3]``, ``[-@key]``.

What stands before a key must end in a blank, so that an address (``[me@example.org]``) is no citation; and
with words before it, a key that the reference list lacks must hold a digit, as citation keys do and names of
accounts seldom.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_KEY = r"[\w](?:[\w:.#$%&+?<>~/-]*\w)?"
_GROUP = re.compile(r"\[([^\[\]@]*@[^\[\]]*)\]")
_PART = re.compile(rf"\s*(?P<before>(?:[^@]*\s)?)-?@(?P<key>{_KEY})(?P<behind>[^@]*?)\s*")


@dataclass(frozen=True, slots=True)
class CitedKey:
    """A key and what the author wrote around it: ``see`` before, ``, p. 3`` behind."""

    key: str
    before: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class KeyedCitation:
    """A bracket of citations: its place in the text and the keys in it."""

    start: int
    end: int
    cited: tuple[CitedKey, ...]

    @property
    def separator(self) -> str:
        """What stands between two numbers where this is shown: words around them need more than a comma."""
        return "; " if any(one.before or one.behind for one in self.cited) else ", "


def keyed_citations(text: str, listed: Callable[[str], bool] = lambda key: False) -> Iterator[KeyedCitation]:
    """Every bracket of citations in a text; ``listed`` says whether the reference list has a key."""
    for group in _GROUP.finditer(text):
        parts = [_PART.fullmatch(part) for part in group.group(1).split(";")]
        cited = [CitedKey(m["key"], m["before"].lstrip(), m["behind"]) for m in parts if m]
        if len(cited) == len(parts) and all(_is_meant(one, listed) for one in cited):
            yield KeyedCitation(group.start(), group.end(), tuple(cited))


def without_citations(text: str) -> str:
    """The text without its brackets of citations."""
    out, at = "", 0
    for citation in keyed_citations(text):
        out += text[at : citation.start]
        at = citation.end
    return out + text[at:]


def _is_meant(one: CitedKey, listed: Callable[[str], bool]) -> bool:
    return not one.before or listed(one.key) or any(c.isdigit() for c in one.key)
