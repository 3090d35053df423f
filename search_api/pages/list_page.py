"""The reading list: the sources that a reader kept, with their citations as the library has them now.

The list itself is kept in the browser; the page is made of the ids that it sends, in the address or, for
a long list, in a form. So a list can be shared, needs no account, and shows every source's standing today.
"""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from corpus.errors import NotFoundError, ParameterError
from corpus.records import Source
from search_api.api import searcher
from search_api.citations import ALIASES
from search_api.exports import word
from search_api.exports.formats import FORMATS
from search_api.negotiation import exported
from search_api.pages.blueprint import blueprint
from search_api.pages.chosen_style import chosen_style, remembering
from search_api.search import Searcher

#: Sources that a list may name.
MOST = 1000
#: The forms in which a list may be had, as they are offered.
FORMS = {"bibtex": "BibTeX", "ris": "RIS", "csl-json": "CSL-JSON", "word": "Word", "text": "Text"}


@blueprint.get("/list")
def list_page() -> Response:
    """The sources named by ``id`` in the address; without any, the script asks with those it keeps."""
    return _page()


@blueprint.post("/list")
def long_list_page() -> Response:
    """The same for the ids of a form."""
    return _page()


@blueprint.post("/list/export")
def list_file() -> Response:
    """The sources of a form as a file in a ``format``; what the library no longer has is left out."""
    ids, style = _asked("id", "style", "format")
    name = request.values.get("format", "")
    if name not in FORMS:
        raise ParameterError("format", name, "no form of that name", f"use one of {', '.join(FORMS)}")
    sources, _ = named_sources(searcher(), ids)
    if not sources:
        raise ParameterError("id", "", "names no source of this library", "keep a source first")
    if name != "word":
        return exported(sources, FORMATS[name], style)
    response = Response(word.write(sources, style), content_type=word.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename=footnote.{word.SUFFIX}"
    return response


def _asked(*known: str) -> tuple[list[str], str]:
    """The ids, each once, and the style; raises `ParameterError` for an unknown field or too many ids."""
    for name in request.values:
        if name not in known:
            value = request.values[name]
            raise ParameterError(name, value, "no parameter of that name", f"use {', '.join(known)}")
    ids = list(dict.fromkeys(value for value in request.values.getlist("id") if value.strip()))
    if len(ids) > MOST:
        raise ParameterError("id", f"{len(ids)} ids", f"a list holds at most {MOST}", "send fewer")
    return ids, chosen_style(request.values.get("style"))


def _page() -> Response:
    ids, style = _asked("id", "style")
    using = searcher()
    sources, missing = named_sources(using, ids)
    page = render_template(
        "list.html",
        sources=sources,
        missing=missing,
        ids=ids,
        citations=using.citations,
        style=style,
        styles=ALIASES,
        forms=FORMS,
    )
    return remembering(make_response(page), request.values.get("style"))


def named_sources(using: Searcher, ids: list[str]) -> tuple[list[Source], list[str]]:
    """The sources that some identifiers name, each once, and the identifiers that name none."""
    found: dict[str, Source] = {}
    missing = []
    for identifier in ids:
        try:
            source = using.library.source(identifier)
        except NotFoundError:
            missing.append(identifier)
        else:
            found.setdefault(source.source_id, source)
    return list(found.values()), missing
