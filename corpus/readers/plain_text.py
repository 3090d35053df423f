"""An article as plain text: a title line, then paragraphs of sentences between blank lines.

The last reader to be asked, for nothing but its prose tells such a file: at least sixty words in
sentences, mostly letters, under a line that is no sentence. Lines that an editor wrapped are joined again;
headings, lists and references are then told as in `scraped_article`.
"""

import re
from collections.abc import Iterator

from corpus.normalising import normalised
from corpus.readers import scraped_article
from corpus.records import Skipped, Source
from corpus.sentences import sentence_spans

NAME = "plain text with a title"

_LEAST_WORDS = 60
_LONGEST_TITLE = 200
#: A line longer than this was not wrapped by an editor: it is a paragraph.
_LONGEST_WRAPPED = 100
_LEAST_LETTERS = 0.75
_SENTENCE_WORDS = 6
_LIST_LINE = re.compile(r"\s*(?:[•*‣◦-]\s|[\[(]?\d{1,3}[\]).]\s)")
_TITLE_START = re.compile(r"[\"'“‘(¿¡]?[^\W_]")
_CODE = re.compile(
    r"(?:import|from|def|class|package|using|function|var|let|const|SELECT|CREATE)\b.*[;:({]?$"
)
_CLOSING = "\"'”’)]"


def claims(text: str, name: str) -> bool:
    """A title line, and below it at least sixty words in sentences that are mostly letters."""
    groups = _groups(text)
    if not groups or _title(groups) is None:
        return False
    body = " ".join(" ".join(group) for group in groups)
    marks = sum(not character.isspace() for character in body)
    letters = sum(character.isalpha() for character in body)
    return letters >= _LEAST_LETTERS * marks and _words_in_sentences(groups) >= _LEAST_WORDS


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """The article of the file, or why it is none."""
    groups = _groups(text)
    title = _title(groups) if groups else None
    if title is None:
        yield Skipped(origin, "line 1", "no title line; begin the text with a title and an empty line")
        return
    first = groups[0][title.count("\n") + 1 :]
    lines = [title.replace("\n", " ")]
    lines += [line for group in ([first] if first else []) + groups[1:] for line in _unwrapped(group)]
    yield from scraped_article.read("\n\n".join(lines), origin)


def _groups(text: str) -> list[list[str]]:
    """The lines between blank lines, without white space at their ends."""
    parts = re.split(r"\n\s*\n", normalised(text).strip())
    return [[line.strip() for line in part.split("\n")] for part in parts if part.strip()]


def _title(groups: list[list[str]]) -> str | None:
    """The lines of the title: the whole first group where it is short, else its first line."""
    whole = "\n".join(groups[0])
    if _is_title(whole) and len(groups) > 1:
        return whole
    return groups[0][0] if len(groups[0]) > 1 and _is_title(groups[0][0]) else None


def _is_title(line: str) -> bool:
    if len(line) > _LONGEST_TITLE or not _TITLE_START.match(line) or _CODE.match(line):
        return False
    return line[-1] not in ".;,:{" and len(line.split()) > 1 and "\t" not in line


def _words_in_sentences(groups: list[list[str]]) -> int:
    """The words of all sentences that have an end mark and some length."""
    words = 0
    for text in (" ".join(group) for group in groups):
        for start, end in sentence_spans(text):
            count = len(text[start:end].split())
            if count >= _SENTENCE_WORDS and text[start:end].rstrip(_CLOSING)[-1:] in ".!?":
                words += count
    return words


def _unwrapped(group: list[str]) -> list[str]:
    """A group's paragraphs: each line where lines are long or of a list, else all lines joined."""
    paragraphs: list[str] = []
    long_lines = any(len(line) > _LONGEST_WRAPPED for line in group)
    in_list = False
    for line in group:
        item = _LIST_LINE.match(line) is not None
        if paragraphs and not item and (in_list or not long_lines):
            paragraphs[-1] = f"{paragraphs[-1]} {line}"
        else:
            paragraphs.append(line)
        in_list = item or (in_list and not long_lines)
    return paragraphs
