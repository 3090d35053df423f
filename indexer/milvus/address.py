"""Where Milvus is, and whether it can be used.

A URI is ``http(s)://[user:password@]host:port[/database]``, or a path that ends with ``.db``: Milvus Lite,
which runs in this process and which no other process may have open.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from corpus.errors import ClusterError, ParameterError

#: The BM25 function came with 2.5; Milvus Lite counts its own versions.
_LEAST_MILVUS, _LEAST_LITE = (2, 5), (3,)
_VERSION = re.compile(r"(milvus_lite-)?v?(\d+)\.(\d+)")


def shown(uri: str) -> str:
    """A URI as it may be printed: without the password."""
    return re.sub(r"//[^@/]*@", "//***@", uri)


def is_lite(uri: str) -> bool:
    """Whether a URI names a Milvus Lite file."""
    return uri.endswith(".db")


def check_uri(uri: str) -> None:
    """Raise `ParameterError` where it is no address of a Milvus."""
    if is_lite(uri):
        folder = Path(uri).absolute().parent
        if not folder.is_dir():
            raise ParameterError("uri", uri, f"the folder {folder} does not exist", "make it")
        return
    try:
        parts = urlsplit(uri)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        rule = "must be http://HOST:PORT, https://HOST:PORT or a path that ends with .db"
        raise ParameterError("uri", shown(uri), rule, "mend it")


def check_version(version: str, where: str) -> bool:
    """Whether it is Milvus Lite; raises `ClusterError` where Milvus, at the address ``where``, is too old."""
    found = _VERSION.match(version)
    least = _LEAST_LITE if found and found[1] else _LEAST_MILVUS
    if not found or (int(found[2]), int(found[3]))[: len(least)] < least:
        raise ClusterError(
            where,
            f"is Milvus {version[:40]!r}, and searching by words needs 2.5 (Milvus Lite 3) or later",
            "upgrade it, or give another --uri",
        )
    return bool(found[1])
