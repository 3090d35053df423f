"""A real server on the loopback address, for the client."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from search_api.app import create_app
from search_api.settings import Settings


@contextmanager
def served(application: Callable[..., Any]) -> Iterator[str]:
    """The address at which an application is served, for as long as the context lasts."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def address(starter_index: Path) -> Iterator[str]:
    """The address of the service over the starter index."""
    with served(create_app(Settings(index=starter_index))) as found:
        yield found
