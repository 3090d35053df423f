"""The web pages, rendered on the server.

They need no script; with one, results come while typing, and quotes can be copied and kept. A page
is a route in a file of its own; what a page says of a source is in `wording`, how a quote is cut into
marked and linked pieces in `quoting`, what a page says when something is amiss in `faults`.
"""

from search_api.pages import (
    check_page,
    cite_page,
    library_page,
    list_page,
    report_page,
    search_page,
    source_page,
)
from search_api.pages.blueprint import blueprint
from search_api.pages.vocabulary import VOCABULARY

__all__ = [
    "VOCABULARY",
    "blueprint",
    "check_page",
    "cite_page",
    "library_page",
    "list_page",
    "report_page",
    "search_page",
    "source_page",
]
