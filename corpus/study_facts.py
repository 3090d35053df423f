"""What kind of study a record describes: design, humans or not, sample size, and what each was read from.

Publication types and MeSH headings decide where they are present; else the title, then the abstract, by
the rules below, the first that fits. What nothing tells stays ``unknown`` or empty: no guess. The words
for designs are those of the starter library (``RCT``, ``cohort``, ``meta-analysis``, ...).
"""

import re
from collections.abc import Sequence
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
_TITLE_RULES: tuple[tuple[str, str], ...] = (
    (r"meta-?analys[ei]s", "meta-analysis"),
    (r"systematic review|scoping review", "systematic review"),
    (r"\bprotocol\b|rationale and (?:study )?design", "protocol"),
    (r"guidelines?\b|position statement|consensus statement", "guideline"),
    (r"\bnon-?randomi[sz]ed", "non-randomised trial"),
    (r"randomi[sz]ed|randomi[sz]ation", "RCT"),
    (r"case-control", "case-control"),
    (r"cross-sectional", "cross-sectional"),
    (r"\bcohort\b|prospective study|longitudinal study|follow-?up study", "cohort"),
    (r"case (?:report|series)", "case report"),
    (r"single[- ]arm|pre-post|uncontrolled trial|open[- ]label", "non-randomised trial"),
    (r"(?:narrative|literature|critical|brief|mini-?) ?review|:? a review\b|\breview$", "review"),
    (r"in vitro|cell lines?\b", "in vitro"),
    (rf"\bin {_ANIMALS}\b|\b{_ANIMALS} model|\b{_ANIMALS}$", "animal"),
)
_ABSTRACT_RULES: tuple[tuple[str, str], ...] = (
    (r"(?:we|this) (?:performed|conducted|did|present)?[^.]{0,60}meta-analys[ei]s", "meta-analysis"),
    (
        r"(?:we|was) (?:systematically )?search(?:ed)? (?:PubMed|MEDLINE|Embase|the Cochrane)",
        "systematic review",
    ),
    (r"(?:randomly|random) (?:assigned|allocated)|were randomi[sz]ed|we randomi[sz]ed", "RCT"),
    (r"randomi[sz]ed,? (?:double|single|placebo|controlled|clinical|open|crossover|parallel)", "RCT"),
    (r"case-control (?:study|design|analysis)", "case-control"),
    (r"cross-sectional (?:study|survey|analysis|design)", "cross-sectional"),
    (r"(?:prospective|retrospective|population-based|birth) cohort|cohort (?:study|of \d)", "cohort"),
    (rf"\b{_ANIMALS} were (?:fed|given|treated|randomi[sz]ed|injected|divided)", "animal"),
)
#: For the costly patterns of the abstract, by their beginning.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:we|this)", ("meta-analys", "metaanalys")),
    (r"(?:we|was)", ("search",)),
    (r"(?:randomly", ("random",)),
    (r"randomi[sz]ed,?", ("randomi",)),
    (r"(?:prospective", ("cohort",)),
)
_PEOPLE = (
    r"(?:patients|participants|adults|women|men|people|persons|subjects|individuals|children|volunteers"
    r"|infants)"
)
_NUMBER = r"\d{1,3}(?:[, \u2009\u00a0]\d{3})+|\d+"
_COUNTED = rf"(?P<n>{_NUMBER}) (?P<who>(?:[\w-]+ ){{0,4}}{_PEOPLE})\b"
_SIZE_RULES: tuple[str, ...] = (
    rf"\btotal of {_COUNTED}",
    rf"{_COUNTED} (?:were|was) (?:randomly|randomi[sz]ed|enrol|included|recruited|assigned)",
    r"(?:enrolled|recruited|randomi[sz]ed|randomly assigned|included|followed|studied|analy[sz]ed) "
    rf"{_COUNTED}",
    rf"(?:[Aa]mong|[Ii]n) {_COUNTED}",
)
_SIZE_PATTERNS = tuple(re.compile(pattern) for pattern in _SIZE_RULES)
_HUMAN_WORDS = re.compile(rf"\b{_PEOPLE}\b", re.IGNORECASE)
_ANIMAL_WORDS = re.compile(rf"\b{_ANIMALS}\b", re.IGNORECASE)


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
        for pattern, design in rules:
            if any(word in lowered for word in _needed(pattern)) and _compiled(pattern).search(text):
                return design, where
    return "unknown", None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def _needed(pattern: str) -> tuple[str, ...]:
    """Words of which a text must hold one for the pattern to fit: far cheaper to look for first."""
    return next((words for start, words in _WORDS if pattern.startswith(start)), ("",))


def _human(title: str, abstract: str, headings: set[str]) -> tuple[bool | None, str | None]:
    if "humans" in headings:
        return True, "MeSH"
    if "animals" in headings:
        return False, "MeSH"
    for text, where in ((title, "title"), (abstract, "abstract")):
        people, animals = _HUMAN_WORDS.search(text), _ANIMAL_WORDS.search(text)
        if bool(people) != bool(animals):
            return bool(people), where
    return None, None


def _sample_size(abstract: str) -> str | None:
    """The size as written, "199 older adults", by the first rule that fits."""
    for pattern in _SIZE_PATTERNS:
        match = pattern.search(abstract)
        if match:
            return f"{match.group('n')} {match.group('who')}"
    return None
