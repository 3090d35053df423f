"""The same works in eight styles, against texts written by hand from the manual of each.

A file in ``tests/golden/styles`` begins with comments: the manual, and where our records, or the style, are
knowingly behind it. ``cited:`` lines are the citations of a text in order, the others its reference list.
"""

from pathlib import Path

import pytest

from search_api.styling.styles import available
from tests.conftest import REPOSITORY
from tests.search_api.styling_of_lists import golden_lines

_GOLDEN = sorted((REPOSITORY / "tests" / "golden" / "styles").glob("*.txt"))


@pytest.mark.parametrize("path", _GOLDEN, ids=lambda path: path.stem)
def test_a_text_is_cited_as_the_manual_of_its_style_has_it(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    expected = [line for line in lines if not line.startswith("# ")]
    assert golden_lines(path.stem) == expected


def test_eight_manuals_were_consulted() -> None:
    assert len(_GOLDEN) == 8
    assert {path.stem for path in _GOLDEN} <= set(available())
