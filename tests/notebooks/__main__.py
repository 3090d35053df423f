"""Run all notebooks, or those named, over ``$FOOTNOTE_INDEX`` and save them with what they show."""

import os
import sys

import nbformat

from tests.notebooks.execution import NOTEBOOKS, executed


def main(names: list[str]) -> None:
    """Each is saved as soon as it ran."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if not names or path.stem in names:
            nbformat.write(executed(path, **_given()), path)


def _given() -> dict[str, str]:
    index = os.environ.get("FOOTNOTE_INDEX")
    return {"FOOTNOTE_INDEX": os.path.abspath(index)} if index else {}  # noqa: PTH100 - it need not exist


main(sys.argv[1:])
