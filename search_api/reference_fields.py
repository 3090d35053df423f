"""A field of a reference as given, against the same field of the library's record.

Spellings may differ where the field does not: a journal may be abbreviated, a page range shortened, a
name lack its accents, a title be in another case or without its subtitle. Everything else that differs
is named with both values.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz import fuzz

from corpus.identifiers import normal_doi, normal_pmcid, normal_pmid
from corpus.records import Source
from corpus.reference_lists import ListedReference
from indexer.bibliography import first_page, plain_title

#: Agreements that say that a field is right.
AGREE = ("same", "written otherwise")
Agreement = Literal["same", "written otherwise", "different", "not given", "not recorded"]

_LETTERS = str.maketrans(
    dict(zip("øłđðı", "olddi", strict=True)) | {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_SMALL_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "de",
        "der",
        "die",
        "et",
        "for",
        "in",
        "la",
        "le",
        "of",
        "on",
        "or",
        "the",
        "to",
        "und",
    }
)
#: Words that a title may be spelled by in two ways agree to this share of letters: tumour, tumor.
_SAME_WORD = 80.0


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field: what the reference gives, what the record has, and how they agree."""

    field: str
    given: str
    recorded: str
    agreement: Agreement
    note: str | None = None


def compared(entry: ListedReference, source: Source) -> tuple[FieldComparison, ...]:
    """Every field that the reference or the record has, compared."""
    given, recorded = entry.csl, source.csl
    found = [
        _title(entry, source),
        _first_author(entry, source),
        _year(given, recorded),
        _journal(entry, recorded),
        _number("volume", given, recorded),
        _number("issue", given, recorded),
        _pages(entry, recorded),
        *(_identifier(name, entry, recorded) for name in ("DOI", "PMID", "PMCID")),
    ]
    return tuple(comparison for comparison in found if comparison is not None)


def title_agrees(entry: ListedReference, source: Source, least: float) -> bool | None:
    """Whether the entry's title may be the source's; None where the entry shows none."""
    title = plain_title(source.title)
    if entry.pasted and len(title.split()) >= 4:
        raw = plain_title(entry.raw)
        if len(title) <= len(raw) and fuzz.partial_ratio(title, raw) >= 100 * least:
            return True
    given = plain_title(str(entry.csl.get("title") or ""))
    if not given:
        return None
    whole = fuzz.token_sort_ratio(given, title) >= 100 * least
    return whole or without_subtitle(given, source.title) or without_subtitle(title, str(entry.csl["title"]))


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for case, punctuation and spelling variants."""
    a, b = plain_title(one).split(), plain_title(other).split()
    if a == b or "".join(a) == "".join(b):
        return True
    left, right = _beyond(a, b), _beyond(b, a)
    if any(any(c.isdigit() for c in word) for word in (*left, *right)):
        return False
    left, right = ([w for w in side if w not in _SMALL_WORDS] for side in (left, right))
    if len(left) == len(right):
        return all(fuzz.ratio(x, y) >= _SAME_WORD for x, y in zip(left, right, strict=True))
    return bool(left and right) and fuzz.ratio("".join(left), "".join(right)) >= _SAME_WORD


def same_journal(one: str, other: str) -> bool:
    """Whether two names are one journal, abbreviated or not.

    >>> same_journal("J Nutr", "The Journal of Nutrition"), same_journal("J Nutr", "J Neurotrauma")
    (True, False)
    """
    a, b = _journal_words(one), _journal_words(other)
    if a == b or "".join(a) == "".join(b):
        return True
    short, long = sorted((a, b), key=lambda words: sum(map(len, words)))
    if len(short) == len(long) and short:
        return all(_abbreviates(x, y) for x, y in zip(short, long, strict=True))
    initials = "".join(word[0] for word in long)
    return len(short) == 1 and len(initials) > 2 and short[0] == initials


def same_name(one: str, other: str) -> bool:
    """Whether two family names are one, with or without accents and particles."""
    a, b = _name_forms(one), _name_forms(other)
    return bool(a & b)


def _title(entry: ListedReference, source: Source) -> FieldComparison | None:
    given, recorded = str(entry.csl.get("title") or ""), source.title
    if entry.pasted and plain_title(recorded) in plain_title(entry.raw):
        return FieldComparison("title", given or recorded, recorded, "same")
    if not given:
        return _absent("title", given, recorded)
    if plain_title(given) == plain_title(recorded):
        return FieldComparison("title", given, recorded, "same")
    if without_subtitle(plain_title(given), recorded):
        return FieldComparison("title", given, recorded, "written otherwise", "the subtitle is left out")
    if same_title(given, recorded):
        return FieldComparison("title", given, recorded, "written otherwise")
    return FieldComparison("title", given, recorded, "different")


def without_subtitle(plain: str, other: str) -> bool:
    """Whether a plain title is another title up to its subtitle."""
    main = plain_title(re.split(r":|\s[–—-]\s|[.?](?=\s|$)", other, maxsplit=1)[0])
    return len(main.split()) >= 4 and plain == main


def _beyond(words: list[str], others: list[str]) -> list[str]:
    """The words that the others lack, each as often as it is missing."""
    left = list(others)
    missing = []
    for word in words:
        if word in left:
            left.remove(word)
        else:
            missing.append(word)
    return missing


def _first_author(entry: ListedReference, source: Source) -> FieldComparison | None:
    given, recorded = _family(entry.csl), _family(source.csl)
    if not given or not recorded:
        return _absent("first author", given, recorded)
    if given.casefold() == recorded.casefold():
        return FieldComparison("first author", given, recorded, "same")
    begins = " ".join(_folded(entry.raw).split()[:6]) if entry.pasted else ""
    if same_name(given, recorded) or re.search(rf"\b{re.escape(_folded(recorded))}\b", begins):
        return FieldComparison("first author", given, recorded, "written otherwise")
    return FieldComparison("first author", given, recorded, "different")


def _family(csl: Mapping[str, Any]) -> str:
    authors = csl.get("author") or []
    first = authors[0] if authors else {}
    particle = str(first.get("non-dropping-particle") or "")
    return f"{particle} {first.get('family') or first.get('literal') or ''}".strip()


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def _name_forms(name: str) -> set[str]:
    folded, spelled = (
        _folded(name),
        _folded(unicodedata.normalize("NFC", name.casefold()).translate(_UMLAUTS)),
    )
    forms = {folded, spelled, *folded.split()[-1:], folded.replace(" ", "")}
    return {form for form in forms if form}


def _year(given: Mapping[str, Any], recorded: Mapping[str, Any]) -> FieldComparison | None:
    a, b = year_of(given), year_of(recorded)
    if a is None or b is None:
        return _absent("year", str(a or ""), str(b or ""))
    if a == b:
        return FieldComparison("year", str(a), str(b), "same")
    note = "one year apart, as the dates online and in print may be" if abs(a - b) == 1 else None
    return FieldComparison("year", str(a), str(b), "different", note)


def year_of(csl: Mapping[str, Any]) -> int | None:
    """The year of a CSL item, None where it has none."""
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    return int(parts[0][0]) if parts[0] and parts[0][0] is not None else None


def _journal(entry: ListedReference, recorded: Mapping[str, Any]) -> FieldComparison | None:
    a, b = (str(csl.get("container-title") or "") for csl in (entry.csl, recorded))
    if not a or not b:
        return _absent("journal", a, b)
    if _journal_words(a) == _journal_words(b):
        return FieldComparison("journal", a, b, "same")
    short = str(recorded.get("container-title-short") or b)
    if same_journal(a, b) or same_journal(a, short) or _stands_in(entry, b):
        return FieldComparison("journal", a, b, "written otherwise")
    return FieldComparison("journal", a, b, "different")


def _stands_in(entry: ListedReference, journal: str) -> bool:
    """Whether a pasted entry holds the journal's name where our reading of it looked elsewhere."""
    title = plain_title(str(entry.csl.get("title") or ""))
    return entry.pasted and f" {plain_title(journal)} " in f" {plain_title(entry.raw).replace(title, '')} "


def _journal_words(name: str) -> list[str]:
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name.replace("&", " and "))
    return [word for word in _folded(plain).split() if word not in _SMALL_WORDS]


def _abbreviates(short: str, long: str) -> bool:
    """``nutr`` and ``natl`` abbreviate nutrition and national; both begin, the second ends alike."""
    if long.startswith(short) or short.startswith(long):
        return True
    letters = iter(long)
    return short[0] == long[0] and short[-1] == long[-1] and all(letter in letters for letter in short)


def _number(name: str, given: Mapping[str, Any], recorded: Mapping[str, Any]) -> FieldComparison | None:
    a, b = (str(csl.get(name) or "").strip() for csl in (given, recorded))
    if not a or not b:
        return _absent(name, a, b)
    same = a.casefold().lstrip("0") == b.casefold().lstrip("0")
    if not same and name == "issue" and not (a.isdigit() and b.isdigit()):
        return FieldComparison(name, a, b, "written otherwise")  # "Suppl 2", "11-12", "Pt A"
    return FieldComparison(name, a, b, "same" if same else "different")


def _pages(entry: ListedReference, recorded: Mapping[str, Any]) -> FieldComparison | None:
    a, b = (str(csl.get("page") or "").strip() for csl in (entry.csl, recorded))
    if not a or not b:
        return _absent("pages", a, b)
    if a == b:
        return FieldComparison("pages", a, b, "same")
    first, last = _range(a), _range(b)
    same = first[0] == last[0] and (first[1] == last[1] or not first[1] or not last[1])
    return FieldComparison("pages", a, b, "written otherwise" if same else "different")


def _range(page: str) -> tuple[str, str]:
    """First and last page, the last written out: ``3100-5`` -> 3100, 3105."""
    first = first_page(page)
    rest = re.split(r"\s*[-–—]+\s*", page.strip(), maxsplit=1)[1:]
    last = re.split(r"[,;\s]", rest[0].casefold())[0] if rest else ""
    missing = len(first) - len(last)
    return first, first[:missing] + last if missing > 0 and last.isdigit() else last


def _identifier(name: str, entry: ListedReference, recorded: Mapping[str, Any]) -> FieldComparison | None:
    normal = {"DOI": normal_doi, "PMID": normal_pmid, "PMCID": normal_pmcid}[name]
    a, b = (str(csl.get(name) or "") for csl in (entry.csl, recorded))
    broken = next((value for field, value in entry.unusable if field == name), None)
    if not a and broken is not None:
        return FieldComparison(name, broken, b, "different", f"what is given is no {name}")
    if not a or not b:
        return _absent(name, a, b)
    return FieldComparison(name, a, b, "same" if normal(a) == normal(b) else "different")


def _absent(name: str, given: str, recorded: str) -> FieldComparison | None:
    if not given and not recorded:
        return None
    return FieldComparison(name, given, recorded, "not recorded" if given else "not given")
