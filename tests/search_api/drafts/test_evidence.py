"""Which words of a claim a source does not have near a passage."""

import pytest

from corpus.records import Passage, Source
from search_api.drafts.evidence import missing_from

_TEXT = "In the Rotterdam Study, 4,807 adults with 7 foods in 3 years. MK-7 was eaten with cheese."
_SOURCE = Source("doi:10.1/x", "study", {"title": "Menaquinone"}, _TEXT, ())
_PASSAGE = Passage("p", "doi:10.1/x", 0, len(_TEXT), _TEXT, (), "summary")


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Adults ate cheese.", ("ate",)),
        ("There were 4,807 adults.", ()),
        ("There were 7,983 adults.", ("7,983",)),
        ("MK7 comes from cheeses.", ("comes",)),
        ("A risk of 0.43 in women, women said.", ("risk", "0.43", "women", "said")),
    ],
)
def test_a_claims_words_that_the_source_does_not_have_are_named_once_and_whole(
    claim: str, missing: tuple[str, ...]
) -> None:
    assert missing_from(claim, _SOURCE, _PASSAGE) == missing
