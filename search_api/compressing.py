"""Answers compressed for whoever asks for it: pages to a third or a fifth of their bytes, documents likewise.

A page goes to a browser, perhaps over a phone's network, and is packed well; a document of the API to a
program, perhaps on the same machine, and is packed fast. Small answers gain nothing and stay as they are.
"""

import gzip

from flask import request
from werkzeug.wrappers import Response

#: By type: the fewest bytes that are worth it, and gzip's level.
_PAGES = (800, 5)
_DOCUMENTS = (2000, 1)
_PACKED = {
    **dict.fromkeys(
        ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"), _PAGES
    ),
    **dict.fromkeys(
        (
            "application/json",
            "application/vnd.citationstyles.csl+json",
            "application/x-bibtex",
            "application/x-research-info-systems",
            "text/csv",
            "text/plain",
        ),
        _DOCUMENTS,
    ),
}


def compressed(response: Response) -> Response:
    """The response, its body compressed where that is asked for and pays."""
    if response.mimetype not in _PACKED:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or response.content_encoding or response.status_code == 304:
        return response
    least, level = _PACKED[response.mimetype]
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= least:
        response.set_data(gzip.compress(body, level, mtime=0))
        response.content_encoding = "gzip"
        tag, _ = response.get_etag()
        if tag:  # the same content in other bytes
            response.set_etag(tag, weak=True)
    return response
