"""``footnote mcp``: the library as tools for language-model agents."""

from pathlib import Path
from typing import Any

import click

from search_api.commands.options import backend_options, config_option, index_option
from search_api.settings import Settings


@click.command()
@index_option
@backend_options
@config_option
@click.option("--http", is_flag=True, help="Answer at http://HOST:PORT/mcp instead of standard input.")
@click.option("--host", default=None, help="Address to listen on with --http [default: 127.0.0.1].")
@click.option("--port", type=int, default=None, help="Port to listen on with --http [default: 8000].")
def mcp(config: Path | None, http: bool, **given: Any) -> None:
    """Offer the library to language-model agents (Model Context Protocol)."""
    from indexer.generation import IndexDirectory
    from search_api.agent_tools import agent_server, http_application

    settings = Settings.from_environment(config, **given)
    IndexDirectory(settings.index).open()
    if http:
        import uvicorn

        uvicorn.run(http_application(settings), host=settings.host, port=settings.port, log_level="warning")
    else:
        agent_server(settings).run("stdio")
