"""Sources go when they are named, and nothing goes where one name is a stranger's."""

import subprocess
import sys

import pytest

from corpus.errors import NotFoundError, NothingToIndexError
from indexer.build import build
from indexer.removing import remove
from tests.indexer.small_index import ARTICLE_ID, CRAMPS_ID, GLA_ID, SmallIndex


def test_a_source_goes_by_any_of_its_names_and_references_to_it_stay_open(small: SmallIndex) -> None:
    report = remove(small.index, ["cramps2010"])
    assert (report.published, report.removed, report.encoded) == (True, 1, 0)
    assert set(small.sources()) == {GLA_ID, ARTICLE_ID}
    assert [r.source_id for r in small.sources()[ARTICLE_ID].references] == [GLA_ID, None, None]
    assert small.directory.verify() == []


def test_what_was_removed_comes_back_when_its_file_is_indexed_again(small: SmallIndex) -> None:
    before = small.passages()
    remove(small.index, [CRAMPS_ID, "PMC2222222"])
    assert set(small.sources()) == {ARTICLE_ID}
    assert small.update().encoded == 2
    assert small.passages() == before


def test_where_one_name_is_unknown_nothing_is_removed(small: SmallIndex) -> None:
    with pytest.raises(NotFoundError, match="nobody2001: no source of the library goes by that"):
        remove(small.index, ["cramps2010", "nobody2001"])
    assert small.names() == ["000001"]


def test_the_last_source_stays(small: SmallIndex) -> None:
    with pytest.raises(NothingToIndexError, match="nothing would be left"):
        remove(small.index, [GLA_ID, CRAMPS_ID, ARTICLE_ID])
    assert small.names() == ["000001"]


def test_a_source_that_is_read_again_in_the_same_build_is_not_removed(small: SmallIndex) -> None:
    report = build(small.index, [small.library / "cramps2010.json"], remove=[CRAMPS_ID])
    assert (report.published, report.removed) == (False, 0)


def test_the_command_says_what_is_left_and_refuses_in_one_line(small: SmallIndex) -> None:
    command = [sys.executable, "-m", "search_api", "remove", "--index", str(small.index)]
    done = subprocess.run([*command, "33333333"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("published 000002-")
    assert done.stdout.endswith(": 1 removed, 1 articles and 1 studies left\n")
    refused = subprocess.run([*command, "ghost1999"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
