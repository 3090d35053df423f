r"""The sources that a draft cites already, and where.

By key (``[@key]``, ``\\cite{key}``), DOI, PMID, ``(Author, year)`` or ``Author et al. (year)``, and by
``[3]`` with the draft's own reference list. What names no source of the library is kept, and said.
"""

import re

from corpus.errors import NotFoundError
from corpus.identifiers import dois_in, pmids_in
from corpus.pasted_references import pasted_reference
from corpus.reference_lists import ListedReference, pasted_entries
from indexer.library import Library
from search_api.checking import check_reference
from search_api.drafts.records import Draft, OwnCitation

_KEYS = re.compile(r"(?<![\w@.])@([\w][\w:.#$%&+?<>~/-]*[\w]|\w)")
_LATEX = re.compile(r"\\(?:cite|citep|citet|parencite|textcite|autocite)\*?(?:\[[^\]\n]*\])*\{([^}\n]*)\}")
_NUMBERS = re.compile(r"\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\](?!\()|\^(\d{1,3}(?:\s*[,–-]\s*\d{1,3})*)\^")
_NAME = r"[A-Z][\w’'-]+(?: (?:van|von|de|der|den|la|le|da|dos) ?[\w’'-]+)*"
_BRACKETED = re.compile(
    rf"(?:\(|;\s*)(?:see |e\.g\.,? |cf\. )?((?:van |von |de |der |den )*{_NAME})"
    r"[^();\d]{0,80}?,?\s((?:1[89]|20)\d\d)[a-z]?"
)
_IN_TEXT = re.compile(
    rf"((?:[Vv]an |[Vv]on |[Dd]e |der |den )*{_NAME})(?: et al\.?| (?:and|&) {_NAME}| and colleagues)?,? "
    r"\(((?:1[89]|20)\d\d)[a-z]?\)"
)
_RANGE = re.compile(r"(\d{1,3})(?:\s*[–-]\s*(\d{1,3}))?")
_LONGEST_RANGE = 30


def own_citations(draft: Draft, library: Library) -> list[OwnCitation]:
    """Every citation of the draft outside its reference list, in order; one for each work and place."""
    text = _without_unquoted(draft)
    listed = _own_list(draft, library)
    found: dict[tuple[int, str], OwnCitation] = {}
    for citation in (
        *_by_key(text, library),
        *_by_identifier(text, library),
        *_by_number(text, listed),
        *_by_author_and_year(text, library),
    ):
        found.setdefault((citation.start, citation.written), citation)
    return sorted(found.values(), key=lambda citation: (citation.start, citation.end))


def _without_unquoted(draft: Draft) -> str:
    """The draft's text with blanks where no sentences are: code, front matter, the reference list."""
    text = draft.text
    for p in draft.paragraphs:
        if p.kind in ("code", "front-matter", "reference"):
            text = text[: p.start] + " " * (p.end - p.start) + text[p.end :]
    return text


def _own_list(draft: Draft, library: Library) -> dict[str, OwnCitation]:
    """The entries of the draft's own reference list by number, each with the work that it means."""
    pieces = [p for p in draft.paragraphs if p.kind == "reference"]
    if not pieces:
        return {}
    body = "\n".join(draft.text[p.start : p.end] for p in pieces)
    listed = {}
    for position, written in enumerate(pasted_entries(body), start=1):
        read = pasted_reference(written)
        entry = ListedReference(position, read.label, read.raw, read.csl, True, read.unusable)
        checked = check_reference(entry, library)
        note = (
            None if checked.verdict == "verified" else f"its entry in the reference list: {checked.verdict}"
        )
        listed[read.label or str(position)] = OwnCitation(0, 0, read.raw, "number", checked.source, note)
    return listed


def _by_key(text: str, library: Library) -> list[OwnCitation]:
    found = []
    for match in _KEYS.finditer(text):
        if text[max(0, match.start() - 1)] != "." and "@" not in match.group(1):
            found.append(_cited(match.start(), match.end(), match.group(1), "key", library))
    for match in _LATEX.finditer(text):
        for key in match.group(1).split(","):
            if key.strip():
                found.append(_cited(match.start(), match.end(), key.strip(), "key", library))
    return found


def _by_identifier(text: str, library: Library) -> list[OwnCitation]:
    named = [(start, end, f"doi:{doi}") for start, end, doi in dois_in(text)]
    named += [(start, end, f"pmid:{pmid}") for start, end, pmid in pmids_in(text)]
    return [_cited(start, end, alias, alias.split(":")[0].upper(), library) for start, end, alias in named]


def _cited(start: int, end: int, name: str, how: str, library: Library) -> OwnCitation:
    try:
        return OwnCitation(start, end, name, how, library.source(name))
    except NotFoundError:
        return OwnCitation(start, end, name, how, None, "not in the library")


def _by_number(text: str, listed: dict[str, OwnCitation]) -> list[OwnCitation]:
    """``[3]`` and ``[1, 4-6]`` with what the draft's own list says under these numbers."""
    found = []
    for match in _NUMBERS.finditer(text):
        for label in _labels(match.group(1) or match.group(2)):
            entry = listed.get(label)
            note = entry.note if entry else "the draft's reference list has no such entry"
            source = entry.source if entry else None
            found.append(OwnCitation(match.start(), match.end(), f"[{label}]", "number", source, note))
    return found


def _labels(written: str) -> list[str]:
    labels = []
    for match in _RANGE.finditer(written):
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        labels += [str(n) for n in range(first, min(last, first + _LONGEST_RANGE) + 1)]
    return labels


def _by_author_and_year(text: str, library: Library) -> list[OwnCitation]:
    found = []
    for pattern in (_BRACKETED, _IN_TEXT):
        for match in pattern.finditer(text):
            family, year = match.group(1), int(match.group(2))
            rows = library.bibliography.by_author_and_year(family, year)
            sources = [library.source_at(row) for row in rows]
            source = sources[0] if len(sources) == 1 else None
            note = None if source else "not in the library" if not sources else "several works fit"
            start = match.start(1)
            found.append(OwnCitation(start, match.end(), f"{family} {year}", "author and year", source, note))
    return found
