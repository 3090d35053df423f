"""Run the benchmarks one after another and write what they saw to ``benchmarks/results/``."""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    adequacy,
    building,
    citing,
    confidence,
    encoding,
    highlights,
    machine,
    pages,
    prose_linking,
    reading,
    reading_jats,
    record_stance,
    serving,
    sharding,
    style_agreement,
    writing,
)

_ALL = {
    "adequacy": adequacy.measure,
    "confidence": confidence.measure,
    "encoding": encoding.measure,
    "record_stance": record_stance.measure,
    "building": building.measure,
    "reading": reading.measure,
    "reading_jats": reading_jats.measure,
    "citing": citing.measure,
    "style_agreement": style_agreement.measure,
    "serving": serving.measure,
    "prose_linking": prose_linking.measure,
    "writing": writing.measure,
    "highlights": highlights.measure,
    "pages": pages.measure,
    "sharding": sharding.measure,
}
_RESULTS = Path(__file__).parent / "results"


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all."""
    unknown = sorted(set(names) - set(_ALL))
    if unknown:
        sys.exit(f"{', '.join(unknown)}: no such benchmark; use {', '.join(_ALL)}")
    _RESULTS.mkdir(exist_ok=True)
    for name in names or _ALL:
        with tempfile.TemporaryDirectory() as work:
            seen = _ALL[name](Path(work))
        print(name)
        for what, value in seen.items():
            print(f"  {what:42} {value}")
        document = {"machine": machine.description(), "seen": seen}
        (_RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


main(sys.argv[1:])
