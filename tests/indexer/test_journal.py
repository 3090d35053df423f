"""The journal gives back what was finished before a crash, and nothing that a crash cut."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import journal
from indexer.journal import FOLDER, Journal

DIM = 3


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def vectors(*firsts: float) -> np.ndarray:
    return np.array([[first, 0.5, -1] for first in firsts], dtype=np.float16)


def written(index: Path, slices: int = 2) -> bytes:
    """A journal of slices of two texts each, "0" to "3"; returns its bytes."""
    kept = Journal(index, "print", DIM)
    for first in range(0, 2 * slices, 2):
        kept.append([digest(str(first)), digest(str(first + 1))], vectors(first, first + 1))
    kept.close()
    return (index / FOLDER / "print").read_bytes()


def held(index: Path, count: int = 4) -> list[int]:
    """Which of the texts "0", "1", ... a journal opened anew holds, each vector checked."""
    kept = Journal(index, "print", DIM)
    found = [n for n in range(count) if digest(str(n)) in kept]
    assert len(kept) == len(found)
    if found:
        assert kept.vectors([digest(str(n)) for n in found]).tolist() == vectors(*found).tolist()
    kept.close()
    return found


def test_what_was_appended_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    written(tmp_path)
    assert held(tmp_path) == [0, 1, 2, 3]


def test_a_text_that_was_not_encoded_is_not_there(tmp_path: Path) -> None:
    kept = Journal(tmp_path, "print", DIM)
    assert digest("0") not in kept
    with pytest.raises(KeyError):
        kept.vectors([digest("0")])
    kept.close()


@settings(max_examples=30, deadline=None)
@given(kept=st.integers(min_value=0, max_value=187))
def test_a_journal_cut_anywhere_holds_the_whole_slices_before_the_cut_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, kept: int
) -> None:
    """A slice of two texts takes 16 + 2 * (32 + 6) = 92 bytes."""
    index = tmp_path_factory.mktemp("cut")
    whole = written(index)
    assert len(whole) == 184
    (index / FOLDER / "print").write_bytes(whole[:kept])
    expected = list(range(2 * (min(kept, 184) // 92)))
    assert held(index) == expected
    again = Journal(index, "print", DIM)
    again.append([digest("8")], vectors(8))
    again.close()
    assert held(index, 9) == [*expected, 8]


@pytest.mark.parametrize("at", [0, 4, 8, 12, 16, 60, 91])
def test_a_changed_byte_ends_the_journal_where_its_slice_begins(tmp_path: Path, at: int) -> None:
    whole = bytearray(written(tmp_path, 3))
    whole[92 + at] ^= 0x55
    (tmp_path / FOLDER / "print").write_bytes(whole)
    assert held(tmp_path, 6) == [0, 1]


def test_vectors_of_another_dimension_are_not_taken(tmp_path: Path) -> None:
    written(tmp_path)
    other = Journal(tmp_path, "print", DIM + 1)
    assert len(other) == 0
    other.close()


def test_each_encoder_has_its_own_and_it_goes_with_its_folder_when_forgotten(tmp_path: Path) -> None:
    written(tmp_path)
    Journal(tmp_path, "other", DIM).close()
    journal.forget(tmp_path, "other")
    assert held(tmp_path) == [0, 1, 2, 3]
    journal.forget(tmp_path, "print")
    assert not (tmp_path / FOLDER).exists()
    journal.forget(tmp_path, "print")
