"""Records -> the JSON documents of the API; the command line's ``--json`` prints the same."""

import hashlib
from dataclasses import asdict
from typing import Any, cast

from corpus.normalising import normalised
from corpus.records import Cited, Integrity, Passage, Reference, SearchHit, Source, Study
from search_api.answers import (
    AnswerDocument,
    CitedDocument,
    HitDocument,
    IndexDocument,
    IntegrityDocument,
    PassageDocument,
    ReferenceDocument,
    ScoresDocument,
    SourceDocument,
    SourceSummary,
    StudyDocument,
)
from search_api.search import SearchAnswer, Searcher

#: Characters of context before and after a quote (the Web Annotation text quote selector).
CONTEXT_CHARACTERS = 32

Document = dict[str, Any]


def answer_document(
    answer: SearchAnswer, searcher: Searcher, style: str, next_cursor: str | None = None
) -> AnswerDocument:
    """The document of a search; ``next_cursor`` asks for what comes after its results."""
    return {
        "query": answer.query.query,
        "index_version": answer.index_version,
        "retrieval_version": searcher.retrieval_version,
        "took_ms": answer.took_ms,
        "adequate": answer.adequate,
        "next_cursor": next_cursor,
        "results": [_hit_document(hit, searcher, style) for hit in answer.hits],
    }


def _hit_document(hit: SearchHit, searcher: Searcher, style: str) -> HitDocument:
    return {
        "rank": hit.rank,
        "warnings": list(hit.warnings),
        "score": hit.score,
        "confidence": hit.confidence,
        "scores": cast("ScoresDocument", dict(hit.scores)),
        "passage": {
            **passage_document(hit.passage, hit.source),
            "highlights": [{"start": span.start, "end": span.end} for span in hit.highlights],
        },
        "source": source_summary(hit.source, searcher, style),
        "cites": [_cited_document(cited, searcher, style) for cited in hit.cites],
    }


def passage_document(passage: Passage, source: Source) -> PassageDocument:
    """A passage with what proves it: offsets, digest and the characters around it."""
    return {
        "id": passage.passage_id,
        "text": passage.text,
        "kind": passage.kind,
        "section": list(passage.section),
        "start": passage.start,
        "end": passage.end,
        "sha256": hashlib.sha256(passage.text.encode()).hexdigest(),
        "prefix": source.text[max(0, passage.start - CONTEXT_CHARACTERS) : passage.start],
        "suffix": source.text[passage.end : passage.end + CONTEXT_CHARACTERS],
    }


def source_summary(source: Source, searcher: Searcher, style: str) -> SourceSummary:
    """A source as it stands beside a passage: what it is, its standing, its citation."""
    csl = source.csl
    return {
        "id": source.source_id,
        "kind": source.kind,
        "title": source.title,
        "authors": [_author(author) for author in csl.get("author", [])],
        "authors_complete": source.authors_complete,
        "year": source.year,
        "container": csl.get("container-title"),
        "doi": csl.get("DOI"),
        "pmid": csl.get("PMID"),
        "url": source.url,
        "study": _study_document(source.study) if source.study else None,
        "integrity": integrity_document(source.integrity),
        "citation": searcher.citations.format(source, style),
    }


def source_document(source: Source, searcher: Searcher, style: str) -> SourceDocument:
    """A source whole: its text, its references as resolved, who cites it here."""
    return {
        **source_summary(source, searcher, style),
        "key": source.key,
        "license": source.license,
        "csl": dict(source.csl),
        "text": source.text,
        "text_sha256": source.text_sha256,
        "references": [reference_document(reference) for reference in source.references],
        "cited_by": list(searcher.library.cited_by(source.source_id)),
    }


def index_document(searcher: Searcher) -> IndexDocument:
    """What is being searched: generation, fingerprint, counts, versions."""
    manifest = searcher.manifest
    return {
        "generation": manifest.name,
        "index_version": manifest.index_version,
        "retrieval_version": searcher.retrieval_version,
        "fingerprint": manifest.fingerprint,
        "created": manifest.created,
        "parent": manifest.parent,
        "parameters": dict(manifest.parameters),
        "counts": dict(manifest.counts),
    }


def source_line(source: Source) -> Document:
    """A source as `footnote read` prints it: everything that the reader made of the file."""
    document = asdict(source)
    document["text_sha256"] = source.text_sha256
    return document


def _cited_document(cited: Cited, searcher: Searcher, style: str) -> CitedDocument:
    mention = cited.mention
    return {
        "label": mention.label,
        "start": mention.start,
        "end": mention.end,
        "how": mention.how,
        "confidence": mention.confidence,
        "source": source_summary(cited.source, searcher, style),
    }


def reference_document(reference: Reference) -> ReferenceDocument:
    """An entry of a reference list, with the id of the source that it names."""
    return cast("ReferenceDocument", asdict(reference))


def integrity_document(integrity: Integrity) -> IntegrityDocument:
    """What is known of a standing, without the fields that nothing is known of."""
    known = {name: value for name, value in asdict(integrity).items() if value is not None}
    return cast("IntegrityDocument", known)


def _study_document(study: Study) -> StudyDocument:
    return cast("StudyDocument", asdict(study))


def _author(author: dict[str, Any]) -> str:
    if author.get("literal"):
        return normalised(str(author["literal"]))
    particle = str(author.get("non-dropping-particle") or "")
    family = " ".join(part for part in (particle, str(author.get("family") or "")) if part)
    return ", ".join(part for part in (family, str(author.get("given") or "")) if part)
