"""Which work of the library an entry of a reference list means: by identifier, by title, by place.

An identifier names a work exactly; a title may be misspelt, and how far is allowed depends on what else
fits; volume, first page, year and first author together name one work as well.
"""

from corpus.errors import NotFoundError
from corpus.identifiers import normal_doi, normal_pmcid, normal_pmid
from corpus.records import Source
from corpus.reference_lists import ListedReference
from indexer.bibliography import plain_title
from indexer.library import Library
from search_api.reference_fields import (
    AGREE,
    compared,
    same_name,
    title_agrees,
    without_subtitle,
    year_of,
)

#: CSL field, prefix of the alias, normal form.
IDENTIFIERS = (("DOI", "doi", normal_doi), ("PMID", "pmid", normal_pmid), ("PMCID", "pmcid", normal_pmcid))
#: A shorter title says too little to find a work by.
LEAST_TITLE_WORDS = 4
#: A title agrees with the work of its identifier from here on (as in `corpus.identity`).
_SAME_WORK = 0.75
#: A title alone finds a work from here on; with first author and year it may differ more.
_FOUND, _FOUND_WITH_OTHERS, _FOUND_WITHIN = 0.9, 0.8, 0.92
#: A title finds a work against a differing identifier only where nearly every letter agrees.
_FOUND_AGAINST = 0.95
#: A title without its subtitle may be half of it.
_LIKE = 0.4


def aliases_in(entry: ListedReference) -> dict[str, str]:
    """The identifiers of an entry in normal form, by CSL field: ``{"DOI": "doi:10.1093/..."}``."""
    forms = {name: (prefix, normal(str(entry.csl.get(name) or ""))) for name, prefix, normal in IDENTIFIERS}
    return {name: f"{prefix}:{form}" for name, (prefix, form) in forms.items() if form}


def pointed_at(entry: ListedReference, library: Library) -> dict[str, Source]:
    """The source that each identifier of the entry names, for those that the library has."""
    found = {}
    for name, alias in aliases_in(entry).items():
        try:
            found[name] = library.source(alias)
        except NotFoundError:
            continue
    return found


def may_describe(entry: ListedReference, source: Source) -> bool:
    """Whether the entry may describe the work that its identifier names.

    Its title decides; against the title all of author, year and pages must speak for the work, and where
    there is none, author and year must not both speak against it.
    """
    agrees = title_agrees(entry, source, _SAME_WORK)
    if agrees:
        return True
    fields = {f.field: f.agreement for f in compared(entry, source)}
    if agrees is None:
        return not fields.get("first author") == fields.get("year") == "different"
    return all(fields.get(name) in AGREE for name in ("first author", "year", "pages"))


def has_title_of(entry: ListedReference, source: Source) -> bool:
    """Whether the entry's title is the source's, roughly."""
    return title_agrees(entry, source, _SAME_WORK) is True


def work_by_title(
    entry: ListedReference, library: Library, any_identifier: bool = False
) -> tuple[Source, str] | None:
    """The one work of the entry's title and how it was found; of several, the one that fits best.

    A title that fits a work with another identifier finds it only where author or year fit as well, unless
    ``any_identifier``.
    """
    fitting = []
    for row, agreement in _titles_like(entry, library):
        source = library.source_at(row)
        others = _others_that_fit(entry, source)
        against = not any_identifier and _has_other_identifier(entry, source)
        least = _FOUND_AGAINST if against else _FOUND_WITH_OTHERS if others == 2 else _FOUND
        if agreement >= least and not (against and others == 0):
            fitting.append((others, agreement, source))
    fitting.sort(key=lambda item: item[:2], reverse=True)
    if not fitting or (len(fitting) > 1 and fitting[0][:2] == fitting[1][:2]):
        return None
    return fitting[0][2], f"title ({fitting[0][1]:.2f} alike)"


def work_by_place(entry: ListedReference, library: Library) -> tuple[Source, str] | None:
    """The work that begins on that page of that volume and year, by that first author."""
    csl, year = entry.csl, year_of(entry.csl)
    if not (csl.get("volume") and csl.get("page") and csl.get("author") and year):
        return None
    family = str(csl["author"][0].get("family") or csl["author"][0].get("literal") or "")
    for row in library.bibliography.by_place(str(csl["volume"]), str(csl["page"]), year):
        source = library.source_at(row)
        authors = source.csl.get("author") or [{}]
        if not _has_other_identifier(entry, source) and same_name(family, authors[0].get("family") or ""):
            return source, "first author, year, volume and page"
    return None


def _titles_like(entry: ListedReference, library: Library) -> list[tuple[int, float]]:
    title = str(entry.csl.get("title") or "")
    titles = library.bibliography
    found: dict[int, float] = {}
    if len(title.split()) >= LEAST_TITLE_WORDS:
        for match in titles.titled(title, _LIKE):
            cut = without_subtitle(plain_title(title), library.source_at(match.row).title)
            agreement = max(match.agreement, _FOUND_AGAINST) if cut else match.agreement
            if agreement >= _FOUND_WITH_OTHERS:
                found[match.row] = agreement
    if entry.pasted:  # our reading of where its title ends may be wrong
        found |= {match.row: match.agreement for match in titles.titled_within(entry.raw, _FOUND_WITHIN)}
    return list(found.items())


def _others_that_fit(entry: ListedReference, source: Source) -> int:
    """How many of first author and year (give or take one) are the source's."""
    fields = {f.field: f for f in compared(entry, source)}
    author, year = fields.get("first author"), fields.get("year")
    near = year is not None and (year.agreement == "same" or year.note is not None)
    return int(author is not None and author.agreement in AGREE) + int(near)


def _has_other_identifier(entry: ListedReference, source: Source) -> bool:
    """Whether both have an identifier of one kind, and not the same."""
    for name, _, normal in IDENTIFIERS:
        given, recorded = (normal(str(csl.get(name) or "")) for csl in (entry.csl, source.csl))
        if given and recorded and given != recorded:
            return True
    return False
