"""A library's synonym list: names that mean the same thing, a group a line.

::

    # a line that begins with # is a comment
    MK-7 = menaquinone-7
    PAD = peripheral artery disease = peripheral arterial disease

It is written by people, so a line that breaks a rule is refused with its number. What the index makes of
the groups is said in `indexer.synonyms`.
"""

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import MalformedRecordError
from corpus.normalising import search_form

FILE = "synonyms.txt"
_REMEDY = "write a name, =, and another name for the same"

#: Names that mean the same, two or more.
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The groups of a list in its order; ``origin`` is the file they were read from."""

    groups: tuple[Group, ...] = ()
    origin: str = ""

    @property
    def text(self) -> str:
        """The list in its plainest form: what two lists are compared by."""
        return "".join(" = ".join(group) + "\n" for group in self.groups)


def read_synonyms(path: Path) -> Synonyms:
    """The synonyms in a file; raises `MalformedRecordError`, for a file that cannot be read too."""
    try:
        return parse_synonyms(path.read_text("utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedRecordError(str(path), "not a readable text in UTF-8", "mend or remove it") from error


def parse_synonyms(text: str, origin: str) -> Synonyms:
    """The synonyms of a text; raises `MalformedRecordError` for the first line that breaks a rule.

    A name stands once in a list, capitals or not, for else it would mean two things.
    """
    groups: list[Group] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        group = tuple(" ".join(name.split()) for name in line.split("="))
        for name in group:
            if not any(character.isalnum() for character in name):
                raise _fault(origin, number, line, "a name has neither letter nor digit", _REMEDY)
            folded = search_form(name).casefold()
            if folded in seen:
                rule = f"“{name}” stands in line {seen[folded]} already"
                raise _fault(origin, number, line, rule, "keep one of the two")
            seen[folded] = number
        if len(group) == 1:
            raise _fault(origin, number, line, "has one name only", _REMEDY)
        groups.append(group)
    return Synonyms(tuple(groups), origin)


def _fault(origin: str, number: int, line: str, rule: str, remedy: str) -> MalformedRecordError:
    shown = line.strip() if len(line.strip()) <= 60 else line.strip()[:57] + "..."
    return MalformedRecordError(f"{origin}, line {number} ({shown})", rule, remedy, f"line {number}")
