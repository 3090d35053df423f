"""Citation keys: made of the source alone, and unique in a list by a rule that is written down."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.records import Source
from corpus.study_records import StudyRecord, study_from
from search_api.exports.keys import citation_keys, own_key
from tests.search_api.exports.made_sources import sources


def _study(
    family: str, year: int | None, title: str, key: str | None = None, doi: str = "10.1000/x"
) -> Source:
    csl = {"title": title, "author": [{"family": family, "given": "A."}] if family else [], "DOI": doi}
    if year:
        csl["issued"] = {"date-parts": [[year]]}
    return study_from(StudyRecord(csl, key=key), "made", "record 1")


@pytest.mark.parametrize(
    ("family", "year", "title", "expected"),
    [
        ("Geleijnse", 2004, "Dietary intake of menaquinone", "geleijnse2004dietary"),
        ("van der Meer", 2013, "The effect of K2", "vandermeer2013effect"),
        ("Müller-Größe", 2001, "«Ärzte» und Vitamin K", "mullergrosse2001arzte"),
        ("O'Brien", 1999, "On the way", "obrien1999way"),
        ("Łukaszewicz", 2010, "25-Hydroxyvitamin D", "lukaszewicz201025"),
        ("", 2010, "Vitamin K", "2010vitamin"),
        ("", None, "Vitamin K", "sourcedoi101000x"),
        ("王", 2010, "维生素", "source" + "doi101000x"),
    ],
)
def test_a_record_without_a_key_gets_name_year_and_first_word(
    family: str, year: int | None, title: str, expected: str
) -> None:
    assert own_key(_study(family, year, title)) == expected


def test_the_key_of_the_record_is_kept_unless_bibtex_could_not_hold_it() -> None:
    assert own_key(_study("Smith", 2004, "On bone", key="geleijnse2004")) == "geleijnse2004"
    assert own_key(_study("Smith", 2004, "On bone", key="smith, 2004 {x}")) == "smith2004bone"


def test_works_that_share_a_key_get_letters_in_order_of_their_ids() -> None:
    one, two, three = (
        _study("Smith", 2004, "On bone", doi=f"10.1000/{name}", key=key)
        for name, key in (("b", "Smith2004"), ("a", "smith2004"), ("c", "smith2004b"))
    )
    keys = citation_keys([one, two, three])
    # smith2004b is taken by a record, so the second letter is c.
    assert [keys[s.source_id] for s in (one, two, three)] == ["Smith2004c", "smith2004a", "smith2004b"]
    assert citation_keys([three, two, one]) == keys


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(sources(), max_size=6, unique_by=lambda source: source.source_id), st.randoms())
def test_keys_are_unique_without_case_and_do_not_depend_on_the_order(
    made: list[Source], dice: object
) -> None:
    keys = citation_keys(made)
    assert set(keys) == {source.source_id for source in made}
    assert len({key.casefold() for key in keys.values()}) == len(made)
    shuffled = list(made)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert citation_keys(shuffled) == keys


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sources())
def test_a_key_is_the_same_alone_and_among_others(source: Source) -> None:
    other = replace(source, source_id="study:other", key="another1999")
    assert citation_keys([source])[source.source_id] == citation_keys([other, source])[source.source_id]
