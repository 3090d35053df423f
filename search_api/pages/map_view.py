"""The part of the map that a page shows: a window, the passages in it, and the windows to go to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from corpus.errors import ParameterError
from corpus.records import Passage, Source
from search_api.library_map import LibraryMap, library_map
from search_api.per_generation import once_per_generation
from search_api.search import Searcher

WIDTH, HEIGHT, _EDGE = 1000, 600, 14
#: Passages drawn at once; where a window holds more, looking closer shows them.
DRAWN = 360
CLOSEST = 16
#: Half the width of a letter of a label, in units of the map.
_HALF_LETTER = 5.0
_CELLS = 3

map_of = once_per_generation(library_map)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the map: its middle, 0 to 1, and how many times closer than the whole."""

    x: float = 0.5
    y: float = 0.5
    zoom: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Window":
        """The window that an address asks for, moved inside the map; raises `ParameterError`."""
        for name in given:
            if name not in ("x", "y", "zoom"):
                raise ParameterError(name, given[name], "no parameter of that name", "use x, y, zoom")
        zoom = _number("zoom", given.get("zoom") or "1", 1, CLOSEST)
        x, y = (_number(name, given.get(name) or "0.5", 0, 1) for name in ("x", "y"))
        return cls(x, y, int(zoom)).inside()

    def inside(self) -> "Window":
        """The nearest window that lies on the map whole."""
        half = 0.5 / self.zoom
        x, y = (round(min(max(at, half), 1 - half), 4) for at in (self.x, self.y))
        return replace(self, x=x, y=y)

    def moved(self, right: float = 0, down: float = 0) -> "Window":
        """The window some of its own widths to the right and down."""
        return replace(self, x=self.x + right / self.zoom, y=self.y + down / self.zoom).inside()

    def nearer(self) -> "Window":
        """Twice as close at the same middle."""
        return replace(self, zoom=min(2 * self.zoom, CLOSEST)).inside()

    def farther(self) -> "Window":
        """Half as close."""
        return replace(self, zoom=max(self.zoom // 2, 1)).inside()

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the map is in the window's drawing."""
        across = ((x - self.x) * self.zoom + 0.5) * (WIDTH - 2 * _EDGE) + _EDGE
        along = ((y - self.y) * self.zoom + 0.5) * (HEIGHT - 2 * _EDGE) + _EDGE
        return round(across, 1), round(along, 1)


@dataclass(frozen=True, slots=True)
class Dot:
    """A passage on the map."""

    x: float
    y: float
    source: Source
    passage: Passage


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a group where its middle is."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A ninth of the window; following it looks closer there."""

    x: float
    y: float
    width: float
    height: float
    window: Window


@dataclass(frozen=True, slots=True)
class MapView:
    """What the page draws; ``held`` passages lie in the window, of which ``dots`` shows some or all."""

    map: LibraryMap
    window: Window
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    cells: tuple[Cell, ...]
    held: int
    width: int = WIDTH
    height: int = HEIGHT


def map_view(using: Searcher, window: Window) -> MapView:
    """The window on the generation's map."""
    whole = map_of(using)
    half = 0.5 / window.zoom + 1e-9
    near = np.abs(whole.places - (window.x, window.y)) <= half
    held = np.flatnonzero(near.all(axis=1))
    # Evenly over the rows, hence over the sources: the same for the same window.
    drawn = held[np.unique(np.linspace(0, len(held) - 1, min(DRAWN, len(held))).astype(np.int64))]
    return MapView(
        map=whole,
        window=window,
        dots=tuple(_dot(using, whole, window, int(place)) for place in drawn),
        labels=tuple(_labels(whole, window)),
        cells=tuple(_cells(window)) if window.zoom < CLOSEST else (),
        held=len(held),
    )


def _dot(using: Searcher, whole: LibraryMap, window: Window, place: int) -> Dot:
    (passage,) = using.library.passages([int(whole.rows[place])])
    x, y = window.place(float(whole.places[place, 0]), float(whole.places[place, 1]))
    return Dot(x, y, using.library.source(passage.source_id), passage)


def _labels(whole: LibraryMap, window: Window) -> list[Label]:
    """Names of the groups whose middle is in the window; of two that would overlap, the larger group's."""
    labels: list[Label] = []
    for group in whole.groups:
        x, y = window.place(group.x, group.y)
        apart = all(abs(x - other.x) > 210 or abs(y - other.y) > 26 for other in labels)
        if group.words and apart and 0 <= x <= WIDTH and 0 <= y <= HEIGHT:
            words = ", ".join(group.words)
            half = _HALF_LETTER * len(words)
            labels.append(Label(min(max(x, half), WIDTH - half), max(y, 24), words))
    return labels


def _cells(window: Window) -> list[Cell]:
    width, height = WIDTH / _CELLS, HEIGHT / _CELLS
    steps = [(n + 0.5) / _CELLS - 0.5 for n in range(_CELLS)]
    return [
        Cell(
            round(column * width, 1),
            round(row * height, 1),
            round(width, 1),
            round(height, 1),
            Window(
                window.x + steps[column] / window.zoom, window.y + steps[row] / window.zoom, 2 * window.zoom
            ).inside(),
        )
        for row in range(_CELLS)
        for column in range(_CELLS)
    ]


def _number(name: str, given: str, low: float, high: float) -> float:
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ParameterError(name, given[:60], f"must be a number from {low:g} to {high:g}", "leave it out")
    return value
