"""The map: the plane of most variance, groups that are there, names that tell them apart."""

import numpy as np
import pytest

from search_api.library_map import distinctive, grouped, library_map, plane
from search_api.search import Searcher


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _clusters(sizes: tuple[int, ...], dim: int = 16) -> np.ndarray:
    """Tight bundles around the first axes, one for each size."""
    random = np.random.default_rng(7)
    middles = [np.repeat(np.eye(dim)[n : n + 1], size, axis=0) for n, size in enumerate(sizes)]
    return _unit(np.concatenate(middles) + random.normal(0, 0.03, (sum(sizes), dim)))


def test_the_plane_is_that_of_the_two_directions_of_most_variance() -> None:
    random = np.random.default_rng(3)
    vectors = random.normal(size=(400, 6)) * (9, 4, 1, 0.5, 0.2, 0.1)
    places, kept = plane(vectors.astype(np.float32))
    assert places.shape == (400, 2)
    assert kept == pytest.approx((81 + 16) / (81 + 16 + 1.3), abs=0.02)
    assert abs(np.corrcoef(places[:, 0], vectors[:, 0])[0, 1]) > 0.99
    assert abs(np.corrcoef(places[:, 1], vectors[:, 1])[0, 1]) > 0.98
    assert places.min() == 0.0
    assert places.max() == 1.0


def test_the_plane_is_the_same_whatever_sign_the_decomposition_gives() -> None:
    vectors = _clusters((30, 20, 10))
    assert np.allclose(plane(vectors)[0], plane(vectors[::-1])[0][::-1], atol=1e-6)


def test_equal_vectors_lie_in_one_place() -> None:
    places, kept = plane(np.ones((5, 4), np.float32))
    assert np.isfinite(places).all()
    assert kept == 1.0


def test_groups_that_are_there_are_found_the_largest_first() -> None:
    groups = grouped(_clusters((10, 40, 20)), 3)
    assert [set(groups[:10]), set(groups[10:50]), set(groups[50:])] == [{2}, {0}, {1}]


def test_more_groups_than_kinds_leave_no_gap_in_their_numbers() -> None:
    groups = grouped(np.repeat(_unit(np.eye(4)), 3, axis=0), 6)
    assert set(groups) == set(range(groups.max() + 1))


def test_names_are_words_that_a_group_has_and_the_others_have_not() -> None:
    texts = [["vitamin", "K2", "bone"], ["Vitamin", "bone", "fracture"], ["vitamin", "cramps"], ["cramps"]]
    names = distinctive(texts, [0, 0, 1, 1])
    assert names[0][0] == "bone"
    assert names[1] == ("cramps",)


def test_of_words_with_one_beginning_only_the_first_names_a_group() -> None:
    texts = [["calcification", "calcified", "warfarin"], ["legs"]]
    assert len(set(distinctive(texts, [0, 1])[0]) & {"calcification", "calcified"}) == 1


def test_the_map_of_the_library_holds_every_passage_and_is_the_same_each_time(searcher: Searcher) -> None:
    one, other = library_map(searcher), library_map(searcher)
    assert len(one.rows) == one.passages == len(searcher.library.passage_sources)
    assert np.array_equal(one.places, other.places)
    assert one.groups == other.groups
    assert sum(group.share for group in one.groups) == pytest.approx(1)
    assert [g.share for g in one.groups] == sorted((g.share for g in one.groups), reverse=True)
    assert all(group.words for group in one.groups)


def test_a_large_library_is_sampled_evenly(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_api.library_map.SAMPLE", 100)
    sampled = library_map(searcher)
    assert len(sampled.rows) == 100
    assert (sampled.rows[0], sampled.rows[-1]) == (0, sampled.passages - 1)
    assert np.diff(sampled.rows).max() <= 6
