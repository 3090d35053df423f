"""What a reader sees when something is amiss: a page that says what, and where to go from there."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import make_response, render_template, request
from rapidfuzz import fuzz
from werkzeug.wrappers import Response

from corpus.errors import FootnoteError, IndexStateError, NotFoundError, ParameterError
from corpus.identifiers import aliases_of
from corpus.records import Source
from indexer.terms import has_terms
from search_api.api import searcher
from search_api.search import Searcher

_NEAR = 6
_LOOKED_AT = 60
#: Agreement of two identifiers' characters, 0 to 100, from which one may be a slip of the other.
_NEARLY = 75
_GONE = "It may have been removed, or be spelled otherwise."
_NO_INDEX = "The index cannot be used at the moment. It may be being replaced; try again shortly."


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, in a heading and a sentence or two; ``near`` are sources that may have been meant."""

    status: HTTPStatus
    heading: str
    text: str
    near: tuple[Source, ...] = ()


def reads_pages() -> bool:
    """Whether this request comes from someone who reads pages and not documents of the API."""
    wanted = request.accept_mimetypes.best_match(["application/problem+json", "text/html"])
    return wanted == "text/html" and not request.path.startswith("/v1/")


def fault_page(status: int, error: Exception) -> Response:
    """The page for an error; the message of an unforeseen one stays in the log."""
    fault = _fault(HTTPStatus(status), error)
    return make_response(render_template("fault.html", fault=fault), status)


def _fault(status: HTTPStatus, error: Exception) -> Fault:
    if isinstance(error, NotFoundError):
        text = f"No source of this library goes by “{_cut(error.value)}”. " + _GONE
        return Fault(status, "Not in this library", text, _near(error.value))
    if isinstance(error, ParameterError):
        text = f"{error.field}: {error.rule}; {error.remedy}."
        return Fault(status, "This address cannot be read", text)
    if isinstance(error, IndexStateError):
        return Fault(status, "Nothing to search just now", _NO_INDEX)
    if status is HTTPStatus.NOT_FOUND:
        return Fault(status, "No such page", f"There is nothing at {_cut(request.path)}.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, FootnoteError):
        return Fault(status, "Something went wrong here", "The log has the details. Trying again may help.")
    return Fault(status, status.phrase, getattr(error, "description", None) or status.description)


def _near(identifier: str) -> tuple[Source, ...]:
    """Sources whose identifiers are spelled nearly so, then those whose titles have its words."""
    try:
        using = searcher()
    except FootnoteError:
        return ()
    found = {
        source.source_id: source
        for source in (*_by_spelling(using, identifier), *_by_words(using, identifier))
    }
    return tuple(found.values())[:_NEAR]


def _by_spelling(using: Searcher, identifier: str) -> list[Source]:
    forms = aliases_of(identifier)
    spelled = [alias for form in forms for alias in using.library.holdings.neighbouring_aliases(form)]
    near = [(fuzz.ratio(forms[0], alias), alias) for alias in dict.fromkeys(spelled)]
    near = sorted(((score, alias) for score, alias in near if score >= _NEARLY), reverse=True)
    return [using.library.source(alias) for _, alias in near]


def _by_words(using: Searcher, identifier: str) -> list[Source]:
    words = identifier.rpartition(":")[2].replace("-", " ").replace("/", " ").replace("_", " ")
    if not has_terms(words):
        return []
    rows, _ = using.lexical.search(words, _LOOKED_AT)
    sources = dict.fromkeys(int(using.library.passage_sources[row]) for row in rows)
    return [using.library.source_at(row) for row in sources][:_NEAR]


def _cut(text: str) -> str:
    return text if len(text) <= 100 else text[:97] + "..."
