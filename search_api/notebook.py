"""What a notebook begins with: a library to ask, and something to draw with.

Apart, because matplotlib comes with the extra ``notebooks`` only, and because a notebook defines nothing.
"""

import os
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.commands.options import STARTER
from search_api.search import Searcher

#: The colours of a drawing, told apart by people of every colour vision (doi:10.1038/nmeth.1618).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7f7f7f", "#000000")


def opened(index: Path) -> Searcher:
    """A searcher of the index that ``$FOOTNOTE_INDEX`` names, or else of ``index``.

    Where nothing is published there yet, the starter library is indexed first. Raises `IndexStateError`.
    """
    folder = Path(os.environ.get("FOOTNOTE_INDEX") or index)
    directory = IndexDirectory(folder)
    if directory.current_name() is None:
        build(folder, [STARTER])
    return Searcher.open(directory.open())


def shared_collection(name: str) -> Path | None:
    """A BEIR collection in ``eval`` of ``$FOOTNOTE_SHARED`` (default: ``shared`` beside the project).

    None where it is absent.
    """
    beside = STARTER.parents[2] / "shared"
    folder = Path(os.environ.get("FOOTNOTE_SHARED") or beside) / "eval" / name
    return folder if folder.is_dir() else None


def drawing() -> Any:
    """``matplotlib.pyplot``, set up so that a picture is legible and small.

    Raises `InputError` where matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot
    except ModuleNotFoundError as error:
        raise InputError(
            "matplotlib",
            "is not installed, and the notebooks draw with it",
            "run pip install -e '.[notebooks]'",
        ) from error
    pyplot.rcParams.update(
        {
            "figure.figsize": (7.5, 4.0),
            "figure.dpi": 90,
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlelocation": "left",
            "axes.prop_cycle": pyplot.cycler(color=COLOURS),
            "legend.frameon": False,
        }
    )
    return pyplot
