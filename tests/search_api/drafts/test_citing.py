"""What an editor would do with each sentence, over the starter library; the verdicts are written by hand."""

import pytest

from search_api.drafts.citing import cite_draft
from search_api.drafts.reading import read_text
from search_api.drafts.records import CitedSentence
from search_api.search import Searcher
from tests.conftest import REPOSITORY

_EXAMPLE = REPOSITORY / "docs" / "examples" / "draft.md"


def _cited(text: str, searcher: Searcher, unjudged: bool = False) -> tuple[CitedSentence, ...]:
    return cite_draft(read_text(text), searcher, unjudged=unjudged).sentences


def _one(text: str, searcher: Searcher, unjudged: bool = False) -> CitedSentence:
    (sentence,) = _cited(text, searcher, unjudged)
    return sentence


def _inserted(sentence: CitedSentence) -> list[str | None]:
    return [source.key for place in sentence.insert for source in place.sources]


def test_ten_sentences_are_treated_as_a_careful_editor_would(searcher: Searcher) -> None:
    found = _cited(_EXAMPLE.read_text("utf-8"), searcher)
    told = [s.finding.outcome if s.finding else s.sentence.kind for s in found]
    assert told == [
        *["supported"] * 4,
        *["contradicted"] * 2,
        "only retracted",
        "nothing adequate found",
        "opinion",
        "question",
    ]
    inserted = [key for sentence in found for key in _inserted(sentence)]
    assert inserted == ["geleijnse2004", "knapen2013", "garrison2020", "mcdermott2009"]
    against = [s.finding.against.source.key for s in found if s.finding and s.finding.against]
    assert against == ["witham2020", "witham2019"]
    assert found[6].finding is not None
    assert [s.source.key for s in found[6].finding.suggestions] == ["sato2005jama"]


@pytest.mark.parametrize("text", ["```\nx = 1\n```", "# A heading", "…"])
def test_a_draft_without_a_sentence_is_cited_as_one_without(text: str, searcher: Searcher) -> None:
    assert not [s for s in _cited(text, searcher) if s.sentence.kind == "claim"]


def test_every_quote_is_a_slice_of_its_source(searcher: Searcher) -> None:
    for sentence in _cited(_EXAMPLE.read_text("utf-8"), searcher):
        for suggestion in sentence.finding.suggestions if sentence.finding else ():
            passage = suggestion.passage
            assert suggestion.source.text[passage.start : passage.end] == passage.text
            assert suggestion.sentence is not None
            assert 0 <= suggestion.sentence.start < suggestion.sentence.end <= len(passage.text)


def test_a_study_is_suggested_with_the_article_that_led_to_it(searcher: Searcher) -> None:
    finding = _cited(_EXAMPLE.read_text("utf-8"), searcher)[0].finding
    assert finding is not None
    first = finding.suggestions[0]
    assert (first.source.kind, first.source.key) == ("study", "geleijnse2004")
    way = first.via[0]
    assert way.article.kind == "article"
    assert way.article.text[way.passage.start : way.passage.end] == way.passage.text


def test_the_sentence_shown_is_the_one_behind_the_verdict(searcher: Searcher) -> None:
    found = _one("Vitamin K2 reduces arterial stiffness in people with kidney disease.", searcher)
    assert found.finding is not None
    assert found.finding.against is not None
    span = found.finding.against.sentence
    assert span is not None
    assert "improved neither" in found.finding.against.passage.text[span.start : span.end]


def test_a_number_that_the_record_does_not_have_is_said(searcher: Searcher) -> None:
    text = "A Mediterranean diet with nuts lowered major cardiovascular events by 48%."
    finding = _one(text, searcher).finding
    assert finding is not None
    assert finding.outcome == "numbers differ"
    assert "48%" in str(finding.suggestions[0].differences[0])


@pytest.mark.parametrize(
    "text",
    [
        "Vitamin K2 protects children against tooth decay.",
        "The Great Barrier Reef has lost half of its corals.",
        "Beetroot juice lowers blood pressure in healthy volunteers.",
    ],
)
def test_where_there_is_nothing_it_is_said(text: str, searcher: Searcher) -> None:
    found = _one(text, searcher)
    assert found.finding is not None
    assert found.finding.outcome == "nothing adequate found"
    assert found.insert == ()


def test_a_source_that_was_not_judged_is_put_in_only_where_asked_for(searcher: Searcher) -> None:
    text = "Smoking is tied more closely to peripheral artery disease than to stroke."
    held = _one(text, searcher)
    assert held.finding is not None
    assert held.finding.outcome == "source found"
    assert _inserted(held) == []
    assert _inserted(_one(text, searcher, unjudged=True)) == ["ding2019"]


def test_a_retracted_source_is_never_put_in(searcher: Searcher) -> None:
    text = "After a stroke, folate and mecobalamin cut hip fractures from 27 to 6."
    assert _inserted(_one(text, searcher, unjudged=True)) == []


def test_clauses_are_cited_each_for_itself(searcher: Searcher) -> None:
    text = (
        "Magnesium does not prevent cramps in older adults, "
        "but menadiol reduces vascular calcification after kidney transplantation."
    )
    found = _one(text, searcher)
    assert [finding.outcome for finding in found.parts] == ["supported", "contradicted"]
    assert found.finding is not None
    assert found.finding.outcome == "contradicted"
    (place,) = found.insert
    assert text[place.start : place.end] == "Magnesium does not prevent cramps in older adults"


@pytest.mark.parametrize(
    ("citation", "how"),
    [
        ("[@garrison2020]", "key"),
        ("(doi:10.1002/14651858.CD009402.pub3)", "DOI"),
        ("(Garrison et al., 2020)", "author and year"),
        ("\\cite{garrison2020}", "key"),
    ],
)
def test_what_the_draft_cites_is_recognised_and_judged(citation: str, how: str, searcher: Searcher) -> None:
    found = _one(f"Magnesium does not prevent cramps in older adults {citation}.", searcher)
    (own,) = found.own
    assert (own.citation.how, own.verdict) == (how, "supports")
    assert found.finding is not None
    assert (found.finding.outcome, found.insert) == ("already cited", ())


def test_an_own_citation_that_says_the_opposite_is_found_out(searcher: Searcher) -> None:
    found = _one("Magnesium prevents cramps in older adults [@garrison2020].", searcher)
    (own,) = found.own
    assert own.verdict == "contradicts"


def test_an_own_citation_counts_for_its_clause(searcher: Searcher) -> None:
    text = (
        "Magnesium does not prevent cramps in older adults [@garrison2020]; "
        "menadiol reduces vascular calcification after kidney transplantation."
    )
    found = _one(text, searcher)
    assert [judged.verdict for judged in found.own] == ["supports"]
    assert [finding.outcome for finding in found.parts] == ["already cited", "contradicted"]


def test_a_citation_by_number_is_looked_up_in_the_list_of_the_draft(searcher: Searcher) -> None:
    text = (
        "# Folate\n\nFolate cut hip fractures after a stroke [1].\n\n## References\n\n"
        "1. Sato Y. Effect of folate and mecobalamin on hip fractures in patients with stroke. "
        "JAMA. 2005;293(9):1082-8.\n"
    )
    (own,) = _one(text, searcher).own
    assert own.verdict == "retracted"
    assert own.citation.note is not None


def test_a_citation_of_nothing_is_said_to_be_unknown(searcher: Searcher) -> None:
    (own,) = _one("Magnesium does not prevent cramps [@ghost1999].", searcher).own
    assert (own.verdict, own.citation.note) == ("unknown", "not in the library")


def test_a_draft_in_another_language_is_said_so(searcher: Searcher) -> None:
    german = "Die Einnahme von Vitamin K2 senkt nach einer Studie das Risiko von Brüchen und ist nicht teuer."
    cited = cite_draft(read_text(german), searcher)
    assert cited.sentences[0].finding is None
    assert "German" in cited.notes[0]
