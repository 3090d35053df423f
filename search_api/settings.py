"""The settings of a running Footnote: a short table of (name, default, meaning).

How an index was built belongs to the index; only what serving may vary stands here. Every setting can be
given by flag (``--max-body-bytes``), in the environment (``FOOTNOTE_MAX_BODY_BYTES``) and in a TOML file
(``max_body_bytes``), the first of these that names it deciding; README.md lists them, a test keeps it so.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from corpus.errors import ParameterError

#: name, default, meaning
SETTINGS: tuple[tuple[str, Any, str], ...] = (
    ("index", Path("index"), "folder of the index that is searched"),
    ("backend", "faiss", "what searches: faiss, the files of the index; or milvus, a cluster"),
    ("uri", "http://127.0.0.1:19530", "address of Milvus, or a path that ends with .db for Milvus Lite"),
    ("collection", "footnote", "alias of the library in Milvus; its collections begin with it"),
    ("style", "apa", "citation style where a request names none"),
    ("threads", 0, "threads of one query's encoding; 0 lets the machine decide"),
    ("profile", "default", "how results are ranked: default, or fast for half the time"),
    ("rerank", "off", "cross-encoder, by name or folder, that orders the first results anew"),
    ("max_body_bytes", 1_000_000, "largest request body that is read, in bytes"),
    ("max_draft_bytes", 16_000_000, "largest draft or reference list that is read, in bytes"),
    ("max_source_bytes", 16_000_000, "largest file that is put into the library over HTTP, in bytes"),
    ("job_hours", 24, "how long the outcome of a change of the library is kept, in hours"),
    ("host", "127.0.0.1", "address that the server listens on"),
    ("port", 8000, "port that the server listens on"),
    ("workers", 1, "processes that answer, each with its own memory"),
    ("access", "auto", "who is answered: auto (keys unless the host is loopback), keys, or open"),
    ("keys", Path("keys.json"), "file of the keys, written by footnote keys"),
    ("limit", "600 per minute", "requests of one key or address, where keys are demanded; off for none"),
    (
        "limit_store",
        "memory://",
        "where requests are counted: memory:// in each process, or redis://host:port",
    ),
    ("proxies", 0, "trusted proxies in front, whose X-Forwarded-For is believed"),
    ("request_seconds", 30, "longest that a client may take to send a request or to receive its answer"),
    ("waiting", 16, "requests of one process that may wait for their turn; the next gets 503"),
    ("cache_bytes", 16_000_000, "answers to repeated questions that one process keeps, in bytes; 0 for none"),
    ("log", "text", "form of the log on standard error: text, or json, one object a line"),
    ("cors", "off", "origins whose pages may read the API, joined by commas; * for all"),
)

_CHOICES = {"backend": ("faiss", "milvus"), "access": ("auto", "keys", "open"), "log": ("text", "json")}
_RANGES = {
    "port": (1, 65535),
    "workers": (1, 64),
    "request_seconds": (1, 3600),
    "proxies": (0, 8),
    "job_hours": (1, 8760),
}
_CONFIG = "FOOTNOTE_CONFIG"
_NEAR = 80


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of `SETTINGS` for one process."""

    index: Path = Path("index")
    backend: str = "faiss"
    uri: str = "http://127.0.0.1:19530"
    collection: str = "footnote"
    style: str = "apa"
    threads: int = 0
    profile: str = "default"
    rerank: str = "off"
    max_body_bytes: int = 1_000_000
    max_draft_bytes: int = 16_000_000
    max_source_bytes: int = 16_000_000
    job_hours: int = 24
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    access: str = "auto"
    keys: Path = Path("keys.json")
    limit: str = "600 per minute"
    limit_store: str = "memory://"
    proxies: int = 0
    request_seconds: int = 30
    waiting: int = 16
    cache_bytes: int = 16_000_000
    log: str = "text"
    cors: str = "off"

    @property
    def reranker(self) -> str | None:
        """The cross-encoder to use, None where it is ``off``."""
        return None if self.rerank == "off" else self.rerank

    @property
    def demands_keys(self) -> bool:
        """Whether a request needs a key: as ``access`` says, else unless the host is loopback."""
        return self.access == "keys" or (self.access == "auto" and not self.on_loopback)

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    @classmethod
    def from_environment(cls, config: Path | None = None, **given: Any) -> "Settings":
        """Defaults, then the file, then ``FOOTNOTE_*`` variables, then what is given and not None.

        The file is ``config``, else what ``FOOTNOTE_CONFIG`` names. Raises `ParameterError`
        where a value does not fit its setting, or the file or a near miss among the variables names none.
        """
        named = os.environ.get(_CONFIG)
        path = config or (Path(named) if named else None)
        values = _from_file(path) if path else {}
        values |= _from_variables(os.environ)
        values |= {name: value for name, value in given.items() if value is not None}
        for name, value in values.items():
            _check(name, value)
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def _from_file(path: Path) -> dict[str, Any]:
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ParameterError("config", str(path), f"cannot be read as TOML ({reason})", "mend it") from error
    defaults = {name: default for name, default, _ in SETTINGS}
    for name, value in written.items():
        if name not in defaults:
            raise _unknown(f"{path.name}: {name}", name, value)
        wanted = int if isinstance(defaults[name], int) else str
        if type(value) is not wanted:
            rule = "must be a whole number" if wanted is int else "must be text in quotes"
            raise ParameterError(f"{path.name}: {name}", str(value), rule, "mend it")
    return {name: Path(v) if isinstance(defaults[name], Path) else v for name, v in written.items()}


def _from_variables(variables: Mapping[str, str]) -> dict[str, Any]:
    names = {f"FOOTNOTE_{name.upper()}": (name, default) for name, default, _ in SETTINGS}
    values: dict[str, Any] = {}
    for variable, raw in variables.items():
        if variable in names and raw != "":
            name, default = names[variable]
            values[name] = _converted(variable, raw, default)
        elif variable.startswith("FOOTNOTE_") and variable not in names and variable != _CONFIG:
            _refuse_near_miss(variable, raw)
    return values


def _refuse_near_miss(variable: str, raw: str) -> None:
    """A variable that is nearly one of ours was meant for us; another program may own the rest."""
    from rapidfuzz.fuzz import ratio

    name = variable.removeprefix("FOOTNOTE_").lower()
    if max(ratio(name, known) for known, _, _ in SETTINGS) >= _NEAR:
        raise _unknown(variable, name, raw)


def _unknown(shown: str, name: str, value: Any) -> ParameterError:
    from rapidfuzz.distance import DamerauLevenshtein

    nearest = min((known for known, _, _ in SETTINGS), key=lambda k: DamerauLevenshtein.distance(name, k))
    return ParameterError(shown, str(value), "no setting of that name", f"did you mean {nearest}?")


def _converted(variable: str, raw: str, default: Any) -> Any:
    if isinstance(default, Path):
        return Path(raw)
    if isinstance(default, int):
        if not (raw.isascii() and raw.isdigit()):
            raise ParameterError(variable, raw, "must be a whole number", "unset or mend it")
        return int(raw)
    return raw


def _check(name: str, value: Any) -> None:
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ParameterError(name, str(value), f"must be one of {', '.join(_CHOICES[name])}", "mend it")
    low, high = _RANGES.get(name, (0, None))
    if isinstance(value, int) and (value < low or (high is not None and value > high)):
        limits = f"from {low} to {high}" if high is not None else f"{low} or more"
        raise ParameterError(name, str(value), f"must be {limits}", "mend it")
