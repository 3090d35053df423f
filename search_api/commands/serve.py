"""``footnote serve``: the page and the API, served."""

from pathlib import Path

import click

from search_api.commands.options import index_option, profile_option, rerank_option
from search_api.settings import Settings


@click.command()
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@profile_option
@rerank_option
def serve(
    index: Path | None, profile: str | None, rerank: str | None, host: str, port: int, workers: int
) -> None:
    """Serve the web page and the HTTP API."""
    from indexer.generation import IndexDirectory
    from indexer.models import locate_reranker
    from search_api.citations import style_name
    from search_api.ranking_settings import Ranking
    from search_api.serving import Server

    settings = Settings.from_environment(index=index, profile=profile, rerank=rerank)
    style_name(settings.style)
    Ranking.of_profile(settings.profile)
    IndexDirectory(settings.index).open()
    if settings.reranker is not None:
        locate_reranker(settings.reranker)
    click.echo(f"Footnote answers at http://{host}:{port}/ (stop with Ctrl-C)", err=True)
    Server(settings, host, port, workers).run()
