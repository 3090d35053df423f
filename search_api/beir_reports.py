"""An evaluation on a BEIR collection, and the comparison of two, as text, JSON and rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from search_api.beir_evaluation import MEASURES, Answered, BeirEvaluation, Values
from search_api.comparison import Change, Difference, changed_most
from search_api.queries import MAX_LIMIT

PERCENTILES = (50, 95, 99)
_STAGES = {"encoding": "encoding_ms", "ranking": "ranking_ms"}
_NAMED = 5
_TEXT = 70


def evaluation_text(evaluation: BeirEvaluation) -> str:
    """The measures, the times, and what was left out."""
    means = evaluation.means
    lines = [
        title(evaluation),
        "",
        "".join(f"{measure:>12}" for measure in MEASURES),
        "".join(f"{means[measure]:12.4f}" for measure in MEASURES),
        "",
        f"{'milliseconds':14}" + "".join(f"{f'p{p}':>8}" for p in PERCENTILES),
        *(
            f"{stage:14}" + "".join(f"{value:8.1f}" for value in values.values())
            for stage, values in latencies(evaluation.answers).items()
        ),
    ]
    return "\n".join([*lines, *_notes(evaluation)])


def title(evaluation: BeirEvaluation) -> str:
    """What was asked of what, in one line."""
    collection = evaluation.collection
    return (
        f"{collection.name}, split {collection.split}: {len(evaluation.answers)} queries, "
        f"index {evaluation.index_version}, {evaluation.model}"
    )


def latencies(answers: Sequence[Answered]) -> dict[str, dict[str, float]]:
    """Percentiles of the time that each stage of a search took, in milliseconds."""
    asked = [answer for answer in answers if answer.refused is None]
    if not asked:
        return {}
    return {
        stage: {
            f"p{p}": round(float(np.percentile([getattr(a, field) for a in asked], p)), 2)
            for p in PERCENTILES
        }
        for stage, field in _STAGES.items()
    }


def comparison_text(differences: Sequence[Difference], names: tuple[str, str], changes: Sequence[str]) -> str:
    """Both means of each measure, their difference and its p, then the queries that changed most."""
    lines = [
        f"{names[1]} against {names[0]}, {differences[0].queries} queries, paired randomisation test",
        f"{'':14}{'before':>8}{'after':>8}{'mean diff':>11}{'better':>8}{'worse':>7}{'p':>8}",
    ]
    for d in differences:
        lines.append(
            f"{d.measure:14}{d.before:8.4f}{d.after:8.4f}{d.mean:+11.4f}{d.better:8}{d.worse:7}{d.p:8.4f}"
        )
    if changes:
        lines += ["changed most:", *changes]
    return "\n".join(lines)


def change_lines(changes: Sequence[Change], texts: Mapping[str, str]) -> list[str]:
    """A line for each change: by how much, from what to what, and the query's words."""
    return [
        f"  {c.by:+.3f}  {c.before:.3f} -> {c.after:.3f}  {c.query_id}  {_short(texts[c.query_id])}"
        for c in changes
    ]


def largest_changes(before: Values, after: BeirEvaluation) -> list[str]:
    """The lines of the queries whose nDCG@10 changed most."""
    return change_lines(changed_most(before, after.values, MEASURES[0]), after.collection.queries)


def evaluation_document(evaluation: BeirEvaluation) -> dict[str, Any]:
    """The measures, the times, what was left out, and a row for every query."""
    return {
        "collection": evaluation.collection.name,
        "split": evaluation.collection.split,
        "index_version": evaluation.index_version,
        "retrieval_version": evaluation.retrieval_version,
        "model": evaluation.model,
        "queries": len(evaluation.answers),
        "measures": {measure: round(value, 6) for measure, value in evaluation.means.items()},
        "latency_ms": latencies(evaluation.answers),
        "refused": {answer.query_id: answer.refused for answer in evaluation.refused},
        "unknown_queries": list(evaluation.collection.unknown_queries),
        "unknown_documents": list(evaluation.unknown_documents),
        "rows": [_row(evaluation, answer) for answer in evaluation.answers],
    }


def comparison_document(differences: Sequence[Difference], before: str) -> dict[str, Any]:
    """Each measure under both runs; ``before`` names the one compared with."""
    return {"before": before, "queries": differences[0].queries} | {
        d.measure: {
            "before": round(d.before, 6),
            "after": round(d.after, 6),
            "mean_difference": round(d.mean, 6),
            "better": d.better,
            "worse": d.worse,
            "p": round(d.p, 6),
        }
        for d in differences
    }


def per_query_table(evaluation: BeirEvaluation) -> str:
    """Tab-separated, a line of names and then a line a query."""
    rows = [_row(evaluation, answer) for answer in evaluation.answers]
    cells = [[_cell(value) for value in row.values()] for row in rows]
    return "".join("\t".join(line) + "\n" for line in [list(rows[0]), *cells])


def _row(evaluation: BeirEvaluation, answer: Answered) -> dict[str, Any]:
    values = evaluation.values[answer.query_id]
    return {
        "query_id": answer.query_id,
        **{measure: round(values[measure], 6) for measure in MEASURES},
        "documents": len(answer.documents),
        **{field: getattr(answer, field) for field in _STAGES.values()},
        "refused": answer.refused,
        "text": answer.text,
    }


def _cell(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())


def _notes(evaluation: BeirEvaluation) -> list[str]:
    """What a reader must know to trust the means; nothing where all went as it should."""
    found = [len(answer.documents) for answer in evaluation.answers if answer.refused is None]
    few = [count for count in found if count < MAX_LIMIT]
    notes = []
    if few:
        notes.append(f"queries with fewer than {MAX_LIMIT} documents: {len(few)}, the fewest {min(few)}")
    for told, names in (
        ("queries refused, counted 0", [f"{a.query_id} ({a.refused})" for a in evaluation.refused]),
        ("judged documents that are not in the index", evaluation.unknown_documents),
        ("judged queries that are not in queries.jsonl, left out", evaluation.collection.unknown_queries),
    ):
        if names:
            notes.append(f"{told}: {len(names)}, {_some(names)}")
    return ["", *notes] if notes else []


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _TEXT else one_line[: _TEXT - 3] + "..."
