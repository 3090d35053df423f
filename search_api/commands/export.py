"""``footnote export``: sources of an index as a file for a reference manager."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from search_api.commands.options import index_option
from search_api.settings import Settings

if TYPE_CHECKING:
    from corpus.records import Source
    from indexer.library import Library


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@index_option
@click.option("--references", is_flag=True, help="What the IDs cite, instead of themselves.")
@click.option(
    "--format",
    "form_name",
    default=None,
    help="csl-json, bibtex, ris, medline, csv, text, html [default: by the suffix, else bibtex].",
)
@click.option("--style", default=None, help="Citation style of text and html: apa (default), vancouver, ...")
@click.option("--output", type=click.Path(path_type=Path), default=None, help="File [default: print].")
def export(
    ids: tuple[str, ...],
    index: Path | None,
    references: bool,
    form_name: str | None,
    style: str | None,
    output: Path | None,
) -> None:
    """Write the sources with these IDs (DOI, PMID, key, ...), or all studies of the index."""
    from indexer.generation import LIBRARY_FILE, IndexDirectory
    from indexer.library import Library
    from search_api.exports.formats import export as written
    from search_api.exports.formats import format_for, format_named
    from search_api.styling.styles import style_name

    settings = Settings.from_environment(index=index, style=style)
    form = format_named(form_name) if form_name else format_for(output)
    chosen = style_name(settings.style)
    library = Library(IndexDirectory(settings.index).open().path / LIBRARY_FILE)
    try:
        sources = _wanted(library, ids, references)
    finally:
        library.close()
    text = written(sources, form, chosen)
    if output is None:
        click.echo(text, nl=False)
        return
    _write(output, text)
    click.echo(f"{_counted(len(sources), 'source')} in {output}", err=True)


def _wanted(library: "Library", ids: tuple[str, ...], references: bool) -> "list[Source]":
    from corpus.errors import ParameterError
    from search_api.export_list import cited_sources, sources_of, studies_of

    if references and not ids:
        raise ParameterError("references", "", "needs the ID of what cites", "name an article or a study")
    if not references:
        return sources_of(library, ids) if ids else studies_of(library)
    cited, unresolved = cited_sources(library, sources_of(library, ids))
    if unresolved:
        left_out = _counted(len(unresolved), "reference")
        click.echo(f"left out {left_out} that the library has no record of", err=True)
    return cited


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _write(output: Path, text: str) -> None:
    from corpus.errors import ParameterError

    try:
        output.write_text(text, "utf-8", newline="")
    except OSError as error:
        rule = f"cannot be written ({error.strerror})"
        raise ParameterError("output", str(output), rule, "give another file") from error
