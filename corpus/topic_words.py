"""A text -> the stems of the words that tell its subject, abbreviations spelled out.

Words that every report of a study uses (``found``, ``trial``, ``significant``) tell no subject and are left
out. Stems are Porter2 as tantivy makes them, so that no second stemmer is needed.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from corpus.normalising import search_form
from corpus.study_words import word_set

_WORD = re.compile(r"[a-z]+\d*(?:-\d+)?[a-z]*|\d+[a-z]+")
_SHORT = re.compile(r"[A-Za-z][\w-]*[A-Z][\w-]*")
_DEFINITION = re.compile(r"\((?P<short>[A-Za-z][\w-]*[A-Z][\w-]*?)s?\)")
#: Characters before a bracket in which the words that it abbreviates stand.
_DEFINED_WITHIN = 120
_SPELLINGS = (("haem", "hem"), ("oedem", "edem"), ("ischaem", "ischem"), ("isation", "ization"))
_GENERIC = word_set(
    """the of and in to for with by from on at as into than is are was were be been being has have had that
    which who whom whose while whereas but or if because since when where not no nor can may might could
    will would should does do did per between among during after before about against under over it its they
    them their he she his her we our you your this these those there here then thus so such also only even
    just very more most less least much many some any all each every both either neither other another same
    own few several one two three four five six seven eight nine ten first second third new recent recently
    old earlier later up down out off again further once et al others coworkers co-workers coauthors
    co-authors piece team writing wrote study studies trial trials review reviews research researchers
    scientist scientists investigator investigators author authors colleague colleagues group groups
    analysis analyses meta-analysis metaanalysis paper papers report reports reported reporting article
    publication published publish evidence data result results finding findings found find finds show shows
    showed shown suggest suggests suggested suggesting indicate indicates indicated conclude concluded
    concludes observe observed observes note noted notes see saw seen look looked examine examined
    investigate investigated assess assessed evaluate evaluated test tested tests testing compare compared
    comparing comparison measure measured measures measuring randomized randomised randomly randomization
    controlled control controls clinical placebo double single blind blinded cohort prospective
    retrospective observational cross sectional pilot systematic pooled pooling pool participants
    participant patients patient people persons person subjects subject individuals adults adult volunteers
    women woman men man enrolled enrolling recruited included include including includes involve involved
    involving follow followed following follow-up assigned given gave give gives taking took take takes
    taken received receive receiving receives year years month months week weeks day days daily time times
    associated association associations linked link links tied related relation relationship effect effects
    affect affected improve improved improves improvement increase increased increases increasing decrease
    decreased decreases reduce reduced reduces reduction lower lowered lowers lowering higher high low raise
    raised rise rose fell risk risks significant significantly significance change changed changes
    difference differences different benefit benefits beneficial help helps helped role potential possible
    likely unlikely great greater greatest large larger small smaller versus vs mean average total number
    numbers level levels rate rates ratio hazard odds confidence interval ci hr rr according like well
    however although though despite still yet often use used uses using user users based part parts way ways
    set led lead leads make makes made come came comes went go goes get got work works worked called named
    known say says said tell told state stated states describe described describes world large-scale
    landmark famous major well-known important interesting older younger healthy"""
)


def folded(text: str) -> str:
    """A text in the search spelling, lower case, without accents."""
    form = search_form(text)
    if not form.isascii():
        form = unicodedata.normalize("NFKD", form.translate({ord("ø"): "o", ord("Ø"): "O"}))
        form = "".join(character for character in form if not unicodedata.combining(character))
    return form.casefold()


def abbreviations_in(text: str) -> dict[str, str]:
    """What a text says its abbreviations mean: those in brackets behind words with these initials.

    >>> abbreviations_in("nocturnal leg cramps (NLCs) and peripheral artery disease (PAD)")
    {'NLC': 'nocturnal leg cramps', 'PAD': 'peripheral artery disease'}
    """
    found = {}
    for match in _DEFINITION.finditer(text):
        letters = [character for character in match["short"].casefold() if character.isalpha()]
        before = text[max(0, match.start() - _DEFINED_WITHIN) : match.start()]
        words = re.findall(r"[\w’']+", before)[-len(letters) :]
        if len(words) > 1 and [word[0].casefold() for word in words] == letters:
            found[match["short"]] = " ".join(words)
    return found


def topic_terms(text: str, abbreviations: Mapping[str, str]) -> list[str]:
    """The stems of a text's words of subject, each once, with those of what its abbreviations stand for."""
    written = [text]
    if abbreviations:
        for short in dict.fromkeys(_SHORT.findall(text)):
            long = abbreviations.get(short) or abbreviations.get(short.removesuffix("s"))
            if long:
                written.append(long)
    words = (word.replace("-", "") for word in _WORD.findall(folded(" ".join(written))))
    return list(dict.fromkeys(_stem(word) for word in words if word not in _GENERIC and len(word) > 1))


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    """The stem of a word in American spelling."""
    for british, american in _SPELLINGS:
        word = word.replace(british, american)
    (stem,) = _stemmer().analyze(word) or [word]
    return str(stem)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
    return builder.filter(tantivy.Filter.stemmer("english")).build()
