"""The application under gunicorn; each worker opens the index after the fork."""

import logging
import threading
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from search_api.app import create_app, open_index
from search_api.live import LiveSearcher
from search_api.settings import Settings

_THREADS_PER_WORKER = 4
_WARMED_SOURCES = 2000


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings; `run` returns when the server was told to stop."""

    def __init__(self, settings: Settings, host: str, port: int, workers: int) -> None:
        self._settings = settings
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "threads": _THREADS_PER_WORKER,
            "worker_class": "gthread",
            "preload_app": False,
            "graceful_timeout": 10,
            "timeout": 60,
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of one worker, with the index open."""
        logging.getLogger("footnote").setLevel(logging.INFO)
        app = create_app(self._settings)
        open_index(app)
        live: LiveSearcher = app.extensions["footnote.live"]
        threading.Thread(target=_format_citations, args=(live, self._settings.style), daemon=True).start()
        return app


def _format_citations(live: LiveSearcher, style: str) -> None:
    """Format what a small library will be asked for, so that no reader waits for citeproc."""
    searcher = live.get()
    counts: dict[str, Any] = dict(searcher.manifest.counts)
    total = counts["articles"] + counts["studies"]
    if total <= _WARMED_SOURCES:
        for row in range(total):
            searcher.citations.format(searcher.library.source_at(row), style)
