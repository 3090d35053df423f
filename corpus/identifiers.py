"""DOI, PMID, PMCID and arXiv identifiers: their normal form and validity.

The normal form is what ``source_id`` is made of: DOIs in lower case (they are case-insensitive,
https://www.doi.org/the-identifier/resources/handbook/2_numbering#2.4), PMIDs as bare digits,
PMCIDs as ``PMC`` and digits.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

_DOI_PREFIX = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
# With < and >, which the DOIs of the 1990s hold: 10.1002/(SICI)1097-0258(19980815)17:15<1661::...
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"]+")
_DOI_IN_TEXT = re.compile(r"\b10\.\d{4,9}/[^\s\"<>\]\[{}]+", re.IGNORECASE)
#: A resolver's or a publisher's address, where the path is a DOI behind ``/doi/`` and a word for the view.
_DOI_IN_ADDRESS = re.compile(
    r"https?://(?:[\w.-]*\bdoi\.org|[\w.-]+/doi(?:/[a-z]{2,10})?)/(10\.\d{4,9}/[^\s\"?#]+)", re.IGNORECASE
)
_VIEW = re.compile(
    r"/(?:abstract|full|fulltext|pdf|epdf|html|summary|references|suppl|asset/.*)/?$", re.IGNORECASE
)
_PMID = re.compile(r"[1-9]\d{0,8}")
_PMID_IN_TEXT = re.compile(r"\bPMID:?\s*([1-9]\d{0,8})\b", re.IGNORECASE)
_PMCID = re.compile(r"PMC[1-9]\d{0,9}", re.IGNORECASE)
_ARXIV = re.compile(r"(?:arxiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE)


def normal_doi(raw: str) -> str | None:
    """The DOI in lower case without resolver or ``doi:``, or None where it is not one."""
    bare = bare_doi(raw)
    return bare.lower() if bare else None


def bare_doi(raw: str) -> str | None:
    """The DOI in its own case without resolver or ``doi:``, or None where it is not one."""
    bare = _DOI_PREFIX.sub("", raw.strip()).strip()
    return bare if _DOI.fullmatch(bare) else None


def normal_pmid(raw: str) -> str | None:
    """The PMID as digits, with or without ``PMID:`` in front, or None where it is not one."""
    bare = re.sub(r"^pmid:\s*", "", raw.strip(), flags=re.IGNORECASE)
    return bare if _PMID.fullmatch(bare) else None


def normal_pmcid(raw: str) -> str | None:
    """The PMCID as ``PMC`` and digits, or None where it is not one."""
    bare = re.sub(r"^pmcid:\s*", "", raw.strip(), flags=re.IGNORECASE)
    return bare.upper() if _PMCID.fullmatch(bare) else None


def normal_arxiv(raw: str) -> str | None:
    """The arXiv identifier without version, or None where it is not one."""
    match = _ARXIV.fullmatch(raw.strip())
    return match.group(1).lower() if match else None


def dois_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Every DOI written in a text: (start, end, normal form), end punctuation left out."""
    for match in _DOI_IN_TEXT.finditer(text):
        written = _without_trailing_punctuation(match.group())
        doi = normal_doi(written)
        if doi:
            yield match.start(), match.start() + len(written), doi


def doi_in_address(address: str) -> str | None:
    """The DOI that a web address stands for, in its own case, None where the address does not say so.

    >>> doi_in_address("https://onlinelibrary.wiley.com/doi/full/10.1002/mpr.133/abstract?x=1")
    '10.1002/mpr.133'
    """
    match = _DOI_IN_ADDRESS.search(re.sub("%2f", "/", address, flags=re.IGNORECASE))
    if match is None:
        return None
    written = match.group(1)
    if "doi.org/" not in match.group()[: match.start(1) - match.start()].casefold():
        written = _VIEW.sub("", written)
    return bare_doi(_without_trailing_punctuation(unquote(written).rstrip("/")))


def pmids_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Every PMID that a text announces as one: (start, end, digits)."""
    for match in _PMID_IN_TEXT.finditer(text):
        yield match.start(), match.end(), match.group(1)


def _without_trailing_punctuation(written: str) -> str:
    """Cut what belongs to the sentence; a closing bracket stays if the DOI opens it."""
    while written:
        last = written[-1]
        unmatched = last == ")" and written.count("(") < written.count(")")
        if last not in ".,;:?!…'‘’“”*_" and not unmatched:
            return written
        written = written[:-1]
    return written


def source_id_for(doi: str | None, pmid: str | None, slug: str) -> str:
    """The id of a source: its DOI, else its PMID, else a slug; arguments in normal form."""
    if doi:
        return f"doi:{doi}"
    if pmid:
        return f"pmid:{pmid}"
    return slug


def aliases_of(raw: str) -> tuple[str, ...]:
    """The alias forms that an identifier as typed may stand under, most specific first."""
    forms = []
    if (doi := normal_doi(raw)) is not None:
        forms.append(f"doi:{doi}")
    if (pmid := normal_pmid(raw)) is not None:
        forms.append(f"pmid:{pmid}")
    if (pmcid := normal_pmcid(raw)) is not None:
        forms.append(f"pmcid:{pmcid}")
    forms.append(raw.strip())
    return tuple(forms)
