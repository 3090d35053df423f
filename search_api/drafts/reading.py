"""A file -> a draft: Markdown, plain text or .docx, told by content, with paragraphs and offsets."""

import re
from pathlib import PurePath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.article_parts import part_of
from corpus.decoding import Undecodable, decoded
from corpus.errors import ParameterError
from search_api.drafts.masking import masked
from search_api.drafts.records import Draft, DraftParagraph, ParagraphKind

#: Longer drafts are refused, in words.
MAX_WORDS = 20_000

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MARKDOWN_SIGNS = re.compile(
    r"^#{1,6}\s|^\s*[-*+]\s|^>\s|^```|\[@[\w-]|\*\*\S|\]\(\S|\A---[ \t]*\n|^\|.+\|$", re.MULTILINE
)
_KINDS: dict[str, ParagraphKind] = {
    "fence": "code",
    "code_block": "code",
    "html_block": "code",
    "table_open": "table",
}
#: A line longer than this was not wrapped by an editor.
_LONGEST_WRAPPED = 120
_LONGEST_HEADING = 100
_LIST_LINE = re.compile(r"\s*(?:[•*‣◦+-]|\(?\d{1,3}[.)])\s")


def read_draft(data: bytes, name: str = "") -> Draft:
    """The draft of a file's bytes; raises `ParameterError` where they are none, or hold too much."""
    if data.startswith(b"PK\x03\x04") or PurePath(name).suffix.casefold() == ".docx":
        from search_api.drafts.docx_reading import read_docx

        return checked(read_docx(data, name))
    text = decoded(data)
    if isinstance(text, Undecodable):
        raise ParameterError("draft", name or "file", text.reason, "give Markdown, plain text or .docx")
    return read_text(text.text, name)


def read_text(text: str, name: str = "") -> Draft:
    """The draft of a text; Markdown where its name or its signs say so. Raises `ParameterError`."""
    # Of the same length, so that offsets hold in the text as it was given.
    lines = re.sub(r"\r(?!\n)", "\n", text).replace("\r", " ")
    is_markdown = PurePath(name).suffix.casefold() in (".md", ".markdown", ".qmd", ".rmd")
    if is_markdown or _MARKDOWN_SIGNS.search(lines):
        return checked(Draft("markdown", text, masked(lines), tuple(_markdown_paragraphs(lines))))
    return checked(Draft("text", text, masked(lines, markup=False), tuple(_plain_paragraphs(lines))))


def checked(draft: Draft) -> Draft:
    """The draft, if it holds something and not too much; raises `ParameterError`."""
    words = len(draft.text.split())
    if not words:
        raise ParameterError("draft", "", "is empty", "give a text")
    if words > MAX_WORDS:
        rule = f"at most {MAX_WORDS} words are read at once"
        raise ParameterError("draft", f"{words} words", rule, "split the draft")
    return draft


def _markdown_paragraphs(text: str) -> list[DraftParagraph]:
    """The blocks of a Markdown text; what follows a heading References is its reference list."""
    front = _FRONT_MATTER.match(text)
    found = [DraftParagraph("front-matter", 0, front.end())] if front else []
    begin = front.end() if front else 0
    body = re.sub(r"[^\n]", " ", text[:begin]) + text[begin:]
    starts = _line_starts(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    inside: list[str] = []
    listing = 0
    for token in tokens:
        if token.type in ("blockquote_open", "list_item_open", "table_open"):
            inside.append(token.type)
        elif token.type in ("blockquote_close", "list_item_close", "table_close"):
            inside.pop()
        kind = _kind(token, inside)
        if kind is None or token.map is None:
            continue
        start, end = starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)]
        if kind == "heading":
            level = int(token.tag[1])
            is_list = part_of(masked(text[start:end]).strip()) == "references"
            listing = level if is_list else 0 if level <= listing else listing
        elif listing:
            kind = "reference"
        found.append(_trimmed(text, kind, start, end))
    return found


def _kind(token: Token, inside: list[str]) -> ParagraphKind | None:
    if token.type in _KINDS:
        return _KINDS[token.type]
    if token.type == "heading_open":
        return "heading"
    if token.type != "paragraph_open" or "table_open" in inside:
        return None
    if "blockquote_open" in inside:
        return "quote"
    return "list-item" if "list_item_open" in inside else "paragraph"


def _plain_paragraphs(text: str) -> list[DraftParagraph]:
    """Blocks between blank lines, and within them long lines and list lines each by itself."""
    found: list[DraftParagraph] = []
    references = False
    for block in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+", text):
        lines = [
            (block.start() + m.start(), block.start() + m.end())
            for m in re.finditer(r"[^\n]+", block.group())
        ]
        for start, end in _unwrapped(text, lines):
            kind = _plain_kind(text[start:end], alone=len(lines) == 1 or start == lines[0][0])
            if kind == "heading":
                references = part_of(text[start:end].strip()) == "references"
            found.append(
                _trimmed(text, "reference" if references and kind != "heading" else kind, start, end)
            )
    return found


def _plain_kind(line: str, alone: bool) -> ParagraphKind:
    stripped = line.strip()
    short = len(stripped) <= _LONGEST_HEADING and "\n" not in stripped
    if alone and short and stripped[-1:] not in ".!?…:;,”\"'" and not _LIST_LINE.match(line):
        return "heading" if len(stripped.split()) <= 14 else "paragraph"
    return "list-item" if _LIST_LINE.match(line) else "paragraph"


def _unwrapped(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of a block's paragraphs: lines that an editor wrapped belong together."""
    long_lines = any(end - start > _LONGEST_WRAPPED for start, end in lines)
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        is_item = _LIST_LINE.match(text[start:end]) is not None
        if joined and not is_item and not long_lines:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer(r"\n", text)), len(text)]


def _trimmed(text: str, kind: ParagraphKind, start: int, end: int) -> DraftParagraph:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return DraftParagraph(kind, start, max(start, start + len(piece.strip())))
