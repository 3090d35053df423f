"""What is compiled for speed prints what citeproc-py prints, but for what is knowingly mended."""

import random
import re

import pytest

from corpus.reading import read_file
from corpus.records import Source
from search_api.citations import cite_of, cited_work
from search_api.styling.marked_text import plain
from search_api.styling.styles import ALIASES, LOCK, available, loaded_style
from tests.conftest import STARTER
from tests.search_api.styling.plain_citeproc import PlainCiteproc
from tests.search_api.styling_of_lists import work


def _compiled(source: Source, style: str) -> str:
    with LOCK:
        loaded = loaded_style(style)
        return plain(loaded.entry(cite_of(loaded, cited_work(loaded, source))) or "")


def comparable(text: str, style: str) -> str:
    """Without the capitals of title case, where ours knows more, and without what the manuals mend."""
    text = text.replace("–", "-") if style.startswith("nlm") else text.replace(". . .", "…")
    text = re.sub(r"\bp\. (?=(?:e|CD|a|f)\d|\d{6})", "", text)  # of an article number
    return re.sub(r"[\s.]+", " ", text).casefold()


@pytest.fixture(scope="module")
def studies() -> list[Source]:
    """The 95 studies of the starter library."""
    found = [next(read_file(path)) for path in sorted((STARTER / "studies").glob("*.json"))]
    return [source for source in found if isinstance(source, Source)]


@pytest.mark.slow
@pytest.mark.parametrize("style", sorted(ALIASES.values()))
def test_each_of_the_95_studies_is_printed_as_citeproc_prints_it(style: str, studies: list[Source]) -> None:
    reference = PlainCiteproc(style)
    for source in studies:
        if source.key == "li2023meta":  # "Wei-ping", of whom citeproc-py makes "W.-. ping ."
            continue
        ours, theirs = _compiled(source, style), reference.entry(source)
        assert comparable(ours, style) == comparable(theirs, style)


def test_so_are_some_works_in_thirty_other_styles() -> None:
    names = random.Random(20261122).sample(sorted(available()), 30)
    records = [work(key) for key in ("geleijnse2004", "saritas2022", "kakkos2018")]
    compared = 0
    for style in names:
        if not loaded_style(style).has_bibliography:
            continue
        reference = PlainCiteproc(style)
        for record in records:
            try:
                theirs = reference.entry(record)
            except AttributeError:  # citeproc-py's strings cannot change their case everywhere; ours can
                continue
            ours = _compiled(record, style)
            assert comparable(ours, style) == comparable(theirs, style), style
            compared += 1
    assert compared >= 60


def test_what_a_shape_lacks_is_compiled_away_and_works_of_one_shape_share_their_functions() -> None:
    loaded = loaded_style("bmj")
    loaded._compiled.clear()
    for key in ("geleijnse2004", "kakkos2018", "sato2002pd"):
        _compiled(work(key), "bmj")
    # All three are journal articles with volume, issue, pages and DOI; a PMID is not asked for by this style.
    assert len(loaded._compiled) <= 2


@pytest.mark.parametrize(
    "style", ["antarctic-science", "data-science-journal", "de-montfort-university-harvard", "language"]
)
def test_a_group_has_no_given_name_even_where_those_are_in_small_capitals(style: str) -> None:
    entry = _compiled(work("nocturnal-leg-cramps"), style)
    assert re.match(r"Footnote editors[. ]+\(?2026", entry), entry


def test_an_entry_is_the_same_whatever_was_printed_before() -> None:
    """citeproc-py writes a style's attributes into the locale's dates, and leaves them there."""
    page = work("nocturnal-leg-cramps")
    first = _compiled(page, "apa")
    for style in ("modern-language-association", "american-medical-association"):
        _compiled(page, style)
    assert _compiled(page, "apa") == first
