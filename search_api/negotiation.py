"""Sources as a file over HTTP: by ``format`` or by content negotiation.

Content negotiation is that of Crossref and DataCite
(https://www.crossref.org/documentation/retrieve-metadata/content-negotiation/): the first media type of
``Accept`` that is one of our formats, ``text/x-bibliography; style=apa`` with its style; whatever else is
asked for gets JSON.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request
from werkzeug.http import dump_options_header, parse_options_header

from corpus.records import Source
from search_api.exports.formats import FORMATS, ExportFormat, export, format_named
from search_api.exports.keys import own_key

#: A browser that accepts HTML is shown JSON all the same: its list is for those who ask by name.
_BY_MEDIA_TYPE = {form.media_type: form for form in FORMATS.values() if form.name != "html"} | {
    "application/citeproc+json": FORMATS["csl-json"],
    "text/x-bibtex": FORMATS["bibtex"],
}
_JSON = frozenset({"application/json", "application/*", "*/*"})


@dataclass(frozen=True, slots=True)
class Negotiated:
    """The format that a request accepts, and the style that it names."""

    form: ExportFormat
    style: str | None


def negotiated(form_name: str | None, style: str | None) -> Negotiated | None:
    """The export that is asked for, by name or else by the request's ``Accept``; None where JSON is wanted.

    ``style`` goes before a style in ``Accept``. Raises `ParameterError` for a format that there is not.
    """
    if form_name == "json":
        return None
    if form_name is not None:
        return Negotiated(format_named(form_name), style)
    for value, quality in request.accept_mimetypes:
        media_type, parameters = parse_options_header(value)
        if media_type in _JSON:
            return None
        if quality > 0 and media_type in _BY_MEDIA_TYPE:
            return Negotiated(_BY_MEDIA_TYPE[media_type], style or parameters.get("style"))
    return None


def exported(sources: Sequence[Source], form: ExportFormat, style: str) -> Response:
    """The sources as a file of that format; ``style`` is a CSL style. Raises `UnknownStyleError`."""
    name = own_key(sources[0]) if len(sources) == 1 else "footnote"
    response = Response(export(sources, form, style), content_type=f"{form.media_type}; charset=utf-8")
    shown = "inline" if form.styled else "attachment"
    response.headers["Content-Disposition"] = dump_options_header(
        shown, {"filename": f"{name}.{form.suffix}"}
    )
    return response
