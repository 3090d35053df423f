"""A cited draft as a Word document: the given one with citations put in, or a new one from text.

In a given document a run is split at the place of a citation; everything else of the file stays. Tracked
changes stay as they are, for the draft was read as if they were accepted.
"""

import copy
import io
import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt

from search_api.drafts.docx_reading import open_docx, paragraphs_of, texts_of
from search_api.drafts.outputs.documents import OutputDocument
from search_api.drafts.outputs.insertion import (
    Place,
    is_raised,
    list_title,
    places,
    printed,
    with_insertions,
    without_fence,
)
from search_api.drafts.records import CitedDraft, DraftParagraph
from search_api.reference_list import ReferenceList

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def docx(cited: CitedDraft, style: str, original: bytes | None) -> OutputDocument:
    """The document as bytes; ``original`` is the file that the draft was read from, if it was a .docx."""
    where = places(cited)
    listed = printed(where, style)
    shown = _shown(listed)
    if cited.draft.format == "docx" and original is not None:
        document = open_docx(original)
        _put_in(document, cited.draft.paragraphs, where, shown)
    else:
        document = _new_document(cited, where, shown)
    _append_list(document, cited, listed)
    file = io.BytesIO()
    document.save(file)
    return OutputDocument(file.getvalue(), _MEDIA_TYPE, "docx")


def _shown(listed: ReferenceList) -> list[tuple[str, bool]]:
    """What is put in for each cluster, and whether it is raised; notes are numbered and listed below."""
    if listed.kind == "note":
        return [(str(number), True) for number in range(1, len(listed.citations) + 1)]
    return [(citation.text, is_raised(citation)) for citation in listed.citations]


def _put_in(
    document: Any, read: Sequence[DraftParagraph], where: Sequence[Place], shown: Sequence[tuple[str, bool]]
) -> None:
    elements = paragraphs_of(document)
    for place, (text, raised) in reversed(list(zip(where, shown, strict=True))):
        offset = place.behind if raised else place.before
        paragraph = next(p for p in read if p.start <= offset <= p.end and p.docx is not None)
        within = offset - paragraph.start - paragraph.prefix
        _insert(elements[paragraph.docx or 0], within, text if raised else f" {text}", raised)


def _insert(paragraph: Any, offset: int, text: str, raised: bool) -> None:
    """A run with the text at an offset of a paragraph, in the form of the run that it stands in."""
    at = 0
    last = None
    for element, piece in texts_of(paragraph):
        last = element
        if at + len(piece) >= offset and element.tag == f"{_W}t":
            _split(element, offset - at, text, raised)
            return
        at += len(piece)
    if last is not None:  # the place is behind a tab or a line break
        run = last.getparent()
        run.addnext(_run_like(run, text, raised))


def _split(element: Any, within: int, text: str, raised: bool) -> None:
    """The run in two, with a new one between; what else the run holds stays on its side."""
    run = element.getparent()
    words = element.text or ""
    position = list(run).index(element)
    behind = copy.deepcopy(run)
    children = list(behind)
    for child in children[:position]:
        if child.tag != f"{_W}rPr":
            behind.remove(child)
    for child in list(run)[position + 1 :]:
        run.remove(child)
    _set_text(element, words[:within])
    _set_text(children[position], words[within:])
    run.addnext(behind)
    run.addnext(_run_like(run, text, raised))


def _run_like(run: Any, text: str, raised: bool) -> Any:
    new = copy.deepcopy(run)
    for child in list(new):
        if child.tag != f"{_W}rPr":
            new.remove(child)
    if raised:
        form = new.find(f"{_W}rPr")
        if form is None:
            form = new.makeelement(f"{_W}rPr", {})
            new.insert(0, form)
        form.append(form.makeelement(f"{_W}vertAlign", {f"{_W}val": "superscript"}))
    element = new.makeelement(f"{_W}t", {})
    _set_text(element, text)
    new.append(element)
    return new


def _set_text(element: Any, text: str) -> None:
    element.text = text
    element.set(_SPACE, "preserve")


def _append_list(document: Any, cited: CitedDraft, listed: ReferenceList) -> None:
    if listed.kind == "note" and listed.citations:
        document.add_heading("Notes", level=2)
        for number, citation in enumerate(listed.citations, start=1):
            document.add_paragraph(f"{number}. {citation.text}")
    if listed.entries:
        document.add_heading(list_title(cited), level=2)
        for entry in listed.entries:
            document.add_paragraph(entry.line)


def _new_document(cited: CitedDraft, where: Sequence[Place], shown: Sequence[tuple[str, bool]]) -> Any:
    """A document of a text: headings, lists and emphasis of Markdown become those of Word."""
    from docx import Document

    document = Document()
    draft = cited.draft
    for p in draft.paragraphs:
        if p.kind == "front-matter":
            continue
        inside = []
        for place, (text, raised) in zip(where, shown, strict=True):
            offset = place.behind if raised else place.before
            if p.start <= offset <= p.end:
                inside.append((offset - p.start, f"\ue000{text}\ue001" if raised else f" {text}"))
        _add(document, p, with_insertions(draft.text[p.start : p.end], inside), draft.format == "markdown")
    return document


def _add(document: Any, p: DraftParagraph, text: str, markup: bool) -> None:
    text = _for_xml(text.replace("\r", ""))
    if p.kind == "heading":
        level = len(text) - len(text.lstrip("#")) if markup else 1
        _add_inline(document.add_heading("", level=min(max(level, 1), 6)), text.lstrip("#").strip(), markup)
        return
    if p.kind == "table":
        _add_table(document, text)
        return
    if p.kind == "code":
        document.add_paragraph(without_fence(text))
        return
    style = {"list-item": "List Bullet", "quote": "Quote"}.get(p.kind)
    if style == "List Bullet" and re.match(r"\s*\d", text):
        style = "List Number"
    words = re.sub(r"^\s*(?:>\s?|(?:[-*+•]|\d{1,3}[.)])\s+)", "", text, flags=re.MULTILINE) if style else text
    _add_inline(document.add_paragraph("", style=style), " ".join(words.split("\n")), markup)


def _add_table(document: Any, text: str) -> None:
    """A table of Markdown as one of Word, its rule left out."""
    rows = [re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in text.splitlines()]
    rows = [row for row in rows if not all(re.fullmatch(r"\s*:?-*:?\s*", cell) for cell in row)]
    if rows:
        table = document.add_table(len(rows), max(len(row) for row in rows), style="Table Grid")
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=False):
                _add_inline(cell.paragraphs[0], words.strip(), markup=True)


def _add_inline(paragraph: Any, text: str, markup: bool) -> None:
    """The text as runs, with bold and italics, and what stands between the marks raised."""
    bold = italic = False
    for kind, words in _inline_tokens(text) if markup else [("text", text)]:
        if kind in ("strong_open", "strong_close"):
            bold = kind == "strong_open"
        elif kind in ("em_open", "em_close"):
            italic = kind == "em_open"
        for piece in re.split("(\ue000[^\ue001]*\ue001)", words):
            if piece:
                run = paragraph.add_run(piece.strip("\ue000\ue001"))
                run.bold, run.italic = bold or None, italic or None
                run.font.superscript = True if piece.startswith("\ue000") else None


def _inline_tokens(text: str) -> list[tuple[str, str]]:
    tokens = MarkdownIt("commonmark", {"html": False}).parseInline(text)
    children = tokens[0].children or [] if tokens else []
    shown = {"softbreak": " ", "hardbreak": "\n"}
    return [(token.type, shown.get(token.type, token.content)) for token in children]


def _for_xml(text: str) -> str:
    """Without the control characters that XML forbids."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
