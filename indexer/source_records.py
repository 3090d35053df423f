"""A source as JSON and back, and the digest of what a reader made of it.

Written field by field: `dataclasses.asdict` copies everything it meets and takes three times as long, which
tells where there are hundreds of thousands of sources.
"""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from corpus.records import Block, Integrity, Mention, Notice, Reference, Source, Study


def source_json(source: Source) -> str:
    """A source with all its fields as JSON; `source_from` gives it back equal."""
    return _json(_document(source))


def source_from(record: str) -> Source:
    """The source that `source_json` wrote."""
    document = json.loads(record)
    study = document["study"]
    return Source(
        **document
        | {
            "blocks": tuple(
                Block(b["kind"], tuple(b["section"]), b["start"], b["end"]) for b in document["blocks"]
            ),
            "references": tuple(Reference(**reference) for reference in document["references"]),
            "mentions": tuple(Mention(**mention) for mention in document["mentions"]),
            "study": Study(**study) if study else None,
            "integrity": Integrity(**document["integrity"]),
            "notices": tuple(Notice(**notice) for notice in document["notices"]),
        }
    )


def record_sha256(source: Source) -> str:
    """A digest of everything a reader made of a source: equal digests, nothing to do again."""
    unlinked = replace(
        source,
        origin=None,
        provenance={},
        mentions=tuple(
            replace(m, source_id=None, confidence=1.0) for m in source.mentions if m.how == "marker"
        ),
        references=tuple(replace(r, source_id=None, how=None, confidence=None) for r in source.references),
    )
    return hashlib.sha256(source_json(unlinked).encode()).hexdigest()


def _document(source: Source) -> dict[str, Any]:
    """The fields of a source in their order, as `dataclasses.asdict` would give them."""
    return {
        "source_id": source.source_id,
        "kind": source.kind,
        "csl": source.csl,
        "text": source.text,
        "blocks": [
            {"kind": b.kind, "section": b.section, "start": b.start, "end": b.end} for b in source.blocks
        ],
        "key": source.key,
        "references": [_reference(reference) for reference in source.references],
        "mentions": [_mention(mention) for mention in source.mentions],
        "study": asdict(source.study) if source.study else None,
        "integrity": asdict(source.integrity),
        "url": source.url,
        "license": source.license,
        "authors_complete": source.authors_complete,
        "origin": source.origin,
        "notices": [asdict(notice) for notice in source.notices],
        "format": source.format,
        "provenance": source.provenance,
    }


def _reference(reference: Reference) -> dict[str, Any]:
    return {
        "label": reference.label,
        "raw": reference.raw,
        "key": reference.key,
        "doi": reference.doi,
        "pmid": reference.pmid,
        "pmcid": reference.pmcid,
        "source_id": reference.source_id,
        "how": reference.how,
        "confidence": reference.confidence,
    }


def _mention(mention: Mention) -> dict[str, Any]:
    return {
        "start": mention.start,
        "end": mention.end,
        "how": mention.how,
        "label": mention.label,
        "confidence": mention.confidence,
        "source_id": mention.source_id,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
