"""A question becomes cited passages: exact quotes, honest filters, one place for each source's words."""

import json
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import ParameterError
from corpus.records import Passage, SearchHit, Source
from indexer.build import build
from indexer.generation import IndexDirectory
from indexer.terms import has_terms
from search_api.queries import query_from
from search_api.search import SearchAnswer, Searcher

_QUESTIONS = (
    "Does vitamin K2 help circulation in the legs?",
    "Does magnesium prevent night cramps?",
    "Which vitamin K studies were retracted?",
    "MK-7 and dp-ucMGP in dialysis patients",
    "warfarin and vitamin K intake",
    "compression stockings for varicose veins",
)
_ALL = {"limit": 100, "max_per_source": 100}


def _ask(searcher: Searcher, question: str, **parameters: Any) -> SearchAnswer:
    return searcher.search(query_from({"query": question, **parameters}))


def _passages(searcher: Searcher) -> list[tuple[Passage, Source]]:
    """Every passage of the library with its source, read from the library and not searched for."""
    library = searcher.library
    rows = range(len(library.passage_ids))
    return [(p, library.source(p.source_id)) for p in library.passages(rows)]


def _overlap(one: Passage, other: Passage) -> bool:
    return one.source_id == other.source_id and one.start < other.end and other.start < one.end


def _key(answer: SearchAnswer) -> list[tuple[str, float, dict[str, float]]]:
    return [(hit.passage.passage_id, hit.score, dict(hit.scores)) for hit in answer.hits]


# What a reader gets


@pytest.mark.parametrize("question", _QUESTIONS)
@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_every_quote_equals_its_slice_of_the_source(searcher: Searcher, question: str, mode: str) -> None:
    answer = _ask(searcher, question, mode=mode, **_ALL)
    assert answer.hits
    for hit in answer.hits:
        passage = hit.passage
        source = searcher.library.source(passage.source_id)
        assert source == hit.source
        assert source.text[passage.start : passage.end] == passage.text
        for span in hit.highlights:
            assert 0 <= span.start < span.end <= len(passage.text)
        for cited in hit.cites:
            assert passage.start <= cited.mention.start < cited.mention.end <= passage.end
            assert cited.source.source_id == cited.mention.source_id


@pytest.mark.parametrize("question", _QUESTIONS)
def test_ranks_count_up_from_1_and_scores_go_down_from_at_most_1(searcher: Searcher, question: str) -> None:
    hits = _ask(searcher, question, limit=50).hits
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_cites_of_a_hit_are_those_of_its_passage(searcher: Searcher) -> None:
    hits = _ask(searcher, "retracted trial of vitamin K in Parkinson disease", kind="article").hits
    assert any(hit.cites for hit in hits)
    for hit in hits:
        assert tuple(cited.source.source_id for cited in hit.cites) == hit.passage.cites


@pytest.mark.parametrize(("limit", "expected"), [(1, 1), (7, 7), (100, 100)])
def test_as_many_hits_come_as_were_asked_for(searcher: Searcher, limit: int, expected: int) -> None:
    assert len(_ask(searcher, "vitamin K", limit=limit, max_per_source=100).hits) == expected


def test_a_smaller_limit_is_the_beginning_of_a_larger_one(searcher: Searcher) -> None:
    whole = _ask(searcher, _QUESTIONS[0], limit=50)
    assert _key(_ask(searcher, _QUESTIONS[0], limit=5)) == _key(whole)[:5]


def test_the_answer_names_the_index_that_gave_it(searcher: Searcher) -> None:
    answer = _ask(searcher, "leg cramps")
    assert answer.index_version == searcher.manifest.index_version
    assert answer.took_ms > 0


# What must be found


def test_a_question_about_menaquinone_and_heart_disease_finds_the_rotterdam_study(searcher: Searcher) -> None:
    answer = _ask(searcher, "Did a cohort study link menaquinone intake to coronary heart disease?")
    first = answer.hits[:3]
    found = {hit.source.source_id for hit in first} | {c.source.source_id for h in first for c in h.cites}
    assert "doi:10.1093/jn/134.11.3100" in found
    assert answer.adequate


def test_a_retracted_trial_is_found_first_and_its_retraction_is_the_first_warning(searcher: Searcher) -> None:
    first = _ask(searcher, "Sato menatetrenone Parkinson fractures").hits[0]
    assert first.source.source_id == "doi:10.1016/s8756-3282(02)00783-4"
    assert first.source.integrity.status == "retracted"
    assert first.warnings[0].startswith("RETRACTED")


@pytest.mark.parametrize(
    "typed", ["10.1093/jn/134.11.3100", "15514282", "geleijnse2004", "Geleijnse menaquinone 2004"]
)
def test_the_lexical_leg_finds_a_study_by_its_identifier_or_author(searcher: Searcher, typed: str) -> None:
    first = _ask(searcher, typed, mode="lexical").hits[0]
    assert first.source.source_id == "doi:10.1093/jn/134.11.3100"


@pytest.mark.parametrize("spelling", ["MK-7 bone", "MK7 bone", "MK 7 bone"])
def test_every_spelling_of_a_name_finds_it_by_words_alone(searcher: Searcher, spelling: str) -> None:
    for hit in _ask(searcher, spelling, mode="lexical", limit=3).hits:
        assert "MK-7" in hit.passage.text
        assert "bone" in hit.passage.text.casefold()


def test_a_question_about_something_else_is_answered_with_nothing_adequate(searcher: Searcher) -> None:
    assert not _ask(searcher, "How do I change the oil of a motorcycle?").adequate


# What must never be found


def _boilerplate(source: Source) -> list[str]:
    return [source.text[b.start : b.end] for b in source.blocks if b.kind == "boilerplate"]


def test_boilerplate_is_never_a_result_even_when_its_own_words_are_asked_for(searcher: Searcher) -> None:
    disclaimers = [text for source in searcher.library.sources() for text in _boilerplate(source)]
    assert len(disclaimers) >= 10
    for disclaimer in {text[:400] for text in disclaimers}:
        for mode in ("hybrid", "dense", "lexical"):
            for hit in _ask(searcher, disclaimer, mode=mode, **_ALL).hits:
                assert not any(
                    block.kind == "boilerplate"
                    and hit.passage.start < block.end
                    and block.start < hit.passage.end
                    for block in hit.source.blocks
                )


@pytest.mark.parametrize("question", _QUESTIONS)
def test_overlapping_windows_of_one_source_count_once(searcher: Searcher, question: str) -> None:
    passages = [hit.passage for hit in _ask(searcher, question, **_ALL).hits]
    assert not any(_overlap(one, other) for one, other in combinations(passages, 2))


def test_the_library_does_hold_overlapping_windows(searcher: Searcher) -> None:
    """Without them the test before could not fail."""
    passages = [passage for passage, _ in _passages(searcher)]
    assert any(_overlap(one, other) for one, other in combinations(passages, 2))


@pytest.mark.parametrize("most", [1, 2, 5])
def test_no_source_takes_more_places_than_allowed(searcher: Searcher, most: int) -> None:
    hits = _ask(searcher, "vitamin K", kind="article", limit=100, max_per_source=most).hits
    counts = [sum(h.source.source_id == hit.source.source_id for h in hits) for hit in hits]
    assert max(counts) == most


# Filters


def _expected(
    searcher: Searcher, passes: Any, hits: Sequence[SearchHit]
) -> tuple[set[str], set[str], list[Passage]]:
    """Ids found, ids that pass, and the passing passages that neither were found nor overlap one found."""
    passing = [passage for passage, source in _passages(searcher) if passes(source)]
    found = [hit.passage for hit in hits]
    lost = [p for p in passing if not any(p == f or _overlap(p, f) for f in found)]
    return {p.passage_id for p in found}, {p.passage_id for p in passing}, lost


def test_all_passages_of_all_trials_come_back_when_trials_are_asked_for(searcher: Searcher) -> None:
    hits = _ask(searcher, "vitamin K", kind="study", study_type="RCT", **_ALL).hits
    found, passing, lost = _expected(
        searcher, lambda s: s.study is not None and s.study.design == "RCT", hits
    )
    assert len(passing) >= 30
    assert found == passing
    assert lost == []


@pytest.mark.parametrize(
    ("parameters", "passes"),
    [
        (
            {"study_type": "cohort,meta-analysis"},
            lambda s: s.study and s.study.design in ("cohort", "meta-analysis"),
        ),
        ({"study_type": "rct"}, lambda s: s.study and s.study.design == "RCT"),
        (
            {"kind": "study", "year_from": 2015, "year_to": 2017},
            lambda s: s.kind == "study" and 2015 <= s.year <= 2017,
        ),
        ({"year_to": 2003}, lambda s: s.year is not None and s.year <= 2003),
        ({"container": "bone"}, lambda s: s.csl.get("container-title") == "Bone"),
        ({"integrity": "only"}, lambda s: s.integrity.status != "none-known"),
        (
            {"kind": "study", "integrity": "exclude", "year_from": 2019},
            lambda s: (
                s.kind == "study" and s.year >= 2019 and s.integrity.status not in ("retracted", "concern")
            ),
        ),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_a_filter_lets_through_what_passes_and_loses_none_of_it(
    searcher: Searcher, parameters: dict[str, Any], passes: Any, mode: str
) -> None:
    hits = _ask(searcher, "vitamin K and vascular disease", mode=mode, **parameters, **_ALL).hits
    found, passing, lost = _expected(searcher, passes, hits)
    assert 0 < len(passing) <= 100
    assert found <= passing
    assert lost == []


def test_a_filter_holds_for_the_lexical_leg_as_well(searcher: Searcher) -> None:
    hits = _ask(searcher, "vitamin K", mode="lexical", study_type="cohort", **_ALL).hits
    assert hits
    assert all(hit.source.study is not None and hit.source.study.design == "cohort" for hit in hits)


def test_excluding_leaves_out_what_was_retracted_and_nothing_else(searcher: Searcher) -> None:
    asked = "Sato menatetrenone Parkinson fractures"
    excluded = {h.source.source_id for h in _ask(searcher, asked, integrity="exclude", **_ALL).hits}
    only = _ask(searcher, asked, integrity="only", **_ALL).hits
    flagged = {h.source.source_id: h.source for h in only}
    retracted = {i for i, source in flagged.items() if source.integrity.status == "retracted"}
    assert len(retracted) == 4
    assert not excluded & retracted


def test_flagged_hits_are_kept_by_default_and_warned_of(searcher: Searcher) -> None:
    hits = _ask(searcher, "vitamin K fractures", integrity="only", **_ALL).hits
    assert {hit.source.integrity.status for hit in hits} == {"retracted", "corrected"}
    assert all(hit.warnings for hit in hits)


def test_an_article_that_rests_on_a_retracted_study_says_so(searcher: Searcher) -> None:
    hits = _ask(searcher, "retracted MK-4 trial in Parkinson disease", kind="article").hits
    resting = [h for h in hits if any(c.source.integrity.status == "retracted" for c in h.cites)]
    assert resting
    assert all(any(w.startswith("CITES A RETRACTED STUDY") for w in hit.warnings) for hit in resting)


def test_a_design_that_no_study_has_is_refused_with_those_there_are(searcher: Searcher) -> None:
    with pytest.raises(ParameterError) as caught:
        _ask(searcher, "vitamin K", study_type="RCT,horoscope")
    assert (caught.value.field, caught.value.given) == ("study_type", "horoscope")
    assert "cohort" in caught.value.remedy


def test_filters_that_nothing_passes_give_an_empty_and_inadequate_answer(searcher: Searcher) -> None:
    answer = _ask(searcher, "vitamin K", year_from=1000, year_to=1001)
    assert answer.hits == ()
    assert not answer.adequate


# Modes


def test_each_mode_ranks_by_its_own_leg(searcher: Searcher) -> None:
    dense = [hit.scores["dense"] for hit in _ask(searcher, _QUESTIONS[1], mode="dense", limit=30).hits]
    lexical = [hit.scores["lexical"] for hit in _ask(searcher, _QUESTIONS[1], mode="lexical", limit=30).hits]
    assert dense == sorted(dense, reverse=True)
    assert lexical == sorted(lexical, reverse=True)


def test_a_passage_that_the_lexical_leg_did_not_find_has_no_lexical_score(searcher: Searcher) -> None:
    hits = _ask(searcher, "nocturnal spasms of the calf muscle", **_ALL).hits
    assert any("lexical" not in hit.scores for hit in hits)
    assert all(hit.scores["lexical"] > 0 for hit in hits if "lexical" in hit.scores)
    assert all("dense" in hit.scores for hit in hits)


# Always the same


@pytest.mark.parametrize("question", _QUESTIONS)
def test_the_same_question_gets_the_same_answer_twice(searcher: Searcher, question: str) -> None:
    assert _key(_ask(searcher, question, **_ALL)) == _key(_ask(searcher, question, **_ALL))


def test_another_searcher_of_the_same_generation_answers_alike(
    searcher: Searcher, starter_index: Path
) -> None:
    other = Searcher.open(IndexDirectory(starter_index).open(), threads=1)
    for question in _QUESTIONS:
        assert _key(_ask(other, question)) == _key(_ask(searcher, question))
    other.close()


_STUDY = {
    "type": "article-journal",
    "title": "Magnesium citrate for night cramps",
    "author": [{"family": "Doe", "given": "Jane"}],
    "issued": {"date-parts": [[2020]]},
    "custom": {
        "study_type": "RCT",
        "summary": "Magnesium citrate did not reduce night cramps in 100 adults.",
    },
}


@pytest.fixture(scope="module")
def twins(starter_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A searcher of four studies with the same words, one of them on another subject."""
    folder = tmp_path_factory.mktemp("twins")
    other = _STUDY | {
        "title": "Vitamin D and falls",
        "custom": {"summary": "Vitamin D did not change falls."},
    }
    records = [_STUDY | {"id": f"doe{n}", "DOI": f"10.1000/x{n}"} for n in "abc"]
    (folder / "studies.json").write_text(json.dumps([*records, other | {"id": "dod", "DOI": "10.1000/xd"}]))
    copytree(starter_index, folder / "index")
    build(folder / "index", [folder / "studies.json"], prune=True)
    opened = Searcher.open(IndexDirectory(folder / "index").open())
    yield opened
    opened.close()


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_draws_are_in_order_of_passage_id(twins: Searcher, mode: str) -> None:
    hits = _ask(twins, "magnesium for night cramps", mode=mode).hits[:3]
    assert len({hit.score for hit in hits}) == 1
    ids = [hit.passage.passage_id for hit in hits]
    assert ids == sorted(ids)
    assert len(set(ids)) == 3


def test_two_sources_with_the_same_words_both_appear_at_one_place_each(twins: Searcher) -> None:
    hits = _ask(twins, "magnesium for night cramps", max_per_source=1).hits
    assert {hit.source.source_id for hit in hits} == {f"doi:10.1000/x{n}" for n in "abcd"}


# Whatever is asked


@given(st.text(min_size=1, max_size=300).filter(has_terms), st.sampled_from(["hybrid", "dense", "lexical"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered_with_exact_quotes_or_with_none(
    searcher: Searcher, question: str, mode: str
) -> None:
    for hit in _ask(searcher, question, mode=mode).hits:
        assert hit.source.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_a_question_of_2000_characters_is_answered(searcher: Searcher) -> None:
    answer = _ask(searcher, ("menaquinone and coronary heart disease " * 60)[:2000])
    assert answer.hits[0].source.source_id in {
        "doi:10.1093/jn/134.11.3100",
        "doi:10.1016/j.numecd.2008.10.004",
    }
