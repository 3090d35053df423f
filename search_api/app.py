"""The Flask application."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from search_api import (
    access,
    answer_cache,
    api,
    batch_routes,
    caching,
    cross_origin,
    desk,
    export_routes,
    library_routes,
    operations,
    page_metadata,
    pages,
    problems,
    report_routes,
    request_log,
)
from search_api.admission import Admission
from search_api.citations import style_name
from search_api.compressing import compressed
from search_api.json_text import FastJson
from search_api.live import LiveSearcher
from search_api.metrics import Metrics
from search_api.openapi import routes as openapi
from search_api.opening import backend_of
from search_api.ranking_settings import Ranking
from search_api.settings import Settings

#: Requests of one process that are worked on at once.
WORKING = 4

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app(settings: Settings | None = None) -> Flask:
    """The application; opens no file until the first request, or until `open_index`.

    Raises `UnknownStyleError` where the default style is none, `ParameterError` where the profile is none.
    """
    chosen = settings or Settings.from_environment()
    style_name(chosen.style)
    Ranking.of_profile(chosen.profile)
    app = Flask(__name__)
    app.config["FOOTNOTE"] = chosen
    app.config["MAX_CONTENT_LENGTH"] = chosen.max_body_bytes
    app.extensions["footnote.metrics"] = metrics = Metrics()
    app.extensions["footnote.live"] = LiveSearcher(
        chosen.index,
        chosen.threads,
        chosen.reranker,
        chosen.profile,
        metrics,
        watched=True,
        backend=backend_of(chosen),
    )
    request_log.register(app)
    access.register(app)
    app.json = FastJson(app)
    app.json.sort_keys = False
    app.json.ensure_ascii = False
    app.jinja_env.globals |= pages.VOCABULARY
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for surface in (
        api,
        batch_routes,
        desk,
        export_routes,
        report_routes,
        library_routes,
        operations,
        pages,
        openapi,
    ):
        app.register_blueprint(surface.blueprint)
    page_metadata.register(app)
    problems.register(app)
    app.after_request(_secured)
    app.after_request(compressed)
    caching.register(app)
    cross_origin.register(app, chosen.cors)
    answer_cache.register(app)
    _wrap(app, chosen, metrics)
    return app


def _wrap(app: Flask, settings: Settings, metrics: Metrics) -> None:
    """What stands around every request, the outermost last."""
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    queued = Admission(app.wsgi_app, WORKING, settings.waiting, metrics)
    app.wsgi_app = request_log.RequestLog(queued, metrics)  # type: ignore[method-assign]


def open_index(app: Flask) -> None:
    """Open the live generation now instead of at the first request; raises `IndexStateError`."""
    app.extensions["footnote.live"].get()


def _secured(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
