"""An article's Markdown as the rules see it: statements with their lines, keys and plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.article_parts import Part, part_of
from corpus.readers.markdown_citations import keyed_citations, without_citations
from corpus.sentences import sentence_spans

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n---[ \t]*(?:\n|$)", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a table row: its line (from 1), the part it stands in, its keys, its words."""

    line: int
    part: Part
    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """The statements of an article, its headings with their lines, and the targets of its links."""

    statements: tuple[Statement, ...]
    headings: tuple[tuple[int, str], ...]
    links: tuple[tuple[int, str], ...]

    def cited_keys(self) -> list[str]:
        """Keys cited outside the reference list, in order of first citation."""
        return list(dict.fromkeys(k for s in self.statements if s.part != "references" for k in s.keys))

    def body_text(self) -> str:
        """What a reader reads: no references, no disclaimer."""
        return " ".join(s.text for s in self.statements if s.part not in ("references", "disclaimer"))


def prose_of(markdown: str) -> Prose:
    """The prose of an article in Markdown with front matter."""
    match = _FRONT_MATTER.match(markdown)
    offset = markdown[: match.end()].count("\n") if match else 0
    tokens = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .parse(markdown[match.end() if match else 0 :])
    )
    statements: list[Statement] = []
    headings: list[tuple[int, str]] = []
    links: list[tuple[int, str]] = []
    part: Part = "section"
    for index, token in enumerate(tokens):
        if token.type != "inline" or token.map is None:
            continue
        line = token.map[0] + 1 + offset
        links += [(line, m.group(1)) for m in _LINK.finditer(token.content)]
        opener = tokens[index - 1].type
        if opener == "heading_open":
            headings.append((line, token.content))
            if tokens[index - 1].tag == "h2":
                part = part_of(token.content)
        elif opener == "td_open":
            continue
        elif opener != "th_open":
            statements += _sentences(token.content, line, part)
    return Prose((*statements, *_table_rows(tokens, offset)), tuple(headings), tuple(links))


def _sentences(content: str, line: int, part: Part) -> Iterator[Statement]:
    if part == "references":
        yield _statement(content, line, part)
        return
    flat = content.replace("\n", " ")  # hard-wrapped paragraphs: sentences run over lines
    for start, end in sentence_spans(flat):
        yield _statement(flat[start:end], line + content[:start].count("\n"), part)


def _table_rows(tokens: list[Token], offset: int) -> Iterator[Statement]:
    cells: list[str] = []
    line = 0
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            cells, line = [], (token.map[0] + 1 + offset if token.map else 0)
        elif token.type == "inline" and tokens[index - 1].type == "td_open":
            cells.append(token.content)
        elif token.type == "tr_close" and cells:
            yield _statement("; ".join(cells) + ".", line, "section")


def _statement(content: str, line: int, part: Part) -> Statement:
    keys = [one.key for citation in keyed_citations(content) for one in citation.cited]
    text = re.sub(r"\s+([.,;:])", r"\1", without_citations(content))
    text = _LINK.sub(lambda m: m.group(0).split("](")[0][1:], text).replace("*", "").replace("`", "")
    return Statement(line, part, tuple(dict.fromkeys(keys)), text.strip())
