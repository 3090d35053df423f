"""A draft laid out: every character once and in order, its claims numbered, its offers in the right order."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Integrity, Passage, Source
from search_api.drafts.claims import sentences
from search_api.drafts.reading import read_text
from search_api.drafts.records import (
    CitedDraft,
    CitedSentence,
    ClaimPart,
    Finding,
    Insertion,
    Sentence,
    Suggestion,
)
from search_api.pages.draft_layout import draft_rows, numbered, offers_of, retracted_of

_PASSAGE = Passage("p", "doi:10.1/a", 0, 1, "x", (), "paragraph")


def _suggested(name: str, retracted: bool = False) -> Suggestion:
    integrity = Integrity("retracted") if retracted else Integrity()
    source = Source(f"doi:10.1/{name}", "study", {"title": name}, "x", (), integrity=integrity)
    return Suggestion(source, _PASSAGE, None, 0.9)


@given(st.text(st.sampled_from("Aab.?! \n#-*>`|[@]1\r🧬ע"), min_size=1, max_size=200).filter(str.strip))
def test_every_character_of_a_paragraph_comes_out_once_and_in_order(text: str) -> None:
    draft = read_text(text)
    found = Finding("nothing adequate found")
    cited = CitedDraft(draft, tuple(CitedSentence(s, found) for s in sentences(draft)))
    rows = draft_rows(draft, numbered(cited))
    paragraphs = [draft.text[p.start : p.end] for p in draft.paragraphs if p.end > p.start]
    assert ["".join(piece.text for piece in row.pieces) for row in rows] == paragraphs


def test_only_sentences_that_something_is_said_of_are_numbered() -> None:
    draft = read_text("Bones need vitamin K. Do they? Cramps pass.")
    first, second, third = sentences(draft)
    found = Finding("nothing adequate found")
    told = numbered(
        CitedDraft(draft, (CitedSentence(first, found), CitedSentence(second), CitedSentence(third, found)))
    )
    assert [(one.number, one.cited.sentence.text) for one in told] == [
        (1, "Bones need vitamin K."),
        (2, "Cramps pass."),
    ]
    pieces = draft_rows(draft, told)[0].pieces
    assert [piece.text for piece in pieces if piece.sentence] == ["Bones need vitamin K.", "Cramps pass."]


def test_what_is_taken_is_offered_first_at_its_clause_and_nothing_twice_or_retracted() -> None:
    one, two, bad = _suggested("one"), _suggested("two"), _suggested("bad", retracted=True)
    sentence = Sentence(0, 40, "x", "claim", parts=(ClaimPart(0, 18, "x"), ClaimPart(19, 40, "y")))
    cited = CitedSentence(
        sentence,
        Finding("partly supported", (one, bad)),
        (Finding("source found", (one,)), Finding("supported", (two, one))),
        insert=(Insertion(19, 40, (two.source,)),),
    )
    assert [(o.start, o.suggestion.source.title, o.taken) for o in offers_of(cited)] == [
        (19, "two", True),
        (0, "one", False),
    ]
    assert [s.source.title for s in retracted_of(cited)] == ["bad"]
