"""The starter library says what its records say and nothing else, and every citation in it holds."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.identifiers import normal_doi, normal_pmid
from corpus.linking import Catalogue, LinkReport, link
from corpus.reading import read_file, read_paths
from corpus.records import Skipped, Source
from corpus.sentences import sentence_spans

STARTER = Path(__file__).resolve().parents[2] / "corpus" / "starter"
STUDY_FILES = sorted((STARTER / "studies").glob("*.json"))
ARTICLE_FILES = sorted((STARTER / "articles").glob("*.md"))
by_name = {"ids": lambda path: path.stem}

_NAME = re.compile(
    r"\b(?:MK|IL|menaquinone|[A-Z])-\d+\b|\b\d+F-\w+|\b25\(OH\)D|\b[A-Za-z]+\d+\w*", re.IGNORECASE
)
_NUMBER = re.compile(r"(?:(?<![\w.)])[-−])?(?<![\w.])\.?\d[\d,]*(?:\.\d+)?")
_CITATION = re.compile(r"\s*\[(@[^\]]+)\]")


def numbers(text: str) -> set[str]:
    """The numbers of a text, thousands commas and leading noughts left out; digits of names are none."""
    written = _NUMBER.findall(_NAME.sub(" ", text))
    return {re.sub(r"^(-?)0+(?=.)", r"\1", n.replace(",", "").replace("−", "-")) for n in written}


def numbers_of_record(text: str) -> set[str]:
    """The same for a record, with and without sign: a change of -0.18 may be told as a fall by 0.18."""
    found = numbers(text)
    return found | {number.removeprefix("-") for number in found}


def record(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


RECORDS = {path.stem: record(path) for path in STUDY_FILES}
RETRACTED = {name for name, item in RECORDS.items() if item["custom"]["integrity"] == "retracted"}


def said(item: dict[str, Any]) -> str:
    """All that the record knows of a study's people and results."""
    return f"{item['custom']['finding'] or ''} {item['custom']['sample_size'] or ''}"


@pytest.fixture(scope="module")
def linked() -> tuple[dict[str, Source], LinkReport]:
    """Every source of the library by id, linked, and the report."""
    sources = [found for found in read_paths([STARTER]) if isinstance(found, Source)]
    found, report = link(sources, Catalogue.of(sources))
    return {source.source_id: source for source in found}, report


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MK-7, K2, B12, vitamin B-6, dp-ucMGP, 18F-NaF, menaquinone-4, SF36, 25(OH)D and K₂", set()),
        ("4,807 of 36,629 people, 180 µg/day for 8 weeks.", {"4807", "36629", "180", "8"}),
        (
            "-0.18 (95% CI -0.84 to 0.49), P=.04, 0.57-0.99",
            {"-.18", "95", "-.84", ".49", ".04", ".57", ".99"},
        ),
        ("stage 3b-4, aged 65+, a 2x2 design, 0", {"3", "4", "65", "2", "0"}),
    ],
)
def test_the_numbers_of_a_text_are_told_from_the_digits_of_names(text: str, found: set[str]) -> None:
    assert numbers(text) == found


def test_all_files_are_read_and_none_is_skipped() -> None:
    found = list(read_paths([STARTER]))
    assert [str(thing) for thing in found if isinstance(thing, Skipped)] == []
    kinds = [thing.kind for thing in found if isinstance(thing, Source)]
    assert (kinds.count("study"), kinds.count("article")) == (95, 14)
    assert len({thing.source_id for thing in found if isinstance(thing, Source)}) == 95 + 14


@pytest.mark.parametrize("path", STUDY_FILES, **by_name)
def test_a_study_is_kept_under_its_citation_key(path: Path) -> None:
    (source,) = read_file(path)
    assert isinstance(source, Source)
    assert source.key == RECORDS[path.stem]["id"] == path.stem


@pytest.mark.parametrize("path", STUDY_FILES, **by_name)
def test_a_summary_has_two_to_five_sentences(path: Path) -> None:
    assert 2 <= len(sentence_spans(RECORDS[path.stem]["custom"]["summary"])) <= 5


@pytest.mark.parametrize("path", STUDY_FILES, **by_name)
def test_a_summary_holds_no_number_that_the_record_lacks(path: Path) -> None:
    item = RECORDS[path.stem]
    assert numbers(item["custom"]["summary"]) - numbers_of_record(said(item)) == set()


@pytest.mark.parametrize("path", STUDY_FILES, **by_name)
def test_an_identifier_of_a_study_is_written_as_one(path: Path) -> None:
    item = RECORDS[path.stem]
    assert "DOI" in item or "PMID" in item
    assert "DOI" not in item or normal_doi(item["DOI"]) == item["DOI"].lower()
    assert "PMID" not in item or normal_pmid(item["PMID"]) == item["PMID"]


def test_the_summaries_of_retracted_studies_and_no_others_begin_with_that_word() -> None:
    assert {name for name, item in RECORDS.items() if item["custom"]["retracted"]} == RETRACTED
    begin = {name for name, item in RECORDS.items() if item["custom"]["summary"].startswith("RETRACTED")}
    assert begin == RETRACTED
    assert len(RETRACTED) == 4


def test_every_record_is_the_given_one_with_a_summary_added(shared: Path) -> None:
    given = {
        item["id"]: item for item in json.loads((shared / "bibliography" / "studies.json").read_text("utf-8"))
    }
    assert sorted(given) == sorted(RECORDS)
    for name, item in RECORDS.items():
        custom = {field: value for field, value in item["custom"].items() if field != "summary"}
        assert item | {"custom": custom} == given[name]


@pytest.mark.parametrize("path", ARTICLE_FILES, **by_name)
def test_an_article_has_its_parts_in_order(path: Path) -> None:
    headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
    assert headings[:2] == ["Quick summary", "Key points"]
    assert headings[-3:] == ["Questions and answers", "References", "Medical disclaimer"]
    assert len(headings) >= 2 + 2 + 3
    (source,) = read_file(path)
    assert isinstance(source, Source)
    kinds = [block.kind for block in source.blocks]
    assert kinds.count("summary") == 1
    assert 4 <= kinds.count("key-point") <= 6
    assert 4 <= kinds.count("question") <= 7
    assert kinds.count("answer") >= kinds.count("question")
    assert kinds[-2:] == ["boilerplate", "boilerplate"]


def body(path: Path) -> str:
    """An article from its quick summary to the end of its questions."""
    text = path.read_text("utf-8")
    return text[text.index("## Quick summary") : text.index("## References")]


@pytest.mark.parametrize("path", ARTICLE_FILES, **by_name)
def test_an_article_has_700_to_1300_words(path: Path) -> None:
    words = [word for word in _CITATION.sub("", body(path)).split() if any(c.isalnum() for c in word)]
    assert 700 <= len(words) <= 1300


@pytest.mark.parametrize("path", ARTICLE_FILES, **by_name)
def test_the_reference_list_is_in_order_of_first_citation(path: Path) -> None:
    cited = dict.fromkeys(re.findall(r"@(\w+)", body(path)))
    listed = path.read_text("utf-8").partition("## References")[2]
    entries = re.findall(r"^(\d+)\. .*\[@(\w+)\]$", listed, re.MULTILINE)
    assert entries == [(str(n), key) for n, key in enumerate(cited, start=1)]


@pytest.mark.parametrize("path", ARTICLE_FILES, **by_name)
def test_an_entry_names_the_title_and_the_identifiers_of_the_study_behind_its_key(path: Path) -> None:
    (source,) = read_file(path)
    assert isinstance(source, Source)

    def plain(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.casefold()))

    for reference in source.references:
        assert reference.key is not None
        item = RECORDS[reference.key]
        assert plain(item["title"]) in plain(reference.raw)
        assert reference.doi == (item["DOI"].lower() if "DOI" in item else None)
        assert reference.pmid == item.get("PMID")


def test_every_citation_of_the_articles_resolves_by_its_key(
    linked: tuple[dict[str, Source], LinkReport],
) -> None:
    sources, report = linked
    assert report.unresolved == ()
    assert report.references == report.resolved > 0
    for source in sources.values():
        assert {reference.how for reference in source.references} <= {"key"}
        for mention in source.mentions:
            assert mention.source_id in sources or mention.how == "prose"


def test_every_study_is_cited_by_some_article(linked: tuple[dict[str, Source], LinkReport]) -> None:
    sources, _ = linked
    cited = {mention.source_id for source in sources.values() for mention in source.mentions}
    assert {name for name, source in sources.items() if source.kind == "study"} - cited == set()


def statements(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each sentence and each table row of an article: its words, and the keys that it cites."""
    for line in body(path).splitlines():
        if line.startswith(("#", "|--")):
            continue
        spans = [(0, len(line))] if line.startswith("|") else sentence_spans(line)
        for start, end in spans:
            written = line[start:end]
            yield _CITATION.sub("", written), re.findall(r"@(\w+)", written)


@pytest.mark.parametrize("path", ARTICLE_FILES, **by_name)
def test_a_sentence_that_cites_a_retracted_study_says_so(path: Path) -> None:
    silent = [
        words
        for words, keys in statements(path)
        if RETRACTED & set(keys) and "retract" not in words.casefold()
    ]
    assert silent == []


def test_the_retracted_studies_are_cited_so_that_the_rule_above_is_put_to_use() -> None:
    cited = {key for path in ARTICLE_FILES for _, keys in statements(path) for key in keys}
    assert cited >= RETRACTED


@pytest.mark.parametrize("path", ARTICLE_FILES, **by_name)
def test_a_number_in_an_article_stands_in_the_record_of_a_study_cited_with_it(path: Path) -> None:
    for words, keys in statements(path):
        known = set()
        for key in keys:
            item = RECORDS[key]
            known |= numbers_of_record(f"{said(item)} {item['title']} {item['issued']['date-parts'][0][0]}")
        assert numbers(words) - known == set(), words


def test_the_library_carries_its_licence() -> None:
    assert "CC BY 4.0" in (STARTER / "LICENSE").read_text("utf-8")
    for path in ARTICLE_FILES:
        (source,) = read_file(path)
        assert isinstance(source, Source)
        assert source.license == "CC-BY-4.0"
