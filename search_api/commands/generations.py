"""``footnote info``, ``verify``, ``promote`` and ``rollback``: the generations of an index."""

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from search_api.commands.options import backend_options, index_option, print_json
from search_api.settings import Settings


@click.command()
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the document of the API.")
def info(index: Path | None, as_json: bool) -> None:
    """Say what the index holds and how it was made."""
    from indexer.generation import IndexDirectory

    directory = IndexDirectory(Settings.from_environment(index=index).index)
    manifest = directory.open().manifest
    facts: dict[str, Any] = {
        "generation": manifest.name,
        "index_version": manifest.index_version,
        "created": manifest.created,
        "parent": manifest.parent,
        "fingerprint": manifest.fingerprint,
        "counts": dict(manifest.counts),
        "parameters": dict(manifest.parameters),
        "bytes": sum(size for size, _ in manifest.files.values()),
        "aside": {g.manifest.index_version: g.manifest.parameters["model"] for g in directory.asides()},
    }
    if as_json:
        print_json(facts)
        return
    if not facts["aside"]:
        del facts["aside"]
    for name, value in facts.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:14} {shown}")


@click.command()
@click.argument("generation", required=False)
@index_option
@click.pass_context
def verify(context: click.Context, generation: str | None, index: Path | None) -> int:
    """Check every file of a generation against its digest (default: of the live one)."""
    from indexer.generation import IndexDirectory

    directory = IndexDirectory(Settings.from_environment(index=index).index)
    faults = directory.verify(generation)
    for fault in faults:
        click.echo(fault)
    manifest = directory.open_unchecked(generation).manifest
    if faults:
        remedy = "footnote rollback, or footnote index" if generation is None else "footnote index --aside"
        click.echo(f"generation {manifest.name} is damaged: run {remedy}", err=True)
        return 1
    click.echo(f"generation {manifest.name} is sound: {len(manifest.files)} files match their digests")
    return 0


@click.command()
@click.argument("generation", required=False)
@index_option
@backend_options
def promote(generation: str | None, **given: Any) -> None:
    """Make a generation that was set aside the live one (default: the only one aside)."""
    from indexer.generation import IndexDirectory
    from search_api.opening import cluster_of
    from search_api.publishing import promote_in

    settings = Settings.from_environment(**given)
    directory, cluster = IndexDirectory(settings.index), cluster_of(settings)
    beside = {aside.manifest.name: aside.manifest.parent for aside in directory.asides()}
    if cluster is None:
        manifest = directory.promote(generation).manifest
    else:
        with closing(cluster):
            manifest = promote_in(cluster, directory, generation).manifest
    click.echo(f"generation {manifest.name} is live, made with {manifest.parameters['model']}")
    if beside.get(manifest.name, manifest.parent) != manifest.parent:
        click.echo(
            f"it was built beside {beside[manifest.name]}, and {manifest.parent} was live since: "
            "run footnote index with your paths to bring it up to date",
            err=True,
        )


@click.command()
@index_option
@backend_options
def rollback(**given: Any) -> None:
    """Make the previous generation the live one."""
    from indexer.generation import IndexDirectory
    from search_api.opening import cluster_of
    from search_api.publishing import roll_back_in

    settings = Settings.from_environment(**given)
    directory, cluster = IndexDirectory(settings.index), cluster_of(settings)
    if cluster is None:
        generation = directory.rollback()
    else:
        with closing(cluster):
            generation = roll_back_in(cluster, directory)
    click.echo(f"generation {generation.manifest.name} is live")
