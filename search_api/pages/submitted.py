"""What a form of the writer's desk gives: a draft or a reference list, pasted or as a file.

Line ends become single newlines, whatever a browser or an editor made of them, so that an offset into the
text that was read is an offset into the text that a second form sends back.
"""

import base64
import binascii
import re
from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from corpus.decoding import Undecodable, decoded
from corpus.errors import ParameterError


@dataclass(frozen=True, slots=True)
class Submitted:
    """A text as it was pasted, or read from a file; ``data`` is that of a file that is no text."""

    text: str
    name: str = ""
    data: bytes | None = None


def allow_whole_drafts() -> None:
    """A draft may be larger than a question; to be called before the form is read."""
    request.max_content_length = current_app.config["FOOTNOTE"].max_draft_bytes
    request.max_form_memory_size = request.max_content_length


def refuse_unknown(known: Collection[str]) -> None:
    """Raises `ParameterError` for a field that there is not."""
    for name in (*request.args, *request.form, *request.files):
        if name not in known:
            value = request.values.get(name, "")[:100]
            raise ParameterError(name, value, "no parameter of that name", f"use {', '.join(sorted(known))}")


def submitted(field: str, binary: bool = False) -> Submitted:
    """What the form has in ``field``, or in its file, which goes first; raises `ParameterError`.

    ``binary`` lets a .docx through as it is.
    """
    file = request.files.get("file")
    if file is not None and file.filename:
        return _of_file(file, binary)
    original = request.form.get("original")
    if binary and original:
        return Submitted("", request.form.get("name", ""), _bytes_of(original))
    return Submitted(_single_newlines(request.form.get(field, "")), request.form.get("name", ""))


def as_field(data: bytes) -> str:
    """A file as a form can carry it to the next page."""
    return base64.b64encode(data).decode()


def _of_file(file: FileStorage, binary: bool) -> Submitted:
    data, name = file.read(), file.filename or ""
    if binary and data.startswith(b"PK\x03\x04"):
        return Submitted("", name, data)
    text = decoded(data)
    if isinstance(text, Undecodable):
        remedy = "give a text file or .docx" if binary else "give a text file"
        raise ParameterError("file", name, f"is {text.reason}", remedy)
    return Submitted(_single_newlines(text.text), name)


def _bytes_of(field: str) -> bytes:
    try:
        return base64.b64decode(field, validate=True)
    except binascii.Error as error:
        raise ParameterError("original", "", "is no file in base64", "send the form again") from error


def _single_newlines(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)
