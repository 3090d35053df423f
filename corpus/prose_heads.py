"""The words of a sentence that stand for a study: its *heads*.

A head is the names of authors ("Knapen and colleagues (2015)"), the name of a cohort or trial ("the AVADEC
trial"), a noun in the singular with its determiner ("a 2004 study from the Rotterdam cohort"), or a counted
group of people ("in 36,629 Dutch adults"). Heads may overlap; `corpus.prose_mentions` joins them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from corpus.study_words import COUNTED_PEOPLE, HEADS, countries_in, is_country, word_set

#: What a head is, the most telling first.
Form = Literal["authors", "named", "described", "counted"]


class KnownNames(Protocol):
    """What a library knows of names that stand bare in a text."""

    def is_study_name(self, name: str) -> bool:
        """Whether a word is the name of a cohort or trial."""

    def is_author(self, name: str) -> bool:
        """Whether a word is the family name of an author."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head with its phrase, ``sentence[start:end]``.

    ``word`` is the noun of a described one, ``definite`` whether its determiner points back ("the trial");
    a tentative one may just as well be about studies in general.
    """

    start: int
    end: int
    form: Form
    families: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    word: str = ""
    definite: bool = False
    tentative: bool = False


YEAR = r"(?:19|20)\d\d"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_CAP = rf"{_CAPITAL}[^\W\d_]*(?:[’'‐-](?!s\b)[^\W\d_]+)*"
_PARTICLE = r"(?:(?i:van|von|de[rnl]?|della|di|da|dos|du|la|le|el|al|te[nr])|[’']t)"
# Possessive: a long run of capitalised words must not be tried in every division.
_FAMILY = rf"(?:{_PARTICLE}\s){{0,3}}+{_CAP}(?:\s(?:{_PARTICLE}\s){{0,3}}+{_CAP}){{0,3}}+"
_FAMILIES = rf"{_FAMILY}(?:,\s{_FAMILY})*(?:,?\s(?:and|&)\s{_FAMILY})?"
_BETWEEN_FAMILIES = re.compile(r",?\s(?:and|&)\s|,\s")
_OTHERS = (
    r"(?:,?\set\sal\b\.?|,?\s(?:and|&)\s(?:(?:his|her|their|other|the)\s)?"
    r"(?:colleagues|co-?workers|co-?authors|co-?investigators|collaborators|associates|team|others|group)\b)"
)
#: What an author does in a sentence, so that a bare family name can be told from another word.
_SAID = (
    r"(?:reported|found|showed|observed|concluded|argued|measured|tested|reviewed|pooled|followed|described|wrote|"
    r"studied|examined|compared|analy[sz]ed|demonstrated|asked|tried|gave|noted|published|enrolled|looked\sat)"
)
_AUTHORS = re.compile(
    rf"(?P<names>{_FAMILIES})(?:"
    rf"(?P<others>{_OTHERS})(?:[’']s?)?"
    rf"(?:,?\s(?:in\s)?(?:[(\[](?:(?:{_CAP}\s)*{_CAP},?\s)?{YEAR}[a-z]?[)\]]|{YEAR}[a-z]?\b))?"
    r"|[’']s?\s(?:own\s)?(?:team|group|colleagues)\b(?:[’']s?)?"
    rf"|(?:[’']s?)?,?\s?[(\[](?:{_CAP},?\s)*{YEAR}[a-z]?[)\]]"
    rf"|(?P<bare>(?<=\w),?\s{YEAR}[a-z]?\b(?!\s?[-–]\s?\d)|(?=\s{_SAID}\b))"
    r")"
)
_NAME_TOKEN = rf"(?:{_CAPITAL}[\w’'‐-]*|[a-z]{{1,2}}[A-Z][\w-]*)"
_NAME = (
    rf"{_NAME_TOKEN}(?:(?:,\s{_NAME_TOKEN})+(?=,?\s(?:and|&)\s{_NAME_TOKEN})|"
    rf",?\s(?:and|&)\s{_NAME_TOKEN}|\s(?:of|on|in|for)(?:\sthe)?\s{_NAME_TOKEN}|\s(?:{_NAME_TOKEN}|\d{{1,2}}\b))*"
)
_DESIGN_WORDS = (
    r"(?:\s(?:randomi[sz]ed|controlled|clinical|pilot|cohort|multi-?cent(?:er|re)|prospective|observational|"
    r"open-label|placebo-controlled|double-blind|follow-up|research|population))*"
)
_NAMED = re.compile(
    rf"(?P<name>{_NAME}){_DESIGN_WORDS}\s"
    r"(?:[Ss]tudy|[Tt]rial|[Cc]ohort|[Rr]egistry|[Ss]urvey|[Pp]roject|[Pp]rogramme?|[Cc]onsortium)\b"
    rf"(?!\s[Gg]roup)(?:\s?\({YEAR}\))?"
)
_CALLED = re.compile(rf"\b(?:called|named|known as|dubbed)\s(?P<name>{_NAME_TOKEN}(?:\s\d{{1,2}}\b)?)")
_ACRONYM = re.compile(
    r"(?<![\w-])(?=[\w-]*(?:[A-Z]\w*[A-Z]|[a-z][A-Z]))[A-Za-z][\w-]*(?:\s(?:[IVX]+|\d{1,2})\b)?(?![\w-])"
)
_ANY_HEAD = "|".join(sorted(HEADS, key=len, reverse=True))
_HEAD = re.compile(
    rf"\b(?P<head>{_ANY_HEAD})\b(?!-|\s(?:{_ANY_HEAD})\b)"
    r"(?!\s(?:groups?|participants?|designs?|drugs?|populations?|arms?|period|registration|evidence|data|"
    r"results?|authors?|end|medication|size|team|staff|leaders?|entry|sites?|subjects?)\b)",
    re.IGNORECASE,
)
_AGENT = re.compile(
    rf"\b(?:(?:[Aa]n?|[Tt]he|[Oo]ne)\s)?(?:(?:{_CAP}|research|medical)\s){{0,3}}"
    r"(?:[Rr]esearchers|[Ss]cientists|[Ii]nvestigators|team|group|doctors|physicians)\b"
    rf"(?:\s(?:from|at|in|around|led\sby)\s(?:the\s)?{_FAMILY})?"
)
#: Without a preposition before them, a hundred people and more.
_COUNTED = re.compile(
    rf"\b(?:(?:[Aa]mong|[Ii]n|[Aa]cross)\s(?:a total of\s)?|(?=\d{{3}}|\d{{1,3}},\d{{3}})){COUNTED_PEOPLE}"
)
_BY = re.compile(
    rf"\b(?:by|around)\s(?:Dr\.?\s|Prof(?:essor|\.)?\s)?(?P<names>{_FAMILIES})"
    r"(?!\s(?:University|researchers|scientists))"
)
_STATED_YEAR = re.compile(
    rf"(?<![\d–/-])(?P<year>{YEAR})(?![\d%]|[-–/]\d|\s(?:to|and|through|until)\s{YEAR}|\s(?:mg|µg|ug|kcal|IU)\b)"
)
_PERIOD_BEFORE = re.compile(
    rf"(?:since|until|to|through|between|before|after|during|{YEAR}\s?(?:and|to|or|[-–]))\s?$", re.IGNORECASE
)
_DETERMINERS = word_set("a an one another the this that his her their its")
_DEFINITE = _DETERMINERS - {"a", "an", "one", "another"}
_POSSESSIVE = re.compile(rf"{_CAP}[’']s?|(?:colleagues|others|team|group|co-?\w+)[’']s?|al\.?[’']s")
_EPONYMOUS = frozenset({"disease", "syndrome", "sign"})
#: Words that speak of studies in general, or of one that does not exist, unless a year says otherwise.
_NO_SINGLE_STUDY = word_set("any every each no future further ongoing planned similar such larger more")
_LEFT_STOP = word_set(
    """of in for with by from to on at as into than is are was were be been being has have had that which who
    while whereas but or if because since when where not can may might could will would should does do did
    per between among during after before about against under over it they we he she you"""
)
_RIGHT_STOP = word_set(
    """is are was were has have had did does do found finds showed shows shown suggests suggested reports
    reported concluded concludes observed saw tested compared gave assigned included includes backs drew
    reached improved reduced lowered raised cut put slowed could may might can will would should that
    which who whom where when whether because although though but while whereas so then also not linked
    tied went looked examined followed measured noted demonstrated revealed confirmed indicated
    indicates claimed came began became grew held kept made meant rose fell ran said sought stood took
    told won wrote"""
)
#: Words that carry a phrase on behind its noun: "a trial [of ...]", "a review [published in ...]".
_POST = word_set(
    """of from in by with among involving on at for published led using covering pooling comparing testing
    conducted done named called dubbed updated dated written"""
)
_PARTICIPLES = word_set(
    """aged based randomised randomized controlled treated untreated published conducted performed updated
    blinded advanced matched infected related induced impaired hospitalised hospitalized combined enriched
    fermented called named threatened affected diagnosed extended balanced supervised"""
)
_PHRASE_WORD = re.compile(r",?\s([^\s,;:.!?()\[\]—–]+(?:[.,]\d+)*)")
_LISTED = re.compile(r",\s(?:[\w-]+\s){1,3}(?:and|or)\s[\w-]+")
_ASIDE = re.compile(rf"\s?\((?:[^()]{{0,50}}{YEAR}[^()]{{0,50}}|[nN]\s?=[^()]{{0,20}}|{_NAME_TOKEN})\)")
_LOOSE_END = re.compile(
    r"(?:,?\s(?:of|from|in|by|with|among|on|at|for|and|or|the|a|an|using|published|led))+$"
)
_LONGEST_PHRASE = 18
_NOT_NAMES = word_set(
    """a an the this that these those another one in on at by as for from with and or but if when while
    whereas although however after before since because both most some many several all each every no our
    their his her its we it they there here recent new early earlier later first second third large small
    dr prof professor according also only even like unlike under over during between among within
    published study trial cohort review randomized randomised controlled clinical double single placebo
    phase pilot systematic meta-analysis cochrane january february march april may june july august
    september october november december spring summer autumn winter table figure box section chapter
    vitamin vitamins mendelian additionally moreover furthermore similarly finally overall conversely
    nevertheless notably interestingly observational epidemiological prospective longitudinal
    cross-sectional animal human mouse rat international national multicenter multicentre researchers
    scientists"""
)
#: MK-7, B12, D3: a substance; III: the phase of a trial.
_NO_NAME = re.compile(r"[A-Za-z]{1,4}[-‐]?\d+[a-z]?|[IVX]+")


def heads_in(sentence: str, known: KnownNames) -> list[Head]:
    """The heads of a sentence in order of their beginning, the longer first."""
    heads = [*_author_heads(sentence, known), *_named_heads(sentence, known), *_described_heads(sentence)]
    heads += _agent_heads(sentence)
    heads += (Head(*match.span(), "counted", tentative=True) for match in _COUNTED.finditer(sentence))
    return sorted(heads, key=lambda head: (head.start, -head.end))


def stated_year(phrase: str) -> int | None:
    """The first year of a phrase that is neither an end of a period nor a quantity."""
    for match in _STATED_YEAR.finditer(phrase):
        if not _PERIOD_BEFORE.search(phrase[: match.start()]):
            return int(match["year"])
    return None


def _author_heads(sentence: str, known: KnownNames) -> Iterator[Head]:
    for match in _AUTHORS.finditer(sentence):
        lead = _lead(match["names"])
        families = _families_in(match["names"][lead:])
        if not families or (match["bare"] is not None and not known.is_author(families[0])):
            continue
        if len(families) == 1 and _is_acronym(families[0]):
            yield Head(match.start() + lead, match.end(), "named", names=families)
        else:
            yield Head(match.start() + lead, match.end(), "authors", families=families)


def _named_heads(sentence: str, known: KnownNames) -> Iterator[Head]:
    taken: list[tuple[int, int]] = []
    for match in _NAMED.finditer(sentence):
        lead = _lead(match["name"])
        name = match["name"][lead:]
        if _is_name(name) and not all(is_country(word) for word in name.split()):
            taken.append(match.span())
            start = match.start() + lead
            article = 4 if sentence[max(0, start - 4) : start].casefold() == "the " else 0
            yield Head(start - article, match.end(), "named", names=(name,))
    for match in _CALLED.finditer(sentence):
        if _is_name(match["name"]) and not match["name"].istitle():
            yield Head(match.start(), match.end(), "named", names=(match["name"],))
    for match in _ACRONYM.finditer(sentence):
        inside = any(start <= match.start() < end for start, end in taken)
        if not inside and known.is_study_name(match.group()):
            yield Head(*match.span(), "named", names=(match.group(),))


def _described_heads(sentence: str) -> Iterator[Head]:
    for match in _HEAD.finditer(sentence):
        found = _left_edge(sentence, match.start())
        if found is None:
            continue
        start, determiner, words = found
        end = _right_edge(sentence, match.end())
        in_general = _NO_SINGLE_STUDY.intersection(word.casefold() for word in words)
        here = determiner.casefold() == "this"
        if (in_general and not stated_year(sentence)) or (here and not stated_year(sentence[start:end])):
            continue
        owner = re.fullmatch(rf"({_CAP})[’']s?", determiner)
        families = _families_in(owner[1]) if owner else ()
        by = _BY.search(sentence, match.end(), end)
        families += _families_in(by["names"]) if by else ()
        definite = determiner.casefold() in _DEFINITE
        yield Head(start, end, "described", families, word=match["head"], definite=definite)


def _agent_heads(sentence: str) -> Iterator[Head]:
    """Researchers that a country, a place or a name tells from others: "a team in Singapore"."""
    for match in _AGENT.finditer(sentence):
        by = _BY.search(match.group())
        families = _families_in(by["names"]) if by else ()
        if families or countries_in(match.group()) or re.search(r"\s(?:from|at|in)\s", match.group()):
            yield Head(*match.span(), "described", families, tentative=not families)


def _left_edge(sentence: str, end: int) -> tuple[int, str, list[str]] | None:
    """Where the noun phrase of a head begins, its determiner and the words between; None: it has none."""
    words: list[str] = []
    for match in reversed(list(re.finditer(r"\S+", sentence[max(0, end - 200) : end]))[-14:]):
        word = match.group().strip('"“”‘(')
        bare = word.casefold().rstrip(",")
        eponymous = bool(words) and words[-1].casefold() in _EPONYMOUS
        if bare in _DETERMINERS or (_POSSESSIVE.fullmatch(word) and not eponymous):
            return max(0, end - 200) + match.start() + match.group().index(word), word, words
        if bare in _LEFT_STOP or word[-1:] in ".;:)!?" or not bare:
            return None
        words.append(word)
    return None


def _right_edge(sentence: str, end: int) -> int:
    """Where the phrase behind a head's noun ends: before the verb, or at a mark."""
    aside = _ASIDE.match(sentence, end)
    begin = edge = aside.end() if aside else end
    for count, match in enumerate(_PHRASE_WORD.finditer(sentence, begin)):
        word = match[1].casefold()
        goes_on = word in _POST if count == 0 else not _is_verb(word)
        if match.start() != edge or not goes_on or count > _LONGEST_PHRASE:
            break
        if match.group()[0] == "," and word not in _POST and not _LISTED.match(sentence, match.start()):
            break
        edge = match.end()
    loose = _LOOSE_END.search(sentence[end:edge])
    return edge - len(loose.group()) if loose else edge


def _is_verb(word: str) -> bool:
    """Whether a word behind a noun begins what is said of it; a past form does, but for some participles."""
    past = len(word) > 4 and word.isalpha() and word.endswith("ed")
    return word in _RIGHT_STOP or (past and word not in _PARTICIPLES)


def _families_in(names: str) -> tuple[str, ...]:
    return tuple(name for name in _BETWEEN_FAMILIES.split(names) if _is_name(name))


def _lead(name: str) -> int:
    """How many characters of words that are no names a run of capitalised words begins with."""
    at = 0
    for match in re.finditer(r"\S+", name):
        if match.group().casefold().rstrip(",") not in _NOT_NAMES:
            return match.start()
        at = match.end()
    return at


def _is_name(name: str) -> bool:
    words = [word for word in re.findall(r"[\w’'‐-]+", name) if word.casefold() not in _NOT_NAMES]
    return any(len(word) > 1 and not _NO_NAME.fullmatch(word) for word in words)


def _is_acronym(name: str) -> bool:
    return name.isalnum() and sum(character.isupper() for character in name) > 1
