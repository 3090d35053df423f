"""What a source gives to the stores: each sentence's terms once, and every passage a span of them."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Passage
from indexer.lexical import counted_terms
from indexer.preparing import prepared, stretch_terms
from tests.indexer.small_stretches import NATTO, PAIRS, SALT, passage, source

WORDS = "natto bone vein leg salt cramp walk rest calf dose"
LONG = source("long", WORDS, title="Legs")
#: Where the words begin and end.
PLACES = sorted({at for word in WORDS.split() for at in (WORDS.index(word), WORDS.index(word) + len(word))})


def test_windows_share_the_terms_of_their_overlap() -> None:
    found = stretch_terms(NATTO, [part for of, part in PAIRS if of is NATTO])
    assert found.body == ("natto", "bone", "vein", "leg", "bone", "leg")
    assert found.spans == ((0, 4), (2, 6))
    assert (found.title, found.heads) == (("natto",), (("natto",), ("natto",)))


def test_headings_stand_in_the_title_of_the_stretch_and_each_in_the_head_of_its_passages() -> None:
    parts = [passage(SALT, 0, 3, ("Salt",)), passage(SALT, 3, 4, ("Salt", "Dose"))]
    found = stretch_terms(SALT, parts)
    assert found.title == ("salt", "dose")
    assert found.heads == (("salt",), ("salt", "dose"))


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)), min_size=1, max_size=8))
def test_every_passage_is_the_terms_of_its_text_however_passages_overlap(
    pairs: list[tuple[int, int]],
) -> None:
    spans = sorted((min(pair), max(pair)) for pair in pairs if pair[0] != pair[1])
    parts: list[Passage] = [passage(LONG, start, end) for start, end in spans]
    if parts:
        found = stretch_terms(LONG, parts)
        for part, (begin, end) in zip(parts, found.spans, strict=True):
            assert list(found.body[begin:end]) == counted_terms(part.text)
        held = {word for part in parts for word in part.text.split()}
        assert set(found.body) == held, "what no passage holds is not counted"


def test_a_source_without_a_passage_gives_nothing() -> None:
    found = prepared(SALT, len, 128)
    assert (found.passages, found.forms, found.names, found.stretches) == ((), (), (), ())


def test_a_stretch_of_many_thousand_passages_takes_no_longer_for_each() -> None:
    """Going through all passages for every sentence would take minutes here."""
    text = "natto bone. " * 30_000
    many = source("many", text)
    parts = [passage(many, at, at + 11) for at in range(0, len(text), 12)]
    assert len(stretch_terms(many, parts).body) == 60_000
