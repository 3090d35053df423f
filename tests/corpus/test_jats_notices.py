"""JATS: retraction, concern and correction notices, and what an article says of itself."""

import pytest

from corpus.readers.jats_notices import bare_title
from corpus.records import Integrity
from tests.corpus.jats_articles import RELATED, article, only


@pytest.mark.parametrize(
    ("kind", "relation", "status"),
    [
        ("retraction", "retracted-article", "retracted"),
        ("correction", "corrected-article", "corrected"),
        ("correction", "retracted-article", "corrected"),
        ("expression-of-concern", "object-of-concern", "concern"),
        ("addendum", "addended-article", "corrected"),
        ("editorial", "retracted-article", "retracted"),
        ("partial-retraction", "partial-retraction", "concern"),
    ],
)
def test_a_notice_marks_the_work_it_names(kind: str, relation: str, status: str) -> None:
    related = RELATED.format(
        relation, "doi", "https://doi.org/10.5555/OLD", "<article-title>Old</article-title>"
    )
    source = only(article("<p>Text.</p>", related, kind))
    (notice,) = source.notices
    assert (notice.status, notice.doi, notice.notice, notice.date) == (
        status,
        "10.5555/old",
        "10.5555/walk.1",
        "2008-08-04",
    )
    assert source.integrity == Integrity()


@pytest.mark.parametrize(
    ("link", "address", "named"),
    [
        ("pubmed", "24049748", ("pmid", "24049748")),
        ("pmc", "PMC123456", ("pmcid", "PMC123456")),
        ("pmc", "123456", ("pmcid", "PMC123456")),
        ("uri", "http://dx.doi.org/10.5555/x", ("doi", "10.5555/x")),
        ("doi", "info:doi/10.5555/x", ("doi", "10.5555/x")),
    ],
)
def test_the_related_work_is_known_by_any_link(link: str, address: str, named: tuple[str, str]) -> None:
    (notice,) = only(
        article("", RELATED.format("retracted-article", link, address, ""), "retraction")
    ).notices
    assert {k: getattr(notice, k) for k in ("doi", "pmid", "pmcid") if getattr(notice, k)} == dict([named])


def test_a_notice_named_by_volume_and_page_alone_keeps_the_title() -> None:
    related = (
        '<related-article related-article-type="retracted-article" vol="2" page="75">'
        "<article-title>Zinc for colds: "
        "Retraction</article-title></related-article>"
    )
    (notice,) = only(article("", related, "retraction")).notices
    assert notice.title == "Zinc for colds"


def test_a_companion_is_no_notice_and_a_retracted_article_says_so_of_itself() -> None:
    assert only(article("", RELATED.format("companion", "doi", "10.5555/x", ""))).notices == ()
    assert only(article("", RELATED.format("retracted-article", "doi", "10.5555/x", ""))).notices == ()
    source = only(article("", RELATED.format("retraction-forward", "doi", "10.5555/note", "")))
    assert (source.integrity.status, source.integrity.notice) == ("retracted", "10.5555/note")
    assert source.notices == ()


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Retraction: Zinc for colds", "Zinc for colds"),
        ("Correction to: Zinc for colds", "Zinc for colds"),
        ("Zinc for colds: Retraction", "Zinc for colds"),
        ("Retraction of state taxes", "state taxes"),
        ("Gingival retraction in dogs", "Gingival retraction in dogs"),
    ],
)
def test_the_title_of_the_work_comes_out_of_the_title_of_the_notice(title: str, bare: str) -> None:
    assert bare_title(title) == bare
