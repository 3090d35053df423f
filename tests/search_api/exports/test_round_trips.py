"""What Footnote exports, its own readers read back equal, as far as the format can hold it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.readers import bibtex, csl_json, csv_exports, medline, ris
from corpus.reading import read_file
from corpus.records import Source
from search_api.exports.formats import FORMATS, export
from search_api.exports.held import HELD
from search_api.exports.keys import citation_keys
from tests.conftest import STARTER
from tests.search_api.exports.made_sources import held_values, sources

_READERS: dict[str, Callable[..., object]] = {
    "csl-json": csl_json.read,
    "bibtex": bibtex.read,
    "ris": ris.read,
    "medline": medline.read,
    "csv": csv_exports.read,
}


def _read_back(name: str, written: str) -> list[Source]:
    found: Sequence[object] = list(_READERS[name](written, "exported"))  # type: ignore[call-overload]
    return [thing for thing in found if isinstance(thing, Source)]


def _assert_equal(name: str, before: Sequence[Source], after: Sequence[Source]) -> None:
    fields = HELD[name]
    keys = citation_keys(before)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        as_written = replace(one, key=keys[one.source_id])
        assert held_values(as_written, fields) == held_values(other, fields)


@pytest.mark.parametrize("name", HELD)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=st.lists(sources(), min_size=1, max_size=3, unique_by=lambda source: source.source_id))
def test_any_study_is_read_back_as_it_was(name: str, made: list[Source]) -> None:
    _assert_equal(name, made, _read_back(name, export(made, FORMATS[name], "apa")))


@pytest.fixture(scope="module")
def starter() -> list[Source]:
    """The 95 studies of the starter library."""
    found = [next(read_file(path)) for path in sorted((STARTER / "studies").glob("*.json"))]
    return [source for source in found if isinstance(source, Source)]


@pytest.mark.parametrize("name", HELD)
def test_the_95_starter_studies_lose_nothing_that_the_format_can_hold(
    name: str, starter: list[Source], tmp_path: Path
) -> None:
    assert len(starter) == 95
    file = tmp_path / "exported.txt"  # the reader is found by content, not by the suffix
    file.write_text(export(starter, FORMATS[name], "apa"), "utf-8", newline="")
    back = [found for found in read_file(file) if isinstance(found, Source)]
    _assert_equal(name, starter, back)


def test_csl_json_gives_back_the_whole_starter_study(starter: list[Source]) -> None:
    back = _read_back("csl-json", export(starter, FORMATS["csl-json"], "apa"))
    for one, other in zip(starter, back, strict=True):
        assert replace(other, origin=one.origin, format=one.format) == one
