"""What `benchmarks.scale` saw, as a table against what was aimed at, and as a plot of the growth."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Seen = Mapping[str, Mapping[str, Any]]

#: What was aimed at for a million passages; the least for a recall, the most for all else.
AIMS: dict[str, float] = {
    "default, all: p50 ms": 15,
    "default, all: p95 ms": 30,
    "fast, all: p50 ms": 6,
    "fast, all: p95 ms": 12,
    "fast, 1 %: p50 ms": 8,
    "fast, 30 %: p50 ms": 8,
    "recall@10, all": 0.98,
    "recall@10, 1 %": 0.98,
    "recall@10, 30 %": 0.98,
    "worker_resident_mib": 1536,
    "ready_seconds": 3,
    "build_without_encoding_minutes": 8,
    "build_peak_gib": 4,
    "added_seconds": 5,
    "changed_seconds": 5,
    "removed_seconds": 5,
}


def table(seen: Seen) -> str:
    """All that was seen, a line each, a column for each size, and what was aimed at."""
    names = dict.fromkeys(name for of in seen.values() for name in of if name != "vectors")
    lines = [f"{'':34}" + "".join(f"{int(size):>12,}" for size in seen) + f"{'aim':>10}"]
    for name in names:
        values = "".join(f"{of.get(name, '')!s:>12}" for of in seen.values())
        lines.append(f"{name:34}{values}{AIMS.get(name, '')!s:>10}")
    return "\n".join(lines)


def plot(seen: Seen, path: Path) -> None:
    """Latency, memory and build time over the number of passages, as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sizes = [int(size) for size in seen]
    panels = {
        "Search beyond encoding, median (ms)": {
            "default": "default, all: p50 ms",
            "fast": "fast, all: p50 ms",
            "fast, filter keeps 30 %": "fast, 30 %: p50 ms",
            "fast, filter keeps 1 %": "fast, 1 %: p50 ms",
        },
        "Memory (MiB)": {
            "serving, resident": "worker_resident_mib",
            "of it not pages of files": "worker_resident_own_mib",
        },
        "Build without encoding (minutes)": {"build": "build_without_encoding_minutes"},
        "Start until it answers (seconds)": {"footnote serve": "ready_seconds"},
    }
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 7), layout="constrained")
    for axis, (title, lines) in zip(axes.flat, panels.items(), strict=True):
        for (label, name), marker in zip(lines.items(), "osv^", strict=False):
            if all(name in of for of in seen.values()):
                axis.plot(sizes, [of[name] for of in seen.values()], marker=marker, label=label)
        axis.set_xscale("log")
        axis.set_ylim(bottom=0)
        axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axis.minorticks_off()
        axis.set_xlabel("passages")
        axis.set_title(title)
        axis.grid(alpha=0.3)
        if len(lines) > 1:
            axis.legend()
    figure.savefig(path, dpi=110)
