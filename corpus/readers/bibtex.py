"""BibTeX and biblatex files, as reference managers and publishers export them.

A file is a row of entries ``@type{key, field = value, ...}`` with ``@string`` abbreviations between them;
``@comment``, ``@preamble``, text outside entries and lines that begin with ``%`` are not records
(http://www.bibtex.org/Format/). bibtexparser splits the file into blocks and finds its feet again at the
next entry after a broken one; what the fields mean is told in `corpus.readers.bibtex_fields`.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bibtexparser.exceptions import ParserStateException
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.splitter import Splitter

from corpus.errors import MalformedRecordError
from corpus.identifiers import bare_doi
from corpus.readers.bibtex_fields import Fields, inherited, record_of, value_of
from corpus.records import Skipped, Source
from corpus.study_records import study_from
from corpus.written_dates import MONTHS

NAME = "BibTeX"

# What it would log is reported as Skipped; without a handler, Python would print it to standard error.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())

_KNOWN_TYPES = (
    "article|book|booklet|collection|conference|dataset|electronic|inbook|incollection|inproceedings|manual|"
    "mastersthesis|misc|mvbook|online|patent|periodical|phdthesis|proceedings|report|software|techreport|"
    "thesis|unpublished|www"
)
_ENTRY = re.compile(
    rf"^[ \t]*@(?:{_KNOWN_TYPES})[ \t]*[{{(]\s*[^\s,{{}}=]*\s*,", re.IGNORECASE | re.MULTILINE
)
_OTHER_BLOCK = re.compile(r"\s*@(?:comment|preamble|string)[ \t]*[{(]", re.IGNORECASE)
_ANY_ENTRY = re.compile(r"^[ \t]*@\w+[ \t]*[{(]", re.MULTILINE)
_OTHER_FORMAT = ("{", "[", "<", "#", "---")
_MOST_LINES_BEFORE = 20
_COMMENT_SIGN = re.compile(r'\\.|[{}"%\n]|^[ \t]*@\w+[ \t]*[{(]', re.DOTALL | re.MULTILINE)
_COMMENT_LINE = re.compile(r"(?:^|,)[ \t]*%", re.MULTILINE)
_FIELD_BEGUN = re.compile(r"[\w-]+\s*=\s*[{\"\d]")
#: How many characters the names of ``@string`` may add to all values of a file.
_MOST_ADDED = 50_000_000
#: The months are defined by every BibTeX style.
_MONTHS = {month: month for month in MONTHS}


def claims(text: str, name: str) -> bool:
    """An entry of a known type at the start of a line, near the beginning of the file.

    A ``.bib`` file may have any entry; elsewhere an article that shows a BibTeX example is no BibTeX file.
    """
    text = text.removeprefix("\ufeff").lstrip()
    if name.casefold().endswith(".bib"):
        return _ANY_ENTRY.search(text) is not None
    if text.startswith(_OTHER_FORMAT):
        return False
    if _OTHER_BLOCK.match(text):
        return True
    match = _ENTRY.search(text)
    before = text[: match.start()].splitlines() if match else []
    lines = [line for line in before if line.strip() and not line.lstrip().startswith(("%", "@"))]
    return match is not None and len(lines) <= _MOST_LINES_BEFORE


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """Every entry as a study; what is broken, repeats an entry or lacks a title is skipped."""
    text = _without_comment_lines(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    try:
        blocks = Splitter(text).split().blocks
    except ParserStateException as error:
        yield Skipped(origin, None, f"not readable as BibTeX ({error.message}); check its braces")
        return
    reading = _Reading(origin)
    for block in blocks:
        reading.take(block)
    if not reading.found:
        yield Skipped(origin, None, "holds no entry; a record begins with @article{key, or the like")
    yield from reading.results()


@dataclass
class _Found:
    """An entry, by its place among the entries of the file, or why a block is none."""

    line: int
    key: str = ""
    entry_type: str = ""
    slot: int = -1
    reason: str = ""


@dataclass
class _Reading:
    """The state while the blocks of one file are walked; abbreviations count from where they stand."""

    origin: str
    strings: dict[str, str] = field(default_factory=lambda: dict(_MONTHS))
    found: list[_Found] = field(default_factory=list)
    entries: list[Fields] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    lines_of: dict[str, int] = field(default_factory=dict)
    works: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    repeats: dict[str, int] = field(default_factory=dict)
    after_broken: bool = False
    added: int = 0

    def take(self, block: Block) -> None:
        """Note what one block gives."""
        whole = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        line = (block.start_line or 0) + 1
        if isinstance(whole, String):
            self._string(whole, line)
        elif isinstance(whole, Entry):
            self._entry(whole, line)
        elif isinstance(block, ImplicitComment):
            self._outside(block.comment, line)
        elif isinstance(block, ParsingFailedBlock):
            self.found.append(_Found(line, reason=_broken(block)))
        self.after_broken = isinstance(block, ParsingFailedBlock) and not isinstance(
            block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock
        )

    def _string(self, string: String, line: int) -> None:
        try:
            self.strings[string.key.casefold()] = self._value(str(string.value))
        except MalformedRecordError as error:
            self.found.append(_Found(line, reason=str(error)))

    def _value(self, written: str) -> str:
        """The value expanded; what expansion adds is bounded for the whole file, like for one value."""
        value = value_of(written, self.strings)
        self.added += max(0, len(value) - len(written))
        if self.added > _MOST_ADDED:
            raise MalformedRecordError(
                written[:40], "the file's @string names add too much", "split the file"
            )
        return value

    def _entry(self, entry: Entry, line: int) -> None:
        key = " ".join(entry.key.split())
        values: dict[str, str] = {}
        for one in entry.fields:
            # BibTeX takes the first of two fields of the same name.
            try:
                values.setdefault(one.key.casefold(), self._value(str(one.value)))
            except MalformedRecordError as error:
                self.found.append(_Found(line, reason=f"{key}: {error}"))
                return
        repeated = bool(key) and self._is_repeated(key, values)
        if key in self.keys:
            first = self.lines_of[key]
            other = "" if repeated else self._other_key(key)
            kept = f"this other work is kept as {other}" if other else "this entry of that work is left out"
            reason = f"{key}: the key stands on line {first} already, {kept}; give each entry its own key"
            self.found.append(_Found(line, reason=reason))
            if not other:
                return
            key = other
        slot = len(self.entries)
        if key:
            self.lines_of[key] = line
            self.keys[key] = slot
        for alias in filter(None, map(str.strip, values.get("ids", "").split(","))):
            self.aliases.setdefault(alias, slot)
        self.entries.append(values)
        self.found.append(_Found(line, key, entry.entry_type, slot))

    def _other_key(self, key: str) -> str:
        """A free key for an entry whose own is taken by another work."""
        number = self.repeats.get(key, 1) + 1
        while f"{key}-{number}" in self.keys:
            number += 1
        self.repeats[key] = number
        return f"{key}-{number}"

    def _is_repeated(self, key: str, values: Fields) -> bool:
        """Whether the same work stood under that key before: by DOI, or by title where one has no DOI."""
        doi = (bare_doi(values.get("doi", "").strip("{} ")) or "").casefold()
        title = "".join(re.findall(r"\w+", values.get("title", ""))).casefold()
        before = self.works.setdefault(key, set())
        same = {("DOI", doi)} if doi else {("title beside a DOI", title)}
        repeated = bool(before & {*same, ("title", title)})
        before |= {("DOI", doi), ("title beside a DOI", title)} if doi else {("title", title)}
        return repeated

    def _outside(self, comment: str, line: int) -> None:
        """Text between entries is a comment, unless it is the rest of an entry closed too early."""
        if not self.after_broken and comment.startswith((",", "}")) and _FIELD_BEGUN.search(comment):
            reason = "fields that belong to no entry, the one above is closed too early; mend its braces"
            self.found.append(_Found(line, reason=reason))

    def results(self) -> Iterator[Source | Skipped]:
        """A study or a reason for each block that was noted, in the file's order."""
        slots = self.aliases | self.keys
        for found in self.found:
            position = f"line {found.line}"
            if found.reason:
                yield Skipped(self.origin, position, found.reason)
                continue
            fields = inherited(found.slot, self.entries, slots)
            try:
                yield study_from(record_of(found.entry_type, found.key, fields), self.origin, position)
            except MalformedRecordError as error:
                yield Skipped(self.origin, position, str(error))


def _broken(block: ParsingFailedBlock) -> str:
    raw = str(block.raw or "")
    begun = re.match(r"@\s*(\w*)\s*[{(]\s*([^\s,{}=]*)", raw)
    name = f"@{begun.group(1)} {begun.group(2)}".strip() if begun else "the entry"
    why = str(getattr(block.error, "abort_reason", block.error)).strip().rstrip(".")
    return f"{name[:80]}: not complete ({why[:160]}); check its braces, quotes and commas"


def _without_comment_lines(text: str) -> str:
    """The text with blanks in place of ``%`` comments that stand outside values.

    Inside a value a per cent sign is text. Depth counts braces: 0 is outside entries, 1 between fields.
    """
    if not _COMMENT_LINE.search(text):
        return text
    pieces: list[str] = []
    at = depth = 0
    quoted = False
    until = 0
    for match in _COMMENT_SIGN.finditer(text):
        if match.start() < until:
            continue
        sign = match.group()
        if sign.lstrip()[:1] == "@":
            depth, quoted = 1, False
        elif sign in "{}" and not quoted:
            depth = max(0, depth + (1 if sign == "{" else -1))
        elif sign == '"' and depth == 1:
            quoted = not quoted
        elif sign == "%" and depth <= 1 and not quoted and _begins_comment(text, match.start()):
            end = text.find("\n", match.start())
            until = len(text) if end < 0 else end
            pieces += [text[at : match.start()], " " * (until - match.start())]
            at = until
    return "".join([*pieces, text[at:]])


def _begins_comment(text: str, start: int) -> bool:
    before = text[text.rfind("\n", 0, start) + 1 : start].rstrip(" \t")
    return not before or before.endswith((",", "}"))
