"""The reference list of a web page, and the links and raised numbers that point at its entries.

Run before the text is extracted: extraction takes a list of links for navigation and forgets where a
number was raised. The list is taken out of the tree; every pointer at it becomes a *token* in the text,
``⟦3|3⟧`` (label, what the page shows), which `marked` turns into text and markers afterwards.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from corpus.article_parts import part_of
from corpus.composing import Marker
from corpus.identifiers import doi_in_address, dois_in, normal_doi, normal_pmcid, normal_pmid, pmids_in
from corpus.readers.typed_citations import typed_markers
from corpus.records import Reference
from corpus.sentences import CITATION_NUMBERS

#: An element of lxml, which comes without types.
Element = Any

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary")
_LIST_NAMES = re.compile(
    r"(?:^|\s)(?:references?|reference-?list|ref-?list|footnotes|bibliography|citation-?list|"
    r"references-list|reflist|doc-bibliography|doc-endnotes)(?:\s|$)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\s*[\[(]?(\d{1,3})(?:[\]).:]+(?!\d)\s*|\s+(?=[A-Z]))")
_NUMBERS = re.compile(CITATION_NUMBERS)
_LIKE_REFERENCE = re.compile(r"\b(?:1[89]|20)\d\d\b|doi\b|10\.\d{4,9}/|PMID|https?://", re.IGNORECASE)
_BUTTONS = re.compile(
    r"\[?\s*(?:doi|pubmed|pmc free article|pmc|google scholar|crossref|[↑^↩⤴]︎?|jump up)\s*\]?", re.I
)
_EMPTY_BRACKETS = re.compile(r"\[\s*(?:[,;|]\s*)*\]|\(\s*\)")
_PMID_LINK = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,9})(?!\d)", re.I)
_PMCID_LINK = re.compile(r"/articles/(PMC\d+)", re.IGNORECASE)
_TOKEN = re.compile(r"⟦([^|⟦⟧]*)\|([^⟦⟧]*)⟧")
_TOKEN_RUN = re.compile(rf"{_TOKEN.pattern}(?:\s*[,;–-]\s*{_TOKEN.pattern})*")
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")


@dataclass
class ReferenceList:
    """The entries of a page, and which label stands behind each id that a link may name."""

    entries: list[Reference] = field(default_factory=list)
    label_of_id: dict[str, str] = field(default_factory=dict)

    @property
    def labels(self) -> set[str]:
        """The labels of all entries."""
        return {entry.label for entry in self.entries}

    def add(self, element: Element, ordinal: int) -> None:
        """Enter one element of the page's list; no two entries share a label."""
        raw, label = _entry_text(element)
        if not raw:
            return
        label = label or str(ordinal)
        if label in self.labels:
            label = str(max((int(known) for known in self.labels if known.isdigit()), default=0) + 1)
        hrefs = " ".join(unquote(a.get("href") or "") for a in element.iter("a"))
        self.entries.append(_reference(label, raw, hrefs))
        for name in _ids(element):
            self.label_of_id.setdefault(name, label)


def take_references(tree: Element) -> ReferenceList:
    """The page's reference list, taken out of the tree; pointers at it become tokens."""
    found = ReferenceList()
    for heading, following in [*_headed_lists(tree), *_named_lists(tree)]:
        elements = [element for element in following if _is_inside(element, tree)]
        elements = [e for e in elements if next(e.iter("li"), None) is not None] or elements
        entries = [entry for element in elements for entry in _entries_of(element)]
        if entries and _look_like_references(entries):
            for ordinal, entry in enumerate(entries, start=len(found.entries) + 1):
                found.add(entry, ordinal)
            for element in [*elements, *heading]:
                _remove(element)
    for link in list(tree.iter("a")):
        _replace_link(link, found)
    for raised in list(tree.iter("sup", "sub")):
        _replace_raised(raised, found)
    return found


def marked(text: str, labels: set[str]) -> tuple[str, tuple[Marker, ...]]:
    """Text with tokens -> what a reader sees, and a marker for each token and typed ``[3]``.

    >>> marked("seen⟦3|3⟧.", {"3"})
    ('seen[3].', (Marker(start=5, end=6, label='3', how='marker'),))
    """
    out = ""
    at = 0
    markers: list[Marker] = []
    for run in _TOKEN_RUN.finditer(text):
        if any(match.group(1) not in labels for match in _TOKEN.finditer(run.group())):
            continue  # the page itself uses these brackets
        out += text[at : run.start()]
        at = run.end()
        bare = all(match.group(2).strip().isdigit() for match in _TOKEN.finditer(run.group()))
        bracketed = bare and not _bracket_is_open(out)
        out += "[" if bracketed else ""
        out = _append_run(out, run.group(), markers)
        out += "]" if bracketed else ""
    out += text[at:]
    return out, tuple(markers + typed_markers(out, labels.__contains__, markers))


def _append_run(out: str, run: str, markers: list[Marker]) -> str:
    at = 0
    for match in _TOKEN.finditer(run):
        out += run[at : match.start()]
        at = match.end()
        label, shown = match.groups()
        number = re.search(r"\d+", shown)
        start, end = number.span() if number and number.group() == label else (0, len(shown))
        markers.append(Marker(len(out) + start, len(out) + end, label))
        out += shown
    return out + run[at:]


def _bracket_is_open(text: str) -> bool:
    before = text[-40:]
    return max(before.rfind("["), before.rfind("(")) > max(before.rfind("]"), before.rfind(")"))


def _headed_lists(tree: Element) -> Iterator[tuple[list[Element], list[Element]]]:
    """(heading, what follows it to the next heading) for each heading such as References."""
    for heading in list(tree.iter(*_HEADINGS, "p", "strong", "button")):
        words = " ".join(heading.text_content().split())
        if len(words) < 40 and part_of(words) == "references":
            top = heading
            while not _following(top) and (above := top.getparent()) is not None and above.tag != "body":
                if " ".join(above.text_content().split()) != words:
                    break
                top = above
            yield [top], _following(top)


def _following(element: Element) -> list[Element]:
    """The later siblings of a heading, up to the next heading."""
    siblings = []
    for sibling in element.itersiblings():
        if not isinstance(sibling.tag, str):
            continue
        if sibling.tag in _HEADINGS:
            break
        siblings.append(sibling)
    return siblings


def _named_lists(tree: Element) -> Iterator[tuple[list[Element], list[Element]]]:
    """Elements that call themselves a reference list by class, id or role."""
    for element in list(tree.iter("ol", "ul", "div", "section", "aside", "footer")):
        names = (element.get("class") or "", element.get("id") or "", element.get("role") or "")
        if any(_LIST_NAMES.search(name) for name in names):
            yield [], [element]


def _entries_of(element: Element) -> list[Element]:
    """The list items in an element, outermost only, else its paragraphs, else the element itself."""
    items = [li for li in element.iter("li") if not any(a.tag == "li" for a in li.iterancestors())]
    if items or element.tag in ("ol", "ul"):
        return items
    paragraphs = [p for p in element.iter("p") if p.text_content().strip()]
    if paragraphs:
        return [p for p in paragraphs if _like_reference(p)]
    return [element] if element.text_content().strip() and _like_reference(element) else []


def _look_like_references(entries: list[Element]) -> bool:
    """Most entries have a year, an identifier or a link: a list of food sources has none."""
    return sum(_like_reference(entry) for entry in entries) * 2 >= len(entries)


def _like_reference(element: Element) -> bool:
    linked = any((a.get("href") or "").startswith("http") for a in element.iter("a"))
    return linked or _LIKE_REFERENCE.search(element.text_content()) is not None


def _entry_text(element: Element) -> tuple[str, str | None]:
    """An entry's words without its number and without the buttons beside it, and its number."""
    for link in list(element.iter("a")):
        if _BUTTONS.fullmatch(" ".join(link.text_content().split())):
            link.text = ""
            for child in list(link):
                link.remove(child)
    words = " ".join(element.text_content().split())
    words = re.sub(r"^[\^↑]\s*(?:[a-z]\s+)*|\s*[↩↑⤴]︎?", "", words)
    words = _EMPTY_BRACKETS.sub("", words).strip()
    label = _LABEL.match(words)
    if label and label.end() < len(words):
        return words[label.end() :].strip(), str(int(label.group(1)))
    value = element.get("value") if element.tag == "li" else None
    return words, value if value and value.isdigit() else None


def _reference(label: str, raw: str, hrefs: str) -> Reference:
    linked = (doi for href in hrefs.split() if (doi := doi_in_address(href)))
    written = (doi for _, _, doi in dois_in(f"{raw} {hrefs}"))
    pmid = _PMID_LINK.search(hrefs)
    pmcid = _PMCID_LINK.search(hrefs)
    return Reference(
        label=label,
        raw=raw,
        doi=normal_doi(next(linked, "")) or next(written, None),
        pmid=next((p for _, _, p in pmids_in(raw)), None) or (normal_pmid(pmid.group(1)) if pmid else None),
        pmcid=normal_pmcid(pmcid.group(1)) if pmcid else None,
    )


def _ids(element: Element) -> Iterator[str]:
    """Every name by which a link can point into an element."""
    for inner in element.iter():
        if isinstance(inner.tag, str):
            yield from (name for name in (inner.get("id"), inner.get("name")) if name)


def _is_inside(element: Element, tree: Element) -> bool:
    """Whether it still stands in the tree: a list may be found by its heading and by its name."""
    return any(above is tree for above in element.iterancestors())


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()


def _replace_link(link: Element, found: ReferenceList) -> None:
    """A link to an entry becomes its token; what it shows is kept."""
    href = link.get("href") or ""
    label = found.label_of_id.get(unquote(href[1:])) if href.startswith("#") else None
    shown = " ".join(link.text_content().split())
    if label is None or not shown or re.search(r"[⟦⟧|]", shown):
        return
    for child in list(link):
        link.remove(child)
    link.text = f"⟦{label}|{shown}⟧"
    link.drop_tag()


def _replace_raised(element: Element, found: ReferenceList) -> None:
    """A raised number that is in the list becomes a token; another becomes a raised digit (10³, K₂)."""
    words = "".join(element.text_content().split())
    if not words or "⟦" in words or len(element):
        return
    if element.tag == "sup" and _NUMBERS.fullmatch(words) and _follows_word(element):
        labels = re.findall(r"\d+", words)
        if all(label in found.labels for label in labels):
            element.text = re.sub(r"\d+", lambda m: f"⟦{m.group()}|{m.group()}⟧", words)
            element.drop_tag()
            return
    signs: Mapping[int, int] = _RAISED if element.tag == "sup" else _LOWERED
    if all(ord(character) in signs for character in words):
        element.text = words.translate(signs)
        element.drop_tag()


def _follows_word(element: Element) -> bool:
    """Whether text that may carry a reference stands before: a mark or a word, no number and no unit."""
    previous = element.getprevious()
    before = (previous.tail if previous is not None else element.getparent().text) or ""
    return re.search(r"(?:[.,;:!?)\]\"'”’%]|[^\W\d_]{4,})\s*$", before) is not None
