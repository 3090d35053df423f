"""Source -> passages: quotable spans with exact offsets that fit the encoder whole.

A block that fits is one passage; a longer one becomes windows of three sentences with a stride of
two, the arrangement that ranked best on the development splits (ARCHITECTURE.md has the figures).
A short study is one passage; a question stays with its answer; the items of a list stay together
while they fit. Title and section stand in front of what is encoded, never in what is quoted.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from corpus.normalising import search_form
from corpus.records import UNQUOTED_KINDS, Block, BlockKind, Passage, Source
from corpus.sentences import TYPED_MARKER, sentence_spans

#: Part of every fingerprint: raise it whenever the same source would split differently.
SPLITTER_VERSION = 2
#: A unit of at most this many tokens is one passage; longer ones are windowed.
TARGET_TOKENS = 160
WINDOW_SENTENCES = 3
WINDOW_STRIDE = 2
#: An encoder that reads fewer tokens has no room for a text beside its title.
LEAST_TOKENS = 32
#: The longest share of the encoder's input that title and section may take.
CONTEXT_SHARE = 0.25
#: Tokens that the encoder adds around a text, and slack for tokenizers that are not additive.
_RESERVED_TOKENS = 6
_MARKER = re.compile(rf"\s?{TYPED_MARKER}")

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Split:
    """The passages of one source, and how many were cut inside a sentence to fit the encoder."""

    passages: tuple[Passage, ...]
    cut_sentences: int


@dataclass(frozen=True, slots=True)
class _Unit:
    """Blocks that belong together, all of one section."""

    blocks: tuple[Block, ...]

    @property
    def start(self) -> int:
        """Where the first block starts."""
        return self.blocks[0].start

    @property
    def end(self) -> int:
        """Where the last block ends."""
        return self.blocks[-1].end

    def kind_of(self, start: int, end: int) -> BlockKind:
        """The kind of the first block in a span; a question with its answers is an answer."""
        kinds = [block.kind for block in self.blocks if block.start < end and start < block.end]
        return "answer" if kinds[0] == "question" and len(kinds) > 1 else kinds[0]


def encoded_form(title: str, section: tuple[str, ...], text: str) -> str:
    """What the encoder sees of a passage: title and section in front, search spelling, no [3]."""
    return f"{context_of(title, section)}{search_form(_MARKER.sub('', text))}"


def context_of(title: str, section: tuple[str, ...]) -> str:
    """Title and section as they stand in front of a passage, in search spelling."""
    parts = [part for part in (title, *section) if part]
    return search_form(". ".join(parts) + ". ") if parts else ""


def fitting_context(
    title: str, section: tuple[str, ...], count_tokens: CountTokens, max_tokens: int
) -> tuple[str, tuple[str, ...]]:
    """Title and section cut to their share: outer headings go first, then the end of the title."""
    limit = int(max_tokens * CONTEXT_SHARE)
    while (tokens := count_tokens(context_of(title, section))) > limit:
        if section:
            section = section[1:]
        else:
            words = title.split()
            title = " ".join(words[: len(words) * limit // tokens])
    return title, section


def split(source: Source, count_tokens: CountTokens, max_tokens: int) -> Split:
    """The passages of a source; each, with its context, fits into ``max_tokens`` whole.

    ``count_tokens`` counts the tokens of a text without the encoder's own. Raises ValueError
    where ``max_tokens`` leaves no room for text.
    """
    if max_tokens < LEAST_TOKENS:
        raise ValueError(f"max_tokens={max_tokens}: an encoder of at least {LEAST_TOKENS} tokens is needed")
    passages: list[Passage] = []
    cut = 0
    seen: set[tuple[int, int]] = set()
    for unit in _units(source):
        context = fitting_context(source.title, unit.blocks[0].section, count_tokens, max_tokens)
        room = max_tokens - count_tokens(context_of(*context)) - _RESERVED_TOKENS
        for start, end, was_cut in _windows(source.text, unit, count_tokens, room):
            if (start, end) in seen:
                continue
            seen.add((start, end))
            cut += was_cut
            passages.append(_passage(source, start, end, unit))
    return Split(tuple(passages), cut)


def passage_id_for(source_id: str, start: int, text: str) -> str:
    """A passage's id: the same for the same words at the same place of the same source."""
    digest = hashlib.sha256(f"{source_id}\x00{start}\x00{text}".encode())
    return digest.hexdigest()[:20]


def _passage(source: Source, start: int, end: int, unit: _Unit) -> Passage:
    text = source.text[start:end]
    cites = dict.fromkeys(
        m.source_id for m in source.mentions if m.source_id and start <= m.start and m.end <= end
    )
    return Passage(
        passage_id=passage_id_for(source.source_id, start, text),
        source_id=source.source_id,
        start=start,
        end=end,
        text=text,
        section=unit.blocks[0].section,
        kind=unit.kind_of(start, end),
        cites=tuple(cites),
    )


def _units(source: Source) -> Iterator[_Unit]:
    quoted = [block for block in source.blocks if block.kind not in UNQUOTED_KINDS]
    if not quoted:
        titles = [block for block in source.blocks if block.kind == "title"]
        if source.kind == "study":
            yield from (_Unit((block,)) for block in titles)
        return
    if source.kind == "study" and all(not block.section for block in quoted):
        # What the record says of a study is never quoted in one breath with the authors' words.
        for _, together in groupby(quoted, key=lambda block: block.kind in ("summary", "finding")):
            yield _Unit(tuple(together))
        return
    yield from _units_of_article(source.blocks, source.text)


def _units_of_article(blocks: Iterable[Block], text: str) -> Iterator[_Unit]:
    """Blocks that belong together; what is never quoted parts those on its two sides."""
    pending: list[Block] = []
    for block in blocks:
        quoted = block.kind not in UNQUOTED_KINDS
        if pending and not (quoted and _belongs(pending, block, text)):
            yield _Unit(tuple(pending))
            pending = []
        if quoted:
            pending.append(block)
    if pending:
        yield _Unit(tuple(pending))


def _belongs(pending: list[Block], block: Block, text: str) -> bool:
    """A question takes its answers; a list item joins the items, or the lead-in, before it."""
    last = pending[-1]
    if last.section != block.section:
        return False
    if pending[0].kind == "question":
        return block.kind == "answer"
    if block.kind != "list-item":
        return False
    leads_in = last.kind == "paragraph" and text[last.start : last.end].endswith(":")
    return last.kind == "list-item" or leads_in


def _windows(text: str, unit: _Unit, count_tokens: CountTokens, room: int) -> Iterator[tuple[int, int, bool]]:
    sentences = [
        (unit.start + start, unit.start + end) for start, end in sentence_spans(text[unit.start : unit.end])
    ]
    pieces = [piece for s in sentences for piece in _fitting(text, s, count_tokens, room)]
    lengths = [count_tokens(encoded_form("", (), text[start:end])) for start, end, _ in pieces]
    if not pieces:
        return
    if sum(lengths) <= min(room, TARGET_TOKENS):
        yield pieces[0][0], pieces[-1][1], any(cut for _, _, cut in pieces)
        return
    first = 0
    while True:
        last = first
        while (
            last + 1 < len(pieces)
            and last + 1 - first < WINDOW_SENTENCES
            and sum(lengths[first : last + 2]) <= room
        ):
            last += 1
        yield pieces[first][0], pieces[last][1], any(cut for _, _, cut in pieces[first : last + 1])
        if last + 1 >= len(pieces):
            return
        first = min(first + WINDOW_STRIDE, last + 1)


def _fitting(
    text: str, span: tuple[int, int], count_tokens: CountTokens, room: int
) -> list[tuple[int, int, bool]]:
    """A sentence as it is, or cut between words into pieces that fit."""
    start, end = span
    if count_tokens(search_form(text[start:end])) <= room:
        return [(start, end, False)]
    pieces = []
    for at, stop in _word_runs(text, start, end, count_tokens, room):
        pieces.append((at, stop, True))
    return pieces


def _word_runs(
    text: str, start: int, end: int, count_tokens: CountTokens, room: int
) -> Iterator[tuple[int, int]]:
    begin = start
    last_end = start
    tokens = 0
    for match in _atoms(text, start, end, count_tokens, room):
        cost = count_tokens(search_form(text[match[0] : match[1]]))
        if tokens and tokens + cost > room:
            yield begin, last_end
            begin, tokens = match[0], 0
        tokens += cost
        last_end = match[1]
    if tokens:
        yield begin, last_end


def _atoms(
    text: str, start: int, end: int, count_tokens: CountTokens, room: int
) -> Iterator[tuple[int, int]]:
    """Words; a word that alone does not fit (a sequence, an address) in slices of characters."""
    for match in re.compile(r"\S+").finditer(text, start, end):
        if count_tokens(search_form(match.group())) <= room:
            yield match.span()
            continue
        yield from _slices(text, match.start(), match.end(), count_tokens, room)


def _slices(
    text: str, start: int, end: int, count_tokens: CountTokens, room: int
) -> Iterator[tuple[int, int]]:
    """A run of characters halved until each part fits."""
    if end - start <= 1 or count_tokens(search_form(text[start:end])) <= room // 4:
        yield start, end
        return
    middle = (start + end) // 2
    yield from _slices(text, start, middle, count_tokens, room)
    yield from _slices(text, middle, end, count_tokens, room)
