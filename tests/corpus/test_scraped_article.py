"""A scraped health article: its parts told by its headings, its furniture kept out of quotes."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article_parts import is_crumb, part_of, slug_of
from corpus.linking import Catalogue, link
from corpus.passages import split
from corpus.readers import scraped_article
from corpus.reading import read_file
from corpus.records import UNQUOTED_KINDS, Reference, Skipped, Source

GOLDEN = """\
Skip to content

Is Natto Good for Your Arteries? A Short Guide

4 min read

A 2004 survey in Oslo looked at natto and stiff arteries [1]. It was small.

Quick Summary

Natto holds much vitamin K₂. Whether it helps arteries is open [1, 2].

Key Points

  • Rich in K₂: a small pack goes a long way [2].

  • Smell: strong.

In This Article

What Natto Is

Natto is made of soybeans. It is eaten cold.

Ways to eat it include:

  • On rice.
  • In soup, with leek.

Natto and Cheese Side by Side

Feature Natto Cheese
Made of Soybeans Milk
Form of K2 MK-7 (long) MK-8 and MK-9

Additional Resources

Frequently Asked Questions

Does natto smell?

Yes, rather.

Most people get used to it within a week.

References

  1. 1
  2. Sato A. Natto in Oslo. J Nat. 2004. doi:10.1000/natto PMID: 77
  3. 3

Medical Disclaimer

This page is no substitute for a doctor [1].
"""

FAQ = ("Frequently Asked Questions",)
TABLE = ("Natto and Cheese Side by Side",)
EXPECTED = [
    ("boilerplate", (), "Skip to content"),
    ("title", (), "Is Natto Good for Your Arteries? A Short Guide"),
    ("boilerplate", (), "4 min read"),
    ("paragraph", (), "A 2004 survey in Oslo looked at natto and stiff arteries [1]. It was small."),
    ("heading", (), "Quick Summary"),
    ("summary", ("Quick Summary",), "Natto holds much vitamin K₂. Whether it helps arteries is open [1, 2]."),
    ("heading", (), "Key Points"),
    ("key-point", ("Key Points",), "Rich in K₂: a small pack goes a long way [2]."),
    ("key-point", ("Key Points",), "Smell: strong."),
    ("boilerplate", (), "In This Article"),
    ("heading", (), "What Natto Is"),
    ("paragraph", ("What Natto Is",), "Natto is made of soybeans. It is eaten cold."),
    ("paragraph", ("What Natto Is",), "Ways to eat it include:"),
    ("list-item", ("What Natto Is",), "On rice."),
    ("list-item", ("What Natto Is",), "In soup, with leek."),
    ("heading", (), "Natto and Cheese Side by Side"),
    ("heading", TABLE, "Feature Natto Cheese"),
    ("table-row", TABLE, "Made of Soybeans Milk"),
    ("table-row", TABLE, "Form of K2 MK-7 (long) MK-8 and MK-9"),
    ("boilerplate", (), "Additional Resources"),
    ("heading", (), "Frequently Asked Questions"),
    ("question", FAQ, "Does natto smell?"),
    ("answer", FAQ, "Yes, rather."),
    ("answer", FAQ, "Most people get used to it within a week."),
    ("heading", (), "References"),
    ("reference", ("References",), "1. 1"),
    ("reference", ("References",), "2. Sato A. Natto in Oslo. J Nat. 2004. doi:10.1000/natto PMID: 77"),
    ("reference", ("References",), "3. 3"),
    ("boilerplate", (), "Medical Disclaimer"),
    ("boilerplate", (), "This page is no substitute for a doctor [1]."),
]


def read(text: str) -> Source:
    (source,) = scraped_article.read(text, "page.txt")
    assert isinstance(source, Source)
    return source


def told(source: Source) -> list[tuple[str, tuple[str, ...], str]]:
    return [(b.kind, b.section, source.text[b.start : b.end]) for b in source.blocks]


def quotable(text: str) -> list[str]:
    return [words for kind, _, words in told(read(text)) if kind not in UNQUOTED_KINDS]


def test_every_block_of_a_scraped_article_is_told_with_its_kind_and_section() -> None:
    assert told(read(GOLDEN)) == EXPECTED


def test_the_record_of_a_scraped_article_is_its_title() -> None:
    source = read(GOLDEN)
    slug = "is-natto-good-for-your-arteries-a-short-guide"
    assert (source.source_id, source.key, source.kind, source.origin) == (
        f"article:{slug}",
        slug,
        "article",
        "page.txt",
    )
    assert source.csl == {
        "id": slug,
        "type": "webpage",
        "title": "Is Natto Good for Your Arteries? A Short Guide",
    }


def test_references_are_kept_even_where_the_scraper_left_only_their_number() -> None:
    assert read(GOLDEN).references == (
        Reference("1", "1"),
        Reference(
            "2",
            "Sato A. Natto in Oslo. J Nat. 2004. doi:10.1000/natto PMID: 77",
            doi="10.1000/natto",
            pmid="77",
        ),
        Reference("3", "3"),
    )


def test_a_number_in_brackets_is_a_mention_where_the_list_has_that_number() -> None:
    source = read(GOLDEN.replace("It was small.", "It was small [9]."))
    assert [m.label for m in source.mentions] == ["1", "1", "2", "2"]
    assert all(source.text[m.start : m.end] == m.label for m in source.mentions)
    assert source.text[source.mentions[0].start - 10 :].startswith("arteries [1]")


HEAD = "Natto at home\n\nSummary\n\nIt is cheap.\n\n"


def test_of_a_range_every_member_is_a_mention() -> None:
    entries = "".join(f"{n}. Entry {n}. 2004.\n" for n in range(1, 5))
    source = read(f"{HEAD}So it was seen [1–3].\n\nReferences\n\n{entries}")
    shown = [(source.text[m.start : m.end], m.label) for m in source.mentions]
    assert shown == [("1", "1"), ("1–3", "2"), ("3", "3")]


def test_furniture_among_the_lines_of_a_paragraph_is_not_quoted() -> None:
    assert quotable(f"{HEAD}How to buy it\n\nBy Ada Example\n3 min read\nLook in the fridge.") == [
        "It is cheap.",
        "By Ada Example",
        "Look in the fridge.",
    ]


def test_an_advertisement_in_a_list_is_not_quoted() -> None:
    text = f"{HEAD}Ways to eat it\n\n• On rice.\n\nAdvertisement\n\n• In soup."
    passages = split(read(text), lambda words: len(words.split()), 256).passages
    assert [p.text for p in passages] == ["It is cheap.", "On rice.", "In soup."]


@pytest.mark.parametrize("heading", ["In This Article", "Additional Resources", "Table of Contents:"])
def test_a_list_of_links_is_not_quoted(heading: str) -> None:
    links = f"{HEAD}{heading}\n\n• What natto is\n• Where to buy it\n\nWhat natto is\n\nBeans."
    flat = f"{HEAD}{heading}\n\nWhat natto is\nWhere to buy it\nHow to store it\n\nWhat natto is\n\nBeans."
    assert quotable(links) == quotable(flat) == ["It is cheap.", "Beans."]


def test_text_goes_on_after_a_heading_of_housekeeping_that_lost_its_list() -> None:
    assert quotable(f"{HEAD}In This Article\n\nNatto is made of beans.") == [
        "It is cheap.",
        "Natto is made of beans.",
    ]


def test_nothing_below_a_disclaimer_is_quoted() -> None:
    text = f"{HEAD}Disclaimer\n\nNot advice.\n\n• Nor this.\n\nOne\nTwo\nThree\n\nAsk a doctor:\nsoon."
    assert quotable(text) == ["It is cheap."]


def test_a_title_may_stand_on_two_lines() -> None:
    source = read("Natto at home:\n  a short guide\n\nSummary\n\nIt is cheap.")
    assert told(source)[0] == ("title", (), "Natto at home: a short guide")
    assert source.title == "Natto at home: a short guide"


def test_a_wrapped_entry_of_the_reference_list_is_one_reference() -> None:
    source = read(
        f"{HEAD}References\n\n1. Sato A. Natto in Oslo.\n   J Nat. 2004.\n2. Gouda B. Cheese. 2010.\n"
    )
    assert source.references == (
        Reference("1", "Sato A. Natto in Oslo. J Nat. 2004."),
        Reference("2", "Gouda B. Cheese. 2010."),
    )


def test_entries_without_numbers_are_numbered_in_order_and_not_taken_for_headings() -> None:
    source = read(
        f"{HEAD}References\n\nSato A. Natto in Oslo. 2004;3:1-9\n\nGouda B. Cheese. 2010\n\n"
        "About us\n\nWe write."
    )
    assert source.references == (
        Reference("1", "Sato A. Natto in Oslo. 2004;3:1-9"),
        Reference("2", "Gouda B. Cheese. 2010"),
    )
    assert told(source)[-2:] == [("heading", (), "About us"), ("paragraph", ("About us",), "We write.")]


@pytest.mark.parametrize("label", ["[7] Sato A.", "7. Sato A.", "(7) Sato A.", "7) Sato A.", " 7. Sato A."])
def test_the_number_of_an_entry_may_be_written_in_several_ways(label: str) -> None:
    assert read(f"{HEAD}References\n\n{label}").references == (Reference("7", "Sato A."),)


def test_a_short_line_is_a_heading_only_with_something_below_and_without_an_end_mark() -> None:
    text = f"{HEAD}What it costs\n\nTwo coins a pack,\n\nIt depends on the shop!\n\nThe last line"
    assert [kind for kind, _, _ in told(read(text))[3:]] == ["heading", "paragraph", "paragraph", "paragraph"]


def test_an_article_needs_a_title_line() -> None:
    for text in ("3 min read\n\nSkip to content", "word " * 80 + "\n\nSummary\n\nIt is cheap."):
        (found,) = scraped_article.read(text, "page.txt")
        assert isinstance(found, Skipped)
        assert (found.origin, found.position) == ("page.txt", "line 1")
        assert "no title line" in found.reason


def test_plain_text_is_an_article_where_two_of_the_usual_headings_stand_in_it() -> None:
    assert scraped_article.claims(GOLDEN, "any.name")
    assert scraped_article.claims("T\n\nKey Points:\n\nx\n\nREFERENCES\n", "x")
    assert not scraped_article.claims("T\n\nReferences\n\nx\n\nBibliography\n", "x")
    assert not scraped_article.claims("A letter. It mentions References and a Summary.", "x.txt")


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("Quick Summary", "summary"),
        ("ABSTRACT", "summary"),
        ("Key takeaways:", "key-points"),
        ("Frequently Asked Questions", "questions"),
        ("Questions and answers", "questions"),
        ("FAQ", "questions"),
        ("Q&A", "questions"),
        ("Literature cited", "references"),
        (" Sources ", "references"),
        ("Medical Disclaimer", "disclaimer"),
        ("In This Article", "housekeeping"),
        ("A summary of the trials", "section"),
        ("References to K2 in law", "section"),
        ("", "section"),
    ],
)
def test_a_heading_opens_a_part_only_where_it_is_the_usual_one(heading: str, part: str) -> None:
    assert part_of(heading) == part


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "3 min read",
        " 12 Minutes read ",
        "Share this",
        "Last updated: 3 May 2024",
        "Medically reviewed by Ada Example, MD",
        "Updated May 3, 2024",
        "Home > Food > Natto",
        "Sign up for our newsletter",
        "Back to top",
    ],
)
def test_page_furniture_is_told(line: str) -> None:
    assert is_crumb(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Skip to content that matters",
        "It takes 3 min to read",
        "Updated guidelines advise walking.",
        "Reviewed trials were small.",
        "Home care helped.",
        "Shared decisions help.",
    ],
)
def test_a_sentence_that_begins_like_furniture_is_not(line: str) -> None:
    assert not is_crumb(line)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Is Natto Good?", "is-natto-good"),
        ("  K₂ & MK-7  ", "k-mk-7"),
        ("x" * 100, "x" * 80),
        ("a" * 79 + " bc", "a" * 79),
        ("Grüne Bohnen", "gr-ne-bohnen"),
        ("", "untitled"),
    ],
)
def test_a_slug_is_lower_case_words_and_hyphens(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_titles_in_other_scripts_have_slugs_that_tell_them_apart() -> None:
    titles = ["納豆", "納豆と骨", "Витамин K2", "Витамин D и K2", "ألم الساق", "Πόνος K2"]
    slugs = {slug_of(title) for title in titles}
    assert len(slugs) == len(titles)
    assert all(slug.isascii() and len(slug) <= 80 for slug in slugs)
    assert slug_of("Витамин K2") == slug_of("витамин k2")
    assert slug_of("Витамин K2").startswith("k2-")
    assert len(slug_of("x" * 79 + "я" * 200)) <= 80


LINES = st.sampled_from(
    [
        *(text for _, _, text in EXPECTED),
        "",
        "",
        "",
        "• a point",
        "  - a dash",
        "12. Twelfth. 2004",
        "Why?",
        "x\u00a0",
        " ",
    ]
)


@given(st.lists(LINES, max_size=40).map("\n".join))
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_any_text_gives_blocks_in_order_that_leave_out_nothing_but_bullets(body: str) -> None:
    source = read(f"Natto at home\n\n{body}")
    at = 0
    for block in source.blocks:
        assert at <= block.start < block.end
        assert not source.text[at : block.start].strip("\n")
        at = block.end
    assert at == len(source.text)

    def letters(text: str) -> str:
        return "".join(c for c in text if c.isalnum())

    assert letters(source.text) == letters(f"Natto at home{body}")
    for mention in source.mentions:
        assert source.text[mention.start : mention.end] == mention.label


@pytest.fixture(scope="module")
def seed(shared: Path) -> Source:
    """The one real scraped article, whose sentences are not copied here."""
    (found,) = [thing for path in sorted((shared / "seed").glob("*.txt")) for thing in read_file(path)]
    assert isinstance(found, Source)
    return found


def test_the_seed_has_its_title_and_nothing_of_the_page_around_it(seed: Source) -> None:
    assert seed.title == "Does Vitamin K2 Help Circulation in Legs? Understanding Its Vascular Benefits"
    furniture = [text for kind, _, text in told(seed) if kind == "boilerplate"]
    assert furniture[:2] == ["Skip to content", "3 min read"]
    assert {"In This Article", "Additional Resources", "Medical Disclaimer"} <= set(furniture)


def test_the_seed_has_six_key_points_and_seven_answers_whose_questions_are_lost(seed: Source) -> None:
    kinds = [(kind, section) for kind, section, _ in told(seed)]
    assert kinds.count(("key-point", ("Key Points",))) == 6
    assert kinds.count(("answer", ("Frequently Asked Questions",))) == 7
    assert [kind for kind, _ in kinds].count("answer") == 7
    assert [kind for kind, _ in kinds].count("question") == 0
    assert [kind for kind, _ in kinds].count("summary") == 1
    assert [kind for kind, _ in kinds].count("table-row") == 4
    assert [kind for kind, _ in kinds].count("list-item") == 5


def test_the_seed_has_seven_references_and_none_of_them_resolves(seed: Source) -> None:
    (linked,), report = link([seed], Catalogue.of([seed]))
    assert [(r.label, r.raw, r.source_id) for r in linked.references] == [
        (str(n), str(n), None) for n in range(1, 8)
    ]
    assert (report.references, report.resolved, len(report.unresolved)) == (7, 0, 7)


def test_no_passage_of_the_seed_holds_page_furniture(seed: Source) -> None:
    passages = split(seed, lambda text: len(text) // 4 + 1, 256).passages
    assert len(passages) > 20
    for words in (
        "min read",
        "In This Article",
        "Skip to content",
        "informational purposes",
        "Additional Resources",
    ):
        assert not [p.text for p in passages if words.casefold() in p.text.casefold()]
