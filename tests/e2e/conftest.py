"""A real headless Chromium against a real server; skipped, with the reason, where none is."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@dataclass
class RunningServer:
    """`footnote serve` in a process of its own."""

    index: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def serve(index: Path, port: int | None = None) -> RunningServer:
    """Start a server and wait until it is ready."""
    if port is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "search_api", "serve", "--index", str(index), "--port", str(port)]
    server = RunningServer(index, port, subprocess.Popen(command, stderr=subprocess.DEVNULL))
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{server.address}/readyz", timeout=5).close()
            return server
        except OSError:
            time.sleep(0.05)
    server.stop()
    raise RuntimeError("the server did not get ready")


# For this package only: while Playwright runs, nothing else on the thread can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    program = os.environ.get("FOOTNOTE_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("no Chromium is installed; install the package chromium or set FOOTNOTE_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def site(starter_index: Path, browser: Browser) -> Iterator[str]:
    """The address of a server over the starter library; asks for the browser first, to skip early."""
    server = serve(starter_index)
    yield server.address
    server.stop()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Opens an address of the site in a context of its own; a script's error fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(path: str, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": DESK, **options})
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if "Content Security" in message.text else None,
        )
        page.goto(f"{site}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors
