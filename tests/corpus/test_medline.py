"""MEDLINE records are read as PubMed writes them, with what they say of standing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import medline, ris
from corpus.readers.tagged_values import page_range, sections_of, without_brackets, without_final_stop
from corpus.records import Integrity, Skipped, Source
from tests.corpus.damage import damaged

RECORD = """\
PMID- 15514282
OWN - NLM
STAT- MEDLINE
IS  - 0022-3166 (Print)
VI  - 134
IP  - 11
DP  - 2004 Nov 2
TI  - Dietary intake of menaquinone is associated with a reduced risk of coronary
      heart disease: the Rotterdam Study.
PG  - 3100-5
LID - 10.1093/jn/134.11.3100 [doi]
AB  - BACKGROUND: Vitamin K may protect. METHODS: We followed 4807 subjects
      of both sexes. RESULTS: Risk was lower. CONCLUSION: An adequate intake
      could be important.
FAU - Geleijnse, Johanna M
AU  - Geleijnse JM
AD  - Department of Epidemiology.
FAU - King, Martin Luther Jr
AU  - King ML Jr
CN  - Rotterdam Study Group
LA  - eng
PT  - Journal Article
PT  - Multicenter Study
TA  - J Nutr
JT  - The Journal of nutrition
MH  - Aged
MH  - *Coronary Disease/epidemiology/*prevention & control
MH  - Vitamin K 2/*analogs & derivatives
OT  - *menaquinone
PMC - PMC1234567
AID - 134/11/3100 [pii]
SO  - J Nutr. 2004 Nov;134(11):3100-5.
"""


def _read(text: str) -> list[Source | Skipped]:
    return list(medline.read(text, "file.nbib"))


def _one(text: str) -> Source:
    (source,) = _read(text)
    assert isinstance(source, Source), str(source)
    return source


def _with(*lines: str) -> Source:
    return _one(RECORD + "".join(f"{line}\n" for line in lines))


def test_a_whole_record_becomes_a_study_with_all_its_fields() -> None:
    source = _one(RECORD)
    assert source.source_id == "doi:10.1093/jn/134.11.3100"
    assert dict(source.csl) == {
        "id": "10.1093/jn/134.11.3100",
        "type": "article-journal",
        "title": "Dietary intake of menaquinone is associated with a reduced risk of coronary "
        "heart disease: the Rotterdam Study",
        "author": [
            {"family": "Geleijnse", "given": "Johanna M"},
            {"family": "King", "given": "Martin Luther", "suffix": "Jr"},
            {"literal": "Rotterdam Study Group"},
        ],
        "container-title": "The Journal of nutrition",
        "container-title-short": "J Nutr",
        "issued": {"date-parts": [[2004, 11, 2]]},
        "volume": "134",
        "issue": "11",
        "page": "3100-3105",
        "DOI": "10.1093/jn/134.11.3100",
        "PMID": "15514282",
        "PMCID": "PMC1234567",
        "ISSN": "0022-3166",
        "language": "en",
        "keyword": "menaquinone",
    }
    assert source.integrity == Integrity()
    assert source.authors_complete
    assert source.origin == "file.nbib"


def test_a_structured_abstract_keeps_its_labels_one_block_each() -> None:
    source = _one(RECORD)
    abstract = [source.text[b.start : b.end] for b in source.blocks if b.kind == "abstract"]
    assert abstract == [
        "Background: Vitamin K may protect.",
        "Methods: We followed 4807 subjects of both sexes.",
        "Results: Risk was lower.",
        "Conclusion: An adequate intake could be important.",
    ]


def test_mesh_headings_and_publication_types_reach_the_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    real = medline.study_from
    monkeypatch.setattr(
        medline,
        "study_from",
        lambda record, *rest: (seen.append((record.publication_types, record.mesh)), real(record, *rest))[1],
    )
    _one(RECORD)
    assert seen == [
        (("Journal Article", "Multicenter Study"), ("Aged", "Coronary Disease", "Vitamin K 2")),
    ]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("2004 Spring", [[2004]]),
        ("1998-1999", [[1998]]),
        ("2004 Jan-Feb", [[2004]]),
        ("2019 Mar", [[2019, 3]]),
        ("2019 Mar 14", [[2019, 3, 14]]),
        ("2019 Feb 31", [[2019, 2]]),
        ("0000", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_far_as_it_is_certain(written: str, parts: list[list[int]] | None) -> None:
    issued = _one(RECORD.replace("2004 Nov 2\n", f"{written}\n")).csl.get("issued")
    assert issued == ({"date-parts": parts} if parts else None)


def test_short_names_are_used_where_there_is_no_full_one() -> None:
    text = "PMID- 1\nTI  - A title.\nAU  - Casbon JA\nFAU - Crooks, Gavin E\nAU  - Crooks GE\nAU  - et al.\n"
    source = _one(text)
    assert source.csl["author"] == [
        {"family": "Casbon", "given": "J. A."},
        {"family": "Crooks", "given": "Gavin E"},
    ]
    assert not source.authors_complete


def test_a_title_that_is_not_available_gives_way_to_the_original_one() -> None:
    source = _one("PMID- 1\nTI  - [Not Available].\nTT  - Einfluss der Thrombus-Zusammensetzung.\n")
    assert source.title == "Einfluss der Thrombus-Zusammensetzung"
    assert _one("PMID- 1\nTI  - [Vitamin K and bone].\n").title == "Vitamin K and bone"


def test_a_bad_record_is_skipped_and_the_good_ones_around_it_are_kept() -> None:
    text = f"{RECORD}\nPMID- 2\nOWN - NLM\n\n{RECORD.replace('15514282', '3')}"
    first, bad, last = _read(text)
    assert isinstance(first, Source)
    assert isinstance(last, Source)
    assert str(bad) == "file.nbib, record 2: 2: a record needs a title; add one"
    assert last.csl["PMID"] == "3"


def test_records_without_pmid_are_kept_and_reported() -> None:
    whole, headless, report = _read(RECORD + "\nOWN - NLM\nTI  - No number.\nDP  - 2001\n")
    assert isinstance(whole, Source)
    assert isinstance(headless, Source)
    assert headless.title == "No number"
    assert "no PMID" in str(report)


def test_text_between_records_is_reported_once_and_numbering_is_not() -> None:
    garbage, more, source = _read(f"hello\nworld\n\n{RECORD}\n1: \n\nError: timeout\nagain\n")
    assert isinstance(source, Source)
    assert "line 1: 'hello' belongs to no record" in str(garbage)
    assert "'Error: timeout'" in str(more)


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_endings_and_a_byte_order_mark_read_alike(ending: str) -> None:
    assert _one("\ufeff" + RECORD.replace("\n", ending)) == _one(RECORD)


def test_a_truncated_file_keeps_what_it_has() -> None:
    assert _one(RECORD[: RECORD.index("METHODS")]).title.startswith("Dietary intake")
    assert isinstance(_read(RECORD[:30])[0], Skipped)
    assert _read("") == []


def test_a_huge_field_is_read_in_time() -> None:
    lines = "      many words of an abstract that never ends\n" * 40_000
    source = _one(f"PMID- 1\nTI  - T{' ' * 300_000}x\nAB  - Start\n{lines}")
    assert len(source.text) > 1_500_000
    assert source.title == "T x"


def test_the_format_is_told_by_content_not_by_name() -> None:
    assert medline.claims(RECORD, "export.ris")
    assert medline.claims("\n\n" + RECORD.replace("\n", "\r\n"), "x.txt")
    assert not ris.claims(RECORD, "export.ris")
    for other in ("TY  - JOUR\nTI  - x\nER  - \n", "{}", "# Title\n\nPMID: 123", "<PMID>1</PMID>", ""):
        assert not medline.claims(other, "x.nbib")


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("3100-5", "3100-3105"),
        ("1396-401", "1396-1401"),
        ("S12-5", "S12-S15"),
        ("e747-e752", "e747-e752"),
        ("E174; discussion E174", "E174"),
        ("43‐58", "43-58"),
        ("10", "10"),
        ("12-12", "12"),
        ("ix-xii", "ix-xii"),
        ("", ""),
    ],
)
def test_pages_are_written_in_full(written: str, full: str) -> None:
    assert page_range(written) == full


def test_only_section_words_in_capitals_are_labels() -> None:
    assert sections_of("We tested. DNA: none. METHODS AND RESULTS: It works.") == (
        ("", "We tested. DNA: none."),
        ("METHODS AND RESULTS", "It works."),
    )
    assert sections_of("No abstract available.") == ()


def test_a_final_stop_goes_and_an_abbreviation_keeps_it() -> None:
    assert [without_final_stop(t) for t in ("A title.", "In the U.S.", "Wait...", "Why?", ".")] == [
        "A title",
        "In the U.S.",
        "Wait...",
        "Why?",
        ".",
    ]
    assert without_brackets("[A] and [B].") == "[A] and [B]."


def test_the_corrected_articles_of_a_real_file_are_known(shared: Path) -> None:
    path = shared / "formats" / "medline-nbib" / "asreview-baseline_pubmed.ris"
    sources = [s for s in _read(path.read_text("utf-8")) if isinstance(s, Source)]
    corrected = {s.integrity.notice: s.integrity.date for s in sources if s.integrity.status == "corrected"}
    assert corrected == {
        "10.1038/s41467-021-24593-9": "2021-07-22",
        "10.1371/journal.pone.0226897": "2019-12-26",
        "10.1038/s41467-018-02913-w": "2018-01-30",
    }
    assert {s.integrity.status for s in sources} == {"corrected", "none-known"}


NOTICE = "RIN - J Nutr. 2005 Jul 22;12:45. doi: 10.1000/r. PMID: 7"
GOOD = RECORD + "\n" + RECORD.replace("15514282", "2") + NOTICE


def _all_good(items: Iterator[Source | Skipped]) -> bool:
    return all(isinstance(item, Source | Skipped) for item in items)


@settings(max_examples=100)
@given(damaged(GOOD) | st.text() | st.text(alphabet="PMIDTA- \n:/[]().0129"))
def test_whatever_the_text_only_sources_and_reports_come_out(text: str) -> None:
    medline.claims(text, "x")
    assert _all_good(medline.read(text, "x"))


def test_a_general_note_with_a_standing_says_what_the_tags_cannot() -> None:
    record = (
        "PMID- 1\nTI  - Bone\nEIN - Bone. 2005\nGN  - Standing: corrected; notice: 10.1000/n; note: twice\n"
    )
    assert _one(record).integrity == Integrity("corrected", notice="10.1000/n", note="twice")


def test_a_groups_name_keeps_the_stop_of_its_abbreviation_where_two_stand() -> None:
    record = "PMID- 1\nTI  - Bone\nCN  - Bone Inc..\nCN  - Bone Group.\n"
    assert _one(record).csl["author"] == [{"literal": "Bone Inc."}, {"literal": "Bone Group"}]


def test_pages_that_lie_apart_are_all_kept() -> None:
    assert [page_range(p) for p in ("12-5, 20", "12-5, 20; discussion 21", "12-5, discussion 20")] == [
        "12-15, 20",
        "12-15, 20",
        "12-15",
    ]
