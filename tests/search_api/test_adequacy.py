"""What decides whether anything adequate was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_api.adequacy import is_adequate, unknown_share

shares = st.floats(0, 1)


def test_a_close_passage_for_known_words_is_adequate() -> None:
    assert is_adequate(0.75, 0.0)


def test_a_distant_passage_is_not() -> None:
    assert not is_adequate(0.29, 0.0)


def test_a_close_passage_is_not_where_the_library_knows_none_of_the_words() -> None:
    assert is_adequate(0.66, 0.1)
    assert not is_adequate(0.66, 1.0)


@given(st.floats(-1, 2), st.floats(-1, 2), shares)
def test_more_alike_is_never_less_adequate(low: float, high: float, unknown: float) -> None:
    low, high = sorted((low, high))
    assert is_adequate(high, unknown) >= is_adequate(low, unknown)


@given(st.floats(-1, 2), shares, shares)
def test_more_unknown_is_never_more_adequate(closeness: float, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert is_adequate(closeness, low) >= is_adequate(closeness, high)


def test_the_unknown_share_weighs_words_by_their_rarity() -> None:
    assert unknown_share({"leg": 1.0, "bunion": 3.0}, {"leg": 40, "bunion": 0}) == pytest.approx(0.75)


def test_nothing_known_is_all_unknown() -> None:
    assert unknown_share({}, {}) == 1.0
