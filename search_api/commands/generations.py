"""``footnote info``, ``verify`` and ``rollback``: the generations of an index."""

from pathlib import Path

import click

from search_api.commands.options import index_option, print_json
from search_api.settings import Settings


@click.command()
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the document of the API.")
def info(index: Path | None, as_json: bool) -> None:
    """Say what the index holds and how it was made."""
    from indexer.generation import IndexDirectory

    directory = IndexDirectory(Settings.from_environment(index=index).index)
    manifest = directory.open().manifest
    facts = {
        "generation": manifest.name,
        "index_version": manifest.index_version,
        "created": manifest.created,
        "parent": manifest.parent,
        "fingerprint": manifest.fingerprint,
        "counts": dict(manifest.counts),
        "parameters": dict(manifest.parameters),
        "bytes": sum(size for size, _ in manifest.files.values()),
    }
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:14} {shown}")


@click.command()
@index_option
@click.pass_context
def verify(context: click.Context, index: Path | None) -> int:
    """Check every file of the live generation against its digest."""
    from indexer.generation import IndexDirectory

    directory = IndexDirectory(Settings.from_environment(index=index).index)
    faults = directory.verify()
    for fault in faults:
        click.echo(fault)
    manifest = directory.open_unchecked().manifest
    if faults:
        click.echo(
            f"generation {manifest.name} is damaged: run footnote rollback, or footnote index", err=True
        )
        return 1
    click.echo(f"generation {manifest.name} is sound: {len(manifest.files)} files match their digests")
    return 0


@click.command()
@index_option
def rollback(index: Path | None) -> None:
    """Make the previous generation the live one."""
    from indexer.generation import IndexDirectory

    generation = IndexDirectory(Settings.from_environment(index=index).index).rollback()
    click.echo(f"generation {generation.manifest.name} is live")
