"""``footnote lint``: the faults of a library."""

from pathlib import Path

import click


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--studies", type=click.Path(path_type=Path), default=None, help="Records that articles may cite as well."
)
def lint(path: Path, studies: Path | None) -> int:
    """Check a library's articles and records under PATH: citations, numbers, retractions, form."""
    from corpus.linting.library import lint_library

    report = lint_library(path, studies)
    for fault in report.faults:
        click.echo(str(fault))
    click.echo(
        f"{report.articles} articles, {report.studies} studies, {len(report.faults)} faults",
        err=bool(report.faults),
    )
    return 1 if report.faults else 0
