"""The commands that publish: into the cluster, back, and by promotion, each in words."""

import pytest

from tests.indexer.small_index import GLA, SmallIndex, write_study
from tests.search_api.command_line import Ended, run


@pytest.fixture
def footnote(
    lite: str, small: SmallIndex, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> "Footnote":
    return Footnote(lite, small, monkeypatch, capsys)


class Footnote:
    """The command ``footnote`` over one index and one cluster."""

    def __init__(
        self,
        uri: str,
        small: SmallIndex,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self._given = ("--index", small.index, "--backend", "milvus", "--uri", uri)
        self._patch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: object) -> Ended:
        return run(self._patch, self._capsys, (*words, *self._given))


def test_index_search_and_roll_back(footnote: Footnote, small: SmallIndex) -> None:
    first = footnote("index", small.library)
    assert first.code == 0
    assert "the cluster holds 4 passages: 4 written, 0 taken out" in first.out
    write_study(small.library, GLA, "Zebras had softer arteries.")
    second = footnote("index", small.library)
    assert "published 00000" in second.out
    assert "zebras" in footnote("search", "zebras arteries").out.lower()
    assert footnote("rollback").out == "generation 000001 is live\n"
    assert "zebras" not in footnote("search", "zebras arteries").out.lower()


def test_what_is_set_aside_is_promoted(footnote: Footnote, small: SmallIndex) -> None:
    footnote("index", small.library)
    write_study(small.library, GLA, "Zebras had softer arteries.")
    beside = footnote("index", small.library, "--aside")
    assert "set aside 000002" in beside.out
    assert "zebras" not in footnote("search", "zebras arteries").out.lower()
    promoted = footnote("promote")
    assert (promoted.code, promoted.err) == (0, "")
    assert "zebras" in footnote("search", "zebras arteries").out.lower()
    assert "no generation is set aside" in footnote("promote").fault()


def test_an_index_without_a_collection_says_what_to_do(footnote: Footnote) -> None:
    assert "run footnote index with this backend" in footnote("search", "cramps").fault()
    assert "no earlier generation is kept" in footnote("rollback").fault()
