"""A cited draft as an HTML page: the draft rendered, its citations linked to the list below."""

import re
from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt

from search_api.drafts.outputs.documents import OutputDocument
from search_api.drafts.outputs.insertion import Place, is_raised, list_title, places, printed, with_insertions
from search_api.drafts.records import CitedDraft
from search_api.reference_list import ListEntry, PrintedText, ReferenceList

#: Characters of private use stand for a citation while the draft is rendered.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:1.05em/1.6 Georgia,serif}"
    "cite{font-style:normal}.references li{margin-bottom:.6em;list-style:none}.references{padding-left:0}"
)


def html(cited: CitedDraft, style: str) -> OutputDocument:
    """The draft as a page that stands by itself."""
    where = places(cited)
    listed = printed(where, style)
    body = marked_body(cited, where, listed)
    body = _MARK.sub(lambda match: _citation(int(match.group(1)), where, listed), body)
    page = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{_title(cited)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{body}{_list(cited, where, listed)}</body>\n</html>\n"
    )
    return OutputDocument(page, "text/html; charset=utf-8", "html")


def marked_body(cited: CitedDraft, where: Sequence[Place], listed: ReferenceList) -> str:
    """The draft rendered, with a mark where a citation goes."""
    insertions = []
    for number, (place, citation) in enumerate(zip(where, listed.citations, strict=True)):
        behind = listed.kind == "note" or is_raised(citation)
        mark = f"{_OPEN}{number}{_CLOSE}"
        insertions.append((place.behind, mark) if behind else (place.before, f" {mark}"))
    plain = re.sub(f"[{_OPEN}{_CLOSE}]", " ", cited.draft.text)
    text = with_insertions(plain, insertions)
    front = next((p for p in cited.draft.paragraphs if p.kind == "front-matter"), None)
    if cited.draft.format == "text":
        blocks = [block for block in re.split(r"\n\s*\n", text.replace("\r", "")) if block.strip()]
        return "".join(f"<p>{escape(block.strip())}</p>\n" for block in blocks)
    return str(
        MarkdownIt("commonmark", {"html": False}).enable("table").render(text[front.end if front else 0 :])
    )


def _citation(number: int, where: Sequence[Place], listed: ReferenceList) -> str:
    citation = listed.citations[number]
    if listed.kind == "note":
        return f'<sup><a href="#note-{number + 1}" id="cited-{number + 1}">{number + 1}</a></sup>'
    return f'<cite><a href="#{_anchor(where[number].sources[0].source_id)}">{citation.html}</a></cite>'


def _list(cited: CitedDraft, where: Sequence[Place], listed: ReferenceList) -> str:
    if not listed.citations:
        return ""
    parts = []
    if listed.kind == "note":
        notes = "".join(_note(n, c) for n, c in enumerate(listed.citations, start=1))
        parts.append(f'<h2>Notes</h2>\n<ol class="notes">\n{notes}</ol>\n')
    if listed.entries:
        entries = "".join(
            f'<li id="{_anchor(entry.source_id)}">{_numbered(entry)}</li>\n' for entry in listed.entries
        )
        parts.append(f'<h2>{list_title(cited)}</h2>\n<ul class="references">\n{entries}</ul>\n')
    return "".join(parts)


def _numbered(entry: ListEntry) -> str:
    return f"{entry.label} {entry.html}" if entry.label else entry.html


def _note(number: int, citation: PrintedText) -> str:
    return f'<li id="note-{number}">{citation.html} <a href="#cited-{number}">↩</a></li>\n'


def _anchor(source_id: str) -> str:
    return "ref-" + re.sub(r"[^\w.-]", "-", source_id)


def _title(cited: CitedDraft) -> str:
    heading = next((p for p in cited.draft.paragraphs if p.kind == "heading"), None)
    words = cited.draft.masked[heading.start : heading.end].strip() if heading else ""
    return escape(words or "Draft with citations")
