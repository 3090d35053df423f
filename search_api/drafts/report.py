"""What was found for a draft, as the JSON document of the API."""

import base64
from collections import Counter
from dataclasses import asdict
from typing import Any

from corpus.records import Source
from search_api.documents import Document, integrity_document, passage_document, source_summary
from search_api.drafts.outputs.documents import OutputDocument
from search_api.drafts.records import (
    CitedDraft,
    CitedSentence,
    Finding,
    JudgedCitation,
    Suggestion,
    Via,
)
from search_api.search import Searcher
from search_api.stance.record import StanceVerdict


def cited_document(cited: CitedDraft, searcher: Searcher, style: str, took_ms: float) -> Document:
    """The document of a cited draft: counts, notes, then every sentence with what was found for it."""
    claims = [s for s in cited.sentences if s.finding is not None]
    return {
        "index_version": searcher.manifest.index_version,
        "took_ms": took_ms,
        "read_as": cited.draft.format,
        "notes": list(cited.notes),
        "counts": {
            "sentences": len(cited.sentences),
            "claims": len(claims),
            "outcomes": dict(Counter(s.finding.outcome for s in claims if s.finding)),
        },
        "sentences": [_sentence(sentence, searcher, style) for sentence in cited.sentences],
        "output": None,
    }


def output_part(output: OutputDocument) -> Document:
    """The draft with citations as the document holds it; a .docx in base64."""
    is_text = isinstance(output.content, str)
    return {
        "media_type": output.media_type,
        "suffix": output.suffix,
        "text": output.content if is_text else None,
        "base64": None if is_text else base64.b64encode(bytes(output.content)).decode(),  # type: ignore[arg-type]
        "beside": dict(output.beside),
        "notes": list(output.notes),
    }


def _sentence(cited: CitedSentence, searcher: Searcher, style: str) -> Document:
    sentence = cited.sentence
    document: Document = {
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
        "kind": sentence.kind,
        "reason": sentence.reason,
        "own_citations": [_own(judged, searcher, style) for judged in cited.own],
    }
    if cited.finding is None:
        return document
    parts = [
        {"start": part.start, "end": part.end, "text": part.text} | _finding(finding, searcher, style)
        for part, finding in zip(sentence.parts, cited.parts, strict=True)
    ]
    insert = [
        {"start": place.start, "end": place.end, "sources": [source.source_id for source in place.sources]}
        for place in cited.insert
    ]
    return document | _finding(cited.finding, searcher, style) | {"parts": parts, "insert": insert}


def _finding(finding: Finding, searcher: Searcher, style: str) -> Document:
    against = finding.against
    return {
        "outcome": finding.outcome,
        "suggestions": [_suggestion(s, searcher, style) for s in finding.suggestions],
        "against": _suggestion(against, searcher, style) if against else None,
        "nearest": [
            {"source": _brief(s.source), "confidence": s.confidence, "missing": list(s.missing)}
            for s in finding.nearest
        ],
    }


def _suggestion(suggestion: Suggestion, searcher: Searcher, style: str) -> Document:
    span = suggestion.sentence
    highlights = [{"start": span.start, "end": span.end}] if span else []
    passage = {**passage_document(suggestion.passage, suggestion.source), "highlights": highlights}
    return {
        "warnings": list(suggestion.warnings),
        "confidence": suggestion.confidence,
        "stance": _stance(suggestion.verdict),
        "may_oppose": suggestion.may_oppose,
        "differences": [asdict(difference) for difference in suggestion.differences],
        "missing": list(suggestion.missing),
        "source": source_summary(suggestion.source, searcher, style),
        "passage": passage,
        "via": [_via(way) for way in suggestion.via],
    }


def _stance(verdict: StanceVerdict) -> Document:
    """The verdict, and the span of ``source.study.finding`` that it rests on."""
    document: Document = {"verdict": verdict.stance, "confidence": round(verdict.confidence, 3)}
    if verdict.start is not None:
        document["finding"] = {"start": verdict.start, "end": verdict.end}
    return document


def _via(way: Via) -> Document:
    highlights = [{"start": way.sentence.start, "end": way.sentence.end}]
    passage = {**passage_document(way.passage, way.article), "highlights": highlights}
    return {"source": _brief(way.article), "passage": passage}


def _own(judged: JudgedCitation, searcher: Searcher, style: str) -> Document:
    citation, looked = judged.citation, judged.suggestion
    return {
        "start": citation.start,
        "end": citation.end,
        "written": citation.written,
        "how": citation.how,
        "verdict": judged.verdict,
        "note": citation.note,
        "source": _brief(citation.source) if citation.source else None,
        "evidence": _suggestion(looked, searcher, style) if looked else None,
    }


def _brief(source: Source) -> dict[str, Any]:
    """A source that is pointed at and not cited: what it is, its standing, no citation."""
    return {
        "id": source.source_id,
        "kind": source.kind,
        "title": source.title,
        "year": source.year,
        "integrity": integrity_document(source.integrity),
    }
