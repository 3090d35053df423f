"""JATS: where the text cites, and the entries of the reference list."""

import pytest

from benchmarks.reading_jats import generated_article
from tests.corpus.jats_articles import article, cite, only, shown, texts


def test_citations_are_marked_exactly_where_they_are_shown() -> None:
    source = only(
        article(f"<sec><title>A</title><p>As [{cite(1)}, {cite(2)}] and\n   Li [ {cite(3)} ] say.</p></sec>")
    )
    assert texts(source, "paragraph") == ["As [1, 2] and Li [ 3 ] say."]
    assert shown(source) == [("1", "1"), ("2", "2"), ("3", "3")]


@pytest.mark.parametrize("dash", ["-", "–", " – "])
def test_members_between_the_ends_of_a_range_are_mentioned_too(dash: str) -> None:
    source = only(article(f"<p>Known [{cite(1)}{dash}{cite(4)}].</p>"))
    assert [label for _, label in shown(source)] == ["1", "4", "2", "3"]
    assert shown(source)[2] == (f"1{dash}4", "2")


def test_a_range_inside_one_pointer_mentions_every_member() -> None:
    one = only(article('<p>Known.<xref ref-type="bibr" rid="r1">1–3</xref> Next.</p>'))
    assert texts(one, "paragraph") == ["Known.[1–3] Next."]
    assert shown(one) == [("1–3", "1"), ("1–3", "2"), ("1–3", "3")]
    several = only(article('<p>Known.<xref ref-type="bibr" rid="r1 r2">1,2</xref></p>'))
    assert [label for _, label in shown(several)] == ["1", "2"]


def test_raised_citations_get_brackets_and_never_join_a_number() -> None:
    source = only(
        article(f"<p>In 2004<sup>{cite(1)},{cite(2)}</sup> and 20 km<sup>2</sup>{cite(3)}{cite(4)}.</p>")
    )
    assert texts(source, "paragraph") == ["In 2004[1,2] and 20 km²[3,4]."]
    assert shown(source) == [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")]


def test_an_author_and_year_citation_is_marked_whole() -> None:
    text = article('<p>(<xref ref-type="bibr" rid="r2">Li et al., 1999</xref>)</p>')
    assert shown(only(text)) == [("Li et al., 1999", "2")]


def test_every_entry_becomes_a_reference_with_its_identifiers() -> None:
    source = only(article(f"<p>All {cite(5)}.</p>"))
    found = [(r.label, r.doi, r.pmid, r.pmcid) for r in source.references]
    assert found == [
        ("1", "10.5555/abc", None, None),
        ("2", None, "22", "PMC333"),
        ("3", "10.5555/three", None, None),
        ("4", "10.5555/four", "44", None),
        ("5a", None, "51", None),
        ("5b", None, "52", None),
    ]
    assert source.references[1].raw == "Li X, et al. Cold. Lancet. 1999;5(2):7-9. PMID: 22 PMCID: PMC333"
    assert shown(source) == [("5", "5a"), ("5", "5b")]
    assert texts(source, "reference")[0].startswith("1. Smith A. Zinc. BMJ 2001;1:2.")


def test_a_list_without_labels_is_numbered_and_two_lists_share_no_label() -> None:
    entry = "<ref id='{0}'><mixed-citation>Work {0}</mixed-citation></ref>"
    back = f"<back><ref-list>{entry.format('x')}{entry.format('y')}</ref-list></back>"
    assert [r.label for r in only(article("", back=back)).references] == ["1", "2"]
    twice = "<ref-list><ref><label>1</label><mixed-citation>W</mixed-citation></ref></ref-list>"
    assert [r.label for r in only(article("", back=f"<back>{twice}{twice}</back>")).references] == [
        "1",
        "1 (2)",
    ]


def test_the_generated_article_of_the_benchmark_is_read_whole() -> None:
    source = only(generated_article())
    assert (len(source.references), len(source.mentions)) == (40, 240)
