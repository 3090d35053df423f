"""What notebooks begin with: the index they open, the collection they find, what they draw with."""

import sys
from pathlib import Path

import pytest

from corpus.errors import InputError
from search_api.notebook import drawing, opened, shared_collection


def test_the_index_of_the_environment_comes_before_the_notebooks_own(
    starter_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX", str(starter_index))
    searcher = opened(Path("absent"))
    assert searcher.manifest.counts["studies"] == 95
    searcher.close()
    assert not Path("absent").exists()


def test_an_index_that_is_there_is_opened_as_it_is(
    starter_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOOTNOTE_INDEX", raising=False)
    before = (starter_index / "CURRENT").stat().st_mtime_ns
    opened(starter_index).close()
    assert (starter_index / "CURRENT").stat().st_mtime_ns == before


def test_a_collection_is_found_in_the_shared_folder_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_SHARED", str(tmp_path))
    assert shared_collection("nfcorpus") is None
    (tmp_path / "eval" / "nfcorpus").mkdir(parents=True)
    assert shared_collection("nfcorpus") == tmp_path / "eval" / "nfcorpus"


def test_without_matplotlib_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"^matplotlib: is not installed") as raised:
        drawing()
    assert raised.value._render_traceback_() == [str(raised.value)]
