"""A Word document -> a draft; python-docx opens it, its XML is walked here.

python-docx leaves out what stands inside tracked insertions, so the runs are found in the XML: with
insertions, without deletions, as if every change were accepted. Headings and list items get Markdown's
signs in front, which the paragraph's ``prefix`` counts.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from corpus.article_parts import part_of
from corpus.errors import ParameterError
from search_api.drafts.masking import masked
from search_api.drafts.records import Draft, DraftParagraph, ParagraphKind

#: What the parts of a document may unpack to, in bytes, how many there may be, and how far they may expand.
MAX_UNPACKED, MAX_MEMBERS, MAX_RATIO = 64 << 20, 2_000, 200
#: Expansion is no bomb below this, in bytes: a table of zeros.
_FREE_BYTES = 4 << 20

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent"})
_LEVEL = re.compile(r"(?:heading|Heading|berschrift|Titre)\D{0,2}(\d)")


def open_docx(data: bytes, name: str = "") -> Any:
    """The document by python-docx; raises `ParameterError` where it is none, or would unpack to too much."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]

    shown = name or "draft"
    _check_size(data, shown)
    try:
        return Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, XMLSyntaxError, zipfile.BadZipFile, OSError) as error:
        raise _no_docx(shown) from error


def read_docx(data: bytes, name: str = "") -> Draft:
    """The draft of a document, headers, footnotes and text boxes left out."""
    document = open_docx(data, name)
    text = ""
    found: list[DraftParagraph] = []
    listing = False
    for number, paragraph in enumerate(paragraphs_of(document)):
        words = "".join(piece for _, piece in texts_of(paragraph))
        if not words.strip():
            continue
        kind, prefix = _kind_of(document, paragraph)
        if kind == "heading":
            listing = part_of(words.strip()) == "references"
        elif listing:
            kind = "reference"
        start = len(text)
        text += f"{prefix}{words}\n\n"
        found.append(DraftParagraph(kind, start, len(text) - 2, number, len(prefix)))
    notes = _notes(document)
    return Draft("docx", text, masked(text), tuple(found), notes)


def paragraphs_of(document: Any) -> list[Any]:
    """The ``w:p`` elements of the body in order, those of tables as well."""
    return [p for p in document.element.body.iter(f"{_W}p") if not _is_gone(p)]


def texts_of(paragraph: Any) -> Iterator[tuple[Any, str]]:
    """The pieces of a paragraph's text, each with its element, as if all changes were accepted."""
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        if _is_gone(element, paragraph):
            continue
        if element.tag == f"{_W}t":
            yield element, (element.text or "").replace("\n", " ")
        else:
            yield element, "‑" if element.tag == f"{_W}noBreakHyphen" else " "


def _is_gone(element: Any, until: Any = None) -> bool:
    """Whether an element stands inside a tracked deletion or a text box."""
    parent = element.getparent()
    while parent is not None and parent is not until:
        if parent.tag in _GONE:
            return True
        parent = parent.getparent()
    return False


def _kind_of(document: Any, paragraph: Any) -> tuple[ParagraphKind, str]:
    style = _style_name(document, paragraph)
    if match := _LEVEL.search(style):
        return "heading", "#" * min(int(match.group(1)), 6) + " "
    if style == "Title":
        return "heading", "# "
    if any(parent.tag == f"{_W}tbl" for parent in paragraph.iterancestors()):
        return "table", ""
    if "Quote" in style:
        return "quote", "> "
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    return ("list-item", "- ") if numbered or style.startswith("List") else ("paragraph", "")


def _style_name(document: Any, paragraph: Any) -> str:
    """The name of a paragraph's style, empty where it has none; ids differ from language to language."""
    element = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style_id = element.get(f"{_W}val") if element is not None else None
    if style_id is None:
        return ""
    named = document.styles.element.find(f"{_W}style[@{_W}styleId='{style_id}']/{_W}name")
    return str(named.get(f"{_W}val")).removesuffix(" Char") if named is not None else str(style_id)


def _notes(document: Any) -> tuple[str, ...]:
    body = document.element.body
    counts = {
        name: sum(1 for _ in body.iter(f"{_W}{tag}"))
        for name, tag in (("insertions", "ins"), ("deletions", "del"))
    }
    if not any(counts.values()):
        return ()
    told = " and ".join(f"{count} {name}" for name, count in counts.items() if count)
    return (f"the document has tracked changes ({told}); it was read as if all were accepted",)


def _check_size(data: bytes, shown: str) -> None:
    """Refuse what would unpack to too much, before anything is unpacked.

    zipfile gives no more of a member than its directory says, so the directory can be believed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _no_docx(shown) from error
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or unpacked > max(_FREE_BYTES, MAX_RATIO * len(data)):
        rule = f"unpacks to {unpacked >> 20} MB, more than a draft does"
        raise ParameterError("draft", shown, rule, "remove its pictures, or save it as plain text")
    if len(members) > MAX_MEMBERS:
        raise ParameterError("draft", shown, f"holds {len(members)} parts", "save it as plain text")
    if "word/document.xml" not in {member.filename for member in members}:
        raise _no_docx(shown)


def _no_docx(shown: str) -> ParameterError:
    return ParameterError("draft", shown, "is no Word document (.docx)", "save it as .docx, Markdown or text")
