"""References and markers -> sources: found by identifier or title, or left open; never guessed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import linking
from corpus.composing import Marker, TextComposer
from corpus.linking import Catalogue, LinkReport, UnresolvedReference, aliases, link
from corpus.records import Reference, Source

TITLE = "Dietary intake of fermented soybeans and stiffness of the arteries in older women"
OTHER = "Menaquinone in cheese: a survey of fifty European varieties and their starter cultures"


def study(source_id: str, title: str, year: int | None = None, key: str | None = None, **csl: Any) -> Source:
    item = {"title": title, **csl} | ({"issued": {"date-parts": [[year]]}} if year else {})
    return Source(source_id, "study", item, title, (), key=key)


NATTO = study(
    "doi:10.1000/natto", TITLE, 2004, "sato2004", DOI="10.1000/NATTO", PMID=15514282, PMCID="pmc4566462"
)
CHEESE = study("pmid:77", OTHER, 2010, "gouda2010", PMID="77")
CATALOGUE = Catalogue.of([NATTO, CHEESE])


def resolved(raw: str = "", catalogue: Catalogue = CATALOGUE, **identifiers: str) -> Reference:
    return catalogue.resolve(Reference("1", raw, **identifiers))


def test_a_source_answers_to_its_id_its_identifiers_and_its_key() -> None:
    assert aliases(NATTO) == ("doi:10.1000/natto", "pmid:15514282", "pmcid:PMC4566462", "sato2004")
    assert aliases(CHEESE) == ("pmid:77", "gouda2010")


@pytest.mark.parametrize(
    ("how", "identifiers"),
    [
        ("key", {"key": "sato2004"}),
        ("doi", {"doi": "10.1000/natto"}),
        ("pmid", {"pmid": "15514282"}),
        ("pmcid", {"pmcid": "PMC4566462"}),
        ("doi", {"key": "unheard2001", "doi": "10.1000/natto"}),
        ("pmid", {"doi": "10.1000/other-form", "pmid": "15514282"}),
    ],
)
def test_a_reference_resolves_by_any_name_of_the_source(how: str, identifiers: dict[str, str]) -> None:
    reference = resolved("Anything at all.", **identifiers)
    assert (reference.source_id, reference.how, reference.confidence) == ("doi:10.1000/natto", how, 1.0)


def test_a_reference_resolves_by_a_title_that_stands_in_it() -> None:
    reference = resolved(f"Sato A, Ito B. {TITLE}. J Nat. 2004;12(3):1–9.")
    assert (reference.source_id, reference.how, reference.confidence) == ("doi:10.1000/natto", "title", 1.0)


def test_a_title_with_a_slip_of_the_pen_resolves_with_less_confidence() -> None:
    reference = resolved(f"Sato A. {TITLE.replace('fermented', 'fermentd')}. 2004.")
    assert (reference.source_id, reference.how) == ("doi:10.1000/natto", "title")
    assert reference.confidence is not None
    assert 0.95 <= reference.confidence < 1


def test_greek_letters_hyphens_and_capitals_do_not_hide_a_title() -> None:
    source = study("doi:10.1/a", "Effect of α-tocopherol on the flow‑mediated dilation of arteries")
    raw = "EFFECT OF ALPHA‑TOCOPHEROL ON THE FLOW-MEDIATED DILATION OF ARTERIES"
    assert resolved(raw, Catalogue.of([source])).source_id == "doi:10.1/a"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "1",
        "Sato A. Another paper on fermented soybeans and the skin of younger men. 2004.",
        "Dietary intake of fermented soybeans",
        "Dietary intake of fermented soybeans and stiffness of the arteries. 2004.",
        f"Sato A. {TITLE}. J Nat. 1987.",
    ],
    ids=["empty", "a bare number", "another title", "a part", "half of the title", "another year"],
)
def test_what_only_resembles_a_source_stays_unresolved(raw: str) -> None:
    reference = resolved(raw)
    assert (reference.source_id, reference.how, reference.confidence) == (None, None, None)
    assert reference.raw == raw


def test_a_year_may_be_off_by_one_because_print_follows_the_web() -> None:
    assert resolved(f"{TITLE}. 2005.").source_id == "doi:10.1000/natto"
    assert resolved(f"{TITLE}. 2006.").source_id is None


def test_an_identifier_that_the_library_lacks_is_not_overruled_by_a_title() -> None:
    raw = f"Sato A. {TITLE}. 2004. doi:10.1000/reply"
    assert resolved(raw, doi="10.1000/reply").source_id is None
    assert resolved(f"{TITLE}. 2004.", key="sato2004b").source_id is None


def test_two_sources_of_one_title_are_both_left_open() -> None:
    twin = replace(NATTO, source_id="doi:10.1000/twin", csl={"title": TITLE})
    assert resolved(f"{TITLE}. 2004.", Catalogue.of([NATTO, twin])).source_id is None


def test_a_title_of_three_words_decides_nothing() -> None:
    assert (
        resolved(
            "Vitamin K deficiency", Catalogue.of([study("doi:10.1/k", "Vitamin K deficiency")])
        ).source_id
        is None
    )


def test_the_first_source_to_claim_a_name_keeps_it() -> None:
    thief = study("doi:10.1/thief", "Another title of another study in full", key="sato2004")
    assert resolved(catalogue=Catalogue.of([NATTO, thief]), key="sato2004").source_id == "doi:10.1000/natto"


def test_a_resolved_reference_that_no_longer_resolves_is_open_again() -> None:
    before = Reference("1", "x", key="gone", source_id="doi:10.1/gone", how="key", confidence=1.0)
    after = CATALOGUE.resolve(before)
    assert (after.source_id, after.how, after.confidence) == (None, None, None)


def article(kind: str = "article") -> Source:
    composer = TextComposer()
    composer.add(
        "paragraph",
        (),
        "Natto helps [1, 2]; see doi:10.1000/natto.",
        (Marker(13, 14, "1"), Marker(16, 17, "2")),
    )
    composer.add("paragraph", (), "PMID: 77 is on cheese, 10.1000/unheard on rice.")
    composer.add("reference", (), "1. 10.1000/natto")
    composer.add("boilerplate", (), "Cite us as 10.1000/natto.")
    references = (
        Reference("1", f"{TITLE.replace('fermented', 'fermentd')}. 2004."),
        Reference("2", "Lost. 1999."),
    )
    text, blocks = composer.text(), tuple(composer.blocks)
    return Source(
        "article:a", kind, {"title": "On natto"}, text, blocks, "a", references, tuple(composer.mentions)
    )


def test_markers_point_at_what_their_reference_resolved_to() -> None:
    (linked,), _ = link([article()], CATALOGUE)
    first, second = (m for m in linked.mentions if m.how == "marker")
    assert (first.label, first.source_id) == ("1", "doi:10.1000/natto")
    assert first.confidence == linked.references[0].confidence < 1
    assert (second.label, second.source_id) == ("2", None)


def test_identifiers_in_the_running_text_are_mentions_known_or_not() -> None:
    (linked,), _ = link([article()], CATALOGUE)
    found = [m for m in linked.mentions if m.how == "identifier"]
    assert [(linked.text[m.start : m.end], m.label, m.source_id) for m in found] == [
        ("10.1000/natto", "doi:10.1000/natto", "doi:10.1000/natto"),
        ("PMID: 77", "pmid:77", "pmid:77"),
        ("10.1000/unheard", "doi:10.1000/unheard", None),
    ]


def test_mentions_stand_in_the_order_of_the_text() -> None:
    (linked,), _ = link([article()], CATALOGUE)
    starts = [mention.start for mention in linked.mentions]
    assert len(starts) == 5
    assert starts == sorted(starts)


def test_a_study_does_not_mention_the_identifiers_in_its_text() -> None:
    (linked,), _ = link([article("study")], CATALOGUE)
    assert [m.how for m in linked.mentions] == ["marker", "marker"]


def test_what_stays_unresolved_is_reported_with_its_source_and_its_words() -> None:
    _, report = link([article(), NATTO], CATALOGUE)
    assert report == LinkReport(2, 1, (UnresolvedReference("article:a", "2", "Lost. 1999."),))


def test_what_is_unresolved_is_listed_up_to_a_number_and_counted_beyond(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linking, "LISTED", 2)
    lost = replace(NATTO, references=tuple(Reference(str(n), f"Lost {n}. 1999.") for n in range(5)))
    _, report = link([lost, NATTO], CATALOGUE)
    assert (report.references, report.resolved, len(report.unresolved)) == (5, 0, 2)


def test_a_source_added_later_is_found_by_its_title() -> None:
    catalogue = Catalogue.of([NATTO])
    assert resolved(f"{OTHER}. 2010.", catalogue).source_id is None
    catalogue.add(CHEESE)
    assert resolved(f"{OTHER}. 2010.", catalogue).source_id == "pmid:77"


def test_linking_again_changes_nothing() -> None:
    once, report = link([article(), NATTO], CATALOGUE)
    assert link(once, CATALOGUE) == (once, report)


WORDS = st.lists(
    st.sampled_from([*TITLE.split(), *OTHER.split(), "2004.", "1999", "J Nat", "α"]), max_size=25
)


@given(st.sets(st.integers(0, len(TITLE.split()) - 1), min_size=3), st.booleans())
def test_a_title_that_lacks_three_of_its_words_is_not_that_title(dropped: set[int], dated: bool) -> None:
    left = [word for at, word in enumerate(TITLE.split()) if at not in dropped]
    assert resolved(" ".join(left) + (". 2004." if dated else "")).source_id is None


@given(WORDS, WORDS)
def test_a_title_is_found_whatever_stands_around_it(before: list[str], after: list[str]) -> None:
    catalogue = Catalogue.of(
        [study("doi:10.1/z", "Zinc, zeal and zebrafish: a zonal zymography of zooplankton")]
    )
    raw = " ".join([*before, "Zinc, zeal and zebrafish: a zonal zymography of zooplankton", *after])
    assert catalogue.resolve(Reference("1", raw)).source_id == "doi:10.1/z"


def test_mentions_keep_the_label_that_the_text_shows() -> None:
    (linked,), _ = link([article()], CATALOGUE)
    shown = [linked.text[m.start : m.end] for m in linked.mentions if m.how == "marker"]
    assert shown == ["1", "2"]
