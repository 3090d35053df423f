"""Citation styles: how long a style takes to load, and how many references a second it formats.

The references are the starter library's studies, each as often as it takes with another first author and
year, so that no entry comes twice. Seconds are those of the one core that formats, the best of three runs.
The first load of a process imports citeproc-py and lxml as well; it is measured in a process of its own.
"""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.reading import read_file
from corpus.records import Source
from search_api.citations import format_citation
from search_api.reference_list import list_entries
from search_api.styling.styles import ALIASES, loaded_style

_REFERENCES = 2000
_STUDIES = Path(__file__).resolve().parents[1] / "corpus" / "starter" / "studies"
_FIRST = """
import sys, time
began = time.perf_counter()
from search_api.styling.styles import loaded_style
loaded_style(sys.argv[1])
print(time.perf_counter() - began)
"""


def measure(work: Path) -> dict[str, object]:
    """For each style that has a short name: load, references a second one by one and as a list."""
    references = _references()
    seen: dict[str, object] = {"references": len(references), "first_load_ms": _first_load()}
    singles = []
    for alias, style in ALIASES.items():
        loaded_style.cache_clear()
        load = _seconds(lambda style=style: loaded_style(style))
        single = len(references) / _best(lambda style=style: [format_citation(s, style) for s in references])
        whole = len(references) / _best(lambda style=style: list_entries(references, style))
        singles.append(single)
        seen |= {
            f"{alias}_load_ms": round(load * 1000, 1),
            f"{alias}_references_per_second": round(single),
            f"{alias}_list_references_per_second": round(whole),
        }
    return {**seen, "median_references_per_second": round(float(np.median(singles)))}


def _references() -> list[Source]:
    studies = [next(read_file(path)) for path in sorted(_STUDIES.glob("*.json"))]
    made = []
    for number in range(_REFERENCES):
        study = studies[number % len(studies)]
        if not isinstance(study, Source):
            raise TypeError(f"{study} is no study")
        first, *others = study.csl["author"]
        csl = {
            **study.csl,
            "author": [{**first, "family": f"{first['family']}{number // len(studies)}"}, *others],
            "issued": {"date-parts": [[1990 + number // len(studies)]]},
        }
        made.append(replace(study, source_id=f"study:{number}", csl=csl))
    return made


def _seconds(act: object) -> float:
    began = time.process_time()
    act()  # type: ignore[operator]
    return time.process_time() - began


def _best(act: object) -> float:
    return min(_seconds(act) for _ in range(3))


def _first_load() -> float:
    command = [sys.executable, "-c", _FIRST, "apa"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return round(float(done.stdout) * 1000, 1)
