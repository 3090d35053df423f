"""Generations set aside: built beside the live one, kept by builds, made live whole or not at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import FingerprintError, IndexDamagedError, IndexMissingError, NothingToIndexError
from indexer.build import build
from indexer.generation import LIBRARY_FILE
from indexer.library import Library
from tests.indexer.small_index import GLA, SmallIndex, write_study
from tests.indexer.test_crashes import DRIVER
from tests.small_models import write_encoder


@pytest.fixture(scope="session")
def wide_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of 48 dimensions without prompts, of random weights."""
    return write_encoder(tmp_path_factory.mktemp("wide"), dim=48)


@pytest.fixture(scope="session")
def index_with_aside(
    light_index: SmallIndex, wide_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> SmallIndex:
    """The light index with generation 000002 of the wide model aside; no test changes it."""
    own = light_index.copy_to(tmp_path_factory.mktemp("aside"))
    build(own.index, [], model=str(wide_model), aside=True)
    return own


@pytest.fixture
def two(index_with_aside: SmallIndex, tmp_path: Path) -> SmallIndex:
    """A copy of it, to be changed."""
    return index_with_aside.copy_to(tmp_path)


def asides(index: SmallIndex) -> list[str]:
    return [generation.manifest.name for generation in index.directory.asides()]


def change(index: SmallIndex, finding: str) -> None:
    """Publish a generation with another finding."""
    write_study(index.library, GLA, finding)
    assert index.update().published


def test_a_build_aside_leaves_the_live_generation_and_is_whole(two: SmallIndex, wide_model: Path) -> None:
    assert two.directory.current_name() == "000001"
    assert two.live().manifest.parameters["dim"] == 32
    (aside,) = two.directory.asides()
    assert (aside.manifest.name, aside.manifest.parent) == ("000002", "000001")
    assert (aside.manifest.parameters["model"], aside.manifest.parameters["dim"]) == (str(wide_model), 48)
    assert two.directory.verify("000002") == []
    assert two.directory.open("000002") == aside


def test_without_paths_it_holds_the_sources_of_the_live_one(two: SmallIndex) -> None:
    live, aside = (Library(g.path / LIBRARY_FILE) for g in (two.live(), two.directory.open("000002")))
    assert live.digests() == aside.digests()
    assert live.passage_ids.tolist() == aside.passage_ids.tolist()
    live.close()
    aside.close()


def test_builds_keep_what_is_aside_and_never_build_upon_it(two: SmallIndex) -> None:
    for number, finding in enumerate(("One.", "Two.", "Three."), start=3):
        change(two, finding)
        assert two.live().manifest.parameters["dim"] == 32
        assert two.live().manifest.parent == (f"{number - 1:06d}" if number > 3 else "000001")
    assert two.names() == ["000002", "000004", "000005"]
    assert asides(two) == ["000002"]
    two.directory.rollback()
    assert two.directory.current_name() == "000004"
    assert asides(two) == ["000002"]


def test_promoting_makes_it_live_and_rolling_back_returns(two: SmallIndex) -> None:
    version = two.directory.open("000002").manifest.index_version
    assert two.directory.promote().manifest.index_version == version
    assert two.directory.current_name() == "000002"
    assert (two.directory.verify(), asides(two), two.names()) == ([], [], ["000001", "000002"])
    assert two.directory.rollback().manifest.name == "000001"
    assert two.directory.promote("000002").manifest.name == "000002"


def test_rolling_back_returns_to_what_was_live_at_the_promotion(two: SmallIndex) -> None:
    """Not to what was live when it was built."""
    change(two, "One.")
    change(two, "Two.")
    assert two.directory.promote("000002").manifest.parent == "000004"
    assert two.names() == ["000002", "000004"]
    two.directory.rollback()
    assert "Two." in {passage.text for passage in two.passages()}


def test_the_next_build_goes_on_with_the_promoted_model(two: SmallIndex) -> None:
    two.directory.promote()
    write_study(two.library, GLA, "One.")
    report = two.update()
    assert (report.published, report.encoded, report.aside) == (True, 1, False)
    assert two.live().manifest.parameters["dim"] == 48
    assert two.names() == ["000002", "000003"]
    change(two, "Two.")
    assert two.names() == ["000003", "000004"]


def test_building_aside_again_finds_it_unchanged_or_encodes_what_is_new(
    two: SmallIndex, wide_model: Path
) -> None:
    again = build(two.index, [], model=str(wide_model), aside=True)
    assert (again.published, again.index_version) == (
        False,
        two.directory.open("000002").manifest.index_version,
    )
    change(two, "One.")
    newer = build(two.index, [], model=str(wide_model), aside=True)
    assert (newer.published, newer.aside, newer.encoded) == (True, True, 1)
    assert (asides(two), two.directory.current_name()) == (["000004"], "000003")
    assert two.names() == ["000001", "000003", "000004"]


def test_two_models_stand_aside_and_one_has_to_be_named(two: SmallIndex, tmp_path: Path) -> None:
    other = write_encoder(tmp_path / "narrow", dim=16)
    build(two.index, [two.library], model=str(other), aside=True)
    assert asides(two) == ["000002", "000003"]
    with pytest.raises(
        IndexMissingError, match=r"more than one generation is set aside; name one of 000002, 000003"
    ):
        two.directory.promote()
    assert two.directory.promote("000003").manifest.parameters["dim"] == 16
    assert asides(two) == ["000002"]


def test_the_live_model_aside_holds_changes_that_are_not_live_yet(two: SmallIndex) -> None:
    write_study(two.library, GLA, "One.")
    report = build(two.index, [two.library], aside=True)
    assert (report.published, report.aside, report.encoded) == (True, True, 1)
    assert "One." not in {passage.text for passage in two.passages()}
    two.directory.promote("000003")
    assert "One." in {passage.text for passage in two.passages()}


@pytest.mark.parametrize("name", ["000009", "../000002", "000001", ""])
def test_what_is_no_other_generation_is_not_promoted(two: SmallIndex, name: str) -> None:
    with pytest.raises(IndexMissingError, match=r"use one of 000001, 000002$|is live already"):
        two.directory.promote(name)
    assert two.directory.current_name() == "000001"


def test_where_nothing_is_aside_there_is_nothing_to_promote(small: SmallIndex) -> None:
    with pytest.raises(IndexMissingError, match=r"no generation is set aside; build one with footnote index"):
        small.directory.promote()


def test_a_damaged_generation_is_not_promoted(two: SmallIndex) -> None:
    weights = two.directory.open("000002").path / "encoder" / "model.bin"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x07")
    with pytest.raises(IndexDamagedError, match=r"000002: encoder/model.bin: its content changed"):
        two.directory.promote()
    assert (two.directory.current_name(), two.directory.verify()) == ("000001", [])


def test_nothing_is_built_aside_where_nothing_is_live(tmp_path: Path, wide_model: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index is published there"):
        build(tmp_path / "index", [], model=str(wide_model), aside=True)


def test_pruning_needs_paths(two: SmallIndex) -> None:
    with pytest.raises(NothingToIndexError):
        build(two.index, [], prune=True, aside=True)


def test_a_model_of_another_dimension_is_refused_with_both_names_and_the_way(
    small: SmallIndex, wide_model: Path
) -> None:
    own = str(small.live().manifest.parameters["model"])
    with pytest.raises(FingerprintError) as refused:
        small.update(model=str(wide_model))
    message = str(refused.value)
    assert own in message
    assert str(wide_model) in message
    assert "build beside it with --aside" in message
    assert "\n" not in message
    assert small.names() == ["000001"]


def test_the_same_model_by_another_path_is_the_same_model(small: SmallIndex, own_model: Path) -> None:
    assert not small.update(model=str(own_model)).published


PROMOTING = [
    ("before", "IndexDirectory._rewrite"),
    ("after", "IndexDirectory._rewrite"),
    ("after", "Path.rename"),
    ("before", "IndexDirectory._make_current"),
    ("after", "IndexDirectory._make_current"),
]


@pytest.mark.parametrize(("when", "step"), PROMOTING)
def test_a_promotion_killed_between_any_two_steps_leaves_it_aside_or_live(
    two: SmallIndex, when: str, step: str
) -> None:
    change(two, "One.")
    arguments = [when, step, "promote", "--index", str(two.index)]
    done = subprocess.run([sys.executable, "-c", DRIVER, *arguments], capture_output=True, check=False)
    assert done.returncode == -9
    live = (when, step) == ("after", "IndexDirectory._make_current")
    assert two.directory.current_name() == ("000002" if live else "000003")
    assert asides(two) == ([] if live else ["000002"])
    assert two.directory.verify() == two.directory.verify("000002") == []
    if live:
        two.directory.rollback()
    assert "One." in {passage.text for passage in two.passages()}
    two.directory.promote("000002")
    change(two, "Two.")
    change(two, "Three.")
    assert (two.names(), asides(two)) == (["000004", "000005"], [])


def test_what_a_crash_left_half_promoted_is_live_for_good_with_the_next_build(two: SmallIndex) -> None:
    arguments = ["after", "IndexDirectory._make_current", "promote", "--index", str(two.index)]
    subprocess.run([sys.executable, "-c", DRIVER, *arguments], capture_output=True, check=False)
    assert two.directory.open().manifest.aside
    change(two, "One.")
    assert not two.directory.open("000002").manifest.aside
    change(two, "Two.")
    assert two.names() == ["000003", "000004"]


BUILDING = [("before", "generation.write_manifest"), ("before", "Path.rename"), ("after", "Path.rename")]


@pytest.mark.parametrize(("when", "step"), BUILDING)
def test_a_build_aside_killed_at_any_step_leaves_the_live_generation(
    small: SmallIndex, wide_model: Path, when: str, step: str
) -> None:
    arguments = [when, step, "index", "--aside", "--model", str(wide_model), "--index", str(small.index)]
    done = subprocess.run([sys.executable, "-c", DRIVER, *arguments], capture_output=True, check=False)
    assert done.returncode == -9
    assert (small.directory.current_name(), small.directory.verify()) == ("000001", [])
    assert asides(small) == (["000002"] if when == "after" else [])
    build(small.index, [], model=str(wide_model), aside=True)
    assert (asides(small), small.directory.verify("000002")) == (["000002"], [])
    small.directory.promote()
    assert small.names() == ["000001", "000002"]
