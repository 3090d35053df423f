"""The sentences of a draft, each with what it is: a claim that a source could support, or something else.

A claim is a statement of fact about the world. Questions, opinions, instructions, transitions and what
writers tell of themselves are not; the rules are listed here, the first that fits decides, and says why.
"""

import re
from collections.abc import Iterator

from corpus.sentences import sentence_spans
from indexer.terms import has_terms
from search_api.drafts.language import other_language
from search_api.drafts.records import ClaimPart, Draft, DraftParagraph, Sentence, SentenceKind

_PROSE = frozenset({"paragraph", "list-item", "quote"})
_LEAST_WORDS = 3
#: A clause of fewer words is no claim of its own.
_LEAST_PART_WORDS = 4

_OPINION = re.compile(
    r"\b(?:I|we) (?:\w+ly )?(?:think|believe|feel|hope|suspect|doubt|wish|guess|love|"
    r"hate|prefer|recommend|suggest|argue)\b"
    r"|\b(?:in )?(?:my|our) (?:\w+ )?(?:opinion|view|experience|mind|eyes)\b"
    r"|\b(?:should|ought to|must|had better|needs? to be|deserves?)\b"
    r"|\b(?:wonderful|amazing|awesome|fantastic|marvell?ous|delicious|terrible|awful|horrible|miracle|"
    r"magical|incredible|remarkable|disappointing|exciting|beautiful|brilliant)\b"
    r"|\b(?:arguably|hopefully|unfortunately|fortunately|sadly|luckily|frankly|personally|to be honest)\b"
    r"|\b(?:worth (?:a try|trying|it|the)|makes? sense|no doubt|of course|it is (?:a )?(?:pity|shame|time))\b"
    r"|\b(?:best|worst|greatest|nicest|finest) (?:thing|part|way|choice|idea)\b|!$",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"(?:please |always |never |do not |don[’']t |let us |let[’']s |make sure |be sure |try to |remember to )"
    r"|(?:ask|avoid|call|check|choose|consider|consult|contact|discuss|drink|eat|ensure|follow|give up|keep|"
    r"look for|look at|note|read|recall|remember|see|seek|speak|start|stop|take|talk|tell|think about|try|"
    r"use|visit|wait|walk|watch|wear|imagine|suppose|buy|cook|add|mix)\b"
    r"(?! (?:of|by|in|was|were|is|are|has|had)\b)",
    re.IGNORECASE,
)
_TRANSITION = re.compile(
    r"\b(?:this|the present|the following|the next|the last|the previous|the first|our) "
    r"(?:section|article|paper|chapter|review|post|essay|report|guide|overview|paragraph|page|text|part)\b"
    r"|\b(?:as (?:discussed|described|mentioned|noted|shown|seen|explained) (?:above|below|earlier|before|in)"
    r"|(?:below|above|here|now),? we\b|we (?:now|will|next|first|then|shall) |(?:turn|return)s? (?:now )?to\b"
    r"|let me\b|to (?:sum up|conclude|summari[sz]e|begin with)|in what follows|read on|more on (?:this|that))"
    r"|^(?:but )?(?:first|second|third|finally|next|so|now|then|why|how|what)[^.]{0,40}:$"
    r"|^(?:that|this|it) (?:is|was|brings|leads|raises|leaves)\b[^.]{0,40}"
    r"\b(?:question|story|point|matter|us to)\b",
    re.IGNORECASE,
)
_OWN_ACCOUNT = re.compile(
    # "Complex I", "haplogroup I" and "I-carnitine" are no writers.
    r"^I\b(?!-)|(?:[,;]|\b(?:and|that|when|because|if|as|while|since|than|but|what|which)) I\b(?!-)"
    r"|\b(?:[Mm]y|me|mine|myself)\b"
    r"|^(?:[Ww]e|[Oo]ur (?:patients|participants|study|data|results|trial|sample))\b",
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|may|might|will|would|cannot|n[’']t)\b"
    r"|\b\w{3,}(?:ed|es|s|en|ing)\b|\b(?:saw|rose|fell|grew|went|made|took|gave|led|kept|found|held|"
    r"cut|met|ran|showed|became|began|came|felt|lost|put|set|lay|act|cause|contain|affect|improve|increase|decrease|reduce|"
    r"lower|raise|prevent|protect|lead|play|occur|remain|show|help|work|depend|vary|differ|include|require|"
    r"encode|bind|express|induce|inhibit|promote|regulate|mediate|form)\b",
    re.IGNORECASE,
)
_CLAUSE_BREAK = re.compile(
    r";\s+|,?\s+(?:but|whereas|while|although|though)\s+|,\s+(?:and|yet|so)\s+(?=\w+ )"
)
#: A clause that begins or ends so leans on another one for its subject or its verb.
_LEANING = re.compile(
    r"^(?:it|its|they|their|this|that|these|those|he|she|such|one|none|neither|nor|some|others?|so|not|did|does|do|"
    r"was|were|is|are|has|had|have|can|may|might|will|would|also|then|thus|with|in turn|died|only)\b"
    r"|\b(?:did|does|do|was|were|is|are|has|had|have|could|can)(?: not|n[’']t)?\W*$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LEADING = re.compile(
    r"(?:however|moreover|furthermore|in addition|therefore|thus|also|but|and|yet|indeed),?\s+", re.I
)


def sentences(draft: Draft) -> list[Sentence]:
    """Every sentence of the draft's prose, in order; headings, tables and code have none."""
    return [sentence for p in draft.paragraphs if p.kind in _PROSE for sentence in _sentences_of(draft, p)]


def _sentences_of(draft: Draft, paragraph: DraftParagraph) -> Iterator[Sentence]:
    prose = draft.masked[paragraph.start : paragraph.end].replace("\n", " ")
    language = other_language(prose)
    for start, end in sentence_spans(prose):
        text = _words(prose[start:end])
        kind, reason = ("not English", language) if language else kind_of(text)
        place = paragraph.start + start
        parts = _parts(prose[start:end], place) if kind == "claim" else ()
        yield Sentence(place, paragraph.start + end, text, kind, reason, parts)


def _words(prose: str) -> str:
    """A stretch of prose in single blanks; none before a full stop, where a citation stood."""
    return re.sub(r" (?=[.,;:!?](?: |$))", "", " ".join(prose.split()))


def kind_of(text: str) -> tuple[SentenceKind, str | None]:
    """What a sentence is, and the words that say so.

    >>> kind_of("Vitamin K2 lowers blood pressure."), kind_of("Does vitamin K2 help?")
    (('claim', None), ('question', None))
    """
    bare = _LEADING.sub("", text, count=1).strip(" \"'“”‘’()")
    if text.rstrip("\"'”’) ").endswith("?"):
        return "question", None
    if (match := _INSTRUCTION.match(bare)) is not None:
        return "instruction", match.group().strip()
    rules: tuple[tuple[SentenceKind, re.Match[str] | None], ...] = (
        ("transition", _TRANSITION.search(bare)),
        ("opinion", _OPINION.search(bare)),
        ("own account", _OWN_ACCOUNT.search(bare)),
    )
    for kind, match in rules:
        if match is not None:
            return kind, match.group().strip()
    if len(bare.split()) < _LEAST_WORDS or not has_terms(bare) or not _VERB.search(bare):
        return "fragment", None
    return "claim", None


def _parts(sentence: str, offset: int) -> tuple[ClaimPart, ...]:
    """The clauses of a sentence that says several things, each a claim by itself; else none."""
    open_text = _BRACKETED.sub(lambda match: "_" * len(match.group()), sentence)
    bounds = [(m.start(), m.end()) for m in _CLAUSE_BREAK.finditer(open_text)]
    starts = [0, *(end for _, end in bounds)]
    ends = [*(start for start, _ in bounds), len(sentence)]
    parts = []
    for start, end in zip(starts, ends, strict=True):
        text = _words(sentence[start:end]).rstrip(".;,")
        short = len(text.split()) < _LEAST_PART_WORDS or not _VERB.search(text) or not has_terms(text)
        if short or _LEANING.search(text):
            return ()
        parts.append(ClaimPart(offset + start, offset + end, text))
    return tuple(parts) if len(parts) > 1 else ()
