"""The formats of an export by name, each with its media type and the suffix of its files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.errors import ParameterError
from corpus.records import Source


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format: its name, media type, file suffix, and whether a citation style shapes it."""

    name: str
    media_type: str
    suffix: str
    styled: bool = False


_ALL = (
    ExportFormat("csl-json", "application/vnd.citationstyles.csl+json", "json"),
    ExportFormat("bibtex", "application/x-bibtex", "bib"),
    ExportFormat("ris", "application/x-research-info-systems", "ris"),
    ExportFormat("medline", "application/nbib", "nbib"),
    ExportFormat("csv", "text/csv", "csv"),
    ExportFormat("text", "text/x-bibliography", "txt", styled=True),
    ExportFormat("html", "text/html", "html", styled=True),
)
FORMATS: Mapping[str, ExportFormat] = {form.name: form for form in _ALL}


def format_named(name: str) -> ExportFormat:
    """The format of that name; raises `ParameterError` where there is none."""
    form = FORMATS.get(name.strip().casefold())
    if form is None:
        raise ParameterError(
            "format", name, "no export format of that name", f"use one of {', '.join(FORMATS)}"
        )
    return form


def export(sources: Sequence[Source], form: ExportFormat, style: str) -> str:
    """The sources in a format; ``style`` is a CSL style, for the formats that one shapes.

    Raises `UnknownStyleError`.
    """
    if form.styled:
        from search_api.exports import formatted

        return formatted.write(sources, style, html=form.name == "html")
    return _writer(form.name)(sources)


def _writer(name: str) -> Callable[[Sequence[Source]], str]:
    from search_api.exports import bibtex, csl_json, csv_table, medline, ris

    writers: Mapping[str, Callable[[Sequence[Source]], str]] = {
        "csl-json": csl_json.write,
        "bibtex": bibtex.write,
        "ris": ris.write,
        "medline": medline.write,
        "csv": csv_table.write,
    }
    return writers[name]
