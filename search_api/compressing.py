"""Pages and their files compressed for browsers that ask for it: a third to a fifth of the bytes.

Only what `search_api.pages` and the static folder serve; the API's documents stay as they are, for programs
on the same machine that would only lose time.
"""

import gzip

from flask import request
from werkzeug.wrappers import Response

_LEAST = 800
_LEVEL = 5
_TYPES = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")


def compressed(response: Response) -> Response:
    """The response, its body compressed where that is asked for and pays."""
    endpoint = request.endpoint or ""
    if not (endpoint == "static" or endpoint.startswith("pages.")) or response.mimetype not in _TYPES:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or response.content_encoding or response.status_code == 304:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= _LEAST:
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.content_encoding = "gzip"
        tag, _ = response.get_etag()
        if tag:  # the same content in other bytes
            response.set_etag(tag, weak=True)
    return response
