"""Citation styles: how long a style takes to load, and how many references a second it formats.

The references are the starter library's studies, each as often as it takes with another first author and
year, so that no entry comes twice. Seconds are those of the one core that formats, the best of three runs.
The first load of a process imports citeproc-py and lxml as well; it is measured in a process of its own.
Plain citeproc-py formats every twentieth of the same references in the same run, with its style loaded once
(`tests.search_api.styling.plain_citeproc`, with which the tests compare what is printed).
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
from tests.search_api.styling.plain_citeproc import PlainCiteproc

_REFERENCES = 2000
_STUDIES = Path(__file__).resolve().parents[1] / "corpus" / "starter" / "studies"
_FIRST = """
import sys, time
began = time.process_time()
from search_api.styling.styles import loaded_style
loaded_style(sys.argv[1])
print(time.process_time() - began)
"""


def measure(work: Path) -> dict[str, object]:
    """For each style that has a short name: load, references a second one by one and as a list."""
    references = _references()
    seen: dict[str, object] = {"references": len(references), "first_load_ms": _first_load()}
    singles = []
    ratios = []
    for alias, style in ALIASES.items():
        loaded_style.cache_clear()
        load = _seconds(lambda style=style: loaded_style(style))
        single = len(references) / _best(lambda style=style: [format_citation(s, style) for s in references])
        whole = len(references) / _best(lambda style=style: list_entries(references, style))
        plain = _plain_references_per_second(style, references[::20])
        singles.append(single)
        ratios.append(single / plain)
        seen |= {
            f"{alias}_load_ms": round(load * 1000, 1),
            f"{alias}_references_per_second": round(single),
            f"{alias}_list_references_per_second": round(whole),
            f"{alias}_plain_citeproc_references_per_second": round(plain),
            f"{alias}_times_plain_citeproc": round(single / plain, 1),
        }
    return {
        **seen,
        "median_references_per_second": round(float(np.median(singles))),
        "median_times_plain_citeproc": round(float(np.median(ratios)), 1),
    }


def _plain_references_per_second(style: str, references: list[Source]) -> float:
    reference = PlainCiteproc(style)
    return len(references) / _seconds(lambda: [reference.entry(source) for source in references])


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
