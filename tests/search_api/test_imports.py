"""What importing and searching load: never a model, a socket or torch before they are needed.

Each test runs in a fresh interpreter, for this one has loaded everything.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_HEAVY = ("torch", "transformers", "sentence_transformers")
_REPOSITORY = Path(__file__).resolve().parents[2]

_IMPORT_ALL = """
import importlib, json, pkgutil, sys
seen = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        seen.append(arguments[0])
    elif event in ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen"):
        seen.append(event)
sys.addaudithook(watch)
names = []
for package in ("corpus", "indexer", "search_api"):
    module = importlib.import_module(package)
    names.append(package)
    for found in pkgutil.walk_packages(module.__path__, package + "."):
        importlib.import_module(found.name)
        names.append(found.name)
print(json.dumps({"names": names, "seen": seen, "modules": sorted(sys.modules)}))
"""

_SEARCH_IN_APP = """
import json, sys
from pathlib import Path
from search_api.app import create_app
from search_api.settings import Settings
client = create_app(Settings(index=Path(sys.argv[1]))).test_client()
statuses = [client.get(a).status_code for a in ("/", "/?query=leg+cramps", "/v1/search?query=leg+cramps")]
print(json.dumps({"statuses": statuses, "modules": sorted(sys.modules)}))
"""

_SEARCH_IN_CLI = """
import json, sys
from search_api.cli import main
sys.argv = ["footnote", "search", "leg cramps", "--index", sys.argv[1], "--json"]
try:
    main()
except SystemExit as end:
    code = end.code
print("\\x00" + json.dumps({"code": code, "modules": sorted(sys.modules)}))
"""

_COMMAND_ONLY = """
import json, sys
import search_api.cli
print(json.dumps({"modules": sorted(sys.modules)}))
"""


def _run(code: str, *arguments: str) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=_REPOSITORY,
        env=environment,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout.split("\x00")[-1])
    return found


def _heavy(modules: list[str]) -> set[str]:
    return {name.split(".")[0] for name in modules} & set(_HEAVY)


def test_importing_every_module_loads_no_model_library_and_opens_nothing_but_code() -> None:
    found = _run(_IMPORT_ALL)
    assert {"corpus.records", "indexer.compiling", "search_api.cli", "search_api.__main__"} <= set(
        found["names"]
    )
    assert len(found["names"]) > 30
    assert _heavy(found["modules"]) == set()
    assert not {event for event in found["seen"] if "." in event and "/" not in event}
    own = [
        Path(name)
        for name in found["seen"]
        if str(name).startswith(f"{_REPOSITORY}/") and ".venv" not in name
    ]
    assert own, "the audit hook saw nothing"
    assert {path.suffix for path in own} <= {".py", ".pyc"}
    models = (".safetensors", ".onnx", ".bin", ".xml", ".faiss", ".sqlite", ".csl")
    assert not [name for name in found["seen"] if str(name).endswith(models)]


def test_a_search_through_the_application_leaves_torch_out(starter_index: Path) -> None:
    found = _run(_SEARCH_IN_APP, str(starter_index))
    assert found["statuses"] == [200, 200, 200]
    assert "openvino" in found["modules"]
    assert _heavy(found["modules"]) == set()


def test_a_search_through_the_command_leaves_torch_out(starter_index: Path) -> None:
    found = _run(_SEARCH_IN_CLI, str(starter_index))
    assert found["code"] == 0
    assert "openvino" in found["modules"]
    assert _heavy(found["modules"]) == set()


def test_the_command_itself_loads_neither_the_server_nor_the_indexes() -> None:
    modules = set(_run(_COMMAND_ONLY)["modules"])
    assert not modules & {"flask", "gunicorn", "openvino", "faiss", "tantivy", "numpy", "citeproc"}


def test_the_nouns_import_nothing_of_ours() -> None:
    code = (
        "import json, sys, corpus.records, corpus.errors; print(json.dumps({'modules': sorted(sys.modules)}))"
    )
    ours = [m for m in _run(code)["modules"] if m.split(".")[0] in ("corpus", "indexer", "search_api")]
    assert ours == ["corpus", "corpus.errors", "corpus.records"]
