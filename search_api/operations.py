"""For operators: is the process alive, is it ready to answer, what has it counted."""

from flask import Blueprint, Response, current_app, jsonify

from corpus.errors import IndexStateError
from search_api.answers import AliveDocument, ReadyDocument
from search_api.api import searcher
from search_api.library_routes import job_queue
from search_api.metrics import Metrics
from search_api.openapi.operation import Operation, described

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@described(Operation(AliveDocument, "operations", needs_index=False))
def alive() -> Response:
    """The process runs."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@described(Operation(ReadyDocument, "operations"))
def ready() -> Response:
    """An index is open; 503 where it is not."""
    return jsonify({"status": "ready", "index_version": searcher().manifest.index_version})


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts and times of all workers, in the text format of Prometheus."""
    counted: Metrics = current_app.extensions["footnote.metrics"]
    try:
        jobs = job_queue().counts()
    except IndexStateError:
        jobs = {}
    text, content_type = counted.exposition(jobs)
    return Response(text, content_type=content_type)
