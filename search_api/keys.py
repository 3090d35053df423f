"""Keys of the HTTP API: made, read, found, revoked; stored as digests in one file.

A key is ``fn_<id>_<secret>``: the id names it in lists and logs, the secret is 256 bits from the system's
generator. What is stored is the secret's SHA-256. A slow hash defends secrets that can be guessed; 256 random
bits cannot, and a slow hash would cost every request. The file is readable by its owner alone and replaced
by a rename, so that a reader sees the old list or the new.
"""

import datetime
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import KeyFileError, NotFoundError, ParameterError
from indexer.storage import storage_errors

#: What a key may be allowed: ``search`` asks, ``admin`` changes the library as well.
SCOPES = ("search", "admin")

_FORM = re.compile(r"fn_([0-9a-f]{12})_([0-9a-f]{64})", re.ASCII)
_LENGTH = len("fn_") + 12 + len("_") + 64
_NOBODY = "0" * 64
_REMEDY = "mend its permissions (chmod 600), restore it, or make keys anew with footnote keys make"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is stored; ``sha256`` is that of its secret, in hexadecimal."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    sha256: str
    made: str

    def allows(self, scope: str) -> bool:
        """Whether the key may do what ``scope`` names; an admin may search."""
        return scope in self.scopes or "admin" in self.scopes


class KeyRing:
    """The keys of a file, read anew whenever it changes; safe from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._state: tuple[int, ...] | None = None
        self._keys: dict[str, Key] = {}

    def find(self, given: str) -> Key | None:
        """The key that a request gave, None where it is no key or a revoked one; raises `KeyFileError`.

        The length is looked at first, so that a key of a megabyte costs nothing. The digests are compared in
        constant time, also where no key has the id.
        """
        match = _FORM.fullmatch(given) if len(given) == _LENGTH else None
        if match is None:
            return None
        key = self._current().get(match[1])
        digest = hashlib.sha256(match[2].encode()).hexdigest()
        same = hmac.compare_digest(digest, key.sha256 if key else _NOBODY)
        return key if same else None

    def all(self) -> tuple[Key, ...]:
        """All keys, the oldest first; raises `KeyFileError`."""
        return tuple(self._current().values())

    def _current(self) -> Mapping[str, Key]:
        """The keys as the file has them now: one look at its inode, size and time for each request."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise KeyFileError(str(self._path), f"cannot be read ({error.strerror})", _REMEDY) from error
        state = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_mode)
        with self._lock:
            if state != self._state:
                self._keys = _read(self._path)
                self._state = state
            return self._keys


def make_key(path: Path, name: str, scopes: tuple[str, ...]) -> tuple[str, Key]:
    """Make a key and store its digest; returns the key itself, which is nowhere else, and its record."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise ParameterError("scope", unknown[0], "no scope of that name", f"use {' or '.join(SCOPES)}")
    if not name.isprintable() or not 0 < len(name) <= 60:
        raise ParameterError("name", name[:60], "must be 1 to 60 printable characters", "give another")
    secret = secrets.token_hex(32)
    made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    digest = hashlib.sha256(secret.encode()).hexdigest()
    key = Key(secrets.token_hex(6), name, scopes, digest, made)
    with _changing(path) as keys:
        keys[key.key_id] = key
    return f"fn_{key.key_id}_{secret}", key


def revoke_key(path: Path, key_id: str) -> Key:
    """Take a key off the list; raises `NotFoundError`."""
    with _changing(path) as keys:
        if key_id not in keys:
            raise NotFoundError(key_id[:80], "no key has that id", "footnote keys list shows them")
        return keys.pop(key_id)


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Key]]:
    """The keys to change, written back at the end; two that change at once take turns."""
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keys = dict(_read(path)) if path.exists() else {}
            yield keys
            _write(path, keys)
        finally:
            os.close(lock)


def _write(path: Path, keys: Mapping[str, Key]) -> None:
    document = {"keys": [asdict(key) for key in keys.values()]}
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(document, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)


def _read(path: Path) -> dict[str, Key]:
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(str(path), "can be read or written by other users", _REMEDY)
        listed = json.loads(path.read_text("utf-8"))["keys"]
        keys = [_key(item) for item in listed]
    except OSError as error:
        raise KeyFileError(str(path), f"cannot be read ({error.strerror})", _REMEDY) from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileError(str(path), "is not a list of keys", _REMEDY) from error
    return {key.key_id: key for key in keys}


def _key(item: Mapping[str, Any]) -> Key:
    scopes = tuple(item["scopes"])
    if not re.fullmatch(r"[0-9a-f]{64}", item["sha256"]) or not set(scopes) <= set(SCOPES):
        raise ValueError("no digest, or a scope that is none")
    return Key(str(item["key_id"]), str(item["name"]), scopes, item["sha256"], str(item["made"]))
