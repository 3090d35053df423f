"""Evidence at a glance: the studies behind some results by year and design, as places on a plot.

Designs are rows, years run from left to right; studies of one year and design stand above each other.
The order of the rows is fixed and says nothing of quality. Lengths are in the units of an SVG view box.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.records import SearchHit, Source
from search_api.pages.wording import design_of

#: Designs from pooled evidence over people to laboratory and comment; others follow in order of name.
DESIGNS = (
    "meta-analysis",
    "systematic review",
    "guideline",
    "RCT",
    "non-randomised trial",
    "cohort",
    "case-control",
    "cross-sectional",
    "case report",
    "review",
    "animal",
    "in vitro",
    "protocol",
)
WIDTH = 280
_LEFT, _RIGHT = 6.0, 6.0
_LABEL = 15.0
_STEP = 10.0
_GAP = 8.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A study on the plot; ``direct`` where it was found itself, else an article's passage cites it."""

    source: Source
    direct: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DesignRow:
    """A design with its studies; ``label_y`` and ``line_y`` are where its name and its line stand."""

    design: str
    count: int
    label_y: float
    line_y: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class EvidencePlot:
    """The plot, ``height`` high; ``undated`` counts the studies without a year, which stand nowhere."""

    rows: tuple[DesignRow, ...]
    first: int
    last: int
    height: float
    undated: int

    @property
    def studies(self) -> int:
        """Studies on the plot."""
        return sum(row.count for row in self.rows)

    @property
    def width(self) -> int:
        """Width of the view box."""
        return WIDTH


def evidence_plot(hits: Iterable[SearchHit]) -> EvidencePlot | None:
    """The plot of the studies among the hits and behind them; None where no study has a year."""
    found = _studies(hits)
    dated = [(source, direct) for source, direct in found if source.year is not None]
    if not dated:
        return None
    years = [source.year for source, _ in dated if source.year is not None]
    first, last = min(years), max(years)
    rows, y = [], 4.0
    for design in sorted({design_of(source) or "" for source, _ in dated}, key=_order):
        members = [(source, direct) for source, direct in dated if design_of(source) == design]
        row = _row(design, members, first, last, y)
        rows.append(row)
        y = row.line_y + _GAP
    return EvidencePlot(tuple(rows), first, last, round(y, 1), len(found) - len(dated))


def _studies(hits: Iterable[SearchHit]) -> list[tuple[Source, bool]]:
    """Each study once, with whether it is a hit itself; the hits' own order."""
    found: dict[str, tuple[Source, bool]] = {}
    for hit in hits:
        behind = [(cited.source, False) for cited in hit.cites]
        for source, direct in [(hit.source, True), *behind]:
            if source.kind == "study":
                _, before = found.get(source.source_id, (source, False))
                found[source.source_id] = (source, before or direct)
    return list(found.values())


def _row(design: str, members: Sequence[tuple[Source, bool]], first: int, last: int, top: float) -> DesignRow:
    placed: list[tuple[Source, bool, float, int]] = []
    for source, direct in sorted(members, key=lambda m: (m[0].year or 0, not m[1], m[0].source_id)):
        x = _x(source.year or first, first, last)
        near = {level for _, _, other, level in placed if abs(other - x) < _STEP}
        placed.append((source, direct, x, next(n for n in range(len(near) + 1) if n not in near)))
    line_y = top + _LABEL + _STEP * (1 + max(level for *_, level in placed))
    dots = tuple(Dot(s, d, x, round(line_y - _STEP * (level + 0.5), 1)) for s, d, x, level in placed)
    return DesignRow(design, len(members), top + 10, line_y, dots)


def _x(year: int, first: int, last: int) -> float:
    share = (year - first) / (last - first) if last > first else 0.5
    return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)


def _order(design: str) -> tuple[int, str]:
    return (DESIGNS.index(design) if design in DESIGNS else len(DESIGNS), design)
