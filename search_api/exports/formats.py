"""The formats of an export by name, each with its media type and the suffix of its files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ParameterError
from corpus.records import Source


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format: its name, title, media type, file suffix, and whether a citation style shapes it."""

    name: str
    title: str
    media_type: str
    suffix: str
    styled: bool = False


_ALL = (
    ExportFormat("csl-json", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json"),
    ExportFormat("bibtex", "BibTeX", "application/x-bibtex", "bib"),
    ExportFormat("ris", "RIS", "application/x-research-info-systems", "ris"),
    ExportFormat("medline", "MEDLINE", "application/nbib", "nbib"),
    ExportFormat("csv", "CSV", "text/csv", "csv"),
    ExportFormat("text", "Formatted citation", "text/x-bibliography", "txt", styled=True),
    ExportFormat("html", "Formatted citation in HTML", "text/html", "html", styled=True),
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


def format_for(output: Path | None) -> ExportFormat:
    """The format that the suffix of a file means, BibTeX where it means none."""
    suffixes = {f".{form.suffix}": form for form in _ALL}
    return suffixes.get(output.suffix.casefold() if output else "", FORMATS["bibtex"])


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
