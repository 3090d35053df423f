"""BEIR documents become studies that the judgements find again by their _id."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import beir
from corpus.records import Skipped, Source

LINES = [
    {
        "_id": "MED-10",
        "title": "Statin use",
        "text": "Recent studies\u2028suggest.",
        "metadata": {"pubmed_id": "25329299"},
    },
    {
        "_id": "4983",
        "title": "White matter",
        "text": "Alterations.",
        "metadata": {"doi": "10.1000/X", "year": 2001},
    },
    {"_id": "7", "title": "", "text": "The first sentence. And a second one.", "metadata": {}},
    {
        "_id": "8",
        "title": "",
        "text": "word " * 100,
        "metadata": {"doi": "none", "authors": "Doe, A.; Roe, B."},
    },
]
GOOD = "".join(json.dumps(line) + "\n" for line in LINES)


def _read(text: str) -> tuple[list[Source], list[Skipped]]:
    results = list(beir.read(text, "corpus.jsonl"))
    return [r for r in results if isinstance(r, Source)], [r for r in results if isinstance(r, Skipped)]


def test_a_document_is_known_by_its_identifier_and_found_by_its_id() -> None:
    sources, skipped = _read(GOOD)
    assert not skipped
    assert [s.source_id for s in sources] == ["pmid:25329299", "doi:10.1000/x", "study:7", "study:8"]
    assert [s.key for s in sources] == ["MED-10", "4983", "7", "8"]
    assert sources[1].year == 2001
    assert sources[3].csl["author"] == [{"family": "Doe", "given": "A."}, {"family": "Roe", "given": "B."}]


def test_without_a_title_the_first_words_of_the_text_stand_for_it() -> None:
    sources, _ = _read(GOOD)
    assert sources[2].title == "The first sentence."
    assert len(sources[3].title) <= 80
    assert "And a second one." in sources[2].text


@pytest.mark.parametrize(
    "line",
    [
        "{broken",
        "[1, 2]",
        '{"title": "x", "text": "y"}',
        '{"_id": "MED-10", "title": "again", "text": "y"}',
        '{"_id": "9", "title": "", "text": ""}',
        '{"_id": "9", "title": 3, "text": "y"}',
        '{"_id": "9", "title": "\\ud83d", "text": "y"}',
        "[" * 100_000,
    ],
)
def test_a_bad_line_is_named_and_the_others_are_kept(line: str) -> None:
    sources, (skipped,) = _read(GOOD + line + "\n" + '{"_id": "z", "title": "z", "text": "z"}')
    assert [s.key for s in sources][-1] == "z"
    assert (len(sources), skipped.position) == (5, "line 5")


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        (GOOD, True),
        (GOOD[:90], True),
        ('{"_id": "1", "text": "a query", "metadata": {}}\n', False),
        ('{"id": "1", "title": "x", "text": "y"}', False),
        ('[{"_id": "1", "title": "x", "text": "y"}]', False),
        ("query-id\tcorpus-id\tscore\n", False),
        ("", False),
    ],
)
def test_only_a_corpus_is_claimed(text: str, mine: bool) -> None:
    assert beir.claims(text, "corpus.jsonl") is mine


@given(
    st.text()
    | st.tuples(st.integers(0, len(GOOD)), st.integers(0, 60)).map(
        lambda c: GOOD[: c[0]] + GOOD[c[0] + c[1] :]
    )
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(LINES[0])), inner),
        max_leaves=8,
    ).map(json.dumps)
)
@settings(max_examples=100)
def test_whatever_the_text_only_studies_and_reasons_come_out(text: str) -> None:
    beir.claims(text, "corpus.jsonl")
    assert all(isinstance(r, Source | Skipped) for r in beir.read(text, "corpus.jsonl"))
