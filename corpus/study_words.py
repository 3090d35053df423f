"""The words by which prose says what a study is: its design, its people and the country it was done in.

Designs are those of `corpus.study_facts`. A word maps to every design that a record may have for the
word to be true of it: "trial" is true of an RCT, "study" of nearly everything.
"""

import re
from collections.abc import Iterable

_TRIALS = frozenset({"RCT", "non-randomised trial"})
_OBSERVATIONAL = frozenset({"cohort", "case-control", "cross-sectional"})
_REVIEWS = frozenset({"review", "systematic review", "meta-analysis"})
_PRIMARY = _TRIALS | _OBSERVATIONAL | {"animal", "in vitro", "case report", "food analysis"}

#: Head words in the singular: what a writer may call one study.
HEADS: dict[str, frozenset[str]] = {
    "study": _PRIMARY | _REVIEWS | {"research integrity"},
    "trial": _TRIALS,
    "rct": frozenset({"RCT"}),
    "cohort": frozenset({"cohort"}),
    "review": _REVIEWS,
    "meta-analysis": frozenset({"meta-analysis", "systematic review"}),
    "metaanalysis": frozenset({"meta-analysis", "systematic review"}),
    "analysis": _PRIMARY | _REVIEWS | {"research integrity"},
    "survey": _OBSERVATIONAL | {"food analysis"},
    "experiment": _TRIALS | {"animal", "in vitro", "food analysis"},
    "guideline": frozenset({"guideline"}),
    "guidelines": frozenset({"guideline"}),
    "statement": frozenset({"guideline"}),
    "protocol": frozenset({"protocol"}),
    "comparison": _PRIMARY,
    "pilot": _TRIALS,
    "update": _REVIEWS | {"guideline"},
    "piece": frozenset({"review", "editorial", "letter"}),
    "audit": _OBSERVATIONAL | {"research integrity"},
    "investigation": _PRIMARY | _REVIEWS | {"research integrity"},
    "reanalysis": _PRIMARY | _REVIEWS,
    "re-analysis": _PRIMARY | _REVIEWS,
    "synthesis": _REVIEWS,
    "overview": _REVIEWS,
    "letter": frozenset({"letter", "editorial"}),
    "editorial": frozenset({"letter", "editorial"}),
    "commentary": frozenset({"letter", "editorial", "review"}),
    "work": frozenset(),
    "paper": frozenset(),
    "report": frozenset(),
    "article": frozenset(),
    "publication": frozenset(),
}

#: Words before or beside the head that narrow it; the first that fits decides.
_NARROWING: tuple[tuple[str, frozenset[str]], ...] = (
    (r"\bprotocol\b", frozenset({"protocol"})),
    (r"meta-?analy", frozenset({"meta-analysis", "systematic review"})),
    (r"\bpooled\b", frozenset({"meta-analysis", "systematic review", "cohort"})),
    (r"systematic (?:literature )?review|\bcochrane\b", frozenset({"systematic review", "meta-analysis"})),
    (r"(?:narrative|critical|literature) review", frozenset({"review"})),
    (r"\bguidelines?\b|position statement|consensus statement", frozenset({"guideline"})),
    (r"\bnon-?randomi[sz]ed|\bsingle[- ]arm\b|\bpre-?post\b|\buncontrolled\b", _TRIALS - {"RCT"}),
    (r"randomi[sz]ed|\brcts?\b|placebo-controlled|double[- ]blind", frozenset({"RCT"})),
    (r"\bcase-control\b", frozenset({"case-control"})),
    (r"\bcross-sectional\b", frozenset({"cross-sectional"})),
    (r"\bcohort\b|\bprospective\b|\blongitudinal\b|\bfollow-up study\b", frozenset({"cohort"})),
    (r"\bobservational\b|\bepidemiological\b", _OBSERVATIONAL),
    (r"\bin vitro\b|\bcell (?:culture|line)s?\b", frozenset({"in vitro"})),
    (
        r"\b(?:animal|mouse|mice|rats?|rabbits?|murine) (?:study|experiment|trial|model)",
        frozenset({"animal"}),
    ),
    (r"\bcase (?:report|series)\b", frozenset({"case report"})),
    (r"\b(?:clinical|cross-?over|pilot|supplementation|intervention|controlled) (?:study|trial)", _TRIALS),
)
_NARROWING_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), designs) for pattern, designs in _NARROWING)

_PEOPLE = (
    r"(?:patients?|participants?|adults?|women|men|people|persons?|subjects?|individuals|children|volunteers|"
    r"infants|girls|boys|adolescents|recipients?|users|completers|seniors|residents|nurses|physicians|outpatients|"
    r"[A-Z]\w+(?:ns|es|ese|sh))"
)
_NUMBER = r"(?:\d{1,3}(?:[,\u2009\u00a0]\d{3})+|\d+)"
_TWO_TO_TWENTY = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty"""
_WORDS = {word: number for number, word in enumerate(_TWO_TO_TWENTY.split(), 2)}
_ROUGHLY = (
    r"about|around|nearly|almost|roughly|approximately|over|more than|some|at least|fewer than|just under"
)
_STUDIES = (
    r"(?:(?:cohort |randomi[sz]ed |controlled |clinical )*(?:trials|studies|cohorts|articles|rcts|RCTs))"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,/–-])(?P<bare>{_NUMBER}|{'|'.join(_WORDS)})(?=[\s-])|\b[nN]\s?=\s?(?P<sample>{_NUMBER})"
)
_COUNTED_BEHIND = re.compile(
    rf"\s(?:(?!and\b|or\b|to\b|of\b|in\b)[\w’'/-]+\s){{0,4}}?(?:{_PEOPLE}|{_STUDIES})\b|"
    r"-(?:man|woman|person|patient|subject)\b"
)
_ROUGH_BEFORE = re.compile(rf"\b(?:{_ROUGHLY})\s$")
#: A counted group of people, for patterns of other files.
COUNTED_PEOPLE = (
    rf"(?:(?:{_ROUGHLY})\s)?(?<![\w.,/–-]){_NUMBER}\s"
    rf"(?:(?!and\b|or\b|to\b|of\b|in\b)[\w’'/-]+\s){{0,4}}?{_PEOPLE}\b"
)
_GROUPS = {
    "women": "woman women female females girls postmenopausal post-menopausal pregnant pregnancy",
    "men": "man men male males boys",
    "children": """child children infant infants adolescent adolescents newborn newborns teenager teenagers
    girls boys paediatric pediatric""",
    "adults": """adult adults older elderly senior seniors postmenopausal post-menopausal man men woman women
    middle-aged middle-age""",
    "people": """people patient patients participant participants adult adults man men woman women volunteer
    volunteers child children recipient recipients""",
    "animals": """mice mouse rat rats rabbit rabbits murine zebrafish dog dogs pig pigs swine monkey monkeys
    hamster hamsters""",
}
_GROUP_WORDS = {group: frozenset(words.split()) for group, words in _GROUPS.items()}
_LOWER_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")

#: The names of a country and of its people, each country between two marks.
_COUNTRIES = """
argentina argentine argentinian|australia australian australians|austria austrian austrians|
bangladesh bangladeshi|belgium belgian belgians|brazil brazilian brazilians|
britain british uk england english scotland scottish wales welsh|canada canadian canadians|
chile chilean|china chinese|colombia colombian|croatia croatian|cuba cuban|czechia czech|
denmark danish danes dane|egypt egyptian egyptians|estonia estonian|ethiopia ethiopian|
finland finnish finns|france french|germany german germans|ghana ghanaian|greece greek greeks|
hungary hungarian|iceland icelandic|india indian indians|indonesia indonesian|
iran iranian iranians|iraq iraqi|ireland irish|israel israeli israelis|italy italian italians|
japan japanese|kenya kenyan|korea korean koreans|lebanon lebanese|lithuania lithuanian|
malaysia malaysian|mexico mexican mexicans|morocco moroccan|nepal nepalese|
netherlands dutch holland|nigeria nigerian|norway norwegian norwegians|pakistan pakistani|
peru peruvian|philippines filipino|poland polish|portugal portuguese|romania romanian|
russia russian|serbia serbian|singapore singaporean|slovakia slovak|slovenia slovenian|
spain spanish spaniards|sweden swedish swedes|switzerland swiss|taiwan taiwanese|thailand thai|
tunisia tunisian|turkey turkish|uganda ugandan|ukraine ukrainian ukrainians|
usa us american americans|vietnam vietnamese
"""
_COUNTRY_OF = {word: words.split()[0] for words in _COUNTRIES.split("|") for word in words.split()}
_CAPITALISED = re.compile(r"\b(?:U\.S\.|U\.K\.|[A-Z][A-Za-z]+)")


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


def designs_of(head: str, words: str) -> frozenset[str]:
    """The designs that a record may have to be called by a head word among other words; empty: any."""
    for pattern, designs in _NARROWING_PATTERNS:
        if pattern.search(words):
            return designs
    return HEADS.get(head.casefold(), frozenset())


def countries_in(text: str) -> frozenset[str]:
    """The countries that a text names, each by one name.

    >>> sorted(countries_in("Danes and a Dutch cohort"))
    ['denmark', 'netherlands']
    """
    words = (word.replace(".", "").casefold() for word in _CAPITALISED.findall(text))
    return frozenset(_COUNTRY_OF[word] for word in words if word in _COUNTRY_OF)


def is_country(word: str) -> bool:
    """Whether a word is the name of a country or of its people."""
    return word.replace(".", "").casefold() in _COUNTRY_OF


def sizes_in(text: str) -> tuple[frozenset[int], bool]:
    """The numbers by which a text counts people or studies, and whether it says "about" of one."""
    found, roughly = set(), False
    for match in _QUANTITY.finditer(text):
        written = match["bare"] or match["sample"]
        counts = match["sample"] or _COUNTED_BEHIND.match(text, match.end())
        if counts and not re.fullmatch(r"(?:19|20)\d\d", written):
            found.add(_WORDS.get(written) or int(re.sub(r"\D", "", written)))
            before = text[max(0, match.start() - 20) : match.start()]
            roughly = roughly or _ROUGH_BEFORE.search(before) is not None
    return frozenset(found), roughly


def people_in(text: str) -> frozenset[str]:
    """The groups of people, or animals, that a text names."""
    words = set(_LOWER_WORD.findall(text.casefold()))
    return frozenset(group for group, names in _GROUP_WORDS.items() if names & words)


def contradict(stated: Iterable[str], recorded: Iterable[str]) -> bool:
    """Whether a study on the stated groups cannot be one on the recorded groups."""
    said, known = frozenset(stated), frozenset(recorded)
    if not said or not known:
        return False
    sexes = said & {"women", "men"}, known & {"women", "men"}
    other_sex = len(sexes[0]) == len(sexes[1]) == 1 and sexes[0] != sexes[1]
    beasts = ("animals" in said and "animals" not in known) or (
        "animals" in known and "animals" not in said and "people" in said and "people" not in known
    )
    young = "children" in said and "adults" not in said and "children" not in known and "adults" in known
    return other_sex or beasts or young
