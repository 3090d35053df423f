"""What several commands share: the option ``--index``, the starter library, JSON output."""

import json
from pathlib import Path
from typing import Any

import click

STARTER = Path(__file__).resolve().parent.parent.parent / "corpus" / "starter"

index_option = click.option(
    "--index",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the index [default: $FOOTNOTE_INDEX, else ./index].",
)


def print_json(document: Any) -> None:
    """Print a document as the API would give it, indented."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
