"""The identifiers of a RIS record, in whichever tag a tool puts them.

A number is a PMID only where the record announces it as one: ``PMID: 123``, a PubMed address, an accession
number of a record that comes from PubMed. Notes name other works too (PsycINFO lists a record's references
in M1), so an identifier counts only where it is the whole value.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from corpus.identifiers import bare_doi, doi_in_address, normal_pmcid, normal_pmid

#: Tag -> its values that are not empty; every tag has a list.
Values = Mapping[str, list[str]]

_ANNOUNCED_PMID = re.compile(r"(?:PMID|PubMed(?: ?ID)?|Medline)\b\s*[:=#]?\s*([1-9]\d{0,8})", re.IGNORECASE)
_PMID_ADDRESS = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed|europepmc\.org/(?:article|abstract)/med)"
    r"/([1-9]\d{0,8})\b",
    re.IGNORECASE,
)
_PMCID_ADDRESS = re.compile(r"/articles/(PMC\d{1,10})\b", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"]+")
_DOI_NOTE = re.compile(r"(?:^|[;\n]\s*)doi:\s*(10\.\d{4,9}/[^\s\"]+)", re.IGNORECASE)
_ISSN = re.compile(r"\b(\d{4})-?(\d{3}[\dXx])\b")
_LINKS = ("UR", "L1", "L2", "L3", "L4", "LK", "SE")
_FROM_PUBMED = frozenset({"nlm", "pubmed", "medline"})


def issn_of(values: Values) -> str:
    """The first ISSN with its hyphen."""
    match = next((m for value in values["SN"] if (m := _ISSN.search(value))), None)
    return f"{match.group(1)}-{match.group(2).upper()}" if match else ""


def doi_of(values: Values) -> str:
    """The DOI from its own field, else from one that holds nothing else, from an address or "doi: ..."."""
    for value in values["DO"] + values["DI"]:
        if (doi := bare_doi(value)) and not doi.endswith((".", ",", ";")):
            return doi
        if match := _DOI.search(unquote(value)):
            return match.group().rstrip(".,;")
    for tag in ("M3", "L3", "M1", "AN", "ID"):
        if doi := next((doi for value in values[tag] if (doi := bare_doi(value))), None):
            return doi
    addresses = (address for tag in _LINKS for value in values[tag] for address in value.split())
    linked = (doi for address in addresses if (doi := doi_in_address(address)))
    noted = (m.group(1).rstrip(".,;") for value in values["N1"] if (m := _DOI_NOTE.search(value)))
    return next(linked, "") or next(noted, "")


def pmid_of(values: Values) -> str:
    """The PMID where the record announces one, and only one; references in notes name other works."""
    numbered = ("AN", "ID", "M1", "M2", "LB", *(f"U{n}" for n in range(1, 6)))
    listed = ("N1", *(f"C{n}" for n in range(1, 9)))
    said = [value for tag in numbered for value in values[tag]]
    said += [part for tag in listed for value in values[tag] for part in re.split(r"[;,]\s*", value)]
    found = {m.group(1) for value in said if (m := _ANNOUNCED_PMID.fullmatch(value.strip(" .")))}
    if {name.casefold() for name in values["DP"] + values["DB"]} & _FROM_PUBMED:
        found |= {value for value in values["AN"] if normal_pmid(value)}
    return _only(found) or _only({m.group(1) for m in _in_links(_PMID_ADDRESS, values)})


def pmcid_of(values: Values) -> str:
    """The PMCID, where there is one and only one."""
    said = {pmcid for tag in ("C2", "AN", "M1", "N1") for v in values[tag] if (pmcid := normal_pmcid(v))}
    return _only(said) or _only({m.group(1).upper() for m in _in_links(_PMCID_ADDRESS, values)})


def announces_pmid(value: str) -> bool:
    """Whether a value is nothing but a PMID announced as one."""
    return _ANNOUNCED_PMID.fullmatch(value) is not None


def _in_links(pattern: re.Pattern[str], values: Values) -> Iterator[re.Match[str]]:
    return (match for tag in _LINKS for value in values[tag] for match in pattern.finditer(value))


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""
