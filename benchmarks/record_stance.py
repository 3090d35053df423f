"""How often `search_api.stance` speaks of a study's record, how often rightly, and how long it takes.

Four things were written by hand: the directions of the 95 findings, 268 claims each about one study,
142 sentences as a draft has them, each put to all studies, and 132 more as health writers write them, each
about one study. Of all but the third the odd lines were looked at while the rules were made. The 142
came in two rounds; their verdicts were read one by one. The 132 were written before any rule was looked at.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus.reading import read_paths
from corpus.records import Source
from search_api.stance.findings import direction_of, statements_in
from search_api.stance.record import record_stance

_HERE = Path(__file__).resolve().parent
_STUDIES = _HERE.parent / "corpus" / "starter" / "studies"
_DIRECTIONS = _HERE.parent / "tests" / "golden" / "finding_directions.jsonl"
_PAIRS, _SENTENCES = _HERE / "stance_pairs.jsonl", _HERE / "stance_sentences.jsonl"
_DRAFTS = _HERE / "stance_drafts.jsonl"


def measure(work: Path) -> dict[str, object]:
    """Precision and recall of directions and of stances, by half; milliseconds a pair."""
    studies = starter_studies()
    seen: dict[str, object] = {}
    for half in ("tune", "test"):
        seen[f"directions_{half}"] = directions(studies, half)
        seen[f"pairs_{half}"] = pairs(studies, half)
        seen[f"drafts_{half}"] = drafts(studies, half)
    seen["sentences"] = sentences(studies)
    seen["milliseconds"] = _milliseconds(studies)
    return seen


def starter_studies() -> dict[str, Source]:
    """The starter library's studies by citation key."""
    read = read_paths([_STUDIES])
    return {source.key: source for source in read if isinstance(source, Source) and source.key}


def directions(studies: dict[str, Source], half: str) -> dict[str, int]:
    """Statements of the findings: found and right, found and wrong, missed; whole findings that agree."""
    counted: Counter[str] = Counter()
    for row in _lines(_DIRECTIONS, half):
        finding = _finding(studies[row["study"]])
        found = [(s.said, finding[s.start : s.end]) for s in statements_in(finding) if s.said != "linked"]
        wanted = [(one["direction"], one["of"]) for one in row["states"]]
        hits = [one for one in wanted if any(_same(one, other) for other in found)]
        wrong = [one for one in found if not any(_same(other, one) for other in wanted)]
        said = {direction for direction, _ in wanted}
        whole = "not stated" if not said else said.pop() if len(said) == 1 else "mixed"
        counted.update(right=len(hits), wrong=len(wrong), missed=len(wanted) - len(hits), findings=1)
        counted["findings_agree"] += whole == direction_of(finding)
    return dict(counted)


def pairs(studies: dict[str, Source], half: str, path: Path = _PAIRS) -> dict[str, int]:
    """Verdicts on the claims about one study each, as ``wanted: given``."""
    given: Counter[str] = Counter()
    for row in _lines(path, half):
        given[f"{row['stance']}: {record_stance(row['claim'], studies[row['study']]).stance}"] += 1
    return dict(sorted(given.items()))


def drafts(studies: dict[str, Source], half: str) -> dict[str, int]:
    """The same of the sentences as health writers write them."""
    return pairs(studies, half, _DRAFTS)


def sentences(studies: dict[str, Source]) -> dict[str, int]:
    """Verdicts on the draft's sentences, each put to every study: right, wrong, and not yet read."""
    counted: Counter[str] = Counter()
    for row in _lines(_SENTENCES):
        read = {(one["study"], one["stance"]): one["right"] for one in row["said"]}
        said = [(key, record_stance(row["claim"], study).stance) for key, study in studies.items()]
        spoken = [one for one in said if one[1] != "not judged"]
        counted.update(sentences=1, spoken_of=bool(spoken))
        counted.update({True: "right", False: "wrong", None: "unread"}[read.get(one)] for one in spoken)
    return dict(counted)


def _milliseconds(studies: dict[str, Source]) -> dict[str, float]:
    """A pair when nothing was read before, and when the findings were."""
    claims = [row["claim"] for row in _lines(_SENTENCES)]
    statements_in.cache_clear()
    took = []
    for _ in range(2):
        began = time.perf_counter()
        for claim in claims[: 20 if not took else None]:
            for study in studies.values():
                record_stance(claim, study)
        took.append(1000 * (time.perf_counter() - began) / (len(studies) * (20 if not took else len(claims))))
    return {"first_claims": round(took[0], 3), "findings_known": round(took[1], 3)}


def _lines(path: Path, half: str | None = None) -> Iterator[dict[str, object]]:
    """The lines of a file, or the odd (``tune``) or even (``test``) ones."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if half is None or (number % 2 == 1) == (half == "tune"):
            yield json.loads(line)


def _same(wanted: tuple[str, str], found: tuple[str, str]) -> bool:
    return wanted[0] == found[0] and (wanted[1] in found[1] or found[1] in wanted[1])


def _finding(study: Source) -> str:
    return (study.study.finding if study.study else None) or ""
