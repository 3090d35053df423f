"""``footnote report``: what the library leans on, and what stands on nothing."""

from pathlib import Path

import click

from search_api.commands.options import index_option, print_json
from search_api.settings import Settings


@click.command()
@index_option
@click.option("--limit", default=None, help="Entries to show of each list, 1 to 10000 [default: 100].")
@click.option("--style", default=None, help="Citation style of --json: apa (default), vancouver, ...")
@click.option("--json", "as_json", is_flag=True, help="Print the document of the API.")
def report(index: Path | None, limit: str | None, style: str | None, as_json: bool) -> None:
    """Tell which articles lean on retracted, corrected or doubted studies, and what stands on nothing."""
    from indexer.generation import LIBRARY_FILE, IndexDirectory
    from indexer.library import Library
    from search_api.citations import format_citation, style_name
    from search_api.propagation.documents import report_document
    from search_api.propagation.reporting import library_report
    from search_api.propagation.text import report_text
    from search_api.queries import validated
    from search_api.report_requests import ReportRequest

    settings = Settings.from_environment(index=index, style=style)
    chosen = style_name(settings.style)
    asked = validated(ReportRequest, {} if limit is None else {"limit": limit})
    generation = IndexDirectory(settings.index).open()
    library = Library(generation.path / LIBRARY_FILE)
    try:
        found = library_report(library)
        if as_json:
            document = report_document(found, library, lambda s: format_citation(s, chosen), asked.limit)
            print_json({"index_version": generation.manifest.index_version} | document)
        else:
            click.echo(report_text(found, library, asked.limit))
    finally:
        library.close()
