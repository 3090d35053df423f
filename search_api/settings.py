"""The settings of a running Footnote: a short table of (name, default, meaning).

How an index was built belongs to the index; only what serving may vary stands here. Every setting
can be given as ``FOOTNOTE_<NAME>`` in the environment; README.md lists them, a test keeps it so.
"""

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from corpus.errors import ParameterError

#: name, default, meaning
SETTINGS: tuple[tuple[str, Any, str], ...] = (
    ("index", Path("index"), "folder of the index that is searched"),
    ("style", "apa", "citation style where a request names none"),
    ("threads", 0, "threads of one query's encoding; 0 lets the machine decide"),
    ("profile", "default", "how results are ranked: default, or fast for half the time"),
    ("rerank", "off", "cross-encoder, by name or folder, that orders the first results anew"),
    ("max_body_bytes", 1_000_000, "largest request body that is read, in bytes"),
    ("max_draft_bytes", 16_000_000, "largest draft or reference list that is read, in bytes"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of `SETTINGS` for one process."""

    index: Path = Path("index")
    style: str = "apa"
    threads: int = 0
    profile: str = "default"
    rerank: str = "off"
    max_body_bytes: int = 1_000_000
    max_draft_bytes: int = 16_000_000

    @property
    def reranker(self) -> str | None:
        """The cross-encoder to use, None where it is ``off``."""
        return None if self.rerank == "off" else self.rerank

    @classmethod
    def from_environment(cls, **given: Any) -> "Settings":
        """Defaults, then ``FOOTNOTE_*`` variables, then what is given and not None.

        Raises `ParameterError` where a variable does not fit its setting.
        """
        values = {name: _converted(name, default) for name, default, _ in SETTINGS}
        values |= {name: value for name, value in given.items() if value is not None}
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def _converted(name: str, default: Any) -> Any:
    raw = os.environ.get(f"FOOTNOTE_{name.upper()}")
    if raw is None or raw == "":
        return default
    if isinstance(default, Path):
        return Path(raw)
    if isinstance(default, int):
        if not (raw.isascii() and raw.isdigit()):
            raise ParameterError(
                f"FOOTNOTE_{name.upper()}", raw, "must be a whole number", "unset or mend it"
            )
        return int(raw)
    return raw
