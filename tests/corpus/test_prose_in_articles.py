"""Studies that articles name in prose: linked beside the citations of an article, never against them."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.prose_linking import annotated, outcomes_of, precision_and_recall
from corpus.linking import Catalogue, UnresolvedMention, link
from corpus.passages import split
from corpus.prose_linking import THRESHOLD
from corpus.reading import read_file, read_paths
from corpus.records import Mention, Source
from corpus.study_profiles import StudyProfiles
from tests.corpus.prose_library import SOURCES

STARTER = Path(__file__).resolve().parents[2] / "corpus" / "starter"
CATALOGUE = Catalogue.of(SOURCES)
ARTICLE = """Seaweed and sailors

Quick Summary

Few things are as salty as seaweed. A 2006 study from the Harbour City cohort tied it to denser bone.

Key Points

  • Nails: kelp tablets failed in a randomised trial in 84 women with brittle nails.

The evidence

In 2019, Lark and colleagues gave cod liver oil to young sailors. A 2012 trial of rowing for restless
shoulders [1] in sailors from Denmark is well known. A 2006 study of seaweed and bone density has
nothing to do with it [2]. The FOGHORN trial is not done yet. A 1999 study fed dried plums to rats for
harder teeth, see doi:10.5555/other. Some trials have found nothing.

References

  1. 1
  2. Wren I. Dried plums fed to rats and the strength of their teeth. Teeth. 1999.

Medical Disclaimer

A 2006 study from the Harbour City cohort tied seaweed to bone.
"""


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The article above as its reader makes it."""
    path = tmp_path_factory.mktemp("article") / "seaweed.txt"
    path.write_text(re.sub(r"(?<=\S)\n(?=[a-zA-Z])", " ", ARTICLE), "utf-8")
    (source,) = read_file(path)
    assert isinstance(source, Source)
    return source


def prose(source: Source) -> list[tuple[str, str | None]]:
    """The words of the mentions in prose and the keys of what they resolved to."""
    return [
        (source.text[m.start : m.end], m.source_id and m.source_id.removeprefix("doi:10.1/"))
        for m in source.mentions
        if m.how == "prose"
    ]


def test_an_article_gets_its_mentions_in_prose_and_no_other(article: Source) -> None:
    (linked,), report = link([article], CATALOGUE)
    assert prose(linked) == [
        ("A 2006 study from the Harbour City cohort", "quist2006"),
        ("a randomised trial in 84 women with brittle nails", "quist2012"),
        ("Lark and colleagues", None),
        ("A 2012 trial of rowing for restless shoulders", "tern2012"),
        ("The FOGHORN trial", None),
    ]
    assert report.mentions == 5
    assert [lost.text for lost in report.unresolved_mentions] == ["Lark and colleagues", "The FOGHORN trial"]
    assert report.unresolved_mentions[1] == UnresolvedMention(
        article.source_id, "The FOGHORN trial", "no study of the library has all that it states"
    )


def test_a_mention_shows_the_text_and_its_confidence(article: Source) -> None:
    (linked,), _ = link([article], CATALOGUE)
    for mention in linked.mentions:
        if mention.how == "prose":
            assert linked.text[mention.start : mention.end] == mention.label
            assert (mention.confidence >= THRESHOLD) == (mention.source_id is not None)
            assert mention.confidence <= 1
    starts = [mention.start for mention in linked.mentions]
    assert starts == sorted(starts)


def test_a_marker_that_names_a_work_decides_and_a_bare_one_does_not(article: Source) -> None:
    """[1] stands for a bare number; [2] for a work, so that its sentence gets no other link."""
    (linked,), _ = link([article], CATALOGUE)
    markers = {m.label: m.source_id for m in linked.mentions if m.how == "marker"}
    assert markers == {"1": None, "2": "doi:10.1/wren1999"}
    assert "A 2006 study of seaweed and bone density" not in [words for words, _ in prose(linked)]
    assert ("A 2012 trial of rowing for restless shoulders", "tern2012") in prose(linked)


def test_a_passage_cites_what_its_prose_resolves_to(article: Source) -> None:
    (linked,), _ = link([article], CATALOGUE)
    cites = [p.cites for p in split(linked, lambda text: len(text.split()), 256).passages if p.cites]
    assert cites[0] == ("doi:10.1/quist2006",)
    assert all(cited for passage in cites for cited in passage)


def test_linking_twice_and_in_any_order_gives_the_same(article: Source) -> None:
    once, report = link([article], CATALOGUE)
    assert link(once, CATALOGUE) == (once, report)
    assert link([article], Catalogue.of(reversed(SOURCES)))[0][0].mentions == once[0].mentions


def test_a_study_that_is_entered_later_is_found(article: Source) -> None:
    catalogue = Catalogue.of(SOURCES[1:])
    (before,), _ = link([article], catalogue)
    catalogue.add(SOURCES[0])
    (after,), _ = link([article], catalogue)
    assert prose(before)[0] == ("A 2006 study from the Harbour City cohort", None)
    assert prose(after)[0] == ("A 2006 study from the Harbour City cohort", "quist2006")


def test_the_text_of_a_study_is_not_searched_for_studies() -> None:
    linked, report = link(SOURCES, CATALOGUE)
    assert report.mentions == 0
    assert [source.mentions for source in linked] == [() for _ in SOURCES]


SENTENCES = st.sampled_from([
    "A 2006 study from the Harbour City cohort tied seaweed to bone.",
    "Quist and colleagues (2012) gave kelp for brittle nails.",
    "It is α-salty “indeed”.",
    "See doi:10.5555/other.",
    "The FOGHORN trial is not done yet.",
    "A 2019 Cochrane review of iodine for tired sailors pooled 11 trials.",
])  # fmt: skip


@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=5))
@settings(max_examples=60)
def test_every_mention_is_a_real_slice_and_sentences_with_an_identifier_have_no_prose(
    paragraphs: list[str],
) -> None:
    from corpus.composing import TextComposer

    composer = TextComposer()
    for paragraph in paragraphs:
        composer.add("paragraph", (), paragraph)
    article = Source("article:x", "article", {"title": "X"}, composer.text(), tuple(composer.blocks))
    (linked,), report = link([article], CATALOGUE)
    found: list[Mention] = [m for m in linked.mentions if m.how == "prose"]
    assert all(linked.text[m.start : m.end] == m.label != "" for m in found)
    assert report.mentions == len(found)
    assert len(report.unresolved_mentions) == sum(m.source_id is None for m in found)
    assert len(found) == sum(linked.text.count(word) for word in ("A 2006", "Quist", "FOGHORN", "A 2019"))


@pytest.fixture(scope="module")
def starter() -> list[Source]:
    """The sources of the starter library."""
    return [found for found in read_paths([STARTER]) if isinstance(found, Source)]


def test_the_starter_articles_name_one_study_without_a_citation_and_it_stays_open(
    starter: list[Source],
) -> None:
    """Read by hand: only the trial whose protocol the library has is named where nothing is cited."""
    linked, _ = link(starter, Catalogue.of(starter))
    found = [words for source in linked for words in prose(source)]
    assert found == [("the Trevasc-HDK trial", None)]


@pytest.mark.parametrize("half", ["tune", "test"])
def test_annotated_mentions_resolve_with_a_precision_of_95_percent_at_a_recall_of_70(
    starter: list[Source], half: str
) -> None:
    outcomes = outcomes_of(annotated(half), StudyProfiles.of(starter))
    precision, recall = precision_and_recall(outcomes, THRESHOLD)
    assert precision >= 0.95
    assert recall >= 0.7


def test_a_scraped_article_gets_both_studies_that_it_names_and_nothing_else(
    starter: list[Source], shared: Path
) -> None:
    (path,) = (shared / "seed").glob("*.txt")
    (scraped,) = read_file(path)
    assert isinstance(scraped, Source)
    (linked,), report = link([scraped], Catalogue.of(starter))
    assert [m.source_id for m in linked.mentions] == [
        "doi:10.1093/jn/134.11.3100",
        "doi:10.1001/jamainternmed.2024.5726",
    ]
    assert {m.how for m in linked.mentions} == {"prose"}
    assert (report.references, report.resolved, len(report.unresolved)) == (7, 0, 7)
    assert report.unresolved_mentions == ()
