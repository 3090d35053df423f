"""``footnote backup`` and ``footnote restore``: the live generation as one file."""

from pathlib import Path

import click

from search_api.commands.options import index_option
from search_api.settings import Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@index_option
def backup(file: Path, index: Path | None) -> None:
    """Copy the live generation to FILE (.tar, or .tar.gz)."""
    from indexer.backup import back_up
    from indexer.generation import IndexDirectory

    generation = back_up(IndexDirectory(Settings.from_environment(index=index).index), file)
    size = file.stat().st_size
    click.echo(f"{generation.manifest.index_version} is in {file}, {size / 1e6:.1f} MB, every digest checked")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@index_option
def restore(file: Path, index: Path | None) -> None:
    """Make an index of a backup, in a folder that holds none."""
    from indexer import backup
    from indexer.generation import IndexDirectory

    generation = backup.restore(file, IndexDirectory(Settings.from_environment(index=index).index))
    click.echo(f"{generation.manifest.index_version} is live, every digest checked")
