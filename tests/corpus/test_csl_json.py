"""CSL-JSON items as studies: what is there is read, what is absent stays empty, bad items are named."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import csl_json
from corpus.records import Block, Integrity, Skipped, Source, Study

GOLDEN = """
{
  "id": "sato2004",
  "type": "article-journal",
  "title": " Natto and the\\u00adarteries: a trial of K\\u2082 ",
  "author": [{"family": "Sato", "given": "A"}, {"literal": "The Natto Group"}],
  "container-title": "Journal of Natto",
  "issued": {"date-parts": [[2004, "11"]]},
  "DOI": "https://doi.org/10.1000/NATTO",
  "PMID": 15514282,
  "abstract": "We fed natto to 40 people.\\r\\nStiffness fell.",
  "URL": "https://example.org/natto",
  "custom": {
    "study_type": "RCT",
    "sample_size": "40 adults",
    "finding": "Stiffness fell more than on placebo.",
    "summary": "A randomised trial in 40 adults. Stiffness fell more than on placebo.",
    "integrity": "corrected",
    "correction_doi": "10.1000/erratum",
    "authors_complete": false,
    "license": "CC-BY-4.0"
  }
}
"""


def read(*items: Any) -> list[Source | Skipped]:
    return list(csl_json.read(json.dumps(list(items)), "studies.json"))


def study(**fields: Any) -> Source:
    (source,) = read({"id": "a", "title": "A title", **fields})
    assert isinstance(source, Source), source
    return source


def skipped(item: Any) -> Skipped:
    """What is said of a bad item that stands between two good ones, both of which are kept."""
    before, found, after = read({"id": "b", "title": "Before"}, item, {"id": "c", "title": "After"})
    assert isinstance(found, Skipped)
    assert isinstance(before, Source)
    assert isinstance(after, Source)
    assert [before.title, after.title] == ["Before", "After"]
    assert (found.origin, found.position) == ("studies.json", "item 2")
    return found


@pytest.mark.parametrize(
    "wrapped", ['{"items": [%s]}', '{"message": {"items": [%s]}}', '{"input": [%s], "mode": "x"}']
)
def test_items_are_found_under_the_names_that_tools_wrap_them_in(wrapped: str) -> None:
    (found,) = csl_json.read(wrapped % GOLDEN, "studies.json")
    assert isinstance(found, Source)
    assert found.source_id == "doi:10.1000/natto"


@pytest.mark.parametrize(
    ("issued", "year"),
    [({"raw": "2004-05"}, 2004), ({"literal": "Spring 2004"}, 2004), ({"raw": "n.d."}, None), ({}, None)],
)
def test_a_date_that_is_text_is_read_as_far_as_it_is_certain(
    issued: dict[str, str], year: int | None
) -> None:
    assert study(issued=issued).year == year


def test_an_object_that_is_an_item_or_wraps_nothing_is_read_as_one() -> None:
    for text in (
        '{"DOI": "10.1000/a", "items": [{"title": "T"}]}',
        '{"items": 3}',
        '{"items": {"items": {}}}',
    ):
        (found,) = csl_json.read(text, "studies.json")
        assert isinstance(found, Skipped)
        assert "a record needs a title" in found.reason


def test_an_item_becomes_a_study_with_title_abstract_and_summary() -> None:
    (source,) = csl_json.read(GOLDEN, "sato2004.json")
    assert isinstance(source, Source)
    assert source.text == (
        "Natto and thearteries: a trial of K₂\n\nWe fed natto to 40 people.\nStiffness fell.\n\n"
        "A randomised trial in 40 adults. Stiffness fell more than on placebo."
    )
    assert source.blocks == (
        Block("title", (), 0, 36),
        Block("abstract", (), 38, 80),
        Block("summary", (), 82, 151),
    )


def test_an_item_keeps_its_identifiers_its_standing_and_its_key() -> None:
    (source,) = csl_json.read(GOLDEN, "sato2004.json")
    assert isinstance(source, Source)
    assert (source.source_id, source.kind, source.key) == ("doi:10.1000/natto", "study", "sato2004")
    assert source.study == Study("RCT", "40 adults", "Stiffness fell more than on placebo.")
    assert source.integrity == Integrity("corrected", notice="10.1000/erratum", recorded_in="CSL-JSON record")
    assert (source.url, source.license) == ("https://doi.org/10.1000/natto", "CC-BY-4.0")
    assert (source.authors_complete, source.origin, source.year) == (False, "sato2004.json", 2004)


def test_the_csl_item_is_kept_without_our_own_fields_and_with_a_bare_doi() -> None:
    (source,) = csl_json.read(GOLDEN, "sato2004.json")
    assert isinstance(source, Source)
    assert source.csl == {
        "id": "sato2004",
        "type": "article-journal",
        "title": "Natto and thearteries: a trial of K₂",
        "author": [{"family": "Sato", "given": "A"}, {"literal": "The Natto Group"}],
        "container-title": "Journal of Natto",
        "issued": {"date-parts": [[2004, "11"]]},
        "DOI": "10.1000/NATTO",
        "PMID": 15514282,
        "URL": "https://example.org/natto",
    }


def test_what_an_item_does_not_say_stays_empty() -> None:
    source = study()
    assert source.text == "A title"
    assert (source.source_id, source.url, source.license, source.year) == ("study:a", None, None, None)
    assert (source.study, source.integrity) == (Study(), Integrity())
    assert source.authors_complete


def test_a_study_is_named_by_its_pmid_and_else_by_its_key_or_title() -> None:
    assert study(PMID="77").source_id == "pmid:77"
    assert study(PMID="77").url == "https://pubmed.ncbi.nlm.nih.gov/77/"
    assert study(id=None).source_id == "study:a-title"
    assert study(id=None).key is None
    assert study(id=12, URL="https://example.org").url == "https://example.org"


def test_the_finding_stands_in_where_there_is_no_summary() -> None:
    source = study(custom={"finding": "It fell."})
    assert [(b.kind, source.text[b.start : b.end]) for b in source.blocks] == [
        ("title", "A title"),
        ("finding", "It fell."),
    ]


def test_signs_that_an_address_cannot_hold_are_escaped_in_the_link() -> None:
    assert (
        study(DOI="10.1002/(SICI)10<1::A>3.0;2-2").url == "https://doi.org/10.1002/(sici)10%3C1::a%3E3.0;2-2"
    )


@pytest.mark.parametrize(
    ("custom", "expected"),
    [
        ({"integrity": "no-flag-seen"}, Integrity(recorded_in="CSL-JSON record")),
        (
            {"integrity": "retracted", "retraction_notice_doi": "10.1/n", "integrity_date": "2024-01-02"},
            Integrity("retracted", "10.1/n", "2024-01-02", "CSL-JSON record"),
        ),
        ({"retracted": True}, Integrity("retracted", recorded_in="CSL-JSON record")),
        (
            {"retracted": True, "integrity": "no-flag-seen"},
            Integrity("retracted", recorded_in="CSL-JSON record"),
        ),
        ({"retracted": False}, Integrity()),
        ({"integrity": "concern"}, Integrity("concern", recorded_in="CSL-JSON record")),
        (
            {"integrity": "related-to-retracted", "integrity_checked": "2026-01-01"},
            Integrity(
                checked="2026-01-01",
                recorded_in="CSL-JSON record",
                note="related to a retracted publication",
            ),
        ),
        (
            {"integrity": "affected-by-doubted-trial"},
            Integrity(recorded_in="CSL-JSON record", note="affected by a trial whose integrity is in doubt"),
        ),
        (
            {"integrity": "republication-of-retracted"},
            Integrity(
                recorded_in="CSL-JSON record", note="the corrected republication of a retracted publication"
            ),
        ),
        ({"integrity": "odd"}, Integrity(recorded_in="CSL-JSON record", note="the record says: odd")),
    ],
)
def test_the_standing_of_a_study_is_read_from_its_record(custom: dict[str, Any], expected: Integrity) -> None:
    assert study(custom=custom).integrity == expected


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"id": "a"}, "a: a record needs a title"),
        ({}, "no id: a record needs a title"),
        ({"id": "a", "title": "  "}, "a record needs a title"),
        ({"id": "a", "title": "\u200b"}, "a record needs a title"),
        ({"title": ["A title"]}, "title ['A title']: must be text"),
        ({"title": {"a": 1}}, "must be text"),
        ({"title": "T", "DOI": "natto"}, "DOI natto: not a valid DOI"),
        ({"title": "T", "DOI": "10.1000/a b"}, "not a valid DOI"),
        ({"title": "T", "PMID": "PMC12"}, "PMID PMC12: not a valid PMID"),
        ({"title": "T", "PMCID": "12"}, "PMCID 12: not a valid PMCID"),
        ({"title": "T", "author": "Sato A"}, "author: must be a list of names"),
        ({"title": "T", "author": ["Sato A"]}, "author: must be a list of names"),
        ({"title": "T", "issued": "2004"}, "issued '2004': must be an object with date-parts"),
        ({"title": "T", "issued": [2004]}, "must be an object with date-parts"),
        ({"title": "T", "issued": {"date-parts": [2004]}}, "date-parts must hold numbers"),
        ({"title": "T", "issued": {"date-parts": "2004"}}, "date-parts must hold numbers"),
        ({"title": "T", "issued": {"date-parts": [["May"]]}}, "date-parts must hold numbers"),
        ({"title": "T", "issued": {"date-parts": [["²"]]}}, "date-parts must hold numbers"),
        ({"title": "T", "issued": {"date-parts": [["--4"]]}}, "date-parts must hold numbers"),
        ({"title": "T", "issued": {"date-parts": [[10**30]]}}, "date-parts must hold numbers"),
        ({"title": "T", "issued": {"date-parts": [[2004, {}]]}}, "date-parts must hold numbers"),
        ({"title": "half an emoji \ud83d"}, "\\ud83d: half of a character"),
        ({"title": "T", "container-title": "\udc00"}, "\\udc00: half of a character"),
        ("a string", "not a CSL-JSON object"),
        (None, "not a CSL-JSON object"),
        (["nested"], "not a CSL-JSON object"),
    ],
)
def test_a_bad_item_is_skipped_with_its_place_and_reason_and_the_good_ones_are_kept(
    item: Any, reason: str
) -> None:
    assert reason in skipped(item).reason


@pytest.mark.parametrize(
    "fields",
    [
        {"issued": {"date-parts": [[]]}},
        {"issued": {"date-parts": []}},
        {"issued": {"date-parts": [[None]]}},
        {"issued": {}},
        {"issued": None},
        {"author": None},
        {"author": []},
        {"DOI": None, "PMID": ""},
        {"custom": None},
        {"custom": "text"},
        {"abstract": None},
    ],
)
def test_an_empty_field_is_an_absent_field(fields: dict[str, Any]) -> None:
    source = study(**fields)
    assert (source.source_id, source.year, source.text) == ("study:a", None, "A title")


@pytest.mark.parametrize(
    ("written", "year"), [([2004], 2004), (["2004"], 2004), ([-300, 1], -300), ([2004, None], 2004)]
)
def test_a_year_is_a_number_however_it_is_written(written: list[Any], year: int) -> None:
    assert study(issued={"date-parts": [written]}).year == year


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ('[{"title": "T"},\n {"title": }]', "line 2", "not valid JSON"),
        ('{"title": "T"', "line 1", "not valid JSON"),
        ("[" * 100_000, None, "not usable JSON"),
        ('[{"title": "T", "volume": 1' + "0" * 5000 + "}]", None, "not usable JSON"),
    ],
    ids=["a gap", "cut short", "nested too deep", "a number too long"],
)
def test_a_broken_file_is_skipped_as_a_whole(text: str, position: str | None, reason: str) -> None:
    (found,) = csl_json.read(text, "studies.json")
    assert isinstance(found, Skipped)
    assert found.position == position
    assert reason in found.reason


def test_one_item_without_a_list_around_it_is_read() -> None:
    assert [s.title for s in csl_json.read('{"title": "Alone"}', "a.json") if isinstance(s, Source)] == [
        "Alone"
    ]


def test_an_empty_list_holds_no_study() -> None:
    assert list(csl_json.read("[]", "a.json")) == []


@pytest.mark.parametrize(
    ("text", "name", "claimed"),
    [
        (' [{"title"', "a.json", True),
        ("{}", "a.CSL", True),
        ("{}", "a.csljson", True),
        ("{}", "a.txt", False),
        ("text", "a.json", False),
        ("", "a.json", False),
    ],
)
def test_json_is_told_by_its_first_sign_and_its_name(text: str, name: str, claimed: bool) -> None:
    assert csl_json.claims(text, name) is claimed


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = ("id", "title", "author", "issued", "DOI", "PMID", "PMCID", "abstract", "custom", "URL")
CUSTOM = (
    "finding",
    "summary",
    "study_type",
    "sample_size",
    "integrity",
    "retracted",
    "correction_doi",
    "license",
)
ITEMS = st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6) | st.fixed_dictionaries(
    {"title": st.just("A title"), "custom": st.dictionaries(st.sampled_from(CUSTOM), VALUES)},
    optional={"issued": st.fixed_dictionaries({"date-parts": VALUES}), "author": VALUES},
)


@given(st.lists(st.one_of(ITEMS, VALUES), max_size=4))
@settings(max_examples=200)
def test_any_json_is_read_or_skipped_item_by_item(items: list[Any]) -> None:
    found = read(*items)
    assert len(found) == len(items)
    for source in found:
        if isinstance(source, Source):
            assert source.title
            assert source.year is None or isinstance(source.year, int)
            assert len(source.text_sha256) == 64
            assert source.blocks[-1].end == len(source.text)


def test_what_an_export_adds_is_read_back() -> None:
    item = {
        "id": "a",
        "title": "Bone\n of  rats.",
        "abstract": "Aim: To test.\n\nResults: It works.",
        "custom": {
            "study_type": "RCT", "study_type_from": "MeSH", "human": False, "human_from": "MeSH",
            "integrity": "concern", "correction_doi": "10.1000/n", "integrity_recorded_in": "PubMed record",
            "integrity_note": "doubted", "integrity_date": "2012", "license": "CC0",
        },
    }  # fmt: skip
    (source,) = csl_json.read(json.dumps([item]), "x")
    assert isinstance(source, Source)
    assert source.text == "Bone of rats\n\nAim: To test.\n\nResults: It works."
    assert source.study == Study("RCT", human=False, design_from="MeSH", human_from="MeSH")
    assert source.integrity == Integrity("concern", "10.1000/n", "2012", "PubMed record", note="doubted")
    assert source.license == "CC0"
