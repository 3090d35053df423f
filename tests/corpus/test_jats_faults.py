"""JATS: sets, broken, hostile and odd files; what is good is kept."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import jats
from corpus.records import Skipped, Source
from tests.corpus.jats_articles import RELATED, article, cite, only, shown, texts


def test_a_set_yields_each_article_and_says_which_is_broken() -> None:
    nameless = "<article><front><article-meta/></front></article>"
    text = f"<pmc-articleset>{article('<p>A</p>')}{nameless}{article('<p>B</p>')}</pmc-articleset>"
    first, second, third = jats.read(text, "set.xml")
    assert isinstance(first, Source)
    assert isinstance(third, Source)
    assert isinstance(second, Skipped)
    assert second.position == "record 2"
    assert "title" in second.reason


def test_an_article_that_is_not_well_formed_costs_only_itself() -> None:
    broken = article("<p>A</i></p>")
    text = f"<pmc-articleset>\n{article('<p>A</p>')}\n{broken}\n{article('<p>B</p>')}</pmc-articleset>"
    first, second, third = jats.read(text, "set.xml")
    assert isinstance(first, Source)
    assert isinstance(second, Skipped)
    assert isinstance(third, Source)


def test_a_default_namespace_is_read_alike() -> None:
    text = article(f"<p>See {cite(1)}.</p>").replace(
        "<article ", '<article xmlns="https://jats.nlm.nih.gov/ns" ', 1
    )
    assert shown(only(text)) == [("1", "1")]


def test_a_stream_is_read_in_its_own_encoding() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + article("<p>Ødegård é</p>")
    (source,) = jats.read_stream(io.BytesIO(text.encode("latin-1", "xmlcharrefreplace")), "a.xml")
    assert isinstance(source, Source)
    assert "Ødegård é" in source.text
    assert only(text).text == source.text


def _bomb() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE article [<!ENTITY l0 "lol">{levels}]>' + article("<p>&l9;</p>")


BAD = {
    "truncated": article("<p>Text.</p>")[:-400],
    "entity bomb": _bomb(),
    "external entity": '<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + article("<p>&x;</p>"),
    "no title": article("<p>T</p>").replace("article-title", "nothing").replace("subtitle", "nothing"),
    "deep": article("<sec>" * 10_000 + "</sec>" * 10_000),
    "nested by hundreds": article("<p>" + "<italic>" * 240 + "deep" + "</italic>" * 240 + "</p>"),
    "no article": "<root><a/></root>",
    "empty": "",
    "not XML": "JATS <article",
    "no front matter": "<article><body><p>Text</p></body></article>",
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_said_in_one_record(name: str) -> None:
    (found,) = jats.read(BAD[name], "bad.xml")
    if name != "nested by hundreds":  # which may be read, or said to be too deep
        assert isinstance(found, Skipped)
        assert ";" in found.reason
        assert "passwd" not in found.reason


def test_a_truncated_set_keeps_what_came_whole() -> None:
    text = f"<pmc-articleset>{article('<p>A</p>')}{article('<p>B</p>')[:-300]}"
    first, second = jats.read(text, "set.xml")
    assert isinstance(first, Source)
    assert isinstance(second, Skipped)
    assert str(second.position).startswith("line ")


def test_a_span_of_a_billion_columns_and_a_range_of_a_million_do_no_harm() -> None:
    table = (
        "<table-wrap><table><tr><td colspan='999999999' rowspan='999999999'>x</td></tr><tr>"
        "<td>y</td></tr></table></table-wrap>"
    )
    ranges = (
        '<p>See <xref ref-type="bibr" rid="r1">1</xref>-<xref ref-type="bibr" '
        'rid="r3">999999999999</xref>.</p>'
    )
    assert [label for _, label in shown(only(article(table + ranges)))] == ["1", "3"]


def test_spans_cannot_make_a_small_table_large() -> None:
    cell = f"<td rowspan='500'>{'x' * 300}</td>"
    text = f"<table-wrap><table><tr>{cell * 300}</tr>{'<tr><td>y</td></tr>' * 300}</table></table-wrap>"
    assert len(only(article(text)).text) < 4 * len(text)


def test_an_entity_of_an_unread_dtd_reads_as_its_character() -> None:
    text = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "jats.dtd">' + article("<p>5 &micro;g&nbsp;daily</p>")
    assert texts(only(text), "paragraph") == ["5 µg\xa0daily"]


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        (article(""), True),
        ("\ufeff<?xml version='1.0'?>\n<!-- c -->\n" + article(""), True),
        (f"<pmc-articleset>{article('')}</pmc-articleset>", True),
        (_bomb(), True),
        ("<html><body><article><p>Hello</p></article></body></html>", False),
        ("<article xmlns='http://docbook.org/ns/docbook'><title>Book</title></article>", False),
        ("<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>", False),
        ("TY  - JOUR\nTI  - <article-meta>\n", False),
        ("", False),
        ("{}", False),
    ],
)
def test_claims_decides_by_content(text: str, claimed: bool) -> None:
    assert jats.claims(text[:65536], "a.xml") is claimed


def _holds_together(text: str) -> None:
    for found in jats.read(text, "fuzz.xml"):
        assert isinstance(found, Source | Skipped)
        if isinstance(found, Source):
            assert all(0 <= b.start < b.end <= len(found.text) for b in found.blocks)
            assert all(0 <= m.start < m.end <= len(found.text) for m in found.mentions)
            assert {m.label for m in found.mentions} <= {r.label for r in found.references}
    jats.claims(text, "fuzz.xml")


@settings(max_examples=100)
@given(st.text(max_size=400))
def test_any_text_gives_sources_or_reasons(text: str) -> None:
    _holds_together(text)
    _holds_together(article(text))


GOOD = article(
    f"<sec><title>A</title><p>One [{cite(1)}-{cite(4)}] two<sup>{cite(2)}</sup>.</p>"
    "<table-wrap><table><tr><th>a</th></tr>"
    "<tr><td>b</td></tr></table></table-wrap></sec>",
    RELATED.format("companion", "doi", "10.5555/x", ""),
)


_PIECES = GOOD.replace(">", ">\x00").replace("<", "\x00<").split("\x00")


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.sampled_from(["drop", "twice", "swap"]), st.integers(0), st.integers(0)), max_size=6
    )
)
def test_any_mutation_of_a_good_file_gives_sources_or_reasons(changes: list[tuple[str, int, int]]) -> None:
    """Tags and texts, or single characters, are dropped, doubled and swapped."""
    for units in (list(_PIECES), list(GOOD)):
        for how, first, second in changes:
            at, other = first % len(units), second % len(units)
            if how == "drop":
                del units[at]
            elif how == "twice":
                units.insert(other, units[at])
            else:
                units[at], units[other] = units[other], units[at]
        _holds_together("".join(units))
