"""Lists of sources as a file: those of some ids, and the reference list of a source."""

from typing import Annotated

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel, ConfigDict, Field, field_validator

from corpus.records import Source
from search_api.answers import ReferencesAnswer, ResolvedReferenceDocument
from search_api.api import IDENTIFIER, export_asked_for, object_of_body, searcher, style_or_default
from search_api.documents import reference_document, source_summary
from search_api.export_list import cited_sources, sources_of
from search_api.exports.formats import FORMATS, format_named
from search_api.negotiation import exported
from search_api.openapi.operation import Operation, described
from search_api.queries import FileRequest, Style, validated
from search_api.search import Searcher

blueprint = Blueprint("export", __name__, url_prefix="/v1")

#: The most sources that one request may ask for.
MAX_SOURCES = 1000


class ExportRequest(BaseModel):
    """What a list is asked for with; unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: Annotated[
        list[Annotated[str, Field(json_schema_extra={"format": "source-id"})]],
        Field(
            description="DOI, PMID, PMCID, citation key or id of each source.",
            json_schema_extra={"minItems": 1, "maxItems": MAX_SOURCES},
        ),
    ]
    format: Annotated[
        str, Field(description="The format of the file.", json_schema_extra={"enum": [*FORMATS]})
    ] = "csl-json"
    style: Style = None

    @field_validator("ids")
    @classmethod
    def _some_and_not_too_many(cls, value: list[str]) -> list[str]:
        if not value:
            raise ValueError("names no source; give the ids of one or more")
        if len(value) > MAX_SOURCES:
            raise ValueError(f"names {len(value)} sources, at most {MAX_SOURCES}; ask in parts")
        return value


@blueprint.post("/export")
@described(Operation(None, "records", body=ExportRequest, exports=True))
def export_list() -> Response:
    """The sources of a list of ids in a format."""
    asked = validated(ExportRequest, object_of_body('send {"ids": [...], "format": "ris"}'), strict=True)
    form = format_named(asked.format)
    style = style_or_default(asked.style)
    return exported(sources_of(searcher().library, asked.ids), form, style)


@blueprint.get("/sources/<path:identifier>/references")
@described(
    Operation(ReferencesAnswer, "records", parameters=FileRequest, exports=True, cached=True, path=IDENTIFIER)
)
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


def _references_document(citing: Source, using: Searcher, style: str) -> ReferencesAnswer:
    listed: list[ResolvedReferenceDocument] = []
    for reference in citing.references:
        named = using.library.source(reference.source_id) if reference.source_id else None
        summary = source_summary(named, using, style) if named else None
        listed.append({**reference_document(reference), "source": summary})
    return {
        "index_version": using.manifest.index_version,
        "source": source_summary(citing, using, style),
        "references": listed,
    }
