"""The one schema of a search: what it takes, and how it refuses the rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ParameterError
from indexer.lexical import LexicalFilter
from search_api.queries import MAX_QUERY_CHARACTERS, ManyParametersError, SearchQuery, query_from


def _refused(**parameters: Any) -> dict[str, ParameterError]:
    with pytest.raises(ManyParametersError) as caught:
        query_from({"query": "leg cramps", **parameters})
    return {fault.field: fault for fault in caught.value.faults}


def test_a_question_alone_gets_the_defaults_of_the_design() -> None:
    query = query_from({"query": "leg cramps"})
    assert (query.limit, query.max_per_source, query.mode, query.integrity) == (10, 2, "hybrid", "flag")
    assert query.source_filter().is_empty()


def test_numbers_may_come_as_text_as_an_address_gives_them() -> None:
    query = query_from({"query": "leg cramps", "limit": "7", "year_from": "1999"})
    assert (query.limit, query.year_from) == (7, 1999)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "abc", "", "1.5", None, "9" * 5000])
def test_a_limit_outside_1_to_100_is_refused_with_field_value_and_rule(limit: str | None) -> None:
    fault = _refused(limit=limit)["limit"]
    assert fault.field == "limit"
    assert fault.given == str(limit) if limit is None or len(limit) < 60 else fault.given.endswith("...")
    assert fault.rule
    assert fault.remedy


@pytest.mark.parametrize("limit", [1, 100])
def test_the_ends_of_the_range_of_limit_are_allowed(limit: int) -> None:
    assert query_from({"query": "leg cramps", "limit": limit}).limit == limit


@pytest.mark.parametrize("empty", ["", " ", "\n\t "])
def test_an_empty_question_is_refused(empty: str) -> None:
    assert _refused(query=empty)["query"].rule == "must not be empty"


def test_a_question_is_required() -> None:
    with pytest.raises(ManyParametersError) as caught:
        query_from({"limit": "3"})
    assert (caught.value.field, caught.value.rule) == ("query", "is required")


def test_2000_characters_are_allowed_and_2001_are_not() -> None:
    longest = "cramps " * 285 + "cramp"
    assert len(longest) == MAX_QUERY_CHARACTERS == 2000
    assert query_from({"query": longest}).query == longest
    fault = _refused(query=longest + "s")["query"]
    assert fault.rule == "has 2001 characters, at most 2000"
    assert len(fault.given) == 60


@pytest.mark.parametrize("nothing", ["what is the", "and or not", "?!… --- ###", "«»", "()[]"])
def test_a_question_of_only_common_words_or_symbols_is_refused(nothing: str) -> None:
    assert _refused(query=nothing)["query"].rule == "holds only symbols or common words"


@pytest.mark.parametrize("something", ["K2", "the MK-7", "25(OH)D?", "α-lipoic acid"])
def test_a_question_with_one_name_in_it_is_taken(something: str) -> None:
    assert query_from({"query": something}).query == something


def test_a_question_that_holds_bytes_instead_of_text_is_refused() -> None:
    assert "not UTF-8 text" in _refused(query="leg cramps \udcff")["query"].rule
    assert "not UTF-8 text" in _refused(container="\udcff")["container"].rule


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    fault = _refused(limmit="3")["limmit"]
    assert fault.rule == "no parameter of that name"
    assert all(name in fault.remedy for name in SearchQuery.model_fields)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "book"),
        ("mode", "magic"),
        ("integrity", "ignore"),
        ("max_per_source", "0"),
        ("year_from", "999"),
        ("year_to", "soon"),
    ],
)
def test_a_value_that_is_no_choice_of_its_parameter_is_refused(name: str, value: str) -> None:
    fault = _refused(**{name: value})[name]
    assert fault.given == value


def test_every_fault_is_named_not_only_the_first() -> None:
    assert set(_refused(limit="0", kind="book", nope="1")) == {"limit", "kind", "nope"}


def test_years_in_the_wrong_order_are_refused_and_both_are_named() -> None:
    fault = _refused(year_from="2020", year_to="2010")["year_from"]
    assert "2020" in fault.rule
    assert "2010" in fault.rule
    assert fault.remedy == "swap them"


def test_one_year_may_be_both_ends() -> None:
    assert query_from({"query": "leg cramps", "year_from": 2020, "year_to": 2020}).year_to == 2020


@pytest.mark.parametrize(
    "given_types", ["RCT,cohort", "RCT , cohort,", ["RCT", "cohort"], ["RCT,cohort"], ("RCT", "cohort")]
)
def test_study_types_may_be_a_list_or_joined_by_commas(given_types: Any) -> None:
    assert query_from({"query": "leg cramps", "study_type": given_types}).study_type == ("RCT", "cohort")


def test_a_study_type_that_is_no_text_is_refused() -> None:
    assert "study_type" in _refused(study_type=5)


def test_the_filter_carries_every_condition() -> None:
    query = query_from(
        {
            "query": "leg cramps",
            "kind": "study",
            "study_type": "RCT",
            "year_from": 2000,
            "year_to": 2010,
            "container": "Bone",
        }
    )
    assert query.source_filter() == LexicalFilter("study", ("RCT",), 2000, 2010, "Bone", ())


def test_excluding_flagged_work_keeps_corrections_and_republications() -> None:
    where = query_from({"query": "leg cramps", "integrity": "exclude"}).source_filter()
    assert set(where.statuses) == {"none-known", "corrected", "republished"}


def test_only_flagged_work_is_everything_that_is_flagged() -> None:
    where = query_from({"query": "leg cramps", "integrity": "only"}).source_filter()
    assert set(where.statuses) == {"retracted", "concern", "corrected", "republished"}


def test_the_message_of_many_faults_is_that_of_the_first() -> None:
    error = ManyParametersError(
        [
            ParameterError("limit", "0", "too small", "give 1"),
            ParameterError("kind", "x", "unknown", "drop it"),
        ]
    )
    assert str(error) == "limit=0: too small; give 1"


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()))


def _faults_of(parameters: dict[str, Any]) -> list[ParameterError]:
    try:
        query = query_from(parameters)
    except ManyParametersError as error:
        return error.faults or [ParameterError("no fault was named", "", "", "")]
    assert 1 <= query.limit <= 100
    assert 0 < len(query.query) <= 2000
    return []


@given(st.dictionaries(st.sampled_from([*SearchQuery.model_fields, "nope"]), _VALUES))
def test_whatever_is_given_becomes_a_query_or_a_named_fault(parameters: dict[str, Any]) -> None:
    for fault in _faults_of(parameters):
        assert fault.field in {*SearchQuery.model_fields, "nope"}
        assert len(fault.given) <= 60
