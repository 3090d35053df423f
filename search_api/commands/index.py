"""``footnote index``: build or update an index, and say what became of what it read."""

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search_api.commands.options import STARTER, backend_options, build_progress, index_option
from search_api.settings import Settings

if TYPE_CHECKING:
    from indexer.build import BuildReport
    from indexer.milvus.loading import Loaded
    from indexer.vectors import VectorKind

#: Unresolved references and mentions that are listed without ``--verbose``.
_LISTED = 10


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@index_option
@backend_options
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
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help="Processes that read and split [default: one for each core].",
)
@click.option(
    "--ray",
    metavar="ADDRESS",
    default=None,
    help="Ray cluster that encodes: HOST:PORT, or local for one of this machine's cores.",
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
    backend: str | None,
    uri: str | None,
    collection: str | None,
    model: str | None,
    aside: bool,
    prune: bool,
    retractions: Path | None,
    synonyms: Path | None,
    jobs: int | None,
    ray: str | None,
    vectors: "VectorKind | None",
    verbose: bool,
) -> None:
    """Build or update the index from PATHS (default: the starter library; with --aside, what it holds)."""
    from indexer.build import build
    from search_api.opening import cluster_of
    from search_api.publishing import build_into

    if aside and prune and not paths:
        raise click.UsageError("--prune drops what PATHS do not hold; give PATHS, or leave it out")
    settings = Settings.from_environment(index=index, backend=backend, uri=uri, collection=collection)
    read = list(paths) or ([] if aside else [STARTER])
    processes = jobs or len(os.sched_getaffinity(0))
    cluster = cluster_of(settings)
    with build_progress() as progress:

        def made(beside: bool) -> "BuildReport":
            return build(
                settings.index,
                read,
                model,
                prune,
                progress,
                retractions,
                beside,
                synonyms,
                jobs=processes,
                ray=ray,
                vectors=vectors,
            )

        if cluster is None:
            _print_report(made(aside), verbose)
            return
        with closing(cluster):
            published = build_into(cluster, settings.index, made, aside, progress)
    _print_report(published.report, verbose, published.loaded)


def _print_report(report: "BuildReport", verbose: bool, loaded: "Loaded | None" = None) -> None:
    counts = report.counts
    what = ("set aside" if report.aside else "published") if report.published else "unchanged"
    click.echo(f"{what} {report.index_version} in {report.seconds:.1f} s")
    resumed = f", {report.resumed} by a build that was cut off" if report.resumed else ""
    click.echo(
        f"{counts['articles']} articles, {counts['studies']} studies, {counts['passages']} passages "
        f"({report.encoded} encoded{resumed}), {report.removed} removed"
    )
    references, resolved = counts["references"], counts["resolved_references"]
    click.echo(f"{references} references, {resolved} resolved, {references - resolved} unresolved references")
    if report.mentions:
        named = counts["resolved_prose_mentions"]
        click.echo(
            f"{report.mentions} studies named in prose, {named} resolved, "
            f"{report.mentions - named} unresolved mentions"
        )
    if loaded is not None:
        click.echo(
            f"the cluster holds {loaded.total} passages: {loaded.written} written, {loaded.deleted} taken out"
        )
    _print_identity_and_standing(report, verbose)
    if report.cut_sentences:
        click.echo(f"{report.cut_sentences} passages cut inside a sentence to fit the encoder", err=True)
    for skipped in report.skipped:
        click.echo(f"skipped {skipped}", err=True)
    _print_unresolved(report, verbose)


def _print_unresolved(report: "BuildReport", verbose: bool) -> None:
    """The references, then the studies named in prose, that no source answers to; ten of each, or all.

    All are those that the report holds, the first 10,000 of each.
    """
    counts = report.counts
    references = [
        f"unresolved [{lost.label}] in {lost.source_id}: {lost.raw or 'empty entry'}"
        for lost in report.unresolved
    ]
    mentions = [
        f"unresolved “{lost.text}” in {lost.source_id}: {lost.reason}" for lost in report.unresolved_mentions
    ]
    lost = counts["references"] - counts["resolved_references"]
    unnamed = report.mentions - counts["resolved_prose_mentions"]
    for lines, there_are in ((references, lost), (mentions, unnamed)):
        shown = lines if verbose else lines[:_LISTED]
        for line in shown:
            click.echo(line, err=True)
        if there_are > len(shown):
            remedy = "" if verbose else "; --verbose lists them"
            click.echo(f"... and {there_are - len(shown)} more{remedy}", err=True)


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
