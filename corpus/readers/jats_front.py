"""The front matter of a JATS article -> what a bibliographic record says, in CSL's terms.

``issued`` is the year by which the work is cited: print, else the collection (the journal's volume),
else online; an online date of the same year lends month and day where the other has none. Dates of
release at PubMed Central and of manuscripts count only where there is nothing else.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from corpus.readers.jats_references import identifier
from corpus.readers.jats_text import Element, plain

_HREF = "{http://www.w3.org/1999/xlink}href"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LICENSE_REF = "{http://www.niso.org/schemas/ali/1.0/}license_ref"
_ID_FIELDS = {"doi": "DOI", "pmid": "PMID", "pmc": "PMCID", "pmcid": "PMCID", "pmc-id": "PMCID"}
_KIND_OF_FIELD = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid"}
_PRINT_FIRST = ("ppub", "epub-ppub", "collection", "epub", "pub", "publication", "epreprint", "preprint")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"\b(1[5-9]|20)\d\d\b")
_SUBJECTS_OF_TYPE = frozenset({None, "heading", "article-type", "display-channel"})


def csl_of(
    article: Element, meta: Element, journal: Element | None, issued: list[int] | None
) -> dict[str, Any]:
    """The CSL-JSON item of an article; fields that it does not give are empty."""
    identifiers = dict(_identifiers(meta))
    return {
        "type": "article-journal",
        "title": title_of(meta),
        "author": [name for contrib in _authors(meta) for name in _names(contrib)],
        "issued": {"date-parts": [issued]} if issued else None,
        "container-title": _journal_title(journal) or _abbreviation(journal),
        "container-title-short": _abbreviation(journal),
        "ISSN": " ".join(journal.findtext("issn", "").split()) if journal is not None else None,
        "volume": plain(meta.find("volume")),
        "issue": plain(meta.find("issue")),
        "page": _page(meta, identifiers.get("DOI")),
        "language": (article.get(_LANG) or "").casefold(),
        "keyword": ", ".join(_keywords(meta)),
        **identifiers,
        "URL": _url(identifiers),
    }


def title_of(meta: Element) -> str:
    """Title and subtitle as text."""
    group = meta.find("title-group")
    holder = group if group is not None else meta
    title = plain(holder.find("article-title"))
    subtitle = plain(holder.find("subtitle"))
    if not title or not subtitle:
        return title or subtitle
    return f"{title} {subtitle}" if title[-1] in ":?!.;–—" else f"{title}: {subtitle}"


def authors_complete(meta: Element) -> bool:
    """Whether the list of authors is whole."""
    return all(group.find("etal") is None for group in meta.iterchildren("contrib-group"))


def publication_types(article: Element, meta: Element) -> tuple[str, ...]:
    """The article's type and the headings under which the journal ran it."""
    subjects = [
        plain(subject)
        for group in meta.iterfind("article-categories/subj-group")
        if group.get("subj-group-type") in _SUBJECTS_OF_TYPE
        for subject in group.iterchildren("subject")
    ]
    return tuple(dict.fromkeys(t for t in (article.get("article-type") or "", *subjects) if t))


def license_of(meta: Element) -> str | None:
    """The licence: its address where one is given, else its name or its words."""
    found = meta.find("permissions/license")
    if found is None:
        return plain(meta.find("license")) or None
    linked = [found.get(_HREF), *(e.text for e in found.iter(_LICENSE_REF, "license_ref"))]
    linked += [e.get(_HREF) for e in found.iter("ext-link") if "creativecommons.org" in (e.get(_HREF) or "")]
    address = next((a.strip() for a in linked if a and a.strip()), None)
    named = next(
        (found.get(a) for a in ("license-type", "specific-use") if "CC" in (found.get(a) or "")), None
    )
    return address or named or " ".join(plain(found).split()) or found.get("license-type")


def issued_of(meta: Element) -> list[int] | None:
    """The date by which the work is cited, as precise as it is certain."""
    dates = list(meta.iterchildren("pub-date")) or list(meta.iterfind("history/date"))
    known: dict[str, list[int]] = {}
    for date in dates:
        kind = date.get("pub-type") or date.get("date-type") or ""
        electronic = "electronic" in (date.get("publication-format") or "")
        kind = "ppub" if kind == "pub" and date.get("publication-format") == "print" else kind
        kind = "epub" if kind == "pub" and electronic else kind
        parts = date_parts(date)
        if parts:
            known.setdefault(kind, parts)
    ranked = [known[kind] for kind in _PRINT_FIRST if kind in known] or list(known.values())
    if not ranked:
        return None
    same_year = [parts for parts in ranked if parts[0] == ranked[0][0]]
    return ranked[0] if len(ranked[0]) > 1 else max(same_year, key=len)


def date_parts(date: Element) -> list[int] | None:
    """Year, month and day as far as they are certain; of a range of years the first, of seasons the year."""
    written = date.findtext("year") or date.get("iso-8601-date") or date.findtext("string-date") or ""
    year = _YEAR.search(written)
    if year is None:
        return None
    parts = [int(year.group())]
    month = _month(date.findtext("month") or "")
    if month is None:
        return parts
    parts.append(month)
    day = (date.findtext("day") or "").strip()
    if day.isdecimal() and len(day) <= 2 and _is_date(parts[0], month, int(day)):
        parts.append(int(day))
    return parts


def doi_or_pmid(csl: dict[str, Any]) -> str | None:
    """By what a notice is named."""
    return csl.get("DOI") or csl.get("PMID")


def _month(written: str) -> int | None:
    bare = written.strip().casefold()
    if bare.isdecimal() and len(bare) <= 2:
        return int(bare) if 1 <= int(bare) <= 12 else None
    # "Jan-Feb" is certain of neither month.
    return _MONTHS.index(bare[:3]) + 1 if bare.rstrip(".").isalpha() and bare[:3] in _MONTHS else None


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def _identifiers(meta: Element) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for article_id in meta.iterchildren("article-id"):
        name = _ID_FIELDS.get((article_id.get("pub-id-type") or "").casefold())
        if name is None or name in seen:
            continue
        value = identifier(_KIND_OF_FIELD[name], "".join(article_id.itertext()))
        if value:
            seen.add(name)
            yield name, value


def _authors(meta: Element) -> list[Element]:
    """Contributors who wrote the work; who edited it only where nobody is named as author."""
    contribs = [c for group in meta.iterchildren("contrib-group") for c in group.iterchildren("contrib")]
    contribs += list(meta.iterchildren("contrib"))
    return [c for c in contribs if c.get("contrib-type") in (None, "author", "collab", "group", "corresp")]


def _names(contrib: Element) -> Iterator[dict[str, str]]:
    """A person by family and given name, a group by its name without its members."""
    alternatives = contrib.find("name-alternatives")
    holder = alternatives if alternatives is not None else contrib
    for child in holder:
        if child.tag in ("name", "string-name"):
            yield _person(child)
        elif child.tag in ("collab", "collab-name"):
            yield {"literal": _group(child)}
        elif child.tag == "collab-alternatives":
            yield from ({"literal": _group(c)} for c in list(child.iterchildren("collab"))[:1])
        elif child.tag == "anonymous":
            yield {"literal": "Anonymous"}
        else:
            continue
        if alternatives is not None:
            return


def _person(name: Element) -> dict[str, str]:
    family, given = plain(name.find("surname")), plain(name.find("given-names"))
    if not family:
        return {"literal": given or plain(name)}
    suffix = plain(name.find("suffix"))
    return {"family": family} | ({"given": given} if given else {}) | ({"suffix": suffix} if suffix else {})


def _group(collab: Element) -> str:
    words = [collab.text or ""]
    for child in collab:
        inner = child.tag in ("contrib-group", "contrib", "xref", "address", "aff", "fn", "email")
        words += ["" if inner else plain(child), child.tail or ""]
    return " ".join("".join(words).split()).strip(" ,;:")


def _journal_title(journal: Element | None) -> str:
    if journal is None:
        return ""
    title = journal.find("journal-title-group/journal-title")
    return plain(title if title is not None else journal.find("journal-title"))


def _abbreviation(journal: Element | None) -> str:
    if journal is None:
        return ""
    ids = {i.get("journal-id-type"): plain(i) for i in journal.iterchildren("journal-id")}
    named = journal.find("journal-title-group/abbrev-journal-title")
    named = named if named is not None else journal.find("abbrev-journal-title")
    return ids.get("nlm-ta") or ids.get("iso-abbrev") or plain(named)


def _page(meta: Element, doi: str | None) -> str:
    first, last = plain(meta.find("fpage")), plain(meta.find("lpage"))
    if first:
        return f"{first}-{last}" if last and last != first else first
    number = plain(meta.find("elocation-id"))
    return "" if doi is not None and identifier("doi", number) == doi else number


def _keywords(meta: Element) -> list[str]:
    words = [plain(k) for group in meta.iterchildren("kwd-group") for k in group.iter("kwd", "compound-kwd")]
    groups = meta.iterfind("article-categories/subj-group")
    words += [
        plain(s)
        for g in groups
        if g.get("subj-group-type") not in _SUBJECTS_OF_TYPE
        for s in g.iter("subject")
    ]
    return list(dict.fromkeys(word for word in words if word))


def _url(identifiers: dict[str, str]) -> str | None:
    if "DOI" in identifiers or "PMID" in identifiers or "PMCID" not in identifiers:
        return None
    return f"https://www.ncbi.nlm.nih.gov/pmc/articles/{identifiers['PMCID']}/"
