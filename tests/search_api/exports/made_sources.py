"""Sources made by hypothesis: what a reader could have made of some record, within the limits of `held`."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from corpus.normalising import normalised
from corpus.readers.tagged_values import without_final_stop
from corpus.records import Integrity, Source, Study
from corpus.study_records import StudyRecord, study_from
from search_api.exports.fields import abstract_line, iso_date, issued, names, one_line

_SIGNS = "{}\\%&_#$~^\"'`“”‘’«»-–—…()[]<>=+@/|:;,.!?*°§ßøŁıéñçžÅαβµ₂⁺×≥±中文é "
_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn"))
#: What spreadsheets and programs write for "nothing".
_NOTHING = frozenset({"", "null", "none", "nan", "n/a", "na", "-", "[]", "."})


def _is_something(text: str) -> bool:
    return text.casefold() not in _NOTHING and "available" not in text


def _line(text: str) -> str:
    return " ".join(normalised(text).split())


_WORDS = st.lists(
    st.one_of(
        st.text(st.one_of(st.sampled_from(_SIGNS), _LETTERS), min_size=1, max_size=8),
        st.sampled_from(
            ["vitamin", "K2", "MK-7", "dp-ucMGP", "the", "Rotterdam\nStudy", "p<0.05", "&amp;", "--", "''"]
        ),
    ),
    min_size=1,
    max_size=9,
).map(" ".join)
TITLES = _WORDS.map(lambda words: without_final_stop(_line(words))).filter(_is_something)
_CAPITAL = st.sampled_from("ABCDÉÖŁØŽČ")
_NAME_WORD = st.builds(
    lambda first, rest: first + rest,
    _CAPITAL,
    st.text(st.sampled_from("abcdefgéöłøžčñ'-"), min_size=1, max_size=7).map(
        lambda rest: rest.rstrip("'-") + "a"
    ),
)
_PARTICLE = st.sampled_from(["", "", "", "van ", "van der ", "de ", "von ", "De ", "al-", "d'", "Mc"])
_FAMILY = st.builds(lambda particle, *words: particle + " ".join(words), _PARTICLE, _NAME_WORD) | st.builds(
    lambda one, other: f"{one} {other}", _NAME_WORD, _NAME_WORD
)
_GIVEN = st.one_of(
    st.sampled_from(["J. M.", "J.-P.", "A", "Jean Paul", "I. M. de", "Mary & Ann", "R. (Bob)"]),
    st.builds(lambda one, other: f"{one} {other}", _NAME_WORD, _NAME_WORD),
    _NAME_WORD,
)
_PEOPLE = st.one_of(
    st.builds(lambda family, given: {"family": family, "given": given}, _FAMILY, _GIVEN),
    st.builds(lambda family: {"family": family}, _FAMILY),
    st.builds(
        lambda family, given, suffix: {"family": family, "given": given, "suffix": suffix},
        _FAMILY,
        _NAME_WORD,
        st.sampled_from(["Jr", "Sr", "II", "III"]),
    ),
    st.sampled_from(
        [
            {"literal": "Footnote editors"},
            {"literal": "POPADAD Study Group"},
            {"literal": "World Health Organization"},
            {"literal": "Research and Development Unit"},
            {"literal": "Élan Inc."},
            {"literal": "Smith & Sons"},
            {"literal": "WHO"},
        ]
    ),
)
_DATES = st.one_of(
    st.builds(lambda year: [year], st.integers(1500, 2099)),
    st.builds(lambda year, month: [year, month], st.integers(1500, 2099), st.integers(1, 12)),
    st.dates(min_value=date(1500, 1, 1), max_value=date(2099, 1, 1)).map(
        lambda day: [day.year, day.month, day.day]
    ),
)
_PAGES = st.sampled_from(
    ["1", "3100-3105", "S12-S15", "e0815", "CD009402", "xii-xv", "12-15, 20", "a1840", "L7"]
)
_DOIS = st.builds(
    lambda prefix, suffix: f"10.{prefix}/{suffix}x".lower(),
    st.integers(1000, 99999),
    st.text(st.sampled_from("abc123()<>[];:._-/#&%+=~$*"), min_size=1, max_size=20),
)
_SHORT = st.sampled_from(["1", "134", "12A", "Suppl 2", "11-12", "-3", "=1", "S1", "50%", "3 & 4"])
_JOURNALS = st.sampled_from(
    ["The Journal of Nutrition", "BMJ", "Bone & Joint", "Ärzteblatt", "Nutrition (Burbank, Calif.)", "-Omics"]
)
_STANDINGS = st.builds(
    Integrity,
    status=st.sampled_from(["retracted", "concern", "corrected", "republished"]),
    notice=st.none() | _DOIS | st.integers(1, 10**8).map(lambda pmid: f"pmid:{pmid}"),
    date=st.none() | _DATES.map(iso_date),
    recorded_in=st.sampled_from(["PubMed record", "Retraction Watch"]),
    note=st.none()
    | st.sampled_from(["retracted and republished", "affected by a doubted trial; see 50% of it"]),
)
_SENTENCES = st.lists(_WORDS.map(_line), min_size=1, max_size=3).map(
    lambda words: "W" + " w".join(words).replace(":", "") + "w."
)
_ABSTRACTS = st.one_of(
    st.just(()),
    _SENTENCES.map(lambda text: (("", text),)),
    st.lists(
        st.tuples(
            st.sampled_from(["OBJECTIVE", "MATERIALS AND METHODS", "RESULTS", "CONCLUSIONS"]), _SENTENCES
        ),
        min_size=2,
        max_size=4,
    ).map(tuple),
)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """One study."""
    kind = draw(
        st.sampled_from(["article-journal", "article-journal", "article-journal", "webpage", "report"])
    )
    csl: dict[str, Any] = {"type": kind, "title": draw(TITLES)}
    optional = {
        "author": st.lists(_PEOPLE, min_size=1, max_size=5),
        "container-title": _JOURNALS,
        "container-title-short": st.just("Bone"),
        "issued": _DATES.map(lambda parts: {"date-parts": [parts]}),
        "volume": _SHORT,
        "issue": _SHORT,
        "page": _PAGES,
        "DOI": _DOIS,
        "PMID": st.integers(1, 999999999).map(str),
        "PMCID": st.integers(1, 10**8).map(lambda number: f"PMC{number}"),
        "ISSN": st.just("0022-3166"),
        "language": st.sampled_from(["en", "de"]),
        "keyword": st.sampled_from(["bone", "vitamin K; arteries & veins"]),
        "URL": st.sampled_from(["https://example.org/a_b?c=1&copy=2#d~e%20f", "http://example.org/"]),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            csl[name] = draw(values)
    if csl.get("container-title") in (None, "BMJ"):
        csl.pop("container-title-short", None)
    record = StudyRecord(
        csl,
        abstract=draw(_ABSTRACTS),
        key=draw(st.none() | st.from_regex(r"[a-z]{3,9}[12][0-9]{3}[a-z]?", fullmatch=True)),
        integrity=draw(st.just(Integrity()) | _STANDINGS),
        authors_complete="author" not in csl or draw(st.booleans()),
        license=draw(st.none() | st.just("CC BY 4.0")),
        study=draw(st.none() | st.just(Study("RCT", "199 adults aged 65+", "=Fewer cramps; p<0.05"))),
    )
    return study_from(record, "made", "record 1")


def held_values(source: Source, fields: frozenset[str]) -> dict[str, Any]:
    """The source's values of some fields in a form in which equal means that nothing was lost."""
    csl = source.csl
    values: dict[str, Any] = {
        name: one_line(csl[name]) for name in fields if isinstance(csl.get(name), str | int)
    }
    if values.get("DOI"):
        values["DOI"] = values["DOI"].lower()
    values["issued"] = issued(source)
    values |= {role: names(source, role) for role in ("author", "editor") if role in fields}
    values["authors-complete"] = source.authors_complete
    standing = source.integrity
    values["standing"] = standing if standing.status != "none-known" or standing.note else Integrity()
    values["abstract"] = abstract_line(source)
    if "key" in fields:
        values["key"] = source.key
    if "license" in fields:
        values["license"] = source.license
    if "study" in fields and source.study:
        values["study"] = (source.study.design, source.study.sample_size, source.study.finding)
    return values
