"""The pages in headless Chromium on loopback: bytes transferred, first paint, results while typing, shifts.

Measured on the index that ``FOOTNOTE_BENCH_INDEX`` names, else on the starter library. Every question is
new to the server; the browser begins each page load with an empty cache. Chromium is that of the system.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from indexer.build import build
from indexer.generation import IndexDirectory

_STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"
_QUESTIONS = [
    f"{effect} of {what} in {who}"
    for what in ("vitamin K2", "magnesium", "dietary fibre", "fish oil", "statins", "green tea")
    for effect in ("benefits and harms", "long term effects", "mechanism of action")
    for who in ("older adults", "children with asthma")
]
_WARM_UP = 4
#: Layout shifts that no input caused, and when the largest and the first content was painted.
_OBSERVE = """() => {
  window.shift = 0; window.largest = 0;
  const moved = (l) => { for (const e of l.getEntries()) window.shift += e.hadRecentInput ? 0 : e.value; };
  new PerformanceObserver(moved)
    .observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((l) => { for (const e of l.getEntries()) window.largest = e.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
}"""
_TYPED = """() => {
  window.times = []; let last = 0;
  document.querySelector('#query').addEventListener('input', () => { last = performance.now(); }, true);
  document.addEventListener('footnote:answered', () => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.times.push(performance.now() - last);
    channel.port2.postMessage(0);
  }));
}"""
_BYTES = """() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""


def measure(work: Path) -> dict[str, object]:
    """Bytes, milliseconds to paint and from the last key to painted results, shifts; passages searched."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return {"skipped": "no Chromium is installed"}
    given = os.environ.get("FOOTNOTE_BENCH_INDEX")
    index = Path(given) if given else work / "index"
    if not given:
        build(index, [_STARTER])
    passages = IndexDirectory(index).open().manifest.counts["passages"]
    server, address = _serve(index)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            seen = _loads(browser, address) | _typing(browser, address)
            browser.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    return {"passages": passages, **seen}


def _loads(browser: Browser, address: str) -> dict[str, object]:
    loaded: list[dict[str, Any]] = []
    for question in _QUESTIONS:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{address}/?query={quote_plus(question)}", wait_until="load")
        page.evaluate(_OBSERVE)
        page.wait_for_timeout(150)
        paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        loaded.append(
            {
                "bytes": page.evaluate(_BYTES),
                "first": page.evaluate(paint),
                "largest": page.evaluate("window.largest"),
                "shift": page.evaluate("window.shift"),
            }
        )
        context.close()
    measured = loaded[_WARM_UP:]
    return {
        "page_loads": len(measured),
        "transferred_bytes_max": max(one["bytes"] for one in measured),
        **_percentiles("first_paint_ms", [one["first"] for one in measured]),
        **_percentiles("largest_paint_ms", [one["largest"] for one in measured]),
        "layout_shift_max": max(one["shift"] for one in measured),
    }


def _typing(browser: Browser, address: str) -> dict[str, object]:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/")
    page.evaluate(_OBSERVE)
    page.evaluate(_TYPED)
    for number, question in enumerate(_QUESTIONS, start=1):
        # All but the last key at once: what is measured begins with a real key.
        page.locator("#query").evaluate("(field, words) => { field.focus(); field.value = words; }", question)
        page.keyboard.press("s")
        _wait_for(page, number)
    times = page.evaluate("window.times")[_WARM_UP:]
    return {
        "typed_questions": len(times),
        **_percentiles("typing_stopped_to_results_ms", times),
        "layout_shift_while_typing": page.evaluate("window.shift"),
    }


def _wait_for(page: Page, number: int) -> None:
    for _ in range(400):
        if page.evaluate("window.times.length") >= number:
            return
        page.wait_for_timeout(10)
    raise RuntimeError("no results came")


def _percentiles(name: str, times: list[float]) -> dict[str, object]:
    return {f"{name}_p{p}": round(float(np.percentile(times, p)), 1) for p in (50, 95)}


def _serve(index: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "search_api", "serve", "--index", str(index), "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            return server, f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not get ready")
