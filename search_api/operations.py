"""For operators: is the process alive, is it ready to answer."""

from flask import Blueprint, Response, jsonify

from search_api.api import searcher

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process runs."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> Response:
    """An index is open; 503 where it is not."""
    return jsonify({"status": "ready", "index_version": searcher().manifest.index_version})
