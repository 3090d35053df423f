"""The annotated mentions of studies in prose hold what they promise to whoever calibrates on them.

``benchmarks/prose_mentions.jsonl`` was written by hand from the starter articles and records. Odd lines are
for tuning, even lines for testing. A line's ``answer`` is the one study that an editor would settle on with
the records alone, or null; a ``two-near`` line has an answer where a detail decides and none where it does
not, and its note names the studies that come near.
"""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from corpus.reading import read_paths
from corpus.records import Source

REPOSITORY = Path(__file__).resolve().parents[2]
STARTER = REPOSITORY / "corpus" / "starter"
LINES = (REPOSITORY / "benchmarks" / "prose_mentions.jsonl").read_text("utf-8").splitlines()
MENTIONS = [json.loads(line) for line in LINES]
ANSWERED_CASES = {"author-year", "cohort", "trial-name", "design-population", "year-topic"}
NULL_CASES = {"no-counterpart", "not-a-study"}

_CITATION = re.compile(r" ?\[@([^\]]+)\]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@pytest.fixture(scope="module")
def studies() -> dict[str, Source]:
    """The library's studies by source id."""
    sources = [found for found in read_paths([STARTER / "studies"]) if isinstance(found, Source)]
    return {source.source_id: source for source in sources}


def plain(text: str) -> str:
    """The text without accents, in lower case."""
    split = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter)).lower()


def first_author_named(study: Source, text: str) -> bool:
    """Whether the text holds a word of the first author's family name."""
    words = plain(study.csl["author"][0]["family"]).split()
    return any(re.search(rf"\b{re.escape(word)}\b", plain(text)) for word in words if len(word) > 2)


def publication_year(study: Source) -> str:
    """The year of the record."""
    return str(study.csl["issued"]["date-parts"][0][0])


def cited_after(markdown: str, text: str, mention: str) -> set[str]:
    """The keys of the first citation at or after the mention; raises where the article lacks the text."""
    pieces = _CITATION.split(markdown.replace("**", ""))
    bare = "".join(pieces[::2])
    end = bare.index(text) + text.index(mention) + len(mention)
    length = 0
    for piece, keys in zip(pieces[::2], pieces[1::2], strict=False):
        length += len(piece)
        if length >= end:
            return set(keys.replace("@", "").split("; "))
    raise ValueError(f"no citation follows {mention!r}")


def test_every_line_has_the_same_fields_and_its_number() -> None:
    fields = ["id", "article", "text", "mention", "answer", "case", "note"]
    assert [line for line in MENTIONS if list(line) != fields] == []
    assert [line["id"] for line in MENTIONS] == [f"m{n:03d}" for n in range(1, len(MENTIONS) + 1)]
    assert len({(line["text"], line["mention"]) for line in MENTIONS}) == len(MENTIONS)


def test_every_mention_stands_once_in_its_text_and_no_marker_gives_the_answer_away() -> None:
    assert [line["id"] for line in MENTIONS if line["text"].count(line["mention"]) != 1] == []
    assert [line["id"] for line in MENTIONS if "[" in line["text"] or not line["note"]] == []


def test_every_answer_is_a_study_of_the_library_and_fits_the_case(studies: dict[str, Source]) -> None:
    for line in MENTIONS:
        answered = line["answer"] is not None
        assert not answered or line["answer"] in studies, line["id"]
        assert line["case"] in ANSWERED_CASES | NULL_CASES | {"two-near"}, line["id"]
        assert line["case"] == "two-near" or answered == (line["case"] in ANSWERED_CASES), line["id"]
    assert {line["answer"] for line in MENTIONS} - {None} == set(studies)


def test_sentences_of_articles_are_the_articles_own_and_cite_the_answer(studies: dict[str, Source]) -> None:
    for line in MENTIONS:
        if line["article"] is None:
            continue
        markdown = (STARTER / "articles" / f"{line['article']}.md").read_text("utf-8")
        if line["answer"] is None:
            assert line["text"] in _CITATION.sub("", markdown.replace("**", "")), line["id"]
        else:
            cited = cited_after(markdown, line["text"], line["mention"])
            assert cited == {studies[line["answer"]].key}, line["id"]


def test_a_year_or_first_author_in_a_resolved_mention_is_the_records(studies: dict[str, Source]) -> None:
    for line in MENTIONS:
        if line["answer"] is None:
            continue
        study = studies[line["answer"]]
        years = {publication_year(study), *_YEAR.findall(study.csl["title"])}
        assert set(_YEAR.findall(line["mention"])) <= years, line["id"]
        assert line["case"] != "author-year" or first_author_named(study, line["mention"]), line["id"]


def test_no_study_has_both_the_author_and_the_year_of_a_mention_without_counterpart(
    studies: dict[str, Source],
) -> None:
    found = [
        (line["id"], study.key)
        for line in MENTIONS
        if line["case"] == "no-counterpart"
        for study in studies.values()
        if publication_year(study) in line["mention"] and first_author_named(study, line["mention"])
    ]
    assert found == []


def test_the_note_of_two_near_names_the_studies_that_come_near(studies: dict[str, Source]) -> None:
    for line in MENTIONS:
        if line["case"] == "two-near":
            near = {study.key for study in studies.values()} & set(re.findall(r"\w+", line["note"]))
            others = near - {studies[line["answer"]].key} if line["answer"] else near
            assert len(others) >= (1 if line["answer"] else 2), line["id"]


def test_both_halves_hold_every_case_in_like_number() -> None:
    kinds = [(line["case"], line["answer"] is not None) for line in MENTIONS]
    tuning, testing = Counter(kinds[::2]), Counter(kinds[1::2])
    assert set(tuning) == set(testing)
    assert [kind for kind in tuning if abs(tuning[kind] - testing[kind]) > 2] == []
    whole = tuning + testing
    assert whole["no-counterpart", False] >= 30
    assert whole["two-near", False] >= 15
    assert whole["two-near", True] >= 10
    assert whole["not-a-study", False] >= 10
