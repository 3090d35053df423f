"""``footnote read``: what the readers make of a file."""

import json
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def read(file: Path) -> None:
    """Print what the reader makes of FILE, one JSON source a line."""
    from corpus.errors import NothingToIndexError
    from corpus.reading import read_paths
    from corpus.records import Skipped
    from search_api.documents import source_line

    counts = {"sources": 0, "references": 0, "skipped": 0}
    for found in read_paths([file]):
        if isinstance(found, Skipped):
            counts["skipped"] += 1
            click.echo(f"skipped {found}", err=True)
            continue
        counts["sources"] += 1
        counts["references"] += len(found.references)
        click.echo(json.dumps(source_line(found), ensure_ascii=False))
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()), err=True)
    if not counts["sources"]:
        raise NothingToIndexError(str(file), "nothing in it could be read", "see the reasons above")
