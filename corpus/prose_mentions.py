"""The text of a block -> the places that name a study without a marker, and the clues that they state.

"a 2004 study from the Rotterdam cohort", "Knapen and colleagues (2015)", "the AVADEC trial". The library is
only asked whether it knows a bare name; `corpus.prose_linking` decides which study is meant. A phrase
without a clue ("a study found") and one about several studies ("some trials") is no mention; nor is there
one in a sentence that carries a citation, because the citation says what is cited.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.prose_heads import YEAR, Form, Head, KnownNames, heads_in, stated_year
from corpus.sentences import sentence_spans
from corpus.study_words import countries_in, designs_of, people_in, sizes_in


@dataclass(frozen=True, slots=True)
class Clues:
    """What a mention says of the study; what it does not say is empty.

    ``families`` are names of authors in the order of the text, ``names`` those of cohorts and trials,
    ``designs`` the designs that the mention's words are true of. ``sizes`` counts people or studies,
    ``roughly`` where the text says "about" or the like. ``phrase`` is the mention's own text, ``context``
    its part of the sentence, ``nearby`` the sentences before and after that neither cite nor name a study.
    """

    year: int | None = None
    families: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    designs: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    sizes: frozenset[int] = frozenset()
    roughly: bool = False
    phrase: str = ""
    context: str = ""
    nearby: str = ""


@dataclass(frozen=True, slots=True)
class ProseMention:
    """A place that names a study: ``text[start:end]``, and its clues.

    A tentative one counts only where a study of the library answers to it: its words alone
    ("a trial of stretching") do not say for sure that they mean one study.
    """

    start: int
    end: int
    form: Form
    clues: Clues
    tentative: bool = False


#: The forms by how well they stand for a study, the best first.
_FORMS: tuple[Form, ...] = ("authors", "named", "described", "counted")
#: A "sentence" longer than this, in characters, is data.
_LONGEST_SENTENCE = 2000
#: Two heads further apart than this, in characters, are two mentions.
_FARTHEST = 80
_YEAR_OPENS = re.compile(rf"^[\s\"“(]*(?:[Bb]ack\s)?[Ii]n\s(?P<year>{YEAR})\b(?![-–/]\d)")
_YEAR_OF_PRINT = re.compile(
    r"\b(?:publi[sc]\w+|reported|released|appeared|presented|wrote)\b[^.;]{0,60}?\b(?:in|of)\s(?:\w+\s)?"
    rf"(?P<year>{YEAR})\b(?![-–/]\d)"
)
_PLAN = re.compile(r"\b(?:protocols?|plans?|planned)\b", re.IGNORECASE)
_CONTRAST = re.compile(
    r";|\b(?:while|whereas|but|unlike|than|versus|vs|another|although|not)\b|\bcompared\s(?:with|to)\b|"
    r"\band\s(?:a|an|one|the|in|from|by)\b|\ba\s(?:second|later|further|separate|different)\b|,\sand\s"
)


def mentions_in(text: str, known: KnownNames, citations: Sequence[int] = ()) -> list[ProseMention]:
    """The mentions of a block's text in order; offsets count in that text.

    ``citations`` are the places of markers and identifiers that decide what their sentences cite.
    """
    spans = sentence_spans(text)
    free = [not _is_cited(text, spans, n, citations) for n in range(len(spans))]
    found = [
        list(_mentions(text[start:end], known)) if free[n] and end - start <= _LONGEST_SENTENCE else []
        for n, (start, end) in enumerate(spans)
    ]
    quiet = [free[n] and all(mention.tentative for mention in found[n]) for n in range(len(spans))]
    placed = []
    for n, (start, _) in enumerate(spans):
        around = [m for m in (n - 1, n + 1) if 0 <= m < len(spans) and quiet[m]]
        nearby = " ".join(text[slice(*spans[m])][:_LONGEST_SENTENCE] for m in around)
        for mention in found[n]:
            clues = mention.clues if mention.tentative else replace(mention.clues, nearby=nearby)
            placed.append(replace(mention, start=start + mention.start, end=start + mention.end, clues=clues))
    return placed


def _is_cited(text: str, spans: Sequence[tuple[int, int]], n: int, citations: Sequence[int]) -> bool:
    """Whether a citation stands in a sentence, or right behind it at the beginning of the next."""
    start, end = spans[n]
    after = spans[n + 1] if n + 1 < len(spans) else (end, end)
    return any(
        start <= at < end or (after[0] <= at < after[1] and not re.search(r"[^\W\d]", text[after[0] : at]))
        for at in citations
    )


def _mentions(sentence: str, known: KnownNames) -> Iterator[ProseMention]:
    groups = _joined(heads_in(sentence, known), sentence)
    for n, group in enumerate(groups):
        begin = max(head.end for head in groups[n - 1]) if n else 0
        end = groups[n + 1][0].start if n + 1 < len(groups) else len(sentence)
        mention = _mention(sentence, group, begin, end)
        if mention is not None:
            yield mention


def _joined(heads: list[Head], sentence: str) -> list[list[Head]]:
    """The heads that stand for one study together: overlapping ones, and those nothing sets apart."""
    groups: list[list[Head]] = []
    for head in heads:
        if groups and _belongs(groups[-1], head, sentence):
            groups[-1].append(head)
        else:
            groups.append([head])
    return groups


def _belongs(group: list[Head], head: Head, sentence: str) -> bool:
    reach = max(other.end for other in group)
    if head.start < reach:
        return True
    between = sentence[reach : head.start]
    if len(between) > _FARTHEST or _CONTRAST.search(between):
        return False
    named = any(other.names for other in group)
    if (head.families and any(other.families for other in group)) or (head.names and named):
        return False
    dated = any(stated_year(sentence[other.start : other.end]) for other in group)
    return not (dated and stated_year(sentence[head.start : head.end]))


def _mention(sentence: str, group: list[Head], begin: int, end: int) -> ProseMention | None:
    """The mention that a group of heads makes in its part of a sentence; None: it has no clue."""
    core = [head for head in group if not head.tentative] or group
    best = min(core, key=lambda head: (_FORMS.index(head.form), head.start))
    around = [head for head in group if head.start < best.end and best.start < head.end]
    start, reach = min(head.start for head in around), max(head.end for head in around)
    context = sentence[min(begin, start) : max(end, reach)]
    clues = _clues(" ".join(sentence[head.start : head.end] for head in core), context, core)
    hard = clues.year or clues.families or clues.names or clues.sizes
    if not hard and all(head.definite or head.form != "described" for head in core):
        return None
    tentative = all(head.tentative for head in core) or not (hard or clues.countries)
    return ProseMention(start, reach, best.form, clues, tentative)


def _clues(phrase: str, context: str, heads: list[Head]) -> Clues:
    word = next((head.word for head in heads if head.word), "")
    sizes, roughly = sizes_in(phrase)
    designs = designs_of(word, phrase)
    if designs and _PLAN.search(context):
        designs |= {"protocol"}
    return Clues(
        year=_year(phrase, context),
        families=next((head.families for head in heads if head.families), ()),
        names=tuple(dict.fromkeys(name for head in heads for name in head.names)),
        designs=designs,
        countries=countries_in(phrase),
        people=people_in(context),
        sizes=sizes,
        roughly=roughly,
        phrase=phrase,
        context=context,
    )


def _year(phrase: str, context: str) -> int | None:
    """The year of publication as far as the words say that it is one."""
    inside = stated_year(phrase)
    if inside is not None:
        return inside
    for pattern in (_YEAR_OPENS, _YEAR_OF_PRINT):
        match = pattern.search(context)
        if match is not None:
            return int(match["year"])
    return None
