"""What kind of study a record describes: design, humans or not, sample size, and what each was read from.

Publication types and MeSH headings decide where they are present; else the title, then the abstract, by
the rules below, the first that fits. What nothing tells stays ``unknown`` or empty: no guess. The words
for designs are those of the starter library (``RCT``, ``cohort``, ``meta-analysis``, ...).
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from corpus.records import Study

#: Publication types of PubMed, the most telling first.
_TYPES: tuple[tuple[str, str], ...] = (
    ("retraction of publication", "notice"),
    ("retraction notice", "notice"),
    ("published erratum", "notice"),
    ("expression of concern", "notice"),
    ("network meta-analysis", "meta-analysis"),
    ("meta-analysis", "meta-analysis"),
    ("systematic review", "systematic review"),
    ("scoping review", "systematic review"),
    ("practice guideline", "guideline"),
    ("guideline", "guideline"),
    ("clinical trial protocol", "protocol"),
    ("randomized controlled trial", "RCT"),
    ("case reports", "case report"),
    ("editorial", "editorial"),
    ("letter", "letter"),
)
#: Types that say trial without saying how people were assigned.
_TRIAL_TYPE = re.compile(r"(controlled |pragmatic )?clinical trial(, phase .*)?|adaptive clinical trial")
_MESH: tuple[tuple[str, str], ...] = (
    ("case-control studies", "case-control"),
    ("cross-sectional studies", "cross-sectional"),
    ("cohort studies", "cohort"),
    ("prospective studies", "cohort"),
    ("longitudinal studies", "cohort"),
    ("follow-up studies", "cohort"),
    ("retrospective studies", "cohort"),
)
_ANIMALS = r"(?:mice|mouse|rats?|rabbits?|murine|zebrafish|dogs?|pigs?|swine|monkeys?|hamsters?|guinea pigs?)"
#: Words of which a text must hold one (in lower case), the pattern that then decides, the design.
_Rules = tuple[tuple[tuple[str, ...], str, str], ...]
_ANIMAL_STEMS = (
    "mice",
    "mouse",
    "rat",
    "rabbit",
    "murine",
    "fish",
    "dog",
    "pig",
    "swine",
    "monkey",
    "hamster",
)
_TITLE_RULES: _Rules = (
    (("meta",), r"meta-?analys[ei]s", "meta-analysis"),
    (("review",), r"systematic review|scoping review", "systematic review"),
    (("protocol", "rationale"), r"\bprotocol\b|rationale and (?:study )?design", "protocol"),
    (
        ("guideline", "statement"),
        r"guidelines?\b|position statement|consensus statement",
        "guideline",
    ),
    (("random",), r"\bnon-?randomi[sz]ed", "non-randomised trial"),
    (("random",), r"randomi[sz]ed|randomi[sz]ation", "RCT"),
    (("case-control",), r"case-control", "case-control"),
    (("cross-sectional",), r"cross-sectional", "cross-sectional"),
    (
        ("cohort", "prospective", "longitudinal", "follow"),
        r"\bcohort\b|prospective study|longitudinal study|follow-?up study",
        "cohort",
    ),
    (("case ",), r"case (?:report|series)", "case report"),
    (
        ("arm", "pre-post", "uncontrolled", "label"),
        r"single[- ]arm|pre-post|uncontrolled trial|open[- ]label",
        "non-randomised trial",
    ),
    (
        ("review",),
        r"(?:narrative|literature|critical|brief|mini-?) ?review|:? a review\b|\breview$",
        "review",
    ),
    (("in vitro", "cell line"), r"in vitro|cell lines?\b", "in vitro"),
    (_ANIMAL_STEMS, rf"\bin {_ANIMALS}\b|\b{_ANIMALS} model|\b{_ANIMALS}$", "animal"),
)
_ABSTRACT_RULES: _Rules = (
    (
        ("meta-analys", "metaanalys"),
        r"(?:we|this) (?:performed|conducted|did|present)?[^.]{0,60}meta-analys[ei]s",
        "meta-analysis",
    ),
    (
        ("search",),
        r"(?:we|was) (?:systematically )?search(?:ed)? (?:PubMed|MEDLINE|Embase|the Cochrane)",
        "systematic review",
    ),
    (
        ("random",),
        r"(?:randomly|random) (?:assigned|allocated)|were randomi[sz]ed|we randomi[sz]ed",
        "RCT",
    ),
    (
        ("random",),
        r"randomi[sz]ed,? (?:double|single|placebo|controlled|clinical|open|crossover|parallel)",
        "RCT",
    ),
    (("case-control",), r"case-control (?:study|design|analysis)", "case-control"),
    (("cross-sectional",), r"cross-sectional (?:study|survey|analysis|design)", "cross-sectional"),
    (
        ("cohort",),
        r"(?:prospective|retrospective|population-based|birth) cohort|cohort (?:study|of \d)",
        "cohort",
    ),
    (
        _ANIMAL_STEMS,
        rf"\b{_ANIMALS} were (?:fed|given|treated|randomi[sz]ed|injected|divided)",
        "animal",
    ),
)
_PEOPLE_NAMED = (
    "patients|participants|adults|women|men|people|persons|subjects|individuals|children|volunteers|infants"
)
_BEASTS_NAMED = (
    "mice|mouse|rat|rats|rabbit|rabbits|murine|zebrafish|dog|dogs|pig|pigs|swine|monkey|monkeys|"
    "hamster|hamsters"
)
_PEOPLE, _BEASTS = frozenset(_PEOPLE_NAMED.split("|")), frozenset(_BEASTS_NAMED.split("|"))
_WORD = re.compile(r"\w+")
# Begins with a set of characters, which the regular expressions of Python can look for fast.
_NUMBER = r"\d(?:\d{0,2}(?:[, \u2009\u00a0]\d{3})+|\d*)"
_COUNTED = re.compile(rf"(?P<n>{_NUMBER}) (?P<who>(?:[\w-]+ ){{0,4}}(?:{_PEOPLE_NAMED}))\b")
#: What stands before or behind counted people where they are the sample, the surest first.
_SIZE_RULES: tuple[tuple[re.Pattern[str] | None, re.Pattern[str] | None], ...] = (
    (re.compile(r"\btotal of $"), None),
    (None, re.compile(r" (?:were|was) (?:randomly|randomi[sz]ed|enrol|included|recruited|assigned)")),
    (
        re.compile(
            r"(?:enrolled|recruited|randomi[sz]ed|randomly assigned|included|followed|studied|analy[sz]ed) $"
        ),
        None,
    ),
    (re.compile(r"(?:[Aa]mong|[Ii]n) $"), None),
)
#: Characters before a number that such words take.
_LEAD = 20


def facts_of(
    title: str, abstract: str, publication_types: Sequence[str] = (), mesh: Sequence[str] = ()
) -> Study:
    """The facts of a study as far as its record tells them."""
    types = [kind.casefold() for kind in publication_types]
    headings = {heading.casefold() for heading in mesh}
    design, design_from = _design(title, abstract, types, headings)
    human, human_from = _human(title, abstract, headings)
    size = _sample_size(abstract)
    return Study(
        design=design,
        sample_size=size,
        human=human,
        design_from=design_from,
        sample_size_from="abstract" if size else None,
        human_from=human_from,
    )


def _design(title: str, abstract: str, types: list[str], headings: set[str]) -> tuple[str, str | None]:
    for kind, design in _TYPES:
        if kind in types:
            return design, "publication type"
    if any(_TRIAL_TYPE.fullmatch(kind) for kind in types):
        randomised = re.search(r"randomi[sz]|randomly", f"{title} {abstract}", re.IGNORECASE)
        return (
            ("RCT", "publication type and text")
            if randomised
            else ("non-randomised trial", "publication type")
        )
    for heading, design in _MESH:
        if heading in headings:
            return design, "MeSH"
    if "review" in types:
        return "review", "publication type"
    if "animals" in headings and "humans" not in headings:
        return "animal", "MeSH"
    for rules, text, where in ((_TITLE_RULES, title, "title"), (_ABSTRACT_RULES, abstract, "abstract")):
        lowered = text.casefold()
        for words, pattern, design in rules:
            if any(word in lowered for word in words) and _compiled(pattern).search(text):
                return design, where
    return "unknown", None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _human(title: str, abstract: str, headings: set[str]) -> tuple[bool | None, str | None]:
    if "humans" in headings:
        return True, "MeSH"
    if "animals" in headings:
        return False, "MeSH"
    for text, where in ((title, "title"), (abstract, "abstract")):
        words = set(_WORD.findall(text.casefold()))
        people, animals = not words.isdisjoint(_PEOPLE), not words.isdisjoint(_BEASTS)
        if people != animals:
            return people, where
    return None, None


def _sample_size(abstract: str) -> str | None:
    """The size as written, "199 older adults", by the first rule that fits."""
    counted = list(_counted(abstract))
    for before, behind in _SIZE_RULES:
        for match in counted:
            lead = abstract[max(0, match.start() - _LEAD) : match.start()]
            if (before is None or before.search(lead)) and (
                behind is None or behind.match(abstract, match.end())
            ):
                return f"{match.group('n')} {match.group('who')}"
    return None


def _counted(abstract: str) -> Iterator[re.Match[str]]:
    """Every number of people, also one inside the words behind another number."""
    match = _COUNTED.search(abstract)
    while match is not None:
        yield match
        match = _COUNTED.search(abstract, match.end("n"))
