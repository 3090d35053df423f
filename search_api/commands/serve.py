"""``footnote serve``: the page and the API, served."""

import os
from pathlib import Path
from typing import Any

import click

from search_api.commands.options import config_option, setting_options
from search_api.settings import Settings


@click.command()
@setting_options
@config_option
@click.option("--open", "opened", is_flag=True, help="Answer without keys on any address: --access open.")
def serve(config: Path | None, opened: bool, **given: Any) -> None:
    """Serve the web page and the HTTP API."""
    # Read when NumPy is imported: products of ranking's size take longer on two threads than on one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from indexer.generation import IndexDirectory
    from indexer.models import locate_reranker
    from search_api.citations import style_name
    from search_api.ranking_settings import Ranking
    from search_api.serving import Server

    if opened:
        given["access"] = "open"
    settings = Settings.from_environment(config, **given)
    style_name(settings.style)
    Ranking.of_profile(settings.profile)
    IndexDirectory(settings.index).open()
    if settings.reranker is not None:
        locate_reranker(settings.reranker)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"Footnote answers at http://{shown}:{settings.port}/ (stop with Ctrl-C)", err=True)
    Server(settings).run()
