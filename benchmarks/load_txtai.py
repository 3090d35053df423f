"""txtai's own HTTP API over the same texts with the same weights, in an environment of its own.

``FOOTNOTE_PEERS`` names a folder where environments and indexes are kept for the next run.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.load_library import texts_in
from indexer.models import DEFAULT_MODEL, locate

PACKAGES = ("txtai[api]==9.14.0", "torch==2.13.0", "sentence-transformers==6.2.0")

_BUILD = """
import json, sys
from txtai import Embeddings
texts = [tuple(json.loads(line)) for line in open(sys.argv[1], encoding="utf-8")]
embeddings = Embeddings(path=sys.argv[2], hybrid=True, content=True)
embeddings.index(texts)
embeddings.save(sys.argv[3])
"""


class AbsentError(Exception):
    """txtai cannot be had here; says why."""


@contextlib.contextmanager
def served(index: Path, work: Path) -> Iterator[int]:
    """The port of txtai's API over the passages of an index; raises `AbsentError`."""
    folder = Path(os.environ.get("FOOTNOTE_PEERS", work / "environments"))
    python = _environment(folder / "txtai_api")
    made = _index(python, index, folder / "txtai_api_index")
    config = work / "txtai.yml"
    # Without the word embeddings the API has no route that searches; what they are the index itself says.
    config.write_text(f"path: {made}\nwritable: false\nembeddings: {{}}\n", "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(python), "-m", "uvicorn", "txtai.api:app", "--port", str(port), "--log-level", "warning"]
    server = subprocess.Popen(
        command, env=_surroundings() | {"CONFIG": str(config)}, stderr=subprocess.DEVNULL
    )
    try:
        _until_ready(server, port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _environment(folder: Path) -> Path:
    python, noted = folder / "bin" / "python", folder / "packages.txt"
    if not noted.exists() or noted.read_text() != "\n".join(PACKAGES):
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(python), "-m", "pip", "install", "--quiet", *PACKAGES],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise AbsentError(f"txtai cannot be installed here: {done.stderr.strip()[-300:]}")
        noted.write_text("\n".join(PACKAGES))
    return python


def _index(python: Path, index: Path, folder: Path) -> Path:
    """An index of txtai over the texts of ours, kept for as long as the texts are the same."""
    import json

    texts = "".join(json.dumps(pair) + "\n" for pair in texts_in(index))
    given = folder / "texts.jsonl"
    if not given.exists() or given.read_text("utf-8") != texts:
        folder.mkdir(parents=True, exist_ok=True)
        waiting = folder / "waiting.jsonl"
        waiting.write_text(texts, "utf-8")
        model = str(locate(DEFAULT_MODEL).path)
        command = [str(python), "-c", _BUILD, str(waiting), model, str(folder / "index")]
        done = subprocess.run(command, env=_surroundings(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise AbsentError(f"txtai builds no index here: {done.stderr.strip()[-300:]}")
        waiting.rename(given)
    return (folder / "index").resolve()


def _surroundings() -> dict[str, str]:
    return {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}


def _until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise AbsentError(f"txtai's API ended with {server.returncode}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/count", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AbsentError("txtai's API did not answer within two minutes")
