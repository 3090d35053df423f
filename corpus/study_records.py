"""A bibliographic record, whatever format it came in -> a `Source` of kind ``study``.

Readers fill a `StudyRecord` with what their format says, in CSL's terms; identity, text, facts and
checks are then the same for all formats.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.article_parts import slug_of
from corpus.composing import TextComposer
from corpus.errors import MalformedRecordError
from corpus.identifiers import normal_doi, normal_pmcid, normal_pmid, source_id_for
from corpus.normalising import normalised
from corpus.records import Integrity, Notice, Reference, Source, Study
from corpus.study_facts import facts_of


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """What a reader found: a CSL-JSON item without abstract, and what CSL has no field for.

    ``csl`` holds ``type``, ``title``, ``author`` (family/given or literal), ``container-title``,
    ``issued`` (date-parts), ``volume``, ``issue``, ``page``, ``DOI``, ``PMID``, ``PMCID``, ``ISSN``,
    ``language``, ``URL``; fields that the format does not give are absent. ``abstract`` is a sequence
    of (label, text), the label empty for an unstructured abstract. ``study`` overrides what would be
    read from types, headings and texts.
    """

    csl: Mapping[str, Any]
    abstract: tuple[tuple[str, str], ...] = ()
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    key: str | None = None
    study: Study | None = None
    integrity: Integrity = field(default_factory=Integrity)
    notices: tuple[Notice, ...] = ()
    references: tuple[Reference, ...] = ()
    license: str | None = None
    authors_complete: bool = True


def study_from(record: StudyRecord, origin: str, position: str, body: TextComposer | None = None) -> Source:
    """The record as a source; ``body`` replaces title and abstract where the full text was composed.

    Raises `MalformedRecordError` where the record has no title.
    """
    title = " ".join(normalised(str(record.csl.get("title") or "")).split())
    if not title:
        name = str(record.key or record.csl.get("DOI") or record.csl.get("PMID") or "record")
        raise MalformedRecordError(name, "a record needs a title", "add one", position)
    doi = _normal(record.csl, "DOI", normal_doi)
    pmid = _normal(record.csl, "PMID", normal_pmid)
    pmcid = _normal(record.csl, "PMCID", normal_pmcid)
    csl = {
        k: v
        for k, v in record.csl.items()
        if k not in ("abstract", "DOI", "PMID", "PMCID") and v not in (None, "", [])
    }
    csl |= {"title": title} | {k: v for k, v in (("DOI", doi), ("PMID", pmid), ("PMCID", pmcid)) if v}
    csl.setdefault("id", record.key or doi or pmid or slug_of(title))
    composer = body or _composed(title, record.abstract)
    abstract = " ".join(text for _, text in record.abstract)
    return Source(
        source_id=source_id_for(doi, pmid, f"study:{record.key or slug_of(title)}"),
        kind="study",
        csl=csl,
        text=composer.text(),
        blocks=tuple(composer.blocks),
        key=record.key,
        references=record.references,
        mentions=tuple(composer.mentions),
        study=record.study or facts_of(title, abstract, record.publication_types, record.mesh),
        integrity=record.integrity,
        url=_url(doi, pmid, record.csl),
        license=record.license,
        authors_complete=record.authors_complete,
        origin=origin,
        notices=record.notices,
    )


def _composed(title: str, abstract: tuple[tuple[str, str], ...]) -> TextComposer:
    composer = TextComposer()
    composer.add("title", (), title)
    for label, text in abstract:
        words = normalised(text).strip()
        lead = f"{label.strip().rstrip(':').capitalize()}: " if label.strip() and words else ""
        composer.add("abstract", (), lead + words)
    return composer


def _normal(csl: Mapping[str, Any], field_name: str, normal: Callable[[str], str | None]) -> str | None:
    """The identifier in normal form; one that is not valid is left out, like one that is absent."""
    value = csl.get(field_name)
    return normal(str(value)) if value not in (None, "") else None


def _url(doi: str | None, pmid: str | None, csl: Mapping[str, Any]) -> str | None:
    if doi:
        return f"https://doi.org/{doi}"
    if pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    return str(csl["URL"]) if csl.get("URL") else None
