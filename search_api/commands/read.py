"""``footnote read``: what the readers make of a file."""

import json
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--verbose", is_flag=True, help="Name each thing that was skipped, not the first few places.")
def read(file: Path, verbose: bool) -> None:
    """Print what the reader makes of FILE, one JSON source a line; on standard error what it held."""
    from corpus.errors import NothingToIndexError
    from corpus.reading import read_paths
    from corpus.records import Source
    from search_api.documents import source_line
    from search_api.reading_report import ReadingReport

    report = ReadingReport(str(file))
    for found in read_paths([file]):
        report.add(found)
        if isinstance(found, Source):
            click.echo(json.dumps(source_line(found), ensure_ascii=False))
        elif verbose:
            click.echo(f"skipped {found}", err=True)
    for line in report.lines():
        click.echo(line, err=True)
    if not report.records:
        raise NothingToIndexError(str(file), "nothing in it could be read", "see the reasons above")
