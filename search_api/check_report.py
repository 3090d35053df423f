"""The verdicts on a reference list, as the JSON document of the API and as text for a terminal."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.records import Source
from corpus.reference_lists import ReferenceList
from search_api.check_answers import CheckAnswer, CheckedEntryDocument
from search_api.checking import CheckedReference
from search_api.documents import integrity_document, source_summary
from search_api.reference_fields import AGREE, FieldComparison
from search_api.search import Searcher
from search_api.standing import standing_warnings
from search_api.wrapping import wrapped

_SHOWN_CHARACTERS = 300
_INDENT = ("   ", "     ")


def check_document(
    checked: Sequence[CheckedReference], references: ReferenceList, searcher: Searcher, style: str
) -> CheckAnswer:
    """The document of a check: counts, then every entry with verdict and evidence."""
    return {
        "index_version": searcher.manifest.index_version,
        "read_as": references.format,
        "counts": dict(Counter(result.verdict for result in checked)),
        "need_a_person": sum(result.needs_person for result in checked),
        "entries": [_entry_document(result, searcher, style) for result in checked],
    }


def _entry_document(result: CheckedReference, searcher: Searcher, style: str) -> CheckedEntryDocument:
    return {
        "position": result.entry.position,
        "label": result.entry.label,
        "verdict": result.verdict,
        "also": list(result.also),
        "needs_person": result.needs_person,
        "found_by": list(result.found_by),
        "integrity": integrity_document(result.integrity) if result.integrity else None,
        "notes": list(result.notes),
        "given": result.entry.raw,
        "fields": [
            {
                "field": f.field,
                "given": f.given,
                "recorded": f.recorded,
                "agreement": f.agreement,
                "note": f.note,
            }
            for f in result.fields
        ],
        "source": source_summary(result.source, searcher, style) if result.source else None,
        "points_to": {
            name: source_summary(source, searcher, style) for name, source in (result.elsewhere or {}).items()
        },
    }


def check_text(checked: Sequence[CheckedReference], references: ReferenceList) -> str:
    """Every entry with verdict and evidence, then the count of those that need a person."""
    lines = [line for result in checked for line in _entry_lines(result)]
    needing = sum(result.needs_person for result in checked)
    lines.append(f"{len(checked)} references read as {references.format}, {needing} need a person")
    return "\n".join(lines)


def _entry_lines(result: CheckedReference) -> list[str]:
    entry = result.entry
    shown = _shortened(_without_label(entry.raw), 60) if entry.pasted or not entry.label else entry.label
    by = f", by {', '.join(result.found_by)}" if result.found_by else ""
    verdict = result.verdict if result.verdict == "verified" else result.verdict.upper()
    lines = [f"{result.entry.position}. {shown}: {verdict}{by}"]
    if result.integrity is not None:
        lines += [
            line for said in standing_warnings(result.integrity) for line in wrapped(f"! {said}", *_INDENT)
        ]
    for field in result.fields:
        if field.agreement == "different":
            note = f" ({field.note})" if field.note else ""
            lines += wrapped(
                f"{field.field}: given {_quoted(field.given)}, recorded {_quoted(field.recorded)}{note}",
                *_INDENT,
            )
    agreeing = [_agreeing(f) for f in result.fields if f.agreement in AGREE]
    if agreeing:
        lines += wrapped(f"agree: {', '.join(agreeing)}", *_INDENT)
    if result.verdict == "not in the library":
        lines += wrapped("which says nothing against it: look it up elsewhere", *_INDENT)
    lines += [line for note in result.notes for line in wrapped(note, *_INDENT)]
    if result.source is not None and result.verdict != "verified":
        lines += wrapped(f"the work: {_pointed(result.source)}", *_INDENT)
    return lines


def _without_label(raw: str) -> str:
    return re.sub(r"^\W*\d{1,3}[.)\]]\s+", "", raw)


def _agreeing(field: FieldComparison) -> str:
    return field.field if field.agreement == "same" else f"{field.field} (written otherwise)"


def _pointed(source: Source) -> str:
    year = f" ({source.year})" if source.year else ""
    return f"“{source.title}”{year}, {source.source_id}"


def _quoted(value: str) -> str:
    return f"“{_shortened(value, _SHOWN_CHARACTERS)}”" if value else "nothing"


def _shortened(text: str, longest: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[: longest - 3].rstrip() + "..."
