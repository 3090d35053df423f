"""The synonyms of a library: in its generation, noticed when they change, added to questions by stems."""

from pathlib import Path

import pytest

from corpus.errors import IndexDamagedError, MalformedRecordError, ParameterError
from corpus.synonyms import Synonyms
from indexer.build import build
from indexer.lexical import stems
from indexer.synonyms import ADDED_WEIGHT, FILE, SynonymTable, read
from tests.indexer.small_index import SmallIndex, write_library

LIST = "MK-7 = menaquinone-7\nMGP = matrix Gla protein\n"
TABLE = SynonymTable([("MK-7", "menaquinone-7"), ("MGP", "matrix Gla protein"), ("leg pain", "claudication")])


def _added(question: str) -> dict[str, float]:
    return dict(TABLE.added(stems(question)))


def test_the_other_names_of_a_group_are_added_with_the_weight_of_one_word_shared_out() -> None:
    each = ADDED_WEIGHT / 3
    assert _added("does MGP matter") == pytest.approx({"matrix": each, "gla": each, "protein": each})
    assert _added("matrix gla proteins") == pytest.approx({"mgp": ADDED_WEIGHT})


@pytest.mark.parametrize("question", ["MK-7", "mk7", "is MK 7 good", "MK-7?"])
def test_a_name_is_found_in_each_of_its_spellings(question: str) -> None:
    assert set(_added(question)) == {"menaquinone7", "menaquinon"}


def test_a_name_is_found_only_where_its_words_stand_in_a_row() -> None:
    assert _added("pain in the leg") == {}
    assert _added("matrix of gla and a protein") == pytest.approx({"mgp": ADDED_WEIGHT})
    assert _added("leg pain") == pytest.approx({"claudic": ADDED_WEIGHT})
    assert _added("protein") == _added("") == {}


def test_what_the_question_says_itself_is_not_added() -> None:
    assert _added("MGP, the matrix Gla protein") == {}
    assert set(_added("MGP matrix")) == {"gla", "protein"}


def test_without_groups_nothing_is_added() -> None:
    assert SynonymTable().added(["mk7"]) == {}


def test_a_list_in_the_library_goes_into_the_generation_and_the_manifest(small: SmallIndex) -> None:
    (small.library / "synonyms.txt").write_text(LIST)
    assert small.update().published
    generation = small.live()
    origin = str(small.library / "synonyms.txt")
    assert read(generation.path / FILE) == Synonyms(
        (("MK-7", "menaquinone-7"), ("MGP", "matrix Gla protein")), origin
    )
    assert generation.manifest.parameters["synonyms"] == f"2 groups of {origin}"
    assert FILE in generation.manifest.files


def test_a_change_of_the_list_is_published_and_encodes_nothing(small: SmallIndex) -> None:
    (small.library / "synonyms.txt").write_text(LIST)
    first = small.update()
    assert not small.update().published
    (small.library / "synonyms.txt").write_text("# the same names\n" + LIST.replace(" = ", "="))
    assert not small.update().published
    (small.library / "synonyms.txt").write_text(LIST + "PAD = peripheral artery disease\n")
    changed = small.update()
    assert (changed.published, changed.encoded) == (True, 0)
    assert changed.index_version != first.index_version


def test_the_list_stays_while_other_files_come_and_goes_with_prune(small: SmallIndex, tmp_path: Path) -> None:
    (small.library / "synonyms.txt").write_text(LIST)
    small.update()
    other = write_library(tmp_path / "other")
    build(small.index, [other])
    assert len(read(small.live().path / FILE).groups) == 2
    build(small.index, [other], prune=True)
    assert small.live().manifest.parameters["synonyms"] == "none"
    assert not (small.live().path / FILE).exists()


def test_a_list_that_is_given_stands_in_the_place_of_the_folders_own(
    small: SmallIndex, tmp_path: Path
) -> None:
    (small.library / "synonyms.txt").write_text(LIST)
    (tmp_path / "mine.txt").write_text("A1 = B2\n")
    small.update(synonyms=tmp_path / "mine.txt")
    assert read(small.live().path / FILE).groups == (("A1", "B2"),)


def test_a_broken_list_and_two_lists_publish_nothing(small: SmallIndex, tmp_path: Path) -> None:
    before = small.live().manifest.index_version
    (small.library / "synonyms.txt").write_text("MK-7\n")
    with pytest.raises(MalformedRecordError, match=r"synonyms.txt, line 1 \(MK-7\): has one name only"):
        small.update()
    other = write_library(tmp_path / "other")
    for folder in (small.library, other):
        (folder / "synonyms.txt").write_text(LIST)
    with pytest.raises(ParameterError, match="a library uses one list; give it with --synonyms FILE"):
        build(small.index, [small.library, other])
    assert small.live().manifest.index_version == before


def test_a_damaged_list_in_a_generation_is_refused(tmp_path: Path) -> None:
    for content in ("{", "[]", '{"groups": 3, "origin": ""}'):
        (tmp_path / FILE).write_text(content)
        with pytest.raises(IndexDamagedError, match="not a readable list of synonyms"):
            read(tmp_path / FILE)
