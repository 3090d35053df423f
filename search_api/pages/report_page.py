"""What the library leans on: the report for the people who keep it."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from corpus.errors import ParameterError
from corpus.records import Source
from search_api.api import searcher
from search_api.pages.blueprint import blueprint
from search_api.propagation.records import Place, UncitedClaim
from search_api.propagation.remembered import report_on
from search_api.propagation.reporting import uncited_studies, unresolved_references
from search_api.propagation.text import sentences_saying
from search_api.standing import standing_warnings

Found = TypeVar("Found", Place, UncitedClaim)

#: Entries of each list on the page; the API gives more.
_SHOWN = 100


@blueprint.get("/report")
def report_page() -> Response:
    """Cited studies of marked standing, claims without a citation, what points at nothing."""
    for name in request.args:
        raise ParameterError(name, request.args[name], "no parameter of that name", "leave it out")
    using = searcher()
    found = report_on(using)
    page = render_template(
        "report.html",
        counts=found.counts,
        most=_SHOWN,
        leaning=found.leaning[:_SHOWN],
        claims=_by_source(found.uncited_claims[:_SHOWN]),
        unresolved=list(unresolved_references(using.library, found.unresolved[:_SHOWN])),
        uncited=list(uncited_studies(using.library, found.uncited_studies[:_SHOWN])),
        by_source=_by_source,
        warnings_of=standing_warnings,
        sentences_saying=sentences_saying,
    )
    return make_response(page)


def _by_source(found: Iterable[Found]) -> Sequence[tuple[Source, list[Found]]]:
    """What was found, a source at a time, in the order in which it was found."""
    return [(source, list(places)) for source, places in groupby(found, lambda one: one.source)]
