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
from search_api.pages.blueprint import blueprint
from search_api.pages.chosen_style import chosen_style, remembering
from search_api.search import Searcher

#: Sources that a list may name.
MOST = 1000


@blueprint.get("/list")
def list_page() -> Response:
    """The sources named by ``id`` in the address; without any, the script asks with those it keeps."""
    return _page()


@blueprint.post("/list")
def long_list_page() -> Response:
    """The same for the ids of a form."""
    return _page()


def _page() -> Response:
    for name in request.values:
        if name not in ("id", "style"):
            raise ParameterError(name, request.values[name], "no parameter of that name", "use id, style")
    style = chosen_style(request.values.get("style"))
    ids = list(dict.fromkeys(value for value in request.values.getlist("id") if value.strip()))
    if len(ids) > MOST:
        raise ParameterError("id", f"{len(ids)} ids", f"a list holds at most {MOST}", "send fewer")
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
