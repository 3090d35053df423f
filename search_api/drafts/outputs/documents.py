"""A cited draft in the format that was asked for, with the files that belong to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from search_api.drafts.records import CitedDraft

BibliographyForm = Literal["bibtex", "csl-json"]
OutputFormat = Literal["markdown", "docx", "html", "pandoc", "latex"]


@dataclass(frozen=True, slots=True)
class OutputDocument:
    """A draft with citations: its text or bytes, media type, file suffix, and files beside it by suffix.

    ``notes`` say what a writer has to know of it.
    """

    content: str | bytes
    media_type: str
    suffix: str
    beside: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def output_document(
    cited: CitedDraft,
    form: OutputFormat,
    style: str,
    original: bytes | None = None,
    bibliography: BibliographyForm = "bibtex",
    name: str = "references",
) -> OutputDocument:
    """The draft in a format; ``original`` is the file of a .docx, which keeps all that it holds.

    ``name`` is that of the bibliography file without suffix, as LaTeX refers to it. Raises
    `UnknownStyleError`.
    """
    from search_api.drafts.outputs import docx_output, html_output, latex_output, markdown_output

    makers: Mapping[OutputFormat, Callable[[], OutputDocument]] = {
        "markdown": lambda: markdown_output.markdown(cited, style),
        "pandoc": lambda: markdown_output.pandoc(cited, bibliography),
        "html": lambda: html_output.html(cited, style),
        "latex": lambda: latex_output.latex(cited, name),
        "docx": lambda: docx_output.docx(cited, style, original),
    }
    return makers[form]()
