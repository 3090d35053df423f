"""The application under gunicorn; each worker opens the index after the fork."""

import contextlib
import logging
import os
import resource
import threading
import time
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from corpus.errors import IndexStateError
from search_api.app import WORKING, create_app, open_index
from search_api.counting_folder import counting_folder
from search_api.job_process import JobKeeper
from search_api.live import LiveSearcher
from search_api.logs import logging_configuration
from search_api.metrics import FOLDER_VARIABLE, forget_worker
from search_api.settings import Settings

_LOG = logging.getLogger("footnote.serving")

_WARMED_SOURCES = 2000
#: Threads of a worker besides those that work or wait: they refuse, and answer the health routes.
_SPARE_THREADS = 4
#: Connections of a worker at once, as far as the system grants so many open files.
_MOST_CONNECTIONS = 12_000
_LOOK_SECONDS = 0.5


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings; `run` returns when the server was told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._counts = Path()
        host, port = settings.host, settings.port
        self._options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": settings.workers,
            "threads": WORKING + settings.waiting + _SPARE_THREADS,
            "worker_class": "search_api.worker.Worker",
            "worker_connections": _connections(),
            "preload_app": False,
            "graceful_timeout": 10,
            "timeout": 60,
            "keepalive": 5,
            "control_socket_disable": True,
            "logconfig_dict": logging_configuration(settings.log),
            "child_exit": self._forget,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of one worker, with the index open."""
        app = create_app(self._settings)
        try:
            open_index(app)
        except IndexStateError as error:
            # `footnote serve` refuses to begin so; a later worker says 503 until the index is mended.
            _LOG.error("%s", error)
        live: LiveSearcher = app.extensions["footnote.live"]
        threading.Thread(target=_follow, args=(live, self._settings.style), daemon=True).start()
        threading.Thread(target=_keep_jobs_going, args=(self._settings,), daemon=True).start()
        return app

    def run(self) -> None:
        """Serve until told to stop; what the workers count lies in a folder that goes with the server."""
        from search_api.worker import Worker

        Worker.seconds = float(self._settings.request_seconds)
        sizes = (
            self._settings.max_body_bytes,
            self._settings.max_draft_bytes,
            self._settings.max_source_bytes,
        )
        Worker.largest_body = max(sizes)
        with counting_folder() as self._counts:
            os.environ[FOLDER_VARIABLE] = str(self._counts)
            super().run()

    def _forget(self, _: Any, worker: Any) -> None:
        forget_worker(self._counts, worker.pid)


def _connections() -> int:
    """How many connections a worker may hold; asks the system for as many open files as it grants."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = (
        _MOST_CONNECTIONS + 1000 if most == resource.RLIM_INFINITY else min(most, _MOST_CONNECTIONS + 1000)
    )
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return max(100, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 1000)


def _keep_jobs_going(settings: Settings) -> None:
    keeper = JobKeeper(settings)
    while True:
        keeper.look()
        time.sleep(_LOOK_SECONDS)


def _follow(live: LiveSearcher, style: str) -> None:
    """Open what is published before anybody asks, and format a small library's citations beforehand."""
    warmed = ""
    while True:
        try:
            searcher = live.get()
            if searcher.manifest.name != warmed:
                warmed = searcher.manifest.name
                _format_citations(live, style)
        except IndexStateError as error:
            _LOG.error("%s", error)
        time.sleep(_LOOK_SECONDS)


def _format_citations(live: LiveSearcher, style: str) -> None:
    """Format what a small library will be asked for, so that no reader waits for citeproc."""
    searcher = live.get()
    counts: dict[str, Any] = dict(searcher.manifest.counts)
    total = counts["articles"] + counts["studies"]
    if total <= _WARMED_SOURCES:
        for row in range(total):
            searcher.citations.format(searcher.library.source_at(row), style)
