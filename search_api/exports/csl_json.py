"""Sources -> CSL-JSON. What CSL has no variable for stands in ``custom``, as the reader knows it.

https://docs.citationstyles.org/en/stable/specification.html
"""

import json
from collections.abc import Sequence
from typing import Any

from corpus.records import Integrity, Source, Study
from search_api.exports.fields import abstract_parts
from search_api.exports.keys import citation_keys


def write(sources: Sequence[Source]) -> str:
    """The items as one JSON array."""
    keys = citation_keys(sources)
    items = [csl_item(source, keys[source.source_id]) for source in sources]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def csl_item(source: Source, key: str) -> dict[str, Any]:
    """The source's own CSL item under that key, with abstract and ``custom``."""
    item = {"id": key, **{name: value for name, value in source.csl.items() if name != "id"}}
    if parts := abstract_parts(source):
        item["abstract"] = "\n\n".join(parts)
    custom = {**_facts(source.study), **_editors_words(source), **_standing(source.integrity)}
    if not source.authors_complete:
        custom["authors_complete"] = False
    if source.license:
        custom["license"] = source.license
    return item | ({"custom": custom} if custom else {})


def _facts(study: Study | None) -> dict[str, Any]:
    if study is None:
        return {}
    facts = {
        "study_type": study.design if study.design != "unknown" else None,
        "study_type_from": study.design_from,
        "sample_size": study.sample_size,
        "sample_size_from": study.sample_size_from,
        "human": study.human,
        "human_from": study.human_from,
        "finding": study.finding,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _editors_words(source: Source) -> dict[str, str]:
    """The summary that an editor wrote of a study's record."""
    if source.kind != "study":
        return {}
    written = [source.text[b.start : b.end] for b in source.blocks if b.kind == "summary"]
    return {"summary": written[0]} if written else {}


def _standing(integrity: Integrity) -> dict[str, Any]:
    if integrity == Integrity():
        return {}
    flag = "no-flag-seen" if integrity.status == "none-known" else integrity.status
    notice = "retraction_notice_doi" if integrity.status == "retracted" else "correction_doi"
    told = {
        "integrity": flag,
        "retracted": integrity.status == "retracted",
        notice: integrity.notice,
        "integrity_date": integrity.date,
        "integrity_recorded_in": integrity.recorded_in,
        "integrity_checked": integrity.checked,
        "integrity_note": integrity.note,
    }
    return {name: value for name, value in told.items() if value is not None}
