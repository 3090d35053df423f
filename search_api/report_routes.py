"""``GET /v1/report``: what a library leans on, and what stands on nothing."""

from flask import Blueprint, Response, jsonify

from search_api.api import parameters_of_address, searcher, style_or_default
from search_api.openapi.operation import Operation, described
from search_api.propagation.documents import report_document
from search_api.propagation.remembered import report_on
from search_api.queries import validated
from search_api.report_answers import ReportAnswer
from search_api.report_requests import ReportRequest

blueprint = Blueprint("report", __name__, url_prefix="/v1")


@blueprint.get("/report")
@described(Operation(ReportAnswer, "writing", parameters=ReportRequest, cached=True))
def report() -> Response:
    """The report on the library that is searched."""
    asked = validated(ReportRequest, parameters_of_address())
    style = style_or_default(asked.style)
    using = searcher()
    document = report_document(
        report_on(using),
        using.library,
        lambda source: using.citations.format(source, style),
        asked.limit,
    )
    return jsonify({"index_version": using.manifest.index_version} | document)
