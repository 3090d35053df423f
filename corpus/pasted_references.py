"""A reference as people write it, in whatever style -> CSL fields, as far as the text tells.

``Geleijnse JM, Vermeer C, et al. Title. J Nutr. 2004;134(11):3100-5. doi:...`` and its cousins. No style
is named: quotes, years in brackets and initials tell where authors end and the title begins. What is
read here is a reading, so whoever compares it looks into the whole text before they call a field wrong.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from corpus.identifiers import dois_in, normal_doi, pmids_in
from corpus.normalising import normalised

Csl = dict[str, Any]

_YEAR = r"(?:1[89]|20)\d\d"
_LABEL = re.compile(r"\s*(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.)]|[•*‣◦-])\s+")
_ADDRESS = re.compile(r"(?:available (?:from|at):?\s*)?(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
_ANNOUNCED_DOI = re.compile(
    r"(?:\bdoi(?:\.org/|:\s*|\s+(?=\d))|https?://(?:dx\.)?doi\.org/)(\S+)", re.IGNORECASE
)
_PMCID = re.compile(r"\bPMC(?:ID)?:?\s*(?:PMC)?(\d{4,9})\b")
_SAID_BEFORE = re.compile(r"\b(?:doi|PubMed|PMID|PMCID|Epub)\s*:?\s*(?=[\s.;,]|$)", re.IGNORECASE)
_ACCESSED = re.compile(r"\[?(?:accessed|retrieved|cited|viewed)\b[^.\]]{0,40}[.\]]?", re.IGNORECASE)
_QUOTED = (
    re.compile(r"“([^”]{8,400})”"),
    re.compile(r'"([^"]{8,400})"'),
    re.compile(r"[‘'](.{8,400}?)(?:[.,?!][’']|[’'](?=[.,]|\s*$))"),
)
_YEAR_FIRST = (
    re.compile(rf"\({_YEAR}[a-z]?(?:,[^)]{{1,20}})?\)[.,:;]?\s+(?=\S+ \S+ \S+ \S)"),
    re.compile(rf"(?<=[.,\s])\s{_YEAR}[a-z]?[.:]\s+(?=\S+ \S+ \S+ \S)"),
)
_SENTENCE = re.compile(r"(?<=[.?!])[”\"’]?\s+(?=[A-Z0-9“\"‘(\[])")
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,4},?\.?|[A-Z]{1,6}[.,;]?")
_VANCOUVER_PLACE = re.compile(
    rf"\b{_YEAR}[^;:()]{{0,14}};\s*(\w++(?!\s*[-–—]))?+\s*(?:\(([^)]{{1,20}})\))?"
    r"(?:\s*[:,]?\s*([A-Za-z]{0,3}\d+\w*(?:\s*[-–—]\s*\w+)?)|(?=\s*[.,]|\s*$))"
)
_SHORT_PLACE = re.compile(
    r"(?:^|[\s,.])(\d{1,4})\s*(?:\(([^)]{1,20})\)|,\s*no\.?\s*(\w+))?\s*(?:\(" + _YEAR + r"\))?\s*[,:]\s*"
    r"(?:pp?\.\s*)?([A-Za-z]{0,3}\d+\w*(?:\s*[-–—]\s*\w+)?)"
)
_VOLUME_ALONE = re.compile(r"[\s,](\d{1,4})\s*(?:\((\d[^)]{0,19})\)|,?\s*(?=\(" + _YEAR + r"\)))")
_VOLUME = re.compile(r"\b(?:vol(?:ume)?\.?)\s*(\d+)", re.IGNORECASE)
_ISSUE = re.compile(r"\b(?:no|issue|nr)\b\.?\s*(\d+)", re.IGNORECASE)
_PAGES = re.compile(r"\bpp?\.\s*([A-Za-z]{0,3}\d+\w*(?:\s*[-–—]\s*\w+)?)")
_BEFORE_TITLE = re.compile(r"(?:(?:[A-Z]\.-?\s?){1,3},?\s+)?(?:(?:&|and)\s[^.]{2,40}\.\s)?(?:et al\.?,?\s+)?")
_AFTER_JOURNAL = re.compile(
    rf",?\s*\b(?:vol|no)\b|,?\s*\(?\b{_YEAR}\b|[\s,.]+\d{{1,4}}\s*(?:\(|,|:|\b)", re.IGNORECASE
)
_LEAST_TITLE_WORDS = 4
#: A piece with this share of initials among its words lists people.
_NAMES_SHARE = 0.28


@dataclass(frozen=True, slots=True)
class PastedReference:
    """What a pasted entry says: its label, CSL fields, and identifiers that are none (field, as written)."""

    label: str | None
    raw: str
    csl: Csl = field(default_factory=dict)
    unusable: tuple[tuple[str, str], ...] = ()


def pasted_reference(written: str) -> PastedReference:
    """The fields of one entry; those that nothing tells are absent."""
    raw = " ".join(normalised(written).split())
    match = _LABEL.match(raw)
    label = next((group for group in match.groups() if group), None) if match else None
    text = raw[match.end() :] if match else raw
    csl: Csl = _identifiers(text)
    authors, title, rest = _parts(_without_identifiers(text))
    csl |= _place(rest)
    year = _year(authors, rest, text)
    names: dict[str, Any] = {
        "title": title,
        "author": [{"family": family}] if (family := _first_family(authors)) else [],
        "container-title": _journal(rest),
        "issued": {"date-parts": [[year]]} if year else None,
    }
    csl |= {name: value for name, value in names.items() if value}
    return PastedReference(label, raw, csl, _unusable(text))


def _identifiers(text: str) -> Csl:
    found: Csl = {}
    for _, _, doi in dois_in(text):
        found.setdefault("DOI", doi)
    for _, _, pmid in pmids_in(text):
        found.setdefault("PMID", pmid)
    if match := re.search(r"pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})", text):
        found.setdefault("PMID", match.group(1))
    if match := _PMCID.search(text):
        found["PMCID"] = f"PMC{match.group(1)}"
    return found


def _unusable(text: str) -> tuple[tuple[str, str], ...]:
    """What is announced as a DOI and is none: ``doi:11.1093/x``."""
    said = (match.group(1).rstrip(".,;)") for match in _ANNOUNCED_DOI.finditer(text))
    return tuple(("DOI", doi) for doi in said if doi and not normal_doi(doi))


def _without_identifiers(text: str) -> str:
    for pattern in (_ADDRESS, _ANNOUNCED_DOI):
        text = pattern.sub(" ", text)
    for start, end, _ in reversed(list(dois_in(text))):
        text = f"{text[:start]} {text[end:]}"
    text = _PMCID.sub(" ", re.sub(r"\bPMID:?\s*\d+", " ", text))
    text = _ACCESSED.sub(" ", text.replace("[Internet]", " "))
    return re.sub(r"(?:\s*[.;,])+\s*$", ".", " ".join(_SAID_BEFORE.sub(" ", text).split()))


def _parts(text: str) -> tuple[str, str, str]:
    """Authors, title, and what follows the title."""
    for pattern in _QUOTED:
        match = pattern.search(text)
        if match and len(match.group(1).split()) >= _LEAST_TITLE_WORDS:
            return text[: match.start()], _trimmed(match.group(1)), text[match.end() :]
    for pattern in _YEAR_FIRST:
        match = pattern.search(text)
        if match and match.start() < len(text) / 2:
            title, rest = _first_sentence(text[match.end() :])
            return text[: match.start()] + match.group(), _trimmed(title), rest
    return _by_sentences(text)


def _first_sentence(text: str) -> tuple[str, str]:
    cut = next((m for m in _SENTENCE.finditer(text) if not _ends_in_abbreviation(text[: m.start()])), None)
    return (text[: cut.start()], text[cut.end() :]) if cut else (text, "")


def _ends_in_abbreviation(text: str) -> bool:
    return re.search(r"\b(?:vs|et al|St|Dr|[A-Z])\.$", text) is not None


def _by_sentences(text: str) -> tuple[str, str, str]:
    """Authors up to the first sentence that is no list of names; that sentence is the title."""
    begin = people = 0
    cuts = [(m.start(), m.end()) for m in _SENTENCE.finditer(text)] + [(len(text), len(text))]
    for end, following in cuts:
        piece = text[begin:end]
        if len(piece.split()) >= _LEAST_TITLE_WORDS and not _is_names(piece):
            begin = _after_names(text, begin, end)
            return text[:begin], _trimmed(text[begin:end]), text[following:]
        if _is_names(piece) or len(piece.split()) < _LEAST_TITLE_WORDS:
            begin = following
            people = following if _is_names(piece) else people
    return text[:people], "", text[people:]


def _after_names(text: str, begin: int, end: int) -> int:
    """Where a title begins that stands behind initials in one piece: ``... J. M. et al. Title``."""
    match = _BEFORE_TITLE.match(text[begin:end])
    return begin + match.end() if match else begin


def _is_names(piece: str) -> bool:
    """Whether a piece lists people: many of its words are initials, or it ends in "et al."."""
    words = piece.split()
    if re.search(r"\bet al\.?$|\beds?\.\)?$|,\s(?:[A-Z]\.-?\s?)+$", piece.strip()):
        return True
    initials = sum(_INITIALS.fullmatch(word) is not None for word in words)
    return (
        bool(words)
        and initials / len(words) >= 0.28
        and not re.search(r"\b(?:the|of|and the|in|with)\b", piece)
    )


def _trimmed(title: str) -> str:
    return re.sub(r"\s*\[[A-Z][^\]]{3,40}\]$", "", title.strip(" .,;“”\"‘’'")).strip(" .,;")


def _first_family(authors: str) -> str:
    """The family name of the first author; given names or initials may stand before or behind it."""
    names = re.sub(rf"\(?{_YEAR}[a-z]?\)?", " ", authors).strip(" .,")
    first = re.split(r",|;|&|\band\b|\bet al\b|(?<=[A-Z]{2})\.\s", names, maxsplit=1)[0]
    words = first.split()
    family = [word for word in words if not _INITIALS.fullmatch(word)]
    if not family or _INITIALS.fullmatch(words[-1]) or "," in names[: len(first) + 1]:
        return " ".join(family)
    # "Johanna M. Geleijnse et al.": no comma behind the first name, so it is written as spoken.
    return " ".join(family[-1:]) if len(family) < 3 or words[0] != family[0] else " ".join(family)


def _place(rest: str) -> Csl:
    """Volume, issue and pages from what stands behind the title."""
    if match := _VANCOUVER_PLACE.search(rest):
        found = {"volume": match.group(1), "issue": match.group(2), "page": match.group(3)}
        return {name: value.strip() for name, value in found.items() if value}
    named = {"volume": _VOLUME.search(rest), "issue": _ISSUE.search(rest), "page": _PAGES.search(rest)}
    spelled = {name: match.group(1) for name, match in named.items() if match}
    if named["volume"] or (named["issue"] and named["page"] and not _SHORT_PLACE.match(rest)):
        return spelled
    if match := _SHORT_PLACE.search(rest):
        volume, bracketed, numbered, page = match.groups()
        found = {"volume": volume, "issue": bracketed or numbered, "page": page}
        return {name: value.strip() for name, value in found.items() if value}
    if match := _VOLUME_ALONE.search(rest):
        return spelled | {"volume": match.group(1)} | ({"issue": match.group(2)} if match.group(2) else {})
    return spelled


def _year(authors: str, rest: str, text: str) -> int | None:
    rest = _PAGES.sub(" ", rest)
    for part, pattern in (
        (authors, rf"({_YEAR})[a-z]?\)?[.,:;)]?\s*$"),
        (rest, rf"\(({_YEAR})[a-z]?\)"),
        (rest, rf"(?<![\d–-])\b({_YEAR})\b(?=[;,.\s]|$)(?!\s*[–-])"),
        (authors, rf"\(({_YEAR})[a-z]?\b"),
        (_without_identifiers(text), rf"(?<![\d–:-])\b({_YEAR})\b(?![\d–-])"),
    ):
        if match := re.search(pattern, part):
            return int(match.group(1))
    return None


def _journal(rest: str) -> str:
    """What stands between title and volume or year."""
    text = re.sub(r"^\W*(?:In:?\s+)?", "", rest)
    cut = _AFTER_JOURNAL.search(text)
    name = text[: cut.start()] if cut else text
    return name.strip(" .,;:") if 1 < len(name) <= 150 else ""
