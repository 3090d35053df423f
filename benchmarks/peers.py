"""Footnote beside other search libraries: the same documents, questions and weights, in one run.

Each peer is installed from the package registry into an environment of its own, with the versions below, and
called as its own documentation does it, with its own defaults (``benchmarks/peer_adapters``). A table and a
plot are written beside the figures. ``FOOTNOTE_SHARED`` names the folder with ``eval/nfcorpus``;
``FOOTNOTE_PEERS`` one where the environments are kept for the next run.
"""

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import machine
from corpus.beir_collection import BeirCollection, read_collection
from indexer.models import DEFAULT_MODEL, locate
from search_api.beir_evaluation import falling, measured

_ADAPTERS = Path(__file__).parent / "peer_adapters"
_RESULTS = Path(__file__).parent / "results"
_ENCODER = ("torch==2.13.0", "sentence-transformers==6.2.0")
#: The packages of each peer; none means the environment that runs this.
PEERS: Mapping[str, tuple[str, ...]] = {
    "footnote": (),
    "footnote_fast": (),
    "txtai": ("txtai==9.14.0", *_ENCODER),
    "sentence_transformers": ("faiss-cpu==1.15.1", *_ENCODER),
    "bm25s": ("bm25s==0.3.16", "PyStemmer==3.1.0"),
    "chroma": ("chromadb==1.5.9", *_ENCODER),
    "lancedb": ("lancedb==0.40.0", *_ENCODER),
    "milvus_lite": ("pymilvus==3.0.2", "milvus-lite==3.2.2", *_ENCODER),
}
#: Column, unit, and whether more is better.
COLUMNS = (
    ("nDCG@10", "", True),
    ("Recall@100", "", True),
    ("documents_per_second", "documents a second", True),
    ("query_ms_p50", "ms", False),
    ("query_ms_p95", "ms", False),
    ("peak_mb", "MB", False),
    ("cold_start_s", "s", False),
)
_REFERENCE = "txtai"


def measure(work: Path) -> dict[str, object]:
    """Every peer's figures on NFCorpus dev, ours against txtai's, and the table and the plot as files."""
    shared = Path(os.environ.get("FOOTNOTE_SHARED", "../shared"))
    collection = read_collection(shared / "eval" / "nfcorpus", "dev")
    _write_inputs(collection, work)
    environments = Path(os.environ.get("FOOTNOTE_PEERS", work / "environments"))
    rows: dict[str, dict[str, float]] = {}
    for name, packages in PEERS.items():
        print(f"  {name}", file=sys.stderr, flush=True)
        python = _environment(environments / name, packages) if packages else Path(sys.executable)
        rows[name] = _figures(name, python, work, collection)
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / "peers.md").write_text(_table(rows), "utf-8")
    _plot(rows, _RESULTS / "peers.png")
    return {**_against(rows), "rows": rows, "packages": {name: list(them) for name, them in PEERS.items()}}


def _write_inputs(collection: BeirCollection, work: Path) -> None:
    """What every adapter reads: [id, text] a line; a document's first line is its title."""
    with (work / "documents.jsonl").open("w", encoding="utf-8") as file:
        for document in documents_of(collection.corpus):
            file.write(json.dumps(document) + "\n")
    with (work / "queries.jsonl").open("w", encoding="utf-8") as file:
        for key, text in collection.queries.items():
            file.write(json.dumps([key, text]) + "\n")


def documents_of(corpus: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each line of a BEIR corpus, compressed or not; the title is the text's first line."""
    opened = gzip.open if corpus.suffix == ".gz" else open
    with opened(corpus, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            title, text = (" ".join(record.get(part, "").split()) for part in ("title", "text"))
            yield record["_id"], f"{title}\n{text}"


def _environment(folder: Path, packages: Sequence[str]) -> Path:
    """The Python of an environment with these packages, made where it is not there yet."""
    python = folder / "bin" / "python"
    made = folder / "packages.txt"
    if not made.exists() or made.read_text() != "\n".join(packages):
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        made.write_text("\n".join(packages))
    return python


def _figures(name: str, python: Path, work: Path, collection: BeirCollection) -> dict[str, float]:
    """Build in one process, ask in a new one; what it found is measured here, alike for all."""
    built = _step(python, "build", name, work)
    asked = _step(python, "ask", name, work)
    run = {
        query: dict(zip((d for d, _ in found), falling(s for _, s in found), strict=True))
        for query, found in asked.pop("run").items()
    }
    values = measured(collection.judgements, run).values()
    quality = {what: sum(row[what] for row in values) / len(values) for what in ("nDCG@10", "Recall@100")}
    return {what: round(float(value), 4) for what, value in {**quality, **built, **asked}.items()}


def _step(python: Path, step: str, name: str, work: Path) -> dict[str, object]:
    model = str(locate(DEFAULT_MODEL).path)
    command = [str(python), "harness.py", step, name, str(work.resolve()), model, str(time.time())]
    surroundings = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
    if not PEERS[name]:
        surroundings["PYTHONPATH"] = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        command, cwd=_ADAPTERS, capture_output=True, text=True, env=surroundings, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{name}, {step}:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _against(rows: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Ours in terms of the reference's, for each profile."""
    return {
        f"{name}_{column}_to_{_REFERENCE}": round(rows[name][column] / rows[_REFERENCE][column], 3)
        for name, packages in PEERS.items()
        if not packages
        for column, _, _ in COLUMNS
    }


def _table(rows: Mapping[str, Mapping[str, float]]) -> str:
    names = ["", *(f"{column} ({unit})" if unit else column for column, unit, _ in COLUMNS)]
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for name, row in rows.items():
        cells = [_shown(row[column]) for column, _, _ in COLUMNS]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    versions = "; ".join(", ".join(them) for them in PEERS.values() if them)
    seen = machine.description()
    on = f"{seen['cpu']}, {seen['cores']} cores, Python {seen['python']}"
    lines.append(f"\nNFCorpus, dev split; {on}; {versions}.")
    return "\n".join(lines) + "\n"


def _shown(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _plot(rows: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """One panel a column, one bar a peer, ours dark."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shown = [column for column in COLUMNS if column[0] != "query_ms_p95"]
    figure, panels = pyplot.subplots(2, 3, figsize=(12, 6.4), layout="constrained")
    names = list(reversed(rows))
    for panel, (column, unit, more) in zip(panels.flat, shown, strict=True):
        values = [rows[name][column] for name in names]
        colours = ["#0b4f6c" if not PEERS[name] else "#b8c4cc" for name in names]
        bars = panel.barh([name.replace("_", " ") for name in names], values, color=colours)
        panel.bar_label(bars, labels=[_shown(value) for value in values], padding=3, fontsize=8)
        measured_in = f" [{unit}]" if unit else ""
        panel.set_title(f"{column.replace('_', ' ')}{measured_in}, {'more' if more else 'less'} is better")
        panel.set_xlim(0, max(values) * 1.18)
        panel.spines[["top", "right"]].set_visible(False)
        panel.tick_params(labelsize=8)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
