"""The works that the styles are tried on, and printed HTML in a form that can be written by hand."""

import re
from html import unescape

from corpus.reading import read_file
from corpus.records import Source
from search_api.reference_list import ReferenceList, reference_list
from tests.conftest import STARTER

#: Key of each work -> why it is tried.
WORKS = {
    "geleijnse2004": "eight authors, volume, issue, pages, DOI, PMID",
    "kakkos2018": "two authors, no PMID",
    "han2016": "two authors, an apostrophe, neither pages nor article number",
    "booth2012": "one author, an ampersand, no issue",
    "sato2002pd": "retracted; its author list is cut after three",
    "witham2020": "twenty-one authors",
    "li2023meta": "three authors, a hyphenated given name with a small letter, an article number of digits",
    "nocturnal-leg-cramps": "a web page by a group, dated to the day",
    "torgerson2018": "one author by initials",
    "satot2012": "its author list is cut after one, who shares a family name",
    "saritas2022": "fifteen authors, no volume, issue or pages in the record",
    "torii2016": "seven authors, an article number",
}
#: The citations of a text, in order of appearance.
CLUSTERS = (
    ("geleijnse2004",),
    ("kakkos2018",),
    ("han2016", "booth2012"),
    ("sato2002pd",),
    ("witham2020", "li2023meta"),
    ("nocturnal-leg-cramps",),
    ("torgerson2018", "satot2012"),
    ("saritas2022",),
    ("torii2016",),
    ("geleijnse2004", "kakkos2018", "han2016", "sato2002pd"),
)
_SIGNS = {"i": "*", "b": "**", "sup": "^", "sub": "_", "span": "++"}


def work(key: str) -> Source:
    """A work of the starter library."""
    article = STARTER / "articles" / f"{key}.md"
    path = article if article.exists() else STARTER / "studies" / f"{key}.json"
    found = next(read_file(path))
    assert isinstance(found, Source)
    return found


def printed(style: str) -> ReferenceList:
    """The text's citations and list in a style."""
    sources = {key: work(key) for key in WORKS}
    return reference_list([[sources[key] for key in cluster] for cluster in CLUSTERS], style)


def as_written(html: str) -> str:
    """``*italic*``, ``**bold**``, ``^raised^`` for the tags of HTML; links as their text."""
    text = re.sub(r"</?a(?: [^>]*)?>", "", html)
    return unescape(re.sub(r"</?(i|b|sup|sub|span)(?: [^>]*)?>", lambda m: _SIGNS[m.group(1)], text))


def golden_lines(style: str) -> list[str]:
    """What the style prints, line by line as in the golden files."""
    found = printed(style)
    citations = [f"cited: {as_written(citation.html)}" for citation in found.citations]
    entries = [
        f"{entry.label} {as_written(entry.html)}" if entry.label else as_written(entry.html)
        for entry in found.entries
    ]
    return [*citations, *entries]
