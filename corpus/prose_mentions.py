"""The text of a block -> the places that name a study without a marker, and the clues that they state.

"a 2004 study from the Rotterdam cohort", "Knapen and colleagues (2015)", "the AVADEC trial". Nothing is
looked up here: `corpus.prose_linking` decides which study is meant. A phrase without a clue ("a study
found") and one about several studies ("some trials") is no mention.

A mention has a *head*, the words that stand for the study: names of authors, the name of a cohort or trial,
a noun in the singular with its determiner, or a counted group of people. The clues are taken from the
mention's phrase and from its part of the sentence, which reaches to the neighbouring mentions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from corpus.sentences import sentence_spans
from corpus.study_words import HEADS, PEOPLE, countries_in, designs_of, is_country, people_in

Form = Literal["authors", "named", "described", "counted"]


@dataclass(frozen=True, slots=True)
class Clues:
    """What a mention says of the study; what it does not say is empty.

    ``families`` are names of authors in the order of the text, ``names`` those of cohorts and trials,
    ``acronyms`` words that may be such names; ``designs`` the designs that its words are true of. ``sizes`` counts people or studies, ``roughly``
    where the text says "about" or the like. ``phrase`` is the mention's own text, ``context`` its part of
    the sentence.
    """

    year: int | None = None
    families: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
    designs: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    sizes: frozenset[int] = frozenset()
    roughly: bool = False
    phrase: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class ProseMention:
    """A place that names a study: ``text[start:end]``, and its clues.

    A tentative one counts only where a study of the library answers to it: its words alone
    ("a Cochrane review of iron", "AVADEC") do not say for sure that they mean one study.
    """

    start: int
    end: int
    form: Form
    clues: Clues
    tentative: bool = False


_YEAR = r"(?:19|20)\d\d"
_CAP = r"[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:[’'‐-](?!s\b)[^\W\d_]+)*"
_PARTICLE = r"(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]en|[Dd]el|[Dd]ella|[Dd]i|[Dd]a|[Dd]os|[Dd]u|[Ll]a|[Ll]e|[Ee]l|[Aa]l|[Tt]en|[Tt]er|[’']t)"
_FAMILY = rf"(?:{_PARTICLE}\s)*{_CAP}(?:\s{_CAP}){{0,2}}"
_FAMILIES = rf"{_FAMILY}(?:,\s{_FAMILY})*(?:,?\s(?:and|&)\s{_FAMILY})?"
_OTHERS = (
    r"(?:,?\set\sal\b\.?|,?\s(?:and|&)\s(?:(?:his|her|their|other|the)\s)?"
    r"(?:colleagues|co-?workers|co-?authors|co-?investigators|collaborators|associates|team|others|group)\b)"
)
_AUTHORS = re.compile(
    rf"(?P<names>{_FAMILIES})(?:"
    rf"{_OTHERS}(?:[’']s?)?(?:,?\s?[(\[]?{_YEAR}[a-z]?\b[)\]]?)?"
    rf"|(?:[’']s?)?,?\s?[(\[]{_YEAR}[a-z]?[)\]]"
    rf"|(?<=\w),?\s{_YEAR}[a-z]?\b(?!\s?[-–]\s?\d)"
    r")"
)
_NAME_TOKEN = r"(?:[A-ZÀ-ÖØ-Þ][\w’'‐-]*|[a-z]{1,2}[A-Z][\w-]*)"
_NAME = (
    rf"{_NAME_TOKEN}(?:(?:,\s{_NAME_TOKEN})+(?=,?\s(?:and|&)\s{_NAME_TOKEN})|"
    rf",?\s(?:and|&)\s{_NAME_TOKEN}|\s(?:of|on|in|for)(?:\sthe)?\s{_NAME_TOKEN}|\s(?:{_NAME_TOKEN}|\d{{1,2}}))*"
)
_MODIFIERS = (
    r"(?:\s(?:randomi[sz]ed|controlled|clinical|pilot|cohort|multi-?cent(?:er|re)|prospective|observational|"
    r"open-label|placebo-controlled|double-blind|follow-up|research|population))*"
)
_NAMED = re.compile(
    rf"(?P<name>{_NAME}){_MODIFIERS}\s"
    r"(?:[Ss]tudy|[Tt]rial|[Cc]ohort|[Rr]egistry|[Ss]urvey|[Pp]roject|[Pp]rogramme?|[Cc]onsortium)\b"
    rf"(?:\s?\({_YEAR}\))?"
)
_CALLED = re.compile(rf"\b(?:called|named|known as|dubbed|acronym)\s(?P<name>{_NAME_TOKEN}(?:\s\d)?)")
_ACRONYM = re.compile(r"(?<![\w-])(?:[A-Za-z]{0,4}[A-Z][\w-]*[A-Z][\w-]*)(?![\w-])")
_HEAD = re.compile(
    rf"\b(?P<head>{'|'.join(sorted(HEADS, key=len, reverse=True))})\b"
    rf"(?!-|\s(?:{'|'.join(sorted(HEADS, key=len, reverse=True))})\b)"
    r"(?!\s(?:groups?|participants?|designs?|drugs?|populations?|arms?|period|registration|evidence|data|"
    r"results?|authors?|end|medication|size|team|staff|leaders?|entry|sites?|subjects?)\b)",
    re.IGNORECASE,
)
_DETERMINERS = frozenset("a an one another the this that his her their its".split())
_DEFINITE = frozenset("the this that his her their its".split())
_NO_SINGLE_STUDY = frozenset(
    "any every each no future further ongoing planned similar such first second third last only same".split()
)
_LEFT_STOP = frozenset(
    """of in for with by from to on at as into than is are was were be been being has have had that which who
    while whereas but or if because since when where not can may might could will would should does do did per
    between among during after before about against under over it they we he she you""".split()
)
_RIGHT_STOP = frozenset(
    """is are was were has have had did does do found finds showed shows shown suggests suggested suggest reports
    concluded concludes observed saw tested compared gave assigned included includes backs drew reached improved reduced
    lowered raised cut put slowed could may might can will would should that which who whom where when whether
    because although though but while whereas so then also not linked tied went looked examined reports
    followed measured noted demonstrated revealed confirmed indicated indicates claimed came""".split()
)
_POST = frozenset(
    """of from in by with among involving on at for published led using covering pooling comparing testing
    conducted done named called dubbed that""".split()
)
_AGENT = re.compile(
    rf"\b(?:(?:[Aa]|[Aa]n|[Tt]he|[Oo]ne)\s)?(?:(?:{_CAP}|research|medical)\s){{0,3}}"
    r"(?:researchers|scientists|investigators|team|group|doctors|physicians)\b"
    rf"(?:\s(?:from|at|in)\s(?:the\s)?{_CAP}(?:\s{_CAP}){{0,3}})?"
)
_NUMBER = r"(?:\d{1,3}(?:[,\u2009\u00a0]\d{3})+|\d+)"
_WORDS = {w: n for n, w in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)}
_ROUGH = r"about|around|nearly|almost|roughly|approximately|over|more than|some|at least|fewer than|just under"
_COUNTED_THING = rf"(?:{PEOPLE}|(?:cohort |randomi[sz]ed |controlled |clinical )*(?:trials|studies|cohorts|articles|rcts|RCTs))"
_COUNT = re.compile(
    rf"(?:\b(?P<rough>{_ROUGH})\s)?(?<![\w.,])(?P<n>{_NUMBER}|{'|'.join(_WORDS)})\s"
    rf"(?:(?!and\b|or\b|to\b|of\b|in\b)[\w’'/-]+\s){{0,4}}?{_COUNTED_THING}\b|\b[nN]\s?=\s?(?P<n2>{_NUMBER})"
)
_COUNTED = re.compile(
    rf"\b(?:[Aa]mong|[Ii]n|[Aa]cross)\s(?:a total of\s)?(?:(?:{_ROUGH})\s)?{_NUMBER}\s"
    rf"(?:(?!and\b|or\b|to\b|of\b|in\b)[\w’'/-]+\s){{0,4}}?{PEOPLE}\b"
)
_STATED_YEAR = re.compile(
    rf"(?<![\d–/-])(?P<year>{_YEAR})(?![\d%]|[-–/]\d|\s(?:to|and|through|until)\s{_YEAR}|\s(?:mg|µg|ug|kcal|IU)\b)"
)
_PERIOD_BEFORE = re.compile(
    rf"(?:since|until|to|through|between|before|after|during|{_YEAR}\s?(?:and|to|or|[-–]))\s?$", re.IGNORECASE
)
_YEAR_OPENS = re.compile(rf"^[\s\"“(]*(?:[Bb]ack\s)?[Ii]n\s(?P<year>{_YEAR})\b(?![-–/]\d)")
_YEAR_OF_PRINT = re.compile(
    rf"\b(?:publi[sc]\w+|reported|released|appeared|presented|wrote)\b[^.;]{{0,60}}?\b(?:in|of)\s(?:\w+\s)?"
    rf"(?P<year>{_YEAR})\b(?![-–/]\d)"
)
_BY = re.compile(rf"\b(?:by|led by)\s(?:Dr\.?\s|Professor\s|Prof\.?\s)?(?P<names>{_FAMILIES})(?!\s(?:University|researchers|scientists))")
_CONTRAST = re.compile(
    r";|\b(?:while|whereas|but|unlike|than|versus|vs|another|although)\b|\bcompared\s(?:with|to)\b|"
    r"\band\s(?:a|an|one|the|in|from|by)\b|\ba\s(?:second|later|further|separate|different)\b|,\sand\s|\bnot\b"
)
_NOT_NAMES = frozenset(
    """a an the this that these those another one in on at by as for from with and or but if when while whereas
    although however after before since because both most some many several all each every no our their his her its
    we it they there here recent new early earlier later first second third large small another dr prof professor
    according also only even like unlike under over during between among within published study trial cohort review
    randomized randomised controlled clinical double single placebo phase pilot systematic meta-analysis cochrane
    january february march april may june july august september october november december spring summer autumn
    winter table figure box section chapter vitamin vitamins mendelian additionally moreover furthermore similarly
    finally overall conversely nevertheless notably interestingly observational epidemiological prospective
    longitudinal cross-sectional animal human mouse rat international national multicenter multicentre researchers
    scientists""".split()
)
_SUBSTANCE = re.compile(r"[A-Za-z]{1,4}[-‐]?\d+[a-z]?")


@dataclass(frozen=True, slots=True)
class _Head:
    start: int
    end: int
    form: Form
    families: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    word: str = ""
    definite: bool = False
    tentative: bool = False


def mentions_in(text: str) -> list[ProseMention]:
    """The mentions of a block's text in order; offsets count in that text."""
    return [
        replace(mention, start=start + mention.start, end=start + mention.end)
        for start, end in sentence_spans(text)
        for mention in mentions_in_sentence(text[start:end])
    ]


def mentions_in_sentence(sentence: str) -> Iterator[ProseMention]:
    """The mentions of one sentence in order; offsets count in the sentence."""
    heads = _joined(sorted(_heads(sentence), key=lambda h: (h.start, -h.end)), sentence)
    for n, group in enumerate(heads):
        begin = heads[n - 1][-1].end if n else 0
        end = heads[n + 1][0].start if n + 1 < len(heads) else len(sentence)
        mention = _mention(sentence, group, begin, end)
        if mention is not None:
            yield mention


def _heads(sentence: str) -> Iterator[_Head]:
    yield from _author_heads(sentence)
    yield from _named_heads(sentence)
    yield from _described_heads(sentence)
    for match in _COUNTED.finditer(sentence):
        yield _Head(*match.span(), "counted", tentative=True)


def _author_heads(sentence: str) -> Iterator[_Head]:
    for match in _AUTHORS.finditer(sentence):
        lead = _lead(match["names"])
        families = tuple(
            name for name in re.split(r",\s|,?\s(?:and|&)\s", match["names"][lead:]) if _is_name(name)
        )
        if not families:
            continue
        bare = re.search(rf"\w\s{_YEAR}[a-z]?$", match.group()) is not None
        start = match.start() + lead
        if len(families) == 1 and _is_acronym(families[0]):
            yield _Head(start, match.end(), "named", names=families, tentative=bare)
        else:
            yield _Head(start, match.end(), "authors", families=families, tentative=bare and not _others(match))


def _others(match: re.Match[str]) -> bool:
    return re.search(_OTHERS, match.group()) is not None


def _named_heads(sentence: str) -> Iterator[_Head]:
    taken: list[tuple[int, int]] = []
    for match in _NAMED.finditer(sentence):
        lead = _lead(match["name"])
        name = match["name"][lead:]
        if _is_name(name) and not all(is_country(word) for word in name.split()):
            taken.append(match.span())
            start = match.start() + lead
            if sentence[:start].lower().endswith("the "):
                start -= 4
            yield _Head(start, match.end(), "named", names=(name,))
    for match in _CALLED.finditer(sentence):
        if _is_name(match["name"]) and not match["name"].istitle():
            yield _Head(match.start(), match.end(), "named", names=(match["name"],))
    for match in _ACRONYM.finditer(sentence):
        word = match.group()
        inside = any(s <= match.start() < e for s, e in taken)
        if not (inside or _SUBSTANCE.fullmatch(word) or is_country(word)):
            yield _Head(*match.span(), "named", names=(match.group(),), tentative=True)


def _described_heads(sentence: str) -> Iterator[_Head]:
    for match in _HEAD.finditer(sentence):
        found = _left_edge(sentence, match.start())
        if found is None:
            continue
        start, determiner, words = found
        if _NO_SINGLE_STUDY & {word.casefold() for word in words}:
            continue
        family = re.fullmatch(rf"({_CAP})[’']s?", determiner)
        families = (family[1],) if family and _is_name(family[1]) else ()
        end = _right_edge(sentence, match.end())
        by = _BY.search(sentence, match.end(), end)
        if by is not None:
            families += tuple(n for n in re.split(r",\s|,?\s(?:and|&)\s", by["names"]) if _is_name(n))
        yield _Head(start, end, "described", families, (), match["head"], determiner.lower() in _DEFINITE)
    for match in _AGENT.finditer(sentence):
        if countries_in(match.group()) or re.search(r"\s(?:from|at|in)\s", match.group()):
            yield _Head(*match.span(), "described", word="study", tentative=True)


def _left_edge(sentence: str, end: int) -> tuple[int, str, list[str]] | None:
    """Where the noun phrase of a head begins, its determiner and the words between; None: it has none."""
    words: list[str] = []
    for match in reversed(list(re.finditer(r"\S+", sentence[:end]))[-14:]):
        word = match.group().strip("\"“”‘(")
        bare = word.casefold().rstrip(",")
        if bare in _DETERMINERS:
            return match.start() + match.group().index(word), word, words
        if re.fullmatch(rf"{_CAP}[’']s?", word) and all(_HEAD.match(w) or not w[0].isupper() for w in words):
            return match.start() + match.group().index(word), word, words
        if bare in _LEFT_STOP or word[-1:] in ".;:)!?" or not bare:
            return None
        words.append(word)
    return None


def _right_edge(sentence: str, end: int) -> int:
    """Where the phrase after a head ends: before the verb, or at a mark."""
    aside = re.compile(rf"\s?\((?:[^()]*{_YEAR}[^()]*|[nN]\s?=[^()]*|{_NAME_TOKEN})\)").match(sentence, end)
    if aside is not None and len(aside.group()) < 60:
        end = aside.end()
    edge, count = end, 0
    for match in re.compile(r",?\s([^\s,;:.!?()\[\]—–]+(?:[.,]\d+)*)").finditer(sentence, end):
        word = match[1].casefold()
        starts_post = count == 0 and word in _POST
        if match.start() != edge or (count == 0 and not starts_post) or count > 18:
            break
        if match.group().startswith(",") and word not in ("published", "led"):
            break
        if word in _RIGHT_STOP and not (count == 0 and word == "that"):
            break
        edge, count = match.end(), count + 1
    tail = re.search(r"(?:,?\s(?:of|from|in|by|with|among|on|at|for|and|or|the|a|an|using|that|published|led))+$", sentence[end:edge])
    return edge - len(tail.group()) if tail else edge


def _joined(heads: list[_Head], sentence: str) -> list[list[_Head]]:
    """The heads that stand for one study together: overlapping ones, and those nothing sets apart."""
    groups: list[list[_Head]] = []
    for head in heads:
        if groups and _belongs(groups[-1], head, sentence):
            groups[-1].append(head)
        else:
            groups.append([head])
    return groups


def _belongs(group: list[_Head], head: _Head, sentence: str) -> bool:
    reach = max(h.end for h in group)
    if head.start < reach:
        return True
    between = sentence[reach : head.start]
    if _CONTRAST.search(between) or len(between) > 80:
        return False
    phrases = [sentence[h.start : h.end] for h in group]
    own = sentence[head.start : head.end]
    if any(_stated_year(p) for p in phrases) and _stated_year(own):
        return False
    authors = [h for h in group if h.families]
    if head.families and authors:
        return False
    if head.form == "named" and not head.tentative:
        return True
    return head.form in ("described", "counted") or bool(head.families)


def _mention(sentence: str, group: list[_Head], begin: int, end: int) -> ProseMention | None:
    core = [h for h in group if not (h.tentative and len(group) > 1)] or group
    first = core[0]
    reach = max(h.end for h in core if h.start <= max(first.end, first.start))
    phrase = sentence[first.start : reach]
    context = sentence[min(begin, first.start) : max(end, reach)]
    whole = " ".join(sentence[h.start : h.end] for h in core)
    word = next((h.word for h in core if h.word), "")
    sizes, roughly = _sizes(whole)
    clues = Clues(
        year=_year(whole, context),
        families=next((h.families for h in core if h.families), ()),
        names=tuple(dict.fromkeys(name for h in group for name in h.names if not h.tentative)),
        acronyms=tuple(dict.fromkeys(name for h in group for name in h.names if h.tentative)),
        designs=designs_of(word, whole),
        countries=countries_in(whole),
        people=people_in(whole),
        sizes=sizes,
        roughly=roughly,
        phrase=whole,
        context=context,
    )
    hard = clues.year or clues.families or clues.names or clues.sizes or (first.tentative and clues.acronyms)
    if not hard and (all(h.definite or h.form != "described" for h in core) or _is_empty(clues)):
        return None
    tentative = all(h.tentative for h in core) or not (hard or clues.countries)
    return ProseMention(first.start, reach, first.form, clues, tentative)


def _is_empty(clues: Clues) -> bool:
    """Whether a phrase names neither a country nor a subject."""
    return not clues.countries and len(clues.phrase.split()) < 5


def _year(phrase: str, context: str) -> int | None:
    inside = _stated_year(phrase)
    if inside is not None:
        return inside
    for pattern in (_YEAR_OPENS, _YEAR_OF_PRINT):
        match = pattern.search(context)
        if match is not None:
            return int(match["year"])
    return None


def _stated_year(phrase: str) -> int | None:
    for match in _STATED_YEAR.finditer(phrase):
        if not _PERIOD_BEFORE.search(phrase[: match.start()]):
            return int(match["year"])
    return None


def _sizes(phrase: str) -> tuple[frozenset[int], bool]:
    found, roughly = set(), False
    for match in _COUNT.finditer(phrase):
        written = match["n"] or match["n2"]
        number = _WORDS.get(written) or int(re.sub(r"\D", "", written))
        if not re.fullmatch(_YEAR, written):
            found.add(number)
            roughly = roughly or match["rough"] is not None
    return frozenset(found), roughly


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
    return any(len(word) > 1 and not _SUBSTANCE.fullmatch(word) for word in words)


def _is_acronym(name: str) -> bool:
    return sum(character.isupper() for character in name) > 1 and " " not in name and "-" not in name
