"""The report on a library as the JSON document of ``GET /v1/report`` and of ``footnote report --json``."""

from collections.abc import Callable
from dataclasses import asdict

from corpus.records import Source
from indexer.library import Library
from search_api.documents import Document, integrity_document
from search_api.propagation.records import Leaning, LibraryReport, Place, UncitedClaim
from search_api.propagation.reporting import uncited_studies, unresolved_references
from search_api.standing import standing_warnings

#: A source -> its citation.
Cite = Callable[[Source], str]


def report_document(report: LibraryReport, library: Library, cite: Cite, limit: int) -> Document:
    """The counts, and the first ``limit`` of each list."""
    return {
        "counts": report.counts,
        "leaning": [_leaning(one, cite) for one in report.leaning[:limit]],
        "uncited_claims": [_claim(claim) for claim in report.uncited_claims[:limit]],
        "unresolved_references": [
            {"source": _named(found.source)} | asdict(found.reference)
            for found in unresolved_references(library, report.unresolved[:limit])
        ],
        "uncited_studies": [
            _study(study, cite) for study in uncited_studies(library, report.uncited_studies[:limit])
        ],
    }


def _leaning(leaning: Leaning, cite: Cite) -> Document:
    return {
        "study": _study(leaning.cited, cite),
        "warnings": standing_warnings(leaning.cited.integrity),
        "places": [_place(place) for place in leaning.places],
        "only_listed_by": [_named(source) for source in leaning.only_listed_by],
    }


def _place(place: Place) -> Document:
    mention, passage = place.mention, place.passage
    return {
        "source": _named(place.source),
        "sentence": {"text": place.sentence, "start": place.start, "end": place.end},
        "section": list(place.section),
        "passage_id": passage.passage_id if passage else None,
        "label": mention.label,
        "how": mention.how,
        "confidence": mention.confidence,
        "says_so": place.says_so,
        "untold": place.untold,
    }


def _claim(claim: UncitedClaim) -> Document:
    return {
        "source": _named(claim.source),
        "sentence": {"text": claim.sentence, "start": claim.start, "end": claim.end},
        "section": list(claim.section),
        "paragraph_cites": claim.block_cites,
    }


def _study(source: Source, cite: Cite) -> Document:
    return {
        "id": source.source_id,
        "kind": source.kind,
        "title": source.title,
        "year": source.year,
        "integrity": integrity_document(source.integrity),
        "citation": cite(source),
    }


def _named(source: Source) -> Document:
    return {"id": source.source_id, "kind": source.kind, "title": source.title, "url": source.url}
