"""What a page says of a source in a few words."""

from typing import Any

import pytest

from corpus.records import Integrity, Source, Study
from search_api.pages.wording import (
    authors_of,
    counted,
    design_of,
    evidence_of,
    short_citation,
    sources_counted,
    standing_of,
    web_address,
)


@pytest.mark.parametrize(
    ("study", "words"),
    [
        (None, "article"),
        (Study("RCT", "86 patients"), "RCT, 86 patients"),
        (Study("RCT"), "RCT"),
        (Study(), "study, design not recorded"),
        (Study(sample_size="12 women"), "study, design not recorded, 12 women"),
    ],
)
def test_the_kind_of_evidence_is_told_in_words(study: Study | None, words: str) -> None:
    assert evidence_of(Source("x", "study" if study else "article", {}, "", (), study=study)) == words


def test_only_a_standing_that_must_be_seen_has_a_word() -> None:
    def shown(status: Any) -> str | None:
        return standing_of(Source("x", "study", {}, "", (), integrity=Integrity(status)))

    assert shown("none-known") is None
    assert [shown(s) for s in ("retracted", "concern", "corrected", "republished")] == [
        "Retracted",
        "Expression of concern",
        "Corrected",
        "Republished",
    ]


@pytest.mark.parametrize(
    ("authors", "complete", "words"),
    [
        ([], True, ""),
        ([{"family": "Sato", "given": "Y."}], True, "Sato"),
        ([{"family": "Sato"}], False, "Sato et al."),
        ([{"family": "Becker"}, {"literal": "The Group"}], True, "Becker and The Group"),
        ([{"family": "A"}, {"family": "B"}, {"family": "C"}], True, "A et al."),
    ],
)
def test_authors_are_named_as_a_person_would(
    authors: list[dict[str, str]], complete: bool, words: str
) -> None:
    assert authors_of(Source("x", "study", {"author": authors}, "", (), authors_complete=complete)) == words


def test_a_source_without_authors_is_pointed_at_by_its_title() -> None:
    csl = {"title": "Legs", "issued": {"date-parts": [[2004]]}}
    assert short_citation(Source("x", "study", csl, "", ())) == "Legs 2004"


def test_a_design_that_is_not_known_is_said_to_be_not_recorded() -> None:
    assert design_of(Source("x", "study", {}, "", (), study=Study())) == "design not recorded"
    assert design_of(Source("x", "article", {}, "", ())) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://doi.org/10.1/x", "https://doi.org/10.1/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, shown: str | None) -> None:
    assert web_address(Source("x", "study", {}, "", (), url=url)) == shown


def test_what_a_library_has_none_of_is_not_counted() -> None:
    assert sources_counted({"articles": 2, "studies": 1}) == "2 articles and 1 study"
    assert sources_counted({"articles": 0, "studies": 1204}) == "1,204 studies"
    assert sources_counted({"articles": 0, "studies": 0}) == "Nothing yet"


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(n, "study", "studies") for n in (0, 1, 1204)] == ["0 studies", "1 study", "1,204 studies"]
