"""What the templates may call besides what a route hands them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from corpus.records import Cited, Source
from search_api.facets import YearBin
from search_api.pages.desk_words import VERDICTS
from search_api.pages.draft_layout import offers_of, retracted_of
from search_api.pages.draft_words import OUTCOME_NOTES, OUTCOMES, own_words, stance_words
from search_api.pages.quoting import quote_runs
from search_api.pages.search_page import toggled
from search_api.pages.wording import (
    authors_of,
    counted,
    evidence_of,
    facet_words,
    prose_words,
    short_citation,
    sources_counted,
    standing_of,
    style_words,
    web_address,
)
from search_api.printing import mark_of
from search_api.standing import standing_warnings, words_of

#: Endpoint and words of each page in the navigation.
NAVIGATION = (
    ("pages.cite_page", "Cite a draft"),
    ("pages.check_page", "Check references"),
    ("pages.library_page", "Library"),
    ("pages.list_page", "Reading list"),
)


def dict_of(cites: Iterable[Cited]) -> dict[str, Source]:
    """The cited sources by id."""
    return {cited.source.source_id: cited.source for cited in cites}


def bin_words(years: YearBin) -> str:
    """The years of a bin and its count, as a person would say them."""
    span = str(years.first) if years.first == years.last else f"{years.first} to {years.last}"
    return f"{span}: {counted(years.count, 'source')}"


VOCABULARY: Mapping[str, Callable[..., Any] | tuple[Any, ...] | Mapping[Any, Any]] = {
    "authors_of": authors_of,
    "bin_words": bin_words,
    "counted": counted,
    "dict_of": dict_of,
    "evidence_of": evidence_of,
    "facet_words": facet_words,
    "mark_of": mark_of,
    "navigation": NAVIGATION,
    "offers_of": offers_of,
    "outcome_notes": OUTCOME_NOTES,
    "outcomes": OUTCOMES,
    "own_words": own_words,
    "prose_words": prose_words,
    "quote_runs": quote_runs,
    "retracted_of": retracted_of,
    "short_citation": short_citation,
    "sources_counted": sources_counted,
    "stance_words": stance_words,
    "standing_of": standing_of,
    "standing_warnings": standing_warnings,
    "style_words": style_words,
    "toggled": toggled,
    "verdicts": VERDICTS,
    "web_address": web_address,
    "words_of": words_of,
}
