"""Drafts as they come: Markdown, text and Word documents, and what is refused with its reason."""

import io
import zipfile

import pytest
from docx import Document

from corpus.errors import ParameterError
from search_api.drafts.claims import sentences
from search_api.drafts.reading import MAX_WORDS, read_draft, read_text

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_file(*paragraphs: str) -> bytes:
    """A Word document of plain paragraphs."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_an_empty_draft_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="is empty"):
        read_text(text)


def test_a_draft_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(ParameterError, match=str(MAX_WORDS)) as caught:
        read_text("word " * 200_000)
    assert caught.value.given == "200000 words"


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04 no archive at all", _packed({"other.xml": b"<a/>"}), _packed({"word/document.xml": b"<a"})],
    ids=["broken", "another archive", "broken XML"],
)
def test_what_is_no_word_document_is_refused(data: bytes) -> None:
    with pytest.raises(ParameterError, match="no Word document"):
        read_draft(data, "draft.docx")


def test_text_named_docx_is_refused() -> None:
    with pytest.raises(ParameterError, match="no Word document"):
        read_draft(b"Vitamin K2 helps.", "draft.docx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ParameterError, match="unpacks to"):
        read_draft(_packed({"word/document.xml": b"0" * (80 << 20)}), "draft.docx")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ParameterError):
        read_draft(bytes(range(256)) * 20, "draft.md")


def test_a_word_document_is_read_paragraph_by_paragraph() -> None:
    draft = read_draft(word_file("Vitamin K2 lowers risk.", "", "Does it?"), "a.docx")
    assert [(s.text, s.kind) for s in sentences(draft)] == [
        ("Vitamin K2 lowers risk.", "claim"),
        ("Does it?", "question"),
    ]


def test_tracked_changes_are_read_as_accepted_and_said() -> None:
    document = Document()
    paragraph = document.add_paragraph("Vitamin K2 lowers ")
    for tag, text_tag, words in (("del", "delText", "blood "), ("ins", "t", "coronary ")):
        change = paragraph._p.makeelement(f"{{{_W}}}{tag}", {f"{{{_W}}}id": "1", f"{{{_W}}}author": "A"})
        run = change.makeelement(f"{{{_W}}}r", {})
        text = run.makeelement(f"{{{_W}}}{text_tag}", {})
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("risk.")
    file = io.BytesIO()
    document.save(file)
    draft = read_draft(file.getvalue(), "a.docx")
    assert [s.text for s in sentences(draft)] == ["Vitamin K2 lowers coronary risk."]
    (note,) = draft.notes
    assert "tracked changes (1 insertions and 1 deletions)" in note
    assert "as if all were accepted" in note


@pytest.mark.parametrize(
    "text",
    [
        "**Vitamin K2 lowers risk.",
        "Vitamin K2 [lowers](risk.",
        "```\nVitamin K2 lowers risk.",
        "> * _K2 lowers risk.",
    ],
)
def test_unbalanced_markdown_is_read_with_every_letter_in_place(text: str) -> None:
    draft = read_text(text, "a.md")
    assert draft.text == text
    assert len(draft.masked) == len(text)


def test_a_reference_list_of_the_draft_is_told_from_its_prose() -> None:
    draft = read_text("K2 slows bone loss.\n\n## References\n\n1. Sato Y. Bone. 2004.\n", "a.md")
    assert [p.kind for p in draft.paragraphs] == ["paragraph", "heading", "reference"]
    assert [s.text for s in sentences(draft)] == ["K2 slows bone loss."]
