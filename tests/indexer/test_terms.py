"""Every spelling of a name finds every other, through a real tantivy index."""

import string
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.records import Passage, Source
from indexer.lexical import LexicalIndex, LexicalWriter
from indexer.terms import STOP_WORDS, has_terms, terms

SPELLINGS: dict[str, tuple[str, ...]] = {
    "MK-7": ("MK-7", "MK7", "MK 7", "mk-7", "mk7", "mk 7", "Mk-7", "MK\u20117", "MK\u20137"),
    "IL-6": ("IL-6", "IL6", "IL 6", "il-6", "il6", "il 6", "IL\u20116"),
    "25(OH)D": ("25(OH)D", "25-OH-D", "25OHD", "25(oh)d", "25-OHD", "25ohd", "25\u2011OH\u2011D"),
    "vitamin K2": ("K2", "K\u2082", "K-2", "vitamin K 2", "vitamin K2", "vitamin K-2", "k2", "vitamin k 2"),
    "vitamin D3": ("D3", "D\u2083", "D-3", "vitamin D 3", "vitamin D3", "d3"),
    "dp-ucMGP": ("dp-ucMGP", "dp\u2011ucMGP", "dp ucMGP", "dp-ucmgp", "DP-UCMGP", "dp-UCMGP"),
    "alpha-lipoic": ("α-lipoic", "alpha-lipoic", "alpha lipoic", "α\u2011lipoic", "Alpha-Lipoic", "Α-lipoic"),
    "TNF-alpha": ("TNF-α", "TNF-alpha", "tnf-α", "tnf-alpha", "TNF\u2011α"),
    "microgram": ("µg", "\u03bcg", "mcg", "ug"),
    "omega-3": ("omega-3", "ω-3", "Omega-3", "omega 3"),
    "Martínez": ("Martínez", "Martinez", "MARTÍNEZ", "Marti\u0301nez"),
}
#: Other names that look alike; none is what the question asks for.
NEIGHBOURS = {"MK-7": ("MK-4", "MK-17", "MK 9"), "IL-6": ("IL-1", "IL-16", "IL 10")}

PAIRS = [(name, spelling) for name, spellings in SPELLINGS.items() for spelling in spellings]


@pytest.fixture(scope="module")
def spelled(tmp_path_factory: pytest.TempPathFactory) -> tuple[LexicalIndex, list[tuple[str, str]]]:
    """An index with one passage for each spelling and neighbour, and what stands in each row."""
    folder = tmp_path_factory.mktemp("spelled")
    rows = PAIRS + [(f"not {name}", other) for name, others in NEIGHBOURS.items() for other in others]
    writer = LexicalWriter(folder)
    for row, (_, spelling) in enumerate(rows):
        text = f"It was {spelling} that they had."
        source = Source(f"article:{row}", "article", {}, text, ())
        writer.add(row, Passage(f"{row:020d}", source.source_id, 0, len(text), text, (), "paragraph"), source)
    writer.close()
    return LexicalIndex(folder), rows


@pytest.mark.parametrize(("name", "spelling"), PAIRS)
def test_every_spelling_of_a_name_finds_all_others(
    spelled: tuple[LexicalIndex, list[tuple[str, str]]], name: str, spelling: str
) -> None:
    index, rows = spelled
    found, _ = index.search(f"What does {spelling} do?", depth=len(rows))
    assert set(SPELLINGS[name]) <= {rows[row][1] for row in found if rows[row][0] == name}


@pytest.mark.parametrize(("name", "spelling"), [pair for pair in PAIRS if pair[0] in NEIGHBOURS])
def test_names_that_look_alike_come_after_the_name_asked_for(
    spelled: tuple[LexicalIndex, list[tuple[str, str]]], name: str, spelling: str
) -> None:
    index, rows = spelled
    found, _ = index.search(spelling, depth=len(rows))
    kinds = [rows[row][0] for row in found]
    own = [place for place, kind in enumerate(kinds) if kind == name]
    others = [place for place, kind in enumerate(kinds) if kind != name]
    assert max(own) < min(others, default=len(rows))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Does MK-7 lower 25(OH)D?", ["mk7", "mk", "lower", "25ohd", "ohd"]),
        ("MK 7", ["mk", "7", "mk7"]),
        ("the risk of 10 falls", ["risk", "10", "falls"]),
        ("walking and the legs", ["walking", "legs"]),
        ("Crohn's disease", ["crohn", "disease"]),
        ("Crohn’s disease", ["crohn", "disease"]),
        ("cross-sectional", ["cross", "sectional"]),
        ("P < 0.05", ["p", "0.05"]),
        ("K₂ and ω-3", ["k2", "omega3", "omega"]),
        ("", []),
        ("?!… — «»", []),
    ],
)
def test_the_terms_of_a_text_are_these(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_chain_longer_than_any_name_is_not_joined() -> None:
    chain = "A1-bcdefgh-ijklmnop-qrstuvwx"
    assert terms(chain) == ["a1", "bcdefgh", "ijklmnop", "qrstuvwx"]


@pytest.mark.parametrize("text", ["what is the", "who are they?", "...", "", " \n", "☤"])
def test_common_words_and_symbols_are_no_terms(text: str) -> None:
    assert not has_terms(text)


@pytest.mark.parametrize("text", ["K2", "legs", "what is K₂", "α"])
def test_a_text_that_names_something_has_terms(text: str) -> None:
    assert has_terms(text)


@given(st.text(st.characters(exclude_categories=())))
@example("\ud800 MK-7 \udfff")
@example("(((" * 50 + "25(OH" + "-" * 50)
def test_no_text_makes_terms_raise_and_every_term_is_one_lower_case_word(text: str) -> None:
    for term in terms(text):
        assert term
        assert term == term.casefold()
        assert term not in STOP_WORDS
        assert not any(character.isspace() for character in term)


ascii_words = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)
ascii_names = st.lists(ascii_words, min_size=1, max_size=4).map("-".join)
ascii_texts = (
    st.lists(ascii_names, max_size=6)
    .map(" ".join)
    .filter(lambda text: not {"mcg", "ug"} & set(text.casefold().replace("-", " ").split()))
)


@given(ascii_texts)
@example("dp-ucMGP of Dutch WOMEN")
def test_a_question_in_lower_case_has_only_terms_of_its_proper_spelling(text: str) -> None:
    assert set(terms(text.lower())) <= set(terms(text))
    assert terms(text.lower()) == terms(text.lower().casefold())


@given(ascii_words)
def test_the_case_of_a_single_word_does_not_matter(word: str) -> None:
    assert terms(word.upper()) == terms(word.lower()) == terms(word)


@pytest.mark.parametrize("unit", ["a-", "a.", "1(", "(a)", "25(OH)D", "-'/.", "é\u0301", "𝟕"])
def test_a_hostile_text_of_100000_characters_takes_less_than_two_seconds(unit: str) -> None:
    began = time.perf_counter()
    terms(unit * (100_000 // len(unit)))
    assert time.perf_counter() - began < 2


def test_a_question_about_something_else_finds_none_of_the_spellings(
    spelled: tuple[LexicalIndex, list[tuple[str, str]]],
) -> None:
    index, rows = spelled
    found, _ = index.search("quinine", depth=len(rows))
    assert len(found) == 0
