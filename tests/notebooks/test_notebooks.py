"""Each notebook runs from the top, and what is kept of it is small, legible elsewhere, and without faults."""

import base64
import json
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from tests.notebooks.execution import NOTEBOOKS, executed

_NAMES = [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
_PICTURE_BYTES = 60_000
_CELL_LINES = 20


def _cells(name: str) -> list[nbformat.NotebookNode]:
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _pictures(cells: list[nbformat.NotebookNode]) -> list[bytes]:
    shown = [output.get("data", {}) for cell in cells for output in cell.outputs]
    return [base64.b64decode(data["image/png"]) for data in shown if "image/png" in data]


def test_the_three_notebooks_are_there() -> None:
    assert _NAMES == ["01_ask.ipynb", "02_quality.ipynb", "03_write.ipynb"]


@pytest.mark.slow
@pytest.mark.parametrize("name", _NAMES)
def test_a_notebook_runs_from_the_top_and_draws_what_is_kept_of_it(name: str, starter_index: Path) -> None:
    notebook = executed(NOTEBOOKS / name, FOOTNOTE_INDEX=str(starter_index), FOOTNOTE_SHARED="absent")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert _pictures(cells)
    assert not [output for cell in cells for output in cell.outputs if output.get("name") == "stderr"]


@pytest.mark.slow
def test_a_notebook_that_fails_says_so(tmp_path: Path, starter_index: Path) -> None:
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import corpus\n1 / 0")])
    nbformat.write(broken, tmp_path / "broken.ipynb")
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        executed(tmp_path / "broken.ipynb", FOOTNOTE_INDEX=str(starter_index))


@pytest.mark.slow
def test_a_missing_extra_is_told_in_one_line(tmp_path: Path) -> None:
    hidden = "import sys\nsys.modules['matplotlib'] = None\nfrom search_api.notebook import drawing\ndrawing()"
    without = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(hidden)])
    nbformat.write(without, tmp_path / "without.ipynb")
    with pytest.raises(CellExecutionError) as raised:
        executed(tmp_path / "without.ipynb")
    assert raised.value.traceback.strip().splitlines()[-1] == (
        "matplotlib: is not installed, and the notebooks draw with it; run pip install -e '.[notebooks]'"
    )
    assert "search_api/notebook.py" not in raised.value.traceback


@pytest.mark.parametrize("name", _NAMES)
def test_what_is_kept_of_a_notebook_is_small_and_says_nothing_of_the_machine(name: str) -> None:
    text = (NOTEBOOKS / name).read_text("utf-8")
    document = json.loads(text)
    assert set(document["metadata"]) == {"kernelspec", "language_info"}
    assert not [cell for cell in document["cells"] if cell["metadata"]]
    assert not [place for place in ("/home/", "/work/", "/tmp/", "site-packages") if place in text]
    assert max(len(picture) for picture in _pictures(_cells(name))) <= _PICTURE_BYTES


@pytest.mark.parametrize("name", _NAMES)
def test_a_notebook_is_kept_as_it_ran_from_the_top(name: str) -> None:
    cells = _cells(name)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


@pytest.mark.parametrize("name", _NAMES)
def test_a_notebook_imports_and_shows_and_defines_nothing(name: str) -> None:
    for cell in _cells(name):
        lines = cell.source.splitlines()
        assert len(lines) <= _CELL_LINES, cell.source
        assert not [line for line in lines if line.startswith(("def ", "class ", "async ", "!", "%"))]
        assert max(len(line) for line in lines) <= 110
