"""A collection a generation: filled aside, switched to, brought up to date, rolled back to, dropped."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import (
    CollectionMissingError,
    FingerprintError,
    NoEarlierGenerationError,
    ParameterError,
)
from indexer.build import BuildReport, build
from indexer.generation import Generation
from indexer.milvus.layout import Names
from indexer.milvus.publishing import MilvusBackend
from search_api.publishing import build_into, promote_in, roll_back_in
from tests.indexer.small_index import CRAMPS, GLA, SmallIndex, write_study


def building(small: SmallIndex, **options: Any) -> Callable[[bool], BuildReport]:
    return lambda aside: build(small.index, [small.library], aside=aside, **options)


def publish(backend: MilvusBackend, small: SmallIndex, **options: Any) -> Any:
    """Build into the cluster what the library's folder holds now."""
    return build_into(backend, small.index, building(small, **options))


def held(backend: MilvusBackend, generation: Generation) -> dict[str, str]:
    """Words of every passage in a generation's collection, by id."""
    name = Names("footnote").of(generation.manifest)
    return {e["passage_id"]: e["words"] for e in backend.cluster.entities(name, ("passage_id", "words"))}


def ids(small: SmallIndex) -> set[str]:
    return {passage.passage_id for passage in small.passages()}


def target(backend: MilvusBackend) -> str | None:
    return backend.cluster.target("footnote")


def test_a_first_build_is_loaded_and_the_alias_names_it(backend: MilvusBackend, small: SmallIndex) -> None:
    published = publish(backend, small)
    assert published.loaded.written == published.loaded.total == len(ids(small))
    assert set(held(backend, small.live())) == ids(small)
    assert target(backend) == Names("footnote").of(small.live().manifest)


def test_an_unchanged_library_writes_nothing(backend: MilvusBackend, small: SmallIndex) -> None:
    publish(backend, small)
    again = publish(backend, small)
    assert not again.report.published
    assert (again.loaded.written, again.loaded.deleted) == (0, 0)


def test_a_changed_source_is_published_under_the_next_generation(
    backend: MilvusBackend, small: SmallIndex
) -> None:
    publish(backend, small)
    before = small.live()
    write_study(small.library, GLA, "MK-7 did nothing to zebras.")
    published = publish(backend, small)
    assert published.report.published
    assert not published.report.aside
    assert small.live().manifest.parent == before.manifest.name
    assert target(backend) == Names("footnote").of(small.live().manifest)
    assert any("zebra" in words for words in held(backend, small.live()).values())
    # The one before stays for a rollback, as it was.
    assert not any("zebra" in words for words in held(backend, before).values())


def test_from_the_third_generation_on_only_what_differs_is_written(
    backend: MilvusBackend, small: SmallIndex
) -> None:
    """The collection of the generation before the last becomes the next one."""
    publish(backend, small)
    write_study(small.library, GLA, "Zebras.")
    publish(backend, small)
    live = held(backend, small.live())
    (small.library / f"{CRAMPS['id']}.json").unlink()
    write_study(small.library, GLA)
    published = publish(backend, small, prune=True)
    # The first generation lacks nothing of the third, and has the cramps besides.
    assert set(held(backend, small.live())) == ids(small)
    assert published.loaded.written < len(ids(small))
    assert published.loaded.deleted > 0
    earlier = small.directory.open(small.live().manifest.parent)
    assert held(backend, earlier) == live
    names = [name for name in backend.cluster.collections() if name.startswith("footnote_")]
    assert len(names) == 2


def test_milvus_lite_is_loaded_afresh(lite: str, small: SmallIndex) -> None:
    """It counts words segment by segment, so that a passage written later would hardly be found by them."""
    with closing(MilvusBackend(lite, "footnote")) as backend:
        for finding in ("Zebras.", "Zebras and giraffes.", "Giraffes alone."):
            write_study(small.library, GLA, finding)
            published = publish(backend, small)
        assert published.loaded.written == published.loaded.total == len(ids(small))
        assert len([n for n in backend.cluster.collections() if n.startswith("footnote_")]) == 2


def test_what_was_updated_in_place_equals_what_is_loaded_afresh(
    backend: MilvusBackend, small: SmallIndex
) -> None:
    publish(backend, small)
    for finding in ("Zebras.", "Zebras and giraffes.", "Giraffes alone."):
        write_study(small.library, GLA, finding)
        publish(backend, small)
    fresh = MilvusBackend(backend.cluster.uri, "fresh")
    fresh.provide(small.live())
    updated = entities(backend, Names("footnote"), small.live())
    assert updated == entities(fresh, Names("fresh"), small.live())
    fresh.close()


def entities(backend: MilvusBackend, names: Names, generation: Generation) -> list[dict[str, Any]]:
    fields = ("passage_id", "state", "kind", "design", "container", "status", "year", "words")
    name = names.of(generation.manifest)
    return [{field: e[field] for field in fields} for e in backend.cluster.entities(name, fields)]


def test_a_record_that_changed_is_written_again_where_its_text_did_not(
    backend: MilvusBackend, small: SmallIndex
) -> None:
    publish(backend, small)
    write_study(small.library, GLA, "Zebras.")
    publish(backend, small)
    write_study(small.library, GLA | {"issued": {"date-parts": [[2005]]}})
    publish(backend, small)
    found = entities(backend, Names("footnote"), small.live())
    assert {e["year"] for e in found if e["design"] == "rct"} == {2005}


def test_filter_fields_are_those_of_the_source(backend: MilvusBackend, small: SmallIndex) -> None:
    publish(backend, small)
    found = entities(backend, Names("footnote"), small.live())
    seen = {(e["kind"], e["design"], e["container"], e["status"], e["year"]) for e in found}
    assert seen == {
        ("study", "rct", "journal of vascular notes", "none-known", 2004),
        ("study", "cohort", "archives of calves", "none-known", 2010),
        ("article", "", "", "none-known", 2024),
    }


def test_a_rollback_brings_back_disk_and_cluster(backend: MilvusBackend, small: SmallIndex) -> None:
    publish(backend, small)
    first = small.live().manifest.name
    write_study(small.library, GLA, "Zebras.")
    publish(backend, small)
    earlier = roll_back_in(backend, small.directory)
    assert earlier.manifest.name == small.live().manifest.name == first
    assert target(backend) == Names("footnote").of(earlier.manifest)
    # What was rolled back from can be gone on from.
    write_study(small.library, GLA, "Giraffes.")
    publish(backend, small)
    assert any("giraff" in words for words in held(backend, small.live()).values())


def test_a_rollback_loads_what_the_cluster_lacks(backend: MilvusBackend, small: SmallIndex) -> None:
    publish(backend, small)
    write_study(small.library, GLA, "Zebras.")
    publish(backend, small)
    earlier = small.directory.open(small.live().manifest.parent)
    backend.cluster.drop(Names("footnote").of(earlier.manifest))
    roll_back_in(backend, small.directory)
    assert set(held(backend, earlier)) == ids(small)


def test_without_an_earlier_generation_there_is_no_rollback(
    backend: MilvusBackend, small: SmallIndex
) -> None:
    publish(backend, small)
    if small.live().manifest.parent is None:
        with pytest.raises(NoEarlierGenerationError, match="no earlier generation"):
            roll_back_in(backend, small.directory)


def test_what_is_set_aside_is_loaded_and_goes_live_when_it_is_promoted(
    backend: MilvusBackend, small: SmallIndex
) -> None:
    publish(backend, small)
    live = target(backend)
    write_study(small.library, GLA, "Zebras.")
    beside = build_into(backend, small.index, building(small), aside=True)
    assert beside.report.aside
    assert target(backend) == live
    promoted = promote_in(backend, small.directory, None)
    assert promoted.manifest.index_version == beside.report.index_version
    assert target(backend) == Names("footnote").of(promoted.manifest)


def test_the_legs_of_a_generation_that_is_not_there_are_refused(
    backend: MilvusBackend, small: SmallIndex
) -> None:
    with pytest.raises(CollectionMissingError, match="no collection holds generation"):
        backend.legs(small.live())
    publish(backend, small)
    first = small.live()
    write_study(small.library, GLA, "Zebras.")
    small.update()
    with pytest.raises(CollectionMissingError) as caught:
        backend.legs(small.live())
    assert first.manifest.index_version in str(caught.value)
    assert small.live().manifest.index_version in str(caught.value)


def test_a_collection_of_another_model_is_refused(
    backend: MilvusBackend, small: SmallIndex, generation: Generation
) -> None:
    publish(backend, small)
    with pytest.raises(FingerprintError, match="another model"):
        backend.legs(generation)


def test_two_libraries_of_one_cluster_do_not_meet(
    backend: MilvusBackend, small: SmallIndex, tmp_path: Path
) -> None:
    publish(backend, small)
    other = small.copy_to(tmp_path / "other")
    write_study(other.library, GLA, "Zebras.")
    second = MilvusBackend(backend.cluster.uri, "second")
    publish(second, other)
    write_study(other.library, GLA, "Giraffes.")
    publish(second, other)
    assert set(held(backend, small.live())) == ids(small)
    second.close()


@pytest.mark.parametrize("name", ["", "Footnote", "2nd", "a-b", "a b", "é", "a" * 65])
def test_an_alias_that_milvus_would_not_take_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match="must be a name"):
        Names(name)


def test_only_collections_of_the_alias_are_ours() -> None:
    names = Names("notes")
    assert names.parsed("notes_000007_3f2a_0123abcd") == ("000007-3f2a", "0123abcd")
    for other in ("notes_loading_0123abcd", "footnote_000007_3f2a_0123abcd", "notes", "notes_x_y_z"):
        assert names.parsed(other) is None
