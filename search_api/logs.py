"""The log on standard error: one line an event, as text or as a JSON object, each with its request's id.

A line about a request has its path and never its query, since a question about health is its asker's own;
of a key it has the id.
"""

import json
import logging
import logging.config
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

#: The id of the request that this thread answers.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

#: What a record may carry besides its message.
_FIELDS = ("method", "path", "status", "ms", "bytes", "address", "key")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: time, level, logger, message, the request's id and fields, an exception's trace."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        if (current := request_id.get()) is not None:
            line["request_id"] = current
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """A record as one line of text, and below it an exception's trace."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, its fields as ``name=value`` behind the message."""
        current = request_id.get()
        fields = [f"{name}={getattr(record, name)}" for name in _FIELDS if hasattr(record, name)]
        told = " ".join([*fields, *([f"request={current}"] if current else [])])
        line, newline, trace = super().format(record).partition("\n")
        return f"{line} {told}{newline}{trace}" if told else line + newline + trace


def logging_configuration(form: str) -> dict[str, Any]:
    """The `logging.config` document for ``text`` or ``json``; gunicorn's own lines included."""
    formatter = "search_api.logs.JsonLines" if form == "json" else "search_api.logs.TextLines"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "footnote": {"level": "INFO"},
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }
