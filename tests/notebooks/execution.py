"""Runs a notebook from the top in a kernel of its own, and leaves nothing in it but what it shows."""

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tests.conftest import REPOSITORY

NOTEBOOKS = REPOSITORY / "notebooks"
_SECONDS = 280


def executed(path: Path, **environment: str) -> NotebookNode:
    """The notebook with its outputs; raises `CellExecutionError` where a cell fails.

    Settings of IPython and matplotlib in the user's home take no part.
    """
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as home:
        folders = {name: home for name in ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
        paths = os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
        fixed = {"JUPYTER_PLATFORM_DIRS": "1", "PYTHONPATH": paths, "PYTHONHASHSEED": "0"}
        with patch.dict(os.environ, {**folders, **fixed, **environment}):
            client = NotebookClient(
                notebook,
                timeout=_SECONDS,
                kernel_name="python3",
                record_timing=False,
                resources={"metadata": {"path": str(path.parent)}},
            )
            client.execute()
    return cleaned(notebook)


def cleaned(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what differs from machine to machine."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    return notebook
