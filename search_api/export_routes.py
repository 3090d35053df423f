"""Lists of sources as a file: those of some ids, and the reference list of a source."""

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, ConfigDict, field_validator

from corpus.records import Source
from search_api.api import export_asked_for, object_of_body, searcher, style_or_default
from search_api.documents import Document, reference_document, source_summary
from search_api.export_list import cited_sources, sources_of
from search_api.exports.formats import format_named
from search_api.negotiation import exported
from search_api.queries import validated
from search_api.search import Searcher

blueprint = Blueprint("export", __name__, url_prefix="/v1")

#: The most sources that one request may ask for.
MAX_SOURCES = 1000


class ExportRequest(BaseModel):
    """What a list is asked for with; unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: tuple[str, ...]
    format: str = "csl-json"
    style: str | None = None

    @field_validator("ids")
    @classmethod
    def _some_and_not_too_many(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("names no source; give the ids of one or more")
        if len(value) > MAX_SOURCES:
            raise ValueError(f"names {len(value)} sources, at most {MAX_SOURCES}; ask in parts")
        return value


@blueprint.post("/export")
def export_list() -> Response:
    """The sources of a list of ids in a format."""
    asked = validated(ExportRequest, object_of_body('send {"ids": [...], "format": "ris"}'))
    form = format_named(asked.format)
    style = style_or_default(asked.style)
    return exported(sources_of(searcher().library, asked.ids), form, style)


@blueprint.get("/sources/<path:identifier>/references")
def reference_list(identifier: str) -> Response:
    """The reference list of a source, each entry with what it names; or what they name as a file."""
    wanted, style = export_asked_for()
    using = searcher()
    citing = using.library.source(identifier)
    if wanted:
        response = exported(cited_sources(using.library, [citing])[0], wanted.form, style)
    else:
        response = jsonify(_references_document(citing, using, style))
    response.vary.add("Accept")
    return response


def _references_document(citing: Source, using: Searcher, style: str) -> Document:
    listed = []
    for reference in citing.references:
        named = using.library.source(reference.source_id) if reference.source_id else None
        summary = source_summary(named, using, style) if named else None
        listed.append(reference_document(reference) | {"source": summary})
    return {
        "index_version": using.manifest.index_version,
        "source": source_summary(citing, using, style),
        "references": listed,
    }
