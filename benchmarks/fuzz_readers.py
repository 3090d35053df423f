"""Feed every reader mutations of good files, and report what no reader may do.

``python -m benchmarks.fuzz_readers --minutes 5 [NAME ...]`` takes the good files that the tests wrote by
hand, damages them over and over, and reads them as `corpus.reading` would, each reader for so many minutes of
processor time. Reported, with the input kept in ``--keep``, are exceptions of any kind (readers report, they
do not raise), reading over five seconds, sources whose offsets or characters are wrong, and memory that
keeps growing.
"""

import argparse
import gc
import json
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

from benchmarks.fuzz_samples import SAMPLES, Sample
from corpus.passages import split
from corpus.records import Skipped, Source

_SECONDS = 5.0
#: Growth beyond this over the second half of a run is reported, in MB.
_GROWTH_MB = 24.0
_REPEATS = (2, 30, 3_000)
_STRANGE = (
    "\x00",
    "\ufeff",
    "\u2028",
    "\ud800",
    "é",
    "²",
    "𝛽",
    "\u202e",
    "\r",
    "\x0b",
    "İ",
    "ß",
    "٣",
    "½",
    "﷽",
)
_LARGEST = 400_000


class _TooLongError(Exception):
    """Reading took too long."""


@dataclass
class _Findings:
    """What went wrong with one reader: kind -> how often, and one input of each kind."""

    name: str
    keep: Path
    kinds: Counter[str] = field(default_factory=Counter)
    inputs: int = 0

    def add(self, kind: str, data: bytes) -> None:
        """Note one input; the first of its kind is kept."""
        self.kinds[kind] += 1
        if self.kinds[kind] == 1:
            path = self.keep / f"{self.name.split()[0]}-{len(self.kinds)}"
            path.write_bytes(data)
            print(f"{self.name}: {kind}\n  kept as {path}", flush=True)


def main() -> int:
    """Fuzz the named readers, or all; the exit code says whether anything was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_readers")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SAMPLES)}")
    parser.add_argument("--minutes", type=float, default=5.0, help="processor time for each reader")
    parser.add_argument("--seed", type=int, default=None, help="the same seed gives the same inputs")
    parser.add_argument("--keep", type=Path, default=None, help="folder for inputs that broke a reader")
    options = parser.parse_args()
    keep = options.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    seed = random.randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}")
    signal.signal(signal.SIGPROF, _stop)
    broken = 0
    for name in options.names or SAMPLES:
        found = _Findings(name, keep)
        grown = _fuzz(SAMPLES[name], random.Random(f"{seed} {name}"), 60 * options.minutes, found)
        if grown > _GROWTH_MB:
            found.kinds["memory grows"] += 1
        broken += bool(found.kinds)
        said = ", ".join(f"{kind.splitlines()[0]} x {count}" for kind, count in found.kinds.items())
        print(
            f"{name:16} {found.inputs:8} inputs, memory {grown:+.1f} MB, {said or 'nothing found'}",
            flush=True,
        )
    return 1 if broken else 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise _TooLongError


def _fuzz(sample: Sample, dice: random.Random, seconds: float, found: _Findings) -> float:
    """Read damaged inputs for so many seconds of processor time; by how many MB the second half grew."""
    began = time.process_time()
    half: float | None = None
    while (spent := time.process_time() - began) < seconds:
        data = _damaged(sample, dice)
        _try(sample.read, data, found)
        found.inputs += 1
        if half is None and spent > seconds / 2:
            half = _resident_mb()
    return _resident_mb() - (half or 0.0)


def _try(read: Callable[[bytes], Iterator[Source | Skipped]], data: bytes, found: _Findings) -> None:
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        for thing in read(data):
            if isinstance(thing, Source):
                _check(thing)
            elif not isinstance(thing, Skipped):
                found.add(f"gave {type(thing).__name__}", data)
    except _TooLongError:
        found.add(f"over {_SECONDS:g} s", data)
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
        where = traceback.extract_tb(error.__traceback__)[-1]
        lines = traceback.format_exc().splitlines()
        kind = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
        found.add("\n".join([kind, *lines[-7:]]), data)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _check(source: Source) -> None:
    """Raises AssertionError where a source breaks what the other floors rely on."""
    length = len(source.text)
    if not source.title.strip():
        raise AssertionError("a source without title")
    if not all(0 <= block.start < block.end <= length for block in source.blocks):
        raise AssertionError("a block outside the text")
    if not all(0 <= m.start < m.end <= length for m in source.mentions):
        raise AssertionError("a mention outside the text")
    if not {m.label for m in source.mentions} <= {r.label for r in source.references}:
        raise AssertionError("a mention of no reference")
    if source.year is not None and not isinstance(source.year, int):
        raise AssertionError("a year that is no number")
    json.dumps(asdict(source), ensure_ascii=False).encode()
    for passage in split(source, lambda text: len(text) // 4, 254).passages:
        if source.text[passage.start : passage.end] != passage.text:
            raise AssertionError("a passage that is no slice")


def _damaged(sample: Sample, dice: random.Random) -> bytes:
    text = dice.choice(sample.texts)
    for _ in range(dice.choice((1, 1, 2, 3, 5, 9, 20))):
        text = _changed(text, sample, dice)[:_LARGEST]
    data = sample.pack(text.encode("utf-8", "surrogatepass"))
    if dice.random() < sample.share_of_bytes:
        data = _changed_bytes(data, dice)
    return data


def _changed(text: str, sample: Sample, dice: random.Random) -> str:
    """One change: a piece dropped, doubled, moved, multiplied, or signs of the format put in."""
    at = dice.randrange(len(text) + 1)
    end = min(len(text), at + dice.choice((1, 2, 8, 40, 300, 2_000)))
    piece = text[at:end]
    match dice.randrange(9):
        case 0:
            return text[:at] + text[end:]
        case 1:
            return text[:at] + piece + piece + text[end:]
        case 2:
            other = dice.randrange(len(text) + 1)
            return text[:other] + piece + text[other:]
        case 3:
            return text[:at] + piece * (dice.choice(_REPEATS) if len(piece) < 50 else 2) + text[end:]
        case 4:
            return text[:at] + dice.choice(sample.signs) * dice.choice((1, 1, 1, *_REPEATS)) + text[at:]
        case 5:
            return text[:at] + dice.choice(_STRANGE) + text[at + 1 :]
        case 6:
            return text[:at]
        case 7:
            return text[:at] + piece[::-1] + text[end:]
        case _:
            other_text = dice.choice(dice.choice(list(SAMPLES.values())).texts)
            start = dice.randrange(len(other_text))
            return text[:at] + other_text[start : start + dice.choice((20, 400))] + text[at:]


def _changed_bytes(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 2, 8))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed[: dice.randrange(len(changed) + 1)] if dice.random() < 0.2 else changed)


def _resident_mb() -> float:
    gc.collect()
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
