"""The library changed over HTTP: a file put, a source deleted, and the job that does it.

A request checks and queues; the build is another process's work (`search_api.job_process`). Every route needs
the scope ``admin``.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, cast

from flask import Blueprint, Response, current_app, g, jsonify, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import RequestEntityTooLarge

from corpus.errors import ParameterError, UnreadableFileError
from corpus.reading import refusal
from indexer.jobs import Job, JobQueue
from search_api.access import admin_only
from search_api.answers import JobDocument, OutcomeDocument, ProblemDocument
from search_api.api import IDENTIFIER, parameters_of_address, searcher
from search_api.openapi.operation import Operation, described
from search_api.queries import NoParameters, validated

blueprint = Blueprint("library", __name__, url_prefix="/v1")

_CHUNK = 1 << 16
_LONGEST_NAME = 150
_TOKEN = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
_FILE_FIELD = "file"


class PutRequest(BaseModel):
    """What may be said of a file that is put."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[
        str | None,
        Field(
            description="The name of the file, for telling its format.",
            json_schema_extra={"format": "file-name"},
        ),
    ] = None


@blueprint.put("/sources")
@admin_only
@described(
    Operation(JobDocument, "library", parameters=PutRequest, upload=_FILE_FIELD, job=True, needs_index=False)
)
def put_sources() -> Response:
    """Put a file of any format that Footnote reads into the library: as the body, or as a form's file."""
    settings = current_app.config["FOOTNOTE"]
    request.max_content_length = settings.max_source_bytes
    asked = validated(PutRequest, parameters_of_address())
    token = _token()
    queue = job_queue()
    with queue.receiving() as folder:
        file = _received(folder, asked.name, settings.max_source_bytes)
        reason = refusal(file)
        if reason is not None:
            where = str(reason.origin).replace(str(file), file.name, 1)
            place = f"{where}, {reason.position}" if reason.position else where
            raise UnreadableFileError(place, reason.reason, "send a file that Footnote reads")
        return _accepted(queue.put(file, token))


@blueprint.delete("/sources/<path:identifier>")
@admin_only
@described(Operation(JobDocument, "library", parameters=NoParameters, job=True, path=IDENTIFIER))
def delete_source(identifier: str) -> Response:
    """Take a source out of the library."""
    validated(NoParameters, parameters_of_address())
    token = _token()
    queue = job_queue()
    known = queue.earlier(token) if token is not None else None
    # Asked again with the same token, the source may be gone by now.
    source_id = known.subject if known else searcher().library.source(identifier).source_id
    return _accepted(queue.delete(source_id, identifier, token))


@blueprint.get("/jobs/<job_id>")
@admin_only
@described(
    Operation(
        JobDocument,
        "library",
        parameters=NoParameters,
        needs_index=False,
        path={"job_id": "The id of a job, as a change of the library got it."},
    )
)
def job(job_id: str) -> Response:
    """How far a change of the library is, and what became of it."""
    validated(NoParameters, parameters_of_address())
    return jsonify(job_document(job_queue().job(job_id)))


def job_queue() -> JobQueue:
    """The queue of the application's index."""
    return JobQueue(current_app.config["FOOTNOTE"].index)


def job_document(job: Job) -> JobDocument:
    """A job as its caller sees it."""
    failed = job.state == "failed" and job.outcome is not None
    problem: ProblemDocument | None = None
    if failed and job.outcome is not None:
        problem = {
            "type": "about:blank",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": str(job.outcome["detail"]),
        }
    return {
        "id": job.job_id,
        "kind": job.kind,
        "state": job.state,
        "subject": job.subject,
        "submitted": _time(job.submitted),
        "started": _time(job.started) if job.started is not None else None,
        "finished": _time(job.finished) if job.finished is not None else None,
        "outcome": cast(OutcomeDocument, dict(job.outcome)) if job.state == "done" and job.outcome else None,
        "problem": problem,
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _accepted(job: Job) -> Response:
    response = jsonify(job_document(job))
    response.status_code = 202
    response.headers["Location"] = f"/v1/jobs/{job.job_id}"
    return response


def _token() -> str | None:
    """Who asked with which ``Idempotency-Key``; None without one."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not _TOKEN.fullmatch(given):
        rule = "must be 1 to 200 visible ASCII characters"
        raise ParameterError("Idempotency-Key", given[:40], rule, "send another, or none")
    return f"{g.key_id or '-'} {given}"


def _received(folder: Path, name: str | None, most: int) -> Path:
    """The file that was sent, on disk under its name."""
    if request.mimetype == "multipart/form-data":
        chunks, name = _of_form(name)
    else:
        chunks = iter(lambda: request.stream.read(_CHUNK), b"")
    arriving = folder / ".arriving"
    digest, size = hashlib.sha256(), 0
    with arriving.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            if size > most:
                raise RequestEntityTooLarge
            file.write(chunk)
    if not size:
        raise ParameterError("body", "", "is empty", "send a file as the body, or as a form's file")
    return arriving.rename(folder / _safe_name(name or f"put-{digest.hexdigest()[:12]}"))


def _of_form(name: str | None) -> tuple[Iterator[bytes], str | None]:
    """The bytes and the name of a form's one file."""
    if list(request.files) != [_FILE_FIELD] or request.form or len(request.files.getlist(_FILE_FIELD)) > 1:
        given = ", ".join([*request.files, *request.form])[:80]
        raise ParameterError(
            "body", given, f"a form must hold one file, named {_FILE_FIELD}", "send -F file=@..."
        )
    file = request.files[_FILE_FIELD]
    return iter(lambda: file.stream.read(_CHUNK), b""), name or file.filename


def _safe_name(name: str) -> str:
    """The last part of a file's name; raises `ParameterError` where it can be none here."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = last.isprintable() and not last.startswith(".") and len(last.encode("utf-8", "replace")) > 0
    if not plain or len(last.encode("utf-8", "replace")) > _LONGEST_NAME or not _is_text(last):
        rule = f"must be a printable name of at most {_LONGEST_NAME} bytes that begins with no dot"
        raise ParameterError("name", name[:80], rule, "give another, or none")
    return last


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
