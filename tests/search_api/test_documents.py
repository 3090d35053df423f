"""The JSON documents: what proves a quote, what names its source, nothing invented."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.reading import read_file
from corpus.records import Integrity, Passage, Source
from search_api.documents import (
    answer_document,
    index_document,
    passage_document,
    source_document,
    source_line,
    source_summary,
)
from search_api.queries import query_from
from search_api.search import Searcher

_GELEIJNSE = "doi:10.1093/jn/134.11.3100"
_STUDIES = Path(__file__).resolve().parents[2] / "corpus" / "starter" / "studies"


def _source(
    text: str = "The quick brown fox jumps over the lazy dog and runs on and on for a while.",
) -> Source:
    return Source("article:fox", "article", {"title": "Fox"}, text, ())


def _passage(source: Source, start: int, end: int) -> Passage:
    return Passage("id", source.source_id, start, end, source.text[start:end], ("A", "B"), "paragraph")


def test_a_passage_comes_with_32_characters_before_and_after_it_and_a_digest() -> None:
    source = _source("a" * 40 + "QUOTE" + "b" * 40)
    document = passage_document(_passage(source, 40, 45), source)
    assert document == {
        "id": "id",
        "text": "QUOTE",
        "kind": "paragraph",
        "section": ["A", "B"],
        "start": 40,
        "end": 45,
        # printf QUOTE | sha256sum
        "sha256": "a02c1342be1193f71b0f3e867a4ec342f977bd40a6f82742d9ce2874cfea2c2d",
        "prefix": "a" * 32,
        "suffix": "b" * 32,
    }


@pytest.mark.parametrize(
    ("start", "end", "prefix", "suffix"),
    [
        (0, 45, "", "56789"),
        (10, 20, "0123456789", "012345678901234567890123456789"),
        (37, 50, "56789012345678901234567890123456", ""),
        (0, 50, "", ""),
    ],
)
def test_context_stops_at_the_ends_of_the_text(start: int, end: int, prefix: str, suffix: str) -> None:
    source = _source("0123456789" * 5)
    document = passage_document(_passage(source, start, end), source)
    assert (document["prefix"], document["suffix"]) == (prefix, suffix)


def test_context_and_quote_stand_next_to_each_other_in_the_source(searcher: Searcher) -> None:
    library = searcher.library
    for passage in library.passages(range(0, len(library.passage_ids), 25)):
        document = passage_document(passage, library.source(passage.source_id))
        found = document["prefix"] + document["text"] + document["suffix"]
        assert found in library.source(passage.source_id).text


def test_a_source_is_summed_up_with_what_its_record_holds(searcher: Searcher) -> None:
    document = source_summary(searcher.library.source(_GELEIJNSE), searcher, "apa")
    study = document.pop("study")
    assert study["design"] == "cohort"
    assert study["sample_size"] == "4807 adults"
    assert document.pop("citation").startswith("Geleijnse, J. M., Vermeer, C.")
    assert document.pop("integrity")["status"] == "none-known"
    assert document == {
        "id": _GELEIJNSE,
        "kind": "study",
        "title": "Dietary intake of menaquinone is associated with a reduced risk of coronary heart disease: "
        "the Rotterdam Study",
        "authors": [
            "Geleijnse, Johanna M.",
            "Vermeer, Cees",
            "Grobbee, Diederick E.",
            "Schurgers, Leon J.",
            "Knapen, Marjo H. J.",
            "van der Meer, Irene M.",
            "Hofman, Albert",
            "Witteman, Jacqueline C. M.",
        ],
        "authors_complete": True,
        "year": 2004,
        "container": "The Journal of Nutrition",
        "doi": "10.1093/jn/134.11.3100",
        "pmid": "15514282",
        "url": "https://doi.org/10.1093/jn/134.11.3100",
    }


def test_what_a_record_lacks_is_null_and_not_invented(searcher: Searcher) -> None:
    document = source_summary(searcher.library.source("doi:10.1093/ckj/sfac184"), searcher, "apa")
    assert document["pmid"] is None


def test_a_cut_author_list_is_told_apart_from_a_complete_one(searcher: Searcher) -> None:
    document = source_summary(searcher.library.source("sato2002pd"), searcher, "apa")
    assert document["authors"] == ["Sato, Y.", "Honda, Y.", "Kaji, M."]
    assert document["authors_complete"] is False
    assert ", et al." in document["citation"]


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ({"family": "Doe"}, "Doe"),
        ({"family": "Doe", "given": "J."}, "Doe, J."),
        ({"family": "Gogh", "given": "V.", "non-dropping-particle": "van"}, "van Gogh, V."),
        ({"literal": "Working Group 1"}, "Working Group 1"),
        ({"given": "Plato"}, "Plato"),
    ],
)
def test_a_name_is_written_family_first(searcher: Searcher, author: dict[str, str], shown: str) -> None:
    source = replace(_source(), csl={"title": "Fox", "author": [author], "type": "webpage"})
    assert source_summary(source, searcher, "apa")["authors"] == [shown]


def test_only_what_is_known_of_the_standing_is_listed(searcher: Searcher) -> None:
    flagged = replace(
        _source(),
        csl={"title": "Fox", "type": "webpage"},
        integrity=Integrity("retracted", notice="10.1000/notice", date="2020-01-02"),
    )
    assert source_summary(flagged, searcher, "apa")["integrity"] == {
        "status": "retracted",
        "notice": "10.1000/notice",
        "date": "2020-01-02",
    }


def test_the_whole_source_holds_its_text_its_digest_and_who_cites_it(searcher: Searcher) -> None:
    source = searcher.library.source("sato2002pd")
    document = source_document(source, searcher, "apa")
    assert document["text"] == source.text
    assert document["text_sha256"] == hashlib.sha256(source.text.encode()).hexdigest()
    assert document["key"] == "sato2002pd"
    assert document["csl"]["DOI"] == "10.1016/s8756-3282(02)00783-4"
    assert "article:vitamin-k-bone-after-retractions" in document["cited_by"]
    assert document["references"] == []


def test_the_references_of_an_article_name_the_source_they_resolved_to(searcher: Searcher) -> None:
    article = searcher.library.source("article:vitamin-k-bone-after-retractions")
    references = source_document(article, searcher, "apa")["references"]
    by_key = {reference["key"]: reference["source_id"] for reference in references}
    assert by_key["sato2002pd"] == "doi:10.1016/s8756-3282(02)00783-4"
    assert None not in by_key.values()


def test_an_answer_is_json_and_says_what_gave_it(searcher: Searcher) -> None:
    answer = searcher.search(query_from({"query": "menaquinone and heart disease", "limit": 3}))
    document = answer_document(answer, searcher, "vancouver")
    assert json.loads(json.dumps(document)) == document
    assert document["query"] == "menaquinone and heart disease"
    assert document["index_version"] == searcher.manifest.index_version
    assert document["retrieval_version"] == "4"
    assert document["next_cursor"] is None
    assert [hit["rank"] for hit in document["results"]] == [1, 2, 3]
    assert all(not hit["source"]["citation"].startswith("1.") for hit in document["results"])


def test_highlights_of_an_answer_count_in_the_passage(searcher: Searcher) -> None:
    answer = searcher.search(query_from({"query": "Did magnesium oxide reduce nocturnal leg cramps?"}))
    for hit in answer_document(answer, searcher, "apa")["results"]:
        for span in hit["passage"]["highlights"]:
            assert 0 <= span["start"] < span["end"] <= len(hit["passage"]["text"])


def test_a_cited_study_says_where_it_is_mentioned_and_how_that_is_known(searcher: Searcher) -> None:
    answer = searcher.search(query_from({"query": "retracted trials", "kind": "article"}))
    cites = [c for hit in answer_document(answer, searcher, "apa")["results"] for c in hit["cites"]]
    assert cites
    for cited in cites:
        assert cited["how"] in {"marker", "identifier", "prose"}
        assert 0 < cited["confidence"] <= 1
        assert cited["source"]["citation"]
        assert cited["start"] < cited["end"]


def test_the_index_document_counts_what_the_library_holds(searcher: Searcher) -> None:
    document = index_document(searcher)
    kinds = [source.kind for source in searcher.library.sources()]
    assert document["counts"]["articles"] == kinds.count("article")
    assert document["counts"]["studies"] == kinds.count("study")
    assert document["counts"]["passages"] == len(searcher.library.passage_ids)
    assert document["fingerprint"] == searcher.encoder.fingerprint
    assert document["index_version"].startswith(document["generation"])


def test_a_line_of_read_holds_the_whole_source_and_is_json() -> None:
    (source,) = read_file(_STUDIES / "geleijnse2004.json")
    assert isinstance(source, Source)
    line = json.loads(json.dumps(source_line(source)))
    assert line["source_id"] == _GELEIJNSE
    assert line["text"] == source.text
    assert line["text_sha256"] == source.text_sha256
    assert next(line["text"][b["start"] : b["end"]] for b in line["blocks"]) == source.title
