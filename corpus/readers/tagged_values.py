"""What the values of tagged records (MEDLINE, RIS) share: structured abstracts, pages, languages, titles."""

import re
from itertools import takewhile

_LANGUAGE_CODES = """
    eng:en fre:fr ger:de spa:es ita:it por:pt rus:ru chi:zh jpn:ja kor:ko dut:nl pol:pl tur:tr swe:sv dan:da
    nor:no fin:fi hun:hu cze:cs heb:he ara:ar per:fa ukr:uk gre:el rum:ro hrv:hr srp:sr english:en french:fr
    german:de spanish:es italian:it portuguese:pt russian:ru chinese:zh japanese:ja korean:ko dutch:nl
    polish:pl turkish:tr
"""
_LANGUAGES = dict(pair.split(":") for pair in _LANGUAGE_CODES.split())
_SECTIONS = """
    abstract aim aims analyses analysis approach background case cases conclusion conclusions context data
    design diagnosis discussion evidence findings framework funding goal goals hypothesis implications
    importance intervention interventions interpretation introduction limitations main material materials
    measurement measurements measures method methodology methods objective objectives outcome outcomes
    participants patients perspective population presentation procedures purpose question rationale
    recommendations registration relevance report result results review sample selection setting settings
    significance sources statement strategy study subjects summary synthesis systematic trial
"""
_SECTION_WORDS = frozenset(_SECTIONS.split())
_LABEL = re.compile(r"(?:^|(?<=[.?!)\]%;] ))([A-Z][A-Z0-9 &/,()'’-]{2,70}): +(?=\S)")
_RANGE = re.compile(r"([A-Za-z]*)(\d{1,9})\s*[-‐-―]+\s*([A-Za-z]*)(\d{1,9})")
_PAGES = re.compile(r"[A-Za-z]{0,3}\d{1,9}(?:\s*[-‐-―]+\s*[A-Za-z]{0,3}\d{1,9})?")
_NO_ABSTRACT = re.compile(r"\W*(?:no abstract (?:is )?available|abstract not available)\W*", re.I)


def sections_of(abstract: str) -> tuple[tuple[str, str], ...]:
    """An abstract as (label, text); labels are words in capitals before a colon where a sentence begins.

    >>> sections_of("AIM: To test. RESULTS: It works. DNA: no label.")
    (('AIM', 'To test.'), ('RESULTS', 'It works. DNA: no label.'))
    """
    abstract = " ".join(abstract.split())
    if not abstract or _NO_ABSTRACT.fullmatch(abstract):
        return ()
    labels = [match for match in _LABEL.finditer(abstract) if _is_label(match.group(1))]
    ends = [match.start() for match in labels[1:]] + [len(abstract)]
    before = abstract[: labels[0].start()] if labels else abstract
    found = [("", before.strip())] if before.strip() else []
    found += [(m.group(1), abstract[m.end() : end].strip()) for m, end in zip(labels, ends, strict=False)]
    return tuple((label, words) for label, words in found if words)


def _is_label(words: str) -> bool:
    return any(word in _SECTION_WORDS for word in re.split(r"[^a-z]+", words.casefold()))


def page_range(pages: str) -> str:
    """Pages with the end in full; what stands beside them ("; discussion 12") is left out.

    >>> page_range("1396-401"), page_range("S12-5; discussion S15"), page_range("9-12, e17")
    ('1396-1401', 'S12-S15', '9-12, e17')
    """
    ranges = re.split(r"\s*,\s*", pages.split(";")[0].strip())
    further = takewhile(_PAGES.fullmatch, ranges[1:])
    return ", ".join(_whole_range(written) for written in (ranges[0], *further))


def _whole_range(written: str) -> str:
    written = written.strip().rstrip("-‐–")
    match = _RANGE.fullmatch(written)
    if match is None:
        return written
    lead, start, end_lead, end = match.groups()
    if len(end) < len(start):
        end = start[: len(start) - len(end)] + end
    start, end = lead + start, (end_lead or lead) + end
    return start if start == end else f"{start}-{end}"


def language_of(name: str) -> str:
    """The two-letter code of a language; a name that is not known stays as it is."""
    return _LANGUAGES.get(name.strip().casefold(), name.strip())


def without_final_stop(title: str) -> str:
    """A title without the full stop that databases add; those of an abbreviation or ellipsis stay."""
    title = title.strip()
    words = title.split()
    return title[:-1] if title.endswith(".") and "." not in words[-1][:-1] and words[-1] != "." else title


def without_brackets(title: str) -> str:
    """PubMed sets a translated title in brackets: ``[Vitamin K and bone].``

    >>> without_brackets("[Vitamin K and bone]."), without_brackets("[A] and [B].")
    ('Vitamin K and bone', '[A] and [B].')
    """
    inner = title.rstrip(". ")
    inside = inner[1:-1]
    if not (inner.startswith("[") and inner.endswith("]")) or len(inner) < 3:
        return title
    return title if "]" in inside.split("[")[0] else inside
