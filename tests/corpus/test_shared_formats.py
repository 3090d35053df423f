"""Real files of every format: what each holds, counted in the files with other tools, is what is read.

``tests/golden/shared_counts.tsv`` was counted with grep, jq, expat and by reading, not with the readers;
``shared_records.tsv`` has the first words of some titles with year, DOI and PMID (``-`` where there is none).
"""

import csv
from functools import cache
from pathlib import Path

import pytest

from corpus.reading import read_file
from corpus.records import Skipped, Source
from tests.conftest import REPOSITORY


def _rows(name: str) -> list[list[str]]:
    text = (REPOSITORY / "tests" / "golden" / name).read_text("utf-8")
    return list(csv.reader(text.splitlines()[1:], delimiter="\t", quoting=csv.QUOTE_NONE))


COUNTS = {name: tuple(map(int, counts)) for name, *counts in _rows("shared_counts.tsv")}


@cache
def _read(path: Path) -> tuple[tuple[Source, ...], tuple[Skipped, ...]]:
    found = list(read_file(path))
    sources = tuple(thing for thing in found if isinstance(thing, Source))
    return sources, tuple(thing for thing in found if isinstance(thing, Skipped))


def test_no_real_file_is_left_out(shared: Path) -> None:
    formats = shared / "formats"
    found = {path.relative_to(formats).as_posix() for path in formats.rglob("*") if path.is_file()}
    assert found == set(COUNTS)


@pytest.mark.parametrize(("name", "counted"), COUNTS.items(), ids=COUNTS)
def test_a_real_file_gives_the_records_that_it_holds(
    name: str, counted: tuple[int, ...], shared: Path
) -> None:
    sources, skipped = _read(shared / "formats" / name)
    references = [reference for source in sources for reference in source.references]
    assert all(source.title for source in sources)
    assert (
        len(sources),
        len(skipped),
        sum(source.year is not None for source in sources),
        sum("DOI" in source.csl for source in sources),
        sum("PMID" in source.csl for source in sources),
        len(references),
        sum(reference.doi is not None for reference in references),
        sum(reference.pmid is not None for reference in references),
    ) == counted


@pytest.mark.parametrize(("name", "at", "title", "year", "doi", "pmid"), _rows("shared_records.tsv"))
def test_a_record_of_a_real_file_says_what_the_file_says(
    name: str, at: str, title: str, year: str, doi: str, pmid: str, shared: Path
) -> None:
    source = _read(shared / "formats" / name)[0][int(at)]
    csl = source.csl
    found = (str(source.year or "-"), csl.get("DOI", "-").lower(), csl.get("PMID", "-"))
    assert found == (year, doi.lower(), pmid)
    assert source.title.startswith(title)
