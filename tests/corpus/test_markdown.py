"""An article in Markdown: rendered text, numbered citations with mentions, references, parts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.readers import markdown
from corpus.records import UNQUOTED_KINDS, Reference, Skipped, Source

GOLDEN = """\
---
title: "Natto: what is known"
slug: natto-known
published: 2026-11-22
author: [Ada Example, Bo Sample]
publisher: Example Press
license: CC-BY-4.0
url: https://example.org/natto
---

## Quick summary

Natto is *rich* in **K₂** [@sato2004], and cheap.

## Key points

- **Dose:** 90 µg a day [@sato2004; @gouda2010].
- No harm was seen.

## What natto is

Fermented `soybeans`,
see [the survey](https://example.org/s) &amp; [2].

### How it is made

1. Soak.
2. Ferment.

| Food | K2 |
|---|---|
| Natto | high [@sato2004] |
| Rice | |

## Questions and answers

### Does it smell?

Yes, a lot [@unlisted2020].

### Is it dear?

No.

## References

1. Sato A. On *natto*. J Nat. 2004. doi:10.1000/natto PMID: 15514282. [@sato2004]
2. Gouda B. Cheese. 2010. [@gouda2010]

## Medical disclaimer

This is not advice [1].
"""

EXPECTED = [
    ("title", (), "Natto: what is known"),
    ("heading", (), "Quick summary"),
    ("summary", ("Quick summary",), "Natto is rich in K₂ [1], and cheap."),
    ("heading", (), "Key points"),
    ("key-point", ("Key points",), "Dose: 90 µg a day [1, 2]."),
    ("key-point", ("Key points",), "No harm was seen."),
    ("heading", (), "What natto is"),
    ("paragraph", ("What natto is",), "Fermented soybeans, see the survey & [2]."),
    ("heading", ("What natto is",), "How it is made"),
    ("list-item", ("What natto is", "How it is made"), "Soak."),
    ("list-item", ("What natto is", "How it is made"), "Ferment."),
    ("table-row", ("What natto is", "How it is made"), "Food: Natto; K2: high [1]"),
    ("table-row", ("What natto is", "How it is made"), "Food: Rice"),
    ("heading", (), "Questions and answers"),
    ("question", ("Questions and answers",), "Does it smell?"),
    ("answer", ("Questions and answers",), "Yes, a lot [3]."),
    ("question", ("Questions and answers",), "Is it dear?"),
    ("answer", ("Questions and answers",), "No."),
    ("heading", (), "References"),
    ("reference", ("References",), "Sato A. On natto. J Nat. 2004. doi:10.1000/natto PMID: 15514282."),
    ("reference", ("References",), "Gouda B. Cheese. 2010."),
    ("boilerplate", (), "Medical disclaimer"),
    ("boilerplate", ("Medical disclaimer",), "This is not advice [1]."),
]


def read(text: str) -> Source:
    (source,) = markdown.read(text, "natto.md")
    assert isinstance(source, Source)
    return source


def with_body(body: str) -> Source:
    return read(f"---\ntitle: Natto\n---\n{body}")


def told(source: Source) -> list[tuple[str, tuple[str, ...], str]]:
    return [(b.kind, b.section, source.text[b.start : b.end]) for b in source.blocks]


def skipped(text: str) -> Skipped:
    (found,) = markdown.read(text, "natto.md")
    assert isinstance(found, Skipped)
    return found


def test_every_block_of_an_article_is_told_with_its_kind_its_section_and_its_rendered_text() -> None:
    assert told(read(GOLDEN)) == EXPECTED


def test_the_text_is_the_blocks_with_a_line_between_and_list_items_on_lines_of_their_own() -> None:
    assert read(GOLDEN).text.startswith(
        "Natto: what is known\n\nQuick summary\n\nNatto is rich in K₂ [1], and cheap.\n\nKey points\n\n"
        "Dose: 90 µg a day [1, 2].\nNo harm was seen.\n\nWhat natto is"
    )


def test_references_keep_their_number_their_words_and_their_identifiers() -> None:
    assert read(GOLDEN).references == (
        Reference(
            "1",
            "Sato A. On natto. J Nat. 2004. doi:10.1000/natto PMID: 15514282.",
            key="sato2004",
            doi="10.1000/natto",
            pmid="15514282",
        ),
        Reference("2", "Gouda B. Cheese. 2010.", key="gouda2010"),
        Reference("3", "@unlisted2020", key="unlisted2020"),
    )


def test_every_citation_is_a_mention_at_the_number_that_the_text_shows() -> None:
    source = read(GOLDEN)
    shown = [(m.label, source.text[m.start - 6 : m.end]) for m in source.mentions]
    assert shown == [
        ("1", "n K₂ [1"),
        ("1", " day [1"),
        ("2", "y [1, 2"),
        ("2", "ey & [2"),
        ("1", "high [1"),
        ("3", " lot [3"),
    ]
    assert all(source.text[m.start : m.end] == m.label and m.how == "marker" for m in source.mentions)


def test_the_front_matter_becomes_the_bibliographic_record() -> None:
    source = read(GOLDEN)
    assert source.csl == {
        "id": "natto-known",
        "type": "webpage",
        "title": "Natto: what is known",
        "author": [{"literal": "Ada Example"}, {"literal": "Bo Sample"}],
        "issued": {"date-parts": [[2026, 11, 22]]},
        "container-title": "Example Press",
        "URL": "https://example.org/natto",
    }
    assert (source.source_id, source.key, source.kind) == ("article:natto-known", "natto-known", "article")
    assert (source.license, source.url, source.origin) == (
        "CC-BY-4.0",
        "https://example.org/natto",
        "natto.md",
    )


def test_what_the_front_matter_does_not_say_stays_empty() -> None:
    source = read("---\ntitle: On Natto & K2!\n---\n")
    assert source.csl == {"id": "on-natto-k2", "type": "webpage", "title": "On Natto & K2!"}
    assert (source.source_id, source.license, source.url) == ("article:on-natto-k2", None, None)
    assert told(source) == [("title", (), "On Natto & K2!")]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("2026-11-22", [2026, 11, 22]),
        ("22 November 2026", [2026]),
        ("2026", [2026]),
        ("2026-11-22 10:00:00", [2026, 11, 22]),
    ],
)
def test_a_date_is_read_as_far_as_it_is_sure(written: str, parts: list[int]) -> None:
    assert read(f"---\ntitle: x\npublished: {written}\n---\n").csl["issued"] == {"date-parts": [parts]}


@pytest.mark.parametrize("written", ["soon", "''", "12", "17 March"])
def test_a_date_without_a_year_is_none(written: str) -> None:
    assert "issued" not in read(f"---\ntitle: x\ndate: {written}\n---\n").csl


def test_windows_line_endings_and_a_title_with_blanks_read_alike() -> None:
    assert read(GOLDEN.replace("\n", "\r\n")) == read(GOLDEN)
    assert markdown.claims("---\r\ntitle: x\r\n---\r\n", "notes.txt")


@pytest.mark.parametrize(
    ("text", "name"), [("---\ntitle: x\n", "a.txt"), ("# No fence", "a.MD"), ("", "a.markdown")]
)
def test_a_fence_or_a_markdown_name_makes_a_file_markdown(text: str, name: str) -> None:
    assert markdown.claims(text, name)


@pytest.mark.parametrize(("text", "name"), [("Plain text", "a.txt"), ("[{}]", "a.json"), ("----\n", "a.txt")])
def test_other_files_are_not_markdown(text: str, name: str) -> None:
    assert not markdown.claims(text, name)


def test_a_list_numbered_with_nothing_but_ones_counts_by_itself() -> None:
    """Were the ones taken as written, every citation would point at the last entry."""
    source = with_body("A [@a]. B [@b]. C [@c].\n\n## References\n\n1. [@a]\n1. [@b]\n1. [@c]\n")
    assert [(r.label, r.key) for r in source.references] == [("1", "a"), ("2", "b"), ("3", "c")]
    assert [m.label for m in source.mentions] == ["1", "2", "3"]
    assert "A [1]. B [2]. C [3]." in source.text


def test_a_bulleted_reference_list_is_numbered_from_one() -> None:
    source = with_body("C [@c].\n\n## References\n\n- A [@a]\n- C [@c]\n")
    assert [(r.label, r.key, r.raw) for r in source.references] == [("1", "a", "A"), ("2", "c", "C")]
    assert [m.label for m in source.mentions] == ["2"]


def test_references_under_sub_headings_belong_to_the_list_at_any_depth() -> None:
    source = with_body(
        "A [@a]. C [@c].\n\n## **References**\n\n### Trials\n\n1. A [@a]\n\n#### Small\n\n1. B [@b]\n\n"
        "### Reviews\n\n7. C [@c]\n\n## After\n\n1. Not a reference.\n"
    )
    assert [(r.label, r.key) for r in source.references] == [("1", "a"), ("2", "b"), ("7", "c")]
    assert [text for kind, _, text in told(source) if kind == "reference"] == ["A", "B", "C"]
    assert told(source)[-1] == ("list-item", ("After",), "Not a reference.")


def test_a_table_among_the_references_is_not_quoted() -> None:
    source = with_body("## References\n\n| Study | Year |\n|---|---|\n| Sato | 2004 |\n")
    assert told(source)[-1] == ("reference", ("References",), "Study: Sato; Year: 2004")


def test_an_entry_shows_its_text_and_finds_its_doi_behind_a_link() -> None:
    source = with_body(
        "## References\n\n1. Sato *A*. [On natto](https://doi.org/10.1000/NATTO).\n2. B. 10.1000/a\\_b\n"
    )
    assert [(r.raw, r.doi) for r in source.references] == [
        ("Sato A. On natto.", "10.1000/natto"),
        ("B. 10.1000/a_b", "10.1000/a_b"),
    ]


def test_a_key_that_the_list_lacks_gets_the_next_free_number_each_time_the_same() -> None:
    source = with_body("X [@x]. Y [@y]. X [@x; @a].\n\n## References\n\n5. A [@a]\n")
    assert "X [6]. Y [7]. X [6, 5]." in source.text
    assert [(r.label, r.key) for r in source.references] == [("5", "a"), ("6", "x"), ("7", "y")]


def test_a_number_that_an_author_typed_counts_only_where_the_list_has_it() -> None:
    source = with_body("X [@x]. A [1], both [1, 2] and [2].\n\n## References\n\n1. A [@a]\n")
    assert "X [2]. A [1], both [1, 2] and [2]." in source.text
    assert [(m.label, m.start) for m in source.mentions if m.label == "1"] == [("1", 17), ("1", 27)]
    assert [m.start for m in source.mentions if m.label == "2"] == [source.text.index("[2]") + 1]


def test_a_mention_stands_right_where_blanks_before_the_text_were_left_out() -> None:
    source = with_body("&nbsp; Natto helps [@a].")
    assert told(source)[-1][2] == "Natto helps [1]."
    assert [source.text[m.start : m.end] for m in source.mentions] == ["1"]


def test_markup_that_is_no_citation_stays_as_written() -> None:
    source = with_body("Mail a@b.c, [see], \\[@\\], AT&T, 5\\*3, ![a chart](c.png) and <b>.")
    assert told(source)[-1][2] == "Mail a@b.c, [see], [@], AT&T, 5*3, a chart and <b>."
    assert source.mentions == ()


def test_what_stands_under_a_disclaimer_or_in_the_housekeeping_is_boilerplate_at_any_depth() -> None:
    source = with_body(
        "## In this article\n\n- First\n- Second\n\n## Body\n\nText.\n\n## Medical disclaimer\n\nNo.\n\n"
        "### In the US\n\n#### In Utah\n\nNor here.\n\n- Nor this.\n\n| a |\n|---|\n| b |\n\n```\ncode\n```\n"
    )
    quotable = [text for kind, _, text in told(source) if kind not in UNQUOTED_KINDS]
    assert quotable == ["Text."]
    assert {text for kind, _, text in told(source) if kind == "boilerplate"} >= {
        "First",
        "Nor here.",
        "Nor this.",
        "code",
    }


def test_a_section_path_follows_the_levels_of_the_headings() -> None:
    source = with_body("# A\n\n## B\n\none\n\n#### C\n\ntwo\n\n## D\n\nthree\n\n# E\n\nfour\n")
    assert [(section, text) for kind, section, text in told(source) if kind == "paragraph"] == [
        (("A", "B"), "one"),
        (("A", "B", "C"), "two"),
        (("A", "D"), "three"),
        (("E",), "four"),
    ]


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("# Natto\n\nText.\n", "line 1", "no YAML front matter"),
        ("---\ntitle: Natto\n\nText.\n", "line 1", "never closed"),
        (
            "---\ntitle: Natto: what is known\n---\n",
            "line 2",
            "broken front matter (mapping values are not allowed here)",
        ),
        ("---\ntitle: x\nslug: y\nauthor: [Ada\nurl: z\n---\n", "line 5", "broken front matter"),
        ("---\ntitle: x\nslug: 'y\n---\n", "line 3", "broken front matter"),
        ("---\nslug: natto\n---\nText.\n", "line 1", "no title"),
        ("---\ntitle: ''\n---\nText.\n", "line 1", "no title"),
        ("---\ntitle:\n---\nText.\n", "line 1", "no title"),
        ("---\n- a list\n---\nText.\n", "line 1", "no title"),
        ("---\n---\nText.\n", "line 1", "no title"),
        ("---\ntitle: x\npublished: 2024-13-45\n---\n", "line 1", "month must be in 1..12"),
        ("---\ntitle: x\nslug: {[a]: b}\n---\n", "line 3", "broken front matter"),
        ("---\ntitle: x\nslug: !!python/name:os.system\n---\n", "line 3", "broken front matter"),
        ("---\ntitle: " + "[" * 3000 + "\n---\n", "line 1", "broken front matter"),
        ("---\ntitle: x\u0085\x9b\n---\n", "line 1", "broken front matter"),
    ],
)
def test_an_article_that_cannot_be_read_is_skipped_with_place_and_reason(
    text: str, position: str, reason: str
) -> None:
    found = skipped(text)
    assert (found.origin, found.position) == ("natto.md", position)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("written", "text", "shown"),
    [
        ("So [@a2004].", "So [1].", ["1"]),
        ("So [@a2004; @b2005].", "So [1, 2].", ["1", "2"]),
        ("So [-@a2004].", "So [1].", ["1"]),
        ("So [@a2004, p. 3].", "So [1, p. 3].", ["1"]),
        ("So [see @a2004].", "So [see 1].", ["1"]),
        ("So [see @a2004, pp. 3-5; also -@b2005].", "So [see 1, pp. 3-5; also 2].", ["1", "2"]),
        ("So [see @smith].", "So [see 3].", ["3"]),
        ("So [@a2004, 2].", "So [1, 2].", ["1"]),
        ("So [@new].", "So [4].", ["4"]),
        ("So [see @new2006].", "So [see 4].", ["4"]),
        ("So [see @handle].", "So [see @handle].", []),
        ("So [me@example.org].", "So [me@example.org].", []),
        ("So [@a2004; nothing].", "So [@a2004; nothing].", []),
        ("So [1–3].", "So [1–3].", ["1", "1–3", "3"]),
    ],
)
def test_citations_by_key_are_read_in_every_form_of_pandoc(written: str, text: str, shown: list[str]) -> None:
    body = f"{written}\n\n## References\n\n1. A. [@a2004]\n2. B. [@b2005]\n3. C. [@smith]\n"
    source = with_body(f"\n{body}")
    assert source.text.split("\n\n")[1] == text
    assert [source.text[m.start : m.end] for m in source.mentions] == shown
    assert {m.label for m in source.mentions} <= {r.label for r in source.references}


INLINE = st.sampled_from(
    [
        " ",
        " ",
        "natto",
        "K₂",
        "*rich*",
        "[@a]",
        "[@b; @zz]",
        "[1]",
        "[2, 9]",
        "😀",
        "`x`",
        "&amp;",
        "\\[",
        "|",
        "[",
        "]",
    ]
)
LINES = st.tuples(
    st.sampled_from(
        [
            "",
            "",
            "- ",
            "1. ",
            "# ",
            "## ",
            "### ",
            "> ",
            "| ",
            "    ",
            "## References",
            "## Disclaimer",
            "```",
        ]
    ),
    st.lists(INLINE, max_size=10).map("".join),
).map("".join)


@given(st.lists(LINES, max_size=30).map("\n".join))
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_any_markdown_gives_blocks_in_order_and_mentions_that_show_their_label(body: str) -> None:
    source = with_body("\n" + body)
    at = 0
    for block in source.blocks:
        assert at <= block.start < block.end
        assert not source.text[at : block.start].strip("\n")
        at = block.end
    assert at == len(source.text)
    labels = [reference.label for reference in source.references]
    assert len(set(labels)) == len(labels)
    for mention in source.mentions:
        assert source.text[mention.start : mention.end] == mention.label
        assert mention.label in labels
        inside = [b.kind for b in source.blocks if b.start <= mention.start and mention.end <= b.end]
        assert set(inside).isdisjoint({"boilerplate", "reference"})
