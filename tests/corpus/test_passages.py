"""Passages: verbatim, whole, within the encoder, never out of a heading, a reference or boilerplate."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.composing import TextComposer
from corpus.normalising import normalised
from corpus.passages import (
    CONTEXT_SHARE,
    Split,
    context_of,
    encoded_form,
    fitting_context,
    passage_id_for,
    split,
)
from corpus.records import UNQUOTED_KINDS, Block, Mention, Source
from indexer.encoder import OpenVinoEncoder
from indexer.generation import ENCODER_FOLDER, IndexDirectory

#: An encoder puts a token before and one after a text.
ADDED_BY_THE_ENCODER = 2
QUOTED_KINDS = ("summary", "key-point", "paragraph", "list-item", "table-row", "question", "answer")
KINDS = (*QUOTED_KINDS, *QUOTED_KINDS, "heading", "reference", "boilerplate")
SECTIONS = ((), ("Foods",), ("Foods", "Natto"), ("Vitamin K₂ and α‑tocopherol, " * 12, "A heading", "Deep"))


def count(text: str) -> int:
    """A plain token counter: a token for each four characters of a word, begun or whole."""
    return sum(-(-len(word) // 4) for word in text.split())


def article(
    *blocks: tuple[str, tuple[str, ...], str], title: str = "On natto", kind: str = "article"
) -> Source:
    composer = TextComposer()
    for block_kind, section, text in blocks:
        composer.add(block_kind, section, text)
    return Source("article:x", kind, {"title": title}, composer.text(), tuple(composer.blocks))


WORDS = st.one_of(
    st.sampled_from(
        ("vitamin", "K₂", "MK‑7", "α‑tocopherol", "90 µg/day", "vs.", "(95% CI", "0.57–0.99),", "[1]")
    ),
    st.sampled_from(
        ("😀", "👩‍⚕️", "IL-6", "[2, 3]", "ﬁbre", "維生素K2", "è", "[12", "“quoted”", "P=.04", "\u2028")
    ),
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=8
    ),
    st.integers(1, 900).map(lambda n: "ACGTβ"[n % 5] * n),
    st.integers(1, 200).map(lambda n: "https://x.org/" + "a-1/" * n),
)
SENTENCES = st.builds(
    lambda words, repeated, end: " ".join(words * repeated) + end,
    st.lists(WORDS, min_size=1, max_size=12),
    st.sampled_from((1, 1, 1, 2, 15)),
    st.sampled_from((". ", "! ", "? ", " ", "\n", ".) ", "… ")),
)
BLOCKS = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from(SECTIONS),
    st.lists(SENTENCES, min_size=1, max_size=9).map(lambda parts: normalised("".join(parts)).strip()),
)
TITLES = st.one_of(st.just("On natto"), SENTENCES.map(lambda text: normalised(text).strip()))
ARTICLES = st.builds(
    lambda title, blocks: article(("title", (), title), *blocks, title=title),
    TITLES,
    st.lists(BLOCKS, max_size=8),
)
STUDIES = st.builds(
    lambda title, abstract: article(
        ("title", (), title),
        ("abstract", (), abstract),
        ("summary", (), "It fell."),
        title=title,
        kind="study",
    ),
    TITLES,
    st.lists(SENTENCES, max_size=30).map(lambda parts: normalised("".join(parts)).strip()),
)
SOURCES = st.one_of(ARTICLES, ARTICLES, STUDIES)
LIMITS = st.sampled_from((32, 64, 256, 512))
slow = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@given(SOURCES, LIMITS)
@slow
def test_a_passage_is_its_slice_of_the_text(source: Source, limit: int) -> None:
    for passage in split(source, count, limit).passages:
        assert source.text[passage.start : passage.end] == passage.text
        assert passage.text
        assert passage.text == passage.text.strip()
        assert passage.source_id == source.source_id


@given(SOURCES, LIMITS)
@slow
def test_no_passage_holds_a_title_a_heading_a_reference_or_boilerplate(source: Source, limit: int) -> None:
    kept_out = [b for b in source.blocks if b.kind in UNQUOTED_KINDS]
    for passage in split(source, count, limit).passages:
        assert passage.kind not in UNQUOTED_KINDS
        assert all(passage.end <= block.start or block.end <= passage.start for block in kept_out)


@given(SOURCES, LIMITS)
@slow
def test_a_passage_with_its_context_fits_into_the_encoder(source: Source, limit: int) -> None:
    for passage in split(source, count, limit).passages:
        context = fitting_context(source.title, passage.section, count, limit)
        assert count(encoded_form(*context, passage.text)) + ADDED_BY_THE_ENCODER <= limit


@given(SOURCES, LIMITS)
@slow
def test_nothing_that_may_be_quoted_is_lost(source: Source, limit: int) -> None:
    covered = {at for p in split(source, count, limit).passages for at in range(p.start, p.end)}
    for block in source.blocks:
        if block.kind not in UNQUOTED_KINDS:
            lost = [
                at
                for at in range(block.start, block.end)
                if at not in covered and not source.text[at].isspace()
            ]
            assert lost == []


@given(SOURCES, LIMITS)
@slow
def test_splitting_again_gives_the_same_passages_and_no_id_twice(source: Source, limit: int) -> None:
    first = split(source, count, limit)
    ids = [passage.passage_id for passage in first.passages]
    assert split(source, count, limit) == first
    assert len(set(ids)) == len(ids)


@given(ARTICLES, LIMITS)
@slow
def test_a_passage_of_an_article_carries_the_section_and_kind_of_what_it_quotes(
    source: Source, limit: int
) -> None:
    for passage in split(source, count, limit).passages:
        quoted = [b for b in source.blocks if b.start < passage.end and passage.start < b.end]
        assert {b.section for b in quoted} == {passage.section}
        assert passage.kind in {b.kind for b in quoted}


@pytest.fixture(scope="module")
def encoder(starter_index: Path) -> OpenVinoEncoder:
    """The encoder that lies in the index of the starter library."""
    return OpenVinoEncoder(IndexDirectory(starter_index).open().path / ENCODER_FOLDER)


@given(source=SOURCES)
@settings(slow, max_examples=8)
def test_a_passage_fits_into_the_real_encoder_and_nothing_is_lost(
    encoder: OpenVinoEncoder, source: Source
) -> None:
    passages = split(source, encoder.count_tokens, encoder.max_tokens).passages
    for passage in passages:
        assert source.text[passage.start : passage.end] == passage.text
        context = fitting_context(source.title, passage.section, encoder.count_tokens, encoder.max_tokens)
        seen = encoder.count_tokens(encoded_form(*context, passage.text))
        assert seen + ADDED_BY_THE_ENCODER <= encoder.max_tokens
    covered = {at for p in passages for at in range(p.start, p.end)}
    quoted = {at for b in source.blocks if b.kind not in UNQUOTED_KINDS for at in range(b.start, b.end)}
    assert not {at for at in quoted - covered if not source.text[at].isspace()}


def sentence(number: int, words: int = 30) -> str:
    """A sentence of exactly ``words`` tokens by ``count``."""
    return " ".join([f"S{number}", *["word"] * (words - 2), "end."])


def texts(source: Source, limit: int = 256) -> list[str]:
    return [passage.text for passage in split(source, count, limit).passages]


def test_a_block_that_fits_is_one_passage() -> None:
    paragraph = " ".join(sentence(n) for n in range(5))
    assert texts(article(("title", (), "On natto"), ("paragraph", (), paragraph))) == [paragraph]


def test_a_longer_block_becomes_windows_of_three_sentences_with_a_stride_of_two() -> None:
    s = [sentence(n) for n in range(7)]
    source = article(("paragraph", (), " ".join(s)))
    assert texts(source) == [" ".join(s[0:3]), " ".join(s[2:5]), " ".join(s[4:7])]


def test_a_window_stops_before_the_sentence_that_would_not_fit() -> None:
    s = [sentence(n, words=100) for n in range(4)]
    assert texts(article(("paragraph", (), " ".join(s)))) == [" ".join(s[0:2]), " ".join(s[2:4])]


def test_a_sentence_that_is_too_long_is_cut_between_words_and_counted() -> None:
    long = " ".join(["word"] * 600)
    result = split(article(("paragraph", (), long)), count, 256)
    assert result.cut_sentences == len(result.passages) > 2
    assert " ".join(result.passages[0].text.split()) == result.passages[0].text
    assert {word for passage in result.passages for word in passage.text.split()} == {"word"}


def test_a_word_that_is_too_long_is_cut_into_pieces() -> None:
    result = split(article(("paragraph", (), "ACGT" * 400)), count, 256)
    assert (result.passages[0].start, result.passages[-1].end) == (0, 1600)
    assert len(result.passages) > 1
    assert result.cut_sentences == len(result.passages)


def test_nothing_is_cut_where_every_sentence_fits() -> None:
    assert split(article(("paragraph", (), " ".join(map(sentence, range(9))))), count, 256).cut_sentences == 0


def test_a_question_stays_with_all_its_answers() -> None:
    section = ("Questions",)
    source = article(
        ("question", section, "Does it help?"),
        ("answer", section, "It may."),
        ("answer", section, "Ask a doctor."),
        ("question", section, "Is it dear?"),
        ("answer", section, "No."),
    )
    passages = split(source, count, 256).passages
    assert [(p.kind, p.text) for p in passages] == [
        ("answer", "Does it help?\n\nIt may.\n\nAsk a doctor."),
        ("answer", "Is it dear?\n\nNo."),
    ]


def test_a_question_without_an_answer_stays_a_question() -> None:
    (passage,) = split(article(("question", ("Questions",), "Does it help?")), count, 256).passages
    assert (passage.kind, passage.text) == ("question", "Does it help?")


def test_the_items_of_one_list_stay_together_and_those_of_another_section_do_not() -> None:
    source = article(
        ("list-item", ("Foods",), "Natto."),
        ("list-item", ("Foods",), "Cheese."),
        ("list-item", ("Doses",), "90 µg."),
    )
    assert texts(source) == ["Natto.\nCheese.", "90 µg."]


def test_a_list_stays_with_the_paragraph_that_leads_into_it_by_a_colon() -> None:
    source = article(
        ("paragraph", ("Foods",), "It is rare."),
        ("paragraph", ("Foods",), "Sources are:"),
        ("list-item", ("Foods",), "Natto."),
        ("list-item", ("Foods",), "Cheese."),
        ("paragraph", ("Foods",), "That is all:"),
        ("paragraph", ("Foods",), "no more."),
    )
    assert texts(source) == ["It is rare.", "Sources are:\n\nNatto.\nCheese.", "That is all:", "no more."]


def test_key_points_and_table_rows_are_quoted_one_by_one() -> None:
    source = article(
        ("key-point", ("Key points",), "One."),
        ("key-point", ("Key points",), "Two."),
        ("paragraph", ("Foods",), "What foods hold:"),
        ("table-row", ("Foods",), "Food: Natto; K2: high"),
        ("table-row", ("Foods",), "Food: Rice; K2: low"),
    )
    assert texts(source) == [
        "One.",
        "Two.",
        "What foods hold:",
        "Food: Natto; K2: high",
        "Food: Rice; K2: low",
    ]


def test_a_list_interrupted_by_boilerplate_is_quoted_in_two_parts() -> None:
    source = article(
        ("list-item", ("Foods",), "Natto."),
        ("boilerplate", (), "Advertisement"),
        ("list-item", ("Foods",), "Cheese."),
    )
    assert texts(source) == ["Natto.", "Cheese."]


def test_two_lists_under_headings_of_one_name_are_not_joined_over_the_heading() -> None:
    source = article(
        ("list-item", ("Foods",), "Natto."), ("heading", (), "Foods"), ("list-item", ("Foods",), "Cheese.")
    )
    assert texts(source) == ["Natto.", "Cheese."]


def test_a_short_study_is_one_passage_without_its_title() -> None:
    abstract = (("abstract", (), "We fed natto."), ("abstract", (), "It fell."))
    (passage,) = split(article(("title", (), "Natto trial"), *abstract, kind="study"), count, 256).passages
    assert (passage.kind, passage.text) == ("abstract", "We fed natto.\n\nIt fell.")


def test_what_a_record_says_of_a_study_is_not_quoted_with_the_authors_words() -> None:
    """The kind of the passage tells whose words they are."""
    source = article(("abstract", (), "We fed natto."), ("summary", (), "It fell."), kind="study")
    found = [(passage.kind, passage.text) for passage in split(source, count, 256).passages]
    assert found == [("abstract", "We fed natto."), ("summary", "It fell.")]


def test_a_passage_of_a_long_question_alone_is_no_answer() -> None:
    question = " ".join(f"Does it help with cramps of kind {n}?" for n in range(40))
    source = article(("question", ("Q",), question), ("answer", ("Q",), "No."))
    kinds = [passage.kind for passage in split(source, count, 256).passages]
    assert kinds == ["question"] * (len(kinds) - 1) + ["answer"]
    assert len(kinds) > 2


def test_a_study_of_which_only_the_title_is_known_is_quoted_by_its_title() -> None:
    assert texts(article(("title", (), "Natto trial"), kind="study")) == ["Natto trial"]


def test_an_article_of_nothing_but_a_title_has_no_passage() -> None:
    assert split(article(("title", (), "Natto")), count, 256) == Split((), 0)


def test_a_passage_cites_what_is_mentioned_inside_it_once_in_order() -> None:
    text = "A [1]. B [2]. C [1].\n\nD [3] and [4]."
    blocks = (Block("paragraph", (), 0, 20), Block("paragraph", (), 22, len(text)))
    found = [(m.start(), m.end(), m.group()) for m in re.finditer(r"\d", text)]
    to = {"1": "doi:b", "2": "doi:a", "3": "doi:c", "4": None}
    mentions = tuple(Mention(s, e, "marker", label, source_id=to[label]) for s, e, label in found)
    source = replace(article(), text=text, blocks=blocks, mentions=mentions)
    assert [p.cites for p in split(source, count, 256).passages] == [("doi:b", "doi:a"), ("doi:c",)]


def test_title_and_section_stand_in_front_of_what_is_encoded_in_search_spelling() -> None:
    assert (
        encoded_form("On K₂", ("Foods", "α"), "Natto [1] helps [2, 3].[1 2]")
        == "On K2. Foods. alpha. Natto helps."
    )
    assert context_of("", ()) == ""
    assert context_of("On natto", ()) == "On natto. "


def test_a_long_context_loses_outer_headings_first_and_then_the_end_of_the_title() -> None:
    room = int(64 * CONTEXT_SHARE)
    assert fitting_context("Natto", ("Foods",), count, 64) == ("Natto", ("Foods",))
    assert fitting_context("Natto", ("word " * 30, "Near"), count, 64) == ("Natto", ("Near",))
    title, section = fitting_context("word " * 40, ("Near",), count, 64)
    assert section == ()
    assert title.split() == ["word"] * len(title.split())
    assert 1 <= count(context_of(title, section)) <= room
    assert fitting_context("ACGT" * 100, (), count, 64) == ("", ())


def test_a_passage_is_named_by_its_source_its_place_and_its_words() -> None:
    one = passage_id_for("doi:a", 5, "It fell.")
    assert re.fullmatch(r"[0-9a-f]{20}", one)
    assert one == passage_id_for("doi:a", 5, "It fell.")
    others = {passage_id_for("doi:b", 5, "It fell."), passage_id_for("doi:a", 6, "It fell.")}
    assert one not in others | {passage_id_for("doi:a", 5, "It rose.")}


def test_an_encoder_too_small_for_text_is_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens=31"):
        split(article(("paragraph", (), "It fell.")), count, 31)
