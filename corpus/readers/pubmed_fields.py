"""The fields of a PubMed record in CSL's terms: title, names, dates, pages, identifiers, references.

What the elements mean: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html. *Medline date*
is a date in words for what has no single day, *medline pages* a range whose end may be shortened.
"""

import re
from collections.abc import Callable

from corpus.identifiers import bare_doi, normal_pmcid, normal_pmid
from corpus.readers.inline_markup import Element, plain
from corpus.records import Reference
from corpus.written_dates import certain, date_parts, month_and_day

Name = dict[str, str]

_NO_IDS: dict[str, str] = {}
_NAME_PARTS = ("LastName", "ForeName", "FirstName", "Initials", "Suffix", "CollectiveName")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_RANGE = re.compile(
    r"(?<![A-Za-z\d-])([A-Za-z]{0,3})(\d{1,9})\s?[-–]\s?([A-Za-z]{0,3})(\d{1,9})(?![A-Za-z\d-])"
)
_ABBREVIATED_END = re.compile(r"(?:\b\w\.){2}$|\.\.$")
_NOT_TRANSLATED = frozenset({"", "not available", "in process citation"})
#: MARC codes (ISO 639-2/B, as NLM uses them) -> BCP 47, as CSL wants it; others stay as they are.
_CODES = (
    "afr:af alb:sq ara:ar arm:hy aze:az bel:be ben:bn bos:bs bul:bg cat:ca chi:zh cze:cs dan:da dut:nl "
    "eng:en epo:eo est:et fin:fi fre:fr geo:ka ger:de glg:gl gre:el heb:he hin:hi hrv:hr hun:hu ice:is "
    "ind:id ita:it jpn:ja kaz:kk kir:ky kor:ko lat:la lav:lv lit:lt mac:mk mal:ml may:ms mon:mn nor:no "
    "per:fa pol:pl por:pt rum:ro rus:ru scr:hr slo:sk slv:sl spa:es srp:sr swe:sv tha:th tur:tr ukr:uk "
    "urd:ur uzb:uz vie:vi wel:cy"
)
_LANGUAGES = dict(pair.split(":") for pair in _CODES.split())


def at(parent: Element, *names: str) -> Element:
    """The element that the names lead to, a child a name; None where there is none."""
    for name in names:
        # Several times faster than find, whose paths are interpreted.
        parent = next(parent.iterchildren(name), None) if parent is not None else None
    return parent


def text_at(parent: Element, *names: str) -> str:
    """The plain text of the element that the names lead to, empty where there is none."""
    found = at(parent, *names)
    return plain(found) if found is not None else ""


def texts_at(parent: Element, *names: str) -> list[str]:
    """The plain texts, where not empty, of all elements that the names lead to."""
    level = [parent] if parent is not None else []
    for name in names:
        level = [child for holder in level for child in holder.iterchildren(name)]
    return [text for text in map(plain, level) if text]


def titles(article: Element) -> tuple[str, str]:
    """The English title as it would be cited, and the title in the language of the text."""
    original = _without_stop(text_at(article, "VernacularTitle"))
    title = _without_stop(_without_brackets(text_at(article, "ArticleTitle")))
    if title.casefold() in _NOT_TRANSLATED:
        title = _without_stop(_without_brackets(original))
    return title, original


def _without_brackets(title: str) -> str:
    """PubMed puts a translated title into brackets: ``[Vitamin K and bone].``"""
    inner = title.rstrip(". ")
    if not (inner.startswith("[") and inner.endswith("]")):
        return title
    depth = 0
    for at, character in enumerate(inner):
        depth += (character == "[") - (character == "]")
        if depth == 0:
            return inner[1:-1].strip() if at == len(inner) - 1 else title
    return title


def _without_stop(title: str) -> str:
    """Without PubMed's full stop; that of ``U.S.`` or an ellipsis stays."""
    cut = title.endswith(".") and not _ABBREVIATED_END.search(title[-8:])
    return title[:-1].rstrip() if cut else title


def language(article: Element) -> str:
    """The language of the text as CSL wants it (``de``), the first where there are several."""
    code = text_at(article, "Language").casefold()
    return "" if code in ("und", "mul") else _LANGUAGES.get(code, code)


def people(authors: Element) -> list[Name]:
    """The names of an author list, groups as literals; what NLM marks as invalid is left out."""
    if authors is None:
        return []
    names = [_name(author) for author in authors.iterchildren("Author") if author.get("ValidYN") != "N"]
    return [name for name in names if name]


def _name(author: Element) -> Name:
    parts = {child.tag: plain(child) for child in author.iterchildren(*_NAME_PARTS)}
    given = parts.get("ForeName") or parts.get("FirstName") or _spaced(parts.get("Initials", ""))
    if not parts.get("LastName"):
        group = parts.get("CollectiveName") or given
        return {"literal": group} if group else {}
    name = {"family": parts["LastName"], "given": given, "suffix": parts.get("Suffix", "")}
    return {part: text for part, text in name.items() if text}


def _spaced(initials: str) -> str:
    """``AR`` as PubMed writes it elsewhere, ``A R``; hyphens stay."""
    return re.sub(r"(?<=[^\W\d_])(?=[^\W\d_])", " ", initials) if initials.isupper() else initials


def date_of(element: Element) -> list[int]:
    """Year, month and day as far as an element such as PubDate makes them certain."""
    if element is None:
        return []
    medline = text_at(element, "MedlineDate")
    if medline:
        return _medline_date(medline)
    year, month, day = (text_at(element, name) for name in ("Year", "Month", "Day"))
    if not re.fullmatch(r"\d{4}", year, re.ASCII):
        return _medline_date(year)
    parts = [int(year), *month_and_day(month)[:1]]
    if len(parts) == 2 and re.fullmatch(r"\d{1,2}", day, re.ASCII):
        parts.append(int(day))
    return certain(parts)


def _medline_date(written: str) -> list[int]:
    """``2000 Dec 23-30`` has a certain month, ``1998 Dec-1999 Jan`` and ``2004 Spring`` only a year."""
    years, months = _YEAR.findall(written[:100]), _MONTH.findall(written[:100])
    if not years:
        return []
    return date_parts(written) if len(years) == len(months) == 1 else certain([int(years[0])])


def pages(article: Element) -> str:
    """The page range with its end in full."""
    pagination = at(article, "Pagination")
    written = text_at(pagination, "MedlinePgn")
    if not written:
        ends = [text_at(pagination, name) for name in ("StartPage", "EndPage")]
        written = "-".join(dict.fromkeys(end for end in ends if end))
    # Behind a semicolon stand pages of something else: "123-9; discussion 130".
    return full_range(written.split(";")[0].strip())


def full_range(written: str) -> str:
    """Page ranges with their ends in full.

    >>> full_range("3100-5"), full_range("S12-5"), full_range("e1-12"), full_range("026002")
    ('3100-3105', 'S12-S15', 'e1-e12', '026002')
    """
    return _RANGE.sub(_full, written[:200])


def _full(match: re.Match[str]) -> str:
    prefix, first, own_prefix, last = match.groups()
    full = first[: len(first) - len(last)] + last if len(last) < len(first) else last
    if int(full) < int(first):
        return match.group()
    return f"{prefix}{first}-{own_prefix or prefix}{full}"


def identifiers(*lists: Element) -> dict[str, str]:
    """DOI, PMID and PMCID that article id lists give: only their own entries."""
    found: dict[str, str] = {}
    for one in lists:
        for entry in one.iterchildren("ArticleId") if one is not None else ():
            field, normal = _ID_TYPES.get(entry.get("IdType", "").casefold(), ("", None))
            value = normal(plain(entry)) if normal else None
            if value:
                found.setdefault(field, value)
    return found


def _pmid(raw: str) -> str | None:
    # Nearly all are bare digits, which need no pattern.
    bare = raw.isdecimal() and raw.isascii() and raw[0] != "0" and len(raw) < 10
    return raw if bare else normal_pmid(raw)


def _pmcid(raw: str) -> str | None:
    return normal_pmcid(raw if raw[:3].casefold() == "pmc" else f"PMC{raw}")


_ID_TYPES: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "doi": ("DOI", bare_doi),
    "pubmed": ("PMID", _pmid),
    "pmc": ("PMCID", _pmcid),
    "pmcid": ("PMCID", _pmcid),
}


def references(holder: Element, citation: Element) -> tuple[Reference, ...]:
    """The reference list in its order; older records keep it among the comments, as ``Cites``."""
    lists = holder.iterchildren("ReferenceList") if holder is not None else ()
    entries = [entry for one in lists for entry in one.iterdescendants("Reference")]
    if entries:
        return tuple(_reference(number, entry) for number, entry in enumerate(entries, start=1))
    corrections = at(citation, "CommentsCorrectionsList")
    cited = corrections.iterchildren("CommentsCorrections") if corrections is not None else ()
    return tuple(
        Reference(str(number), text_at(entry, "RefSource"), pmid=_pmid(text_at(entry, "PMID")))
        for number, entry in enumerate((e for e in cited if e.get("RefType") == "Cites"), start=1)
    )


def _reference(number: int, entry: Element) -> Reference:
    # A record may have hundreds: one walk over the children, no searches.
    raw, ids = "", _NO_IDS
    for child in entry:
        if child.tag == "Citation":
            raw = plain(child)
        elif child.tag == "ArticleIdList":
            ids = identifiers(child)
    doi = ids.get("DOI")
    return Reference(str(number), raw, None, doi.lower() if doi else None, ids.get("PMID"), ids.get("PMCID"))
