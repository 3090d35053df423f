"""Building the starter index from nothing, and again unchanged; whole processes, as a user runs them."""

import subprocess
import sys
import time
from pathlib import Path


def measure(work: Path) -> dict[str, object]:
    """Seconds of ``footnote index`` from nothing and unchanged, and what the second encoded."""
    index = work / "index"
    first, _ = _run(index)
    again = [_run(index) for _ in range(3)]
    return {
        "from_nothing_seconds": round(first, 1),
        "unchanged_seconds": round(sorted(seconds for seconds, _ in again)[1], 2),
        "unchanged_said": again[0][1].splitlines()[1],
    }


def _run(index: Path) -> tuple[float, str]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "search_api", "index", "--index", str(index)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stdout
