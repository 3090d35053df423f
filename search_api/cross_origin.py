"""Whether pages of other origins may read the API (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).

Off by default. Only reading is ever allowed, and never with a reader's cookies: there are none.
flask-cors would do the same in more settings than a service with one answer needs, with a record of holes
in how it matched origins (CVE-2024-6221, CVE-2024-6839, CVE-2024-6866); here an origin is allowed where
it is listed, letter by letter.
"""

from flask import Flask, request
from werkzeug.wrappers import Response

from corpus.errors import ParameterError

_METHODS = "GET, POST, HEAD"
_REQUEST_HEADERS = "Authorization, Content-Type, If-None-Match, X-API-Key"
_ANSWER_HEADERS = "ETag, Retry-After, Content-Disposition"
_PREFLIGHT_SECONDS = "600"


def origins_of(setting: str) -> frozenset[str]:
    """The origins that a setting lists by commas, ``*`` for all, none where it is ``off``.

    Raises `ParameterError` for what is no origin.
    """
    if setting == "off":
        return frozenset()
    origins = frozenset(part.strip().rstrip("/") for part in setting.split(",") if part.strip())
    for origin in origins:
        scheme, _, host = origin.partition("://")
        if origin != "*" and (scheme not in ("http", "https") or not host or "/" in host or "*" in host):
            rule = "is no origin"
            raise ParameterError("cors", origin, rule, "give off, * or origins such as https://example.org")
    return origins


def register(app: Flask, setting: str) -> None:
    """Let the origins of the setting read the API; does nothing where it is ``off``."""
    origins = origins_of(setting)

    def allowed(response: Response) -> Response:
        if not (request.path.startswith("/v1/") or request.path == "/openapi.json"):
            return response
        origin = request.headers.get("Origin", "")
        if "*" not in origins:
            response.vary.add("Origin")
        if origin and (origin in origins or "*" in origins):
            headers = response.headers
            headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
            headers["Access-Control-Expose-Headers"] = _ANSWER_HEADERS
            if request.method == "OPTIONS":
                headers["Access-Control-Allow-Methods"] = _METHODS
                headers["Access-Control-Allow-Headers"] = _REQUEST_HEADERS
                headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
        return response

    if origins:
        app.after_request(allowed)
