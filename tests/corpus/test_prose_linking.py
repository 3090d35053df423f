"""Studies named in prose -> studies of the library: what agrees, what excludes, what is left open."""

import pytest

from corpus.prose_linking import THRESHOLD, WEIGHTS, Verdict, candidates, resolve
from corpus.prose_mentions import mentions_in
from corpus.records import Source
from corpus.study_profiles import StudyProfiles
from corpus.topic_words import abbreviations_in
from tests.corpus.prose_library import PROFILES, SOURCES


def verdict(text: str, profiles: StudyProfiles = PROFILES) -> Verdict:
    """What became of a text's first mention."""
    return resolve(mentions_in(text, profiles)[0].clues, profiles, abbreviations_in(text))


def named(text: str, profiles: StudyProfiles = PROFILES) -> str | None:
    """The key of the study that a text's first mention resolves to."""
    found = verdict(text, profiles).source_id
    return found.removeprefix("doi:10.1/") if found else None


def fitting(text: str) -> list[str]:
    """The ids of the studies that nothing in a text's first mention excludes, the nearest first."""
    found = candidates(mentions_in(text, PROFILES)[0].clues, PROFILES, {})
    return [PROFILES.profiles[row].source_id for row in found.rows]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Quist and van der Berg (2006) weighed seaweed against bone density.", "quist2006"),
        ("A 2006 study from the Harbour City cohort tied seaweed to denser bone.", "quist2006"),
        ("A Norwegian cohort of about 5,000 adults linked seaweed to bone density.", "quist2006"),
        ("Kelp tablets failed brittle nails in a 2012 paper in Bone.", "quist2012"),
        ("A randomised trial in 84 women gave kelp for brittle nails.", "quist2012"),
        ("Kelp for nails was a dead end, as Anna Quist's team reported in 2012.", "quist2012"),
        ("A 2012 trial in Danish sailors found that rowing eased restless shoulders.", "tern2012"),
        ("The SHOULDER-UP trial had sailors row before sleep for their shoulders.", "tern2012"),
        ("The protocol of a 2013 trial plans rowing for restless shoulders in 300 men.", "tern2013plan"),
        ("A 2019 Cochrane review of iodine for tired sailors pooled 11 trials.", "odum2019"),
        ("A 1999 experiment fed dried plums to rats for harder teeth.", "wren1999"),
    ],
)
def test_a_mention_resolves_to_the_study_that_its_clues_state(text: str, key: str) -> None:
    assert named(text) == key
    assert verdict(text).confidence >= THRESHOLD


@pytest.mark.parametrize(
    "text",
    [
        "Quist and van der Berg (2007) weighed seaweed against bone density.",
        "Odum and Quist (2012) gave kelp for brittle nails in women.",
        "Bert Quist and colleagues (2012) gave kelp for brittle nails in women.",
        "Quist, Odum and Wren (2012) gave kelp for brittle nails in women.",
        "A 2006 study from the Mountain Village cohort tied seaweed to denser bone.",
        "A 2006 trial of seaweed and bone density came first.",
        "A Japanese cohort of 5,120 adults linked seaweed to bone density.",
        "A randomised trial in 85 women gave kelp for brittle nails.",
        "A 2012 trial of kelp for brittle nails in men failed.",
        "Kelp tablets failed brittle nails in a 2012 paper in Teeth.",
        "A 1999 experiment gave dried plums to women for harder teeth.",
        "The SHOULDER-UP 2 trial had sailors row before sleep for their shoulders.",
        "A 2012 trial gave rowing to patients with migraine, gout and hiccups.",
    ],
    ids=[
        "another year",
        "another first author",
        "another given name",
        "an author that the record lacks",
        "another cohort",
        "another design",
        "another country",
        "another size",
        "another sex",
        "another journal",
        "people for rats",
        "another trial of that name",
        "another subject",
    ],
)
def test_what_contradicts_the_record_keeps_a_mention_open(text: str) -> None:
    assert named(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A randomised trial in {} women gave kelp for brittle nails.", "84 85 8,400"),
        ("A cohort of about {} adults linked seaweed to bone density.", "5,000 9,000 500"),
        ("A {} trial gave kelp tablets to women with brittle nails.", "2012 2011 2013"),
        ("A 2012 paper in {} is on rowing for restless shoulders.", "Nautical Medicine|Bone|Teeth"),
        ("A {} cohort of 5,120 adults linked seaweed to bone density.", "Norwegian Danish Dutch"),
        ("A 2012 {} had sailors row for restless shoulders.", "trial|cohort|meta-analysis"),
        ("A 2012 trial gave kelp tablets to {} with brittle nails.", "women men rats"),
        ("{} Quist and colleagues (2012) gave kelp tablets.", "Anna Bert Carl"),
    ],
)
def test_a_stated_fact_excludes_every_record_that_says_otherwise(text: str, words: str) -> None:
    """Of three words in one place the first is the record's."""
    right, *wrong = words.split("|") if "|" in words else words.split()
    meant = fitting(text.format(right))
    assert meant
    assert not any(meant[0] in fitting(text.format(word)) for word in wrong)


def test_two_studies_that_fit_equally_well_leave_a_mention_open_and_are_named() -> None:
    open_ = verdict("Lark (2019) gave cod liver oil to young sailors for their vision.")
    assert open_.source_id is None
    assert "doi:10.1/lark2019a" in open_.reason
    assert "doi:10.1/lark2019b" in open_.reason
    assert open_.confidence <= 0.5
    assert named("Lark (2019) gave cod liver oil to young sailors for their night vision.") != "lark2019b"


def test_of_two_that_are_near_the_stated_detail_decides() -> None:
    text = "A 2019 trial by Eve Lark gave cod liver oil for {} vision in young sailors from Iceland."
    night, day = verdict(text.format("night")), verdict(text.format("day"))
    assert night.confidence > day.confidence + 0.1
    assert day.reason == "doi:10.1/lark2019a and doi:10.1/lark2019b fit it alike", "days are no subject"
    assert named("In 2019 Odum and others pooled iodine trials in sailors.") == "odum2019"


def test_where_nothing_fits_the_reason_says_so() -> None:
    assert verdict("Zimmer and colleagues (1950) came first.") == Verdict(
        None, 0.0, "no study of the library has all that it states"
    )
    weak = verdict("Quist (2012) is out of print.")
    assert weak.source_id is None
    assert weak.reason == f"doi:10.1/quist2012 fits best, with a confidence of {weak.confidence:.2f}"


def test_an_abbreviation_of_the_text_is_read_as_what_it_stands_for() -> None:
    text = (
        "Restless shoulders syndrome (RSS) is common. A 2012 trial of bedtime rowing for RSS in sailors won."
    )
    (mention,) = mentions_in(text, PROFILES)
    told = candidates(mention.clues, PROFILES, abbreviations_in(text)).features[0]
    untold = candidates(mention.clues, PROFILES, {}).features[0]
    phrase = list(WEIGHTS).index("phrase")
    assert told[phrase] > untold[phrase]


def test_a_study_that_is_not_in_the_library_is_not_replaced_by_its_neighbour() -> None:
    """The library without the right study, for each study that a sentence names beyond doubt."""
    text = "The protocol of a 2013 trial plans rowing for restless shoulders in 300 men."
    without = StudyProfiles.of(source for source in SOURCES if source.key != "tern2013plan")
    assert named(text, without) is None
    text = "A 2019 Cochrane review of iodine for tired sailors pooled 11 trials."
    without = StudyProfiles.of(source for source in SOURCES if source.key != "odum2019")
    assert named(text, without) is None


def test_an_empty_library_answers_nothing() -> None:
    assert verdict("Quist (2012) wrote on kelp.", StudyProfiles.of([])).source_id is None


def test_confidences_of_all_candidates_leave_room_for_none_of_them() -> None:
    (mention,) = mentions_in("Lark (2019) gave cod liver oil to young sailors.", PROFILES)
    found = candidates(mention.clues, PROFILES, {})
    shares = found.shares(list(WEIGHTS.values()))
    assert found.features.shape == (len(found.rows), len(WEIGHTS))
    assert 0 < shares.sum() < 1
    assert abs(shares[0] - shares[1]) < 1e-9


def test_a_record_without_facts_contradicts_nothing() -> None:
    bare = Source(
        "doi:10.1/bare",
        "study",
        {"title": "Knots and the patience of old captains", "issued": {"date-parts": [[2001]]}},
        "Knots and the patience of old captains",
        (),
    )
    profiles = StudyProfiles.of([*SOURCES, bare])
    text = "A 2001 Danish trial of 60 captains asked whether knots teach old captains patience."
    assert verdict(text, profiles).source_id == "doi:10.1/bare"
