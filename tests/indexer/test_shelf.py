"""Sources on disk come back equal, in order of id, with digests that say whether a record changed."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from corpus.reading import read_paths
from corpus.records import Integrity, Mention, Notice, Source
from indexer.shelf import Shelf
from indexer.source_records import record_sha256, source_from, source_json
from tests.conftest import STARTER
from tests.indexer.small_stretches import NATTO, SALT, VEIN

NOTICE = Notice("retracted", doi="10.1/x", notice="10.1/n")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with closing(Shelf(tmp_path / "sources.sqlite")) as opened:
        for source in (VEIN, NATTO, SALT):
            opened[source.source_id] = source
        yield opened


def test_sources_come_in_order_of_id_as_often_as_they_are_asked_for(shelf: Shelf) -> None:
    everything = shelf.values()
    assert list(everything) == list(everything) == [NATTO, SALT, VEIN]
    assert list(shelf) == ["natto", "salt", "vein"]
    assert len(shelf) == 3


def test_a_source_is_found_replaced_and_taken_away(shelf: Shelf) -> None:
    assert shelf["vein"] == VEIN
    shelf["vein"] = replace(VEIN, key="vein2004")
    assert (shelf["vein"].key, len(shelf)) == ("vein2004", 3)
    del shelf["vein"]
    assert "vein" not in shelf
    assert shelf.get("vein") is None
    with pytest.raises(KeyError):
        del shelf["vein"]


def test_notices_are_collected_from_the_sources_that_carry_some(shelf: Shelf) -> None:
    assert shelf.notices() == []
    shelf["salt"] = replace(SALT, notices=(NOTICE, NOTICE))
    assert shelf.notices() == [NOTICE, NOTICE]


def test_digests_are_those_of_the_records(shelf: Shelf) -> None:
    assert shelf.digests() == {s.source_id: record_sha256(s) for s in (NATTO, SALT, VEIN)}


@pytest.fixture(scope="module")
def starter() -> list[Source]:
    return [found for found in read_paths([STARTER]) if isinstance(found, Source)]


def test_every_starter_source_is_the_same_after_being_written(starter: list[Source]) -> None:
    assert [source_from(source_json(source)) for source in starter] == starter
    full = replace(
        starter[0], notices=(NOTICE,), integrity=Integrity("corrected", note="x"), provenance={"a": "b"}
    )
    assert source_from(source_json(full)) == full


def test_the_json_of_a_source_has_every_field_in_the_order_of_the_record(starter: list[Source]) -> None:
    """A field that is added to the records must not be lost on the shelf."""
    import json

    for source in starter[:20]:
        expected = json.dumps(asdict(source), ensure_ascii=False, separators=(",", ":"))
        assert source_json(source) == expected


def test_the_digest_tells_a_change_of_the_record_and_not_of_links_or_place() -> None:
    linked = replace(NATTO, mentions=(Mention(0, 5, "prose", "Natto", 0.8, "x"),), origin="elsewhere.json")
    assert record_sha256(linked) == record_sha256(NATTO)
    assert record_sha256(replace(NATTO, text="Natto.")) != record_sha256(NATTO)
