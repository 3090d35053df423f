"""Sources -> a reference list in a citation style, as a Word document."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import html  # type: ignore[import-untyped]

from corpus.records import Source
from search_api.reference_list import list_entries

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUFFIX = "docx"

#: What a tag of a formatted entry means for the font of a run.
_FONT = {"i": "italic", "b": "bold", "u": "underline", "sup": "superscript", "sub": "subscript"}


def write(sources: Sequence[Source], style: str) -> bytes:
    """The list in the order of the style, with its numbers and its italics; ``style`` is a CSL style.

    Raises `UnknownStyleError`.
    """
    from docx import Document

    document = Document()
    document.add_heading("References", level=1)
    for entry in list_entries(sources, style):
        paragraph = document.add_paragraph(f"{entry.label} " if entry.label else "")
        for text, fonts in _runs(html.fragment_fromstring(entry.html, create_parent="p")):
            run = paragraph.add_run(text)
            for font in fonts:
                setattr(run.font, font, True)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _runs(element: Any, fonts: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
    """The words of an entry in order, each with the fonts that its tags ask for."""
    if element.text:
        yield element.text, fonts
    for child in element:
        small = child.get("class") == "small-caps"
        font = "small_caps" if small else _FONT.get(child.tag)
        yield from _runs(child, fonts | {font} if font else fonts)
        if child.tail:
            yield child.tail, fonts
