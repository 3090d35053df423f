"""The forward index against counts made by hand, and against the text of the starter library."""

import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import IndexDamagedError
from corpus.passages import split
from corpus.reading import read_paths
from corpus.records import Source
from indexer import forward
from indexer.forward import ForwardIndex, grams, spread
from indexer.lexical import names_of, stems
from tests.conftest import STARTER
from tests.indexer.small_stretches import PAIRS, Pairs, passage, rows, source, write_forward

VOCABULARY = ["bone", "leg", "natto", "otto", "salt", "vein"]
# A name written with a space gets a joined term, also over the end of a sentence: "K. 7" makes k7.
JOINED = re.compile(r"[a-z]{1,3}\d{1,2}")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ForwardIndex:
    return write_forward(tmp_path_factory.mktemp("small") / forward.FOLDER, PAIRS)


def words(index: ForwardIndex, begin: int, end: int) -> list[str]:
    return [index.stem(int(number)) for number in index.tokens[begin:end]]


# Three stretches, counted by hand


def test_stems_are_numbered_in_order_of_their_bytes(small: ForwardIndex) -> None:
    assert [small.stem(number) for number in range(small.stem_count)] == VOCABULARY
    assert [small.id_of(stem) for stem in VOCABULARY] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("stem", ["", "aaa", "bon", "bones", "leh", "zinc", "ä"])
def test_a_stem_that_no_stretch_holds_has_no_number(small: ForwardIndex, stem: str) -> None:
    assert small.id_of(stem) is None


def test_a_stretch_is_names_then_title_and_headings_then_each_sentence_once(small: ForwardIndex) -> None:
    expected = ["otto natto natto bone vein leg bone leg", "vein vein salt", "salt leg"]
    ends = small.stretch_tokens.tolist()
    assert ends == [0, 8, 11, 13]
    assert [" ".join(words(small, *span)) for span in pairwise(ends)] == expected
    assert small.weights.tolist() == [0.5, 3, 1, 1, 1, 1, 1, 1, 3, 1, 1, 3, 1]


def test_a_passage_is_a_span_of_stems_and_windows_share_those_of_their_overlap(small: ForwardIndex) -> None:
    assert small.passage_tokens.tolist() == [[2, 6], [4, 8], [9, 11], [12, 13]]
    assert small.stretch_passages.tolist() == [0, 2, 3, 4]
    assert small.stretches_of(np.arange(4)).tolist() == [0, 0, 1, 2]


def test_the_length_of_a_stretch_weighs_title_three_times_and_leaves_names_out(small: ForwardIndex) -> None:
    assert small.lengths.tolist() == [9, 5, 4]
    assert small.mean_length == 6


def test_a_stem_counts_once_for_each_stretch_that_holds_it(small: ForwardIndex) -> None:
    assert small.frequency.tolist() == [1, 2, 1, 1, 2, 2]
    rarity = small.rarity(small.frequency)
    assert rarity == pytest.approx([math.log(8 / 3) if n == 1 else math.log(1.6) for n in small.frequency])


def test_grams_are_counted_over_stretches_and_weighted_like_stems(small: ForwardIndex) -> None:
    # natto 4 grams, otto, salt, vein and bone 3, leg 2; "tto_" is in natto and in otto
    assert len(small.arrays["gram_codes"]) == 17
    assert small.gram_length.tolist() == [30.5, 15, 11]
    assert small.mean_gram_length == pytest.approx(56.5 / 3)


def test_the_holders_of_a_gram_are_all_stems_with_it(small: ForwardIndex) -> None:
    codes = np.array([forward.gram_code(gram) for gram in ("zinc", "tto_", "salt")], dtype=np.uint32)
    known, frequency, (gram, held) = small.holders_of(codes)
    assert known.tolist() == [1, 2]
    assert frequency.tolist() == [1, 2]
    assert list(zip(gram.tolist(), held.tolist(), strict=True)) == [(0, 2), (0, 3), (1, 4)]


@pytest.mark.parametrize("asked", [[], [7]])
def test_unknown_grams_have_no_holders(small: ForwardIndex, asked: list[int]) -> None:
    known, frequency, pairs = small.holders_of(np.array(asked, dtype=np.uint32))
    assert (len(known), len(frequency), np.shape(pairs)) == (0, 0, (2, 0))


@pytest.mark.parametrize(("stem", "expected"), [("k", ["_k_"]), ("k2", ["_k2_"]), ("leg", ["_leg", "leg_"])])
def test_a_short_stem_has_few_grams_but_never_none(stem: str, expected: list[str]) -> None:
    assert grams(stem) == expected


# The edges


def test_text_between_two_passages_is_in_neither(tmp_path: Path) -> None:
    gap = source("gap", "Bone. Heading. Vein.")
    index = write_forward(tmp_path / "f", [(gap, passage(gap, 0, 5)), (gap, passage(gap, 15, 20))])
    assert [words(index, *span) for span in index.passage_tokens.tolist()] == [["bone"], ["vein"]]
    assert index.id_of("head") is None


def test_a_stretch_without_stems_is_empty_and_its_neighbours_stay_whole(tmp_path: Path) -> None:
    mute = source("mute", "... ?!")
    pairs: Pairs = [(mute, passage(mute, 0, 6)), *PAIRS]
    index = write_forward(tmp_path / "f", pairs)
    assert index.passage_tokens[0].tolist() == [0, 0]
    assert index.lengths.tolist() == [0, 9, 5, 4]
    assert words(index, *index.passage_tokens[1]) == ["natto", "bone", "vein", "leg"]


def test_an_index_of_nothing_or_of_mute_stretches_can_be_opened(tmp_path: Path) -> None:
    mute = source("mute", "...")
    for name, pairs in (("nothing", []), ("mute", [(mute, passage(mute, 0, 3))])):
        index = write_forward(tmp_path / name, pairs)
        assert (len(index), index.stem_count, index.mean_length) == (len(pairs), 0, 0.0)
        assert index.id_of("natto") is None
        assert len(index.holders_of(np.array([7], dtype=np.uint32))[0]) == 0


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6)), max_size=12))
def test_spread_lays_ranges_one_after_the_other(ranges: list[tuple[int, int]]) -> None:
    numbers, owner = spread(rows(*(b for b, _ in ranges)), rows(*(b + size for b, size in ranges)))
    assert numbers.tolist() == [n for begin, size in ranges for n in range(begin, begin + size)]
    assert owner.tolist() == [i for i, (_, size) in enumerate(ranges) for _ in range(size)]


# The starter library


@pytest.fixture(scope="module")
def starter_pairs() -> Pairs:
    """The starter library's passages, split by words, short enough for many windows."""
    found = [item for item in read_paths([STARTER]) if isinstance(item, Source)]
    return [(s, p) for s in found for p in split(s, lambda text: len(text.split()), 70).passages]


@pytest.fixture(scope="module")
def starter(starter_pairs: Pairs, tmp_path_factory: pytest.TempPathFactory) -> ForwardIndex:
    return write_forward(tmp_path_factory.mktemp("starter") / forward.FOLDER, starter_pairs)


def _without_joined(found: list[str]) -> list[str]:
    return [stem for stem in found if not JOINED.fullmatch(stem)]


def test_the_span_of_every_passage_gives_the_stems_of_its_text(
    starter: ForwardIndex, starter_pairs: Pairs
) -> None:
    assert len(starter.passage_tokens) == len(starter_pairs) > 100
    whole = 0
    for (_, part), span in zip(starter_pairs, starter.passage_tokens.tolist(), strict=True):
        held, wanted = words(starter, *span), stems(part.text)
        whole += held == wanted
        assert _without_joined(held) == _without_joined(wanted)
    assert whole > 0.95 * len(starter_pairs)


def test_every_stretch_begins_with_its_names_and_title(starter: ForwardIndex, starter_pairs: Pairs) -> None:
    for stretch in range(len(starter)):
        of = starter_pairs[starter.stretch_passages[stretch]][0]
        front = [*stems(names_of(of)), *stems(of.title)]
        begin = int(starter.stretch_tokens[stretch])
        assert words(starter, begin, begin + len(front)) == front


def test_the_same_passages_make_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_forward(tmp_path / name, PAIRS)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 15
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)


# Damage


@pytest.mark.parametrize("file", ["tokens.npy", "gram_codes.npy", "vocabulary.bin", "means.json"])
def test_a_missing_file_is_reported_as_damage(tmp_path: Path, file: str) -> None:
    write_forward(tmp_path / "f", PAIRS)
    (tmp_path / "f" / file).unlink()
    with pytest.raises(IndexDamagedError, match="not a readable forward index; run footnote verify"):
        ForwardIndex(tmp_path / "f")


@pytest.mark.parametrize("kept", [0, 5, 40, 130])
def test_a_cut_array_is_reported_as_damage(tmp_path: Path, kept: int) -> None:
    write_forward(tmp_path / "f", PAIRS)
    path = tmp_path / "f" / "passage_tokens.npy"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(IndexDamagedError):
        ForwardIndex(tmp_path / "f")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"mean_length": null, "mean_gram_length": 1}'])
def test_damaged_means_are_reported(tmp_path: Path, text: str) -> None:
    write_forward(tmp_path / "f", PAIRS)
    (tmp_path / "f" / "means.json").write_text(text, "utf-8")
    with pytest.raises(IndexDamagedError):
        ForwardIndex(tmp_path / "f")
