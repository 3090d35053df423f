"""What several commands share: ``--index``, the starter library, the progress of a build, JSON, files."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from search_api.settings import SETTINGS

STARTER = Path(__file__).resolve().parent.parent.parent / "corpus" / "starter"

index_option = click.option(
    "--index",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder of the index [default: $FOOTNOTE_INDEX, else ./index].",
)

_BACKEND_OPTIONS = (
    click.option("--backend", metavar="NAME", default=None, help="What searches: faiss, or milvus."),
    click.option("--uri", metavar="URI", default=None, help="Milvus: http://HOST:PORT, or FILE.db."),
    click.option("--collection", metavar="NAME", default=None, help="Alias of the library in Milvus."),
)

profile_option = click.option(
    "--profile", metavar="NAME", default=None, help="How results are ranked: default, or fast."
)

rerank_option = click.option(
    "--rerank", metavar="MODEL", default=None, help="Cross-encoder that orders the first results anew."
)

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=None,
    help="TOML file of settings [default: $FOOTNOTE_CONFIG].",
)


def backend_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--backend``, ``--uri`` and ``--collection``; None where they are not given."""
    for option in reversed(_BACKEND_OPTIONS):
        command = option(command)
    return command


def setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for every setting there is; None where it is not given."""
    for name, default, meaning in reversed(SETTINGS):
        kind: Any = click.Path(path_type=Path) if isinstance(default, Path) else type(default)
        flag = f"--{name.replace('_', '-')}"
        option = click.option(
            flag, name, type=kind, default=None, help=f"{meaning.capitalize()} [default: {default}]."
        )
        command = option(command)
    return command


def print_json(document: Any) -> None:
    """Print a document as the API would give it, indented."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def bytes_of(path: Path, most: int) -> bytes:
    """What a writer's file holds, or standard input for ``-``; raises `InputError` over ``most`` bytes."""
    from corpus.errors import InputError

    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            with path.open("rb") as file:
                data = file.read(most + 1)
    except OSError as error:
        raise InputError(str(path), f"cannot be read ({error.strerror})", "check the path") from error
    if len(data) > most:
        remedy = "split it, or raise FOOTNOTE_MAX_DRAFT_BYTES"
        raise InputError(str(path), f"larger than {most} bytes", remedy)
    return data


class build_progress:  # noqa: N801 - a context manager used like a function
    """A bar for each stage on standard error, with rate and time left; on a terminal only."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""

    def __enter__(self) -> Callable[[str, int, int], None]:
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _show(self, stage: str, finished: int, total: int) -> None:
        from tqdm import tqdm

        if stage != self._stage:
            if self._bar is not None:
                self._bar.close()
            unit = " passages" if stage == "encoding" else " sources"
            hidden = not sys.stderr.isatty()
            self._bar = tqdm(total=total or None, desc=stage, unit=unit, disable=hidden)
            self._stage = stage
        self._bar.update(finished - self._bar.n)
