"""``footnote remove``: take sources out of the index."""

from pathlib import Path

import click

from search_api.commands.options import build_progress, index_option
from search_api.settings import Settings


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE_ID...")
@index_option
def remove(sources: tuple[str, ...], index: Path | None) -> None:
    """Take sources out of the index, each named by DOI, PMID, PMCID, citation key or id."""
    from indexer.removing import remove as remove_from

    settings = Settings.from_environment(index=index)
    with build_progress() as progress:
        report = remove_from(settings.index, sources, progress)
    counts = report.counts
    click.echo(
        f"published {report.index_version} in {report.seconds:.1f} s: {report.removed} removed, "
        f"{counts['articles']} articles and {counts['studies']} studies left"
    )
