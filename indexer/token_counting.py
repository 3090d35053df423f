"""How many tokens a text has for an encoder, from its tokenizer alone.

Splitting counts every sentence twice and more, and a tokenizer takes 150 µs for one. Where it parts words at
blanks and never joins them again, as those of BERT do, the tokens of a text are those of its words, and words
recur.
"""

import json
from pathlib import Path
from typing import Any

#: Words whose tokens are remembered; then all are forgotten, so that memory is bounded.
_REMEMBERED = 500_000


class TokenCounter:
    """Counts the tokens of texts without the model's own begin and end tokens."""

    def __init__(self, tokenizer: Any) -> None:
        """``tokenizer`` is one of the tokenizers library; if it truncates, what overflows is counted too."""
        self._tokenizer = tokenizer
        self._words = _Words(self._whole)
        self._by_word = _parts_at_blanks(tokenizer)

    @classmethod
    def from_file(cls, path: Path) -> "TokenCounter":
        """The counter of a tokenizer's file."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return cls(tokenizer)

    def count(self, text: str) -> int:
        """The tokens of a text."""
        if not self._by_word:
            return self._whole(text)
        if len(self._words) > _REMEMBERED:
            self._words.clear()
        return sum(map(self._words.__getitem__, text.split(" ")))

    def _whole(self, text: str) -> int:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return len(encoding.ids) + sum(len(part.ids) for part in encoding.overflowing)


class _Words(dict[str, int]):
    """Word -> its tokens, counted when first asked for."""

    def __init__(self, count: Any) -> None:
        super().__init__()
        self._count = count

    def __missing__(self, word: str) -> int:
        self[word] = found = int(self._count(word)) if word else 0
        return found


def _parts_at_blanks(tokenizer: Any) -> bool:
    """Whether no token ever spans a blank, and none depends on the word before."""
    told = json.loads(tokenizer.to_str())
    kinds = [(told.get(part) or {}).get("type") for part in ("normalizer", "pre_tokenizer", "model")]
    spanning = any(" " in str(token.get("content")) for token in told.get("added_tokens") or ())
    return kinds == ["BertNormalizer", "BertPreTokenizer", "WordPiece"] and not spanning
