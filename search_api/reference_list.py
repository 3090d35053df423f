"""Citations in the text and the reference list that belongs to them, in any CSL style.

The caller gives the *clusters*, the works cited together at one place, in order of appearance; each
becomes its citation ("(Geleijnse et al., 2004; Knapen et al., 2015)", "1,2", or a note), and all works
together become the list, sorted and numbered as the style demands. What would be cited alike is told apart
(`search_api.styling.telling_apart`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.records import Source
from search_api.citations import RETRACTED, STYLE_FAULTS, cite_of, cited_work, printed_entry
from search_api.styling.cited_works import Cite, Locator
from search_api.styling.clusters import printed_cluster
from search_api.styling.finishing import finished_entry
from search_api.styling.marked_text import Marked, html, plain
from search_api.styling.sorting import sorted_cites
from search_api.styling.styles import LOCK, LoadedStyle, loaded_style, unusable
from search_api.styling.telling_apart import Told, as_told, told_apart

#: A number that no list reaches, to see where a style prints the number of an entry.
_FAR_NUMBER = 987654321


@dataclass(frozen=True, slots=True)
class CitedWork:
    """A work in a citation: the source, the place in it (``page 12``), words before and after."""

    source: Source
    locator: Locator | None = None
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class PrintedText:
    """The same words as plain text and as HTML."""

    text: str
    html: str


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry of the list: its source, its number in front as the style writes it (or nothing), its text."""

    source_id: str
    label: str
    text: str
    html: str

    @property
    def line(self) -> str:
        """Number and text as one line."""
        return f"{self.label} {self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """``citations`` for the clusters in their order, ``entries`` in the order of the list.

    A style with notes only has no entries; in a note style each citation is the text of a note.
    """

    style: str
    kind: str
    citations: tuple[PrintedText, ...]
    entries: tuple[ListEntry, ...]


def reference_list(clusters: Sequence[Sequence[CitedWork | Source]], style: str) -> ReferenceList:
    """The citations of the clusters and the list of all works in them; ``style`` is the name of a CSL style.

    Raises `UnknownStyleError` where citeproc-py cannot process the style, or prints nothing for a work.
    """
    works = [[w if isinstance(w, CitedWork) else CitedWork(w) for w in cluster] for cluster in clusters]
    with LOCK:
        try:
            return _Listing(loaded_style(style), works).printed()
        except STYLE_FAULTS as error:
            raise unusable(style, "citeproc-py cannot process that style") from error


def list_entries(sources: Sequence[Source], style: str) -> tuple[ListEntry, ...]:
    """Sources as a reference list without a text, in the order of the style, else in the given one.

    Raises `UnknownStyleError`.
    """
    with LOCK:
        try:
            listing = _Listing(loaded_style(style), [[CitedWork(source)] for source in sources])
            if not listing.style.has_bibliography:
                raise unusable(style, "that style has notes only, no reference list")
            return listing.entries()
        except STYLE_FAULTS as error:
            raise unusable(style, "citeproc-py cannot process that style") from error


class _Listing:
    """The works of one text in one style; made with the lock held."""

    def __init__(self, style: LoadedStyle, clusters: Sequence[Sequence[CitedWork]]) -> None:
        self.style = style
        self._clusters = clusters
        self._sources = {w.source.source_id: w.source for cluster in clusters for w in cluster}
        self._cites = {
            work: cite_of(style, cited_work(style, source), number=number, numbered=True)
            for number, (work, source) in enumerate(self._sources.items(), start=1)
        }
        self._order = self._in_list_order()
        for number, work in enumerate(self._order, start=1):
            self._cites[work].number = number
        self._told = self._tell_apart()

    def printed(self) -> ReferenceList:
        """Citations and entries."""
        citations = tuple(_as_printed(text) for text in self._citations())
        entries = self.entries() if self.style.has_bibliography else ()
        return ReferenceList(self.style.name, self.style.kind, citations, entries)

    def _in_list_order(self) -> list[str]:
        if not self.style.has_bibliography:
            return list(self._cites)
        names = {id(cite): work for work, cite in self._cites.items()}
        return [names[id(c)] for c in sorted_cites(self.style, "bibliography", list(self._cites.values()))]

    def _tell_apart(self) -> Mapping[str, Told]:
        if self.style.kind in ("numeric", "label") or not self.style.has_citation:
            return {work: Told() for work in self._cites}
        # Given names go into the names of the citation, not into those of the list.
        self._in_text = {
            work: replace(cite, reference=cite.reference.copy()) for work, cite in self._cites.items()
        }
        told = told_apart(self.style, self._in_text, self._order)
        for work, found in told.items():
            if found.year_suffix:
                for cite in (self._cites[work], self._in_text[work]):
                    cite.reference["year_suffix"] = Marked(found.year_suffix)
        return told

    def _citations(self) -> list[Marked]:
        cites = getattr(self, "_in_text", self._cites)
        printed = []
        notes = _Notes(self.style)
        for cluster in self._clusters:
            placed = []
            for work in cluster:
                cite = as_told(cites[work.source.source_id], self._told[work.source.source_id])
                cite.locator = work.locator
                placed.append(cite)
            notes.place([work.source.source_id for work in cluster], placed)
            affixes = [(work.prefix, work.suffix) for work in cluster]
            text = printed_cluster(self.style, placed, affixes)
            if cluster and not text:
                raise unusable(
                    self.style.name, f"that style prints nothing for {cluster[0].source.source_id}"
                )
            printed.append(self._with_retraction(cluster, text))
        return printed

    def _with_retraction(self, cluster: Sequence[CitedWork], text: Marked) -> Marked:
        """A note says of a retracted work that it was; elsewhere the list says it."""
        retracted = any(work.source.integrity.status == "retracted" for work in cluster)
        if self.style.kind == "note" and retracted and RETRACTED not in text:
            return Marked(f"{RETRACTED}. {text}")
        return text

    def entries(self) -> tuple[ListEntry, ...]:
        """The entries in the order of the list."""
        label = self._label()
        entries = []
        names_before = ""
        substitute = self.style.area("bibliography").get("subsequent-author-substitute")
        for work in self._order:
            cite = replace(self._cites[work], numbered=label is None, names_printed=[], suppressed=set())
            text = printed_entry(self.style, self._sources[work], cite)
            names = cite.names_printed[0] if cite.names_printed else ""
            if substitute is not None and names and names == names_before and text.startswith(names):
                text = Marked(substitute + text[len(names) :])
            names_before = names
            number = (label or "").replace(str(_FAR_NUMBER), str(self._cites[work].number))
            entries.append(ListEntry(work, number, plain(text), html(text)))
        return tuple(entries)

    def _label(self) -> str | None:
        """How the style writes the number in front of an entry, empty where it writes none.

        None where the number stands elsewhere in the entry.
        """
        if not self._order:
            return ""
        cite = self._cites[self._order[0]]
        bare, numbered = (
            finished_entry(
                self.style.entry(
                    replace(cite, number=_FAR_NUMBER, numbered=shown, names_printed=[], suppressed=set())
                )
                or Marked(),
                self.style,
                numbered=shown,
            )
            for shown in (False, True)
        )
        if str(_FAR_NUMBER) not in numbered:
            return ""
        number = plain(numbered)[: len(plain(numbered)) - len(plain(bare))]
        return (
            number.strip() if plain(numbered).endswith(plain(bare)) and str(_FAR_NUMBER) in number else None
        )


class _Notes:
    """Where each work was cited before, for styles that say "ibid." or shorten."""

    def __init__(self, style: LoadedStyle) -> None:
        self._near = int(style.area("citation").get("near-note-distance", "5")) if style.has_citation else 5
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._before: list[tuple[str, Locator | None]] = []
        self._note = 0

    def place(self, works: Sequence[str], cites: Sequence[Cite]) -> None:
        """Tell the cites of the next cluster their positions."""
        self._note += 1
        within: list[tuple[str, Locator | None]] = []
        for work, cite in zip(works, cites, strict=True):
            before = within[-1] if within else self._before[0] if len(self._before) == 1 else None
            cite.position = self._position(work, cite.locator, before)
            cite.first_note = self._first.get(work)
            if "subsequent" in cite.position:
                cite.name_options = {"subsequent": "true", **(cite.name_options or {})}
            within.append((work, cite.locator))
            self._last[work] = self._note
        for work in works:
            self._first.setdefault(work, self._note)
        self._before = within

    def _position(
        self, work: str, locator: Locator | None, before: tuple[str, Locator | None] | None
    ) -> frozenset[str]:
        if work not in self._last:
            return frozenset({"first"})
        found = {"subsequent"}
        if self._note - self._last[work] <= self._near:
            found.add("near-note")
        if before and before[0] == work and (locator or not before[1]):
            found.add("ibid")
            if locator != before[1]:
                found.add("ibid-with-locator")
        return frozenset(found)


def _as_printed(text: Marked) -> PrintedText:
    return PrintedText(plain(text), html(text))
