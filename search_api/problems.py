"""Errors -> RFC 9457 problem documents; the one place where an exception gets its HTTP status."""

import json
import logging
from http import HTTPStatus

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from corpus.errors import (
    AccessError,
    FootnoteError,
    IndexBusyError,
    IndexStateError,
    InputError,
    KeyFileError,
    KeyMissingError,
    NotFoundError,
    ParameterError,
    ScopeError,
    UnreadableFileError,
)
from search_api.answers import FaultDocument, ProblemDocument
from search_api.pages.faults import fault_page, reads_pages
from search_api.queries import ManyParametersError

_LOG = logging.getLogger("footnote.http")

#: The most particular class decides.
STATUS_OF: tuple[tuple[type[FootnoteError], HTTPStatus], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (KeyMissingError, HTTPStatus.UNAUTHORIZED),
    (ScopeError, HTTPStatus.FORBIDDEN),
    (KeyFileError, HTTPStatus.SERVICE_UNAVAILABLE),
    (UnreadableFileError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InputError, HTTPStatus.BAD_REQUEST),
    (IndexBusyError, HTTPStatus.CONFLICT),
    (IndexStateError, HTTPStatus.SERVICE_UNAVAILABLE),
)


def status_of(error: FootnoteError) -> HTTPStatus:
    """The HTTP status of an exception of ours; 500 where none is set down."""
    return next(
        (status for kind, status in STATUS_OF if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def problem(status: int, title: str, detail: str) -> Response:
    """A problem document (``application/problem+json``)."""
    return _answered({"type": "about:blank", "title": title, "status": status, "detail": detail})


def problem_of(error: FootnoteError) -> ProblemDocument:
    """The problem document of an error of ours, as a part of a larger answer."""
    status = status_of(error)
    faults = error.faults if isinstance(error, ManyParametersError) else [error]
    errors: list[FaultDocument] = [
        {"field": fault.field, "value": fault.given, "rule": fault.rule, "remedy": fault.remedy}
        for fault in faults
        if isinstance(fault, ParameterError)
    ]
    body: ProblemDocument = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": str(error),
    }
    if errors:
        body["errors"] = errors
    return body


def _answered(body: ProblemDocument) -> Response:
    if request.path:
        body["instance"] = request.path
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status=body["status"], content_type="application/problem+json")


def register(app: Flask) -> None:
    """Answer every error of every route with a problem document, or with a page where a reader asks."""
    app.register_error_handler(FootnoteError, _of_ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def _of_ours(error: FootnoteError) -> Response:
    status = status_of(error)
    if isinstance(error, AccessError):
        return _refused(error, status)
    if isinstance(error, (IndexStateError, KeyFileError)):
        # The state of the disk is the operator's business: the log has it, the answer has not.
        _LOG.error("%s", error)
    if reads_pages():
        return fault_page(status, error)
    if isinstance(error, (IndexStateError, KeyFileError)):
        return problem(status, status.phrase, "This cannot be answered at present; try again later.")
    return _answered(problem_of(error))


def _refused(error: AccessError, status: HTTPStatus) -> Response:
    response = problem(status, status.phrase, str(error))
    if isinstance(error, KeyMissingError):
        # A browser asks for a password where it meets Basic; a program should not.
        api = request.path.startswith("/v1/") or request.path == "/metrics"
        response.headers["WWW-Authenticate"] = f'{"Bearer" if api else "Basic"} realm="Footnote"'
    return response


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    if reads_pages():
        response = fault_page(status, error)
    else:
        response = problem(status, error.name, error.description or error.name)
    for name, value in error.get_headers():
        if name.casefold() == "allow":
            response.headers[name] = value
    return response


def _unforeseen(error: Exception) -> Response:
    _LOG.exception("unforeseen error at %s", request.path)
    if reads_pages():
        return fault_page(500, error)
    return problem(500, "Internal Server Error", "Something went wrong here; the log has the details.")
