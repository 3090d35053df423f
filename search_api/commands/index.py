"""``footnote index``: build or update an index, and say what became of what it read."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from search_api.commands.options import STARTER, build_progress, index_option
from search_api.settings import Settings

if TYPE_CHECKING:
    from indexer.build import BuildReport
    from indexer.vectors import VectorKind

#: Unresolved references and mentions that are listed without ``--verbose``.
_LISTED = 10


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@index_option
@click.option("--model", default=None, help="sentence-transformers model, by name or folder.")
@click.option("--aside", is_flag=True, help="Build beside what is live; footnote promote makes it live.")
@click.option("--prune", is_flag=True, help="Drop sources that the given paths do not hold.")
@click.option(
    "--retractions",
    type=click.Path(path_type=Path),
    default=None,
    help="Retraction Watch CSV: mark what it lists.",
)
@click.option(
    "--synonyms",
    type=click.Path(path_type=Path),
    default=None,
    help="Names that mean the same [default: synonyms.txt in PATHS].",
)
@click.option(
    "--vectors",
    type=click.Choice(["auto", "flat", "ivf"]),
    default=None,
    help="Compare all vectors (flat) or those near the question (ivf) [default: as before, else auto].",
)
@click.option("--verbose", is_flag=True, help="List all that is unresolved, merged or marked.")
def index(
    paths: tuple[Path, ...],
    index: Path | None,
    model: str | None,
    aside: bool,
    prune: bool,
    retractions: Path | None,
    synonyms: Path | None,
    vectors: "VectorKind | None",
    verbose: bool,
) -> None:
    """Build or update the index from PATHS (default: the starter library; with --aside, what it holds)."""
    from indexer.build import build

    if aside and prune and not paths:
        raise click.UsageError("--prune drops what PATHS do not hold; give PATHS, or leave it out")
    settings = Settings.from_environment(index=index)
    read = list(paths) or ([] if aside else [STARTER])
    with build_progress() as progress:
        report = build(settings.index, read, model, prune, progress, retractions, aside, synonyms, vectors)
    _print_report(report, verbose)


def _print_report(report: "BuildReport", verbose: bool) -> None:
    counts = report.counts
    what = ("set aside" if report.aside else "published") if report.published else "unchanged"
    click.echo(f"{what} {report.index_version} in {report.seconds:.1f} s")
    click.echo(
        f"{counts['articles']} articles, {counts['studies']} studies, {counts['passages']} passages "
        f"({report.encoded} encoded), {report.removed} removed"
    )
    click.echo(
        f"{counts['references']} references, {counts['resolved_references']} resolved, "
        f"{len(report.unresolved)} unresolved references"
    )
    if report.mentions:
        click.echo(
            f"{report.mentions} studies named in prose, {report.mentions - len(report.unresolved_mentions)} "
            f"resolved, {len(report.unresolved_mentions)} unresolved mentions"
        )
    _print_identity_and_standing(report, verbose)
    if report.cut_sentences:
        click.echo(f"{report.cut_sentences} passages cut inside a sentence to fit the encoder", err=True)
    for skipped in report.skipped:
        click.echo(f"skipped {skipped}", err=True)
    _print_unresolved(report, verbose)


def _print_unresolved(report: "BuildReport", verbose: bool) -> None:
    """The references, then the studies named in prose, that no source answers to; ten of each, or all."""
    references = [
        f"unresolved [{lost.label}] in {lost.source_id}: {lost.raw or 'empty entry'}"
        for lost in report.unresolved
    ]
    mentions = [
        f"unresolved “{lost.text}” in {lost.source_id}: {lost.reason}" for lost in report.unresolved_mentions
    ]
    for lines in (references, mentions):
        for line in lines if verbose else lines[:_LISTED]:
            click.echo(line, err=True)
        if len(lines) > _LISTED and not verbose:
            click.echo(f"... and {len(lines) - _LISTED} more; --verbose lists them", err=True)


def _print_identity_and_standing(report: "BuildReport", verbose: bool) -> None:
    """What became one source, and what notices mark; nothing where there is neither."""
    if report.merged:
        click.echo(f"{len(report.merged)} records merged into works that were there")
    if report.standing.marked or report.standing.elsewhere:
        marked = len({source_id for source_id, _ in report.standing.marked})
        click.echo(
            f"{marked} works marked by notices, {len(report.standing.elsewhere)} notices about works not here"
        )
    if verbose:
        for merged in report.merged:
            click.echo(f"merged {merged.source_id} by {merged.by}: {', '.join(merged.origins)}", err=True)
        for source_id, notice in report.standing.marked:
            told = notice.notice or notice.recorded_in or "a notice"
            click.echo(f"{notice.status} {source_id} says {told}", err=True)
